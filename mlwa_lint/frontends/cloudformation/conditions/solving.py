"""Which formulas can hold together, and the values by which they do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlwa_lint.frontends.cloudformation.conditions.formulas import (
    FACT,
    And,
    Assignment,
    Formula,
    GaveUpError,
    Is,
    Not,
    Open,
    Or,
    Same,
    Truth,
    fact_of,
    negation,
    variables,
)
from mlwa_lint.model.budget import budget

# How many parts of formulas one search may visit; ordinary templates need a few hundred.
WORK_LIMIT = 200_000
# No template can write this: it represents a value that nothing mentions.
_OTHER = "\x00other than all, "


class Solver:
    """Decides which formulas can hold together, given what always holds.

    finite: the values of variables that have no others; any other variable can be anything.
    """

    def __init__(self) -> None:
        self.finite: dict[str, tuple[str, ...]] = {}
        self._constraints: list[Formula] = []
        self._about: dict[str, list[int]] = {}
        self._variables: dict[int, tuple[Formula, tuple[str, ...]]] = {}
        self._conjuncts: dict[int, tuple[Formula, tuple[Formula, ...]]] = {}
        # The values that make a part hold; None where nothing does, and where that takes too long to find.
        self._answers: dict[tuple[Formula, ...], Assignment | None] = {}
        self._given_up: set[tuple[Formula, ...]] = set()

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
        """Whether some values make all of them true. Raises GaveUpError when it takes too long."""
        return self.solution(wanted) is not None

    def solution(self, wanted: Sequence[Formula]) -> Assignment | None:
        """Values that make all of them true, whatever all others are; None where there are none.

        Formulas that share no variable, directly or through others, are solved separately, and what each
        part came to is remembered: most questions of a run differ from another one in a single part.
        """
        conjuncts: dict[Formula, None] = {}
        for formula in wanted:
            conjuncts.update(dict.fromkeys(self._conjuncts_of(formula)))
        simplified = _simplified(conjuncts)
        if simplified is None:
            return None
        values: Assignment = {}
        for part in self._parts(simplified):
            found = self._solution_of(part)
            if found is None:
                return None
            values.update(found)
        return values

    def extended(self, before: Assignment, wanted: Sequence[Formula], added: int) -> Assignment | None:
        """Values that make all of them true, from those that do so for all but one; None if there are none.

        added: its position. Only what it shares variables with, directly or through others, is solved again.
        """
        own, _ = self._part(added, wanted, self._by_name(wanted))
        found = self.solution([wanted[each] for each in sorted(own)])
        return None if found is None else {**before, **found}

    def _conjuncts_of(self, formula: Formula) -> tuple[Formula, ...]:
        found = self._conjuncts.get(id(formula))
        if found is None:
            found = self._conjuncts[id(formula)] = (formula, conjuncts_of(formula))
        return found[1]

    def _solution_of(self, part: tuple[Formula, ...]) -> Assignment | None:
        if part not in self._answers:
            self._answers[part] = self._solved(part)
        if part in self._given_up:
            raise GaveUpError
        return self._answers[part]

    def _solved(self, part: tuple[Formula, ...]) -> Assignment | None:
        """Values by which the formulas of one part hold together."""
        left = [WORK_LIMIT]
        found: Assignment | None = None
        try:
            domains = self._domains(part)
            values = _stated(part, domains)
            found = None if values is None else self._search(part, values, domains, left)
        except GaveUpError:
            self._given_up.add(part)
        if budget().for_work(WORK_LIMIT - max(left[0], 0)):
            self._given_up.add(part)
        return found

    def _parts(self, wanted: Sequence[Formula]) -> Iterator[tuple[Formula, ...]]:
        """The formulas with the constraints that concern them, in parts that share no variable."""
        by_name = self._by_name(wanted)
        used: set[int] = set()
        for first in range(len(wanted)):
            if first in used:
                continue
            own, limits = self._part(first, wanted, by_name)
            used |= own
            # In a fixed order, so that every run does the same, and equal parts are the same.
            yield (
                *(wanted[each] for each in sorted(own)),
                *(self._constraints[each] for each in sorted(limits)),
            )

    def _by_name(self, wanted: Sequence[Formula]) -> dict[str, list[int]]:
        """The positions of the formulas with each variable."""
        by_name: dict[str, list[int]] = {}
        for position, formula in enumerate(wanted):
            for name in self._variables_of(formula):
                by_name.setdefault(name, []).append(position)
        return by_name

    def _part(
        self, first: int, wanted: Sequence[Formula], by_name: Mapping[str, list[int]]
    ) -> tuple[set[int], set[int]]:
        """The positions of the formulas, and of the constraints, that share variables with one formula.

        Directly, or through one another.
        """
        own, limits = {first}, set[int]()
        names = dict.fromkeys(self._variables_of(wanted[first]))
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            further: list[Formula] = []
            for position in by_name.get(name, ()):
                if position not in own:
                    own.add(position)
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
        return own, limits

    def _variables_of(self, formula: Formula) -> tuple[str, ...]:
        found = self._variables.get(id(formula))
        if found is None:
            found = self._variables[id(formula)] = (formula, tuple(dict.fromkeys(variables(formula))))
        return found[1]

    def _search(
        self,
        formulas: Sequence[Formula],
        values: Assignment,
        domains: Mapping[str, tuple[str, ...]],
        left: list[int],
    ) -> Assignment | None:
        evaluate = Truth(values, left)
        undecided: list[Formula] = []
        for formula in formulas:
            found = evaluate.of(formula)
            if found is False:
                return None
            if found is None:
                undecided.append(formula)
        if not undecided:
            return values
        # The most constrained variable first; in a fixed order, so that every run does the same.
        names: dict[str, None] = {}
        for formula in undecided:
            names.update(dict.fromkeys(self._variables_of(formula)))
        for each in values:
            names.pop(each, None)
        name = min(names, key=lambda each: len(domains[each]))
        for value in domains[name]:
            solution = self._search(undecided, {**values, name: value}, domains, left)
            if solution is not None:
                return solution
        return None

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
            if name.startswith(FACT):
                domains[name] = ("true", "false")
            elif name in self.finite:
                domains[name] = self.finite[name]
            else:
                group = sorted(groups.get(name, {name}))
                values = dict.fromkeys(v for each in group for v in constants.get(each, {}))
                values |= dict.fromkeys(v for each in group for v in self.finite.get(each, ()))
                domains[name] = (*values, *(f"{_OTHER}{each}" for each in group))
        return domains


def conjuncts_of(formula: Formula) -> tuple[Formula, ...]:
    """What a formula states that is made of several: all of them, or that none of them holds."""
    if isinstance(formula, And):
        return formula.operands
    if isinstance(formula, Not) and isinstance(formula.operand, Or):
        return tuple(map(negation, formula.operand.operands))
    if isinstance(formula, Not) and isinstance(formula.operand, And):
        return (Or(tuple(map(negation, formula.operand.operands))),)
    return (formula,)


def _simplified(conjuncts: Mapping[Formula, None]) -> list[Formula] | None:
    """Formulas that all have to hold, without those that others imply; None where they exclude one another.

    Conditions that are made of one another, in a chain, leave next to nothing to a search.
    """
    held = dict(conjuncts)
    denied = {formula.operand for formula in conjuncts if isinstance(formula, Not)}
    kept: dict[Formula, None] = {}
    for formula in conjuncts:
        if formula is False or formula in denied:
            return None
        if formula is True:
            continue
        if not isinstance(formula, Or):
            kept[formula] = None
            continue
        if any(each in held for each in formula.operands):
            continue
        left = [each for each in formula.operands if each not in denied and negation(each) not in held]
        if not left:
            return None
        if len(left) > 1:
            kept[formula] = None
            continue
        for each in conjuncts_of(left[0]):
            if each in denied or negation(each) in held:
                return None
            held[each] = kept[each] = None
            if isinstance(each, Not):
                denied.add(each.operand)
    return list(kept)


def _stated(formulas: Iterable[Formula], domains: dict[str, tuple[str, ...]]) -> Assignment | None:
    """The values that formulas state outright, None where these contradict; takes away what they exclude."""
    values: Assignment = {}
    for formula in formulas:
        denied = isinstance(formula, Not)
        atom = formula.operand if isinstance(formula, Not) else formula
        if isinstance(atom, Is):
            name, value = atom
        elif isinstance(atom, Open):
            name, value = fact_of(atom.key), "true"
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
