"""A traced graph records what is read of it, for whoever collects."""

from collections.abc import Callable

import pytest

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.traced import TracedGraph
from mlwa_lint.graph.tracing import (
    ALL,
    EDGES,
    OPEN_ENDS,
    TYPES,
    TraceKey,
    Tracer,
    edges_key,
    resource_key,
    towards_key,
    type_key,
)
from mlwa_lint.model.conditions import AnyScenario
from mlwa_lint.model.resources import Project
from tests.support.small_graphs import BUCKET, A, D, edge, end
from tests.support.small_values import HERE

PLAIN = ResourceGraph(Project("t.yaml", (A, D), AnyScenario()), [edge("D", "A")], [end("D")])


@pytest.mark.parametrize(
    ("query", "key"),
    [
        (lambda graph: graph.project, ALL),
        (lambda graph: graph.edges, EDGES),
        (lambda graph: graph.open_ends, OPEN_ENDS),
        (lambda graph: graph.edges_from("D"), edges_key("from", "D")),
        (lambda graph: graph.edges_from("D", EdgeKind.WRITES), edges_key("from", "D")),
        (lambda graph: graph.edges_at("D", EdgeKind.READS, HERE), edges_key("from", "D")),
        (lambda graph: graph.edges_into("A"), edges_key("into", "A")),
        (lambda graph: graph.open_ends_of("D"), edges_key("open", "D")),
        (
            lambda graph: graph.open_ends_towards(EdgeKind.READS, BUCKET),
            towards_key(EdgeKind.READS, BUCKET),
        ),
        (lambda graph: graph.by_address["A"], resource_key("A")),
        (lambda graph: graph.by_address.get("Z"), resource_key("Z")),
        (lambda graph: "Z" in graph.by_address, resource_key("Z")),
        (lambda graph: list(graph.by_address), ALL),
        (lambda graph: len(graph.by_address), ALL),
        (lambda graph: list(graph.by_address.keys()), ALL),
        (lambda graph: list(graph.by_address.values()), ALL),
        (lambda graph: list(graph.by_address.items()), ALL),
        (lambda graph: graph.by_type[BUCKET], type_key(BUCKET)),
        (lambda graph: graph.by_type.get("X", "default"), type_key("X")),
        (lambda graph: list(graph.by_type), TYPES),
        (lambda graph: len(graph.by_type), TYPES),
        (lambda graph: list(graph.by_type.keys()), TYPES),
        (lambda graph: list(graph.by_type.values()), ALL),
        (lambda graph: list(graph.by_type.items()), ALL),
    ],
)
def test_each_question_is_noted_and_answered_as_without_a_trace(
    query: Callable[[ResourceGraph], object], key: TraceKey
) -> None:
    graph = TracedGraph(PLAIN)
    assert graph.tracer is not None
    with graph.tracer.collecting() as noted:
        answer = query(graph)
    assert noted == {key}
    assert answer == query(PLAIN)
    query(graph)
    assert noted == {key}


def test_what_is_collected_inside_counts_outside_too() -> None:
    tracer = Tracer()
    with tracer.collecting() as outer:
        tracer.note(("a",))
        with tracer.collecting() as inner:
            tracer.note(("b",))
        tracer.note(("c",))
    tracer.note(("d",))
    assert (outer, inner) == ({("a",), ("b",), ("c",)}, {("b",)})


def test_a_remembered_answer_brings_what_it_rests_on() -> None:
    tracer = Tracer()
    with tracer.collecting("one"):
        tracer.note(("a",))
    with tracer.collecting("one"):
        tracer.note(("b",))
    tracer.recall("one")
    with tracer.collecting() as noted:
        tracer.recall("one")
        tracer.recall("other")
    assert noted == {("a",), ("b",)}


def _fail(tracer: Tracer) -> None:
    with tracer.collecting("one"):
        tracer.note(("a",))
        raise KeyError


def test_what_fails_is_collected_nevertheless() -> None:
    tracer = Tracer()
    with tracer.collecting() as outer:
        with pytest.raises(KeyError):
            _fail(tracer)
        tracer.note(("b",))
    assert outer == {("a",), ("b",)}
