"""The values in which a resource may name another one, and parts of alarms that are not analysed."""

import pytest

from mlwa_lint.frontends.cloudformation.vocabulary import VOCABULARY
from mlwa_lint.graph.linking.leaves import (
    ValueLeaf,
    entry_of,
    is_read,
    leaves,
    literal_part,
    why,
)
from mlwa_lint.graph.linking.returned import opened
from mlwa_lint.graph.linking.watching import dimension_lists, unread_of
from mlwa_lint.model.conditions import AnyScenario, Condition, Guard
from mlwa_lint.model.resources import Project, Resource
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
    returned,
)
from tests.support.small_values import at

HERE = at(1)
OPEN = Unknown("why", at(2))
ROLE = Reference("Role", "Arn", at(3))
PROD = Condition("prod", "IsProd")
YES, NO = (Guard(PROD, True),), (Guard(PROD, False),)


def text(data: Plain, line: int = 1) -> Scalar:
    return Scalar(data, at(line))


def map_of(**values: Value) -> MapValue:
    return MapValue({key: Entry(at(9), value, key) for key, value in values.items()}, HERE)


def listed(*items: Value, rest: Unknown | None = None) -> ListValue:
    return ListValue(items, HERE, rest)


def test_leaves_have_their_paths_places_and_guards() -> None:
    value = map_of(A=listed(text("x", 4), map_of(B=OPEN)), C=Choice(PROD, ROLE, Absent(), HERE))
    assert leaves(value, HERE, ()) == [
        ValueLeaf(("A",), at(4), text("x", 4), ()),
        ValueLeaf(("A", "B"), at(9), OPEN, ()),
        ValueLeaf(("C",), at(9), ROLE, YES),
    ]
    assert leaves(text("x"), HERE, YES) == [ValueLeaf((), HERE, text("x"), YES)]
    assert leaves(Choice(PROD, text("a"), text("b"), HERE), HERE, NO) == [ValueLeaf((), HERE, text("b"), NO)]


def nested(depth: int) -> Value:
    value: Value = text("x")
    for _ in range(depth):
        value = listed(value)
    return value


def nested_maps(depth: int) -> Value:
    value: Value = text("x")
    for _ in range(depth):
        value = map_of(A=value)
    return value


@pytest.mark.parametrize("nest", [nested, nested_maps])
def test_leaves_are_found_to_a_limited_depth(nest: object) -> None:
    assert callable(nest)
    assert len(leaves(nest(60), HERE, ())) == 1
    assert leaves(nest(61), HERE, ()) == []


DIMENSIONS = listed(map_of(Name=text("EndpointName")))


def test_every_list_of_dimensions_is_found() -> None:
    alarm = map_of(
        Dimensions=DIMENSIONS,
        Metrics=listed(map_of(MetricStat=map_of(Metric=map_of(Dimensions=DIMENSIONS)))),
        Other=listed(text("x"), OPEN),
    )
    assert list(dimension_lists(alarm, ())) == [(DIMENSIONS, ()), (DIMENSIONS, ())]


@pytest.mark.parametrize(("value", "reason"), [(OPEN, "why"), (ROLE, "Role is not declared here")])
def test_dimensions_that_are_not_known_are_a_list_of_unknown_items(
    value: Unknown | Reference, reason: str
) -> None:
    expected = ListValue((), value.span, Unknown(reason, value.span))
    assert list(dimension_lists(map_of(Dimensions=value), ())) == [(expected, ())]
    assert list(dimension_lists(map_of(Dimensions=text("x")), ())) == []


def test_dimensions_have_the_guards_of_each_alternative() -> None:
    value = map_of(Dimensions=Choice(PROD, DIMENSIONS, Absent(), HERE))
    assert list(dimension_lists(value, ())) == [(DIMENSIONS, YES)]
    assert list(dimension_lists(Choice(PROD, text("x"), map_of(Dimensions=DIMENSIONS), HERE), ())) == [
        (DIMENSIONS, NO)
    ]


@pytest.mark.parametrize("nest", [nested, nested_maps])
def test_dimensions_are_looked_for_to_a_limited_depth(nest: object) -> None:
    assert callable(nest)

    def found(depth: int) -> int:
        value: Value = map_of(Dimensions=DIMENSIONS)
        for _ in range(depth):
            value = listed(value) if nest is nested else map_of(A=value)
        return len(list(dimension_lists(value, ())))

    assert (found(60), found(61)) == (1, 0)


def alarm(rest: Unknown | None = None, **properties: Value) -> Resource:
    known = map_of(**properties)._replace(rest=rest)
    return Resource("A", "AWS::CloudWatch::Alarm", known, HERE, VOCABULARY, map_of())


def metric(expression: Value) -> Resource:
    return alarm(Metrics=listed(map_of(Expression=expression)))


INSIGHT = map_of(Expression=Unknown("w", HERE, ("SELECT ", ROLE, " sagemaker")))


def reasons(one: Resource) -> list[tuple[str, tuple[Guard, ...]]]:
    return [(unknown.reason, guards) for unknown, guards in unread_of(one)]


INSIGHTS = "its Metrics Insights query may be about any endpoint"


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (alarm(), []),
        (alarm(rest=OPEN), [("why", ())]),
        (alarm(EvaluationCriteria=map_of()), [("its query may be about any endpoint", ())]),
        (
            alarm(EvaluationCriteria=Choice(PROD, map_of(), Absent(), HERE)),
            [("its query may be about any endpoint", YES)],
        ),
        (alarm(Metrics=OPEN), [("why", ())]),
        (alarm(Metrics=ROLE), [("Role is not declared here", ())]),
        (alarm(Metrics=listed(rest=OPEN)), [("why", ())]),
        (alarm(Metrics=listed(OPEN, ROLE)), [("why", ()), ("Role is not declared here", ())]),
        (alarm(Metrics=listed(text("x"))), []),
        (metric(text('SELECT AVG(x) FROM SCHEMA("AWS/SageMaker")')), [(INSIGHTS, ())]),
        (metric(text("\n select a\nfrom sagemaker")), [(INSIGHTS, ())]),
        (metric(text("m1 / m2")), []),
        (metric(text("SELECT AVG(x) FROM EC2")), []),
        (metric(map_of()), []),
        (
            alarm(Metrics=listed(Choice(PROD, INSIGHT, OPEN, HERE))),
            [(INSIGHTS, YES), ("why", NO)],
        ),
    ],
)
def test_parts_of_an_alarm_that_may_name_any_endpoint(
    one: Resource, expected: list[tuple[str, tuple[Guard, ...]]]
) -> None:
    assert reasons(one) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (OPEN, False),
        (Unknown("w", HERE, ("a", ROLE)), True),
        (Unknown("w", HERE, ("a", OPEN)), False),
        (Unknown("w", HERE, ("a", Unknown("w", HERE, ("b", ROLE)))), True),
        (Unknown("w", HERE, ("a", Unknown("w", HERE, ("b", OPEN)))), False),
        (Unknown("w", HERE, ("a", Unknown("w", HERE, ("b",)))), True),
    ],
)
def test_a_text_is_read_where_its_pieces_are_known_or_lead_to_resources(
    value: Unknown, expected: bool
) -> None:
    assert is_read(value) is expected


def test_the_known_pieces_of_a_text_and_why_the_rest_is_not_known() -> None:
    values: list[Scalar | Unknown | Reference] = [
        text(3),
        Unknown("w", HERE, ("a", ROLE, "b")),
        ROLE,
        ROLE._replace(known="arn"),
    ]
    assert [literal_part(each) for each in values] == ["3", "ab", "", "arn"]
    assert [why(each) for each in (OPEN, ROLE, text("x"))] == [
        "why",
        "Role is not declared here",
        "it is not known",
    ]
    assert entry_of(map_of(A=OPEN), "A") == OPEN
    assert entry_of(map_of(A=OPEN), "B") == Absent()


# -- what programs return


def project(value: Value, kind: str = "Custom::Maker") -> Project:
    maker = Resource("Maker", kind, map_of(), HERE, VOCABULARY, map_of())
    user = Resource("User", "AWS::X::Y", map_of(P=value, Q=text("x")), HERE, VOCABULARY, map_of())
    return Project("t.yaml", (maker, user), AnyScenario())


MADE = Reference("Maker", "Name", HERE)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (MADE, returned(MADE)),
        (listed(ROLE, MADE), listed(ROLE, returned(MADE))),
        (map_of(A=MADE, B=ROLE), map_of(A=returned(MADE), B=ROLE)),
        (Choice(PROD, MADE, ROLE, HERE), Choice(PROD, returned(MADE), ROLE, HERE)),
        (Choice(PROD, ROLE, MADE, HERE), Choice(PROD, ROLE, returned(MADE), HERE)),
    ],
)
def test_what_a_program_returns_may_be_any_name(value: Value, expected: Value) -> None:
    before = project(value)
    after = opened(before)
    assert after.resources[1].properties.value("P") == expected
    assert after.resources[1].properties.value("Q") == text("x")
    assert after.resources[0] is before.resources[0]
    bucket = project(value, "AWS::S3::Bucket")
    assert opened(bucket) is bucket


@pytest.mark.parametrize(
    "value",
    [MADE._replace(known="a"), ROLE, text("x"), listed(ROLE), map_of(A=ROLE), Choice(PROD, ROLE, ROLE, HERE)],
)
def test_what_is_known_or_of_another_resource_stays_the_same_object(value: Value) -> None:
    before = project(value)
    after = opened(before)
    assert after.resources[1] is before.resources[1]


def test_returned_names_are_found_to_a_limited_depth() -> None:
    def is_open(depth: int) -> bool:
        value: Value = MADE
        for _ in range(depth):
            value = listed(value)
        before = project(value)
        return opened(before).resources[1] is not before.resources[1]

    # The map of properties is the first level.
    assert (is_open(60), is_open(61)) == (True, False)
