"""Which release of a module a version constraint admits: Terraform installs the newest of them."""

import re
from typing import TypeAlias

from mlwa_lint.startup.patterns import lazy

Release: TypeAlias = tuple[int, ...]

# No release has a number as high.
_ANY = 10**6
NEWEST: Release = (_ANY,)
_CLAUSE = lazy(r"\s*+(~>|>=|<=|!=|>|<|=)?\s*+v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,2})(?:[-+][\w.+-]*)?\s*+$")
_COMMIT = lazy(r"[0-9a-fA-F]{7,40}$")


def newest_admitted(constraint: str) -> Release | None:
    """The newest release that a constraint such as `>= 3.0, < 5.0` admits; None where it is not known."""
    newest = NEWEST
    for clause in constraint.split(",") if constraint.strip() else ():
        match = _CLAUSE.match(clause)
        if match is None:
            return None
        numbers = tuple(int(number) for number in match.group(2).split("."))
        newest = min(newest, _bound(match.group(1) or "=", numbers))
    return newest


def release_of(reference: str) -> Release | None:
    """The release that a reference of Git names: a tag, or a branch; None for a commit."""
    if _CLAUSE.match(reference) and re.match(r"v?[0-9]+\.", reference):
        return newest_admitted(reference)
    return None if _COMMIT.match(reference) else NEWEST


def _bound(operator: str, numbers: Release) -> Release:
    padded = (*numbers, 0, 0)[:3]
    if operator == "~>":
        # All but the last number are fixed: a single one is only a lower bound.
        return (*numbers[:-1], _ANY)
    if operator == "<":
        return _below(padded)
    return padded if operator in ("=", "<=") else NEWEST


def _below(numbers: Release) -> Release:
    for place in (2, 1, 0):
        if numbers[place]:
            return (*numbers[:place], numbers[place] - 1, _ANY)
    return numbers
