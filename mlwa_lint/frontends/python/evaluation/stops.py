"""Where a program certainly stops: at a name that nothing gives."""

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from mlwa_lint.frontends.python.evaluation.values import CONDITION_KEY
from mlwa_lint.frontends.python.limits import EXCLUSIONS_LIMIT, REFUSALS_LIMIT
from mlwa_lint.frontends.python.syntax.source import PythonSource
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.values import Unknown
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_NUMBERED = lazy(r"#([0-9]{1,9})")


class _Begun(NamedTuple):
    """A function that is a starting point: what was known before it, and what is its own."""

    function: str
    number: int
    values: frozenset[str]
    is_alone: bool


class Stops:
    """The errors that end a program. What is tried, or may be skipped, ends nothing."""

    def __init__(self) -> None:
        # The starting point, the guards there, and the name that is not defined.
        self._found: list[tuple[int, frozenset[Guard], str]] = []
        # Names that nothing gives, by the module in which they are used: each is always the same value.
        self.missing: dict[tuple[int, str], Unknown] = {}
        self._depth = 0
        self._caught = 0
        # Answers of conditions with which the program goes no further, by their names.
        self.refused: set[frozenset[tuple[str, bool]]] = set()
        # Those that cannot hold together.
        self.excluded: set[frozenset[tuple[str, bool]]] = set()
        # The starting points from which something has been created already.
        self._creating: set[int] = set()
        # The functions that are starting points: the others are shared by all of them.
        self._begun: dict[int, _Begun] = {}

    def note(self, node: ast.Name, source: PythonSource, entry: int, guards: Iterable[Guard]) -> None:
        """Notes the use of a name that was not given before: an error where the file gives it nowhere."""
        if not self._depth and source.certainly_lacks(node.id):
            self._found.append((entry, frozenset(guards), node.id))

    @contextmanager
    def uncertainly(self, caught: bool = True) -> Iterator[None]:
        """What happens inside may not happen, or may fail without an end of the program.

        caught: whether the program goes on after an error inside.
        """
        self._depth += 1
        self._caught += caught
        try:
            yield
        finally:
            self._depth -= 1
            self._caught -= caught

    def begin(self, entry: int, function: str, number: int, values: Iterable[object]) -> None:
        """Notes a function as a further starting point, with the number of the last identity before it and
        what is handed to it.
        """
        own = {each.identity for each in values if isinstance(each, Unknown) and each.identity[:1] == "#"}
        # Two functions of one name, as methods are, have conditions about their defaults in common.
        is_alone = all(each.function != function for each in self._begun.values())
        self._begun[entry] = _Begun(function, number, frozenset(own), is_alone)
        if not is_alone:
            shared = f" in {function}()"
            self.refused = {each for each in self.refused if not any(shared in name for name, _ in each)}

    def created(self, entry: int) -> None:
        """Notes that something is created: what is refused from here on is refused too late for it."""
        self._creating.add(entry)

    def refuse(self, entry: int, guards: Iterable[Guard]) -> None:
        """Notes guards under which the program ends before it creates anything."""
        refused = frozenset((guard.condition.name, guard.holds) for guard in guards)
        if self._caught or entry in self._creating or len(self.refused) >= REFUSALS_LIMIT:
            return
        if any(self._is_own(entry, name) for name, _ in refused):
            self.refused.add(refused)

    def exclude(self, guards: Iterable[Guard]) -> None:
        """Notes guards that cannot hold together: where one of them holds, another is decided."""
        if len(self.excluded) < EXCLUSIONS_LIMIT:
            self.excluded.add(frozenset((guard.condition.name, guard.holds) for guard in guards))

    def _is_own(self, entry: int, name: str) -> bool:
        """Whether a condition is about a value of this starting point: another one may not refuse it."""
        begun = self._begun.get(entry)
        if begun is None:
            return True
        key = name.partition(CONDITION_KEY)[2]
        if begun.is_alone and f" in {begun.function}()" in key:
            return True
        found = _NUMBERED.match(key)
        return found is not None and (found[0] in begun.values or int(found[1]) > begun.number)

    def before(self, entry: int, guards: Iterable[Guard]) -> str:
        """The name at which the program stops before what it does under some guards; empty for none."""
        given = frozenset(guards)
        found = (name for start, needed, name in self._found if start == entry and needed <= given)
        return next(found, "")
