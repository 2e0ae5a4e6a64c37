"""The statements that grant a role something, where a check has too many worlds otherwise.

The guards of a policy are read only where one of its statements matters to what is asked.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from mlwa_lint.graph.iam.statements import OpenTo, Statement, Statements
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import Answer, every, some, undecided
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Resource


class UnreadStatements(Statements):
    """The statements of a role; those of policies with guards are read on demand.

    holders: what states them, with the guards under which it does for the role.
    stated:  the statements of a holder in a world.
    """

    def __init__(
        self,
        role: ResourceView,
        holders: Iterable[tuple[Resource, tuple[Guard, ...]]],
        unknown: tuple[str, ...],
        stated: Callable[[ResourceView], Statements],
        beside: tuple[tuple[str, ...], OpenTo],
    ) -> None:
        self._beside = beside
        self._world = role.world
        self._unknown = unknown
        self._stated = stated
        self._known: tuple[Statement, ...] | None = None
        self._all_unknown: tuple[str, ...] | None = None
        found: dict[str, tuple[Resource, tuple[Guard, ...]]] = {}
        for holder, guards in holders:
            before = found.get(holder.address)
            if before is None or (before[1] and not guards):
                found[holder.address] = holder, guards
        self._holders = [(role.resource, ()), *found.values()]

    @property
    def known(self) -> tuple[Statement, ...]:  # type: ignore[override]
        """All that are known, for which all guards are read."""
        if self._known is None:
            self._read()
        assert self._known is not None
        return self._known

    @property
    def unknown(self) -> tuple[str, ...]:  # type: ignore[override]
        """Why there may be more of them."""
        if self._all_unknown is None:
            self._read()
        assert self._all_unknown is not None
        return self._all_unknown

    def _read(self) -> None:
        world = self._world
        found = [self._of(holder, world) for holder, guards in self._holders if world.admits(guards)]
        self._known = tuple(statement for each in found for statement in each.known)
        reasons = (*self._unknown, *(reason for each in found for reason in each.unknown))
        self._all_unknown = tuple(dict.fromkeys(reasons))

    def is_empty(self) -> bool:
        """Whether there certainly is none; what is always there is looked at first."""
        world = self._world
        for holder, guards in sorted(self._holders, key=lambda each: bool(each[1])):
            if world.admits(guards):
                stated = self._of(holder, world)
                if stated.known or stated.unknown:
                    return False
        return not self._unknown

    def candidates(self, question: Callable[[Statement], Answer]) -> Statements:
        """The same as of others."""
        kept = list[Statement]()
        unknown = [reason for each in self._open(question, "no") for reason in each.reasons]
        for each in self._mattering(question, "no"):
            kept += [statement for statement in each.known if question(statement).verdict != "no"]
            unknown += each.unknown
        return Statements(kept, unknown, self._world)

    def any(self, question: Callable[[Statement], Answer]) -> Answer:
        """The same as of others."""
        found = [each.any(question) for each in self._mattering(question, "no")]
        return some([*found, *self._open(question, "no")])

    def any_known(self, question: Callable[[Statement], Answer]) -> Answer:
        """The same as of others."""
        return some(each.any_known(question) for each in self._mattering(question, "no"))

    def all(self, question: Callable[[Statement], Answer]) -> Answer:
        """The same as of others."""
        found = [each.all(question) for each in self._mattering(question, "yes")]
        return every([*found, *self._open(question, "yes")])

    def _open(self, question: Callable[[Statement], Answer], settled: Literal["yes", "no"]) -> list[Answer]:
        assert self._beside is not None
        reasons, evaluate = self._beside
        return [
            *(undecided(each) for each in self._unknown if each not in reasons),
            *evaluate(question, settled),
        ]

    def _mattering(self, question: Callable[[Statement], Answer], neutral: str) -> Iterator[Statements]:
        """The statements of each holder, without those that change nothing where they exist."""
        for holder, guards in self._holders:

            def look(beside: World, holder: Resource = holder) -> bool:
                stated = self._of(holder, beside)
                return not stated.unknown and all(question(each).verdict == neutral for each in stated.known)

            if not self._world.settles(guards, look) and self._world.admits(guards):
                yield self._of(holder, self._world)

    def _of(self, holder: Resource, world: World) -> Statements:
        return self._stated(ResourceView(holder, world))
