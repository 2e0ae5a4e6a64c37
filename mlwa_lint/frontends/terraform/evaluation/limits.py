"""Limits on what an expression may grow to: a few lines can require billions of items."""

from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Choice, Entry, ListValue, MapValue, Scalar, Unknown, Value

SIZE_LIMIT = 50_000
TEXT_LIMIT = 1_000_000
PARTS_LIMIT = 1_000
# How often the innermost part of nested loops and dynamic blocks may run.
STEPS_LIMIT = 50_000
INSTANCES_LIMIT = 1_000
ALL_INSTANCES_LIMIT = 20_000


def bounded(value: Value, span: Span) -> Value:
    """The value, or Unknown where it is too large to be handed on."""
    if isinstance(value, Scalar):
        large = isinstance(value.data, str) and len(value.data) > TEXT_LIMIT
    elif isinstance(value, (ListValue, MapValue, Choice)):
        large = _exceeds(value)
    elif isinstance(value, Unknown):
        large = len(value.parts) > PARTS_LIMIT or len(value.identity) > TEXT_LIMIT
    else:
        return value
    return Unknown("it is too large to be worked out", span) if large else value


def _exceeds(value: Value) -> bool:
    """Whether a value has more parts than the limit; shared ones count every time, as for its readers."""
    count = 0
    waiting: list[Value] = [value]
    while waiting:
        count += 1
        if count > SIZE_LIMIT:
            return True
        each = waiting.pop()
        if isinstance(each, ListValue):
            waiting += each.items
        elif isinstance(each, Choice):
            waiting += (each.yes, each.no)
        elif isinstance(each, MapValue) and isinstance(each.entries, dict):
            waiting += map(_value_of, each.entries.values())
    return False


def _value_of(entry: Entry) -> Value:
    return entry.value
