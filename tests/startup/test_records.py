"""The light NamedTuple behaves as typing's does."""

import pickle
import typing
from typing import Any, Generic, TypeVar

import pytest

from mlwa_lint.startup import records as tuples

T = TypeVar("T")
_FLAVOURS = pytest.mark.parametrize("base", [typing.NamedTuple, tuples.NamedTuple], ids=["typing", "ours"])


class Point(tuples.NamedTuple):
    """A point."""

    x: int
    y: int = 0
    label: str = ""

    @property
    def sum(self) -> int:
        return self.x + self.y


class Origin(Point):
    """A point by another name."""

    def __str__(self) -> str:
        return "origin"


class Box(tuples.NamedTuple, Generic[T]):
    inside: T


def _point(base: Any) -> Any:
    namespace: dict[str, Any] = {"base": base}
    exec("class P(base):\n    x: int\n    y: int = 0\n    label: str = ''", namespace)
    return namespace["P"]


@_FLAVOURS
def test_instances_are_tuples_with_names(base: Any) -> None:
    point = _point(base)(1, label="a")
    assert point == (1, 0, "a")
    assert (point.x, point.y, point.label) == (1, 0, "a")
    assert hash(point) == hash((1, 0, "a"))
    assert repr(point) == "P(x=1, y=0, label='a')"
    assert point._asdict() == {"x": 1, "y": 0, "label": "a"}
    assert point._fields == ("x", "y", "label")
    assert point._field_defaults == {"y": 0, "label": ""}


@_FLAVOURS
def test_changes_make_another_instance(base: Any) -> None:
    point = _point(base)(1)
    assert point._replace(y=5) == (1, 5, "")
    assert type(point._replace(y=5)) is type(point)
    with pytest.raises((ValueError, TypeError), match="unexpected field"):
        point._replace(z=1)
    with pytest.raises(TypeError, match="Expected 3 arguments"):
        type(point)._make([1])


@_FLAVOURS
def test_wrong_arguments_are_errors_every_time(base: Any) -> None:
    made = _point(base)
    for _ in range(2):
        with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
            made()
        with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
            made(1, z=2)


@_FLAVOURS
def test_instances_have_no_room_for_anything_else(base: Any) -> None:
    point = _point(base)(1)
    with pytest.raises(AttributeError):
        point.x = 2
    with pytest.raises(AttributeError):
        point.z = 2


def test_patterns_take_instances_apart() -> None:
    match Point(1, 2):
        case Point(x, y, _):
            assert (x, y) == (1, 2)
        case _:
            pytest.fail("no match")


def test_instances_survive_pickling_and_keep_methods() -> None:
    point = pickle.loads(pickle.dumps(Point(1, 2)))
    assert point == Point(1, 2)
    assert type(point) is Point
    assert point.sum == 3


def test_generic_classes_take_type_arguments() -> None:
    assert Box[int](3).inside == 3
    assert Box("a") == ("a",)


def test_subclasses_share_their_parents_fields() -> None:
    origin = Origin(0, label="o")
    assert (origin.sum, origin.label, str(origin)) == (0, "o", "origin")
    assert isinstance(origin._replace(y=1), Origin)
    assert type(Point(1)) is Point


@_FLAVOURS
@pytest.mark.parametrize("number", [1, 2, 7, 8, 9, 30])
def test_records_of_any_size_take_their_fields_by_place_and_by_name(base: Any, number: int) -> None:
    names = [f"field_{position}" for position in range(number)]
    namespace: dict[str, Any] = {"base": base}
    fields = "".join(f"    {name}: int\n" for name in names[:-1])
    exec(f"class P(base):\n{fields}    {names[-1]}: int = -1", namespace)
    made = namespace["P"]
    assert made(*range(number)) == tuple(range(number))
    assert made(**{name: position for position, name in enumerate(names)}) == tuple(range(number))
    assert made(*range(number - 1)) == (*range(number - 1), -1)
    with pytest.raises(TypeError, match=rf"P\.__new__\(\) takes from {number} to {number + 1} positional"):
        made(*range(number + 1))


@_FLAVOURS
def test_defaults_come_last(base: Any) -> None:
    with pytest.raises(TypeError, match="default"):
        exec("class P(base):\n    x: int = 0\n    y: int", {"base": base})


@_FLAVOURS
def test_a_record_may_be_empty(base: Any) -> None:
    namespace: dict[str, Any] = {"base": base}
    exec("class P(base):\n    pass", namespace)
    assert namespace["P"]() == ()
