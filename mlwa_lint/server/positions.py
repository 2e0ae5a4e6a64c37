"""Converts between places as parsers count them and positions as the client does.

Ours start at 1 and count code points; those of the protocol start at 0 and count units of the encoding that
was agreed upon, UTF-16 by default.
"""

import re
from collections.abc import Sequence

from lsprotocol import types

from mlwa_lint.model.spans import Span

_LINE_END = re.compile(r"\r\n|\r|\n")


class Lines:
    """The lines of one text, in the units of a client."""

    def __init__(self, lines: Sequence[str], encoding: str = "utf-16") -> None:
        self._lines = lines
        self._encoding = encoding

    def range(self, span: Span) -> types.Range:
        """The range of a place; one that the text does not have ends where the text does."""
        start = self._position(span.line, span.column)
        end = self._position(span.end_line, span.end_column)
        return types.Range(start, max(start, end))

    def place(self, position: types.Position) -> tuple[int, int]:
        """Line and column, from 1, of a position."""
        text = self._line(position.line + 1)
        units = 0
        for column, letter in enumerate(text):
            if units >= position.character:
                return position.line + 1, column + 1
            units += self._units(letter)
        return position.line + 1, len(text) + 1

    def _position(self, line: int, column: int) -> types.Position:
        line = min(max(line, 1), max(len(self._lines), 1))
        return types.Position(line - 1, self._units(self._line(line)[: max(column - 1, 0)]))

    def _line(self, line: int) -> str:
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""

    def _units(self, text: str) -> int:
        if text.isascii() or self._encoding == "utf-32":
            return len(text)
        if self._encoding == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text) + sum(letter > "\uffff" for letter in text)


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends, of all three kinds, as the protocol counts them."""
    return _LINE_END.split(text)
