"""Functions that encode and decode: JSON, YAML, CSV, Base64, URLs.

Encoded maps and lists stay structures (see `encoded`).
"""

import base64
import binascii
from collections.abc import Callable, Mapping

from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.terraform.functions.data import (
    CannotError,
    HclData,
    NotKnownError,
    assumptions_in,
    from_value,
    text_data,
    to_value,
    undecided,
)
from mlwa_lint.frontends.terraform.functions.encoded import (
    JsonList,
    JsonMap,
    YamlList,
    YamlMap,
    decoded,
    json_text,
    yaml_text,
)
from mlwa_lint.frontends.terraform.functions.kinds import (
    Function,
    FunctionCall,
    PlainFunction,
    Structural,
    mentions,
)
from mlwa_lint.frontends.texts import Encoded, text_of
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
)

# The characters around the number of an unknown piece while a partly known text is decoded.
_OPEN, _CLOSE = "\ue000", "\ue001"
_ROWS_LIMIT = 10_000
_ENCODINGS = {
    "UTF-8": "utf-8",
    "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be",
    "ISO-8859-1": "iso-8859-1",
    "WINDOWS-1252": "cp1252",
}


def _encode(call: FunctionCall) -> Value:
    value = call.arguments[0]
    as_json = call.name == "jsonencode"
    if isinstance(value, (MapValue, ListValue)) and not isinstance(value, Encoded):
        if isinstance(value, MapValue):
            return JsonMap(*value) if as_json else YamlMap(*value)
        return JsonList(*value) if as_json else YamlList(*value)
    if isinstance(value, Reference) and value.known is None and as_json:
        return text_of([Scalar('"', call.span), value, Scalar('"', call.span)], call.span)
    if isinstance(value, (Unknown, Reference)) and known_text(value) is None:
        secret = isinstance(value, Unknown) and value.secret
        identity = f"{call.name}({value.identity})" if isinstance(value, Unknown) and value.identity else ""
        return Unknown(reason_of(value, ""), call.span, identity=identity, present=True, secret=secret)
    data = from_value(value)
    return Scalar(json_text(data) if as_json else yaml_text(data), call.span)


def _decode(call: FunctionCall) -> Value:
    value = call.arguments[0]
    if isinstance(value, (MapValue, ListValue)):
        return decoded(value)
    return _decoded(value, _json if call.name == "jsondecode" else _yaml, call.span)


def yaml_document(value: Scalar | Unknown | Reference) -> Value | None:
    """The map that a text of YAML describes; None when it describes none, or cannot be read."""
    try:
        found = _decoded(value, _yaml, value.span)
    except (CannotError, NotKnownError):
        return None
    return found if isinstance(found, MapValue) else None


def _decoded(value: Value, parse: Callable[[str], HclData], span: Span) -> Value:
    if isinstance(value, Unknown) and value.parts and known_text(value) is None:
        return _decode_partly(value, parse)
    return to_value(parse(text_data(value)), value.span or span, value.assumed)


def _decode_partly(text: Unknown, parse: Callable[[str], HclData]) -> Value:
    """Decodes a text whose unknown pieces are inside its strings; they stay unknown pieces there."""
    holes: dict[str, Unknown | Reference] = {}
    marked = ""
    for part in text.parts:
        if isinstance(part, str):
            if _OPEN in part or _CLOSE in part:
                raise NotKnownError(text)
            marked += part
        else:
            marked += f"{_OPEN}{len(holes)}{_CLOSE}"
            holes[str(len(holes))] = part
    try:
        data = parse(marked)
    except CannotError:
        raise NotKnownError(text) from None
    try:
        return _filled(to_value(data, text.span, text.assumed), holes)
    except _ForeignMarkError:
        raise NotKnownError(text) from None


class _ForeignMarkError(Exception):
    """A text that is decoded has a mark of an unknown piece itself."""


def _filled(value: Value, holes: Mapping[str, Unknown | Reference]) -> Value:
    if isinstance(value, ListValue):
        return value._replace(items=tuple(_filled(item, holes) for item in value.items))
    if isinstance(value, MapValue):
        entries = {}
        rest = value.rest
        for key, entry in value.entries.items():
            if _OPEN in key:
                rest = Unknown("a key is not known", value.span)
            else:
                entries[key] = entry._replace(value=_filled(entry.value, holes))
        return value._replace(entries=entries, rest=rest)
    if not isinstance(value, Scalar) or not isinstance(value.data, str) or _OPEN not in value.data:
        return value
    first, *others = value.data.split(_OPEN)
    parts: list[Value] = [Scalar(first, value.span)] if first else []
    for other in others:
        number, _, literal = other.partition(_CLOSE)
        if number not in holes:
            raise _ForeignMarkError  # an escape of the text itself, `\\ue000`
        parts.append(holes[number])
        if literal:
            parts.append(Scalar(literal, value.span))
    return assume(text_of(parts, value.span), value.assumed)


def _json(text: str) -> HclData:
    import json
    from decimal import Decimal

    def constant(name: str) -> HclData:
        raise ValueError(name)

    try:
        found: HclData = json.loads(text, parse_float=Decimal, parse_constant=constant)
    except (ValueError, RecursionError):
        raise CannotError("read the JSON text") from None
    return found


def _yaml(text: str) -> HclData:
    from mlwa_lint.frontends.terraform.functions.yaml_syntax import parse_yaml

    return parse_yaml(text)


def _csv(text: str) -> list[dict[str, str]]:
    import csv
    import io

    try:
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if row]
    except csv.Error:
        raise CannotError("read the CSV text") from None
    if not rows:
        raise CannotError("find the headers in the CSV text")
    header = rows[0]
    if len(rows) > _ROWS_LIMIT:
        raise undecided(f"a CSV text has more than {_ROWS_LIMIT} rows")
    if any(len(row) != len(header) for row in rows) or len(set(header)) != len(header):
        raise CannotError("read CSV rows of different length")
    return [dict(zip(header, row, strict=True)) for row in rows[1:]]


def _base64decode(text: str) -> str:
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode()
    except (binascii.Error, ValueError):
        raise CannotError("decode the Base64 text") from None


def _encoding(name: str) -> str:
    codec = _ENCODINGS.get(name.upper())
    if codec is None:
        raise undecided(f"the encoding {name} is not evaluated")
    return codec


def _text_encode(text: str, encoding: str) -> str:
    try:
        return base64.b64encode(text.encode(_encoding(encoding))).decode()
    except UnicodeEncodeError:
        raise CannotError(f"write the text in {encoding}") from None


def _text_decode(text: str, encoding: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode(_encoding(encoding))
    except (binascii.Error, ValueError):
        raise CannotError("decode the Base64 text") from None


def _urlencode(text: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text)


def _gzip(call: FunctionCall) -> Value:
    # Compressed bytes differ between implementations.
    reason = "base64gzip is not evaluated"
    assumed = assumptions_in(call.arguments[0])
    return Unknown(reason, call.span, mentions(call, reason), present=True, assumed=assumed)


FUNCTIONS: dict[str, Function] = {
    "base64decode": PlainFunction("s", _base64decode, filled="", text=True),
    "base64encode": PlainFunction(
        "s", lambda text: base64.b64encode(text.encode()).decode(), filled="like", text=True
    ),
    "base64gzip": Structural(_gzip, 1, 1),
    "csvdecode": PlainFunction("s", _csv, filled=""),
    "jsondecode": Structural(_decode, 1, 1),
    "jsonencode": Structural(_encode, 1, 1),
    "textdecodebase64": PlainFunction("ss", _text_decode, filled="", text=True),
    "textencodebase64": PlainFunction("ss", _text_encode, filled="like", text=True),
    "urlencode": PlainFunction("s", _urlencode, filled="like", text=True),
    "yamldecode": Structural(_decode, 1, 1),
    "yamlencode": Structural(_encode, 1, 1),
}
