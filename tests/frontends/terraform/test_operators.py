"""Operators: conversions, three-valued logic, and what is known of results that are not."""

import pytest

from mlwa_lint.frontends.failures import is_failure
from mlwa_lint.frontends.terraform.evaluation.operators import operate
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Entry,
    ListValue,
    MapValue,
    Plain,
    Reference,
    Scalar,
    Unknown,
    Value,
)

SPAN = Span("main.tf", 3, 5, 3, 9)
OPEN = Unknown("variable x has no default", SPAN, identity="variable x")
OTHER = Unknown("variable y has no default", SPAN, identity="variable y")
BUCKET = Reference("aws_s3_bucket.b", "arn", SPAN)


def scalar(data: Plain, *assumed: str) -> Scalar:
    return Scalar(data, SPAN, frozenset(assumed))


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        ("||", scalar(True), OPEN, True),
        ("||", OPEN, scalar("true"), True),
        ("&&", OPEN, scalar(False), False),
        ("==", OPEN, OPEN, True),
        ("!=", OPEN, OPEN, False),
        ("==", BUCKET, BUCKET, True),
        ("==", BUCKET, scalar(""), False),
        ("!=", BUCKET, Absent(SPAN), True),
        ("==", OPEN._replace(present=True), scalar(""), False),
        ("==", BUCKET._replace(known="a"), scalar("a"), True),
        ("==", Unknown("no", SPAN, ("dev-", OPEN)), scalar("prod"), False),
        ("==", Unknown("no", SPAN, (OPEN, "-dev")), scalar("x-prod"), False),
        ("+", scalar("1"), scalar(2), 3),
        ("/", scalar(6), scalar(3), 2),
        ("<", scalar("9"), scalar(10), True),
    ],
)
def test_what_is_known_decides(operator: str, left: Value, right: Value, result: Plain) -> None:
    value = operate(operator, [left, right], SPAN)
    assert isinstance(value, Scalar)
    assert (value.data, type(value.data)) == (result, type(result))


@pytest.mark.parametrize(
    ("operator", "left", "right"),
    [
        ("||", scalar(False), OPEN),
        ("&&", scalar(True), OPEN),
        ("==", OPEN, OTHER),
        ("==", OPEN, scalar("a")),
        ("==", OPEN, Absent(SPAN)),
        ("==", Unknown("no", SPAN, ("dev-", OPEN)), scalar("dev-1")),
        ("==", BUCKET, scalar("arn")),
        ("+", OPEN, scalar(1)),
        (">", OPEN, scalar(1)),
        ("==", ListValue((), SPAN), ListValue((), SPAN)),
        ("==", ListValue((OPEN,), SPAN), ListValue((scalar(1),), SPAN)),
    ],
)
def test_what_is_not_known_stays_open(operator: str, left: Value, right: Value) -> None:
    value = operate(operator, [left, right], SPAN)
    assert isinstance(value, Unknown)
    assert not is_failure(value)
    assert value.present


@pytest.mark.parametrize(
    ("operator", "operands"),
    [
        ("!", [scalar("x")]),
        ("-", [ListValue((), SPAN)]),
        ("+", [Absent(SPAN), scalar(1)]),
        ("<", [scalar("a"), scalar("b")]),
        ("&&", [scalar(True), scalar("maybe")]),
        ("<>", [scalar(1), scalar(2)]),
        ("+", []),
    ],
)
def test_what_makes_no_sense_is_a_failure(operator: str, operands: list[Value]) -> None:
    assert is_failure(operate(operator, operands, SPAN))


def test_maps_that_differ_in_a_known_entry_differ() -> None:
    left = MapValue({"a": Entry(SPAN, scalar(1)), "b": Entry(SPAN, OPEN)}, SPAN)
    right = MapValue({"a": Entry(SPAN, scalar(2)), "b": Entry(SPAN, OPEN)}, SPAN)
    assert operate("==", [left, right], SPAN) == scalar(False)


def test_an_open_result_keeps_the_reason_and_an_identity() -> None:
    value = operate("+", [OPEN, scalar(1)], SPAN)
    assert isinstance(value, Unknown)
    assert value.reason == "variable x has no default"
    assert operate("==", [value, operate("+", [OPEN, scalar(1)], SPAN)], SPAN) == scalar(True)


def test_a_result_rests_on_the_assumptions_of_its_operands() -> None:
    assert operate("+", [scalar(1, "A"), scalar(2, "B")], SPAN) == scalar(3, "A", "B")


def test_a_decided_connective_rests_only_on_what_decides() -> None:
    assert operate("||", [scalar(False, "A"), scalar(True, "B")], SPAN) == scalar(True, "B")
    assert operate("&&", [OPEN._replace(assumed=frozenset("A")), scalar(False)], SPAN) == scalar(False)
