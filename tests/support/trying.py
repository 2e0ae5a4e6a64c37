"""Which examples are tried in another form, and how what rules come to for both is compared."""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from mlwa_lint.engine.check import Outcome

# Where it is set, all examples are tried that can be written in a form.
ALL_EXAMPLES = "MLWA_LINT_ALL_EXAMPLES"

_Tried = TypeVar("_Tried")


def are_all_tried() -> bool:
    return bool(os.environ.get(ALL_EXAMPLES))


def limit(number: int) -> int | None:
    """How many examples are tried of each form."""
    return None if are_all_tried() else number


def shuffled(examples: Iterable[_Tried], name: Callable[[_Tried], str]) -> list[_Tried]:
    """Examples in an order that their names alone give."""
    return sorted(examples, key=lambda each: hashlib.sha256(name(each).encode()).digest())


def results_of(outcome: Outcome, name: Callable[[str], str]) -> Counter[tuple[str, ...]]:
    """Codes, resources and severities; what is left undecided has none."""
    assert not outcome.errors, outcome.errors
    found = [(each.code, name(each.address), each.severity) for each in outcome.findings]
    undecided = [(each.code, name(each.address), "") for each in outcome.undecided]
    return Counter([*found, *undecided])


def changes(
    before: Counter[tuple[str, ...]], after: Counter[tuple[str, ...]]
) -> list[tuple[str, tuple[str, ...]]]:
    """What is missing and what is new."""
    return [
        (sign, each)
        for sign, lines in (("-", before - after), ("+", after - before))
        for each in sorted(lines)
    ]
