"""Gives expressions their meaning; a front end supplies names, conditions and functions as a `Scope`."""

from collections.abc import Callable, Sequence
from typing import Protocol

from mlwa_lint.frontends.expressions import (
    Attribute,
    Call,
    Conditional,
    Expr,
    For,
    Index,
    ListExpr,
    Literal,
    Lookup,
    MapExpr,
    Operation,
    Splat,
    Template,
)
from mlwa_lint.model.budget import budget
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    NO_ASSUMPTIONS,
    Absent,
    Assumptions,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    assume,
    known_text,
)

ALTERNATIVES_LIMIT = 64
# A map whose keys are not known, but all of which lead to the same value, has that under this key.
ANY_KEY = "\x00any"

# An index with more digits is outside of every list.
_INDEX_DIGITS = 20
# What an unknown piece of a text costs, beside the characters of the known ones.
_PIECE = 200
# How the identity of what makes no sense starts (no such attribute, invalid input): Terraform's `try` and
# `can` tell it by this from what is only not known yet. It stays the start when members are taken.
FAILURE = "error:"


class Missing(Absent):
    """What a map has under a key that it does not have: absent, and for `is_failure` an error."""

    __slots__ = ()


class Encoded:
    """A list or map that stands for the text that it is encoded as (`jsonencode`)."""

    __slots__ = ()

    def pieces(self) -> "list[str | Unknown | Reference]":
        """The text, as far as it is known."""
        raise NotImplementedError


class Scope(Protocol):
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
        """The result of a function; arguments hold no choice at their top unless asked for."""
        ...

    def operate(self, operation: Operation) -> Value:
        """The result of an operator on unevaluated operands (for short-circuiting)."""
        ...

    def comprehend(self, loop: For) -> Value:
        """The result of a for expression."""
        ...

    def pick(self, base: Value, key: Value, expression: Index) -> Value | None:
        """The choice of the values that a key which is not known may select; None where that is open."""
        ...

    def within(self, call: Call) -> "Scope":
        """The scope of a function's arguments."""
        ...


def evaluate(expression: Expr, scope: Scope) -> Value:
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
    if isinstance(expression, Template):
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
    if isinstance(expression, Operation):
        return scope.operate(expression)
    if isinstance(expression, For):
        return scope.comprehend(expression)
    return _splat(expression, scope)


def _each_once(parts: Sequence[Expr], scope: Scope) -> list[Value]:
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


def _indexed(expression: Index, scope: Scope) -> Value:
    def index(values: Sequence[Value]) -> Value:
        picked = scope.pick(values[0], values[1], expression)
        return _index(values[0], values[1], expression.span) if picked is None else picked

    operands = [evaluate(expression.base, scope), evaluate(expression.key, scope)]
    return over_alternatives(operands, index, expression.span)


def _map(expression: MapExpr, scope: Scope) -> MapValue:
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


def _conditional(expression: Conditional, scope: Scope) -> Value:
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


def _splat(expression: Splat, scope: Scope) -> Value:
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


def choose(condition: Condition, yes: Value, no: Value, span: Span) -> Value:
    """A choice, narrowed by what each branch already implies; no choice when both are the same."""
    yes, no = narrow(yes, condition, True), narrow(no, condition, False)
    if yes == no:
        return yes
    return Choice(condition, yes, no, span)


def narrow(value: Value, condition: Condition, holds: bool) -> Value:
    """The value where a condition is known to hold or not, at its top level."""
    return _narrow(value, condition, holds, {}) if isinstance(value, Choice) else value


def _narrow(value: Value, condition: Condition, holds: bool, seen: dict[int, Value]) -> Value:
    """`seen`: what was narrowed before; alternatives share their parts, and there are many ways to each."""
    if not isinstance(value, Choice):
        return value
    found = seen.get(id(value))
    if found is None:
        if value.condition.name == condition.name:
            found = _narrow(value.yes if holds else value.no, condition, holds, seen)
        else:
            yes, no = (_narrow(each, condition, holds, seen) for each in (value.yes, value.no))
            found = value if yes is value.yes and no is value.no else value._replace(yes=yes, no=no)
        seen[id(value)] = found
    return found


def over_alternatives(values: Sequence[Value], make: Callable[[Sequence[Value]], Value], span: Span) -> Value:
    """Applies a function to every combination of the values' alternatives; the result is a choice again."""
    combinations = 1
    for value in values:
        if isinstance(value, Choice):
            combinations *= len(alternatives(value))
    if combinations > ALTERNATIVES_LIMIT:
        return Unknown(f"more than {ALTERNATIVES_LIMIT} alternatives", span)
    if combinations > 1 and (why := budget().for_nodes(combinations * len(values))):
        return Unknown(why, span)
    return _distribute(values, make, span)


def _distribute(values: Sequence[Value], make: Callable[[Sequence[Value]], Value], span: Span) -> Value:
    for value in values:
        if isinstance(value, Choice):
            condition = value.condition
            yes = _distribute([narrow(v, condition, True) for v in values], make, span)
            no = _distribute([narrow(v, condition, False) for v in values], make, span)
            return choose(condition, yes, no, span)
    return make(values)


def reason_of(value: Value, otherwise: str) -> str:
    """Why a value is not known, as a phrase."""
    if isinstance(value, Unknown):
        return value.reason
    if isinstance(value, Reference):
        attribute = f".{value.attribute}" if value.attribute else ""
        return f"{value.address}{attribute} is known only after deployment"
    return otherwise


def failure(reason: str, span: Span, assumed: Assumptions = NO_ASSUMPTIONS) -> Unknown:
    """What an expression that makes no sense gives: Unknown, but `is_failure` sees that it is an error."""
    return Unknown(reason, span, identity=FAILURE + reason, assumed=assumed)


def is_failure(value: Value) -> bool:
    """Whether evaluating this value is an error, also where the error is inside a text, list or map."""
    if isinstance(value, Unknown):
        return value.identity.startswith(FAILURE) or any(
            isinstance(part, Unknown) and is_failure(part) for part in value.parts
        )
    if isinstance(value, ListValue):
        if value.rest is not None and is_failure(value.rest):
            return True
        return any(is_failure(item) for item in value.items)
    if isinstance(value, MapValue):
        if value.rest is not None and is_failure(value.rest):
            return True
        return any(is_failure(entry.value) for entry in value.entries.values())
    return isinstance(value, Missing)


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
        return failure(f"{text!r} is no index of a list", span)
    if base.rest is not None:
        # The items that are not known can stand before the known ones (`concat(unknown, ["a"])`).
        return base.rest._replace(span=span)
    if 0 <= position < len(base.items):
        return assume(base.items[position], base.assumed)
    return failure(f"index {position} is outside the list", span)


def text_of(parts: Sequence[Value], span: Span) -> Value:
    """The parts joined to text, for every combination of their alternatives."""
    return over_alternatives(parts, lambda values: _joined(values, span), span)


def _joined(values: Sequence[Value], span: Span) -> Value:
    raw: list[str | Unknown | Reference] = []
    assumed: Assumptions = NO_ASSUMPTIONS
    for value in values:
        assumed |= value.assumed
        if isinstance(value, Absent):
            continue
        if isinstance(value, Scalar):
            raw.append(known_text(value) or "")
        elif isinstance(value, Unknown) and value.parts:
            raw += value.parts
        elif isinstance(value, (Unknown, Reference)):
            raw.append(value)
        elif isinstance(value, Encoded):
            raw += value.pieces()
        else:
            return failure("a list or map inside text", span, assumed)
    # A piece that is not known counts as well: it is listed, and it becomes part of the identity.
    length = sum(len(piece) if isinstance(piece, str) else _PIECE for piece in raw)
    if why := budget().for_text(length):
        return Unknown(why, span, present=True, assumed=assumed)
    pieces = _united(raw)
    if all(isinstance(piece, str) for piece in pieces):
        origin = next((each.origin for each in values if isinstance(each, Scalar) and each.origin), None)
        return Scalar("".join(str(piece) for piece in pieces), span, assumed, origin)
    if len(pieces) == 1 and not isinstance(pieces[0], str):
        return assume(pieces[0]._replace(span=span), assumed)
    return _partial_text(pieces, span, assumed)


def _united(pieces: Sequence[str | Unknown | Reference]) -> list[str | Unknown | Reference]:
    """The pieces without empty ones, those that are known and stand side by side joined."""
    found: list[str | Unknown | Reference] = []
    known: list[str] = []
    for piece in (*pieces, None):
        if isinstance(piece, str):
            known.append(piece)
            continue
        text = "".join(known)
        known.clear()
        if text:
            found.append(text)
        if piece is not None:
            found.append(piece)
    return found


def _partial_text(pieces: list[str | Unknown | Reference], span: Span, assumed: Assumptions) -> Unknown:
    reason = ""
    identities: list[str] = []
    present = secret = False
    for piece in pieces:
        if isinstance(piece, str):
            identities.append(piece)
            present = True
        elif isinstance(piece, Reference):
            reason = reason or reason_of(piece, "")
            identities.append(f"${{{piece.address}.{piece.attribute}}}")
            present = True
        else:
            reason = reason or piece.reason
            identities.append(f"${{{piece.identity}}}" if piece.identity else "")
            present, secret = present or piece.present, secret or piece.secret
    identity = "".join(identities) if all(identities) else ""
    return Unknown(reason, span, tuple(pieces), identity, present, secret, assumed)
