"""Requests of boto3 that Airflow's operators make: taken apart, and put together from parameters."""

from collections.abc import Mapping
from typing import Any

from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, ListValue, MapValue, Unknown, Value

# What the hook takes from a request before it passes it on.
_OWN_KEYS = frozenset({"S3Operations"})


def parts_of(request: Value, span: Span) -> tuple[Mapping[str, Entry], Unknown | None]:
    """The parameters of a request, and why there may be more."""
    if isinstance(request, MapValue):
        kept = {key: entry for key, entry in request.entries.items() if key not in _OWN_KEYS}
        return kept, request.rest
    if isinstance(request, Unknown):
        return {}, request._replace(present=False)
    return {}, Unknown("its request is not known", span)


def nested(leaves: Mapping[str, Entry], span: Span) -> MapValue:
    """Values by their dotted paths as maps, and lists where a part of a path is a number."""
    tree: dict[str, Any] = {}
    for path, entry in leaves.items():
        *above, last = path.split(".")
        inner = tree
        for each in above:
            inner = inner.setdefault(each, {})
        inner[last] = entry
    made = _made(tree, span)
    assert isinstance(made, MapValue)
    return made


def _made(tree: Mapping[str, Any], span: Span) -> MapValue | ListValue:
    entries = {
        key: each if isinstance(each, Entry) else Entry(_first(each), _made(each, span), key)
        for key, each in tree.items()
    }
    if tree.keys() == {"0"}:
        return ListValue(tuple(entry.value for entry in entries.values()), span)
    return MapValue(entries, span)


def _first(tree: Mapping[str, Any]) -> Span:
    """The place of the first value below."""
    each = next(iter(tree.values()))
    return each.key_span if isinstance(each, Entry) else _first(each)
