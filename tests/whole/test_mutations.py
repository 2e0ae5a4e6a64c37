"""Whatever is broken in a good architecture, exactly the rule that is about it fires; fixed, none does."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.discovery.target import Target
from mlwa_lint.engine.check import Outcome
from mlwa_lint.frontends.cloudformation.stacks.project import load as load_template
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.run.loading import load, with_documents
from tests.support import architectures, mutations
from tests.support.mutations import Mutation
from tests.support.rule_examples import all_rules

ALL = mutations.all_mutations()
IN_TERRAFORM = [each for each in ALL if each.terraform]
# Rules without a mutation, and why.
NOT_APPLICABLE: dict[str, str] = {
    "MLS619": "CloudFormation has no such resource",
    "MLO602": "a fact about services: the architectures use some of them",
    "MLO508": "it compares environments: each architecture is a single one",
    "MLO603": "CloudFormation has no resource for the logging of model invocations",
    "MLR404": "CloudFormation has no retention policy of a domain's file system",
}
# How many rules are broken in Terraform as well, at least.
LEAST_IN_TERRAFORM = 90


@pytest.mark.parametrize("mutation", ALL, ids=str)
def test_exactly_the_broken_rule_fires_in_cloudformation(mutation: Mutation) -> None:
    original = mutations.parsed(mutation.template)
    before = _codes(original)
    given = mutations.broken(original, mutation.given)
    assert _codes(given) == before, "what is given breaks something itself"
    assert _new(mutations.broken(given, mutation.breaks), before) == {mutation.code, *mutation.also}


@pytest.mark.parametrize("mutation", ALL, ids=str)
def test_what_is_fixed_is_silent_again(mutation: Mutation) -> None:
    original = mutations.parsed(mutation.template)
    fixed = mutations.broken(mutations.broken(original, mutation.given), mutation.breaks)
    for name in set(fixed["Resources"]) - set(original["Resources"]):
        del fixed["Resources"][name]
    for name, body in original["Resources"].items():
        if fixed["Resources"].get(name) != body:
            fixed["Resources"][name] = body
    assert _codes(fixed) == _codes(original)


@pytest.mark.parametrize("mutation", [each for each in ALL if each.place], ids=str)
def test_what_is_not_known_is_undecided_instead(mutation: Mutation) -> None:
    given = mutations.broken(mutations.parsed(mutation.template), mutation.given)
    outcome = _outcome(json.dumps(mutations.hidden(given, mutation.place)))
    assert _counted(outcome) == _codes(given)
    assert mutation.code in {each.code for each in outcome.undecided}


@pytest.mark.parametrize("mutation", IN_TERRAFORM, ids=str)
def test_exactly_the_broken_rule_fires_in_terraform(mutation: Mutation, tmp_path: Path) -> None:
    changed = list(mutations.edited(mutation.folder, tmp_path, mutation.terraform))
    before = _counted(architectures.outcome_of(mutation.folder))
    after = _counted(_outcome_of(tmp_path))
    assert set(after - before) == {mutation.code, *mutation.also}
    assert not before - after
    for path, text in reversed(changed):
        path.write_text(text, "utf-8")
    # What was edited is reverted: the same files give the same findings, wherever they are.
    assert mutations.texts(tmp_path) == mutations.texts(mutation.folder)


@pytest.mark.parametrize("folder", sorted({each.folder for each in IN_TERRAFORM}), ids=lambda path: path.name)
def test_a_copy_of_a_terraform_folder_gives_the_same_findings(folder: Path, tmp_path: Path) -> None:
    assert list(mutations.edited(folder, tmp_path, ())) == []
    assert mutations.texts(tmp_path) == mutations.texts(folder)
    assert _counted(_outcome_of(tmp_path)) == _counted(architectures.outcome_of(folder))


def test_every_rule_is_broken_once_or_cannot_be() -> None:
    codes = {rule.code for rule in all_rules() if not rule.retired}
    assert {each.code for each in ALL} == codes - set(NOT_APPLICABLE), (
        "give the rule an entry in tests/data/mutations/*.toml, or a reason in NOT_APPLICABLE"
    )
    assert set(NOT_APPLICABLE) <= codes


def test_many_rules_are_broken_in_terraform_too() -> None:
    assert len({each.code for each in IN_TERRAFORM}) >= LEAST_IN_TERRAFORM


@pytest.mark.parametrize("mutation", [each for each in ALL if each.also], ids=str)
def test_what_else_fires_has_a_reason(mutation: Mutation) -> None:
    assert all(mutation.also.values())


# -- running


def _codes(template: dict[str, Any]) -> Counter[str]:
    return _codes_of(json.dumps(template))


@cache
def _codes_of(text: str) -> Counter[str]:
    return _counted(_outcome(text))


def _counted(outcome: Outcome) -> Counter[str]:
    return Counter(each.code for each in outcome.findings if each.code not in NOT_APPLICABLE)


def _outcome(text: str) -> Outcome:
    return _checked(with_documents(load_template(Path("template.json"), LoadOptions(), text)))


def _new(template: dict[str, Any], before: Counter[str]) -> set[str]:
    after = _codes(template)
    assert not before - after, "what fired before fires no more"
    return set(after - before)


def _outcome_of(folder: Path) -> Outcome:
    (project,) = load(Target("terraform", str(folder)), LoadOptions())
    return _checked(project)


def _checked(project: Project) -> Outcome:
    assert not project.problems
    outcome = check_project(project, all_rules())
    assert not outcome.errors
    return outcome
