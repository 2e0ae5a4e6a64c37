"""Values in YAML's and JSON's notation, in the style of the text around them."""

import json
from typing import Any

from mlwa_lint.fixes.wanted import Expression, Joined, LogicalName
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_PLAIN = lazy(r"[A-Za-z/][\w./@+-]*(?::+[\w./@*+-]+)*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


class Style(NamedTuple):
    """How a file is written.

    step: what one level is indented by. quote: around texts that need quotes. compact: without blanks.
    """

    is_json: bool
    step: str = "  "
    quote: str = '"'
    compact: bool = False


def scalar(value: Any, style: Style) -> str:
    """A text, number or truth value; a name of the template as a function."""
    if isinstance(value, LogicalName):
        return _function(value, style)
    if isinstance(value, Joined):
        text = "".join(each if isinstance(each, str) else _interpolated(each) for each in value.parts)
        return json.dumps({"Fn::Sub": text}) if style.is_json else f"!Sub {json.dumps(text)}"
    if isinstance(value, Expression):
        return value.text
    if style.is_json:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    if style.quote == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)


def _function(value: LogicalName, style: Style) -> str:
    if style.is_json:
        made: Any = {"Fn::GetAtt": [value.name, value.attribute]} if value.attribute else {"Ref": value.name}
        return json.dumps(made)
    return f"!GetAtt {value.name}.{value.attribute}" if value.attribute else f"!Ref {value.name}"


def _interpolated(value: LogicalName) -> str:
    return "${" + (f"{value.name}.{value.attribute}" if value.attribute else value.name) + "}"


def inline(value: Any, style: Style) -> str:
    """A value on one line."""
    comma, colon = (",", ":") if style.compact else (", ", ": ")
    if isinstance(value, dict):
        pairs = (f"{scalar(key, style)}{colon}{inline(each, style)}" for key, each in value.items())
        return "{" + comma.join(pairs) + "}"
    if isinstance(value, list):
        return "[" + comma.join(inline(each, style) for each in value) + "]"
    return scalar(value, style)


def block(value: Any, indent: str, style: Style) -> str:
    """What follows a key's colon: ` value` on the same line, or lines that are indented below `indent`."""
    deeper = indent + style.step
    if isinstance(value, dict) and value:
        return "".join(
            f"\n{deeper}{scalar(key, style)}:{block(each, deeper, style)}" for key, each in value.items()
        )
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return "".join(f"\n{deeper}- {_item(each, deeper, style)}" for each in value)
    return f" {inline(value, style)}"


def _item(value: Any, indent: str, style: Style) -> str:
    inside = indent + "  "
    if not isinstance(value, dict):
        return inline(value, style)
    pairs = (f"{scalar(key, style)}:{block(each, inside, style)}" for key, each in value.items())
    return f"\n{inside}".join(pairs)


def item(value: Any, indent: str, style: Style) -> str:
    """An item of a block sequence, without its dash; `indent` is the dash's."""
    return _item(value, indent, style)


def pretty(value: Any, indent: str, style: Style) -> str:
    """A JSON value over several lines, the first one continuing a line indented by `indent`."""
    deeper = indent + style.step
    if isinstance(value, dict) and value:
        pairs = (
            f"{deeper}{scalar(key, style)}: {pretty(each, deeper, style)}" for key, each in value.items()
        )
        return "{\n" + ",\n".join(pairs) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return "[\n" + ",\n".join(f"{deeper}{pretty(each, deeper, style)}" for each in value) + f"\n{indent}]"
    return inline(value, style)
