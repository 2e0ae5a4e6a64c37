"""An entry of a wholly known list or map by a key that is known only at deployment: one of its values.

Which one hangs on conditions `key == "a"`. Where the key is a variable, its author meant each of them; any
other key is mere ignorance, and what holds for all values alike holds nevertheless.
"""

from collections.abc import Sequence

from mlwa_lint.frontends.choices import choose
from mlwa_lint.frontends.expressions import Expr
from mlwa_lint.frontends.failures import failure, reason_of
from mlwa_lint.frontends.identities import identity_of
from mlwa_lint.frontends.terraform.evaluation.names import ModuleNames
from mlwa_lint.frontends.terraform.evaluation.open_conditions import is_variable, shown_variable, worded
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
    plain_text,
)

# More different values than these are not tried one by one.
CHOICES_LIMIT = 16


def picked(
    base: Value,
    key: Value,
    expression: Expr,
    module: ModuleNames,
    default: Value | None = None,
    cautious: bool = False,
) -> Value | None:
    """The values that a key which is not known may select; None where the collection is not wholly known.

    default:  what a key that the map does not have gives (`lookup`).
    cautious: such a key is possible too, and an error (inside of `try` and `can`).
    """
    if not isinstance(key, (Unknown, Reference)) or known_text(key) is not None:
        return None
    if isinstance(key, Unknown) and key.identity.startswith("error:"):
        return None
    entries = _entries(base)
    if not entries:
        return None
    span = expression.span
    values = [value for _, value in entries]
    if default is not None:
        values.append(default)
    if not cautious and _alike(values):
        return assume(values[0], key.assumed)._replace(span=span)
    if len(values) > CHOICES_LIMIT:
        return _ending(values, reason_of(key, "a key is not known"), span)
    if default is not None:
        result = default
    elif cautious:
        result = failure("the key may not be there", span)
    else:
        result = entries.pop()[1]
    for name, value in reversed(entries):
        result = choose(_condition(key, name, expression, module), value, result, span)
    return assume(result, key.assumed)


def _entries(base: Value) -> list[tuple[str | int, Value]]:
    if isinstance(base, ListValue) and base.rest is None:
        return [(position, assume(item, base.assumed)) for position, item in enumerate(base.items)]
    if isinstance(base, MapValue) and base.rest is None and isinstance(base.entries, dict):
        return [(key, assume(entry.value, base.assumed)) for key, entry in sorted(base.entries.items())]
    return []


def _alike(values: Sequence[Value]) -> bool:
    first = values[0]
    if isinstance(first, Scalar):
        return all(
            isinstance(each, Scalar) and type(each.data) is type(first.data) and each.data == first.data
            for each in values
        )
    return isinstance(first, Reference) and all(
        isinstance(each, Reference) and each[:2] == first[:2] for each in values
    )


def _condition(key: Unknown | Reference, name: str | int, expression: Expr, module: ModuleNames) -> Condition:
    literal = f'"{name}"' if isinstance(name, str) else plain_text(name)
    identity = identity_of(key)
    if is_variable(identity):
        text = f"{shown_variable(identity)} == {literal}"
        return module.noted(identity, text, literal)
    place = expression.span
    subject = identity or f"{place.path}:{place.line}:{place.column}"
    text = f"{worded(_key_of(expression))} == {literal}"
    return module.noted(subject, text, literal, opaque=True)


def _key_of(expression: Expr) -> Expr:
    arguments: tuple[Expr, ...] = getattr(expression, "arguments", ())
    return arguments[1] if len(arguments) > 1 else getattr(expression, "key", expression)


def _ending(values: Sequence[Value], reason: str, span: Span) -> Unknown:
    """What is not known of many values, but for the end that all of them have: an image's tag."""
    texts = [known_text(value) for value in values]
    unknown = Unknown(reason, span, present=all(texts))
    end = texts[0] or ""
    for text in texts:
        while end and not (text or "").endswith(end):
            end = end[1:]
    start = min((end.find(mark) for mark in "/:" if mark in end), default=-1)
    return unknown._replace(parts=(unknown, end[start:])) if start >= 0 else unknown
