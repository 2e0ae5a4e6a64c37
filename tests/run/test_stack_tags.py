"""MLC502 where a script of the repository gives tags to a whole stack."""

import json
from typing import Any

import pytest

from mlwa_lint.files import texts
from tests.support.workspace import Workspace

TEMPLATE = """\
Resources:
  Lab:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.m5.4xlarge, RoleArn: arn:aws:iam::111122223333:role/lab}
"""
CALL = 'import boto3\nbody = open("endpoint.yaml").read()\nboto3.client("cloudformation").create_stack(\n'
BUILD = """\
import json
settings = json.load(open("staging.json"))
made = {"Parameters": settings["Parameters"], "Tags": {"Project": "churn"}}
json.dump(made, open("staging-made.json", "w"))
"""
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
        ("infra/build.py", BUILD),
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
        ("infra/build.py", BUILD.replace('"Tags": {"Project": "churn"}', '"Stage": "prod"')),
        ("build.py", BUILD),
        ("infra/build.py", BUILD.replace("json.dump(made, open(", "start(json.dumps(made), (")),
        ("infra/build.py", BUILD + "sagemaker.create_model(ModelName=name)\n"),
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


def _beside(workspace: Workspace, name: str, number: int, ending: str = ".py") -> None:
    for each in range(number):
        workspace.write(f"{name}/{each:04}{ending}", "print()\n")


@pytest.mark.parametrize("ending", [".py", ".sh"])
@pytest.mark.parametrize("tagging", [True, False])
def test_unrelated_scripts_do_not_matter(workspace: Workspace, ending: str, tagging: bool) -> None:
    _beside(workspace, "aaa", 250, ending)
    tags = " --tags Team=churn" if tagging else ""
    workspace.write("infra/deploy.sh", f"aws cloudformation deploy --template-file endpoint.yaml{tags}\n")
    expected = ([], [["deploy.sh gives tags to the whole stack"]]) if tagging else (["MLC502"], [])
    assert _checked(workspace) == expected


def test_what_is_too_much_to_search_is_undecided(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "ALL_LIMIT", 10)
    workspace.write("aaa/unrelated.py", "print('more than ten characters')\n")
    reason = "the files of the repository are too many to be searched for what gives tags to the stack"
    assert _checked(workspace) == ([], [[reason]])


@pytest.mark.parametrize("where", [".", ".."])
def test_the_working_folder_does_not_matter(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (workspace.folder / "template.yaml").unlink(missing_ok=True)
    _beside(workspace, "aaa", 250)
    workspace.write("aaa/deploy.sh", "aws cloudformation deploy --template-file endpoint.yaml --tags a=b\n")
    workspace.write("own/README.md", "# Own\n")
    workspace.write("own/infra/endpoint.yaml", TEMPLATE)
    monkeypatch.chdir(workspace.folder / "own" / where)
    path = "." if where == "." else "own"
    ran = workspace.run("check", path, "--format", "json", "--select", "MLC502", "--show-undecided")
    assert [each["code"] for each in json.loads(ran.out)["findings"]] == ["MLC502"]


PIPELINE = """\
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: Deploy
          Actions:
            - Name: Other
              Configuration: {TemplatePath: "Built::other.yaml", StackName: other}
            - Name: Endpoint
              Configuration:
                TemplateConfiguration: Built::endpoint.json
                StackName: endpoint
                TemplatePath: Built::TEMPLATE
"""


@pytest.mark.parametrize(
    ("template", "configuration", "reason"),
    [
        ("endpoint.yaml", "", "its stack is deployed with endpoint.json, which is made at deployment"),
        ("endpoint.yaml", '{"Tags": {"a": "b"}}', "endpoint.json gives tags to the whole stack"),
        ("endpoint.yaml", '{"Tags": {"a": "b"}, "n": %N%}', "endpoint.json gives tags to the whole stack"),
        ("packaged.yaml", '{"Tags": {"a": "b"}}', "endpoint.json gives tags to the whole stack"),
        ("endpoint.yaml", '{"Tags": {}}', ""),
        ("endpoint.yaml", '{"Parameters": {"a": "b"}}', ""),
        ("unknown.yaml", '{"Tags": {"a": "b"}}', ""),
    ],
)
def test_the_configuration_of_a_pipelines_action(
    workspace: Workspace, template: str, configuration: str, reason: str
) -> None:
    workspace.write("pipeline.yaml", PIPELINE.replace("TEMPLATE", template))
    workspace.write(
        "buildspec.yml",
        "phases:\n  build:\n    commands:\n      - sam package --template-file infra/endpoint.yaml"
        " --s3-bucket b --output-template-file packaged.yaml\n",
    )
    if configuration:
        workspace.write("endpoint.json", configuration)
    findings, undecided = _checked(workspace)
    assert findings == ([] if reason else ["MLC502"])
    assert all(each[0].startswith(reason) for each in undecided)
    assert len(undecided) == bool(reason)


def test_a_workflow_that_tags_the_stack(workspace: Workspace) -> None:
    workspace.write(
        ".github/workflows/deploy.yml",
        "jobs:\n  d:\n    steps:\n      - uses: aws-actions/aws-cloudformation-github-deploy@v1\n"
        "        with:\n          template: infra/endpoint.yaml\n          tags: '[]'\n",
    )
    assert _checked(workspace) == ([], [["deploy.yml gives tags to the whole stack"]])


def test_what_tests_tag_is_not_deployed(workspace: Workspace) -> None:
    workspace.write("tests/test_deploy.py", CALL + '    StackName="churn", TemplateBody=body, Tags=tags)\n')
    assert _checked(workspace) == (["MLC502"], [])
