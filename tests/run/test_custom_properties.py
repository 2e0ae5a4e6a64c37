"""What the handler of a custom resource reads of its properties, which a template writes out."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

HANDLER = """import boto3

client = boto3.client("sagemaker")

def create(event, context):
    given = event["ResourceProperties"]
    client.create_notebook_instance(
        NotebookInstanceName=given["Name"],
        InstanceType=given["Size"],
        RoleArn="arn:aws:iam::111122223333:role/research",
    )
"""
TEMPLATE = """Parameters:
  Size: {Type: String, Default: ml.m4.xlarge}
  Open: {Type: String}
Resources:
  Research:
    Type: Custom::Research
    Properties:
      ServiceToken: arn:aws:lambda:eu-west-1:111122223333:function:research
      Name: research
      Size: SIZE
"""
OTHER = TEMPLATE.replace("SIZE", "ml.m5.xlarge")


@pytest.mark.parametrize(
    ("size", "others", "expected"),
    [
        ("ml.m4.xlarge", {}, "reported"),
        ("!Ref Size", {}, "reported"),
        ("{Ref: Size}", {}, "reported"),
        ("!Ref Open", {}, "undecided"),
        ("!Sub '${Size}'", {}, "reported"),
        ("!Sub 'ml.${Open}'", {}, "undecided"),
        ("ml.m4.xlarge", {"other.yaml": OTHER}, "undecided"),
        ("ml.m4.xlarge", {"tests/other.yaml": OTHER}, "reported"),
        ("ml.m5.xlarge", {}, "silent"),
    ],
)
def test_a_handler_is_given_what_the_one_custom_resource_has(
    size: str, others: dict[str, str], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, **{"handler.py": HANDLER, "stack.yaml": TEMPLATE.replace("SIZE", size), **others})
    invoke(["check", str(tmp_path), "--select", "MLP101", "--severity", "info", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert expected == ("reported" if found["findings"] else "undecided" if found["undecided"] else "silent")


@pytest.mark.parametrize("template", ["Resources: [", "Resources: 1\n", "{ServiceToken: 1}", "ServiceToken"])
def test_what_is_no_template_hands_nothing_over(
    template: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, **{"handler.py": HANDLER, "values.json": template + " # ServiceToken"})
    invoke(["check", str(tmp_path), "--select", "MLP101", "--severity", "info", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["undecided"]
