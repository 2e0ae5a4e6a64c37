"""The edits in JSON and SARIF reports, applied by whoever reads them, make the texts that `--fix` writes."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.fixing import FixedTwice


class Replacement(NamedTuple):
    """A range by lines and columns from 1, the end exclusive, as both formats give it."""

    path: str
    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def of_json(fix: dict[str, Any]) -> list[Replacement]:
    return [
        Replacement(
            each["path"],
            (each["line"], each["column"]),
            (each["end_line"], each["end_column"]),
            each["text"],
        )
        for each in fix["edits"]
    ]


def of_sarif(fix: dict[str, Any]) -> list[Replacement]:
    found = []
    for change in fix["artifactChanges"]:
        path = change["artifactLocation"]["uri"].removeprefix("file://")
        for each in change["replacements"]:
            region = each["deletedRegion"]
            start, end = (
                (region["startLine"], region["startColumn"]),
                (region["endLine"], region["endColumn"]),
            )
            found.append(Replacement(path, start, end, each["insertedContent"]["text"]))
    return found


def applied(replacements: Iterable[Replacement], texts: dict[str, str]) -> dict[str, str]:
    """Texts with some replacements, which are counted in the texts as they were, the last place first."""
    new = dict(texts)
    by_file: dict[str, list[tuple[int, int, int, str]]] = {}
    for order, each in enumerate(replacements):
        lines = texts[each.path].split("\n")
        start, end = (
            sum(len(one) + 1 for one in lines[: line - 1]) + column - 1
            for line, column in (each.start, each.end)
        )
        by_file.setdefault(each.path, []).append((start, end, order, each.text))
    for path, edits in by_file.items():
        for start, end, _, text in sorted(edits, reverse=True):
            new[path] = new[path][:start] + text + new[path][end:]
    return new


class Look(NamedTuple):
    """One example's reported fixes, and what `--fix --unsafe-fixes` makes of its files."""

    name: str
    old: dict[str, str]
    from_json: list[list[Replacement]]
    from_sarif: list[list[Replacement]]
    new: dict[str, str]
    made: int


@pytest.fixture(scope="module")
def reported(fixed_examples: tuple[FixedTwice, ...]) -> list[Look]:
    return [look for each in fixed_examples if (look := look_of(each)).from_json]


def look_of(example: FixedTwice) -> Look:
    from_json = [of_json(each["fix"]) for each in example.report["findings"] if each["fix"]]
    results = example.log["runs"][0]["results"]
    from_sarif = [of_sarif(fix) for each in results for fix in each.get("fixes", ())]
    assert {each.path for fix in from_json for each in fix} <= set(example.texts)
    settled = example.first.settled
    new = {path: settled.texts.get(path, text) for path, text in example.texts.items()}
    return Look(str(example.example), example.texts, from_json, from_sarif, new, len(settled.made))


def test_both_formats_carry_the_same_edits(reported: list[Look]) -> None:
    assert len({look.name.partition("/")[0] for look in reported}) >= 85
    for look in reported:
        one = [[(Path(each.path).name, *each[1:]) for each in fix] for fix in look.from_json]
        other = [[(Path(each.path).name, *each[1:]) for each in fix] for fix in look.from_sarif]
        assert sorted(map(sorted, one)) == sorted(map(sorted, other)), look.name


def test_a_single_fix_makes_what_is_written(reported: list[Look]) -> None:
    alone_in_its_file = [look for look in reported if len(look.from_json) == 1 and look.made == 1]
    assert len(alone_in_its_file) >= 150
    for look in alone_in_its_file:
        assert applied(look.from_json[0], look.old) == look.new, look.name


def test_each_fix_changes_its_file(reported: list[Look]) -> None:
    for look in reported:
        for fix in look.from_json:
            assert applied(fix, look.old) != look.old, look.name
