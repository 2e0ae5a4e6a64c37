"""The resource graph: resources, typed edges between them, and open ends."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from mlwa_lint.graph.edges import Edge, EdgeKind, OpenEnd
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Unknown

if TYPE_CHECKING:
    import networkx

    from mlwa_lint.graph.tracing import Tracer


class ResourceGraph:
    """What is deployed together, and how it is related.

    Edges are kept as adjacency lists: loading networkx costs several times what linting one template
    does. `to_networkx` gives the same graph as a MultiDiGraph for exports and for third parties.
    """

    tracer: "Tracer | None" = None  # records what is read, in a graph that is traced

    def __init__(self, project: Project, edges: Iterable[Edge], open_ends: Iterable[OpenEnd]) -> None:
        self.project = project
        self.scenarios = project.scenarios
        self.gaps = project.gaps
        self.by_type: dict[str, list[Resource]] = {}
        self.by_address: dict[str, Resource] = {}
        for resource in project.resources:
            self.by_type.setdefault(resource.type, []).append(resource)
            self.by_address.setdefault(resource.address, resource)
        self.memory: dict[Any, Any] = {}  # answers that `memo` keeps
        self._out: dict[str, list[Edge]] = {}
        self._into: dict[str, list[Edge]] = {}
        self._by_place: dict[tuple[str, EdgeKind], dict[Span, list[Edge]]] = {}
        self._open: dict[str, list[OpenEnd]] = {}
        self._open_towards: dict[tuple[EdgeKind, str], list[OpenEnd]] = {}
        self.open_ends = tuple(open_ends)
        self.edges = tuple(dict.fromkeys(map(_with_a_name_as_detail, edges)))
        for edge in self.edges:
            self._out.setdefault(edge.source, []).append(edge)
            self._into.setdefault(edge.target, []).append(edge)
        for end in self.open_ends:
            self._open.setdefault(end.source, []).append(end)
            if not end.outside and end.target_type:
                self._open_towards.setdefault((end.kind, end.target_type), []).append(end)

    def edges_from(self, address: str, kind: EdgeKind | None = None) -> list[Edge]:
        """Edges that leave a resource."""
        return [edge for edge in self._out.get(address, ()) if kind is None or edge.kind is kind]

    def edges_at(self, address: str, kind: EdgeKind, span: Span) -> list[Edge]:
        """Edges that start at one property of a resource: of an API, one for each operation."""
        if (address, kind) not in self._by_place:
            by_span = self._by_place[address, kind] = {}
            for edge in self.edges_from(address, kind):
                by_span.setdefault(edge.span, []).append(edge)
        return self._by_place[address, kind].get(span, [])

    def edges_into(self, address: str, kind: EdgeKind | None = None) -> list[Edge]:
        """Edges that reach a resource."""
        return [edge for edge in self._into.get(address, ()) if kind is None or edge.kind is kind]

    def open_ends_of(self, address: str, kind: EdgeKind | None = None) -> list[OpenEnd]:
        """Relations of a resource whose other end is not in the graph."""
        return [end for end in self._open.get(address, ()) if kind is None or end.kind is kind]

    def open_ends_towards(self, kind: EdgeKind, target_type: str) -> list[OpenEnd]:
        """Relations to some resource of a type that may be in the graph, though it is not known which."""
        return self._open_towards.get((kind, target_type), [])

    def collecting(self, name: Any) -> AbstractContextManager[Any]:
        """Collects what a remembered answer rests on, where the graph is traced."""
        return nullcontext() if self.tracer is None else self.tracer.collecting(name)

    def to_networkx(self) -> "networkx.MultiDiGraph[str]":
        """The graph as networkx knows it: nodes by address, with `type`; edges with `kind` and `edge`."""
        import networkx

        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        for resource in self.project.resources:
            graph.add_node(resource.address, type=resource.type, resource=resource)
        for edge in self.edges:
            graph.add_edge(edge.source, edge.target, key=edge.kind.value, kind=edge.kind, edge=edge)
        return graph


def _with_a_name_as_detail(edge: Edge) -> Edge:
    """The edge, with something unknown in place of a map where a name is expected."""
    try:
        hash(edge.detail)
    except TypeError:
        return edge._replace(detail=Unknown("it has an unexpected form", edge.span))
    return edge
