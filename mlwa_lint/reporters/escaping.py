"""What reports do with text from linted files, which may be written to deceive whoever reads it."""

from collections.abc import Iterator
from typing import Any

from mlwa_lint.startup.patterns import lazy

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
    return _HIDING.sub("\N{REPLACEMENT CHARACTER}", text.replace("\n", " ").replace("\t", " "))


def json_text(document: Any) -> str:
    """A JSON document that can be looked at in a terminal; it means the same.

    The lists of an object are made item by item: the encoder holds a hundred small texts for each of them.
    """
    from json import dumps

    if isinstance(document, dict) and document:
        entries = (f"  {dumps(key, ensure_ascii=False)}: {_listed(value)}" for key, value in document.items())
        text = "{\n" + ",\n".join(entries) + "\n}"
    else:
        text = dumps(document, indent=2, ensure_ascii=False)
    return _RAW_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n"


def _listed(value: Any) -> str:
    """A value one level down in a document; what can be gone through but once is a list, too."""
    from json import dumps

    if not isinstance(value, (list, Iterator)):
        return dumps(value, indent=2, ensure_ascii=False).replace("\n", "\n  ")
    items = [dumps(each, indent=2, ensure_ascii=False).replace("\n", "\n    ") for each in value]
    return "[\n    " + ",\n    ".join(items) + "\n  ]" if items else "[]"


def xml_text(text: str) -> str:
    """Text, of one line or several, that XML can hold and in which nothing is hidden."""
    lines = (_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", visible(line)) for line in text.split("\n"))
    return "\n".join(lines)
