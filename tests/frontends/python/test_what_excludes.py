"""Conditions of a program of which one decides another: they do not hold together."""

import json

import pytest

from tests.support.workspace import Workspace

_CALL = """
boto3.client("sagemaker").create_model(
    ModelName="churn",
    ExecutionRoleArn="arn:aws:iam::111122223333:role/hosting",
    PrimaryContainer={"Image": image},
)
"""
_GIVEN = """import boto3

def deploy(image, account):
    if not image:
        image = "runner"
    if "/" not in image:
        image = f"{account}.dkr.ecr.eu-west-1.amazonaws.com/{image}:1"
    make(image)

def make(image):
""" + _CALL.replace("\n", "\n    ")
_REQUIRED = """import argparse
import json
import boto3

def given(*values):
    for value in values:
        found = (value or "").strip()
        if found:
            return "isolated"
    return ""

def required(value):
    found = (value or "").strip()
    if not found:
        raise ValueError("isolation is required")
    return found

parser = argparse.ArgumentParser()
parser.add_argument("--settings")
parser.add_argument("--isolated")
arguments = parser.parse_args()
with open(arguments.settings) as file:
    settings = json.load(file)
isolated = given(arguments.isolated, settings.get("isolated"))
required(isolated)
boto3.client("sagemaker").create_model(
    ModelName="churn",
    ExecutionRoleArn="arn:aws:iam::111122223333:role/hosting",
    EnableNetworkIsolation=isolated == "isolated",
    PrimaryContainer={"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/runner:1"},
)
"""


@pytest.mark.parametrize(
    ("program", "code", "found"),
    [
        (_GIVEN, "MLS111", 0),
        (_GIVEN.replace('"runner"', '"docker.io/runner:1"'), "MLS111", 1),
        (_REQUIRED, "MLS102", 0),
        (_REQUIRED.replace("required(isolated)\n", ""), "MLS102", 1),
        (_REQUIRED.replace("if not found:\n        raise", "if settings:\n        raise"), "MLS102", 1),
    ],
    ids=["decided", "stays", "refused", "passes", "refused for another reason"],
)
def test_what_one_condition_decides_is_not_open(
    workspace: Workspace, program: str, code: str, found: int
) -> None:
    (workspace.folder / "template.yaml").unlink()
    workspace.write("deploy.py", program)
    ran = workspace.run("check", "deploy.py", "--select", code, "--severity", "info", "--format", "json")
    assert len(json.loads(ran.out)["findings"]) == found
