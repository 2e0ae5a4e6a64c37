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
    if data is None or isinstance(data, (bool, int, Decimal)):
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
    # A block text keeps its line breaks; the mark tells how many of them end it.
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
    # Lists stand under their key without indentation.
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
