"""What must hold for every project and every rule."""

from collections.abc import Sequence

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Resource
from mlwa_lint.run.pipeline import check_project
from tests.support import rule_examples as harness
from tests.support.rule_examples import Example

UNRELATED = """
Resources:
  UnrelatedParameter:
    Type: AWS::SSM::Parameter
    Properties: {Name: /unrelated/setting, Type: String, Value: "1"}
  UnrelatedTable:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: unrelated, BillingMode: PAY_PER_REQUEST}
  UnrelatedUser:
    Type: AWS::IAM::User
    Properties: {UserName: unrelated}
"""


@pytest.fixture(scope="module")
def unrelated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Resource, ...]:
    path = tmp_path_factory.mktemp("unrelated") / "t.yaml"
    path.write_text(UNRELATED, encoding="utf-8")
    resources = load(path, LoadOptions()).resources
    assert len(resources) == 3
    return resources


@harness.of_every_rule()
def test_the_same_project_gives_the_same_outcome(examples: Sequence[Example]) -> None:
    for example in examples:
        again = check_project(harness.read_project(example.path), harness.all_rules())
        assert again == harness.outcome_of_all_rules(example.path), example


@harness.of_every_rule()
def test_an_unrelated_resource_changes_no_finding(
    examples: Sequence[Example], unrelated: tuple[Resource, ...]
) -> None:
    rules = [rule for rule in harness.all_rules() if rule.project_check is None]
    codes = {rule.code for rule in rules}
    for example in examples:
        project = harness.project_of(example.path)
        before = harness.outcome_of_all_rules(example.path)
        findings = tuple(each for each in before.findings if each.code in codes)
        undecided = tuple(each for each in before.undecided if each.code in codes)
        first, *others = unrelated
        after = check_project(project._replace(resources=(first, *project.resources, *others)), rules)
        assert after.findings == findings, example
        assert after.undecided == undecided, example


@harness.of_every_rule()
def test_the_order_of_resources_changes_nothing(examples: Sequence[Example]) -> None:
    for example in examples[::3]:
        project = harness.project_of(example.path)
        turned = project._replace(resources=tuple(reversed(project.resources)))
        before, after = harness.outcome_of_all_rules(example.path), check_project(turned, harness.all_rules())
        assert [(f.code, f.span, f.address) for f in before.findings] == [
            (f.code, f.span, f.address) for f in after.findings
        ], example
