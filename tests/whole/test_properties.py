"""What must hold for every project and every rule."""

from collections import Counter
from collections.abc import Sequence

import pytest

from mlwa_lint.engine.check import Outcome
from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Resource
from mlwa_lint.rule import Rule
from mlwa_lint.run.evaluation import check_project
from tests.support import rule_examples as harness
from tests.support.rule_examples import Example

# A description counts for repositories of images only in a template that declares nothing else (0593).
ABOUT_ALL_OF_A_TEMPLATE = {"MLS314/fail-described.yaml"}
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
def test_neither_reading_again_nor_an_unrelated_resource_changes_anything(
    examples: Sequence[Example], unrelated: tuple[Resource, ...]
) -> None:
    about_projects = tuple(rule for rule in harness.all_rules() if rule.project_check is not None)
    others = tuple(rule for rule in harness.all_rules() if rule.project_check is None)
    first, *last = unrelated
    for example in examples:
        again, before = harness.read_project(example.path), harness.outcome_of_all_rules(example.path)
        alone = check_project(again, about_projects)
        expect_the_same(before, alone, about_projects, example)
        assert alone.resources == before.resources, example
        if f"{example.path.parent.name}/{example.path.name}" in ABOUT_ALL_OF_A_TEMPLATE:
            continue
        # The rules about resources give the same in a project that has been read again and has more of them.
        after = check_project(again._replace(resources=(first, *again.resources, *last)), others)
        expect_the_same(before, after, others, example)
        assert after.resources == before.resources + len(unrelated), example


def expect_the_same(before: Outcome, after: Outcome, rules: Sequence[Rule], example: Example) -> None:
    """The same findings of some rules, and the same left undecided by them."""
    codes = {rule.code for rule in rules}
    assert after.findings == tuple(each for each in before.findings if each.code in codes), example
    assert after.undecided == tuple(each for each in before.undecided if each.code in codes), example
    assert after.errors == before.errors == (), example
    # What is unrelated may pass as well.
    failed, fails = (
        {each.code: each[2:] for each in one.checked if any(each[2:])} for one in (before, after)
    )
    assert fails == {code: counts for code, counts in failed.items() if code in codes}, example


@harness.of_every_rule()
def test_the_order_of_resources_changes_nothing(examples: Sequence[Example]) -> None:
    for example in examples[::3]:
        project = harness.project_of(example.path)
        turned = project._replace(resources=tuple(reversed(project.resources)))
        before, after = harness.outcome_of_all_rules(example.path), check_project(turned, harness.all_rules())
        assert [(f.code, f.span, f.address) for f in before.findings] == [
            (f.code, f.span, f.address) for f in after.findings
        ], example


@harness.of_every_rule()
def test_no_rule_is_undecided_about_a_resource_that_it_has_a_finding_for(examples: Sequence[Example]) -> None:
    for example in examples:
        outcome = harness.outcome_of_all_rules(example.path)
        failed = {(each.code, each.address) for each in outcome.findings}
        undecided = [each for each in outcome.undecided if not each.failed]
        assert not failed & {(each.code, each.address) for each in undecided}, example
        listed = Counter(each.code for each in undecided)
        assert {each.code: each.undecided for each in outcome.checked if each.undecided} == listed, example
