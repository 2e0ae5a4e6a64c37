"""What a program gives twice: the same name, and properties that agree."""

import pytest

from mlwa_lint.frontends.python.sameness import agree, is_same_name
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import ABSENT, Absent, ListValue, Reference, Scalar, Unknown, Value

HERE, THERE = Span("a.py", 1, 1, 1, 2), Span("a.py", 2, 1, 2, 2)
REST = Unknown("why", HERE)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Scalar("x", HERE), Scalar("x", THERE), True),
        (Scalar("x", HERE), Scalar("y", HERE), False),
        (Scalar(1, HERE), Scalar(True, HERE), False),
        (Scalar("x", HERE), Scalar("x", HERE, frozenset({"P"})), False),
        (Reference("role", "Arn", HERE), Reference("role", "Arn", THERE), True),
        (Reference("role", "Arn", HERE), Reference("role", "Name", HERE), False),
        (Unknown("why", HERE), Unknown("why", HERE), False),
        (Unknown("why", HERE, identity="argument"), Unknown("why", THERE, identity="argument"), True),
        (ABSENT, Absent(THERE), True),
        (ListValue((Scalar("x", HERE),), HERE, REST), ListValue((Scalar("x", THERE),), THERE, REST), True),
        (ListValue((Scalar("x", HERE),), HERE, REST), ListValue((Scalar("x", THERE),), THERE), False),
    ],
)
def test_properties_agree_as_far_as_they_are_known(one: Value, other: Value, expected: bool) -> None:
    assert agree(one, other) is agree(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Scalar("x", HERE), Scalar("x", THERE, frozenset({"P"})), True),
        (Scalar("1", HERE), Scalar(1, HERE), True),
        (Scalar("x", HERE), Unknown("why", HERE), False),
        (ABSENT, ABSENT, False),
    ],
)
def test_names_are_the_same_as_texts(one: Value, other: Value, expected: bool) -> None:
    assert is_same_name(one, other) is is_same_name(other, one) is expected
