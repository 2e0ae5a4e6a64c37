"""Values of a source that has grown or shrunk above them."""

from enum import Enum

import pytest

from mlwa_lint.model.shifting import ImmovableError, Shift
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, ListValue, MapValue, Scalar, Value
from tests.support.small_values import at

DOWN = Shift("t.yaml", 5, 2)


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize("span", [at(4), at(1, 4), at(9, path="other.yaml"), at(2, 9, "other.yaml")])
def test_what_stands_above_or_elsewhere_is_the_same_object(span: Span) -> None:
    assert DOWN.of(span) is span


@pytest.mark.parametrize(
    ("span", "moved"), [(at(5), at(7)), (at(6), at(8)), (at(5, 9), at(7, 11)), (at(8, 8), at(10, 10))]
)
def test_what_stands_below_moves_with_both_ends(span: Span, moved: Span) -> None:
    assert DOWN.of(span) == moved
    assert type(DOWN.of(span)) is Span


def test_lines_that_were_taken_away_move_up() -> None:
    up = Shift("t.yaml", 5, -2)
    assert up.of(at(8)) == at(6)
    assert up.of(MapValue({"A": Entry(at(8), Scalar("a", at(9)))}, at(1, 4))) == MapValue(
        {"A": Entry(at(6), Scalar("a", at(7)))}, at(1, 4)
    )


@pytest.mark.parametrize("span", [at(4, 5), at(1, 9)])
def test_what_has_moved_in_part_cannot_be_moved(span: Span) -> None:
    with pytest.raises(ImmovableError):
        DOWN.of(span)


def test_nothing_moves_by_no_lines() -> None:
    span = at(1, 9)
    assert Shift("t.yaml", 5, 0).of(span) is span


@pytest.mark.parametrize("value", ["text", 3, 0.5, True, None, frozenset({"a"}), Colour.RED, (), {}])
def test_what_has_no_place_stays(value: object) -> None:
    assert DOWN.of(value) is value


def test_records_tuples_and_maps_move_with_what_they_contain() -> None:
    def value(line: int) -> Value:
        items = (Scalar("a", at(1)), Scalar("b", at(line)))
        return MapValue({"A": Entry(at(1), ListValue(items, at(2))), "B": Entry(at(1), items[0])}, at(2))

    moved = DOWN.of(value(6))
    assert moved == value(8)
    assert isinstance(moved, MapValue)
    assert type(moved.value("A")) is ListValue


def test_what_contains_nothing_that_moved_is_the_same_object() -> None:
    value = MapValue({"A": Entry(at(1), Scalar("a", at(4)))}, at(2))
    assert DOWN.of(value) is value
    pair = (at(1), [at(6)])
    with pytest.raises(ImmovableError):
        DOWN.of(pair)


def test_values_of_unknown_kinds_cannot_be_moved() -> None:
    for value in ([at(1)], {at(1)}, object(), b"x"):
        with pytest.raises(ImmovableError):
            DOWN.of(value)
