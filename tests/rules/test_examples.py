"""Every rule on its examples: exactly the expected findings, and silence where it is due."""

from collections.abc import Iterator, Sequence

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.rule import Rule
from mlwa_lint.run.evaluation import check_project
from tests.support import rule_examples as harness
from tests.support.hiding import hidden, narrowed
from tests.support.rule_examples import Example

# Their findings at a whole resource rest on its type alone, of which nothing can be hidden.
RESTING_ON_A_TYPE = ("MLR602", "MLO602")
# Their findings, or a part of their messages, rest on what a name leads to; one of several leads nowhere.
RESTING_ON_A_NAME = ("MLC403", "MLP601", "MLR506", "MLS309", "MLS508")


@harness.of_every_rule()
def test_an_example_gives_exactly_the_expected_findings(examples: Sequence[Example]) -> None:
    found = {str(each): harness.reported_lines(each) for each in examples}
    assert found == {str(each): harness.expected_of(each) for each in examples}


@harness.of_every_rule("fail")
def test_a_failing_example_fails(examples: Sequence[Example]) -> None:
    assert [str(each) for each in examples if not harness.own_outcome(each).findings] == []


@harness.of_every_rule("pass", "unless")
def test_a_passing_example_passes_and_no_other_rule_of_the_topic_fires(examples: Sequence[Example]) -> None:
    fired = {}
    for example in examples:
        rules = [harness.rule_of(example.code), *harness.topic_rules(example.code)]
        outcome = harness.outcome_of(example.path, rules)
        fired[str(example)] = {finding.code for finding in outcome.findings}
    assert fired == {str(each): harness.allowed_beside(each) for each in examples}, (
        "complete the example, or allow what else fires in expected.txt: `also pass.yaml MLO107`"
    )


@harness.of_every_rule("undecided")
def test_an_undecided_example_is_counted_and_gives_no_finding(examples: Sequence[Example]) -> None:
    outcomes = {str(each): harness.own_outcome(each) for each in examples}
    assert {name: each.findings for name, each in outcomes.items() if each.findings} == {}
    assert [name for name, each in outcomes.items() if not each.undecided] == []


@harness.of_every_rule("fail")
def test_hiding_the_fact_that_a_finding_rests_on_makes_it_undecided(examples: Sequence[Example]) -> None:
    assert [each for example in examples for each in _not_undecided_when_hidden(example)] == []


def _not_undecided_when_hidden(example: Example) -> Iterator[str]:
    """What becomes of an example's findings without what they rest on, where that is not right."""
    rule = harness.rule_of(example.code)
    project = harness.project_of(example.path)
    before = harness.own_outcome(example).findings
    for finding in before:
        if finding.code in RESTING_ON_A_TYPE and finding.span == finding.resource_span:
            continue
        outcome = check_project(hidden(project, finding), [rule])
        shown = harness.shown(finding, example)
        yield from (f"{shown} fails: {error}" for error in outcome.errors)
        if any((f.span, f.address) == (finding.span, finding.address) for f in outcome.findings):
            yield f"{shown} stays"
        # One fact may carry findings of several resources; their messages may change with it, not their
        # places.
        places = {(f.span, f.address) for f in before}
        if not {(f.span, f.address) for f in outcome.findings} <= places:
            yield f"{shown} becomes another"
        if not outcome.undecided:
            yield f"{shown} vanishes without a word"


@harness.of_every_rule("fail")
def test_a_finding_about_one_of_several_texts_reads_as_about_a_known_one(examples: Sequence[Example]) -> None:
    assert [each for example in examples for each in _read_otherwise_when_narrowed(example)] == []


def _read_otherwise_when_narrowed(example: Example) -> Iterator[str]:
    """What is reported otherwise of an example whose values are only known as one of a single text."""
    rule = harness.rule_of(example.code)
    project = harness.project_of(example.path)
    before = harness.own_outcome(example).findings
    for finding in before:
        outcome = check_project(narrowed(project, finding), [rule])
        yield from (f"{harness.shown(finding, example)} fails: {error}" for error in outcome.errors)
        if finding.code in RESTING_ON_A_NAME:
            continue
        messages = {each.message for each in before}
        yield from (each.message for each in outcome.findings if each.message not in messages)
        stays = finding.message in {each.message for each in outcome.findings}
        if not stays and not outcome.undecided:
            yield f"{harness.shown(finding, example)} vanishes without a word"


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
