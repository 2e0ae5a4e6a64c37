"""Whose role a notebook or program has that asks for its own, where the project declares where people are."""

import json

import pytest

from tests.frontends.python.programs import notebook
from tests.support.workspace import Workspace

_PROGRAM = """import boto3
from sagemaker import get_execution_role

boto3.client("sagemaker").create_model(
    ModelName="churn",
    ExecutionRoleArn=get_execution_role(),
    PrimaryContainer={"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:4"},
)
"""
_INSTANCE = 'resource "aws_sagemaker_notebook_instance" "lab" {\n  name = "lab"\n}\n'
_DOMAIN = """Resources:
  Studio:
    Type: AWS::SageMaker::Domain
    Properties: {DomainName: studio}
"""
_JSON = '{\n  "Resources": {\n    "Lab": {\n      "Type": "AWS::SageMaker::NotebookInstance"\n    }\n  }\n}\n'
_BOTO3 = 'import boto3\n\nboto3.client("sagemaker").create_notebook_instance(NotebookInstanceName="lab")\n'
_CDK = 'from aws_cdk import aws_sagemaker\n\naws_sagemaker.CfnDomain(scope, "Studio", domain_name="studio")\n'


def _found(workspace: Workspace) -> tuple[list[str], list[str]]:
    (workspace.folder / ".git").mkdir()
    options = ("--select", "MLS503", "--format", "json", "--severity", "info", "--show-undecided")
    report = json.loads(workspace.run("check", ".", *options).out)
    reasons = [reason for each in report["undecided"] for reason in each["reasons"]]
    return [each["message"] for each in report["findings"]], reasons


@pytest.mark.parametrize(
    ("name", "text", "whose"),
    [
        (
            "infra/main.tf",
            _INSTANCE,
            "NotebookInstance aws_sagemaker_notebook_instance.lab (infra/main.tf:1)",
        ),
        ("template.yaml", _DOMAIN, "Domain Studio (template.yaml:3)"),
        ("template.json", _JSON, "NotebookInstance Lab (template.json:4)"),
        ("lab.py", _BOTO3, "NotebookInstance of lab.py (lab.py:3)"),
        ("stack.py", _CDK, "Domain of stack.py (stack.py:3)"),
    ],
)
def test_a_notebook_has_the_role_of_the_only_place_for_notebooks(
    workspace: Workspace, name: str, text: str, whose: str
) -> None:
    workspace.write(name, text)
    workspace.write("deploy.ipynb", notebook(_PROGRAM))
    (message,), reasons = _found(workspace)
    assert f"uses the role of {whose}, which runs the notebook" in message
    assert reasons == []


def test_a_program_may_run_there(workspace: Workspace) -> None:
    workspace.write("main.tf", _INSTANCE)
    workspace.write("deploy.py", _PROGRAM)
    messages, (reason,) = _found(workspace)
    assert messages == []
    where = "NotebookInstance aws_sagemaker_notebook_instance.lab (main.tf:1)"
    assert reason == f"whether the program runs on {where} is not known"


def test_one_of_several_is_not_known(workspace: Workspace) -> None:
    workspace.write("main.tf", _INSTANCE)
    workspace.write("template.yaml", _DOMAIN)
    workspace.write("deploy.ipynb", notebook(_PROGRAM))
    messages, (reason,) = _found(workspace)
    assert messages == []
    assert "or another one is not known" in reason


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("get_execution_role()", '"arn:aws:iam::111122223333:role/serving"'),
        ("create_model(", "create_monitor("),
    ],
)
def test_other_roles_and_resources_have_none_of_it(workspace: Workspace, old: str, new: str) -> None:
    workspace.write("main.tf", _INSTANCE)
    workspace.write("deploy.ipynb", notebook(_PROGRAM.replace(old, new)))
    assert _found(workspace) == ([], [])


@pytest.mark.parametrize("name", ["README.md", "tests/main.tf", "examples/main.tf"])
def test_what_is_not_deployed_runs_nothing(workspace: Workspace, name: str) -> None:
    workspace.write(name, _INSTANCE)
    workspace.write("deploy.ipynb", notebook(_PROGRAM))
    assert _found(workspace) == ([], [])
