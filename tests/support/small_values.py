"""Values, put together by hand."""

from collections.abc import Sequence
from typing import Any

from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Entry,
    ListValue,
    MapValue,
    Plain,
    Reference,
    Scalar,
    TextPart,
    Unknown,
    Value,
)

HERE = Span("t.yaml", 3, 5, 3, 9)


def at(line: int, end_line: int | None = None, path: str = "t.yaml") -> Span:
    return Span(path, line, 3, line if end_line is None else end_line, 9)


def text(data: Plain) -> Scalar:
    return Scalar(data, HERE)


def partly(*parts: TextPart) -> Unknown:
    return Unknown("why", HERE, parts)


def listed(*items: Value, rest: Unknown | None = None) -> ListValue:
    return ListValue(items, HERE, rest)


def map_of(rest: Unknown | None = None, **values: Value) -> MapValue:
    return MapValue({key: Entry(HERE, value, key) for key, value in values.items()}, HERE, rest)


def value_of(data: Any) -> Value:
    """Plain data as values; an Unknown or a Reference stays what it is."""
    if isinstance(data, (Unknown, Reference)):
        return data
    if isinstance(data, dict):
        return MapValue({key: Entry(HERE, value_of(each), key) for key, each in data.items()}, HERE)
    if isinstance(data, Sequence) and not isinstance(data, str):
        return listed(*map(value_of, data))
    return text(data)
