"""Possible worlds: a check runs once for every combination of conditions that it actually reads."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from mlwa_lint.model.conditions import Condition, Guard, Scenarios, TooManyScenariosError
from mlwa_lint.model.values import (
    Absent,
    Assumptions,
    Choice,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
)
from mlwa_lint.startup.records import NamedTuple

WORLDS_LIMIT = 64
# Combinations of conditions that one part of a question is asked in, where the whole has too many.
APART_LIMIT = 32
# Second askings of one check that may come to nothing in a row: the same conditions defeat the next one.
FRUITLESS_LIMIT = 3
# Conditions that one check may read in one world: a tree of worlds is as deep.
FORKS_LIMIT = 500

Outcome = TypeVar("Outcome")
Answered = TypeVar("Answered")


class World:
    """One set of answers to open conditions, extended whenever a check reads another one.

    `undecided` collects why a check could not read something at all (an unknown list).
    `splits`: whether questions look first whether conditions matter to them (see `apart`); they do where
    a check has too many worlds otherwise.
    """

    def __init__(self, scenarios: Scenarios, script: Mapping[str, bool], splits: bool = False) -> None:
        self.splits = splits
        self._scenarios = scenarios
        self._script = script
        self.answers: dict[str, bool] = {}
        self.forks: list[tuple[Condition, bool]] = []
        self.undecided: list[str] = []
        self._noted: list[tuple[Condition, bool]] | None = None

    def holds(self, condition: Condition) -> bool:
        """Whether a condition holds in this world; impossible answers are never given."""
        answer = self.answers.get(condition.name)
        if answer is None:
            answer = self.answers[condition.name] = self._answer(condition)
        if self._noted is not None:
            self._noted.append((condition, answer))
        return answer

    def beside(self) -> "World":
        """A copy to look around in: what is read there makes no further worlds, and leaves nothing undecided.

        Conditions that this world has not read are as they are by default; to read one whose default is not
        known raises UnsettledError.
        """
        world = _Beside(self._scenarios, {})
        world.answers.update(self.answers)
        return world

    def noting(self, evaluate: Callable[[], Answered]) -> tuple[Answered, list[tuple[Condition, bool]]]:
        """An answer, and the conditions that are read to find it, in their order."""
        outer, own = self._noted, list[tuple[Condition, bool]]()
        self._noted = own
        try:
            return evaluate(), own
        finally:
            if outer is not None:
                outer += own
            self._noted = outer

    def settles(self, given: Sequence[Guard], look: "Callable[[World], bool]") -> bool:
        """Whether something is so in each world that this one can become where some guards hold.

        Nothing of it is read in this world. It is looked into only where a check has too many worlds: what is
        so whatever holds makes no further ones then.
        """
        if not self.splits:
            return False
        answers = self.answers
        start = {**answers, **{guard.condition.name: guard.holds for guard in given}}
        if any(start[each.condition.name] is not each.holds for each in given):
            return True  # it never exists
        if any(answers.get(each.condition.name, each.holds) is not each.holds for each in given):
            return True
        found = apart(self._scenarios, start, lambda world: look(world) and not world.undecided)
        return found is not None and all(found)

    def _answer(self, condition: Condition) -> bool:
        name = condition.name
        if name in self._script:
            return self._script[name]
        if len(self.forks) >= FORKS_LIMIT:
            raise TooManyScenariosError
        answer = True if condition.default is None else condition.default
        if not self._scenarios.possible({**self.answers, name: answer}):
            answer = not answer
        elif self._scenarios.possible({**self.answers, name: not answer}):
            self.forks.append((condition, answer))
        return answer

    def admits(self, guards: Sequence[Guard]) -> bool:
        """Whether all guards hold in this world; reads no more of them than necessary."""
        return not guards or all(self.holds(condition) is wanted for condition, wanted in guards)

    def allows(self, assumed: Assumptions) -> bool:
        """Whether assumptions can hold in this world: not "the default of Size" where another is given."""
        return not assumed or self._scenarios.possible({**self.answers, **dict.fromkeys(assumed, True)})

    def resolve(self, value: Value) -> Scalar | Absent | Unknown | Reference | ListValue | MapValue:
        """The alternative of a value that this world selects."""
        while isinstance(value, Choice):
            chosen = value.yes if self.holds(value.condition) else value.no
            value = assume(chosen, value.assumed)
        return value


class UnsettledError(Exception):
    """What was read beside a world depends on a condition whose default is not known."""


class _Beside(World):
    def _answer(self, condition: Condition) -> bool:
        known = len(self.forks)
        answer = super()._answer(condition)
        if len(self.forks) > known and (condition.default is None or condition.opaque):
            raise UnsettledError  # at once: many resources, each under a condition, are not all considered
        return answer


class Leaf(NamedTuple, Generic[Outcome]):
    """The result of a check in one world; None where there were too many worlds."""

    outcome: Outcome | None


class Fork(NamedTuple, Generic[Outcome]):
    """What a check came to if a condition holds, and if it does not."""

    condition: Condition
    yes: "WorldTree[Outcome]"
    no: "WorldTree[Outcome]"


WorldTree = Leaf[Outcome] | Fork[Outcome]


class Patience:
    """How often a check has lately been asked a second time, in parts, for nothing."""

    def __init__(self) -> None:
        self._fruitless = 0

    @property
    def is_lost(self) -> bool:
        """Whether it is not asked a second time any more, about whatever is left."""
        return self._fruitless >= FRUITLESS_LIMIT

    def note(self, helped: bool) -> None:
        """Counts one more time."""
        self._fruitless = 0 if helped else self._fruitless + 1


def explore(
    scenarios: Scenarios,
    given: Sequence[Guard],
    check: Callable[[World], Outcome],
    limit: int = WORLDS_LIMIT,
    patience: Patience | None = None,
) -> WorldTree[Outcome] | None:
    """Runs a check in every possible world in which the given guards hold; None if there is none.

    patience: of the same check, about other resources.
    """
    start = {guard.condition.name: guard.holds for guard in given}
    if any(start[guard.condition.name] is not guard.holds for guard in given):
        return None
    try:
        if start and not scenarios.possible(start):
            return None
    except TooManyScenariosError:
        return Leaf(None)
    explorer = _Explorer(scenarios, check, limit)
    tree = explorer.run(start)
    if not explorer.is_exhausted or (patience is not None and patience.is_lost):
        return tree
    splitting = _Explorer(scenarios, check, limit, splits=True)
    split = splitting.run(start)
    if patience is not None:
        patience.note(not splitting.is_exhausted)
    return tree if splitting.is_exhausted else split


def apart(
    scenarios: Scenarios, start: Mapping[str, bool], look: Callable[[World], Answered]
) -> list[Answered] | None:
    """What is found in each world with some answers; None where there are too many of them."""
    try:
        if start and not scenarios.possible(start):
            return []
    except TooManyScenariosError:
        return None
    found = [
        leaf.outcome for leaf in leaves_of(_Explorer(scenarios, look, APART_LIMIT, splits=True).run(start))
    ]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else None


def leaves_of(tree: WorldTree[Outcome]) -> Iterator[Leaf[Outcome]]:
    """What a check came to in each world, in the tree's order."""
    if isinstance(tree, Leaf):
        yield tree
    else:
        yield from leaves_of(tree.yes)
        yield from leaves_of(tree.no)


class _Explorer(Generic[Outcome]):
    """Runs a check in world after world.

    What is found in too many counts as far as it goes, but for worlds that split: there it is all or nothing,
    so that each fork counts at once, and nothing is run any more when they are certain to be too many.
    """

    def __init__(
        self, scenarios: Scenarios, check: Callable[[World], Outcome], limit: int, splits: bool = False
    ) -> None:
        self._scenarios = scenarios
        self._check = check
        self._left = limit
        self._splits = splits
        self.is_exhausted = False

    def run(self, script: Mapping[str, bool]) -> WorldTree[Outcome]:
        if self._left <= 0 or (self._splits and self.is_exhausted):
            self.is_exhausted = True
            return Leaf(None)
        if not self._splits:
            self._left -= 1
        world = World(self._scenarios, script, self._splits)
        world.answers.update(script)
        try:
            tree: WorldTree[Outcome] = Leaf(self._check(world))
        except TooManyScenariosError:
            self.is_exhausted = True
            return Leaf(None)
        if self._splits:
            self._left -= len(world.forks)
        for position in range(len(world.forks) - 1, -1, -1):
            condition, answer = world.forks[position]
            before = dict(script)
            before.update((c.name, a) for c, a in world.forks[:position])
            other = self.run({**before, condition.name: not answer})
            tree = Fork(condition, tree, other) if answer else Fork(condition, other, tree)
        return tree
