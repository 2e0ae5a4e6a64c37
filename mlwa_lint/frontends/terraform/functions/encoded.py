"""What `jsonencode` and `yamlencode` give: text, kept as the structure that it encodes.

Rules read policies and definitions as structures. Functions that need the text (`base64encode`, `length`)
write it out.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mlwa_lint.model.values import ListValue, MapValue, Value


class JsonMap(MapValue):
    """A map that stands for its JSON text."""

    __slots__ = ()


class JsonList(ListValue):
    """A list that stands for its JSON text."""

    __slots__ = ()


class YamlMap(MapValue):
    """A map that stands for its YAML text."""

    __slots__ = ()


class YamlList(ListValue):
    """A list that stands for its YAML text."""

    __slots__ = ()


ENCODED = (JsonMap, JsonList, YamlMap, YamlList)


def decoded(value: Value) -> Value:
    """The structure that stands for its text, as a structure; other values as they are."""
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
    return "\n".join(lines) + "\n"


def _yaml_lines(data: object) -> list[str]:
    if isinstance(data, Mapping) and data:
        lines: list[str] = []
        for key in sorted(data):
            inner = _yaml_lines(data[key])
            nested = bool(data[key]) and isinstance(data[key], (Mapping, list))
            # Lists stand under their key without indentation.
            margin = "" if isinstance(data[key], list) else "  "
            lines += _yaml_entry(f"{json_text(key)}:", inner, nested, margin)
        return lines
    if isinstance(data, list) and data:
        return [
            ("- " if at == 0 else "  ") + line for item in data for at, line in enumerate(_yaml_lines(item))
        ]
    if isinstance(data, str) and "\n" in data:
        # A block text keeps its line breaks; the mark tells how many of them end it.
        body = data.rstrip("\n")
        trailing = len(data) - len(body)
        mark = "|-" if trailing == 0 else "|" if trailing == 1 and body else "|+"
        return [mark, *(f"  {line}" if line else "" for line in data.removesuffix("\n").split("\n"))]
    return [json_text(data)]


def _yaml_entry(key: str, inner: list[str], nested: bool, margin: str) -> list[str]:
    if nested:
        return [key, *(margin + line for line in inner)]
    return [f"{key} {inner[0]}", *inner[1:]]
