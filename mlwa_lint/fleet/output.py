"""Query results as tables, CSV and JSON."""

import datetime
from collections.abc import Sequence
from csv import writer
from io import StringIO
from typing import Any

from mlwa_lint.fleet.queries import QueryResult
from mlwa_lint.reporters.csv import inert
from mlwa_lint.reporters.escaping import json_text, visible

FORMATS = ("table", "csv", "json")
_LONGEST = 60
_GAP = "  "


def rendered(answer: QueryResult, form: str, wide: bool = False) -> str:
    """A query result in a format; in a table, long texts are cut unless it may be wide."""
    if form == "json":
        return json_text([dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows])
    return _csv(answer) if form == "csv" else _table(answer, wide)


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return _text(value)
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return " ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _csv(answer: QueryResult) -> str:
    buffer = StringIO()
    rows = writer(buffer)
    rows.writerow([inert(name) for name in answer.columns])
    for row in answer.rows:
        numbers = (value if _is_number(value) else inert(_text(value)) for value in row)
        rows.writerow(numbers)
    return buffer.getvalue()


def _table(answer: QueryResult, wide: bool) -> str:
    cells = [[_shown(value, wide) for value in row] for row in answer.rows]
    heads = [visible(name) for name in answer.columns]
    right = [any(_is_number(row[column]) for row in answer.rows) for column in range(len(heads))]
    widths = [max([len(heads[column]), *(len(row[column]) for row in cells)]) for column in range(len(heads))]
    lines = [_line(heads, widths, right), _line(["-" * width for width in widths], widths, right)]
    lines += [_line(row, widths, right) for row in cells]
    return "\n".join(lines) + "\n"


def _shown(value: Any, wide: bool) -> str:
    text = visible(_text(value))
    return text if wide or len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        cell.rjust(width) if to_right else cell.ljust(width)
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    ]
    return _GAP.join(padded).rstrip()


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
