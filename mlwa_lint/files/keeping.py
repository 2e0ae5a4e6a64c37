"""Keeps what was made of the content of files, for who reads the same files again after each keystroke."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

# So many bytes of sources are kept parsed; beyond, all is forgotten and begun again.
SIZE_LIMIT = 50_000_000

T = TypeVar("T")


class Kept:
    """What was made of contents, by kind and path: the last content of each."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], tuple[bytes, Any]] = {}
        self._size = 0

    def get(self, kind: str, path: str, content: bytes, make: Callable[[], Any]) -> Any:
        """What `make` makes of a content, or made of the same content at this path before."""
        found = self._made.get((kind, path))
        if found is not None and found[0] == content:
            return found[1]
        self._size += len(content) - (0 if found is None else len(found[0]))
        if self._size > SIZE_LIMIT:
            self._made.clear()
            self._size = len(content)
        made = make()
        self._made[kind, path] = (content, made)
        return made


_kept: Kept | None = None


@contextmanager
def keeping(kept: Kept) -> Iterator[None]:
    """Keeps what is made of contents inside the block, and takes what was kept."""
    global _kept
    before, _kept = _kept, kept
    try:
        yield
    finally:
        _kept = before


def made_of(kind: str, path: str, content: bytes, make: Callable[[], T]) -> T:
    """What is made of a content, which nobody may change: from memory where somebody keeps it."""
    if _kept is None:
        return make()
    found: T = _kept.get(kind, path, content, make)
    return found
