"""CloudFormation's intrinsic functions on values; what needs deployment gives Unknown."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.evaluator import member
from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.texts import encoded_in_part, text_of
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    TextPart,
    Unknown,
    Value,
    assume,
    known_text,
    references_in,
)
from mlwa_lint.startup.patterns import lazy

_CIDR_LIMIT = 256
IntrinsicFunction = Callable[[Sequence[Value], Span], Value]


def settled(value: Value) -> Value:
    """A list without absent items, and without choices among them: rather a choice of lists."""
    if not isinstance(value, ListValue) or not any(isinstance(i, (Choice, Absent)) for i in value.items):
        return value

    def kept(items: Sequence[Value]) -> Value:
        return value._replace(items=tuple(item for item in items if not isinstance(item, Absent)))

    return over_alternatives(value.items, kept, value.span)


def made_of(values: Sequence[Value], reason: str, span: Span) -> Unknown:
    """What is not known of a value that is worked out from others; it still leads to what they refer to."""
    references = dict.fromkeys(reference for value in values for reference, _ in references_in(value))
    secret = any(isinstance(value, Unknown) and value.secret for value in values)
    assumed = frozenset[str]().union(*(value.assumed for value in values))
    unknown = Unknown(reason, span, (), "", False, secret, assumed)
    return unknown._replace(parts=(unknown, *references)) if references else unknown


# The steps of a place are between these; they are steps themselves.
_STEPS = lazy(r"([./:])")


def common_tail(texts: Iterable[str | None]) -> str:
    """What all texts end in, from a slash on: the repository of images that differ by Region."""
    # What precedes the first slash differs, or nothing would.
    steps = [text.split("/")[:0:-1] if text is not None else [] for text in texts]
    tail = ""
    for each in zip(*steps, strict=False):
        if len(set(each)) > 1:
            break
        tail = f"/{each[0]}{tail}"
    return tail


def alike(value: Unknown, texts: Collection[str | None]) -> Unknown:
    """The common part of a text that is one of several: the host of a registry of ECR and the repository.

    Places are compared step by step; where they have different steps, only what they end in is known.
    """
    known = [text for text in texts if text is not None and "/" in text]
    steps = [_STEPS.split(text) for text in known]
    if not known or len(known) < len(texts) or len({len(each) for each in steps}) > 1:
        return ending_in(value, common_tail(texts))
    parts: list[TextPart] = []
    for position, step in enumerate(zip(*steps, strict=True)):
        if len(set(step)) > 1:
            identity = f"{value.identity}#{position}" if value.identity else ""
            parts.append(value._replace(parts=(), identity=identity, present=True))
        elif parts and isinstance(parts[-1], str):
            parts[-1] += step[0]
        else:
            parts.append(step[0])
    return value._replace(parts=tuple(part for part in parts if part != ""), present=True)


def ending_in(value: Unknown, tail: str) -> Unknown:
    """What is not known, with an end that is."""
    if not tail:
        return value
    return value._replace(parts=(*(value.parts or (value,)), tail), present=True)


def _join(arguments: Sequence[Value], span: Span) -> Value:
    if len(arguments) != 2:
        return Unknown("Fn::Join needs a delimiter and a list", span)
    delimiter, items = arguments
    if not isinstance(items, ListValue) or items.rest is not None:
        whole = items.rest if isinstance(items, ListValue) and items.rest is not None else items
        return made_of([items], reason_of(whole, "the joined list is not known"), span)
    parts: list[Value] = []
    for item in items.items:
        if parts:
            parts.append(delimiter)
        parts.append(item)
    return assume(text_of(parts or [Scalar("", span)], span), items.assumed)


def _split(arguments: Sequence[Value], span: Span) -> Value:
    if len(arguments) != 2:
        return Unknown("Fn::Split needs a delimiter and a text", span)
    delimiter, text = known_text(arguments[0]), known_text(arguments[1])
    if not delimiter or text is None:
        from mlwa_lint.frontends.identities import identity_of

        made = made_of(arguments, reason_of(arguments[1], "the split text is not known"), span)
        whole = _only_part(arguments[1])
        known = identity_of(whole) if delimiter else ""
        return made._replace(identity=f"{known} split at {delimiter}" if known else made.identity)
    assumed = arguments[0].assumed | arguments[1].assumed
    return ListValue(tuple(Scalar(s, span, assumed) for s in text.split(delimiter)), span, None, assumed)


def _only_part(value: Value) -> Value:
    """What a text consists of: `!Sub ${AWS::StackId}` is the id of the stack alone."""
    if isinstance(value, Unknown) and len(value.parts) == 1 and not isinstance(value.parts[0], str):
        return value.parts[0]
    return value


def _select(arguments: Sequence[Value], span: Span) -> Value:
    if len(arguments) != 2:
        return Unknown("Fn::Select needs an index and a list", span)
    index, items = known_text(arguments[0]), arguments[1]
    if index is None or not index.isdecimal():
        return made_of(arguments, reason_of(arguments[0], "the selected index is not known"), span)
    if isinstance(items, Unknown):
        identity = f"{items.identity}[{index}]" if items.identity else ""
        return made_of([items], items.reason, span)._replace(identity=identity)
    return assume(member(items, index, span), arguments[0].assumed)


def _length(arguments: Sequence[Value], span: Span) -> Value:
    items = arguments[0] if arguments else Absent(span)
    if isinstance(items, ListValue) and items.rest is None:
        return Scalar(len(items.items), span, items.assumed)
    return Unknown(reason_of(items, "the list's length is not known"), span, present=True)


def _base64(arguments: Sequence[Value], span: Span) -> Value:
    if not arguments:
        return Unknown("Fn::Base64 needs a text", span)
    text = known_text(arguments[0])
    if text is None:
        made = made_of(arguments, reason_of(arguments[0], "the text is not known"), span)
        return encoded_in_part(arguments[0], made._replace(present=True))
    import base64

    return Scalar(base64.b64encode(text.encode()).decode(), span, arguments[0].assumed)


def _cidr(arguments: Sequence[Value], span: Span) -> Value:
    texts = [known_text(argument) for argument in arguments]
    if not 2 <= len(texts) <= 3 or None in texts:
        return made_of(arguments, "the address block is not known", span)
    block_text, count_text, bits = (*texts, "8")[:3]
    assumed = frozenset[str]().union(*(argument.assumed for argument in arguments))
    count, blocks = 0, list[Scalar]()
    try:
        import ipaddress

        block = ipaddress.ip_network(block_text or "")
        count = int(count_text or "")
        if not 1 <= count <= _CIDR_LIMIT:
            return Unknown(f"Fn::Cidr makes 1 to {_CIDR_LIMIT} address blocks", span)
        subnets = block.subnets(new_prefix=block.max_prefixlen - int(bits or ""))
        blocks = [
            Scalar(str(subnet), span, assumed) for _, subnet in zip(range(count), subnets, strict=False)
        ]
    except ValueError:
        blocks.clear()
    if not blocks or len(blocks) < count:
        return Unknown("the address block cannot be divided like this", span)
    return ListValue(tuple(blocks), span, None, assumed)


def _to_json(arguments: Sequence[Value], span: Span) -> Value:
    # Kept as a structure: what reads it (a policy, a definition) needs its parts, not its text.
    value = arguments[0] if arguments else Absent(span)
    if isinstance(value, (MapValue, ListValue)):
        return value
    if isinstance(value, Scalar):
        import json

        return Scalar(json.dumps(value.data), span, value.assumed)
    return made_of([value], reason_of(value, "it is not known"), span)


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
    for text, other in zip(texts, (right, left), strict=True):
        if (text == "" and is_filled(other)) or (isinstance(other, Unknown) and text in other.refused):
            return Scalar(False, span, left.assumed | right.assumed)
    return _open(arguments, span)


def is_filled(value: Value) -> bool:
    """Whether a text that only deployment gives is certainly not the empty one."""
    return isinstance(value, Reference) or (isinstance(value, Unknown) and value.present)


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


FUNCTIONS: Mapping[str, IntrinsicFunction] = {
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
