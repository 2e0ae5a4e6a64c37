"""Runs rules over their examples under `fixtures/rules/<CODE>/`.

An example is a template, or a Terraform file that is a module of its own (or a folder that is one), named
`fail*`, `pass*`, `fixed*` (the example `fail*` of the same name, corrected), `unless*` (an exception of the
rule) or `undecided*`. `expected.txt` beside them lists, one a line, what the rule finds in them:

    fail.yaml:12:7 Endpoint | message                 a finding at line and column, of a resource
    fail.yaml:12:7 Endpoint | message | when …        … under a condition or assumption
    undecided.yaml ? Endpoint                         a resource about which the rule is undecided
    also pass.yaml MLS103                             another rule of the topic that fires there, meant so
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import mlwa_rules
from mlwa_lint.catalogue.registry import Registry, rules_in
from mlwa_lint.engine.check import Outcome
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.resources import Project
from mlwa_lint.rule import Rule
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.testing import line, lines
from mlwa_lint.testing import project_of as _read

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "fixtures" / "rules"
# What is expected of programs is in a file of its own.
EXPECTATIONS = ("expected.txt", "expected-python.txt")
KINDS = ("fail", "pass", "fixed", "unless", "undecided")
TEMPLATE_ENDINGS = (".yaml", ".yml", ".json")
PROGRAM_ENDINGS = (".py", ".ipynb")


class Example(NamedTuple):
    """One example of a rule."""

    code: str
    path: Path

    @property
    def kind(self) -> str:
        kind = next(kind for kind in KINDS if self.path.name.startswith(kind))
        return "pass" if kind == "fixed" else kind

    @property
    def language(self) -> str:
        if self.path.suffix in PROGRAM_ENDINGS:
            return "python"
        return "cloudformation" if self.path.suffix in TEMPLATE_ENDINGS else "terraform"

    def __str__(self) -> str:
        return f"{self.code}/{self.path.name}"


@cache
def all_rules() -> tuple[Rule, ...]:
    """The built-in rules as their modules define them, whatever the index contains."""
    return Registry(rules_in(mlwa_rules)).rules


@cache
def by_rule() -> Mapping[str, tuple[Example, ...]]:
    """The examples of every rule that has some, in a fixed order."""
    found = {
        folder.name: tuple(
            Example(folder.name, path) for path in sorted(folder.iterdir()) if path.name.startswith(KINDS)
        )
        for folder in sorted(EXAMPLES.iterdir())
        if folder.is_dir()
    }
    return {code: each for code, each in found.items() if each}


def examples(code: str = "", *kinds: str) -> list[Example]:
    """All examples, or those of one rule, or those of some kinds, in a fixed order."""
    chosen = by_rule().get(code, ()) if code else (each for every in by_rule().values() for each in every)
    return [each for each in chosen if not kinds or each.kind in kinds]


def of_every_rule(*kinds: str) -> pytest.MarkDecorator:
    """Runs a test once for each rule that has examples of some kinds, with these examples.

    One test for each example would cost more than what it tests.
    """
    found = {code: examples(code, *kinds) for code in by_rule()}
    return pytest.mark.parametrize(
        "examples", [pytest.param(each, id=code) for code, each in found.items() if each]
    )


def read_project(path: Path) -> Project:
    """The project of an example, read again."""
    return _read(path)


@cache
def project_of(path: Path) -> Project:
    """The project of an example, read once for all tests: its values cannot be changed."""
    return read_project(path)


def outcome_of(path: Path, rules: Sequence[Rule]) -> Outcome:
    outcome = check_project(project_of(path), rules)
    assert not outcome.errors, outcome.errors
    return outcome


@cache
def outcome_of_all_rules(path: Path) -> Outcome:
    """What all rules together find in an example."""
    return outcome_of(path, all_rules())


@cache
def own_outcome(example: Example) -> Outcome:
    """What an example's rule alone finds in it."""
    return outcome_of(example.path, [rule_of(example.code)])


@cache
def rule_of(code: str) -> Rule:
    return next(each for each in all_rules() if each.code == code)


def shown(finding: Finding, example: Example) -> str:
    """A finding as `expected.txt` writes it."""
    return line(finding, example.path)


def reported_lines(example: Example) -> list[str]:
    """The findings of the rule in an example, as `expected.txt` has them."""
    return lines(own_outcome(example), example.path)


@cache
def expected(code: str) -> list[str]:
    files = [EXAMPLES / code / name for name in EXPECTATIONS]
    written = [
        each for file in files if file.exists() for each in file.read_text(encoding="utf-8").splitlines()
    ]
    return [each for each in written if each.strip() and not each.startswith("#")]


def expected_of(example: Example) -> list[str]:
    return [
        line
        for line in expected(example.code)
        if line.startswith((f"{example.path.name}:", f"{example.path.name} "))
    ]


def allowed_beside(example: Example) -> set[str]:
    """Other rules of the topic that are meant to fire on an example."""
    allowed = (each.split() for each in expected(example.code) if each.startswith("also "))
    return {word for words in allowed if words[1] == example.path.name for word in words[2:]}


def topic_rules(code: str) -> Iterator[Rule]:
    """The other rules of a rule's pillar and subject."""
    return (each for each in all_rules() if each.code[:4] == code[:4] and each.code != code)
