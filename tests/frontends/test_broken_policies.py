"""Policies whose text is not JSON: a notice at the fault, and nothing undecided."""

from pathlib import Path

import pytest

import mlwa_rules
from mlwa_lint.catalogue.registry import Registry, rules_in
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.testing import project_of

RULES = Registry(rules_in(mlwa_rules)).rules
START = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",'
TEMPLATE = """
Parameters: {{Bucket: {{Type: String}}, Whole: {{Type: String}}}}
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties: {{ExecutionRoleArn: !GetAtt Role.Arn, PrimaryContainer: {{ModelPackageName: p}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Action: sts:AssumeRole, Principal: {{Service: sagemaker.amazonaws.com}}}}
      Policies:
        - PolicyName: p
          PolicyDocument: !Sub |
            {}
"""
BROKEN = [
    START + '\n             "Action": "s3:GetObject" "Resource": "*"}]}',
    START + '\n             "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::${Bucket}/*",]}]}',
    START + '\n             "Action": s3:GetObject, "Resource": "*"}]}',
]


@pytest.mark.parametrize("policy", BROKEN)
def test_a_fault_is_reported_where_it_is(policy: str, tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(TEMPLATE.format(policy), encoding="utf-8")
    project = project_of(path)
    (problem,) = project.problems
    assert (problem.line, problem.fatal) == (17, False)
    assert problem.message.startswith("Policies.PolicyDocument of Role is not valid JSON;")
    assert not [each for each in check_project(project, RULES).undecided if each.address == "Role"]


@pytest.mark.parametrize(
    "policy",
    [
        START + '"Action": "s3:GetObject", "Resource": "*"}]}',
        START + '"Action": ${Whole}} "unread"]}',  # what is given may end the list and begin a text
        '{"Statement": [${Whole} ${Whole}]}',
        "${Whole}",
    ],
)
def test_what_may_be_valid_is_no_fault(policy: str, tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(TEMPLATE.format(policy), encoding="utf-8")
    assert project_of(path).problems == ()


def test_a_default_counts_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    text = TEMPLATE.format(BROKEN[1]).replace("Bucket: {Type: String}", "Bucket: {Type: String, Default: b}")
    path.write_text(text, encoding="utf-8")
    (problem,) = project_of(path).problems
    assert "assuming the default of Bucket" in problem.message


def test_terraform(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text(
        'variable "bucket" {}\nresource "aws_iam_policy" "p" {\n  policy = <<EOF\n'
        '{"Statement": [{"Effect": "Allow",\n'
        ' "Action": "s3:GetObject" "Resource": "arn:aws:s3:::${var.bucket}/*"}]}\nEOF\n}\n',
        encoding="utf-8",
    )
    (problem,) = project_of(path).problems
    assert (problem.line, problem.message.split(" is ")[0]) == (5, "policy of aws_iam_policy.p")


def test_the_text_of_what_fails_is_no_text_of_a_policy(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text(
        """
        locals {
          models = formatlist("arn:aws:bedrock:${data.aws_region.missing.name}::foundation-model/%s", ["a"])
        }
        resource "aws_iam_policy" "p" {
          policy = <<-EOT
            {"Statement": [{"Effect": "Allow", "Resource": ${jsonencode(local.models)}}]}
          EOT
        }
        """,
        encoding="utf-8",
    )
    assert project_of(path).problems == ()
