"""A template that repeats a part of another one: the same resources, under the same fixed names."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

ROLE = """  {key}:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {name}
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {{Service: kendra.amazonaws.com}}
            Action: sts:AssumeRole
"""
INDEX = ROLE.format(key="IndexRole", name="index-of-manuals")
SOURCE = ROLE.format(key="SourceRole", name="source-of-manuals")
TOPIC = "  Done: {Type: AWS::SNS::Topic}\n"
ROLE_TF = """provider "aws" {{}}
resource "aws_iam_role" "index" {{
  name = {name}
  assume_role_policy = jsonencode({{
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ Service = "kendra.amazonaws.com" }}
      Action    = "sts:AssumeRole"
    }}]
  }})
}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _found(capsys: pytest.CaptureFixture[str]) -> list[set[tuple[str, int]]]:
    """All places of each finding."""
    arguments = ["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLS508"]
    invoke(arguments)
    findings = json.loads(capsys.readouterr().out)["findings"]
    places = [(each, *each.get("related", ())) for each in findings]
    return [{(at["path"], at["line"]) for at in each} for each in places]


def test_roles_of_one_name_in_two_templates(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        Path(),
        **{"all.yaml": f"Resources:\n{TOPIC}{INDEX}{SOURCE}", "part.yaml": f"Resources:\n{INDEX}{SOURCE}"},
    )
    places = [("all.yaml", 10), ("all.yaml", 19), ("part.yaml", 9), ("part.yaml", 18)]
    assert _found(capsys) == [set(places)]


def test_a_role_of_one_name_in_two_configurations(capsys: pytest.CaptureFixture[str]) -> None:
    text = ROLE_TF.format(name='"index-of-manuals"')
    write(Path(), **{"all/main.tf": text + 'resource "aws_sns_topic" "done" {}\n', "part/main.tf": text})
    assert len(_found(capsys)) == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ROLE.format(key="IndexRole", name="another"), id="another name"),
        pytest.param(
            ROLE.format(key="IndexRole", name="!Sub '${AWS::StackName}-index'"), id="name of the stack"
        ),
        pytest.param(ROLE.format(key="Index", name="index-of-manuals"), id="another resource"),
        pytest.param(ROLE.format(key="IndexRole", name="another") + SOURCE, id="one of two"),
    ],
)
def test_other_roles(other: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(Path(), **{"all.yaml": f"Resources:\n{INDEX}{SOURCE}", "part.yaml": f"Resources:\n{TOPIC}{other}"})
    assert len(_found(capsys)) == 2


def test_names_that_differ_by_stack(capsys: pytest.CaptureFixture[str]) -> None:
    role = ROLE.format(key="IndexRole", name="!Sub '${AWS::StackName}-index'")
    write(Path(), **{"all.yaml": f"Resources:\n{role}", "part.yaml": f"Resources:\n{TOPIC}{role}"})
    assert len(_found(capsys)) == 2
    text = ROLE_TF.format(name='"index-${terraform.workspace}"')
    Path("all.yaml").unlink()
    Path("part.yaml").unlink()
    write(Path(), **{"all/main.tf": text + 'resource "aws_sns_topic" "done" {}\n', "part/main.tf": text})
    assert len(_found(capsys)) == 2
