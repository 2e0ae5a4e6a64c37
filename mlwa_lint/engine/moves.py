"""How lines have moved in sources that were edited, and whether values are the same but for that."""

from collections.abc import Mapping
from typing import Any

from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple


class _Move(NamedTuple):
    """From which line on, as they were numbered before, and by how many lines."""

    start: int
    by: int


class Moves:
    """The moves of lines in some sources; false where nothing moved."""

    def __init__(self, texts: Mapping[str, tuple[str, str]]) -> None:
        """texts: by path, before and now."""
        found = {path: _move(before, now) for path, (before, now) in texts.items() if before != now}
        self._moves = {path: move for path, move in found.items() if move.by}

    def __bool__(self) -> bool:
        return bool(self._moves)

    def of(self, span: Span) -> Span:
        """Where a place is now."""
        move = self._moves.get(span.path)
        if move is None or span.end_line < move.start:
            return span
        path, line, column, end_line, end_column = span
        moved = line + move.by if line >= move.start else line
        return Span(path, moved, column, end_line + move.by, end_column)

    def _leads_to(self, one: Span, other: Span) -> bool:
        """Whether a place is another by now."""
        path, line, column, end_line, end_column = one
        move = self._moves.get(path)
        if move is None or end_line < move.start:
            return one == other
        moved = line + move.by if line >= move.start else line
        return other == (path, moved, column, end_line + move.by, end_column)

    def same(self, before: Any, now: Any) -> bool:
        """Whether two values are of the same kinds and content, their places moved along.

        More than equality: `True` and 1 are equal, and so are two records of different kinds.
        """
        waiting = [(before, now)]
        take, put = waiting.pop, waiting.extend
        while waiting:
            one, other = take()
            if one is other:
                continue
            kind = one.__class__
            if kind is not other.__class__:
                return False
            if kind is Span:
                if not self._leads_to(one, other):
                    return False
            elif kind in _PLAIN:
                if one != other:
                    return False
            elif isinstance(one, (tuple, list)) and len(one) == len(other):
                put(zip(one, other, strict=True))
            elif kind is dict and one.keys() == other.keys():
                put((value, other[key]) for key, value in one.items())
            else:  # another member or class, what is created only on demand, or an unknown type
                return False
        return True


_PLAIN = frozenset({str, int, float, bool, type(None), frozenset})


def _move(before: str, now: str) -> _Move:
    old, new = before.split("\n"), now.split("\n")
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return _Move(len(old) - end + 1, len(new) - len(old))
