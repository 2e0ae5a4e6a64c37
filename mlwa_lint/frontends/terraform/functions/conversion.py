"""Functions that convert between types, and those that test whether something works at all."""

from mlwa_lint.frontends.failures import is_failure
from mlwa_lint.frontends.terraform.functions.compare import kind_of
from mlwa_lint.frontends.terraform.functions.data import (
    CannotError,
    NotKnownError,
    number_data,
    text_data,
    to_value,
    truth_data,
)
from mlwa_lint.frontends.terraform.functions.kinds import Function, FunctionCall, Structural
from mlwa_lint.frontends.terraform.functions.shapes import as_list, as_map, as_set, is_closed, unified
from mlwa_lint.frontends.texts import Encoded
from mlwa_lint.model.values import (
    Absent,
    Assumptions,
    Choice,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)


def _same(call: FunctionCall) -> Value:
    return call.arguments[0]


def _tostring(call: FunctionCall) -> Value:
    value = call.arguments[0]
    if isinstance(value, Absent) or (isinstance(value, Scalar) and kind_of(value) == "string"):
        return value
    if isinstance(value, (Encoded, Reference, Unknown, Choice)):
        return value
    return Scalar(text_data(value), value.span or call.span)


def _tonumber(call: FunctionCall) -> Value:
    value = call.arguments[0]
    if isinstance(value, Absent) or (isinstance(value, Scalar) and kind_of(value) == "number"):
        return value
    if isinstance(value, Unknown) and known_text(value) is None:
        return value
    return to_value(number_data(value), value.span or call.span)


def _tobool(call: FunctionCall) -> Value:
    value = call.arguments[0]
    if isinstance(value, Absent):
        return value
    if isinstance(value, Unknown) and known_text(value) is None:
        return value
    return Scalar(truth_data(value), value.span or call.span)


def _tolist(call: FunctionCall) -> Value:
    value = call.arguments[0]
    if isinstance(value, (Absent, Unknown, Reference)):
        return value
    items = as_list(value)
    return items._replace(items=unified(items.items))


def _toset(call: FunctionCall) -> Value:
    value = call.arguments[0]
    if isinstance(value, (Absent, Reference)):
        return value
    items = as_list(value)
    return as_set(items.items, items)


def _tomap(call: FunctionCall) -> Value:
    value = call.arguments[0]
    if isinstance(value, (Absent, Unknown, Reference)):
        return value
    found = as_map(value)
    values = unified([entry.value for entry in found.entries.values()])
    pairs = zip(found.entries.items(), values, strict=True)
    return found._replace(entries={key: entry._replace(value=item) for (key, entry), item in pairs})


def _try(call: FunctionCall) -> Value:
    """The first argument that is not an error; one that is not known counts as none, as it does in a plan."""
    assumed: Assumptions = frozenset()
    for argument in call.arguments:
        assumed |= argument.assumed
        if not is_failure(argument):
            return assume(argument, assumed)
    raise CannotError("find an argument that is not an error")


def _can(call: FunctionCall) -> Value:
    value = call.arguments[0]
    if is_failure(value):
        return Scalar(False, call.span)
    if is_closed(value) or isinstance(value, Reference):
        return Scalar(True, call.span)
    if isinstance(value, Unknown) and value.parts:
        return Scalar(True, call.span)
    raise NotKnownError(value)


def _issensitive(call: FunctionCall) -> Value:
    value = call.arguments[0]
    if isinstance(value, Unknown) and value.secret:
        return Scalar(True, call.span)
    return Unknown("whether a value is sensitive is not followed", call.span, present=True)


FUNCTIONS: dict[str, Function] = {
    "can": Structural(_can, 1, 1, lenient=True),
    "ephemeralasnull": Structural(_same, 1, 1),
    "issensitive": Structural(_issensitive, 1, 1),
    "nonsensitive": Structural(_same, 1, 1),
    "sensitive": Structural(_same, 1, 1),
    "tobool": Structural(_tobool, 1, 1),
    "tolist": Structural(_tolist, 1, 1),
    "tomap": Structural(_tomap, 1, 1),
    "tonumber": Structural(_tonumber, 1, 1),
    "toset": Structural(_toset, 1, 1),
    "tostring": Structural(_tostring, 1, 1),
    "try": Structural(_try, 1, lenient=True, selective=True),
}
