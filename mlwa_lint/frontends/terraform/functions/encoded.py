"""What `jsonencode` and `yamlencode` give: text, kept as the structure that it encodes.

Rules read policies and definitions as structures. Functions that need the text (`base64encode`, `length`)
write it out.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.texts import Encoded, text_of
from mlwa_lint.model.partial_json import JSON_ENCODED
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    TextPart,
    Unknown,
    Value,
    known_text,
    references_in,
)

_CONDITION = "it depends on a condition"


class JsonMap(MapValue, Encoded):
    """A map that represents its JSON text."""

    __slots__ = ()

    def pieces(self) -> list[TextPart]:
        """The JSON text, with unknown parts where they are not known."""
        return _json_pieces(self)


class JsonList(ListValue, Encoded):
    """A list that represents its JSON text."""

    __slots__ = ()

    def pieces(self) -> list[TextPart]:
        """The JSON text, with unknown parts where they are not known."""
        return _json_pieces(self)


class WrittenMap(JsonMap):
    """A map that represents JSON text that a provider writes: the words are known, not the layout."""

    __slots__ = ()

    def pieces(self) -> list[TextPart]:
        """A text of which only the resources that it names are known."""
        return _hidden(self, "how the provider writes it is known only at deployment")


class YamlMap(MapValue, Encoded):
    """A map that represents its YAML text."""

    __slots__ = ()

    def pieces(self) -> list[TextPart]:
        """The YAML text, if all of it is known."""
        return _yaml_pieces(self)


class YamlList(ListValue, Encoded):
    """A list that represents its YAML text."""

    __slots__ = ()

    def pieces(self) -> list[TextPart]:
        """The YAML text, if all of it is known."""
        return _yaml_pieces(self)


def decoded(value: Value) -> Value:
    """The structure behind an encoded text, as a structure; other values as they are."""
    if isinstance(value, (JsonMap, YamlMap)):
        return MapValue(*value)
    if isinstance(value, (JsonList, YamlList)):
        return ListValue(*value)
    return value


def json_text(data: object) -> str:
    """Data as `jsonencode` writes it: compact, sorted keys, `<`, `>` and `&` escaped."""
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, float):
        data = getattr(data, "exact", None) or Decimal(repr(data))
    if isinstance(data, Decimal):
        text = format(data, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(data, str):
        import json

        text = json.dumps(data, ensure_ascii=False)
        for character in "<>&\u2028\u2029":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return text
    if isinstance(data, Mapping):
        return "{" + ",".join(f"{json_text(key)}:{json_text(data[key])}" for key in sorted(data)) + "}"
    if isinstance(data, Sequence):
        return "[" + ",".join(json_text(item) for item in data) + "]"
    return str(data)


def yaml_text(data: object) -> str:
    """Data as `yamlencode` writes it: block style, sorted keys, quoted texts."""
    lines = _yaml_lines(data)
    if data is None or isinstance(data, (bool, int, float, Decimal)):
        # A bare word at the top is followed by the mark that ends a document.
        lines.append("...")
    return "\n".join(lines) + "\n"


def _yaml_lines(data: object) -> list[str]:
    if isinstance(data, Mapping) and data:
        lines: list[str] = []
        for key in sorted(data):
            lines += _yaml_entry(f"{_yaml_quoted(key)}:", data[key])
        return lines
    if isinstance(data, list) and data:
        return [line for item in data for line in _yaml_item(item)]
    if not isinstance(data, str):
        return [json_text(data)]
    if "\n" not in data or not data.replace("\n", "").isprintable():
        return [_yaml_quoted(data)]
    # A block text keeps its line breaks; the mark shows how many of them end it.
    body = data.rstrip("\n")
    trailing = len(data) - len(body)
    indentation = "2" if data[0] in " \n" else ""
    mark = "-" if trailing == 0 else "" if trailing == 1 and body else "+"
    texts = data.removesuffix("\n").split("\n")
    return [f"|{indentation}{mark}", *(f"  {line}" if line else "" for line in texts)]


def _yaml_entry(key: str, data: object) -> list[str]:
    inner = _yaml_lines(data)
    if not data or not isinstance(data, (Mapping, list)):
        return [f"{key} {inner[0]}", *inner[1:]]
    # Lists are under their key without indentation.
    margin = "" if isinstance(data, list) else "  "
    return [key, *(f"{margin}{line}" if line else "" for line in inner)]


def _yaml_item(data: object) -> list[str]:
    inner = _yaml_lines(data)
    # The lines of a block text are indented already.
    margin = "" if isinstance(data, str) else "  "
    return [f"- {inner[0]}", *(f"{margin}{line}" if line else "" for line in inner[1:])]


def _yaml_quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


class _OpenError(Exception):
    """Something inside a structure is not known."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


def _plain(value: Value) -> object:
    if isinstance(value, (ListValue, MapValue)) and value.rest is not None:
        raise _OpenError(value.rest)
    if isinstance(value, Encoded):
        text = encoded_text(value)
        if text is None:
            raise _OpenError(Absent())
        return text
    if isinstance(value, ListValue):
        return [_plain(item) for item in value.items]
    if isinstance(value, MapValue):
        return {key: _plain(entry.value) for key, entry in value.entries.items()}
    if isinstance(value, Scalar):
        return value.data
    text = known_text(value)
    if text is None and not isinstance(value, Absent):
        raise _OpenError(value)
    return text


def encoded_text(value: Encoded) -> str | None:
    """The text that a structure represents, when all of it is known."""
    pieces = value.pieces()
    texts = [piece for piece in pieces if isinstance(piece, str)]
    return "".join(texts) if len(texts) == len(pieces) else None


def as_text(value: ListValue | MapValue) -> Value | None:
    """The text that a structure represents, with its unknown parts; None for what is only a structure."""
    return text_of([value], value.span) if type(value) not in (ListValue, MapValue) else None


def _yaml_pieces(value: ListValue | MapValue) -> list[TextPart]:
    try:
        return [yaml_text(_plain(decoded(value)))]
    except _OpenError as error:
        return _hidden(value, reason_of(error.value, _CONDITION))


def _json_pieces(value: ListValue | MapValue) -> list[TextPart]:
    pieces: list[TextPart] = []
    _add_json(decoded(value), value.span, pieces)
    return pieces


def _hidden(value: ListValue | MapValue, reason: str) -> list[TextPart]:
    """A text of which only the resources that it names are known."""
    around = Unknown(reason, value.span)
    return [around, *(reference for reference, _ in references_in(value)), around]


def _add_json(value: Value, place: Span, pieces: list[TextPart]) -> None:
    if isinstance(value, Encoded):
        _add_quoted(value.pieces(), pieces)
    elif isinstance(value, (MapValue, ListValue)) and value.rest is not None:
        # Keys that are not known can be anywhere between the known ones.
        pieces += _hidden(value, value.rest.reason)
    elif isinstance(value, MapValue):
        for number, key in enumerate(sorted(value.entries)):
            pieces.append(f"{',' if number else '{'}{json_text(key)}:")
            _add_json(value.entries[key].value, place, pieces)
        pieces.append("}" if value.entries else "{}")
    elif isinstance(value, ListValue):
        for number, item in enumerate(value.items):
            pieces.append("," if number else "[")
            _add_json(item, place, pieces)
        pieces.append("]" if value.items else "[]")
    elif isinstance(value, (Scalar, Absent)):
        pieces.append(json_text(value.data if isinstance(value, Scalar) else None))
    elif isinstance(value, Reference):
        _add_quoted([value if value.known is None else value.known], pieces)
    elif isinstance(value, Unknown) and value.parts:
        _add_quoted(list(value.parts), pieces)
    else:
        pieces.append(_open_piece(value, place))


def _open_piece(value: Value, place: Span) -> Unknown:
    """What is not known as a piece of JSON: reading the text again gives it back."""
    if not isinstance(value, Unknown):
        return Unknown(reason_of(value, _CONDITION), value.span or place)
    identity = f"{JSON_ENCODED}{value.identity})" if value.identity else ""
    return Unknown(value.reason, value.span, (), identity, value.present, value.secret, value.assumed)


def _add_quoted(inner: list[TextPart], pieces: list[TextPart]) -> None:
    pieces.append('"')
    pieces += [json_text(piece)[1:-1] if isinstance(piece, str) else piece for piece in inner]
    pieces.append('"')
