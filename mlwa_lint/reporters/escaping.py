"""What reports do with text from linted files, which may be written to deceive whoever reads it."""

from json import dumps
from typing import Any

from mlwa_lint.startup.patterns import lazy

# Characters that move a terminal's cursor, turn the direction of text, or cannot be seen.
_HIDING = lazy(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
# Of these, JSON itself escapes those below the space, and half a character is escaped where it is written.
_RAW_IN_JSON = lazy(r"[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def visible(text: str) -> str:
    """One line of text in which nothing is hidden."""
    if text.isascii() and text.isprintable():
        return text
    return _HIDING.sub("\N{REPLACEMENT CHARACTER}", text.replace("\n", " ").replace("\t", " "))


def json_text(document: Any) -> str:
    """A JSON document that can be looked at in a terminal; it means the same."""
    text = dumps(document, indent=2, ensure_ascii=False)
    return _RAW_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n"
