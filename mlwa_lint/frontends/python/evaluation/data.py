"""Data of configuration files as values."""

from typing import Any

from mlwa_lint.frontends.python.evaluation.values import DictObj, Entries, Item, ListObj, PyValue
from mlwa_lint.frontends.python.limits import ITEMS_LIMIT, PLACES_LIMIT
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Scalar, Unknown

_DEPTH = 30


class Places:
    """Where a file of YAML or JSON has what is in it, as far as that is found."""

    __slots__ = ("_node", "_path")

    def __init__(self, path: str, node: Any) -> None:
        self._path = path
        self._node = node

    @property
    def span(self) -> Span | None:
        """The place of a value; None where it is not known."""
        if self._node is None:
            return None
        start, end = self._node.start_mark, self._node.end_mark
        return Span(self._path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def of_keys(self) -> "dict[str, Places]":
        """The places of the values of a mapping, by their keys."""
        pairs = self._node.value if self._node is not None and self._node.id == "mapping" else ()
        return {key.value: Places(self._path, each) for key, each in pairs if isinstance(key.value, str)}

    def of_items(self, number: int) -> "list[Places]":
        """The places of the items of a sequence."""
        items = self._node.value if self._node is not None and self._node.id == "sequence" else ()
        known = [Places(self._path, each) for each in items]
        return known if len(known) == number else [NOWHERE] * number


NOWHERE = Places("", None)


def places_in(text: str, path: str) -> Places:
    """The places in a file of YAML, or of JSON, which nearly always is YAML as well."""
    if not path or len(text) > PLACES_LIMIT:
        return NOWHERE
    import yaml

    try:
        return Places(path, yaml.compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, ValueError, RecursionError):
        return NOWHERE


def as_value(data: Any, span: Span, places: Places = NOWHERE, depth: int = 0) -> PyValue:
    """Plain data (of JSON or YAML) as a value at the place where it is read; places: where it is written."""
    if data is None:
        return Absent(span)
    if isinstance(data, (str, int, float, bool)):
        return Scalar(data, span, origin=places.span)
    if depth < _DEPTH and isinstance(data, dict) and len(data) <= ITEMS_LIMIT:
        within = places.of_keys()
        cells = Entries(
            {
                str(key): Item(span, as_value(each, span, within.get(str(key), NOWHERE), depth + 1))
                for key, each in data.items()
            }
        )
        return DictObj(cells, span)
    if depth < _DEPTH and isinstance(data, (list, tuple)) and len(data) <= ITEMS_LIMIT:
        pairs = zip(data, places.of_items(len(data)), strict=True)
        return ListObj([as_value(each, span, place, depth + 1) for each, place in pairs], span)
    return Unknown("it is data of a form that requests do not have", span)
