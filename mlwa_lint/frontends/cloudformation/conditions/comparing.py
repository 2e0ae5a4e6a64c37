"""Condition expressions into formulas: what they compare, case by case."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import TypeAlias

from mlwa_lint.frontends.cloudformation.conditions.formulas import (
    Formula,
    Is,
    Open,
    Same,
    conjunction,
    disjunction,
    negation,
)
from mlwa_lint.frontends.cloudformation.conditions.solving import Solver
from mlwa_lint.frontends.cloudformation.functions import is_filled, truth_of
from mlwa_lint.frontends.cloudformation.scope import SHARED_PSEUDO, TemplateScope
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.expressions import (
    Call,
    Conditional,
    Expr,
    Interpolation,
    ListExpr,
    Literal,
    Lookup,
    MapExpr,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import ListValue, MapValue, Scalar, Value, known_text, plain_text
from mlwa_lint.startup.records import NamedTuple

CASES_LIMIT = 64
# A parameter with more AllowedValues is treated as if it could have any.
ALLOWED_LIMIT = 500
# A key that no map of a template has.
_NO_KEY = "\x00no such key"
_NOWHERE = Span("", 1, 1, 1, 1)


class OperandCase(NamedTuple):
    """What an operand is where `when` holds: a text, or (with `variable`) whatever a variable is.

    A `filled` variable is certainly not the empty text: what a resource is called, an attribute of one.
    What it `refuses` it is not either.
    """

    when: Formula
    text: str
    variable: bool = False
    filled: bool = False
    refuses: Callable[[str], bool] | None = None


# What a parent stack gives for a parameter, as its conditions see it.
Binding: TypeAlias = Callable[[], list[OperandCase]]


class Comparer:
    """Makes formulas of one template's condition expressions.

    `named` gives the formula of a condition by its name, `bindings` what a parent stack hands over for a
    parameter. Every text that is not known before deployment is a variable: parameters, and what is computed
    from them in ways that cannot be followed.
    """

    def __init__(
        self,
        scope: TemplateScope,
        solver: Solver,
        defaults: dict[str, str],
        named: Callable[[str], Formula],
        bindings: "Mapping[str, Binding]",
    ) -> None:
        self._scope = scope
        self._solver = solver
        self._defaults = defaults
        self._named = named
        self._bindings = bindings
        self._levels: list[tuple[str, ...]] | None = None

    def formula(self, expression: Expr) -> Formula:
        """The meaning of a condition."""
        if isinstance(expression, Lookup) and expression.path[0] == "Condition":
            return self._named(expression.path[1])
        if isinstance(expression, Conditional):
            condition = self.formula(expression.condition)
            yes, no = self.formula(expression.yes), self.formula(expression.no)
            return disjunction((conjunction((condition, yes)), conjunction((negation(condition), no))))
        if isinstance(expression, Call):
            arguments = expression.arguments
            if expression.function == "Fn::Not" and len(arguments) == 1:
                return negation(self.formula(arguments[0]))
            if expression.function in ("Fn::And", "Fn::Or"):
                join = conjunction if expression.function == "Fn::And" else disjunction
                return join([self.formula(argument) for argument in arguments])
            if expression.function == "Fn::Equals" and len(arguments) == 2:
                return self._equal(arguments[0], arguments[1])
            if expression.function == "Fn::Contains" and len(arguments) == 2:
                items = self._items(arguments[0])
                if items is not None:
                    return disjunction(self._equal(item, arguments[1]) for item in items)
        answer = truth_of(evaluate(expression, self._scope)) if not self._refers(expression) else None
        return Open(self._key(expression)) if answer is None else answer

    def _items(self, expression: Expr) -> Sequence[Expr] | None:
        """A list's items, if they can be distinguished."""
        if isinstance(expression, ListExpr):
            return expression.items
        if isinstance(expression, Lookup) and expression.path[0] == "Ref":
            given = self._scope.given(expression.path[1])
            if isinstance(given, ListValue) and given.rest is None and not given.assumed:
                texts = [known_text(item) for item in given.items]
                if None not in texts:
                    return [Literal(text, _NOWHERE) for text in texts]
        return None

    def _refers(self, expression: Expr) -> bool:
        return any(isinstance(each, Lookup) for each in walk(expression))

    def _equal(self, left: Expr, right: Expr) -> Formula:
        found: list[Formula] = []
        for one, other in product(self.cases(left), self.cases(right)):
            found.append(conjunction((one.when, other.when, self._compared(one, other))))
        return disjunction(found)

    def _compared(self, one: OperandCase, other: OperandCase) -> Formula:
        if one.variable and other.variable:
            return True if one.text == other.text else Same(*sorted((one.text, other.text)))
        if not one.variable and not other.variable:
            return one.text == other.text
        variable, text = (one.text, other.text) if one.variable else (other.text, one.text)
        if text == "" and (one.filled or other.filled):
            return False
        if any(each.refuses is not None and each.refuses(text) for each in (one, other)):
            return False
        finite = self._solver.finite.get(variable)
        return False if finite is not None and text not in finite else Is(variable, text)

    def variable_of(self, parameter: str) -> str:
        """The variable of a parameter."""
        return self._key(Lookup(("Ref", parameter), _NOWHERE))

    # -- operands

    def cases(self, expression: Expr) -> list[OperandCase]:
        """What an operand can be, and when."""
        found = self._cases(expression)
        return found if len(found) <= CASES_LIMIT else [self._variable(expression)]

    def _cases(self, expression: Expr) -> list[OperandCase]:
        if isinstance(expression, Literal):
            return [OperandCase(True, "" if expression.data is None else plain_text(expression.data))]
        if isinstance(expression, Interpolation) and len(expression.parts) == 1:
            return self._cases(expression.parts[0])
        if isinstance(expression, Lookup):
            return self._named_cases(expression)
        if isinstance(expression, Conditional):
            condition = self.formula(expression.condition)
            return [
                case._replace(when=conjunction((when, case.when)))
                for when, branch in ((condition, expression.yes), (negation(condition), expression.no))
                for case in self.cases(branch)
            ]
        if isinstance(expression, Call) and expression.function == "Fn::FindInMap":
            return self._mapped(expression)
        return self._computed(expression)

    def _named_cases(self, lookup: Lookup) -> list[OperandCase]:
        if lookup.path[0] != "Ref":
            return [self._variable(lookup)]
        name = lookup.path[1]
        bound = self._bindings.get(name)
        if bound is not None:
            return bound()
        parameter = self._scope.parameters.get(name)
        if parameter is None:
            shared = name in SHARED_PSEUDO
            filled = is_filled(evaluate(lookup, self._scope))
            return [OperandCase(True, name if shared else self._key(lookup), True, filled)]
        if parameter.given is not None:
            text = known_text(parameter.given)
            # What rests on a parent stack's default decides nothing.
            decided = text is not None and not parameter.given.assumed
            return [OperandCase(True, text or "") if decided else self._variable(lookup)]
        full = self._key(lookup)
        if parameter.default is not None and not parameter.is_stored:
            self._defaults[full] = plain_text(parameter.default)
        few = 0 < len(parameter.allowed) <= ALLOWED_LIMIT
        if few and not parameter.is_list and not parameter.is_stored:
            self._solver.finite[full] = tuple(dict.fromkeys(plain_text(each) for each in parameter.allowed))
        return [OperandCase(True, full, variable=True, refuses=parameter.refuses)]

    def _variable(self, expression: Expr) -> OperandCase:
        """A text that is worked out at deployment; equal expressions are equal texts."""
        key = self._key(expression)
        value = evaluate(expression, self._scope)
        text = known_text(value)
        if text is not None:
            self._defaults[key] = text
        return OperandCase(True, key, variable=True, filled=text != "" and is_filled(value))

    def _mapped(self, call: Call) -> list[OperandCase]:
        """Fn::FindInMap: a variable as key is split into the keys that the map has, and all others."""
        levels = self._keys_of_maps()
        options: list[list[OperandCase]] = []
        for position, argument in enumerate(call.arguments[:3]):
            keys = levels[position]
            if len(keys) > CASES_LIMIT and any(case.variable for case in self.cases(argument)):
                return [self._variable(call)]
            options.append([split for case in self.cases(argument) for split in self._split(case, keys)])
        if len(options) != 3 or _size(options) > CASES_LIMIT:
            return [self._variable(call)]
        found: list[OperandCase] = []
        for combination in product(*options):
            when = conjunction(case.when for case in combination)
            if when is False:
                continue
            named = [Literal(case.text, _NOWHERE) for case in combination]
            known = Call(call.function, (*named, *call.arguments[3:]), call.span)
            found += self._evaluated(known, when, self._scope)
        return found

    def _keys_of_maps(self) -> list[tuple[str, ...]]:
        if self._levels is None:
            self._levels = self._found_keys()
        return self._levels

    def _found_keys(self) -> list[tuple[str, ...]]:
        levels: list[tuple[str, ...]] = []
        values: list[Value] = [self._scope.mappings]
        for _ in range(3):
            maps = [value for value in values if isinstance(value, MapValue)]
            levels.append(tuple(dict.fromkeys(key for each in maps for key in each.entries)))
            values = [entry.value for each in maps for entry in each.entries.values()]
        return levels

    def _split(self, case: OperandCase, keys: Sequence[str]) -> Iterator[OperandCase]:
        if not case.variable:
            yield case
            return
        finite = self._solver.finite.get(case.text)
        for key in keys if finite is None else finite:
            yield OperandCase(conjunction((case.when, Is(case.text, key))), key)
        if finite is None:
            others = (negation(Is(case.text, key)) for key in keys)
            yield OperandCase(conjunction((case.when, *others)), _NO_KEY)

    def _computed(self, expression: Expr) -> list[OperandCase]:
        """Any other function: followed where all that it is worked out from has few values."""
        lookups = [each for each in walk(expression) if isinstance(each, (Lookup, Conditional))]
        names: dict[str, list[OperandCase]] = {}
        for lookup in lookups:
            if isinstance(lookup, Conditional) or lookup.path[0] != "Ref":
                return [self._variable(expression)]
            name = lookup.path[1]
            given = self._scope.given(name)
            if isinstance(given, ListValue) and not given.assumed:
                continue
            cases = self.cases(lookup)
            if any(case.variable and case.text not in self._solver.finite for case in cases):
                return [self._variable(expression)]
            names[name] = [split for case in cases for split in self._split(case, ())]
        if _size(names.values()) > CASES_LIMIT:
            return [self._variable(expression)]
        found: list[OperandCase] = []
        for combination in product(*names.values()):
            when = conjunction(case.when for case in combination)
            values = {n: Scalar(case.text, _NOWHERE) for n, case in zip(names, combination, strict=True)}
            found += self._evaluated(expression, when, self._scope.with_values(values))
        return found

    def _evaluated(self, expression: Expr, when: Formula, scope: TemplateScope) -> list[OperandCase]:
        value = evaluate(expression, scope)
        text = known_text(value)
        if text is not None:
            return [OperandCase(when, text)]
        return [self._variable(expression)._replace(when=when)]

    def _key(self, expression: Expr) -> str:
        return f"{self._scope.space}: {key_of(expression)}"


def _size(options: Iterable[list[OperandCase]]) -> int:
    return prod(len(each) for each in options)


def key_of(expression: Expr) -> str:
    """A text that is equal for equal expressions, wherever they are."""
    if isinstance(expression, Literal):
        return repr(expression.data)
    if isinstance(expression, Lookup):
        return ".".join(expression.path)
    if isinstance(expression, Call):
        return f"{expression.function}({', '.join(key_of(each) for each in expression.arguments)})"
    if isinstance(expression, ListExpr):
        return f"[{', '.join(key_of(each) for each in expression.items)}]"
    if isinstance(expression, Interpolation):
        return f"Sub({', '.join(key_of(each) for each in expression.parts)})"
    if isinstance(expression, Conditional):
        parts = (expression.condition, expression.yes, expression.no)
        return f"If({', '.join(key_of(each) for each in parts)})"
    if isinstance(expression, MapExpr):
        pairs = (f"{key_of(each.key)}: {key_of(each.value)}" for each in expression.entries)
        return f"{{{', '.join(pairs)}}}"
    return repr(expression)


def walk(expression: Expr) -> Iterator[Expr]:
    """An expression and all that is in it."""
    yield expression
    if isinstance(expression, Call):
        children: tuple[Expr, ...] = expression.arguments
    elif isinstance(expression, ListExpr):
        children = expression.items
    elif isinstance(expression, Interpolation):
        children = expression.parts
    elif isinstance(expression, Conditional):
        children = (expression.condition, expression.yes, expression.no)
    elif isinstance(expression, MapExpr):
        children = tuple(part for entry in expression.entries for part in (entry.key, entry.value))
    else:
        return
    for child in children:
        yield from walk(child)
