"""MLC502 where a script of the repository gives tags to a whole stack."""

import json
from typing import Any

import pytest

from tests.support.workspace import Workspace

TEMPLATE = """\
Resources:
  Lab:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.t3.medium, RoleArn: arn:aws:iam::111122223333:role/lab}
"""
CALL = 'import boto3\nbody = open("endpoint.yaml").read()\nboto3.client("cloudformation").create_stack(\n'
COMMAND = "aws cloudformation deploy --template-file infra/endpoint.yaml --stack-name churn"


def _checked(workspace: Workspace) -> tuple[list[str], list[Any]]:
    (workspace.folder / "template.yaml").unlink(missing_ok=True)
    (workspace.folder / ".git").mkdir(exist_ok=True)
    workspace.write("infra/endpoint.yaml", TEMPLATE)
    ran = workspace.run("check", "--format", "json", "--select", "MLC502", "--show-undecided")
    report = json.loads(ran.out)
    undecided = [each["reasons"] for each in report["undecided"] if each["code"] == "MLC502"]
    return [each["code"] for each in report["findings"]], undecided


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("infra/deploy_stack.py", CALL + '    StackName="churn", TemplateBody=body, Tags=tags)\n'),
        ("deploy.sh", f"{COMMAND} --tags Team=churn\n"),
        ("buildspec.yml", f"phases:\n  build:\n    commands:\n      - {COMMAND} --tags Team=churn\n"),
    ],
)
def test_a_script_that_tags_the_stack_leaves_it_undecided(workspace: Workspace, name: str, text: str) -> None:
    workspace.write(name, text)
    script = name.rpartition("/")[2]
    assert _checked(workspace) == ([], [[f"{script} gives tags to the whole stack"]])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("infra/deploy_stack.py", CALL + '    StackName="churn", TemplateBody=body)\n'),
        ("deploy.sh", f"{COMMAND}\n"),
        ("deploy.sh", COMMAND.replace("endpoint", "other") + " --tags Team=churn\n"),
        ("samconfig.toml", '[default.deploy.parameters]\ntags = "Team=churn"\n'),
        ("infra/samconfig.toml", '[default.deploy.parameters]\nstack_name = "churn"\n'),
    ],
)
def test_a_script_without_tags_or_of_another_stack_does_not(
    workspace: Workspace, name: str, text: str
) -> None:
    workspace.write(name, text)
    assert _checked(workspace) == (["MLC502"], [])


@pytest.mark.parametrize(
    ("path", "is_meant"), [("endpoint.yaml", False), ("../infra/endpoint.yaml", True), ("other.yaml", False)]
)
def test_a_script_means_the_template_beside_it_unless_it_names_another(
    workspace: Workspace, path: str, is_meant: bool
) -> None:
    workspace.write("two/endpoint.yaml", "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n")
    workspace.write("two/deploy.sh", f"aws cloudformation deploy --template-file {path} --tags Team=churn\n")
    reasons = [["deploy.sh gives tags to the whole stack"]]
    assert _checked(workspace) == (([], reasons) if is_meant else (["MLC502"], []))


def test_settings_of_sam_with_tags_decide(workspace: Workspace) -> None:
    workspace.write("infra/samconfig.toml", '[default.deploy.parameters]\ntags = "Team=churn"\n')
    assert _checked(workspace) == ([], [])


MODEL = """\
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties: {ExecutionRoleArn: "arn:aws:iam::111122223333:role/r"}
Outputs:
  Name: {Value: !GetAtt Model.ModelName, Export: {Name: the-model}}
"""
HOSTING = """\
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties: {ProductionVariants: [{VariantName: a, ModelName: !ImportValue the-model}]}
"""


def _found(workspace: Workspace, *arguments: str) -> list[tuple[str, str]]:
    ran = workspace.run("check", *arguments, "--format", "json", "--select", "MLC502", "--severity", "info")
    return [(each["path"], each["severity"]) for each in json.loads(ran.out)["findings"]]


def test_stacks_that_exchange_values_are_tagged_apart(workspace: Workspace) -> None:
    workspace.write("hosting.yaml", HOSTING)
    workspace.write("model.yaml", MODEL)
    ran = workspace.run("check", "hosting.yaml", "model.yaml", "--format", "json", "--select", "MLC502")
    (found,) = json.loads(ran.out)["findings"]
    assert [each["root"] for each in found["instances"]] == ["hosting.yaml", "model.yaml"]
    workspace.write("model.yaml", MODEL.replace("{Exec", "{Tags: [{Key: team, Value: a}], Exec"))
    assert _found(workspace, "hosting.yaml", "model.yaml") == [("hosting.yaml", "low")]


def test_what_an_example_does_not_tag_is_info(workspace: Workspace) -> None:
    workspace.write("examples/model.yaml", MODEL)
    assert _found(workspace, "examples") == [("examples/model.yaml", "info")]
