"""Names of what is not declared here: reasons name what is missing, in words where a name turns out empty."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load as load_terraform
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.linking.link import link

TEMPLATE = """\
Parameters:
  RoleArn: {Type: String, Default: ""}
Resources:
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Role: !Ref RoleArn
      Handler: app.handler
      Runtime: python3.13
      Code: {S3Bucket: acme-code, S3Key: ask.zip}
"""


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("", "what it names is not declared here"),
        ("arn:aws:iam::111122223333:role/fn", "Role fn is not declared here"),
    ],
)
def test_a_reason_names_what_is_missing(tmp_path: Path, role: str, reason: str) -> None:
    template = tmp_path / "ask.yaml"
    template.write_text(TEMPLATE.replace('""', f'"{role}"'), "utf-8")
    graph = link(load(template, LoadOptions()))
    assert [each.reason for each in graph.open_ends if each.source == "Ask"] == [reason]


@pytest.mark.parametrize(("role", "open_ends"), [("aws_iam_role.missing.arn", 0), ("var.role", 1)])
def test_a_role_that_nothing_declares_is_acted_with_by_nothing(
    role: str, open_ends: int, tmp_path: Path
) -> None:
    text = f'variable "role" {{}}\nresource "aws_lambda_function" "f" {{\n  role = {role}\n}}\n'
    (tmp_path / "main.tf").write_text(text)
    graph = link(load_terraform(tmp_path, LoadOptions()))
    assert len(graph.open_ends_of("aws_lambda_function.f", EdgeKind.ASSUMES)) == open_ends
