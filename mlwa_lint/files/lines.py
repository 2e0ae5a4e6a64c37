"""Source text for excerpts and comments, read once per file."""

from collections.abc import Iterable, Mapping
from typing import Any

from mlwa_lint.files.reading import read_text
from mlwa_lint.model.spans import Span

SIZE_LIMIT = 200_000_000
# This many files are kept in memory: readers go from file to file, and an estate has fifty thousand.
KEPT = 32


class SourceLines:
    """The lines of source files by the path that reports show; empty where a file cannot be read.

    hidden: places that are starred out in the lines, character by character, so that columns stay.
    """

    def __init__(self, texts: Mapping[str, str], hidden: Iterable[Span] = ()) -> None:
        self._given = texts
        self._texts: dict[str, str] = {}
        self._lines: dict[str, list[str]] = {}
        self._hidden: dict[str, list[Span]] = {}
        for span in hidden:
            self._hidden.setdefault(span.path, []).append(span)

    def text(self, path: str) -> str:
        """The whole text of a file."""
        if path in self._given:
            return self._given[path]
        if path not in self._texts:
            _make_room(self._texts)
            try:
                self._texts[path] = read_text(path, SIZE_LIMIT, "replace")
            except (OSError, ValueError):
                self._texts[path] = ""
        return self._texts[path]

    def lines(self, path: str) -> list[str]:
        """The lines of a file, without their ends; only line feeds end one, as the parsers count."""
        if path not in self._lines:
            text = self.text(path).replace("\r\n", "\n").replace("\r", "\n")
            lines = text.split("\n")
            for span in self._hidden.get(path, ()):
                _hide(lines, span)
            _make_room(self._lines)
            self._lines[path] = lines
        return self._lines[path]


def _make_room(kept: dict[str, Any]) -> None:
    if len(kept) >= KEPT:
        del kept[next(iter(kept))]


def _hide(lines: list[str], span: Span) -> None:
    for number in range(max(span.line, 1), min(span.end_line, len(lines)) + 1):
        line = lines[number - 1]
        start = span.column - 1 if number == span.line else len(line) - len(line.lstrip())
        end = min(span.end_column - 1 if number == span.end_line else len(line), len(line))
        lines[number - 1] = line[:start] + _starred(line[start:end]) + line[end:]


def _starred(text: str) -> str:
    """A text in stars; the quotes around it stay."""
    if len(text) > 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[0] + "*" * (len(text) - 2) + text[-1]
    return "*" * len(text)
