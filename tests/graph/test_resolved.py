"""Whether two values are certainly equal at deployment."""

import pytest

from mlwa_lint.graph.resolved import Resolved, same_value, why_unknown
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Reference,
    Scalar,
    Unknown,
)
from tests.support.small_values import HERE, listed, map_of

UNDECIDED = undecided("why")
OPEN = Unknown("why", HERE)
STAGE = Unknown("no default", HERE, (), "parameter Stage")
OTHER = Unknown("no default", HERE, (), "parameter Other")
ROLE = Reference("Role", "Arn", HERE)
A, B = Scalar("a", HERE), Scalar("b", HERE)


def text(*parts: str | Unknown | Reference) -> Unknown:
    return Unknown("why", HERE, parts)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (A, A, YES),
        (A, B, NO),
        (Scalar(3, HERE), Scalar("3", HERE), YES),
        (Scalar(True, HERE), Scalar("true", HERE), YES),
        (A, ROLE._replace(known="a"), YES),
        (Absent(), Absent(HERE), YES),
        (Absent(), A, NO),
        (Absent(), OPEN, UNDECIDED),
        (Absent(), OPEN._replace(present=True), NO),
        (Absent(), ROLE, NO),
        (Absent(), listed(), NO),
        (ROLE, ROLE, YES),
        (ROLE, ROLE._replace(attribute=""), UNDECIDED),
        (ROLE, ROLE._replace(address="Other"), NO),
        (STAGE, STAGE, YES),
        (STAGE, OTHER, UNDECIDED),
        (OPEN, OPEN, UNDECIDED),
        (OPEN, STAGE, UNDECIDED),
        (OPEN, A, UNDECIDED),
        (ROLE, A, UNDECIDED),
        (text("a", STAGE), text("a", STAGE), UNDECIDED),
        (text("a", STAGE, "x"), text("a", STAGE, "y"), NO),
        (text("a", STAGE, "x"), text("a", STAGE, "xx"), NO),
        (text("a", STAGE), text("a", STAGE, "x"), NO),
        (text("a", STAGE, "x"), text("a", OTHER, "y"), NO),
        (text("a", STAGE, "x"), text("a", OTHER, "xx"), UNDECIDED),
        (text("a", OPEN, "x"), text("a", OPEN, "xx"), UNDECIDED),
        (text("a", ROLE, "x"), text("a", ROLE, "xx"), NO),
        (text("b", OPEN), A, NO),
        (text("a", OPEN), A, UNDECIDED),
        (text(ROLE, OPEN), A, UNDECIDED),
        (listed(), OPEN, UNDECIDED),
        (listed(A), listed(A), YES),
        (listed(A), listed(B), NO),
        (listed(A), listed(A, A), NO),
        (listed(A, OPEN), listed(A, STAGE), UNDECIDED),
        (listed(B, OPEN), listed(A, STAGE), NO),
        (listed(A, rest=OPEN), listed(A), UNDECIDED),
        (listed(A), listed(A, rest=OPEN), UNDECIDED),
        (map_of(x=A), map_of(x=A), YES),
        (map_of(x=A), map_of(x=B), NO),
        (map_of(x=A), map_of(y=A), NO),
        (map_of(x=A), map_of(x=A, y=A), NO),
        (map_of(x=OPEN), map_of(x=STAGE), UNDECIDED),
        (map_of(x=A, rest=OPEN), map_of(x=A), UNDECIDED),
        (map_of(x=A), map_of(x=A, rest=OPEN), UNDECIDED),
        (listed(), map_of(), NO),
        (A, listed(), NO),
        (listed(Choice(Condition("c", "C"), A, B, HERE)), listed(A), UNDECIDED),
        (listed(A), listed(Choice(Condition("c", "C"), A, B, HERE)), UNDECIDED),
    ],
)
def test_equal_at_deployment(left: Resolved, right: Resolved, expected: Answer) -> None:
    assert same_value(left, right) == expected
    assert same_value(right, left) == expected


def test_reasons_name_what_is_not_known() -> None:
    assert same_value(A, OPEN).reasons == same_value(OPEN, A).reasons == ("why",)
    assert same_value(ROLE, A).reasons == ("Role.Arn is known only after deployment",)
    assert same_value(listed(A, rest=OPEN), listed(A)).reasons == ("why",)
    assert same_value(map_of(rest=OPEN), map_of()).reasons == ("why",)
    nested = listed(Choice(Condition("c", "C"), A, B, HERE))
    assert same_value(nested, listed(A)).reasons == ("it depends on a condition",)


def test_answers_rest_on_the_assumptions_of_both() -> None:
    left, right = Scalar("a", HERE, frozenset({"x"})), Scalar("a", HERE, frozenset({"y"}))
    assert same_value(left, right).assumed == {"x", "y"}
    assert same_value(left, Absent(None, frozenset({"z"}))).assumed == {"x", "z"}
    assert same_value(Absent(None, frozenset({"z"})), Absent()).assumed == {"z"}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (OPEN, "why"),
        (ROLE, "Role.Arn is known only after deployment"),
        (ROLE._replace(attribute=""), "Role is known only after deployment"),
        (A, "it is known only after deployment"),
    ],
)
def test_why_a_value_is_not_known(value: Resolved, reason: str) -> None:
    assert why_unknown(value) == reason
