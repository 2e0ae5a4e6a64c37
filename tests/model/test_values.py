"""Values: what is known of a text, what an assumption reaches, and which alternatives there are."""

from types import MappingProxyType

import pytest

from mlwa_lint.model.conditions import AnyScenario, Condition, Guard
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Plain,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    assume,
    known_text,
    origin_of,
    placed,
    plain_text,
    references_in,
    returned,
    tail_of,
)
from tests.support.small_values import HERE, map_of, text

THERE = Span("t.yaml", 8, 1, 8, 4)
OPEN = Unknown("why", HERE)
ROLE = Reference("Role", "Arn", HERE)
BUCKET = Reference("Bucket", "", HERE, "my-bucket")
PROD = Condition("t.yaml: Prod", "Prod")
ASSUMED = frozenset({"the default of X"})


def when(condition: Condition, yes: Value, no: Value) -> Choice:
    return Choice(condition, yes, no, HERE)


def test_a_span_reaches_from_its_start_to_the_end_of_another() -> None:
    assert HERE.to(THERE) == Span("t.yaml", 3, 5, 8, 4)
    assert start_of("t.yaml") == Span("t.yaml", 1, 1, 1, 1)


def test_a_guard_names_a_condition_and_any_scenario_is_possible() -> None:
    assert (PROD.default, PROD.opaque) == (None, False)
    assert AnyScenario().possible({"t.yaml: Prod": True})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (-3, "-3"),
        (3.0, "3"),
        (0.5, "0.5"),
        (1e-07, "0.0000001"),
        (1e22, "10000000000000000000000"),
        ("e", "e"),
        ("True", "True"),
    ],
)
def test_scalars_become_the_text_that_deployment_makes_of_them(data: Plain, expected: str) -> None:
    assert plain_text(data) == expected
    assert known_text(text(data)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ROLE, None),
        (BUCKET, "my-bucket"),
        (OPEN, None),
        (Unknown("why", HERE, ("s3://", BUCKET, "/models")), "s3://my-bucket/models"),
        (Unknown("why", HERE, ("s3://", ROLE, "/models")), None),
        (Unknown("why", HERE, ("s3://", OPEN)), None),
        (ListValue((text("a"),), HERE), None),
        (map_of(a=text("a")), None),
        (Absent(), None),
        (when(PROD, text("a"), text("a")), None),
    ],
)
def test_a_text_is_known_where_all_of_its_parts_are(value: Value, expected: str | None) -> None:
    assert known_text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (text("s3://bucket/models/a.tar.gz"), "bucket/models/a.tar.gz"),
        (text("bucket/models"), "bucket/models"),
        (text("https://host/a.yaml?version=3"), "host/a.yaml"),
        (Unknown("why", HERE, ("s3://", OPEN, "/models/a.tar.gz?x")), "/models/a.tar.gz"),
        (Unknown("why", HERE, ("s3://models/", OPEN)), ""),
        (Unknown("why", HERE, ("s3://", BUCKET)), "my-bucket"),
        (OPEN, ""),
        (ROLE, ""),
    ],
)
def test_the_end_of_a_place_is_what_is_known_behind_its_last_unknown_part(
    value: Value, expected: str
) -> None:
    assert tail_of(value) == expected


def test_what_a_program_returns_is_unknown_present_in_no_source_and_refers_to_the_program() -> None:
    value = returned(Reference("Custom", "Name", HERE, assumed=ASSUMED))
    assert value.reason == "Custom.Name is what deployment returns"
    assert returned(Reference("Custom", "", HERE)).reason == "Custom is what deployment returns"
    assert value.identity == "Custom.Name"
    assert (value.secret, value.present, value.assumed, value.span) == (True, False, ASSUMED, HERE)
    assert [reference.address for reference, _ in references_in(value)] == ["Custom"]


def test_a_key_is_absent_from_a_whole_map_and_unknown_in_an_open_one() -> None:
    whole = map_of(a=text("x"))
    assert whole.value("a") == text("x")
    assert whole.value("b") == Absent(HERE)
    assert whole._replace(rest=OPEN).value("b") == OPEN


def test_an_assumption_reaches_everything_that_a_value_contains() -> None:
    value = when(PROD, ListValue((map_of(a=text("x")),), HERE), OPEN)
    assumed = assume(value, ASSUMED)
    assert isinstance(assumed, Choice)
    listed, other = assumed.yes, assumed.no
    assert isinstance(listed, ListValue)
    (inner,) = listed.items
    assert isinstance(inner, MapValue)
    reached = (assumed, listed, inner, inner.value("a"), other)
    assert [each.assumed for each in reached] == [ASSUMED] * 5
    assert assume(value, frozenset()) is value


def test_an_assumption_is_added_to_those_there_are() -> None:
    value = assume(assume(text("x"), frozenset({"a"})), frozenset({"b"}))
    assert value.assumed == {"a", "b"}


def test_entries_that_are_worked_out_on_demand_are_left_alone() -> None:
    entries = MappingProxyType({"a": Entry(HERE, text("x"))})
    value = assume(MapValue(entries, HERE), ASSUMED)
    assert isinstance(value, MapValue)
    assert value.entries is entries
    assert value.assumed == ASSUMED


def test_a_value_is_reported_where_it_is_used() -> None:
    assert placed(text("x"), THERE) == Scalar("x", THERE)


@pytest.mark.parametrize(
    ("origin", "expected"),
    [(None, False), (Span("t.yaml", 1, 1, 1, 2), False), (Span("<stdin>", 1, 1, 1, 2), False)],
)
def test_a_value_without_another_file_has_no_origin(origin: Span | None, expected: bool) -> None:
    assert (origin_of(Scalar("x", HERE, origin=origin)) is not None) is expected


def test_the_origin_of_a_scalar_is_its_place_in_another_file() -> None:
    origin = Span("vars.tfvars", 1, 1, 1, 2)
    assert origin_of(Scalar("x", HERE, origin=origin)) == origin
    assert origin_of(Unknown("why", HERE, ("x", OPEN), origin=origin)) is None


def test_the_alternatives_of_nested_choices_have_the_guards_of_each() -> None:
    other = Condition("t.yaml: Other", "Other")
    value = when(PROD, text("a"), when(other, text("b"), text("c")))
    assert alternatives(value) == [
        (text("a"), (Guard(PROD, True),)),
        (text("b"), (Guard(PROD, False), Guard(other, True))),
        (text("c"), (Guard(PROD, False), Guard(other, False))),
    ]


def test_alternatives_that_contradict_a_guard_are_left_out() -> None:
    value = when(PROD, when(PROD, text("a"), text("never")), text("b"))
    assert [each.value for each in alternatives(value)] == [text("a"), text("b")]
    guards = (Guard(PROD, False),)
    assert alternatives(value, guards) == [(text("b"), guards)]


def test_references_are_found_wherever_they_are_with_their_guards() -> None:
    yes = map_of(a=ListValue((ROLE,), HERE), b=Unknown("why", HERE, ("x", BUCKET, OPEN)))
    value = when(PROD, yes, text("a"))
    assert references_in(value) == [(ROLE, (Guard(PROD, True),)), (BUCKET, (Guard(PROD, True),))]
    assert references_in(BUCKET, (Guard(PROD, True),)) == [(BUCKET, (Guard(PROD, True),))]
