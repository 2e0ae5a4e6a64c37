"""Every rule on its examples: exactly the expected findings, and silence where it is due."""

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.rule import Rule
from mlwa_lint.run.pipeline import check_project
from tests.support import rule_examples as harness
from tests.support.hiding import hidden
from tests.support.rule_examples import Example

# Their findings at a whole resource rest on its type alone, of which nothing can be hidden.
RESTING_ON_A_TYPE = ("MLR602", "MLO602")
FAILING = [each for each in harness.examples() if each.kind == "fail"]
SILENT = [each for each in harness.examples() if each.kind in ("pass", "unless")]
UNDECIDED = [each for each in harness.examples() if each.kind == "undecided"]


@pytest.mark.parametrize("example", harness.examples(), ids=str)
def test_an_example_gives_exactly_the_expected_findings(example: Example) -> None:
    assert harness.said(example) == harness.expected_of(example)


@pytest.mark.parametrize("example", FAILING, ids=str)
def test_a_failing_example_fails(example: Example) -> None:
    assert harness.own_outcome(example).findings


@pytest.mark.parametrize("example", SILENT, ids=str)
def test_a_passing_example_passes_and_no_other_rule_of_the_topic_fires(example: Example) -> None:
    outcome = harness.outcome_of(
        example.path, [harness.rule_of(example.code), *harness.topic_rules(example.code)]
    )
    fired = {finding.code for finding in outcome.findings}
    assert fired == harness.allowed_beside(example)


@pytest.mark.parametrize("example", UNDECIDED, ids=str)
def test_an_undecided_example_is_counted_and_gives_no_finding(example: Example) -> None:
    outcome = harness.own_outcome(example)
    assert outcome.findings == ()
    assert outcome.undecided


@pytest.mark.parametrize("example", FAILING, ids=str)
def test_hiding_the_fact_that_a_finding_rests_on_makes_it_undecided(example: Example) -> None:
    rule = harness.rule_of(example.code)
    project = harness.project_of(example.path)
    before = harness.own_outcome(example).findings
    for finding in before:
        if finding.code in RESTING_ON_A_TYPE and finding.span == finding.resource_span:
            continue
        outcome = check_project(hidden(project, finding), [rule])
        assert not outcome.errors
        same_place = [f for f in outcome.findings if (f.span, f.address) == (finding.span, finding.address)]
        assert same_place == [], f"{harness.shown(finding, example)} stays"
        # One fact may carry findings of several resources; what they say may change with it, not where.
        places = {(f.span, f.address) for f in before}
        others = {(f.span, f.address) for f in outcome.findings}
        assert others <= places, f"{harness.shown(finding, example)} becomes another"
        assert outcome.undecided, f"{harness.shown(finding, example)} vanishes without a word"


@pytest.mark.parametrize("rule", harness.all_rules(), ids=lambda rule: rule.code)
def test_a_rule_has_two_failing_and_two_passing_examples_in_each_language(rule: Rule) -> None:
    found = harness.examples(rule.code)
    for language in set(rule.languages) - {"python"}:
        kinds = [each.kind for each in found if each.language == language]
        assert rule.retired or kinds.count("fail") >= 2, language
        assert kinds.count("pass") >= 2, language
    assert rule.retired or any(each.kind == "undecided" for each in found)


@pytest.mark.parametrize(
    "rule", [each for each in harness.all_rules() if each.retired], ids=lambda rule: rule.code
)
def test_a_retired_rule_is_known_and_finds_nothing(rule: Rule) -> None:
    assert load_rules().find(rule.code).retired == rule.retired
    for example in harness.examples(rule.code):
        outcome = harness.outcome_of(example.path, [rule])
        assert (outcome.findings, outcome.undecided) == ((), ())


@pytest.mark.parametrize("rule", harness.all_rules(), ids=lambda rule: rule.code)
def test_expectations_name_examples_that_exist(rule: Rule) -> None:
    names = {each.path.name for each in harness.examples(rule.code)}
    for line in harness.expected(rule.code):
        name = line.split()[1] if line.startswith("also ") else line.split()[0].split(":")[0]
        assert name in names, line
