"""Handlers that no function of a project has, in a file of which others are deployed."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

CODE = """import boto3

client = boto3.client("sagemaker")

def register(event, context):
    return event["name"]

def lambda_handler(event, context):
    client.create_notebook_instance(
        NotebookInstanceName="research",
        InstanceType="ml.t3.medium",
        RoleArn="arn:aws:iam::111122223333:role/research",
    )
"""
STACK = """Resources:
  Register:
    Type: AWS::Lambda::Function
    Properties:
      Handler: HANDLER
      Runtime: python3.13
      Role: arn:aws:iam::111122223333:role/register
      Code: {S3Bucket: assets, S3Key: jobs.zip}
"""
TERRAFORM = """resource "aws_lambda_function" "register" {
  function_name = "register"
  handler       = "HANDLER"
  runtime       = "python3.13"
  role          = "arn:aws:iam::111122223333:role/register"
  filename      = "jobs.zip"
}
"""
DEAD = "no function of the project has the handler lambda_handler"


@pytest.mark.parametrize(("name", "stack"), [("stack.yaml", STACK), ("main.tf", TERRAFORM)])
@pytest.mark.parametrize(
    ("handler", "others", "dead"),
    [
        ("jobs.register", {}, True),
        ("jobs.register", {"index.py": "def lambda_handler(event, context):\n    return 1\n"}, True),
        ("jobs.register", {"other.yaml": STACK.replace("HANDLER", "index.lambda_handler")}, True),
        ("jobs.lambda_handler", {}, False),
        ("jobs.register", {"other.yaml": STACK.replace("HANDLER", "!Sub '${Module}.lambda_handler'")}, False),
        ("jobs.register", {"again.py": "import jobs\n\njobs.lambda_handler({}, None)\n"}, False),
        ("jobs.register", {"app.ts": "new PythonFunction(this, 'A', {handler: 'lambda_handler'});\n"}, False),
        ("index.register", {}, False),
    ],
)
def test_what_a_handler_makes_that_no_function_has_weighs_less(
    name: str,
    stack: str,
    handler: str,
    others: dict[str, str],
    dead: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, **{"code/jobs.py": CODE, name: stack.replace("HANDLER", handler), **others})
    invoke(["check", str(tmp_path), "--select", "MLS405", "--severity", "info", "--format", "json"])
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert (DEAD in str(found.get("lowered"))) is dead
