"""The meaning of conditions, as formulas over parameter values, and which formulas can hold together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, Union

from mlwa_lint.model.budget import budget
from mlwa_lint.startup.records import NamedTuple

# How many parts of formulas one search may visit; ordinary templates need a few hundred.
WORK_LIMIT = 200_000


class Is(NamedTuple):
    """A variable has a value."""

    variable: str
    value: str


class Same(NamedTuple):
    """Two variables have the same value."""

    left: str
    right: str


class Open(NamedTuple):
    """A fact that nothing is known of; equal keys mean the same fact."""

    key: str


class Not(NamedTuple):
    """The opposite."""

    operand: "Formula"


class And(NamedTuple):
    """All of them."""

    operands: "tuple[Formula, ...]"


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
    return _Truth(values, None).of(formula)


def variables(formula: Formula) -> Iterator[str]:
    """The variables and open facts of a formula."""
    if isinstance(formula, Is):
        yield formula.variable
    elif isinstance(formula, Same):
        yield from formula
    elif isinstance(formula, Open):
        yield _fact(formula.key)
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


class _Truth:
    """Evaluation in three-valued logic, which counts its work."""

    def __init__(self, values: Mapping[str, str], left: list[int] | None) -> None:
        self._values = values
        self._left = left

    def of(self, formula: Formula) -> bool | None:
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
            name, wanted = formula  # type: ignore[misc]
            value = self._values.get(name)
            return None if value is None else value == wanted
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
            fact = self._values.get(_fact(formula.key))
            return None if fact is None else fact == "true"
        assert isinstance(formula, Same)
        first, second = self._values.get(formula.left), self._values.get(formula.right)
        return None if first is None or second is None else first == second


class Solver:
    """Decides which formulas can hold together, given what always holds.

    finite: the values of variables that have no others; any other variable can be anything.
    """

    def __init__(self) -> None:
        self.finite: dict[str, tuple[str, ...]] = {}
        self._constraints: list[Formula] = []
        self._about: dict[str, list[int]] = {}
        self._variables: dict[int, tuple[Formula, tuple[str, ...]]] = {}
        self._answers: dict[tuple[Formula, ...], bool | None] = {}

    def constrain(self, formulas: Sequence[Formula]) -> None:
        """Adds what always holds. What nothing can fulfil (Rules that the given values break) is left out."""
        kept: list[Formula] = [formula for formula in formulas if not isinstance(formula, bool)]
        if not self._consistent(kept):
            some: list[Formula] = []
            for formula in kept:
                if self._consistent([*some, formula]):
                    some.append(formula)
            kept = some
        for formula in kept:
            for name in self._variables_of(formula):
                self._about.setdefault(name, []).append(len(self._constraints))
            self._constraints.append(formula)
        if kept:
            self._answers.clear()

    def _consistent(self, formulas: Sequence[Formula]) -> bool:
        try:
            return not formulas or self.satisfiable(formulas)
        except GaveUpError:
            return True

    def satisfiable(self, wanted: Sequence[Formula]) -> bool:
        """Whether some values make all of them true. Raises GaveUpError when it takes too long.

        Formulas that share no variable, directly or through others, are solved separately, and what each
        part came to is remembered: most questions of a run differ from another one in a single part.
        """
        conjuncts: dict[Formula, None] = {}
        for formula in wanted:
            conjuncts.update(dict.fromkeys(formula.operands if isinstance(formula, And) else (formula,)))
        conjuncts.pop(True, None)
        if False in conjuncts:
            return False
        return all(self._part_holds(part) for part in self._parts(list(conjuncts)))

    def _part_holds(self, part: tuple[Formula, ...]) -> bool:
        if part not in self._answers:
            self._answers[part] = self._solved(list(part))
        found = self._answers[part]
        if found is None:
            raise GaveUpError
        return found

    def _solved(self, formulas: list[Formula]) -> bool | None:
        """Whether the formulas of one part can hold together; None when deciding takes too long."""
        left = [WORK_LIMIT]
        try:
            domains = self._domains(formulas)
            values = _stated(formulas, domains)
            found: bool | None = values is not None and self._search(formulas, values, domains, left)
        except GaveUpError:
            found = None
        return None if budget().for_work(WORK_LIMIT - max(left[0], 0)) else found

    def _parts(self, wanted: list[Formula]) -> Iterator[tuple[Formula, ...]]:
        """The formulas with the constraints that concern them, in parts that share no variable."""
        by_name: dict[str, list[int]] = {}
        for position, formula in enumerate(wanted):
            for name in self._variables_of(formula):
                by_name.setdefault(name, []).append(position)
        used: set[int] = set()
        for first in range(len(wanted)):
            if first in used:
                continue
            used.add(first)
            own, limits = [first], set[int]()
            names = dict.fromkeys(self._variables_of(wanted[first]))
            waiting = list(names)
            while waiting:
                name = waiting.pop()
                further: list[Formula] = []
                for position in by_name.get(name, ()):
                    if position not in used:
                        used.add(position)
                        own.append(position)
                        further.append(wanted[position])
                for position in self._about.get(name, ()):
                    if position not in limits:
                        limits.add(position)
                        further.append(self._constraints[position])
                for formula in further:
                    for each in self._variables_of(formula):
                        if each not in names:
                            names[each] = None
                            waiting.append(each)
            # In a fixed order, so that every run does the same, and equal parts are the same.
            yield (
                *(wanted[each] for each in sorted(own)),
                *(self._constraints[each] for each in sorted(limits)),
            )

    def _variables_of(self, formula: Formula) -> tuple[str, ...]:
        found = self._variables.get(id(formula))
        if found is None:
            found = self._variables[id(formula)] = (formula, tuple(dict.fromkeys(variables(formula))))
        return found[1]

    def _search(
        self,
        formulas: list[Formula],
        values: Assignment,
        domains: Mapping[str, tuple[str, ...]],
        left: list[int],
    ) -> bool:
        evaluate = _Truth(values, left)
        undecided: list[Formula] = []
        for formula in formulas:
            found = evaluate.of(formula)
            if found is False:
                return False
            if found is None:
                undecided.append(formula)
        if not undecided:
            return True
        # The most constrained variable first; in a fixed order, so that every run does the same.
        names: dict[str, None] = {}
        for formula in undecided:
            names.update(dict.fromkeys(self._variables_of(formula)))
        for each in values:
            names.pop(each, None)
        name = min(names, key=lambda each: len(domains[each]))
        return any(self._search(undecided, {**values, name: value}, domains, left) for value in domains[name])

    def _domains(self, formulas: Iterable[Formula]) -> dict[str, tuple[str, ...]]:
        """The values worth trying: those that something compares with, and one that is like no other.

        Variables that are compared with each other share their values, and there is one value like no
        other for each of them, so that they can all differ.
        """
        constants: dict[str, dict[str, None]] = {}
        groups: dict[str, set[str]] = {}
        for atom in _atoms(formulas):
            if isinstance(atom, Is):
                constants.setdefault(atom.variable, {})[atom.value] = None
            elif isinstance(atom, Same):
                union = groups.get(atom.left, {atom.left}) | groups.get(atom.right, {atom.right})
                groups.update(dict.fromkeys(union, union))
        domains: dict[str, tuple[str, ...]] = {}
        for name in dict.fromkeys(v for formula in formulas for v in self._variables_of(formula)):
            if name.startswith(_FACT):
                domains[name] = ("true", "false")
            elif name in self.finite:
                domains[name] = self.finite[name]
            else:
                group = sorted(groups.get(name, {name}))
                values = dict.fromkeys(v for each in group for v in constants.get(each, {}))
                values |= dict.fromkeys(v for each in group for v in self.finite.get(each, ()))
                domains[name] = (*values, *(f"{_OTHER}{each}" for each in group))
        return domains


# No template can write these: they represent an open fact, and a value that nothing mentions.
_FACT, _OTHER = "\x00fact ", "\x00other than all, "


def _fact(key: str) -> str:
    return _FACT + key


def _stated(formulas: Iterable[Formula], domains: dict[str, tuple[str, ...]]) -> Assignment | None:
    """The values that formulas state outright, None where these contradict; takes away what they exclude."""
    values: Assignment = {}
    for formula in formulas:
        denied = isinstance(formula, Not)
        atom = formula.operand if isinstance(formula, Not) else formula
        if isinstance(atom, Is):
            name, value = atom
        elif isinstance(atom, Open):
            name, value = _fact(atom.key), "true"
        else:
            continue
        possible = domains[name]
        domains[name] = tuple(each for each in possible if (each == value) != denied)
        if not domains[name]:
            return None
        if len(domains[name]) == 1:
            values[name] = domains[name][0]
    return values


def _atoms(formulas: Iterable[Formula]) -> Iterator[Formula]:
    for formula in formulas:
        if isinstance(formula, Not):
            yield from _atoms((formula.operand,))
        elif isinstance(formula, (And, Or)):
            yield from _atoms(formula.operands)
        else:
            yield formula
