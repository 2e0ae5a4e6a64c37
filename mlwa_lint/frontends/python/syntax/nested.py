"""f-strings as Python 3.12 reads them, rewritten so that an older one reads them too.

Since 3.12 the expressions in an f-string may hold its own quotes, backslashes, line breaks and comments.
"""

from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# A placeholder for an expression that cannot be rewritten: nothing is known of it.
UNREAD = "__unread__"
_START = lazy(r"(?<!\w)((?i:[bfrtu]|br|fr|rb|rf|rt|tr)?)(\"\"\"|'''|\"|')")
_OPENING, _CLOSING = "([{", ")]}"
_DEPTH_LIMIT = 20


class _Field(NamedTuple):
    """A replacement field, `{x["a"]}`: where it stands, between which quotes, and whether the text is raw."""

    start: int
    end: int
    quotes: str
    raw: bool


class _UnfinishedError(Exception):
    """A text that no version reads."""


def plainer(text: str) -> str | None:
    """A program whose f-strings an older Python reads; None where there is nothing to change.

    Its lines stay the same, and mostly its columns.
    """
    try:
        fields = _fields(text)
    except _UnfinishedError:
        return None
    changed = []
    end = 0
    for field in fields:
        plain = _plain(text[field.start : field.end], field.quotes, field.raw)
        if plain is None:
            return None
        changed += [text[end : field.start], plain]
        end = field.end
    result = "".join((*changed, text[end:]))
    return None if result == text else result


def _plain(field: str, quotes: str, raw: bool) -> str | None:
    """A replacement field, `{x["a"]}`, without what only newer versions allow; None where there is no way."""
    broken = "\n" in field and len(quotes) == 1
    if quotes not in field and "\\" not in field and "#" not in field and not broken:
        return field
    other = "'" if quotes[0] == '"' else '"'
    if other not in field and "\\" not in field and "#" not in field and "\n" not in field:
        return field.replace(quotes[0], other)
    if broken and raw:
        return None
    lines = field.count("\n")
    continued = "\\\n" if broken else "\n"
    # In a text of several lines the field itself may have as many; in others only what follows it.
    ends = f"}}{continued * lines}" if broken else f"{continued * lines}}}"
    return f"{{{UNREAD}{ends}" if lines else f"{{{UNREAD}{' ' * (len(field) - len(UNREAD) - 2)}}}"


def _fields(text: str) -> list[_Field]:
    """The outermost replacement fields of all f-strings."""
    found: list[_Field] = []
    position = 0
    while position < len(text):
        if text[position] == "#":
            position = _line_end(text, position)
            continue
        started = _string_at(text, position)
        if started is None:
            position += 1
            continue
        position = _after_string(text, *started, found, 0)
    return found


def _string_at(text: str, position: int) -> tuple[int, str, str] | None:
    """Where a string's text begins that starts at a place, its prefix and its quotes."""
    match = _START.match(text, position)
    return None if match is None else (match.end(), match.group(1).lower(), match.group(2))


def _after_string(
    text: str,
    position: int,
    prefix: str,
    quotes: str,
    found: list[_Field] | None,
    depth: int,
) -> int:
    """The place after a string; its replacement fields are added to those found, if they are wanted."""
    raw, formatted = "r" in prefix, "f" in prefix or "t" in prefix
    while position < len(text):
        char = text[position]
        if char == "\\":
            named = formatted and not raw and text.startswith("\\N{", position)
            position = text.find("}", position) + 1 if named else position + 2
            if position == 0:
                raise _UnfinishedError
        elif text.startswith(quotes, position):
            return position + len(quotes)
        elif char == "\n" and len(quotes) == 1:
            raise _UnfinishedError
        elif formatted and char in "{}" and text.startswith(char * 2, position):
            position += 2
        elif formatted and char == "{":
            end = _after_field(text, position + 1, depth + 1)
            if found is not None:
                found.append(_Field(position, end, quotes, raw))
            position = end
        else:
            position += 1
    raise _UnfinishedError


def _after_field(text: str, position: int, depth: int) -> int:
    """The place after a replacement field, `x["a"]!r:>{width}}`."""
    if depth > _DEPTH_LIMIT:
        raise _UnfinishedError
    brackets = 0
    while position < len(text):
        char = text[position]
        if char == "#":
            position = _line_end(text, position)
            continue
        started = _string_at(text, position)
        if started is not None:
            position = _after_string(text, *started, None, depth)
            continue
        if char == "}" and not brackets:
            return position + 1
        if char == ":" and not brackets:
            return _after_format(text, position + 1, depth)
        brackets += (char in _OPENING) - (char in _CLOSING)
        position += 1
    raise _UnfinishedError


def _after_format(text: str, position: int, depth: int) -> int:
    while position < len(text):
        if text[position] == "{":
            position = _after_field(text, position + 1, depth + 1)
        elif text[position] == "}":
            return position + 1
        else:
            position += 1
    raise _UnfinishedError


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


__all__ = ["UNREAD", "plainer"]
