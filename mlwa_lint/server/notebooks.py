"""Notebooks that a client holds cell by cell, converted to one file and back."""

import json
from collections.abc import Iterable, Sequence

from lsprotocol import types

from mlwa_lint.files.notebooks import NotebookError, notebook_of
from mlwa_lint.model.spans import Span
from mlwa_lint.server.documents import OpenDocument
from mlwa_lint.server.positions import Lines


def text_of(cells: Iterable[tuple[types.NotebookCellKind, str]]) -> str:
    """A notebook's file with some cells, in their order."""
    kinds = {types.NotebookCellKind.Code: "code", types.NotebookCellKind.Markup: "markdown"}
    listed = [{"cell_type": kinds[kind], "source": text.splitlines(keepends=True)} for kind, text in cells]
    metadata = {"language_info": {"name": "python"}}
    document = {"cells": listed, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=1)


def cell_range(document: OpenDocument, span: Span, encoding: str) -> tuple[str, types.Range]:
    """The cell that contains a place of the file, and the range in it; the first cell where none does."""
    start = _in_cell(document.text, span.line, span.column)
    end = _in_cell(document.text, span.end_line, span.end_column)
    if start is None:
        return document.cells[0], types.Range(types.Position(0, 0), types.Position(0, 0))
    number, lines, line, column = start
    last = end[2:] if end is not None and end[0] == number else (line, column)
    place = Lines(lines, encoding).range(Span("", line, column, *last))
    return document.cells[min(number, len(document.cells)) - 1], place


def _in_cell(text: str, line: int, column: int) -> tuple[int, Sequence[str], int, int] | None:
    try:
        found = notebook_of(text).cell_at(line, column)
    except NotebookError:
        return None
    if found is None:
        return None
    cell, place = found
    return cell.number, cell.lines, place.line, place.column
