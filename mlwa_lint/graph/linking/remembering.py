"""Remembers the edges that resources made, for the next graph after an edit.

The references of a resource depend on its own content and on the names of all resources. Where neither
has changed, its edges are those of before, moved as the resource was.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from mlwa_lint.files.keeping import continued, continues
from mlwa_lint.graph.edges import Edge, OpenEnd
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.shifting import ImmovableError
from mlwa_lint.startup.records import NamedTuple

# What leads to resources: types by address, addresses by names, and by what was folded into others.
Tables: TypeAlias = tuple[Mapping[str, str], Mapping[tuple[str, str], str], Mapping[str, str]]


class LinkedResource(NamedTuple):
    """The references of one resource to others."""

    edges: Sequence[Edge]
    open_ends: Sequence[OpenEnd]


class Linked:
    """The references of the resources of one project, as of the last graph."""

    def __init__(self) -> None:
        self._tables: Tables = ({}, {}, {})
        self._known: dict[int, tuple[Resource, LinkedResource]] = {}
        self._next: dict[int, tuple[Resource, LinkedResource]] = {}

    def begin(self, tables: Tables) -> None:
        """Begins with the next graph."""
        self._known = self._next if tables == self._tables else {}
        self._tables, self._next = tables, {}

    def find(self, resource: Resource) -> LinkedResource | None:
        """The references found before, if the resource is the same, or the same but moved."""
        before = continues(resource)
        was = resource if before is None else before.old
        found = self._known.get(id(was))
        if found is None or found[0] is not was:
            return None
        linked = found[1]
        if before is not None:
            try:
                edges = [before.shift.of(each) for each in linked.edges]
                linked = LinkedResource(edges, [before.shift.of(each) for each in linked.open_ends])
            except ImmovableError:
                return None
            for old, new in zip(found[1].edges, edges, strict=True):
                continued(old, new, before.shift)
        return linked

    def keep(self, resource: Resource, linked: LinkedResource) -> None:
        """Remembers the references of a resource."""
        self._next[id(resource)] = (resource, linked)
