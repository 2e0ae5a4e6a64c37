"""Lines of styled pieces, as plain text or in a terminal's colours."""

from collections.abc import Iterable
from typing import TypeAlias

from mlwa_lint.startup.patterns import lazy

Line: TypeAlias = list[tuple[str, str]]

# Characters that could move a terminal's cursor or hide text; they can come from linted files.
_CONTROL = lazy(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_STYLES = {
    "high": "bold red",
    "medium": "bold yellow",
    "low": "bold cyan",
    "info": "bold blue",
    "undecided": "bold magenta",
    "place": "bold",
    "code": "bold",
    "strong": "bold",
    "faint": "dim",
    "gutter": "blue",
}


def plain(lines: Iterable[Line]) -> str:
    """The text alone."""
    return "".join([_clean("".join([text for text, _ in line])).rstrip() + "\n" for line in lines])


def paint(lines: Iterable[Line]) -> str:
    """The text in colour. rich is loaded only here."""
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    buffer = StringIO()
    console = Console(file=buffer, force_terminal=True, color_system="standard", no_color=False, width=10_000)
    for line in lines:
        text = Text()
        for piece, style in line:
            text.append(_clean(piece), _STYLES.get(style, ""))
        console.print(text, soft_wrap=True, highlight=False)
    return buffer.getvalue()


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\n", " ").replace("\t", " "))
