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
