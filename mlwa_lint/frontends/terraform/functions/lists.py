"""Functions on lists."""

from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.terraform.functions.compare import at_least, is_filled, same
from mlwa_lint.frontends.terraform.functions.data import (
    CannotError,
    NotKnownError,
    text_data,
    texted,
    whole_data,
)
from mlwa_lint.frontends.terraform.functions.kinds import Function, FunctionCall, Structural
from mlwa_lint.frontends.terraform.functions.shapes import (
    as_list,
    closed_list,
    distinct_items,
    unified,
)
from mlwa_lint.frontends.terraform.functions.strings import characters
from mlwa_lint.frontends.texts import Encoded
from mlwa_lint.model.values import (
    Absent,
    Assumptions,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)
from mlwa_lint.startup.patterns import lazy

# Attributes that are texts and never empty.
_NAMING = lazy(r"(?:^|_)(?:arn|id|name)$")


def _length(call: FunctionCall) -> Value:
    value = call.arguments[0]
    if isinstance(value, (ListValue, MapValue)) and not isinstance(value, Encoded):
        count = len(value.items if isinstance(value, ListValue) else value.entries)
        if value.rest is not None and count:
            # Items of a set that are not known may be equal.
            least = 1 if isinstance(value, ListValue) else count
            return at_least(least, value, reason_of(value.rest, "it is not wholly known"), call.span)
        if value.rest is not None:
            raise NotKnownError(value.rest)
        return Scalar(count, call.span)
    if isinstance(value, Reference) and value.known is None and _NAMING.search(value.attribute):
        return at_least(1, value, reason_of(value, "it is not known"), call.span)
    if isinstance(value, Scalar) and not isinstance(value.data, str):
        raise CannotError("measure what is neither text nor list nor map")
    return Scalar(len(characters(text_data(value))), call.span)


def _concat(call: FunctionCall) -> Value:
    items: list[Value] = []
    rest: Unknown | None = None
    for argument in call.arguments:
        if isinstance(argument, (Absent, Scalar, MapValue)):
            raise CannotError("join what is not a list")
        if isinstance(argument, ListValue):
            items += argument.items
            rest = rest or argument.rest
        else:
            rest = rest or _rest_of(call, argument)
    return ListValue(tuple(items), call.span, rest)


def _rest_of(call: FunctionCall, value: Value) -> Unknown:
    secret = isinstance(value, Unknown) and value.secret
    return Unknown(reason_of(value, "it depends on a condition"), call.span, secret=secret)


def _flatten(call: FunctionCall) -> Value:
    items: list[Value] = []
    outer = as_list(call.arguments[0])
    rest = outer.rest
    waiting = list(reversed(outer.items))
    while waiting:
        item = waiting.pop()
        if isinstance(item, ListValue):
            rest = rest or item.rest
            waiting += reversed([assume(inner, item.assumed) for inner in item.items])
        elif isinstance(item, (Scalar, Absent, MapValue, Reference)) or (
            isinstance(item, Unknown) and item.parts
        ):
            items.append(item)
        else:
            # It can be a list of any length.
            rest = rest or _rest_of(call, item)
    return ListValue(tuple(items), call.span, rest)


def _element(call: FunctionCall) -> Value:
    items = closed_list(call.arguments[0]).items
    position = whole_data(call.arguments[1])
    if not items or position < 0:
        raise CannotError("take an item of an empty list" if not items else "take a negative index")
    return items[position % len(items)]


def _slice(call: FunctionCall) -> Value:
    items = closed_list(call.arguments[0]).items
    start, end = whole_data(call.arguments[1]), whole_data(call.arguments[2])
    if not 0 <= start <= end <= len(items):
        raise CannotError(f"take the items from {start} to {end} of {len(items)}")
    return ListValue(items[start:end], call.span)


def _chunklist(call: FunctionCall) -> Value:
    items = unified(closed_list(call.arguments[0]).items)
    size = whole_data(call.arguments[1])
    if size < 0:
        raise CannotError("make chunks of negative size")
    size = size or max(len(items), 1)
    chunks = [ListValue(items[at : at + size], call.span) for at in range(0, len(items), size)]
    return ListValue(tuple(chunks), call.span)


def _reverse(call: FunctionCall) -> Value:
    value = as_list(call.arguments[0])
    return ListValue(value.items[::-1], call.span, value.rest)


def _sort(call: FunctionCall) -> Value:
    value = as_list(call.arguments[0])
    if any(isinstance(item, (Absent, ListValue, MapValue)) for item in value.items):
        raise CannotError("sort what is not a text")
    texts = [texted(item) for item in value.items]
    known = [item for item in texts if known_text(item) is not None]
    others = [item for item in texts if known_text(item) is None]
    rest = value.rest
    if others:
        # Where the others go is not known, so no item has a known position.
        rest = rest or _rest_of(call, others[0])
    kept = sorted(known, key=lambda item: known_text(item) or "")
    return ListValue((*kept, *(item for item in others if isinstance(item, Reference))), call.span, rest)


def _distinct(call: FunctionCall) -> Value:
    value = as_list(call.arguments[0])
    items, rest = distinct_items(unified(value.items), value.rest)
    return ListValue(tuple(items), call.span, rest)


def _compact(call: FunctionCall) -> Value:
    value = as_list(call.arguments[0])
    rest = value.rest
    kept: list[Value] = []
    for item in value.items:
        if isinstance(item, (ListValue, MapValue)):
            raise CannotError("take a list or map as text")
        text = known_text(item)
        if isinstance(item, Absent) or text == "":
            continue
        if text is not None or is_filled(item):
            kept.append(texted(item))
        else:
            rest = rest or _rest_of(call, item)
    return ListValue(tuple(kept), call.span, rest)


def _contains(call: FunctionCall) -> Value:
    value, wanted = as_list(call.arguments[0]), call.arguments[1]
    if isinstance(wanted, Absent):
        raise CannotError("look for null")
    answers = [same(item, wanted) for item in value.items]
    if True in answers:
        found = value.items[answers.index(True)]
        return Scalar(True, call.span, found.assumed)
    if None in answers:
        item = value.items[answers.index(None)]
        raise NotKnownError(wanted if isinstance(wanted, (Unknown, Reference)) else item)
    if value.rest is not None:
        raise NotKnownError(value.rest)
    return Scalar(False, call.span)


def _index(call: FunctionCall) -> Value:
    value, wanted = closed_list(call.arguments[0]), call.arguments[1]
    for position, item in enumerate(value.items):
        answer = same(item, wanted)
        if answer is None:
            raise NotKnownError(wanted if isinstance(wanted, (Unknown, Reference)) else item)
        if answer:
            return Scalar(position, call.span)
    raise CannotError("find the item in the list")


def _matchkeys(call: FunctionCall) -> Value:
    values, keys, wanted = (closed_list(argument) for argument in call.arguments)
    if len(values.items) != len(keys.items):
        raise CannotError("match lists of different length")
    both = unified((*keys.items, *wanted.items))
    count = len(keys.items)
    kept: list[Value] = []
    rest: Unknown | None = None
    for value, key in zip(unified(values.items), both[:count], strict=True):
        answers = [same(key, other) for other in both[count:]]
        if True in answers:
            kept.append(value)
        elif None in answers:
            rest = rest or _rest_of(call, key)
    return ListValue(tuple(kept), call.span, rest)


def _one(call: FunctionCall) -> Value:
    value = call.arguments[0]
    if isinstance(value, (Unknown, Reference)):
        raise NotKnownError(value)
    items = closed_list(value).items
    if len(items) > 1:
        raise CannotError(f"choose between {len(items)} items")
    return items[0] if items else Absent(call.span)


def _coalesce(call: FunctionCall) -> Value:
    """The first argument that is neither null nor empty text."""
    assumed: Assumptions = frozenset()
    for position, argument in enumerate(call.arguments):
        assumed |= argument.assumed
        text = known_text(argument)
        if isinstance(argument, Absent) or text == "":
            continue
        if text is None and isinstance(argument, Unknown) and not is_filled(argument):
            later = call.arguments[position + 1 :]
            present = any(known_text(a) or is_filled(a) for a in later)
            reason = argument.reason
            return Unknown(reason, call.span, present=present, secret=argument.secret, assumed=assumed)
        # All arguments get one type: a number beside text becomes text.
        converted = unified([a for a in call.arguments if not isinstance(a, Absent)])
        chosen = converted[sum(not isinstance(a, Absent) for a in call.arguments[:position])]
        return assume(chosen, assumed)
    raise CannotError("find an argument that is neither null nor empty")


def _coalescelist(call: FunctionCall) -> Value:
    assumed: Assumptions = frozenset()
    for argument in call.arguments:
        assumed |= argument.assumed
        if isinstance(argument, (Absent, Scalar, MapValue)):
            raise CannotError("take this as a list")
        if not isinstance(argument, ListValue) or (not argument.items and argument.rest is not None):
            rest = argument.rest if isinstance(argument, ListValue) else None
            return assume(_rest_of(call, rest or argument), assumed)
        if argument.items:
            return assume(argument, assumed)
    raise CannotError("find a list that is not empty")


FUNCTIONS: dict[str, Function] = {
    "chunklist": Structural(_chunklist, 2, 2),
    "coalesce": Structural(_coalesce, 1, selective=True),
    "coalescelist": Structural(_coalescelist, 1, selective=True),
    "compact": Structural(_compact, 1, 1),
    "concat": Structural(_concat, 1),
    "contains": Structural(_contains, 2, 2),
    "distinct": Structural(_distinct, 1, 1),
    "element": Structural(_element, 2, 2),
    "flatten": Structural(_flatten, 1, 1),
    "index": Structural(_index, 2, 2),
    "length": Structural(_length, 1, 1),
    "matchkeys": Structural(_matchkeys, 3, 3),
    "one": Structural(_one, 1, 1),
    "reverse": Structural(_reverse, 1, 1),
    "slice": Structural(_slice, 3, 3),
    "sort": Structural(_sort, 1, 1),
}
