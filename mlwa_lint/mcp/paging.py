"""Long responses in pages: a cursor marks where the next one starts."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from mlwa_lint.errors import UserError
from mlwa_lint.startup.records import NamedTuple

LIMIT = 50
LARGEST = 200

T = TypeVar("T")


class ResultPage(NamedTuple, Generic[T]):
    """Some of many items. next_cursor: where the next ones begin; None after the last."""

    items: tuple[T, ...]
    total: int
    next_cursor: str | None


def piece(items: Sequence[T], cursor: str | None, limit: int) -> ResultPage[T]:
    """The items from a cursor on. Raises UserError for a cursor that no response contained."""
    start = 0
    if cursor:
        if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 9:
            raise UserError(f"cursor {cursor[:20]!r}: not one that an answer gave")
        start = int(cursor)
    end = start + min(max(limit, 1), LARGEST)
    return ResultPage(tuple(items[start:end]), len(items), str(end) if end < len(items) else None)
