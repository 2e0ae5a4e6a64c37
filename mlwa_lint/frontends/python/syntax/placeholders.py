"""Cells in which a reader is to fill something in: `project = <PROJECT NAME>` is not Python yet."""

import ast

from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# Where a value is expected, and nothing follows but the end of the statement, of a call or of a display.
_PLACEHOLDER = lazy(r"(?<=[=(,:\[])([ \t]*)<([A-Za-z][\w .,:/-]*)>(?=[ \t]*(?:[,)\]}#]|$))")


class Filled(NamedTuple):
    """A cell whose placeholders are texts. places: line and column of each, and what is written there."""

    code: str
    places: dict[tuple[int, int], str]

    def statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The statements of the cell, in which the placeholders read as they are written."""
        for statement in body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and (node.lineno, node.col_offset) in self.places:
                    node.value = self.places[node.lineno, node.col_offset]
        return body

    @property
    def first(self) -> tuple[int, str]:
        """The line of the first placeholder, and its text."""
        (line, _), text = min(self.places.items())
        return line, text


def filled(code: str) -> Filled | None:
    """A cell with texts of the same length in place of its placeholders; None where it has none."""
    places: dict[tuple[int, int], str] = {}
    lines = code.split("\n")
    for number, line in enumerate(lines, start=1):
        for found in _PLACEHOLDER.finditer(line):
            start = found.end(1)
            places[number, len(line[:start].encode())] = line[start : found.end()]
        lines[number - 1] = _PLACEHOLDER.sub(r'\1"\2"', line)
    return Filled("\n".join(lines), places) if places else None
