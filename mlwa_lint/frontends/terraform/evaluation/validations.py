"""Validation blocks of variables: which values are accepted where none is known."""

from collections.abc import Iterator
from math import isfinite
from typing import Protocol

from mlwa_lint.frontends.choices import ALTERNATIVES_LIMIT
from mlwa_lint.frontends.evaluator import EvaluationScope, evaluate
from mlwa_lint.frontends.expressions import Call, Expr, ListExpr, Lookup, OperatorExpression
from mlwa_lint.frontends.terraform.evaluation.open_conditions import VARIABLE
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.frontends.texts import texts_of_pattern
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    DECISIVE,
    Absent,
    Entry,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    known_text,
    plain_text,
)
from mlwa_lint.startup.records import NamedTuple

_NESTED = 20
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


class BindingScope(EvaluationScope, Protocol):
    """A scope in which names can be bound."""

    def bound(self, names: dict[str, Value], times: int = 1) -> EvaluationScope:
        """The scope with further names."""
        ...


class _Accepted(NamedTuple):
    """What a condition accepts. texts: None where they are not known to be few. least, most: of a number."""

    texts: frozenset[str] | None = None
    least: float | None = None
    most: float | None = None


_ANYTHING = _Accepted()


def without_default(
    name: str, prefix: str, span: Span, filled: bool, secret: bool, is_switch: bool = False
) -> Unknown:
    """A variable for which nothing is given. prefix: of its module. filled: whether it is never empty.

    is_switch: whether it has a default, which leaves blocks out.
    """
    where = f" of {prefix.rstrip('.')}" if prefix else ""
    why = "switches parts on that are off by default" if is_switch else "has no default"
    reason = f"variable {name}{where} {why}"
    return Unknown(reason, span, identity=f"{VARIABLE}{prefix}{name}", present=filled, secret=secret)


def accepted(value: Unknown, block: Block, name: str, scope: BindingScope) -> Unknown:
    """A variable's open value, with what its validations leave of the values that it can have."""
    conditions = [
        each.arguments["condition"].value
        for each in block.every("validation")
        if "condition" in each.arguments
    ]
    if not conditions:
        return value
    reader = _Reader(name, scope, block.span)
    found = _ANYTHING
    for condition in conditions:
        found = _both(found, reader.read(condition, 0))
    texts = value.one_of if found.texts is None else tuple(sorted(found.texts))
    if found.texts is not None and value.one_of:
        texts = tuple(each for each in value.one_of if each in found.texts)
    known = tuple(each for each in texts if not reader.refuses_any(conditions, Scalar(each, block.span)))
    refused = [reader.refuses_any(conditions, each) for each in _empty_ones(block)]
    filled = value.present or all(refused) or ("" not in known and found.texts is not None)
    few = known if 0 < len(known) <= ALTERNATIVES_LIMIT else ()
    return value._replace(
        one_of=few,
        present=filled,
        least=_higher(value.least, found.least),
        most=_lower(value.most, found.most),
        refused=tuple(each for each in DECISIVE if reader.refuses_any(conditions, Scalar(each, block.span))),
    )


def is_never_empty(kind: Expr | None) -> bool:
    """Whether a variable of a type is something unless it is null: a number, a truth value."""
    return isinstance(kind, Lookup) and kind.path[0] in ("number", "bool")


def _empty_ones(block: Block) -> list[Value]:
    """The values of a variable's type that count as nothing."""
    given = block.arguments.get("type")
    kind = given.value if given is not None else None
    name = kind.path[0] if isinstance(kind, Lookup) else kind.function if isinstance(kind, Call) else ""
    empty: list[Value] = [Absent(block.span)]
    if name in ("string", "any", ""):
        empty.append(Scalar("", block.span))
    if name in ("list", "set", "tuple", "any", ""):
        empty.append(ListValue((), block.span))
    if name in ("map", "object", "any", ""):
        empty.append(MapValue({}, block.span))
    return empty


class _Reader:
    def __init__(self, name: str, scope: BindingScope, span: Span) -> None:
        self._path = ("var", name)
        self._scope = scope
        self._span = span

    def refuses_any(self, conditions: list[Expr], value: Value) -> bool:
        """Whether one of some conditions certainly fails for a value, or cannot be evaluated with it."""
        others = Unknown("another variable", self._span)
        entries = {self._path[1]: Entry(self._span, value, self._path[1])}
        scope = self._scope.bound({"var": MapValue(entries, self._span, others)})
        return any(self._refuses(condition, scope) for condition in conditions)

    def _refuses(self, condition: Expr, scope: EvaluationScope) -> bool:
        from mlwa_lint.frontends.failures import is_failure

        found = evaluate(condition, scope)
        if isinstance(found, Unknown):
            return is_failure(found)
        return known_text(found) == "false"

    def read(self, condition: Expr, depth: int) -> _Accepted:
        """What a condition accepts, as far as its form shows that."""
        if depth > _NESTED:
            return _ANYTHING
        if isinstance(condition, Call):
            return self._of_call(condition, depth)
        if not isinstance(condition, OperatorExpression) or len(condition.operands) != 2:
            return _ANYTHING
        left, right = condition.operands
        if condition.operator in ("&&", "||"):
            one, other = self.read(left, depth + 1), self.read(right, depth + 1)
            return _both(one, other) if condition.operator == "&&" else _either(one, other)
        operator = condition.operator
        if self._is_it(right):
            left, right, operator = right, left, _TURNED.get(operator, operator)
        if not self._is_it(left):
            return _ANYTHING
        literal = evaluate(right, self._scope)
        if not isinstance(literal, Scalar) or literal.assumed:
            return _ANYTHING
        if operator == "==":
            return _Accepted(frozenset({plain_text(literal.data)}))
        return _of_bound(operator, plain_text(literal.data))

    def _of_call(self, call: Call, depth: int) -> _Accepted:
        arguments = call.arguments
        if call.function == "contains" and len(arguments) == 2 and self._is_it(arguments[1]):
            return _Accepted(self._texts(arguments[0]))
        if (
            call.function in ("anytrue", "alltrue")
            and len(arguments) == 1
            and isinstance(arguments[0], ListExpr)
        ):
            found = [self.read(item, depth + 1) for item in arguments[0].items]
            join = _either if call.function == "anytrue" else _both
            result = found[0] if found else _ANYTHING
            for each in found[1:]:
                result = join(result, each)
            return result
        if call.function == "can" and len(arguments) == 1 and isinstance(arguments[0], Call):
            return self._of_pattern(arguments[0])
        return _ANYTHING

    def _of_pattern(self, call: Call) -> _Accepted:
        if call.function != "regex" or len(call.arguments) != 2 or not self._is_it(call.arguments[1]):
            return _ANYTHING
        pattern = known_text(evaluate(call.arguments[0], self._scope)) or ""
        anchored = pattern.startswith("^") and pattern.endswith("$")
        return _Accepted(texts_of_pattern(pattern) if anchored else None)

    def _texts(self, expression: Expr) -> frozenset[str] | None:
        """The texts of a list that is wholly known."""
        listed = evaluate(expression, self._scope)
        if not isinstance(listed, ListValue) or listed.rest is not None or listed.assumed:
            return None
        items = [*_scalars(listed)]
        return frozenset(items) if len(items) == len(listed.items) else None

    def _is_it(self, expression: Expr) -> bool:
        return isinstance(expression, Lookup) and expression.path == self._path


def _scalars(listed: ListValue) -> Iterator[str]:
    for item in listed.items:
        if isinstance(item, Scalar) and not item.assumed:
            yield plain_text(item.data)


def _of_bound(operator: str, text: str) -> _Accepted:
    try:
        number = float(text)
    except ValueError:
        return _ANYTHING
    if not isfinite(number):
        return _ANYTHING
    if operator in (">=", ">"):
        return _Accepted(least=number)
    return _Accepted(most=number) if operator in ("<=", "<") else _ANYTHING


def _both(one: _Accepted, other: _Accepted) -> _Accepted:
    texts = one.texts if other.texts is None else other.texts
    if one.texts is not None and other.texts is not None:
        texts = one.texts & other.texts
    return _Accepted(texts, _higher(one.least, other.least), _lower(one.most, other.most))


def _either(one: _Accepted, other: _Accepted) -> _Accepted:
    if one.texts is None or other.texts is None:
        return _ANYTHING
    return _Accepted(one.texts | other.texts)


def _higher(one: float | None, other: float | None) -> float | None:
    return other if one is None else one if other is None else max(one, other)


def _lower(one: float | None, other: float | None) -> float | None:
    return other if one is None else one if other is None else min(one, other)
