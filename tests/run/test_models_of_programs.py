"""Models that programs ask: what a function or a template says as well is reported there, and once."""

import json

import pytest

from tests.support.workspace import Workspace

FUNCTION = """\
Parameters:
  Model: {Type: String, Default: cohere.command-text-v14}
Resources:
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Code: src
      Handler: app.handler
      Runtime: python3.13
      Role: arn:aws:iam::111122223333:role/ask
      VARIABLES
"""
GIVEN = "Environment: {Variables: {MODEL_ID: !Ref Model}}"
PROGRAM = """\
import os
import boto3
def handler(event, context):
    return boto3.client("bedrock-runtime").converse(modelId=MODEL, messages=event["Messages"])
"""


def _found(workspace: Workspace) -> list[str]:
    (workspace.folder / ".git").mkdir(exist_ok=True)
    ran = workspace.run("check", "--format", "json", "--select", "MLR605", "--severity", "info")
    return [f"{each['severity']} {each['resource']['address']}" for each in json.loads(ran.out)["findings"]]


@pytest.mark.parametrize(
    ("variables", "model", "expected"),
    [
        ("", '"cohere.command-text-v14"', ["medium Ask"]),
        ("", 'os.environ.get("MODEL_ID", "cohere.command-text-v14")', ["medium Ask"]),
        (GIVEN, 'os.environ["MODEL_ID"]', ["high Ask"]),
        (GIVEN.replace("!Ref Model", "eu.amazon.nova-lite-v1:0"), 'os.environ["MODEL_ID"]', []),
    ],
)
def test_the_model_of_a_function_is_reported_at_the_function(
    workspace: Workspace, variables: str, model: str, expected: list[str]
) -> None:
    workspace.write("template.yaml", FUNCTION.replace("VARIABLES", variables))
    (workspace.folder / "src").mkdir()
    workspace.write("src/app.py", PROGRAM.replace("MODEL", model))
    assert _found(workspace) == expected


@pytest.mark.parametrize(
    ("name", "model", "expected"),
    [
        ("ask.py", '"cohere.command-text-v14"', ["medium converse()"]),
        ("ask.ipynb", '"cohere.command-text-v14"', ["low converse()"]),
        ("docs/examples/ask.py", '"cohere.command-text-v14"', ["low converse()"]),
        ("ask.py", 'os.environ.get("MODEL", "cohere.command-text-v14")', ["low converse()"]),
        ("ask.py", 'os.environ["MODEL"]', []),
        ("ask.py", '"eu.amazon.nova-lite-v1:0"', []),
    ],
)
def test_the_model_of_a_program_that_nothing_deploys(
    workspace: Workspace, name: str, model: str, expected: list[str]
) -> None:
    (workspace.folder / "template.yaml").unlink(missing_ok=True)
    text = (
        f"import os\nimport boto3\nboto3.client('bedrock-runtime').converse(modelId={model}, messages=[])\n"
    )
    if name.endswith(".ipynb"):
        cell: dict[str, object] = {
            "cell_type": "code",
            "source": text,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    workspace.write(name, text)
    assert _found(workspace) == expected
