"""Functions on maps and objects."""

from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.terraform.functions.data import CannotError, NotKnownError, text_data
from mlwa_lint.frontends.terraform.functions.kinds import Function, FunctionCall, Structural
from mlwa_lint.frontends.terraform.functions.shapes import as_map, closed_list
from mlwa_lint.model.values import (
    Absent,
    Entry,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)


def _keys(call: FunctionCall) -> Value:
    value = as_map(call.arguments[0])
    items = tuple(Scalar(key, value.entries[key].key_span) for key in sorted(value.entries))
    return ListValue(items, call.span, value.rest)


def _values(call: FunctionCall) -> Value:
    value = as_map(call.arguments[0])
    items = tuple(value.entries[key].value for key in sorted(value.entries))
    return ListValue(items, call.span, value.rest)


def _lookup(call: FunctionCall) -> Value:
    key = call.arguments[1]
    if isinstance(key, Absent):
        raise CannotError("look up null")
    value = call.arguments[0]
    if not isinstance(value, MapValue):
        as_map(value)
    wanted = known_text(key)
    if wanted is None:
        raise NotKnownError(key)
    value = as_map(value)
    if wanted in value.entries:
        return value.entries[wanted].value
    if value.rest is not None:
        raise NotKnownError(value.rest)
    if len(call.arguments) < 3:
        raise CannotError(f"find the key {wanted}")
    return call.arguments[2]


def _merge(call: FunctionCall) -> Value:
    """Later arguments win; what an unknown argument may replace is not known any more."""
    entries: dict[str, Entry] = {}
    rest: Unknown | None = None
    for argument in call.arguments:
        if isinstance(argument, Absent):
            continue
        if isinstance(argument, (Scalar, ListValue)):
            raise CannotError("merge what is not a map")
        added = argument.entries if isinstance(argument, MapValue) else {}
        open_rest = _rest_of(call, argument)
        if open_rest is not None:
            rest = rest or open_rest
            for key, entry in entries.items():
                if key not in added:
                    entries[key] = entry._replace(value=_perhaps_replaced(call, open_rest))
        for key, entry in added.items():
            entries.pop(key, None)
            entries[key] = entry._replace(value=assume(entry.value, argument.assumed))
    return MapValue(entries, call.span, rest)


def _rest_of(call: FunctionCall, argument: Value) -> Unknown | None:
    if isinstance(argument, MapValue):
        return argument.rest
    reason = reason_of(argument, "it depends on a condition")
    return Unknown(reason, call.span, secret=isinstance(argument, Unknown) and argument.secret)


def _perhaps_replaced(call: FunctionCall, rest: Unknown) -> Unknown:
    return Unknown(rest.reason, call.span, secret=rest.secret)


def _zipmap(call: FunctionCall) -> Value:
    keys, values = closed_list(call.arguments[0]).items, closed_list(call.arguments[1]).items
    if len(keys) != len(values):
        raise CannotError("pair lists of different length")
    entries: dict[str, Entry] = {}
    rest: Unknown | None = None
    for key, value in zip(keys, values, strict=True):
        if isinstance(key, (Absent, ListValue, MapValue)):
            raise CannotError("take this as a key")
        text = known_text(key)
        if text is None:
            rest = rest or Unknown(reason_of(key, "it depends on a condition"), call.span)
            continue
        entries[text] = Entry(key.span or call.span, value, text)
    return MapValue(entries, call.span, rest)


def _transpose(call: FunctionCall) -> Value:
    value = as_map(call.arguments[0])
    if value.rest is not None:
        raise NotKnownError(value.rest)
    found: dict[str, list[Value]] = {}
    for key in sorted(value.entries):
        entry = value.entries[key]
        for item in closed_list(entry.value).items:
            found.setdefault(text_data(item), []).append(Scalar(key, entry.key_span))
    entries = {
        key: Entry(call.span, ListValue(tuple(items), call.span), key) for key, items in sorted(found.items())
    }
    return MapValue(entries, call.span)


FUNCTIONS: dict[str, Function] = {
    "keys": Structural(_keys, 1, 1),
    "lookup": Structural(_lookup, 2, 3),
    "merge": Structural(_merge, 0),
    "transpose": Structural(_transpose, 1, 1),
    "values": Structural(_values, 1, 1),
    "zipmap": Structural(_zipmap, 2, 2),
}
