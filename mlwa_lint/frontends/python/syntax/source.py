"""Where the nodes of a syntax tree stand in the file that the user has."""

import ast
from collections.abc import Sequence

from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

_FAR = 1_000_000_000


class Source:
    """A text of Python and its place in a file.

    Columns of a syntax tree count bytes, those of spans characters.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._lines: list[str] | None = None
        self._ascii = text.isascii()

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias) -> Span:
        """The place of a node."""
        end_line = node.end_lineno or node.lineno
        end_column = node.end_col_offset or 0
        return self.place(node.lineno, node.col_offset, end_line, end_column)

    def lines(self, first: int, last: int) -> Span:
        """Whole lines."""
        return Span(self.path, first, 1, last, _FAR)

    def characters(self, line: int, column: int, end: int) -> Span:
        """A part of a line, with columns (from 0) that count characters."""
        return self._in_file(line, column, line, end)

    def place(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        """A range of lines (from 1) and columns in bytes (from 0)."""
        if not self._ascii:
            column, end_column = self._characters(line, column), self._characters(end_line, end_column)
        return self._in_file(line, column, end_line, end_column)

    def _in_file(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        return Span(self.path, line, column + 1, end_line, end_column + 1)

    def _characters(self, line: int, column: int) -> int:
        if self._lines is None:
            self._lines = self.text.split("\n")
        if not 1 <= line <= len(self._lines):
            return column
        text = self._lines[line - 1]
        return column if text.isascii() else len(text.encode("utf-8")[:column].decode("utf-8", "ignore"))


class Unit(NamedTuple):
    """Statements that run one after the other, and where they stand."""

    body: Sequence[ast.stmt]
    source: Source


class PythonSyntaxError(Exception):
    """A file that is no Python, or that goes beyond what can be read."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
