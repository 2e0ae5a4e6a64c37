"""ML resources that a switch leaves out are checked, other blocks without instances noted."""

import json

from tests.support.workspace import Workspace

ROOT = """\
variable "enabled" {
  default = false
}
variable "mode" {
  default = "dev"
}
data "aws_region" "here" {
  count = var.enabled ? 1 : 0
}
resource "aws_sagemaker_notebook_instance" "work" {
  count         = var.mode == "dev" ? 0 : 1
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


SWITCHES = """\
variable "on" {
  default = false
}
variable "image" {
  type    = string
  default = ""
}
variable "bucket" {
  default = null
}
locals {
  both = var.on && var.image != ""
}
resource "aws_sagemaker_notebook_instance" "work" {
  count         = var.on ? 1 : 0
  name          = "work"
  role_arn      = "arn:aws:iam::111122223333:role/x"
  instance_type = "ml.t3.medium"
}
resource "aws_sagemaker_notebook_instance" "more" {
  for_each      = local.both ? { more = "ml.t3.large" } : {}
  name          = "more"
  role_arn      = "arn:aws:iam::111122223333:role/x"
  instance_type = each.value
}
module "spare" {
  count  = var.bucket == null ? 0 : 1
  source = "./spare"
  deeper = var.on
}
"""
SPARE = """\
variable "deeper" {
  default = false
}
resource "aws_sagemaker_notebook_instance" "spare" {
  count         = var.deeper ? 1 : 0
  name          = "spare"
  role_arn      = "arn:aws:iam::111122223333:role/x"
  instance_type = "ml.t3.medium"
}
"""


def found(workspace: Workspace, *options: str) -> dict[str, tuple[str, str | None]]:
    """The address of each notebook with root access, with the severity and the condition of its finding."""
    run = workspace.run("check", ".", "--select", "MLS405", "--format", "json", *options)
    return {
        each["instances"][0]["address"]: (each["severity"], each["condition"])
        for each in json.loads(run.out)["findings"]
    }


def test_what_a_switch_leaves_out_is_checked_as_what_it_is_when_on(workspace: Workspace) -> None:
    workspace.write("main.tf", SWITCHES)
    workspace.write("spare/main.tf", SPARE)
    on = "when var.on is true"
    assert found(workspace) == {
        "aws_sagemaker_notebook_instance.work[0]": ("low", on),
        'aws_sagemaker_notebook_instance.more["more"]': ("low", f'{on} and var.image is not ""'),
        # A module that is switched off is linted by itself.
        "aws_sagemaker_notebook_instance.spare[0]": ("low", "when var.deeper is true"),
    }
    assert found(workspace, "--var", "on=false", "--var", "deeper=false") == {}
    assert found(workspace, "--var", "on=true") == {
        "aws_sagemaker_notebook_instance.work[0]": ("medium", None),
        'aws_sagemaker_notebook_instance.more["more"]': ("low", 'when var.image is not ""'),
        "aws_sagemaker_notebook_instance.spare[0]": ("low", "when var.deeper is true"),
    }
