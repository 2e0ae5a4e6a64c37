"""Where a program certainly stops: at a name that nothing gives."""

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from mlwa_lint.frontends.python.syntax.source import PythonSource
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.values import Unknown


class Stops:
    """The errors that end a program. What is tried, or may be skipped, ends nothing."""

    def __init__(self) -> None:
        # The starting point, the guards there, and the name that is not defined.
        self._found: list[tuple[int, frozenset[Guard], str]] = []
        # Names that nothing gives, by the module in which they are used: each is always the same value.
        self.missing: dict[tuple[int, str], Unknown] = {}
        self._depth = 0

    def note(self, node: ast.Name, source: PythonSource, entry: int, guards: Iterable[Guard]) -> None:
        """Notes the use of a name that was not given before: an error where the file gives it nowhere."""
        if not self._depth and source.certainly_lacks(node.id):
            self._found.append((entry, frozenset(guards), node.id))

    @contextmanager
    def uncertainly(self) -> Iterator[None]:
        """What happens inside may not happen, or may fail without an end of the program."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def before(self, entry: int, guards: Iterable[Guard]) -> str:
        """The name at which the program stops before what it does under some guards; empty for none."""
        given = frozenset(guards)
        found = (name for start, needed, name in self._found if start == entry and needed <= given)
        return next(found, "")
