"""What `jsonencode` and `yamlencode` give: text, kept as the structure that it encodes.

Rules read policies and definitions as structures. Functions that need the text (`base64encode`, `length`)
write it out.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mlwa_lint.model.values import ListValue, MapValue


class JsonMap(MapValue):
    """A map that stands for its JSON text."""

    __slots__ = ()


class JsonList(ListValue):
    """A list that stands for its JSON text."""

    __slots__ = ()


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
