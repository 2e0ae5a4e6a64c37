"""Blocks that the defaults of variables leave without instances are not checked, which is noted."""

from tests.support.workspace import Workspace

ROOT = """\
variable "enabled" {
  default = false
}
variable "mode" {
  default = "none"
}
data "aws_region" "here" {
  count = var.enabled ? 1 : 0
}
resource "aws_sagemaker_notebook_instance" "work" {
  count         = var.mode == "none" ? 0 : 1
  name          = "work"
  role_arn      = "arn:aws:iam::111122223333:role/x"
  instance_type = "ml.t3.medium"
}
resource "null_resource" "other" {
  count = var.enabled ? 1 : 0
}
resource "aws_s3_bucket" "never" {
  count = 0
}
module "monitoring" {
  source  = "./monitoring"
  enabled = var.enabled
}
"""
MODULE = """\
variable "enabled" {}
variable "logs" {
  default = false
}
resource "aws_s3_bucket" "reports" {
  for_each = var.enabled ? toset(["a"]) : toset([])
}
resource "aws_s3_bucket" "logs" {
  count = var.logs ? 1 : 0
}
"""


def test_they_are_noted_once_for_a_root_and_counted_in_the_last_line(workspace: Workspace) -> None:
    workspace.write("main.tf", ROOT)
    workspace.write("monitoring/main.tf", MODULE)
    plain = workspace.run("check", ".")
    assert plain.out.splitlines()[-1].endswith(" 2 blocks off by default (--verbose)")
    assert "not checked" not in plain.err
    verbose = workspace.run("check", ".", "--verbose", "--format", "json")
    notes = [line for line in verbose.err.splitlines() if "note:" in line]
    assert notes == [
        (
            "main.tf:10: note: 2 blocks are not checked, with no instances by the default of enabled, mode: "
            "aws_sagemaker_notebook_instance.work, module.monitoring.aws_s3_bucket.reports; "
            "`--var` and `--var-file` give other values"
        )
    ]


def test_other_values_have_them_checked(workspace: Workspace) -> None:
    workspace.write("main.tf", ROOT)
    workspace.write("monitoring/main.tf", MODULE)
    run = workspace.run("check", ".", "--var", "mode=all", "--var", "enabled=true", "--select", "MLS402")
    assert "aws_sagemaker_notebook_instance.work" in run.out
    assert "off by default" not in run.out
