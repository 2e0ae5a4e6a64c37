"""Values whose lines have moved: what reading the same text further down would give."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

T = TypeVar("T")

_PLAIN = frozenset({str, int, float, bool, type(None), frozenset})


class ImmovableError(Exception):
    """A value of a kind that is not known to be all content and places."""


class Shift(NamedTuple):
    """From a line of a source on, by its former number, everything has moved down by some lines."""

    path: str
    start: int
    by: int

    def of(self, value: T) -> T:
        """The value at its new place; the same one where nothing in it has moved. Raises ImmovableError."""
        return self._moved(value) if self.by else value

    def _moved(self, value: Any) -> Any:
        kind = value.__class__
        if kind is Span:
            path, line, column, end_line, end_column = value
            if path != self.path or end_line < self.start:
                return value
            if line < self.start:
                raise ImmovableError  # what moved is a part of it
            return Span(path, line + self.by, column, end_line + self.by, end_column)
        if kind in _PLAIN:
            return value
        if kind is dict:
            return self._moved_map(value)
        if kind is tuple or "_fields" in vars(kind):
            moved = [self._moved(each) for each in value]
            for one, other in zip(moved, value, strict=True):
                if one is not other:
                    return tuple.__new__(kind, moved)
            return value
        if isinstance(value, Enum):
            return value
        raise ImmovableError

    def _moved_map(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        moved = {key: self._moved(each) for key, each in value.items()}
        return moved if any(moved[key] is not each for key, each in value.items()) else value
