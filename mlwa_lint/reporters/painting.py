"""Lines of styled pieces, as plain text or in a terminal's colours."""

from collections.abc import Iterable
from typing import TypeAlias

from mlwa_lint.reporters.escaping import visible

Line: TypeAlias = list[tuple[str, str]]

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
    return "".join([visible("".join([text for text, _ in line])).rstrip() + "\n" for line in lines])


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
            text.append(visible(piece), _STYLES.get(style, ""))
        console.print(text, soft_wrap=True, highlight=False)
    return buffer.getvalue()
