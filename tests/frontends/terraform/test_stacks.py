"""Stacks of CloudFormation in Terraform: they may hold what a rule looks for."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.model.resources import Gap

ALARM = "AWS::CloudWatch::Alarm"


def gaps(folder: Path, body: str) -> tuple[Gap, ...]:
    """The gaps of a configuration with one stack."""
    text = f'variable "v" {{}}\nresource "aws_cloudformation_stack" "s" {{\n  name = "s"\n  {body}\n}}\n'
    (folder / "main.tf").write_text(text, "utf-8")
    return load(folder, LoadOptions()).gaps


@pytest.mark.parametrize(
    "body",
    [
        'template_url = "https://example.com/t.yaml"',
        "template_body = var.v",
        'template_body = "${var.v} Type: AWS::IoT::Thing"',
        'template_body = "Resources: {A: {Type: AWS::CloudFormation::Stack}}"',
        "template_body = jsonencode({ Resources = { A = { Type = var.v } } })",
    ],
)
def test_a_template_that_does_not_show_may_declare_anything(tmp_path: Path, body: str) -> None:
    (gap,) = gaps(tmp_path, body)
    assert gap.what == "the stack aws_cloudformation_stack.s"
    assert not ALARM.startswith(gap.never)
    assert "aws_s3_bucket_configuration".startswith(gap.never)


def test_a_template_that_shows_declares_only_what_it_names(tmp_path: Path) -> None:
    body = 'template_body = jsonencode({ Resources = { A = { Type = "AWS::CloudWatch::Alarm", X = var.v }}})'
    (gap,) = gaps(tmp_path, body)
    assert not ALARM.startswith(gap.never)
    assert "AWS::ApplicationAutoScaling::ScalableTarget".startswith(gap.never)


def test_a_template_without_anything_that_rules_read_is_no_gap(tmp_path: Path) -> None:
    body = 'template_body = jsonencode({ Resources = { A = { Type = "AWS::GreengrassV2::Deployment" } } })'
    assert gaps(tmp_path, body) == ()
