"""Jupyter notebooks: the source of each cell, and the place of each of its characters in the file.

Texts that only need the code of all cells take `code_of`, which keeps no places and costs a twentieth.
"""

import bisect
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from mlwa_lint.files import NOTEBOOK as ENDING
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

__all__ = ["ENDING", "Cell", "CellPlace", "Notebook", "NotebookError", "code_of", "notebook_of"]

_CODE = "code"
_UNIT = lazy(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)

# What the kernel of R is called, by itself and by conda.
_OF_R = lazy(r"(?:ir|irkernel|sparkrkernel|xr|conda-env-.+-r|R(?: [\d.]+)?(?: \[conda .+\])?)$")


class NotebookError(Exception):
    """A file that is not a notebook, and in which line that shows."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class CellPlace(NamedTuple):
    """A place as people name it: the cell (from 1, all kinds count), and line and column in it."""

    cell: int
    line: int
    column: int


class _Piece(NamedTuple):
    """One string of a cell's source: where it starts in the source, and its raw text in the file."""

    start: int
    raw_start: int
    raw: str

    def offset(self, index: int) -> int:
        """The offset in the file of a character of the source."""
        inside = index - self.start
        escape = self.raw.find("\\")
        if escape < 0 or inside <= escape:
            return self.raw_start + inside
        for match in _UNIT.finditer(self.raw):
            if inside == 0:
                return self.raw_start + match.start()
            inside -= 1
        return self.raw_start + len(self.raw)

    def index_at(self, offset: int) -> int:
        """The index in the source of a place in the file."""
        inside = offset - self.raw_start
        if "\\" not in self.raw:
            return self.start + inside
        return self.start + sum(1 for match in _UNIT.finditer(self.raw) if match.end() <= inside)


class Cell:
    """One cell: its number, kind and source."""

    def __init__(self, number: int, kind: str, source: str, pieces: Sequence[_Piece]) -> None:
        self.number = number
        self.kind = kind
        self.source = source
        self.lines = source.split("\n")
        self._pieces = pieces
        self._piece_starts = [piece.start for piece in pieces]
        self._raw_starts = [piece.raw_start for piece in pieces]
        self._starts = [0, *(match.end() for match in re.finditer("\n", source))]

    @property
    def raw_start(self) -> int:
        """Where its source starts in the file."""
        return self._pieces[0].raw_start if self._pieces else -1

    @property
    def raw_end(self) -> int:
        """Where its source ends in the file."""
        last = self._pieces[-1] if self._pieces else None
        return last.raw_start + len(last.raw) if last is not None else -1

    def offset(self, line: int, column: int) -> int:
        """The place in the file of a line (from 1) and column (from 0)."""
        index = min(self._starts[min(line, len(self._starts)) - 1] + column, len(self.source))
        position = bisect.bisect_right(self._piece_starts, index) - 1
        # The end of a line belongs to the piece that has the line.
        if column and position > 0 and self._pieces[position].start == index:
            position -= 1
        return self._pieces[max(position, 0)].offset(index)

    def place(self, offset: int) -> CellPlace:
        """The line and column of a place in the file."""
        position = bisect.bisect_right(self._raw_starts, offset) - 1
        index = min(self._pieces[max(position, 0)].index_at(offset), len(self.source))
        row = bisect.bisect_right(self._starts, index)
        return CellPlace(self.number, row, index - self._starts[row - 1] + 1)


class Notebook:
    """A notebook's cells and the lines of its file."""

    def __init__(self, text: str) -> None:
        document = _parsed(text)
        self.language = _language(document)
        self.cells = list(_cells(document, text))
        self._breaks = [0, *(match.end() for match in re.finditer("\n", text))]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """A place of the file as line and column, from 1."""
        row = bisect.bisect_right(self._breaks, offset)
        return row, offset - self._breaks[row - 1] + 1

    def cell_at(self, line: int, column: int) -> tuple[Cell, CellPlace] | None:
        """The cell at a line and column of the file, and the place in it."""
        if not 1 <= line <= len(self._breaks):
            return None
        offset = self._breaks[line - 1] + column - 1
        for cell in self.cells:
            if cell.raw_start <= offset <= cell.raw_end:
                return cell, cell.place(offset)
        return None


@lru_cache(maxsize=4)
def notebook_of(text: str) -> Notebook:
    """The notebook in a text. Raises NotebookError."""
    return Notebook(text)


class _Located(str):
    """A text of a JSON document that knows its place."""

    __slots__ = ("end", "start")
    start: int
    end: int


def _parsed(text: str) -> Any:
    from json import decoder as decoding
    from json import scanner as scanning

    internals: Any = decoding
    scanners: Any = scanning

    def located(source: str, end: int, strict: bool = True) -> tuple[str, int]:
        value, after = internals.scanstring(source, end, strict)
        made = _Located(value)
        made.start, made.end = end, after - 1
        return made, after

    # The scanner written in Python takes a function for texts, which records their places.
    decoder = internals.JSONDecoder(strict=False)
    decoder.parse_string = located
    decoder.scan_once = scanners.py_make_scanner(decoder)
    try:
        document = decoder.decode(text)
    except decoding.JSONDecodeError as error:
        raise NotebookError(f"is not a valid notebook: {error.msg}", error.lineno) from None
    except RecursionError:
        raise NotebookError("is nested too deeply to be a notebook") from None
    return document


def _language(document: Any) -> str:
    metadata = document.get("metadata") if isinstance(document, dict) else None
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    names = [kernel.get("name"), kernel.get("display_name")] if isinstance(kernel, dict) else []
    if any(_OF_R.match(str(each)) for each in names):
        return "r"  # a notebook that was begun with another kernel keeps the language of that one
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        held = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(held, dict) and isinstance(held.get(name), str):
            return str(held[name]).lower()
    return "python"


def code_of(content: bytes) -> list[str]:
    """The source of each code cell; nothing where the content is not a notebook."""
    import json

    try:
        found = [(kind, "".join(strings)) for _, kind, strings in _sources(json.loads(content))]
    except (ValueError, RecursionError, NotebookError):
        return []
    return [source for kind, source in found if kind == _CODE]


def _sources(document: Any) -> Iterator[tuple[int, str, list[str]]]:
    """Number, kind and strings of each cell. Raises NotebookError."""
    listed = document.get("cells") if isinstance(document, dict) else None
    if listed is None and isinstance(document, dict):  # version 3
        sheets = document.get("worksheets")
        first = sheets[0] if isinstance(sheets, list) and sheets else None
        listed = first.get("cells") if isinstance(first, dict) else None
    if not isinstance(listed, list):
        raise NotebookError("is not a notebook: it has no cells")
    for number, cell in enumerate(listed, start=1):
        if isinstance(cell, dict):
            source = cell.get("source", cell.get("input", []))
            given = source if isinstance(source, list) else [source]
            yield number, str(cell.get("cell_type", "")), [each for each in given if isinstance(each, str)]


def _cells(document: Any, text: str) -> Iterator[Cell]:
    for number, kind, strings in _sources(document):
        pieces, length = [], 0
        for each in strings:
            if isinstance(each, _Located):
                pieces.append(_Piece(length, each.start, text[each.start : each.end]))
                length += len(each)
        yield Cell(number, kind, "".join(strings), pieces)
