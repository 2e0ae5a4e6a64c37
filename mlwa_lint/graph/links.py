"""Resources with a relation to another one, and why there may be more of them."""

from collections.abc import Callable, Iterator

from mlwa_lint.graph.edges import Edge
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import NO, REASONS_LIMIT, YES, Answer, every, some
from mlwa_lint.model.resources import Resource
from mlwa_lint.startup.records import NamedTuple


class Related(NamedTuple):
    """A resource at the other end of an edge, and the edge."""

    resource: ResourceView
    edge: Edge


class Links:
    """Resources with a relation to another, and why there may be more of them.

    possible: the resources that may be among them, as what they relate to is not known, and why; with the
    other reasons. None where such resources are not known themselves.
    """

    def __init__(
        self,
        related: tuple[Related, ...],
        unknown: tuple[str, ...],
        possible: "Callable[[], Possible | None] | None" = None,
    ) -> None:
        self.related = related
        self.unknown = unknown
        self._possible = possible

    def __iter__(self) -> Iterator[ResourceView]:
        """The resources that are certainly in the relation, each once."""
        return iter(dict.fromkeys(each.resource for each in self.related))

    def __len__(self) -> int:
        return len(dict.fromkeys(each.resource.address for each in self.related))

    def exist(self) -> Answer:
        """Whether there is at least one."""
        if self.related:
            return YES
        return self._open()[0] if self.unknown else NO

    def _open(self) -> list[Answer]:
        """That there may be more of them, with as many reasons as anyone reads."""
        return [Answer("undecided", self.unknown[:REASONS_LIMIT])] if self.unknown else []

    def any(self, question: Callable[[ResourceView], Answer]) -> Answer:
        """Whether a question is answered YES for at least one; undecided while others may exist.

        What is certainly answered NO for a resource does not depend on what that relates to.
        """
        known = some(map(question, self._mattering(question, "no")))
        return known if known.verdict == "yes" else some([known, *self.open_to(question, "no")])

    def all(self, question: Callable[[ResourceView], Answer]) -> Answer:
        """Whether a question is answered YES for all (YES for none)."""
        known = every(map(question, self._mattering(question, "yes")))
        return known if known.verdict == "no" else every([known, *self.open_to(question, "yes")])

    def _mattering(self, question: Callable[[ResourceView], Answer], neutral: str) -> Iterator[ResourceView]:
        """Those of which the answer to a question may matter, where one answer is neutral."""
        return iter(self)

    def open_to(self, question: Callable[[ResourceView], Answer], settled: str) -> list[Answer]:
        """That there may be more of them with another answer than the one that settles nothing.

        A resource that may be in the relation leaves nothing open where the question about it is settled.
        """
        found = self._possible() if self.unknown and self._possible is not None else None
        if found is None:
            return self._open()
        reasons = [reason for view, reason in found.views if question(view).verdict != settled]
        reasons += found.reasons
        return [Answer("undecided", tuple(dict.fromkeys(reasons))[:REASONS_LIMIT])] if reasons else []


class Unread(Links):
    """The same where the guards of what is related are read when it is known that they matter."""

    def __init__(
        self,
        edges: "list[tuple[Edge, Resource]]",
        unknown: tuple[str, ...],
        world: World,
        possible: "Callable[[], Possible | None] | None" = None,
    ) -> None:
        self.unknown = unknown
        self._possible = possible
        self.edges = edges
        self._world = world
        self._related: tuple[Related, ...] | None = None

    @property
    def related(self) -> tuple[Related, ...]:  # type: ignore[override]
        """All of them, for which all guards are read."""
        if self._related is None:
            self._related = tuple(
                Related(ResourceView(other, self._world), edge)
                for edge, other in self.edges
                if self._world.admits(edge.guards) and self._world.admits(other.guards)
            )
        return self._related

    def _mattering(self, question: Callable[[ResourceView], Answer], neutral: str) -> Iterator[ResourceView]:
        """All but those that certainly have the neutral answer where they exist."""
        world, seen = self._world, set[str]()
        for edge, other in self.edges:
            if other.address in seen:
                continue
            guards = (*edge.guards, *other.guards)

            def look(beside: World, other: Resource = other) -> bool:
                return question(ResourceView(other, beside)).verdict == neutral

            if not (guards and world.settles(guards, look)) and world.admits(guards):
                seen.add(other.address)
                yield ResourceView(other, world)


class Possible(NamedTuple):
    """Resources that may be in a relation, each with the reason, and the reasons for more of them."""

    views: tuple[tuple[ResourceView, str], ...]
    reasons: tuple[str, ...]
