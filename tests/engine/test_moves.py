"""How lines move when a source is edited, and which values are the same but for that."""

from enum import Enum
from fractions import Fraction
from typing import Any

import pytest

from mlwa_lint.engine.moves import Moves
from mlwa_lint.model.values import Absent, Entry, MapValue, Scalar, Unknown
from tests.support.small_values import at

BEFORE = "a\nb\nc\nd\ne"


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


def moves(now: str, before: str = BEFORE) -> Moves:
    return Moves({"t.yaml": (before, now)})


@pytest.mark.parametrize(
    ("now", "lines"),
    [
        ("a\nb\nx\nc\nd\ne", [1, 2, 4, 5, 6]),
        ("x\na\nb\nc\nd\ne", [2, 3, 4, 5, 6]),
        ("a\nb\nc\nd\ne\nx", [1, 2, 3, 4, 5]),
        ("a\nb\nd\ne", [1, 2, 3, 3, 4]),
        ("c\nd\ne", [1, 2, 1, 2, 3]),
        ("a\nb\nx\ny\nz\nd\ne", [1, 2, 3, 6, 7]),
        ("a\nx\nc\nd\ne", [1, 2, 3, 4, 5]),
        ("a\nb\nb\nc\nd\ne", [1, 2, 4, 5, 6]),
    ],
)
def test_lines_behind_an_edit_move(now: str, lines: list[int]) -> None:
    found = moves(now)
    assert [found.of(at(line)).line for line in range(1, 6)] == lines
    assert [found.of(at(line)).end_line for line in range(1, 6)] == lines
    assert bool(found) is (now.count("\n") != BEFORE.count("\n"))


def test_what_contains_an_edit_grows() -> None:
    found = moves("a\nb\nx\nc\nd\ne")
    assert found.of(at(1, 4)) == at(1, 5)
    assert found.of(at(3, 4)) == at(4, 5)
    assert found.of(at(1, 2)) == at(1, 2)


def test_other_sources_and_unchanged_ones_do_not_move() -> None:
    found = moves("x\n" + BEFORE)
    other = at(3, path="other.yaml")
    assert found.of(other) is other
    assert not moves(BEFORE)
    assert found.same(other, at(3, path="other.yaml"))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (at(3), at(4)),
        (at(1, 3), at(1, 4)),
        (at(1), at(1)),
        (Scalar("a", at(4)), Scalar("a", at(5))),
        ([Scalar("a", at(4)), at(2)], [Scalar("a", at(5)), at(2)]),
        (
            MapValue({"A": Entry(at(3), Absent(at(4)), "A")}, at(3, 5)),
            MapValue({"A": Entry(at(4), Absent(at(5)), "A")}, at(4, 6)),
        ),
        (Colour.RED, Colour.RED),
        (Scalar, Scalar),
        (frozenset({"a"}), frozenset({"a"})),
        (None, None),
        (3, 3),
    ],
)
def test_the_same_values_at_moved_places(before: Any, now: Any) -> None:
    assert moves("a\nb\nx\nc\nd\ne").same(before, now)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (at(3), at(3)),
        (at(3), at(5)),
        (at(3), at(4)._replace(column=4)),
        (at(3), at(4)._replace(end_column=8)),
        (at(3), at(4)._replace(end_line=5)),
        (at(3), at(4)._replace(path="other.yaml")),
        (at(2), at(3)),
        (Scalar("a", at(4)), Scalar("b", at(5))),
        (Scalar("a", at(1)), Unknown("a", at(1))),
        (Scalar(1, at(1)), Scalar(True, at(1))),
        (Scalar(1, at(1)), Scalar(1.0, at(1))),
        ([at(1)], [at(1), at(1)]),
        ([at(1)], (at(1),)),
        ({"A": 1}, {"B": 1}),
        ({"A": 1}, {"A": 2}),
        ({"A": 1}, {"A": 1, "B": 1}),
        (Colour.RED, Colour.BLUE),
        (Scalar, Unknown),
        (object(), object()),
    ],
)
def test_values_that_differ_in_more_than_their_lines(before: Any, now: Any) -> None:
    assert not moves("a\nb\nx\nc\nd\ne").same(before, now)


def test_values_of_unknown_types_count_as_changed() -> None:
    half = Fraction(1, 2)
    assert moves(BEFORE).same(half, half)
    assert not moves(BEFORE).same(half, Fraction(1, 2))
