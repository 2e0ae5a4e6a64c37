"""Keeps what was made of files, for readers of the same files after each keystroke.

What is made of a file's content alone is kept with the content. Who can make something new of what he made
before keeps that in a memory of his own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.model.shifting import Shift

# So many bytes of sources are kept parsed; beyond, all is forgotten and begun again.
SIZE_LIMIT = 50_000_000

# So many files' readers remember something; beyond, all is forgotten and begun again.
MEMORIES_LIMIT = 200

T = TypeVar("T")


class Continued(NamedTuple):
    """Something new that is what was there before, moved."""

    new: Any
    old: Any
    shift: "Shift"


class Kept:
    """What was made of contents, by kind and path: the last content of each."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], tuple[bytes, Any]] = {}
        self._memories: dict[type, dict[str, Any]] = {}
        self._size = 0
        self.continued: dict[int, Continued] = {}

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

    def memory(self, kind: type[T], name: str) -> T:
        """What some reader remembers under a name; an empty memory the first time."""
        memories = self._memories.setdefault(kind, {})
        if name not in memories:
            if len(memories) == MEMORIES_LIMIT:
                memories.clear()
            memories[name] = kind()
        found: T = memories[name]
        return found


_kept: Kept | None = None


@contextmanager
def keeping(kept: Kept) -> Iterator[None]:
    """Keeps what is made of contents inside the block, and takes what was kept."""
    global _kept
    before, _kept = _kept, kept
    kept.continued = {}
    try:
        yield
    finally:
        _kept = before


def made_of(kind: str, path: str, content: bytes, make: Callable[[], T]) -> T:
    """What is made of a content, and must not be changed: from memory where it is kept."""
    if _kept is None:
        return make()
    found: T = _kept.get(kind, path, content, make)
    return found


def memory_of(kind: type[T], name: str) -> T | None:
    """What a reader remembers under a name; None where nothing is kept."""
    return None if _kept is None else _kept.memory(kind, name)


def continued(old: T, new: T, shift: "Shift") -> None:
    """Notes that something new is what was there before, moved."""
    if _kept is not None and new is not old:
        _kept.continued[id(new)] = Continued(new, old, shift)


def continues(new: Any) -> Continued | None:
    """What something is known to continue."""
    return None if _kept is None else _kept.continued.get(id(new))


def is_kept() -> bool:
    """Whether results are kept: files are read again and again."""
    return _kept is not None
