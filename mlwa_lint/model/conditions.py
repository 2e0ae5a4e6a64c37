"""Conditions on which a value or a resource depends, and which of them can hold together."""

from collections.abc import Mapping
from typing import Protocol

from mlwa_lint.startup.records import NamedTuple


class Condition(NamedTuple):
    """A yes/no fact that is open before deployment.

    `name` is unique within a project and is its identity; `text` is how the user wrote it
    (`IsProd`, `var.create_alarms`). `default` is its truth when every parameter keeps its default,
    None when that is not known. An `opaque` condition is not a scenario that the author wrote down but
    mere ignorance (`count = var.n`): what holds under only one of its two answers is undecided.
    `prompted`: whether a person answers it while the program runs (`input("Continue? ")`).
    """

    name: str
    text: str
    default: bool | None = None
    opaque: bool = False
    prompted: bool = False


class Guard(NamedTuple):
    """A condition together with the answer under which something holds."""

    condition: Condition
    holds: bool


class Scenarios(Protocol):
    """Decides which combinations of condition answers can occur in one deployment."""

    def possible(self, answers: Mapping[str, bool]) -> bool:
        """Whether conditions (by name) can have these answers together; True when not known.

        Assumptions count as conditions too. Raises TooManyScenariosError where it would take too long.
        """
        ...


class TooManyScenariosError(Exception):
    """Whether some answers can occur together would take too long to find out."""


class AnyScenario:
    """Every combination is possible: the conditions are independent of each other."""

    def possible(self, answers: Mapping[str, bool]) -> bool:
        """Always true."""
        return True
