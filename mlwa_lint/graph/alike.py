"""Which resources may have the same value in a property, from an index built once."""

from collections.abc import Iterable, Sequence
from typing import Any

from mlwa_lint.graph.views import Resolved
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import Absent, Choice, ListValue, MapValue, Reference, Unknown, known_text


class ByValue:
    """Resources by what one of their properties certainly is; those of which that is not certain fit always.

    What is left out would certainly be NO, without an assumption, in any world.
    """

    def __init__(self, resources: Sequence[Resource], name: str) -> None:
        self._resources = resources
        self._texts: dict[str, list[int]] = {}
        self._references: dict[str, list[int]] = {}
        self._known: list[int] = []
        self._referring: list[int] = []
        self._open: list[int] = []
        for position, resource in enumerate(resources):
            entry = resource.properties.entries.get(name)
            value: Any = entry.value if entry is not None else resource.properties.rest
            if value is None or (isinstance(value, Absent) and not value.assumed):
                continue
            self._place(position, value, bool(value.assumed or resource.properties.assumed))

    def _place(self, position: int, value: Any, assumed: bool) -> None:
        text = None if isinstance(value, Choice) else known_text(value)
        if assumed or isinstance(value, (Choice, Absent, ListValue, MapValue)):
            self._open.append(position)
        elif text is not None:
            self._texts.setdefault(text, []).append(position)
            self._known.append(position)
            if isinstance(value, Reference):
                self._references.setdefault(value.address, []).append(position)
        elif isinstance(value, Reference):
            self._references.setdefault(value.address, []).append(position)
            self._referring.append(position)
        else:
            self._open.append(position)

    def like(self, value: Resolved) -> list[Resource]:
        """The resources whose property may equal a value, in their order."""
        text = known_text(value)
        if isinstance(value, (Unknown, Absent, ListValue, MapValue)) and text is None:
            return list(self._resources)
        if value.assumed or (isinstance(value, Unknown) and not value.present):
            return list(self._resources)
        found = {*self._open}
        if text is not None:
            found.update(self._texts.get(text, ()), self._referring)
        if isinstance(value, Reference):
            found.update(self._references.get(value.address, ()))
            if text is None:
                found.update(self._known)
        return self._of(found)

    def with_text(self, text: str) -> list[Resource]:
        """The resources whose property may be known to be a text."""
        return self._of({*self._open, *self._texts.get(text, ())})

    def _of(self, positions: Iterable[int]) -> list[Resource]:
        return [self._resources[position] for position in sorted(positions)]
