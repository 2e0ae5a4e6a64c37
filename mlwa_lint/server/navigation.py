"""From a resource to those that it is related to, along the edges of the graph."""

from collections.abc import Iterable, Iterator

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import Span


def related_to(graphs: Iterable[ResourceGraph], path: str, line: int, column: int) -> list[Span]:
    """The declarations of the resources that a place refers to.

    From a property that names another resource, to that one; from the head of a resource, or another
    property, to all that the resource is related to with a known meaning.
    """
    found: dict[Span, None] = {}
    for graph in graphs:
        resource = resource_at(graph, path, line, column)
        if resource is None:
            continue
        edges = graph.edges_from(resource.address)
        here = [edge for edge in edges if _is_at(edge.span, path, line)]
        exact = [edge for edge in here if edge.span.column <= column <= edge.span.end_column]
        for edge in exact or here or _meant(edges):
            target = graph.by_address.get(edge.target)
            if target is not None and target is not resource:
                found[target.span] = None
    return list(found)


def users_of(graphs: Iterable[ResourceGraph], path: str, line: int, column: int) -> list[Span]:
    """The properties that name the resource at a place."""
    found: dict[Span, None] = {}
    for graph in graphs:
        resource = resource_at(graph, path, line, column)
        if resource is not None:
            found.update(dict.fromkeys(edge.span for edge in graph.edges_into(resource.address)))
    return list(found)


def head_of(graphs: Iterable[ResourceGraph], path: str, line: int, column: int) -> Span | None:
    """Where the resource at a place is declared."""
    heads = (resource_at(graph, path, line, column) for graph in graphs)
    return next((each.span for each in heads if each is not None), None)


def resource_at(graph: ResourceGraph, path: str, line: int, column: int) -> Resource | None:
    """The resource that contains a place: the last one of the file whose head is not after it."""
    before = [each for each in _in_file(graph, path) if (each.span.line, each.span.column) <= (line, column)]
    same_line = [each for each in _in_file(graph, path) if each.span.line == line]
    return max(before or same_line, key=lambda each: each.span, default=None)


def _in_file(graph: ResourceGraph, path: str) -> Iterator[Resource]:
    return (each for each in graph.project.resources if each.span.path == path)


def _is_at(span: Span, path: str, line: int) -> bool:
    return span.path == path and span.line <= line <= span.end_line


def _meant(edges: Iterable[Edge]) -> list[Edge]:
    edges = list(edges)
    return [edge for edge in edges if edge.kind is not EdgeKind.REFERS_TO] or edges
