"""Translations of values; each keeps choices, unknowns and places."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Plain,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)

_DEPTH_LIMIT = 60
_PLACEHOLDER = "\ue000{}\ue001"


def over(value: Value, convert: Callable[[Value], Value]) -> Value:
    """Converts every alternative of a value."""
    if isinstance(value, Choice):
        return value._replace(yes=over(value.yes, convert), no=over(value.no, convert))
    return convert(value)


def pairs(key_name: str, value_name: str) -> Callable[[Value], Value]:
    """A map becomes a list of {key_name: …, value_name: …}."""

    def convert(value: Value) -> Value:
        if not isinstance(value, MapValue):
            return value
        items: list[Value] = []
        for key, entry in value.entries.items():
            named = Entry(entry.key_span, Scalar(key, entry.key_span), key)
            item = MapValue({key_name: named, value_name: entry}, entry.key_span)
            items.append(_unless_absent(entry.value, item))
        return ListValue(tuple(items), value.span, value.rest, value.assumed)

    return lambda value: over(value, convert)


def _unless_absent(value: Value, item: MapValue) -> Value:
    return over(value, lambda each: each if isinstance(each, Absent) else item)


tag_list = pairs("Key", "Value")
dimension_list = pairs("Name", "Value")


def keys_as(names: Mapping[str, str]) -> Callable[[Value], Value]:
    """Other words for the same text values (enumerations)."""

    def convert(value: Value) -> Value:
        text = known_text(value)
        if text is None or text not in names or not isinstance(value, Scalar):
            return value
        return value._replace(data=names[text])

    return lambda value: over(value, convert)


def flag(yes: Plain, no: Plain | None) -> Callable[[Value], Value]:
    """A truth value becomes one of two others; None stands for absence."""

    def convert(value: Value) -> Value:
        if not isinstance(value, Scalar):
            return value
        chosen = yes if value.data in (True, "true") else no
        return Absent(value.span, value.assumed) if chosen is None else value._replace(data=chosen)

    return lambda value: over(value, convert)


def _listed(value: Value) -> Value:
    if isinstance(value, (Absent, ListValue)) or value.span is None:
        return value
    return ListValue((value,), value.span, None, value.assumed)


def as_list(value: Value) -> Value:
    """A single value becomes a list of one."""
    return over(value, _listed)


def _first(value: Value) -> Value:
    if not isinstance(value, ListValue):
        return value
    if value.items:
        return assume(value.items[0], value.assumed)
    return value.rest or Absent(value.span, value.assumed)


def first(value: Value) -> Value:
    """A list of one becomes its item."""
    return over(value, _first)


# -- documents: JSON text, of which some may not be known


def document(value: Value) -> Value:
    """JSON text becomes what it says; structures and what cannot be read stay as they are."""
    return over(value, _document)


def _document(value: Value) -> Value:
    if isinstance(value, Scalar) and isinstance(value.data, str):
        return _parsed(value.data, (), value)
    if isinstance(value, Unknown) and value.parts:
        holes: list[Unknown | Reference] = []
        pieces: list[str] = []
        for part in value.parts:
            if isinstance(part, str):
                pieces.append(part)
            else:
                pieces.append(_PLACEHOLDER.format(len(holes)))
                holes.append(part)
        return _parsed("".join(pieces), tuple(holes), value)
    return value


def _parsed(text: str, holes: tuple[Unknown | Reference, ...], origin: Scalar | Unknown) -> Value:
    if not text.lstrip().startswith(("{", "[")):
        return origin
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        # A hole outside quotes (`"Timeout": ${n}`): quoted, it is a value of its own.
        try:
            data = json.loads(_quoted_holes(text)) if holes else None
        except (ValueError, RecursionError):
            return origin
        if data is None:
            return origin
    return assume(_lifted(data, holes, origin.span, 0), origin.assumed)


def _quoted_holes(text: str) -> str:
    """Puts quotes round holes that stand outside of text."""
    pieces: list[str] = []
    inside = False
    position = 0
    while position < len(text):
        letter = text[position]
        if letter == "\\" and inside:
            pieces.append(text[position : position + 2])
            position += 2
            continue
        if letter == '"':
            inside = not inside
        if letter == "\ue000" and not inside:
            end = text.find("\ue001", position)
            pieces.append(f'"{text[position : end + 1]}"')
            position = end + 1
            continue
        pieces.append(letter)
        position += 1
    return "".join(pieces)


def _lifted(data: Any, holes: tuple[Unknown | Reference, ...], span: Span, depth: int) -> Value:
    if depth > _DEPTH_LIMIT:
        return Unknown(f"nested deeper than {_DEPTH_LIMIT} levels", span)
    if isinstance(data, dict):
        entries: dict[str, Entry] = {}
        rest: Unknown | None = None
        for key, value in data.items():
            if "\ue000" in key:
                rest = Unknown("a key is not known", span)
            else:
                entries[key] = Entry(span, _lifted(value, holes, span, depth + 1), key)
        return MapValue(entries, span, rest)
    if isinstance(data, list):
        return ListValue(tuple(_lifted(item, holes, span, depth + 1) for item in data), span)
    if data is None:
        return Absent(span)
    if isinstance(data, str) and "\ue000" in data:
        return _filled(data, holes, span)
    return Scalar(data, span)


def _filled(text: str, holes: tuple[Unknown | Reference, ...], span: Span) -> Value:
    parts: list[str | Unknown | Reference] = []
    for position, piece in enumerate(text.split("\ue000")):
        number, closed, after = piece.partition("\ue001") if position else ("", "", piece)
        if closed and number.isdigit() and int(number) < len(holes):
            parts.append(holes[int(number)])
        if after:
            parts.append(after)
    if len(parts) == 1 and not isinstance(parts[0], str):
        return parts[0]
    reasons = [part.reason for part in parts if isinstance(part, Unknown)]
    names = [part.address for part in parts if isinstance(part, Reference)]
    reason = reasons[0] if reasons else f"{names[0]} is not known before deployment" if names else "unknown"
    identities = [_identity(part) for part in parts]
    identity = "".join(identities) if all(identities) else ""
    return Unknown(reason, span, tuple(parts), identity, present=any(isinstance(p, str) for p in parts))


def _identity(part: str | Unknown | Reference) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Reference):
        return f"${{{part.address}.{part.attribute}}}"
    return f"${{{part.identity}}}" if part.identity else ""


def key_filter(name: str) -> Callable[[Value], Value]:
    """The prefix or suffix of object keys as a rule of S3's notification filter."""

    def convert(value: Value) -> Value:
        if isinstance(value, Absent) or value.span is None:
            return value
        span = value.span
        rule = {"Name": Entry(span, Scalar(name, span), name), "Value": Entry(span, value, name)}
        return ListValue((MapValue(rule, span),), span)

    return lambda value: over(value, convert)


def holding(key: str) -> Callable[[Value], Value]:
    """A single value becomes a list of one map that has it under a key."""

    def convert(value: Value) -> Value:
        if isinstance(value, Absent) or value.span is None:
            return value
        content = MapValue({key: Entry(value.span, value, key)}, value.span)
        return ListValue((content,), value.span)

    return lambda value: over(value, convert)
