"""What only the weight of a finding depends on never decides whether there is one."""

from pathlib import Path

import pytest

from mlwa_lint.engine.check import Outcome
from mlwa_lint.run.evaluation import check_project
from tests.support import rule_examples as harness

NOTEBOOK = """\
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::111122223333:role/analyst
"""
ENDPOINT = """\
  Api{number}:
    Type: AWS::EC2::VPCEndpoint
    Condition: Wanted{number}
    Properties:
      VpcId: vpc-0a1b2c3d4e5f67890
      ServiceName: !Sub com.amazonaws.${{AWS::Region}}.{service}
"""


def outcome(text: str, code: str, tmp_path: Path) -> Outcome:
    path = tmp_path / "t.yaml"
    path.write_text(text, encoding="utf-8")
    return check_project(harness.project_of(path), [harness.rule_of(code)])


def test_conditions_of_other_resources_make_no_worlds(tmp_path: Path) -> None:
    numbers = range(40)
    parameters = "".join(f"  P{n}: {{Type: String, Default: 'no'}}\n" for n in numbers)
    conditions = "".join(f"  Wanted{n}: !Equals [!Ref P{n}, 'yes']\n" for n in numbers)
    endpoints = "".join(ENDPOINT.format(number=n, service="sagemaker.api") for n in numbers)
    text = f"Parameters:\n{parameters}Conditions:\n{conditions}Resources:\n{endpoints}{NOTEBOOK}"
    found = outcome(text, "MLS404", tmp_path)
    assert [(each.severity, each.condition) for each in found.findings] == [("medium", None)]
    assert found.undecided == ()


@pytest.mark.parametrize(
    ("default", "severity"), [(", Default: 'yes'", "high"), (", Default: 'no'", "medium"), ("", "medium")]
)
def test_conditions_are_as_by_default(default: str, severity: str, tmp_path: Path) -> None:
    text = f"Parameters:\n  P: {{Type: String{default}}}\nConditions:\n  Wanted0: !Equals [!Ref P, 'yes']\n"
    text += "Resources:\n" + ENDPOINT.format(number=0, service="sagemaker.runtime") + NOTEBOOK
    assert [each.severity for each in outcome(text, "MLS404", tmp_path).findings] == [severity]


def test_what_the_check_has_read_holds_aside_as_well(tmp_path: Path) -> None:
    text = (
        "Parameters:\n  P: {Type: String, Default: 'no'}\nConditions:\n  Wanted0: !Equals [!Ref P, 'yes']\n"
    )
    text += "Resources:\n" + ENDPOINT.format(number=0, service="sagemaker.runtime") + NOTEBOOK
    text += "      SubnetId: !If [Wanted0, !Ref AWS::NoValue, subnet-0a1b2c3d4e5f67890]\n"
    found = outcome(text, "MLS404", tmp_path).findings
    assert ["VPCEndpoint Api0" in each.message for each in found] == [True]


def test_a_script_that_is_not_known_leaves_nothing_undecided(tmp_path: Path) -> None:
    text = "Parameters:\n  Scripts: {Type: CommaDelimitedList}\nResources:\n  SetUp:\n"
    text += "    Type: AWS::SageMaker::NotebookInstanceLifecycleConfig\n"
    text += "    Properties: {OnStart: !Ref Scripts}\n"
    text += NOTEBOOK + "      LifecycleConfigName: !GetAtt SetUp.NotebookInstanceLifecycleConfigName\n"
    found = outcome(text, "MLS402", tmp_path)
    assert [each.severity for each in found.findings] == ["medium"]
    assert found.undecided == ()
