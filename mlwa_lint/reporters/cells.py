"""Places in notebooks as people name them: "cell 7, line 3"."""

from typing import TYPE_CHECKING

from mlwa_lint.files.lines import SourceLines
from mlwa_lint.model.spans import Span

if TYPE_CHECKING:
    from mlwa_lint.files.notebooks import Cell, CellPlace

_NOTEBOOK = ".ipynb"


def cell_place(sources: SourceLines, span: Span) -> "CellPlace | None":
    """The cell, and line and column in it; None outside of notebooks."""
    found = _cell(sources, span)
    return found[1] if found is not None else None


def cell_text(sources: SourceLines, span: Span) -> tuple[list[str], Span]:
    """The lines to show for a place, and the place in them: a notebook's file is not what its author sees."""
    found = _cell(sources, span)
    if found is None:
        return sources.lines(span.path), span
    cell, start = found
    end = _cell(sources, Span(span.path, span.end_line, span.end_column, span.end_line, span.end_column))
    line, column = (end[1].line, end[1].column) if end is not None else (start.line, start.column + 1)
    return cell.lines, Span(span.path, start.line, start.column, line, column)


def described(place: "CellPlace") -> str:
    """`cell 7, line 3`."""
    return f"cell {place.cell}, line {place.line}"


def _cell(sources: SourceLines, span: Span) -> "tuple[Cell, CellPlace] | None":
    if not span.path.endswith(_NOTEBOOK):
        return None
    from mlwa_lint.files.notebooks import NotebookError, notebook_of

    try:
        notebook = notebook_of("\n".join(sources.lines(span.path)))
    except NotebookError:
        return None
    return notebook.cell_at(span.line, span.column)
