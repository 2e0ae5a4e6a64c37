"""Data of configuration files as values."""

from typing import Any

from mlwa_lint.frontends.python.evaluation.values import DictObj, Entries, Item, ListObj, PyValue
from mlwa_lint.frontends.python.limits import ITEMS_LIMIT
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Scalar, Unknown

_DEPTH = 30


def as_value(data: Any, span: Span, depth: int = 0) -> PyValue:
    """Plain data (of JSON or YAML) as a value at the place where it is read."""
    if data is None:
        return Absent(span)
    if isinstance(data, (str, int, float, bool)):
        return Scalar(data, span)
    if depth < _DEPTH and isinstance(data, dict) and len(data) <= ITEMS_LIMIT:
        cells = Entries({str(key): Item(span, as_value(each, span, depth + 1)) for key, each in data.items()})
        return DictObj(cells, span)
    if depth < _DEPTH and isinstance(data, (list, tuple)) and len(data) <= ITEMS_LIMIT:
        return ListObj([as_value(each, span, depth + 1) for each in data], span)
    return Unknown("it is data of a form that requests do not have", span)
