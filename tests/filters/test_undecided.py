"""What a module leaves undecided on its own is listed once, however many examples call it."""

import json

import pytest

from mlwa_lint.filters.undecided import without_repeated
from mlwa_lint.model.findings import Undecided
from mlwa_lint.model.spans import start_of
from tests.support.workspace import Workspace

MODULE = """\
variable "root_access" {}

resource "aws_sagemaker_notebook_instance" "explore" {
  name          = "explore"
  role_arn      = "arn:aws:iam::111122223333:role/explore"
  instance_type = "ml.t3.medium"
  root_access   = var.root_access
}
"""
CALL = 'module "explore" {\n  source      = "../../"\n  root_access = ROOT\n}\n'


@pytest.mark.parametrize(
    ("given", "addresses"),
    [
        ("var.access", ["", "module.explore."]),
        ('"Disabled"', [""]),
    ],
)
def test_what_an_example_gives_is_its_own_question(
    workspace: Workspace, given: str, addresses: list[str]
) -> None:
    workspace.write("main.tf", MODULE)
    declared = 'variable "access" {}\n' if given.startswith("var") else ""
    workspace.write("examples/basic/main.tf", declared + CALL.replace("ROOT", given))
    report = json.loads(workspace.run("check", "--select", "MLS402", "--format", "json").out)
    found = [each["address"] for each in report["undecided"]]
    assert found == [f"{each}aws_sagemaker_notebook_instance.explore" for each in addresses]


def test_what_an_example_repeats_is_listed_once(workspace: Workspace) -> None:
    workspace.write("main.tf", MODULE)
    workspace.write("examples/basic/main.tf", 'module "explore" {\n  source = "../../"\n}\n')
    report = json.loads(workspace.run("check", "--select", "MLS402", "--format", "json").out)
    assert [each["address"] for each in report["undecided"]] == ["aws_sagemaker_notebook_instance.explore"]


def _undecided(path: str, address: str, *reasons: str, code: str = "MLP103") -> Undecided:
    return Undecided(code, "name", address, start_of(path), reasons)


def test_a_rule_is_listed_once_for_a_resource_with_all_its_reasons() -> None:
    found = without_repeated(
        [
            _undecided("a.py", "estimator", "a", "b"),
            _undecided("a.py", "estimator", "a", "c"),
            _undecided("a.py", "estimator/training_job", "b"),
            _undecided("a.py", "estimator", "a", code="MLS111"),
            _undecided("b.py", "estimator", "a"),
            _undecided("m.tf", "pipeline/one", "a"),
            _undecided("m.tf", "pipeline/two", "a"),
        ]
    )
    assert [(each.code, each.span.path, each.address, each.reasons) for each in found] == [
        ("MLP103", "a.py", "estimator", ("a", "b", "c")),
        ("MLS111", "a.py", "estimator", ("a",)),
        ("MLP103", "b.py", "estimator", ("a",)),
        ("MLP103", "m.tf", "pipeline/one", ("a",)),
        ("MLP103", "m.tf", "pipeline/two", ("a",)),
    ]


def test_a_reason_names_the_file_that_cannot_be_read(workspace: Workspace) -> None:
    workspace.write(
        "t.yaml",
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources:\n"
        "  Flow:\n"
        "    Type: AWS::Serverless::StateMachine\n"
        "    Properties: {DefinitionUri: flows/none.asl.json}\n",
    )
    report = json.loads(workspace.run("check", "--select", "MLO506", "--format", "json").out)
    assert [each["reasons"] for each in report["undecided"]] == [
        ["flows/none.asl.json, its definition, cannot be read"]
    ]


ENDPOINT = """\
Parameters:
  Kind: {Type: String}
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/churn
      PrimaryContainer: {Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1.2"}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - {VariantName: main, ModelName: !GetAtt Model.ModelName, InstanceType: !Ref Kind}
"""


@pytest.mark.parametrize(
    ("options", "configuration", "codes"),
    [
        ((), "", ["MLP101"]),
        (("--severity", "info"), "", ["MLP101", "MLU101"]),
        (("--fail-on", "info"), "", ["MLP101", "MLU101"]),
        ((), '[severities]\nMLU101 = "low"\n', ["MLP101", "MLU101"]),
        (("--severity", "high"), "", []),
    ],
)
def test_what_would_not_be_reported_is_not_listed(
    workspace: Workspace, options: tuple[str, ...], configuration: str, codes: list[str]
) -> None:
    workspace.write("endpoint.yaml", ENDPOINT)
    workspace.write(".mlwa-lint.toml", configuration)
    report = json.loads(workspace.run("check", "--select", "MLP101,MLU101", "--format", "json", *options).out)
    assert [each["code"] for each in report["undecided"]] == codes
    assert set(report["checked"]) == {"MLP101", "MLU101"}


def test_what_an_account_has_once_is_one_question_for_all_roots(workspace: Workspace) -> None:
    call = 'module "agents" {\n  source = "registry.example.com/acme/agents/aws"\n}\n'
    agent = 'resource "aws_bedrockagent_agent" "help" {\n  agent_name = "help"\n'
    agent += '  foundation_model = "anthropic.claude-sonnet-4-20250514-v1:0"\n}\n'
    for root in ("envs/dev", "envs/prod"):
        workspace.write(f"{root}/main.tf", agent + call)
    report = json.loads(workspace.run("check", "--select", "MLO603", "--format", "json").out)
    assert [each["path"] for each in report["undecided"]] == ["envs/dev"]
