"""What several settings of one resource have in common is one finding, which names them all."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

SCRIPTS = """
Resources:
  Config:
    Type: AWS::SageMaker::NotebookInstanceLifecycleConfig
    Properties:
      OnCreate: [{Content: "pip install pandas"}]
      OnStart: [{Content: "echo started"}]
"""


def test_two_scripts_that_are_refused_for_one_reason(tmp_path: Path) -> None:
    template = tmp_path / "config.yaml"
    template.write_text(SCRIPTS)
    report = lint_paths([str(template)], lambda _: RunSettings(load_rules().rules, LoadOptions()), 1)
    (found,) = [each for each in report.findings if each.code == "MLR402"]
    stated = "is rejected, or its script fails: OnCreate.Content and OnStart.Content are not Base64"
    assert found.message == f"NotebookInstanceLifecycleConfig Config {stated}"
    (other,) = found.related
    assert (other.span.line, other.message) == (7, "OnStart.Content is not Base64")


DATABASE = """
Resources:
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.t3.medium, RoleArn: arn:aws:iam::111122223333:role/n}
  Features:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUserPassword: WORD
"""


def test_a_password_that_is_the_word_itself_leaves_messages_readable(tmp_path: Path) -> None:
    template = tmp_path / "database.yaml"
    template.write_text(DATABASE.replace("WORD", "password"))
    report = lint_paths([str(template)], lambda _: RunSettings(load_rules().rules, LoadOptions()), 1)
    (found,) = [each for each in report.findings if each.code == "MLS321"]
    assert found.message.startswith("DBInstance Features has a literal master password in MasterUserPassword")
    assert [each.line for each in report.hidden] == [9]


ALTERNATIVES = """
Parameters:
  Stage: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        Fn::If:
          - IsProd
          - - {VariantName: a, ModelName: m, InstanceType: ml.m6i.large, InitialInstanceCount: 1}
          - - {VariantName: a, ModelName: m, InstanceType: ml.m6i.large, InitialInstanceCount: COUNT}
"""


def test_the_two_sides_of_a_choice_are_one_finding_with_two_places(tmp_path: Path) -> None:
    template = tmp_path / "alternatives.yaml"
    for count, condition, places in (("1", None, [14]), ("2", "when IsProd is true", [])):
        template.write_text(ALTERNATIVES.replace("COUNT", count))
        report = lint_paths([str(template)], lambda _: RunSettings(load_rules().rules, LoadOptions()), 1)
        (found,) = [each for each in report.findings if each.code == "MLR101"]
        assert (found.span.line, found.condition) == (13, condition)
        assert [each.span.line for each in found.related] == places


PUBLIC = Path(__file__).parents[2] / "fixtures" / "rules" / "MLS303"


@pytest.mark.parametrize(
    ("name", "lines"), [("unless-public-policy.yaml", [8, 10]), ("unless-public-policy.tf", [9, 11])]
)
def test_a_public_policy_names_what_is_switched_off_for_it(name: str, lines: list[int]) -> None:
    codes = ("MLS303", "MLS304")
    rules = tuple(each for each in load_rules().rules if each.code in codes)
    report = lint_paths([str(PUBLIC / name)], lambda _: RunSettings(rules, LoadOptions()), 1)
    (found,) = report.findings
    assert found.code == "MLS304"
    assert [each.span.line for each in found.related] == lines
