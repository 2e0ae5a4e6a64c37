"""The rules against the catalogue: codes, names, severities and practices are promises to users."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.catalogue.lens import practices
from mlwa_lint.rule import Rule
from tests.support.rule_examples import all_rules

CATALOGUE: dict[str, dict[str, Any]] = {
    entry["code"]: entry
    for entry in tomllib.loads((Path(__file__).parent.parent / "data" / "catalogue.toml").read_text("utf-8"))[
        "rule"
    ]
}


def test_every_rule_of_the_catalogue_is_implemented() -> None:
    assert {rule.code for rule in all_rules()} == set(CATALOGUE)
    assert len(CATALOGUE) >= 124


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_keeps_what_the_catalogue_promises(rule: Rule) -> None:
    promised = CATALOGUE[rule.code]
    hint = "the entry in tests/data/catalogue.toml must state what the rule does"
    assert (rule.name, rule.severity) == (promised["name"], promised["severity"]), hint
    assert list(rule.practices) == promised["practices"], hint


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_explains_itself(rule: Rule) -> None:
    assert re.fullmatch(r"ML[OSRPCU]\d{3}", rule.code)
    assert rule.summary.endswith(".")
    assert rule.reason.endswith(".")
    assert re.search(
        r"\]\(https://docs\.aws\.amazon\.com/\S+\)|\]\(https://registry\.terraform\.io/\S+\)",
        rule.documentation.replace("\n", ""),
    )
    assert rule.remedy.cloudformation
    assert rule.remedy.terraform
    assert set(rule.practices) <= set(practices())
    for block in re.findall(r"`\w+ \{(.*?)\}+`", rule.remedy.terraform):
        assert len(re.findall(r"\w+ = |\{", block)) == 1, (
            "Terraform wants one argument in a block of one line"
        )


def test_a_check_holds_no_truth_value_of_an_answer() -> None:
    """`not answer` raises when it is reached; a rule must not even contain it."""
    folder = Path(__file__).parent.parent.parent / "rules"
    pattern = re.compile(r"\bnot \w+\[[^\]]+\]\.(is_|equals|one_of|at_least|less_than|more_than|matches)")
    found = [
        f"{path.name}: {match.group()}"
        for path in folder.rglob("*.py")
        for match in pattern.finditer(path.read_text("utf-8"))
    ]
    assert found == []
