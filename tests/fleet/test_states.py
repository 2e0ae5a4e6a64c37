"""Findings from scan to scan: new, open, fixed, reopened, and for how long."""

from pathlib import Path

import pytest

from mlwa_lint.fleet.dataset import Dataset
from mlwa_lint.fleet.reports import difference, report
from tests.support.fleets import put_scan, query

A = ("MLS402", "a.yaml", "Notebook")
B = ("MLS401", "a.yaml", "Notebook")


def history(dataset: Path, *columns: str) -> list[tuple[object, ...]]:
    named = ", ".join(("day(last_seen)", "state", *columns))
    return query(dataset, f"SELECT {named} FROM history ORDER BY scan, repository, code, path, state")


def states(dataset: Path) -> list[tuple[object, ...]]:
    return query(dataset, "SELECT code, path, state, days FROM states ORDER BY code, path, state")


def test_a_finding_is_new_then_open_then_fixed_then_reopened(tmp_path: Path) -> None:
    for day, found in ((1, [A]), (3, [A]), (8, []), (10, []), (12, [A]), (20, [A])):
        put_scan(tmp_path, day, {"api": found})
    events = query(tmp_path, "SELECT state, day(since), day(fixed_at), days FROM history ORDER BY scan")
    assert events == [
        ("new", 1, None, 0),
        ("open", 1, None, 2),
        ("fixed", 1, 8, 7),
        ("reopened", 12, None, 0),
        ("open", 12, None, 8),
    ]
    ((state, since, first),) = query(tmp_path, "SELECT state, day(since), day(first_seen) FROM states")
    assert (state, since, first) == ("open", 12, 1)


def test_what_could_not_be_scanned_fixes_nothing(tmp_path: Path) -> None:
    put_scan(tmp_path, 1, {"api": [A]})
    put_scan(tmp_path, 2, {"api": None})
    assert states(tmp_path) == [("MLS402", "a.yaml", "new", 0)]
    put_scan(tmp_path, 3, {"api": [A]})
    assert states(tmp_path) == [("MLS402", "a.yaml", "open", 2)], "it was there all the time"


def test_what_could_not_be_read_wholly_fixes_nothing(tmp_path: Path) -> None:
    put_scan(tmp_path, 1, {"api": [A, B]})
    put_scan(tmp_path, 2, {"api": [A]}, partial=["api"])
    assert [row[2] for row in states(tmp_path)] == ["new", "open"]
    put_scan(tmp_path, 3, {"api": [A]})
    assert [row[2] for row in states(tmp_path)] == ["fixed", "open"]


def test_a_rule_that_did_not_run_fixes_nothing(tmp_path: Path) -> None:
    put_scan(tmp_path, 1, {"api": [A, B]})
    put_scan(tmp_path, 2, {"api": []}, rules=["MLS402"])
    assert [row[2] for row in states(tmp_path)] == ["new", "fixed"]


def test_a_repository_that_is_no_longer_scanned_keeps_its_state(tmp_path: Path) -> None:
    put_scan(tmp_path, 1, {"api": [A], "web": [A]})
    put_scan(tmp_path, 2, {"web": []})
    assert query(tmp_path, "SELECT repository, state FROM states ORDER BY 1") == [
        ("api", "new"),
        ("web", "fixed"),
    ]


def test_the_same_finding_in_two_repositories_is_two(tmp_path: Path) -> None:
    put_scan(tmp_path, 1, {"api": [A], "web": []})
    put_scan(tmp_path, 2, {"api": [A], "web": [A]})
    assert query(tmp_path, "SELECT repository, state FROM states ORDER BY 1") == [
        ("api", "open"),
        ("web", "new"),
    ]


def test_a_finding_moves_with_its_file_more_than_once(tmp_path: Path) -> None:
    for day, path in ((1, "a.yaml"), (2, "b.yaml"), (3, "c.yaml")):
        put_scan(tmp_path, day, {"api": [("MLS402", path, "Notebook")]})
    assert states(tmp_path) == [("MLS402", "c.yaml", "open", 2)]
    put_scan(tmp_path, 4, {"api": []})
    assert states(tmp_path) == [("MLS402", "c.yaml", "fixed", 3)]


def test_a_finding_does_not_move_from_a_file_that_is_still_there(tmp_path: Path) -> None:
    other = ("MLS402", "a.yaml", "Other")
    put_scan(tmp_path, 1, {"api": [A, other]})
    put_scan(tmp_path, 2, {"api": [other, ("MLS402", "b.yaml", "Notebook")]})
    assert [row[1:3] for row in states(tmp_path)] == [
        ("a.yaml", "fixed"),
        ("a.yaml", "open"),
        ("b.yaml", "new"),
    ]


def test_alike_findings_of_two_files_are_distinguished(tmp_path: Path) -> None:
    other = ("MLS402", "b.yaml", "Notebook")
    put_scan(tmp_path, 1, {"api": [A, other]})
    put_scan(tmp_path, 2, {"api": [other]})
    assert [row[1:3] for row in states(tmp_path)] == [("a.yaml", "fixed"), ("b.yaml", "open")]


def test_the_difference_of_two_scans(tmp_path: Path) -> None:
    put_scan(tmp_path, 1, {"api": [A, B], "web": [A], "gone": [A]})
    put_scan(tmp_path, 2, {"api": [B], "web": [A], "gone": [A]})
    put_scan(tmp_path, 3, {"api": [A], "web": [A, B], "gone": None})
    answer, missing = difference(Dataset(str(tmp_path)), "2026-07-02", "2026-07-03")
    changes = [(row[0], row[1], row[4]) for row in answer.rows]
    assert changes == [("new", "web", "MLS401"), ("reopened", "api", "MLS402"), ("fixed", "api", "MLS401")]
    assert missing == 1


def test_the_difference_over_several_scans_is_between_the_two(tmp_path: Path) -> None:
    put_scan(tmp_path, 1, {"api": [A]})
    put_scan(tmp_path, 2, {"api": []})
    put_scan(tmp_path, 3, {"api": [A, B]})
    answer, _ = difference(Dataset(str(tmp_path)), "2026-07-01", "2026-07-03")
    assert [(row[0], row[4]) for row in answer.rows] == [("new", "MLS401")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("worst-rules", [("MLS402", "rule-mls402", "high", 2, 2, 2)]),
        ("owners", [("team-w", 1, 0, 1, 0, 0, 0, 1.0), ("team-a", 1, 0, 1, 0, 0, 0, 1.0)]),
        (
            "trend",
            [
                ("2026-07-01T12-00-00Z", 2, 1, 2, 0, 0, 0, 2, 0, 0),
                ("2026-07-02T12-00-00Z", 2, 0, 2, 0, 0, 0, 1, 0, 1),
            ],
        ),
    ],
)
def test_reports(name: str, expected: list[tuple[object, ...]], tmp_path: Path) -> None:
    put_scan(tmp_path, 1, {"api": [A, B], "web": None})
    put_scan(tmp_path, 2, {"api": [A], "web": [A]})
    assert sorted(report(Dataset(str(tmp_path)), name).rows) == sorted(expected)
