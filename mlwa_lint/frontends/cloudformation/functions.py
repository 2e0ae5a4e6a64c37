"""CloudFormation's intrinsic functions on values; what needs deployment gives Unknown."""

import ipaddress
import json
from collections.abc import Callable, Mapping, Sequence

from mlwa_lint.frontends.evaluator import member, reason_of, text_of
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)

_CIDR_LIMIT = 256
Function = Callable[[Sequence[Value], Span], Value]


def _join(arguments: Sequence[Value], span: Span) -> Value:
    if len(arguments) != 2:
        return Unknown("Fn::Join needs a delimiter and a list", span)
    delimiter, items = arguments
    if not isinstance(items, ListValue) or items.rest is not None:
        return Unknown(reason_of(items, "the joined list is not known"), span)
    parts: list[Value] = []
    for item in items.items:
        if isinstance(item, Absent):
            continue
        if parts:
            parts.append(delimiter)
        parts.append(item)
    return assume(text_of(parts or [Scalar("", span)], span), items.assumed)


def _split(arguments: Sequence[Value], span: Span) -> Value:
    if len(arguments) != 2:
        return Unknown("Fn::Split needs a delimiter and a text", span)
    delimiter, text = known_text(arguments[0]), known_text(arguments[1])
    if delimiter is None or text is None or not delimiter:
        return Unknown(reason_of(arguments[1], "the split text is not known"), span)
    assumed = arguments[0].assumed | arguments[1].assumed
    return ListValue(tuple(Scalar(s, span, assumed) for s in text.split(delimiter)), span, None, assumed)


def _select(arguments: Sequence[Value], span: Span) -> Value:
    if len(arguments) != 2:
        return Unknown("Fn::Select needs an index and a list", span)
    index, items = known_text(arguments[0]), arguments[1]
    if index is None or not index.isdigit():
        return Unknown(reason_of(arguments[0], "the selected index is not known"), span)
    if isinstance(items, Unknown):
        identity = f"{items.identity}[{index}]" if items.identity else ""
        return Unknown(items.reason, span, identity=identity, assumed=items.assumed)
    return member(items, index, span)


def _length(arguments: Sequence[Value], span: Span) -> Value:
    items = arguments[0] if arguments else Absent(span)
    if isinstance(items, ListValue) and items.rest is None:
        return Scalar(len(items.items), span, items.assumed)
    return Unknown(reason_of(items, "the list's length is not known"), span)


def _base64(arguments: Sequence[Value], span: Span) -> Value:
    text = known_text(arguments[0]) if arguments else None
    if text is None:
        return Unknown(reason_of(arguments[0], "the text is not known"), span, present=True)
    import base64

    return Scalar(base64.b64encode(text.encode()).decode(), span, arguments[0].assumed)


def _cidr(arguments: Sequence[Value], span: Span) -> Value:
    texts = [known_text(argument) for argument in arguments]
    if len(texts) < 2 or texts[0] is None or texts[1] is None:
        return Unknown("the address block is not known", span)
    bits = texts[2] if len(texts) > 2 else "8"
    try:
        block = ipaddress.ip_network(texts[0])
        prefix = block.max_prefixlen - int(bits or "")
        count = min(int(texts[1]), _CIDR_LIMIT)
        blocks = []
        for subnet in block.subnets(new_prefix=prefix):
            blocks.append(Scalar(str(subnet), span))
            if len(blocks) == count:
                break
    except ValueError:
        return Unknown("the address block cannot be divided like this", span)
    return ListValue(tuple(blocks), span)


def _to_json(arguments: Sequence[Value], span: Span) -> Value:
    # Kept as a structure: what reads it (a policy, a definition) needs its parts, not its text.
    value = arguments[0] if arguments else Absent(span)
    if isinstance(value, (MapValue, ListValue)):
        return value
    data = value.data if isinstance(value, Scalar) else None
    return (
        Unknown(reason_of(value, "it is not known"), span) if data is None else Scalar(json.dumps(data), span)
    )


def _not(arguments: Sequence[Value], span: Span) -> Value:
    value = arguments[0] if arguments else Absent(span)
    truth = truth_of(value)
    return _open(arguments, span) if truth is None else Scalar(not truth, span, value.assumed)


def _and(arguments: Sequence[Value], span: Span) -> Value:
    return _connective(arguments, span, decisive=False)


def _or(arguments: Sequence[Value], span: Span) -> Value:
    return _connective(arguments, span, decisive=True)


def _connective(arguments: Sequence[Value], span: Span, decisive: bool) -> Value:
    truths = [truth_of(argument) for argument in arguments]
    if decisive in truths:
        return Scalar(decisive, span, arguments[truths.index(decisive)].assumed)
    if None in truths:
        return _open(arguments, span)
    return Scalar(not decisive, span, frozenset().union(*(a.assumed for a in arguments)))


def _equals(arguments: Sequence[Value], span: Span) -> Value:
    if len(arguments) != 2:
        return _open(arguments, span)
    left, right = arguments
    texts = known_text(left), known_text(right)
    if texts[0] is not None and texts[1] is not None:
        return Scalar(texts[0] == texts[1], span, left.assumed | right.assumed)
    if isinstance(left, Unknown) and isinstance(right, Unknown) and left.identity == right.identity != "":
        return Scalar(True, span)
    return _open(arguments, span)


def _contains(arguments: Sequence[Value], span: Span) -> Value:
    if len(arguments) == 2 and isinstance(arguments[0], ListValue) and arguments[0].rest is None:
        texts = [known_text(item) for item in arguments[0].items]
        wanted = known_text(arguments[1])
        if wanted is not None and None not in texts:
            return Scalar(wanted in texts, span, arguments[0].assumed | arguments[1].assumed)
    return _open(arguments, span)


def _open(arguments: Sequence[Value], span: Span) -> Unknown:
    for argument in arguments:
        if isinstance(argument, (Unknown, Reference)):
            return Unknown(reason_of(argument, ""), span)
    return Unknown("the condition has no known answer", span)


def truth_of(value: Value) -> bool | None:
    """The truth of a condition's value; None when it is open."""
    text = known_text(value)
    return None if text is None or text.lower() not in ("true", "false") else text.lower() == "true"


FUNCTIONS: Mapping[str, Function] = {
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::Length": _length,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::ToJsonString": _to_json,
    "Fn::Not": _not,
    "Fn::And": _and,
    "Fn::Or": _or,
    "Fn::Equals": _equals,
    "Fn::Contains": _contains,
}
