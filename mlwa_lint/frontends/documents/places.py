"""The places of the tokens of a JSON text in the file that holds it, however it is quoted there."""

import bisect
import re

from mlwa_lint.files.reading import read_text
from mlwa_lint.model.partial_json import Locator
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy

FILE_LIMIT = 20_000_000
# As many tokens may be missing at the start before the text is taken to come from somewhere else.
_PATIENCE = 4
# As many tokens may be missing in all: each time the rest of the text is searched.
_MISSES = 1_000
_UNKNOWN_PART = lazy("\ue000[0-9]+\ue001")


class DocumentSources:
    """The texts of the source files, each read once; a file that cannot be read has none."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[str, list[int]] | None] = {}

    def locator(self, span: Span) -> Locator | None:
        """Finds the tokens of the text at `span`; None when the file cannot be read."""
        source = self._source(span.path)
        if source is None:
            return None
        text, starts = source
        if not 0 < span.line <= len(starts):
            return None
        start = starts[span.line - 1] + span.column - 1
        last = starts[span.end_line - 1] if 0 < span.end_line <= len(starts) else len(text)
        end = min(len(text), last + span.end_column)
        return _Search(text, starts, span, start, end).locate

    def _source(self, path: str) -> tuple[str, list[int]] | None:
        if path not in self._texts:
            self._texts[path] = _read(path)
        return self._texts[path]


def _read(path: str) -> tuple[str, list[int]] | None:
    try:
        text = read_text(path, FILE_LIMIT)
    except (OSError, ValueError):
        return None
    return text, [0, *(match.end() for match in re.finditer("\n", text))]


class _Search:
    """Goes through a file's text from token to token: they are in the same order there.

    A quotation mark may be escaped there, as in JSON inside of JSON.
    """

    def __init__(self, text: str, starts: list[int], span: Span, start: int, end: int) -> None:
        self._text = text
        self._starts = starts
        self._span = span
        self._cursor = start
        self._end = end
        self._missed = 0
        self._found = False
        self._is_escaped = False
        self._last = Span(span.path, span.line, span.column, span.line, span.column + 1)

    def locate(self, offset: int, token: str) -> Span:
        if self._missed >= (_MISSES if self._found else _PATIENCE):
            return self._last
        if token.startswith('"'):
            return self._string(token[1:-1])
        if not token or token == "[":
            return self._last
        position = self._text.find(token, self._cursor, self._end)
        if position < 0 and self._found:
            self._missed += 1
        while token == "{" and position > 0 and self._text[position - 1] in "$%":
            position = self._text.find(token, position + 1, self._end)
        # Only what follows closely belongs to the token before it.
        if position < 0 or self._text.count("\n", self._cursor, position) > 1:
            return self._last
        return self._place(position, position + len(token))

    def _string(self, inner: str) -> Span:
        if not inner:
            return self._last
        pieces = [piece for piece in _UNKNOWN_PART.split(inner) if piece]
        if not pieces:
            return self._last
        whole = len(pieces) == 1 and pieces[0] == inner
        found = self._first(f'"{inner}"' if whole else max(pieces, key=len))
        if found is None:
            self._missed += 1
            return self._last
        self._found = True
        self._cursor = found[1]
        self._last = self._place(*found)
        return self._last

    def _first(self, text: str) -> tuple[int, int] | None:
        """The first place of a text, as it is or escaped; the form that was found last is searched first."""
        forms = {False: text, True: _escaped(text)}
        best: tuple[int, int] | None = None
        for is_escaped in (self._is_escaped, not self._is_escaped):
            wanted = forms[is_escaped]
            end = self._end if best is None else min(best[0] + len(wanted), self._end)
            position = self._text.find(wanted, self._cursor, end)
            if position >= 0 and (best is None or (position, position + len(wanted)) < best):
                best = (position, position + len(wanted))
                self._is_escaped = is_escaped
        return best

    def _place(self, start: int, end: int) -> Span:
        row = bisect.bisect_right(self._starts, start)
        column = start - self._starts[row - 1] + 1
        return Span(self._span.path, row, column, row, column + end - start)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
