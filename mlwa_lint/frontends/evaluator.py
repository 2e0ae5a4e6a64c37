"""Evaluates expressions; a front end supplies names, conditions and functions as an `EvaluationScope`."""

from collections.abc import Sequence
from typing import Protocol

from mlwa_lint.frontends.choices import choose, is_same, over_alternatives
from mlwa_lint.frontends.expressions import (
    Attribute,
    Call,
    Conditional,
    Expr,
    For,
    Index,
    Interpolation,
    ListExpr,
    Literal,
    Lookup,
    MapExpr,
    OperatorExpression,
    Splat,
)
from mlwa_lint.frontends.failures import Missing, failure, is_failure, reason_of
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.budget import budget
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)

# A map whose keys are not known, but all of which lead to the same value, has that under this key.
ANY_KEY = "\x00any"

# An index with more digits is outside of every list.
_INDEX_DIGITS = 20


class EvaluationScope(Protocol):
    """What a front end knows: names, the identity of open conditions, functions."""

    def lookup(self, path: tuple[str, ...], span: Span) -> tuple[Value, int]:
        """The value of a name and how many steps of `path` it took; the evaluator applies the others."""
        ...

    def condition(self, expression: Expr, value: Unknown) -> Guard | Choice:
        """The condition behind an open truth value, and the answer that makes the expression true.

        Where several conditions decide it, a choice between true and false.
        """
        ...

    def call(self, call: Call, arguments: list[Value]) -> Value:
        """The result of a function; arguments hold no choice at their top unless requested."""
        ...

    def operate(self, operation: OperatorExpression) -> Value:
        """The result of an operator on unevaluated operands (for short-circuiting)."""
        ...

    def comprehend(self, loop: For) -> Value:
        """The result of a for expression."""
        ...

    def pick(self, base: Value, key: Value, expression: Index) -> Value | None:
        """The choice of the values that a key which is not known may select; None where that is open."""
        ...

    def within(self, call: Call) -> "EvaluationScope":
        """The scope of a function's arguments."""
        ...


def evaluate(expression: Expr, scope: EvaluationScope) -> Value:
    """The value of an expression. Never raises for bad input: what makes no sense is Unknown.

    Beyond the target's budget everything is.
    """
    if why := budget().for_nodes():
        return Unknown(why, expression.span)
    if isinstance(expression, Literal):
        data = expression.data
        return Absent(expression.span) if data is None else Scalar(data, expression.span)
    if isinstance(expression, Lookup):
        value, used = scope.lookup(expression.path, expression.span)
        for step in expression.path[used:]:
            value = member(value, step, expression.span)
        return value
    if isinstance(expression, ListExpr):
        return ListValue(tuple(evaluate(item, scope) for item in expression.items), expression.span)
    if isinstance(expression, MapExpr):
        return _map(expression, scope)
    if isinstance(expression, Interpolation):
        parts = [_in_text(each, expression.span) for each in _each_once(expression.parts, scope)]
        return text_of(parts, expression.span)
    if isinstance(expression, Conditional):
        return _conditional(expression, scope)
    if isinstance(expression, Attribute):
        return member(evaluate(expression.base, scope), expression.name, expression.span)
    if isinstance(expression, Index):
        return _indexed(expression, scope)
    if isinstance(expression, Call):
        inner = scope.within(expression)
        return scope.call(expression, [evaluate(argument, inner) for argument in expression.arguments])
    if isinstance(expression, OperatorExpression):
        return scope.operate(expression)
    if isinstance(expression, For):
        return scope.comprehend(expression)
    return _splat(expression, scope)


def _each_once(parts: Sequence[Expr], scope: EvaluationScope) -> list[Value]:
    """The values of a text's parts; one that is there twice (a variable of `Fn::Sub`) is evaluated once."""
    known: dict[int, Value] = {}
    for part in parts:
        if id(part) not in known:
            known[id(part)] = evaluate(part, scope)
    return [known[id(part)] for part in parts]


def _in_text(part: Value, span: Span) -> Value:
    """A part of a text; null, which deployment refuses there, is not known rather than empty."""

    if isinstance(part, Choice):
        return over_alternatives([part], lambda values: _in_text(values[0], span), span)
    if isinstance(part, Absent):
        return Unknown("null cannot be part of a text", part.span or span, assumed=part.assumed)
    return part


def _indexed(expression: Index, scope: EvaluationScope) -> Value:
    def index(values: Sequence[Value]) -> Value:
        picked = scope.pick(values[0], values[1], expression)
        return _index(values[0], values[1], expression.span) if picked is None else picked

    operands = [evaluate(expression.base, scope), evaluate(expression.key, scope)]
    return over_alternatives(operands, index, expression.span)


def _map(expression: MapExpr, scope: EvaluationScope) -> MapValue:
    entries: dict[str, Entry] = {}
    rest: Unknown | None = None
    for entry in expression.entries:
        key = evaluate(entry.key, scope)
        text = known_text(key)
        if text is None:
            rest = Unknown(reason_of(key, "a key is not known"), entry.key_span)
        else:
            entries[text] = Entry(entry.key_span, evaluate(entry.value, scope), entry.label or text)
    return MapValue(entries, expression.span, rest)


def _conditional(expression: Conditional, scope: EvaluationScope) -> Value:
    def pick(values: Sequence[Value]) -> Value:
        condition = values[0]
        if isinstance(condition, Scalar):
            truth = condition.data in (True, "true")
            chosen = evaluate(expression.yes if truth else expression.no, scope)
            return assume(_decided_by(condition, chosen), condition.assumed)
        if isinstance(condition, Reference) and condition.known is None:
            condition = Unknown(reason_of(condition, ""), condition.span, assumed=condition.assumed)
        if is_failure(condition):
            return condition
        if isinstance(condition, Unknown):
            guard = scope.condition(expression.condition, condition)
            if isinstance(guard, Choice):
                return over_alternatives([guard], pick, expression.span)
            yes, no = evaluate(expression.yes, scope), evaluate(expression.no, scope)
            # Both sides of a structure are places where a finding may be; of a text one is enough.
            if not isinstance(yes, (ListValue, MapValue)) and is_same(yes, no):
                return yes
            if not guard.holds:
                yes, no = no, yes
            return choose(guard.condition, yes, no, expression.span)
        return failure("a condition is neither true nor false", expression.span)

    return over_alternatives([evaluate(expression.condition, scope)], pick, expression.span)


def _decided_by(condition: Scalar, chosen: Value) -> Value:
    """What a condition chose, which comes from where the condition's value does; not so a document's text."""
    if not isinstance(chosen, Scalar) or chosen.origin is not None or condition.origin is None:
        return chosen
    text = chosen.data if isinstance(chosen.data, str) else ""
    return chosen if "\n" in text or text[:1] in ("{", "[") else chosen._replace(origin=condition.origin)


def _splat(expression: Splat, scope: EvaluationScope) -> Value:
    def each(values: Sequence[Value]) -> Value:
        base = values[0]
        if isinstance(base, Absent):
            return ListValue((), expression.span)
        items, rest = (base.items, base.rest) if isinstance(base, ListValue) else ((base,), None)
        if isinstance(base, MapValue) and ANY_KEY in base.entries:
            items, rest = (base.entries[ANY_KEY].value,), base.rest
        if isinstance(base, Unknown):
            return Unknown(base.reason, expression.span)
        found: list[Value] = []
        for item in items:
            for step in expression.steps:
                if isinstance(step, str):
                    item = member(item, step, expression.span)
                else:
                    item = _index(item, evaluate(step, scope), expression.span)
            found.append(item)
        return ListValue(tuple(found), expression.span, rest)

    return over_alternatives([evaluate(expression.base, scope)], each, expression.span)


def member(value: Value, key: str, span: Span) -> Value:
    """An attribute or map entry of a value."""
    if isinstance(value, MapValue):
        if key in value.entries:
            return assume(value.entries[key].value, value.assumed)
        if value.rest is not None:
            return value.rest._replace(span=span)
        return Missing(span, value.assumed)
    if isinstance(value, Reference):
        attribute = f"{value.attribute}.{key}" if value.attribute else key
        return Reference(value.address, attribute, span, None, value.assumed)
    if isinstance(value, Unknown):
        identity = f"{value.identity}.{key}" if value.identity else ""
        return Unknown(value.reason, span, (), identity, False, value.secret, value.assumed)
    if isinstance(value, Choice):
        return over_alternatives([value], lambda v: member(v[0], key, span), span)
    if isinstance(value, ListValue) and key.removeprefix("-").isdecimal() and len(key) < _INDEX_DIGITS:
        return _index(value, Scalar(int(key), span), span)
    if isinstance(value, Absent):
        default = " and ".join(sorted(value.assumed))
        return failure(f"by {default}, nothing has {key}" if default else f"nothing has {key}", span)
    return failure(f"no attribute {key}", span)


def _index(base: Value, key: Value, span: Span) -> Value:
    if isinstance(base, Choice):
        return over_alternatives([base, key], lambda v: _index(v[0], v[1], span), span)
    text = known_text(key)
    if text is None:
        if isinstance(base, MapValue) and ANY_KEY in base.entries:
            return assume(base.entries[ANY_KEY].value, base.assumed)
        return Unknown(reason_of(key, "an index is not known"), span)
    if not isinstance(base, ListValue):
        return member(base, text, span)
    try:
        position = int(text)
    except ValueError:
        return failure(f"{text!r} is not an index of a list", span)
    if base.rest is not None:
        # The items that are not known can precede the known ones (`concat(unknown, ["a"])`).
        return base.rest._replace(span=span)
    if 0 <= position < len(base.items):
        return assume(base.items[position], base.assumed)
    return failure(f"index {position} is outside the list", span)
