"""Records what is read of a graph, to decide later whether an answer still holds.

What can be read is recorded as a key: a resource with all its content, the resources of a type, the edges of
a resource. Remembered answers pass on what they rest on to every query that uses them.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from mlwa_lint.graph.edges import EdgeKind

TraceKey: TypeAlias = tuple[Hashable, ...]

ALL: TraceKey = ("all",)  # every resource
TYPES: TraceKey = ("types",)  # which types there are
EDGES: TraceKey = ("edges",)
OPEN_ENDS: TraceKey = ("open ends",)


def resource_key(address: str) -> TraceKey:
    """What an address leads to, with all its content."""
    return ("resource", address)


def type_key(resource_type: str) -> TraceKey:
    """The resources of a type, with their order and content."""
    return ("type", resource_type)


def edges_key(way: str, address: str) -> TraceKey:
    """The edges that leave (`from`) or reach (`into`) a resource, or its open ends (`open`)."""
    return (way, address)


def towards_key(kind: EdgeKind, resource_type: str) -> TraceKey:
    """The open ends of a kind towards some resource of a type."""
    return ("towards", kind, resource_type)


class Tracer:
    """Notes keys for whoever collects at the moment, and what each remembered answer rests on."""

    def __init__(self) -> None:
        self._noted: set[TraceKey] | None = None
        self._rests_on: dict[Any, set[TraceKey]] = {}

    def note(self, key: TraceKey) -> None:
        """Records that something was read."""
        if self._noted is not None:
            self._noted.add(key)

    @contextmanager
    def collecting(self, name: Any = None) -> Iterator[set[TraceKey]]:
        """Collects what is read; under a name, for an answer that is remembered."""
        outer, self._noted = self._noted, set()
        noted = self._noted
        try:
            yield noted
        finally:
            self._noted = outer
            if outer is not None:
                outer |= noted
            if name is not None:
                self._rests_on.setdefault(name, set()).update(noted)

    def recall(self, name: Any) -> None:
        """Notes all that a remembered answer rests on."""
        if self._noted is not None:
            self._noted |= self._rests_on.get(name, set())
