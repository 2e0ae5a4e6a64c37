"""Values by how their texts begin: which of them may be the same as one, without comparing it with each."""

from collections.abc import Iterator
from itertools import islice
from typing import Generic, TypeVar

from mlwa_lint.model.partial_texts import TextPiece, pieces
from mlwa_lint.model.values import Value

T = TypeVar("T")
# So many characters of texts tell them apart; what differs only further on is compared.
_COMPARED = 200


class _Node(Generic[T]):
    """What begins alike, up to some piece of it."""

    __slots__ = ("following", "here", "open")

    def __init__(self) -> None:
        self.here: list[T] = []
        self.following: dict[TextPiece, _Node[T]] = {}
        self.open: list[_Node[T]] = []

    def all(self) -> Iterator[T]:
        """All that begins like this."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield from node.here
            pending += node.following.values()


class Beginnings(Generic[T]):
    """Things by the texts that belong to them, of which not every piece has to be known."""

    def __init__(self) -> None:
        self._root = _Node[T]()

    def add(self, value: Value, thing: T) -> None:
        """Adds something that belongs to a value."""
        node = self._root
        for piece in islice(pieces(value), _COMPARED):
            found = node.following.get(piece)
            if found is None:
                found = node.following[piece] = _Node()
                if not piece.known:
                    node.open.append(found)
            node = found
        node.here.append(thing)

    def like(self, value: Value) -> Iterator[T]:
        """What may belong to the same text: all but what certainly begins in another way."""
        node = self._root
        for piece in islice(pieces(value), _COMPARED):
            yield from node.here
            alike = node.following.get(piece) if piece.text else None
            others = node.open if piece.known else node.following.values()
            for other in others:
                if other is not alike:
                    yield from other.all()
            if alike is None:
                return
            node = alike
        yield from node.all()
