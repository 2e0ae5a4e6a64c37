"""Conditions as scenarios: which of their answers can occur together, whatever the parameters are."""

from collections.abc import Mapping
from typing import TypeAlias

from mlwa_lint.frontends.cloudformation.conditions.comparing import Binding, Comparer
from mlwa_lint.frontends.cloudformation.conditions.formulas import (
    Assignment,
    Formula,
    GaveUpError,
    Is,
    Open,
    conjunction,
    disjunction,
    fits,
    negation,
    truth,
)
from mlwa_lint.frontends.cloudformation.conditions.rules import TemplateRule
from mlwa_lint.frontends.cloudformation.conditions.solving import Solver
from mlwa_lint.frontends.cloudformation.scope import TemplateScope
from mlwa_lint.frontends.expressions import Expr
from mlwa_lint.model.conditions import Condition, TooManyScenariosError
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Scalar, Unknown, Value, plain_text

# The limits of a condition: how many conditions deep, and how many parts of a formula.
DEPTH_LIMIT = 50
SIZE_LIMIT = 2_000
# A condition, by its name, and its answer.
_Answered: TypeAlias = tuple[str, bool]


class TemplateScenarios:
    """Which conditions, of a template and of those nested in it, can have which answers together."""

    def __init__(self) -> None:
        self.solver = Solver()
        self.formulas: dict[str, Formula] = {}
        # The defaults of variables, which a condition of a nested stack may rest on as well.
        self.defaults: dict[str, str] = {}
        self._order: dict[str, int] = {}
        self._negations: dict[str, Formula] = {}
        # Values of parameters by which conditions have some answers.
        self._solutions: dict[frozenset[_Answered], Assignment | None] = {}
        self._given_up: set[frozenset[_Answered]] = set()

    def possible(self, answers: Mapping[str, bool]) -> bool:
        """Whether conditions can have these answers together; True when not known.

        Assumptions ("the default of Size") count as conditions too. Raises TooManyScenariosError where
        it would take too long to find out.
        """
        pairs = [(name, answer) for name, answer in answers.items() if name in self.formulas]
        known = frozenset(pairs)
        if known not in self._solutions:
            # Most questions of a run add one answer to those of another.
            before = self._solutions.get(known.difference(pairs[-1:]))
            if before is not None and truth(self._formula(*pairs[-1]), before) is True:
                self._solutions[known] = before
                return True
            self._solutions[known] = self._solution(known, before, pairs[-1] if pairs else None)
        if known in self._given_up:
            raise TooManyScenariosError
        return self._solutions[known] is not None

    def _solution(
        self, known: frozenset[_Answered], before: Assignment | None, last: _Answered | None
    ) -> Assignment | None:
        """Values by which conditions have some answers. before: those by which all but the last have."""
        if len(self._order) < len(self.formulas):
            self._order = {name: position for position, name in enumerate(self.formulas)}
        # In the order of the template, so that every run does the same work.
        ordered = sorted(known, key=lambda each: self._order[each[0]])
        try:
            wanted = [self._formula(*each) for each in ordered]
            if before is None or last is None:
                return self.solver.solution(wanted)
            return self.solver.extended(before, wanted, ordered.index(last))
        except GaveUpError:
            self._given_up.add(known)
            return None

    def _formula(self, name: str, answer: bool) -> Formula:
        if answer:
            return self.formulas[name]
        if name not in self._negations:
            self._negations[name] = negation(self.formulas[name])
        return self._negations[name]


class ConditionTable:
    """A template's named conditions.

    Parameters that the user gave decide a condition; defaults do not, since the same template is
    deployed with others too: both answers are explored, and the default's is marked.
    """

    def __init__(
        self,
        expressions: Mapping[str, Expr],
        scope: TemplateScope,
        rules: tuple[TemplateRule, ...] = (),
        scenarios: TemplateScenarios | None = None,
        bindings: Mapping[str, Binding] | None = None,
    ) -> None:
        self.expressions = expressions
        self.scenarios = scenarios or TemplateScenarios()
        self.circular: dict[str, None] = {}
        self._scope = scope
        self._formulas: dict[str, Formula] = {}
        self._under_way: list[str] = []
        self._conditions: dict[str, Condition] = {}
        self._answers: dict[str, bool | None] = {}
        self._unsolved: set[str] = set()
        solver, defaults = self.scenarios.solver, self.scenarios.defaults
        self.comparer = Comparer(scope, solver, defaults, self.formula, bindings or {})
        self._constrain(rules)
        for name in expressions:
            self.scenarios.formulas[self.full_name(name)] = self.formula(name)

    def release(self) -> None:
        """Lets go of what refers back to it; all formulas are made by now."""
        del self.comparer

    def full_name(self, name: str) -> str:
        """A condition's name that no other template's condition has."""
        return f"{self._scope.space}: {name}"

    def formula(self, name: str) -> Formula:
        """The meaning of a condition; nothing is known of one that is not declared or names itself."""
        if name not in self._formulas:
            unknown = Open(self.full_name(name))
            if name not in self.expressions:
                return unknown
            if name in self._under_way:
                self.circular[name] = None
                self._unsolved.add(name)
                return unknown
            if len(self._under_way) == DEPTH_LIMIT:
                self._unsolved.update(self._under_way)
                return unknown
            self._under_way.append(name)
            found = self.comparer.formula(self.expressions[name])
            if not fits(found, SIZE_LIMIT):
                self._unsolved.add(name)
                found = unknown
            self._formulas[name] = found
            self._under_way.pop()
        return self._formulas[name]

    def _constrain(self, rules: tuple[TemplateRule, ...]) -> None:
        """What always holds: the template's Rules, and parameters that cannot be empty."""
        constraints: list[Formula] = []
        for name, parameter in self._scope.parameters.items():
            if parameter.given is not None:
                continue
            variable = self.comparer.variable_of(name)
            if parameter.filled:
                constraints.append(negation(Is(variable, "")))
            if parameter.default is not None and not parameter.is_stored:
                self.scenarios.formulas[parameter.assumption] = Is(variable, plain_text(parameter.default))
        for rule in rules:
            asserted = conjunction(self.comparer.formula(each) for each in rule.assertions)
            where = True if rule.condition is None else self.comparer.formula(rule.condition)
            constraints.append(disjunction((negation(where), asserted)))
        self.scenarios.solver.constrain([each for each in constraints if fits(each, SIZE_LIMIT)])

    def value(self, name: str, span: Span) -> Value:
        """True or false where the condition is decided, else Unknown."""
        answer = self.decided(name)
        if answer is None:
            return Unknown(f"condition {name} depends on parameters", span)
        return Scalar(answer, span)

    def condition(self, name: str) -> Condition:
        """The condition of a name; one that the template does not declare, or too hard, is opaque."""
        if name not in self._conditions:
            self.decided(name)
            known = name in self.expressions
            default = truth(self.formula(name), self.scenarios.defaults) if known else None
            opaque = not known or name in self._unsolved
            self._conditions[name] = Condition(
                self.full_name(name), self._scope.prefix + name, default, opaque
            )
        return self._conditions[name]

    def decided(self, name: str) -> bool | None:
        """A condition's only possible answer; None when it has two."""
        if name not in self._answers:
            self._answers[name] = self._decide(name)
        return self._answers[name]

    def _decide(self, name: str) -> bool | None:
        formula = self.formula(name)
        if isinstance(formula, bool):
            return formula
        try:
            yes = self.scenarios.solver.satisfiable([formula])
            no = self.scenarios.solver.satisfiable([negation(formula)])
        except GaveUpError:
            self._unsolved.add(name)
            return None
        return None if yes is no else yes
