"""Escapes text from linted files, which may be written to deceive its readers."""

from collections.abc import Iterator
from typing import Any

from mlwa_lint.startup.patterns import lazy

# What is shown in place of a character that hides something.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Characters that move a terminal's cursor, turn the direction of text, or cannot be seen.
_HIDING = lazy(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
# Of these, JSON itself escapes those below the space, and half a character is escaped where it is written.
_RAW_IN_JSON = lazy(r"[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

# What XML cannot hold even as an entity, beside what is hidden anyway.
_NOT_IN_XML = lazy("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def visible(text: str) -> str:
    """One line of text in which nothing is hidden."""
    if text.isascii() and text.isprintable():
        return text
    return _HIDING.sub(REPLACEMENT, text.replace("\n", " ").replace("\t", " "))


def json_text(document: Any) -> str:
    """A JSON document that can be shown in a terminal; it means the same.

    What can be gone through but once is a list, too.
    """
    return "".join(json_pieces(document))


def json_pieces(document: Any) -> Iterator[str]:
    """The text of a document piece by piece: of such a list, no more than one item is held at a time."""
    for piece in _pieces(document, "\n"):
        yield _RAW_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", piece)
    yield "\n"


def _pieces(value: Any, line: str) -> Iterator[str]:
    """The pieces of a value. line: how a line starts at its place."""
    from json import dumps

    inner = f"{line}  "
    if isinstance(value, dict) and any(map(_is_long, value.values())):
        sign = "{"
        for key, each in value.items():
            yield f"{sign}{inner}{dumps(key, ensure_ascii=False)}: "
            yield from _pieces(each, inner)
            sign = ","
        yield f"{line}}}"
    elif _is_long(value):
        sign = "["
        for each in value:
            yield f"{sign}{inner}"
            yield from _pieces(each, inner)
            sign = ","
        yield "[]" if sign == "[" else f"{line}]"
    else:
        yield dumps(value, indent=2, ensure_ascii=False).replace("\n", line)


def _is_long(value: Any) -> bool:
    """Whether a value is, or a small one holds, a list that is gone through but once."""
    if isinstance(value, (list, tuple)) and len(value) == 1:
        return _is_long(value[0])
    if isinstance(value, dict):
        return any(map(_is_long, value.values()))
    return isinstance(value, Iterator)


def xml_text(text: str) -> str:
    """Text, of one line or several, that XML can hold and in which nothing is hidden."""
    lines = (_NOT_IN_XML.sub(REPLACEMENT, visible(line)) for line in text.split("\n"))
    return "\n".join(lines)
