"""Conditions as scenarios: which of their answers can occur together, whatever the parameters are."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from mlwa_lint.frontends.cloudformation.functions import truth_of
from mlwa_lint.frontends.cloudformation.scope import TemplateScope
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.expressions import (
    Call,
    Conditional,
    Expr,
    ListExpr,
    Literal,
    Lookup,
    MapExpr,
    Template,
)
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import MapValue, Plain, Scalar, Unknown, Value, plain_text

ASSIGNMENTS_LIMIT = 2048
DEPTH_LIMIT = 40
# Stands for any value that nobody compares with; no user can write it.
SOMETHING_ELSE = "\x00something else"


class Rule:
    """One of a template's Rules: where its condition holds, its assertions do."""

    def __init__(self, condition: Expr | None, assertions: tuple[Expr, ...]) -> None:
        self.condition = condition
        self.assertions = assertions


class ConditionTable:
    """A template's named conditions.

    Parameters that the user gave decide a condition; defaults do not, since the same template is
    deployed with others too: both answers are looked at, and the default's is marked.
    """

    def __init__(
        self,
        expressions: Mapping[str, Expr],
        scope: TemplateScope,
        rules: tuple[Rule, ...] = (),
    ) -> None:
        self.expressions = expressions
        self._scope = scope
        self._rules = rules
        self._conditions: dict[str, Condition] = {}
        self._answers: dict[str, bool | None] = {}
        self._possible: dict[frozenset[tuple[str, bool]], bool] = {}
        self._names: dict[str, frozenset[str]] = {}

    def value(self, name: str, span: Span) -> Value:
        """True or false where the condition is decided, else Unknown."""
        answer = self._decided(name)
        if answer is None:
            return Unknown(f"condition {name} depends on parameters", span)
        return Scalar(answer, span)

    def condition(self, name: str) -> Condition:
        """The condition of a name; one that the template does not declare is opaque."""
        if name not in self._conditions:
            known = name in self.expressions
            default = self._answer_with(name, {}) if known else None
            full = self._scope.prefix + name
            self._conditions[name] = Condition(full, name, default, opaque=not known)
        return self._conditions[name]

    def possible(self, answers: Mapping[str, bool]) -> bool:
        """Whether named conditions can have these answers together; True when not known."""
        prefix = self._scope.prefix
        own = {
            name.removeprefix(prefix): answer
            for name, answer in answers.items()
            if name.startswith(prefix) and name.removeprefix(prefix) in self.expressions
        }
        key = frozenset(own.items())
        if key not in self._possible:
            self._possible[key] = self._search(own)
        return self._possible[key]

    def _search(self, answers: Mapping[str, bool]) -> bool:
        if not answers:
            return True
        assignments = self._assignments(frozenset().union(*(self._parameters_of(name) for name in answers)))
        if assignments is None:
            return True
        return any(
            all(self._answer_with(name, given) in (answer, None) for name, answer in answers.items())
            for given in assignments
        )

    def _decided(self, name: str) -> bool | None:
        if name not in self._answers:
            self._answers[name] = None  # a condition that depends on itself stays open
            self._answers[name] = self._decide(name)
        return self._answers[name]

    def _decide(self, name: str) -> bool | None:
        if name not in self.expressions:
            return None
        assignments = self._assignments(self._parameters_of(name))
        if assignments is None:
            return None
        found = {self._answer_with(name, given) for given in assignments}
        return found.pop() if len(found) == 1 else None

    def _answer_with(self, name: str, given: Mapping[str, Value]) -> bool | None:
        return truth_of(_Assigned(self._scope, given, self.expressions).named(name))

    # -- which parameter values to try

    def _assignments(self, names: frozenset[str]) -> list[dict[str, Value]] | None:
        """Every combination of values worth trying that the Rules allow; None when there are too many."""
        names |= frozenset().union(*(self._mentioned(e) for rule in self._rules for e in _parts(rule)))
        constants = self._constants()
        options = {name: self._candidates(name, constants) for name in sorted(names)}
        total = 1
        for each in options.values():
            total *= max(len(each), 1)
        if total > ASSIGNMENTS_LIMIT:
            return None
        combinations = [dict(zip(options, values, strict=True)) for values in product(*options.values())]
        return [given for given in combinations if self._allowed(given)]

    def _allowed(self, given: Mapping[str, Value]) -> bool:
        scope = _Assigned(self._scope, given, self.expressions)
        for rule in self._rules:
            if rule.condition is not None and truth_of(evaluate(rule.condition, scope)) is not True:
                continue
            if any(truth_of(evaluate(each, scope)) is False for each in rule.assertions):
                return False
        return True

    def _candidates(self, name: str, constants: frozenset[Plain]) -> list[Value]:
        parameter = self._scope.parameters.get(name)
        if parameter is not None and parameter.given is not None:
            return [parameter.given]
        if parameter is not None and parameter.allowed and not parameter.is_stored:
            return [parameter.read(value) for value in parameter.allowed]
        texts = {plain_text(value) for value in constants} | {SOMETHING_ELSE}
        if parameter is None or parameter.is_stored:
            return [Scalar(text, _NOWHERE) for text in sorted(texts)]
        if parameter.default is not None:
            texts.add(plain_text(parameter.default))
        if parameter.type == "Number":
            texts = {text for text in texts if text == SOMETHING_ELSE or _is_number(text)}
        return [parameter.read(text) for text in sorted(texts)]

    def _constants(self) -> frozenset[Plain]:
        """Every literal that a condition or rule compares something with."""
        found: set[Plain] = set()
        for expression in (*self.expressions.values(), *(e for rule in self._rules for e in _parts(rule))):
            found |= {
                each.data for each in _walk(expression) if isinstance(each, Literal) and each.data is not None
            }
        mappings = self._scope.mappings
        if isinstance(mappings, MapValue):
            for entry in mappings.entries.values():
                if isinstance(entry.value, MapValue):
                    found |= set(entry.value.entries)
        return frozenset(found)

    def _parameters_of(self, name: str) -> frozenset[str]:
        """The parameters and pseudo parameters that a condition depends on."""
        if name not in self._names:
            self._names[name] = frozenset()
            if name in self.expressions:
                self._names[name] = self._mentioned(self.expressions[name])
        return self._names[name]

    def _mentioned(self, expression: Expr) -> frozenset[str]:
        found: set[str] = set()
        for each in _walk(expression):
            if isinstance(each, Lookup) and each.path[0] == "Ref":
                found.add(each.path[1])
            elif isinstance(each, Lookup) and each.path[0] == "Condition":
                found |= self._parameters_of(each.path[1])
        return frozenset(found)


class _Assigned(TemplateScope):
    """A scope in which parameters have the values of one assignment, or else their defaults."""

    def __init__(
        self, scope: TemplateScope, given: Mapping[str, Value], expressions: Mapping[str, Expr]
    ) -> None:
        super().__init__(scope.parameters, scope.mappings, scope.types)
        self._values |= given
        self._expressions = expressions
        self._open: set[str] = set()

    def named(self, name: str) -> Value:
        if name in self._open or name not in self._expressions or len(self._open) > DEPTH_LIMIT:
            return Unknown(f"condition {name} is not known", _NOWHERE)
        self._open.add(name)
        value = evaluate(self._expressions[name], self)
        self._open.discard(name)
        return value

    def _condition_value(self, name: str, span: Span) -> Value:
        return self.named(name)


_NOWHERE = Span("", 1, 1, 1, 1)


def _parts(rule: Rule) -> Iterable[Expr]:
    return rule.assertions if rule.condition is None else (rule.condition, *rule.assertions)


def _walk(expression: Expr) -> Iterator[Expr]:
    yield expression
    if isinstance(expression, Call):
        children: tuple[Expr, ...] = expression.arguments
    elif isinstance(expression, ListExpr):
        children = expression.items
    elif isinstance(expression, Template):
        children = expression.parts
    elif isinstance(expression, Conditional):
        children = (expression.condition, expression.yes, expression.no)
    elif isinstance(expression, MapExpr):
        children = tuple(entry.value for entry in expression.entries)
    else:
        return
    for child in children:
        yield from _walk(child)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
