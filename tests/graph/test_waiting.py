"""What is created before what: by references, by DependsOn, through instances and nested stacks."""

import pytest

from mlwa_lint.frontends.terraform.vocabulary.labels import VOCABULARY as TERRAFORM
from mlwa_lint.graph.queries.dependencies import waits_for
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import Entry, ListValue, MapValue, Reference, Scalar, Value
from tests.support.small_graphs import BUCKET, graph_view, resource
from tests.support.small_values import HERE


def named(address: str, *others: str, after: Value | None = None, terraform: bool = False) -> Resource:
    references = ListValue(tuple(Reference(each, "Arn", HERE) for each in others), HERE)
    one = resource(address, BUCKET, Other=references)
    if after is not None:
        one = one._replace(attributes=MapValue({"DependsOn": Entry(HERE, after)}, HERE))
    return one._replace(vocabulary=TERRAFORM) if terraform else one


def waits(first: str, second: str, *resources: Resource) -> bool:
    graph = graph_view(*resources)
    return waits_for(graph.resource(first), second, graph)


def test_references_are_followed_to_their_end() -> None:
    chain = (named("a", "b"), named("b", "c"), named("c", "a"), named("d"))
    assert [waits("a", each, *chain) for each in ("a", "b", "c", "d")] == [True, True, True, False]
    assert not waits("d", "a", *chain)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (Scalar("b", HERE), True),
        (ListValue((Scalar("x", HERE), Scalar("b", HERE)), HERE), True),
        (Scalar("x", HERE), False),
        (Reference("b", "", HERE), False),
    ],
)
def test_dependencies_that_are_stated(after: Value, expected: bool) -> None:
    assert waits("a", "b", named("a", after=after), named("b")) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [("m.b", True), ("m.b[0]", True), ("m.b.part", True), ("m.bc", False), ("m", False)],
)
def test_a_whole_that_is_waited_for_is_waited_for_in_all_its_parts(address: str, expected: bool) -> None:
    assert waits("a", address, named("a", "m.b", terraform=True)) is expected


def test_what_the_instances_of_a_whole_wait_for_is_waited_for() -> None:
    instances = (named("b[0]", "c", terraform=True), named('b["x"]', "d", terraform=True))
    others = (named("c", terraform=True), named("d", terraform=True))
    everything = (named("a", "b", terraform=True), *instances, *others)
    assert [waits("a", each, *everything) for each in ("c", "d", "b[0]")] == [True, True, True]


@pytest.mark.parametrize(
    ("first", "named_by_it", "stack", "expected"),
    [
        ("A", "Net.Vpc", "Net", True),
        ("App.A", "Net.Vpc", "Net", True),
        ("Net.A", "Net.Vpc", "Net", False),
        ("A", "Net.Inner.Vpc", "Net", True),
        ("Net.A", "Net.Inner.Vpc", "Net.Inner", True),
        ("Net.A", "Net.Inner.Vpc", "Net.Other", False),
    ],
)
def test_a_nested_stack_is_whole_before_its_outputs_are_used(
    first: str, named_by_it: str, stack: str, expected: bool
) -> None:
    resources = (named(first, named_by_it), named(named_by_it), named(f"{stack}.Later"))
    assert waits(first, stack, *resources) is expected
    assert waits(first, f"{stack}.Later", *resources) is expected
