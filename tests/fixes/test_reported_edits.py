"""The edits in JSON and SARIF reports, applied by whoever reads them, make the texts that `--fix` writes."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mlwa_lint.fixes.proposals import Proposals
from mlwa_lint.fixes.propose import choices_of
from mlwa_lint.fixes.rounds import settle
from mlwa_lint.reporters import renderer
from mlwa_lint.reporters.summary import ReportStyle
from mlwa_lint.run.pipeline import lint
from tests.fixes.test_rewritten import fixable_codes
from tests.support import rule_examples as harness
from tests.support.fixing import alone, any_edit, session_of

FAILING = [each for each in harness.examples() if each.kind == "fail"]


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


def looks(folder: Path) -> Iterator[Look]:
    codes = fixable_codes()
    for example in FAILING:
        if example.code not in codes:
            continue
        place = alone(example.path, folder / str(example))
        session = session_of(place, example.code)
        linted = lint(session, [str(place)], "")
        result = linted.result
        view = ReportStyle(
            proposals=Proposals(result.findings, choices_of(session), result.texts, result.hidden)
        )
        report = json.loads(renderer("json")(result, view))
        log = json.loads(renderer("sarif")(result, view))
        from_json = [of_json(each["fix"]) for each in report["findings"] if each["fix"]]
        if not from_json:
            continue
        results = log["runs"][0]["results"]
        from_sarif = [of_sarif(fix) for each in results for fix in each.get("fixes", ())]
        paths = {each.path for fix in from_json for each in fix}
        settled = settle(session, [str(place)], linted, any_edit)
        old = {path: Path(path).read_bytes().decode("utf-8") for path in paths}
        new = {path: settled.texts.get(path, old[path]) for path in paths}
        yield Look(str(example), old, from_json, from_sarif, new, len(settled.made))


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> list[Look]:
    return list(looks(tmp_path_factory.mktemp("reported").resolve()))


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
