"""The meaning of conditions, as formulas over parameter values, and which formulas can hold together."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, Union

from mlwa_lint.startup.records import NamedTuple


class Is(NamedTuple):
    """A variable has a value."""

    variable: str
    value: str


class Same(NamedTuple):
    """Two variables have the same value."""

    left: str
    right: str
    sign: str = "="  # records are compared by their fields alone: without it, it would equal an Is


class Open(NamedTuple):
    """A fact that nothing is known of; equal keys mean the same fact."""

    key: str


class Not(NamedTuple):
    """The opposite."""

    operand: "Formula"


class And(NamedTuple):
    """All of them."""

    operands: "tuple[Formula, ...]"
    sign: str = "and"  # without it, it would equal an Or of the same operands


class Or(NamedTuple):
    """At least one of them."""

    operands: "tuple[Formula, ...]"


Formula: TypeAlias = Union[bool, Is, Same, Open, Not, And, Or]
Assignment: TypeAlias = dict[str, str]


def negation(formula: Formula) -> Formula:
    """The opposite of a formula."""
    if isinstance(formula, bool):
        return not formula
    return formula.operand if isinstance(formula, Not) else Not(formula)


def conjunction(formulas: Iterable[Formula]) -> Formula:
    """All of them, simplified: a variable that has a value has no other."""
    kept: dict[Formula, None] = {}
    for formula in formulas:
        kept.update(dict.fromkeys(formula.operands if isinstance(formula, And) else (formula,)))
    kept.pop(True, None)
    values: dict[str, str] = {}
    for formula in kept:
        if isinstance(formula, Is) and values.setdefault(formula.variable, formula.value) != formula.value:
            return False
    found: list[Formula] = []
    for formula in kept:
        if formula is False or negation(formula) in kept:
            return False
        inner = formula.operand if isinstance(formula, Not) else None
        # That it has a value implies that it has no other.
        if not isinstance(inner, Is) or values.get(inner.variable, inner.value) == inner.value:
            found.append(formula)
    return True if not found else found[0] if len(found) == 1 else And(tuple(found))


def disjunction(formulas: Iterable[Formula]) -> Formula:
    """At least one of them, simplified."""
    kept: dict[Formula, None] = {}
    for formula in formulas:
        kept.update(dict.fromkeys(formula.operands if isinstance(formula, Or) else (formula,)))
    kept.pop(False, None)
    if any(formula is True or negation(formula) in kept for formula in kept):
        return True
    return False if not kept else next(iter(kept)) if len(kept) == 1 else Or(tuple(kept))


def truth(formula: Formula, values: Mapping[str, str]) -> bool | None:
    """Whether a formula holds, given the values of some variables; None when they leave it open."""
    return Truth(values, None).of(formula)


def variables(formula: Formula) -> Iterator[str]:
    """The variables and open facts of a formula."""
    if isinstance(formula, Is):
        yield formula.variable
    elif isinstance(formula, Same):
        yield formula.left
        yield formula.right
    elif isinstance(formula, Open):
        yield fact_of(formula.key)
    elif isinstance(formula, Not):
        yield from variables(formula.operand)
    elif isinstance(formula, (And, Or)):
        for operand in formula.operands:
            yield from variables(operand)


def fits(formula: Formula, limit: int) -> bool:
    """Whether a formula has no more parts than a limit."""
    waiting, count = [formula], 0
    while waiting:
        count += 1
        if count > limit:
            return False
        part = waiting.pop()
        if isinstance(part, Not):
            waiting.append(part.operand)
        elif isinstance(part, (And, Or)):
            waiting += part.operands
    return True


class GaveUpError(Exception):
    """A search that would take too long."""


class Truth:
    """Evaluation in three-valued logic, which counts its work."""

    def __init__(self, values: Mapping[str, str], left: list[int] | None) -> None:
        self._values = values
        self._left = left

    def of(self, formula: Formula) -> bool | None:
        """Whether a formula holds; None where it is open."""
        # By class, not by isinstance: searches come here hundreds of thousands of times.
        kind = formula.__class__
        if kind is bool:
            return formula  # type: ignore[return-value]
        left = self._left
        if left is not None:
            left[0] -= 1
            if left[0] < 0:
                raise GaveUpError
        if kind is Is:
            name: str = formula[0]  # type: ignore[index, assignment]
            value = self._values.get(name)
            return None if value is None else value == formula[1]  # type: ignore[index, misc]
        if kind is And or kind is Or:
            decisive = kind is Or
            answer: bool | None = not decisive
            of = self.of
            operands: tuple[Formula, ...] = formula[0]  # type: ignore[index, assignment]
            for operand in operands:
                found = of(operand)
                if found is decisive:
                    return decisive
                if found is None:
                    answer = None
            return answer
        if isinstance(formula, Not):
            inner = self.of(formula.operand)
            return None if inner is None else not inner
        if isinstance(formula, Open):
            fact = self._values.get(fact_of(formula.key))
            return None if fact is None else fact == "true"
        assert isinstance(formula, Same)
        first, second = self._values.get(formula.left), self._values.get(formula.right)
        return None if first is None or second is None else first == second


# No template can write this: it represents an open fact.
FACT = "\x00fact "


def fact_of(key: str) -> str:
    """The variable of an open fact, which is `true` or `false`."""
    return FACT + key
