"""A resource graph that records what is read of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from mlwa_lint.graph.edges import Edge, EdgeKind, OpenEnd
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.tracing import ALL, EDGES, OPEN_ENDS, TYPES, TraceKey, Tracer, edges_key, towards_key
from mlwa_lint.model.resources import Project
from mlwa_lint.model.spans import Span


class _Traced(dict[str, Any]):
    """A dictionary that records which of its keys are read."""

    def __init__(self, content: Mapping[str, Any], tracer: Tracer, way: str, whole: TraceKey) -> None:
        super().__init__(content)
        self._tracer = tracer
        self._way = way
        self._whole = whole

    def __getitem__(self, key: str) -> Any:
        self._tracer.note((self._way, key))
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._tracer.note((self._way, key))
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._tracer.note((self._way, key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._tracer.note(self._whole)
        return super().__iter__()

    def __len__(self) -> int:
        self._tracer.note(self._whole)
        return super().__len__()

    def keys(self) -> Any:
        self._tracer.note(self._whole)
        return super().keys()

    def values(self) -> Any:
        self._tracer.note(ALL)
        return super().values()

    def items(self) -> Any:
        self._tracer.note(ALL)
        return super().items()


class TracedGraph(ResourceGraph):
    """The same graph, recording what is read of it."""

    def __init__(self, graph: ResourceGraph) -> None:
        self.tracer = tracer = Tracer()
        self.memory = {}
        self.scenarios, self.gaps = graph.scenarios, graph.gaps
        self.by_type = _Traced(graph.by_type, tracer, "type", TYPES)
        self.by_address = _Traced(graph.by_address, tracer, "resource", ALL)
        self._plain = graph

    @property
    def project(self) -> Project:  # type: ignore[override]
        """The content of the graph: whoever reads it may read every resource."""
        self._note(ALL)
        return self._plain.project

    @property
    def edges(self) -> tuple[Edge, ...]:  # type: ignore[override]
        """All edges."""
        self._note(EDGES)
        return self._plain.edges

    @property
    def open_ends(self) -> tuple[OpenEnd, ...]:  # type: ignore[override]
        """All open ends."""
        self._note(OPEN_ENDS)
        return self._plain.open_ends

    def edges_from(self, address: str, kind: EdgeKind | None = None) -> list[Edge]:
        """Edges that leave a resource."""
        self._note(edges_key("from", address))
        return self._plain.edges_from(address, kind)

    def edges_at(self, address: str, kind: EdgeKind, span: Span) -> list[Edge]:
        """Edges that start at one property of a resource."""
        self._note(edges_key("from", address))
        return self._plain.edges_at(address, kind, span)

    def edges_into(self, address: str, kind: EdgeKind | None = None) -> list[Edge]:
        """Edges that reach a resource."""
        self._note(edges_key("into", address))
        return self._plain.edges_into(address, kind)

    def open_ends_of(self, address: str, kind: EdgeKind | None = None) -> list[OpenEnd]:
        """Relations of a resource whose other end is not in the graph."""
        self._note(edges_key("open", address))
        return self._plain.open_ends_of(address, kind)

    def open_ends_towards(self, kind: EdgeKind, target_type: str) -> list[OpenEnd]:
        """Relations to some resource of a type that may be in the graph."""
        self._note(towards_key(kind, target_type))
        return self._plain.open_ends_towards(kind, target_type)

    def _note(self, key: TraceKey) -> None:
        assert self.tracer is not None
        self.tracer.note(key)
