"""The leaves of a resource: the values in which it may name another one, with their places and guards."""

import re
from collections.abc import Iterator

from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
    plain_text,
)
from mlwa_lint.startup.records import NamedTuple

_DEPTH_LIMIT = 60


class ValueLeaf(NamedTuple):
    """A plain, unknown or referring value somewhere in a resource."""

    path: tuple[str, ...]
    span: Span
    value: Scalar | Unknown | Reference
    guards: tuple[Guard, ...]


def leaves(value: Value, span: Span, guards: tuple[Guard, ...]) -> list[ValueLeaf]:
    """Every leaf of a value, in its order; `guards` are the resource's own."""
    found: list[ValueLeaf] = []
    _collect(value, span, (), guards, 0, found)
    return found


def _collect(
    value: Value,
    span: Span,
    path: tuple[str, ...],
    guards: tuple[Guard, ...],
    depth: int,
    found: list[ValueLeaf],
) -> None:
    if depth > _DEPTH_LIMIT:
        return
    # The most frequent come first: every value of every resource comes here.
    if isinstance(value, Scalar):
        found.append(ValueLeaf(path, span, value, guards))
    elif isinstance(value, MapValue):
        for key, entry in value.entries.items():
            _collect(entry.value, entry.key_span, (*path, key), guards, depth + 1, found)
    elif isinstance(value, ListValue):
        for item in value.items:
            _collect(item, item.span or span, path, guards, depth + 1, found)
    elif isinstance(value, (Unknown, Reference)):
        found.append(ValueLeaf(path, span, value, guards))
    elif isinstance(value, Choice):
        for option in alternatives(value, guards):
            _collect(option.value, span, path, option.guards, depth, found)


def dimension_lists(
    value: Value, guards: tuple[Guard, ...], depth: int = 0
) -> Iterator[tuple[ListValue, tuple[Guard, ...]]]:
    """Every list of dimensions in an alarm; one that is not known counts as a list with unknown items."""
    if depth > _DEPTH_LIMIT:
        return
    for option in alternatives(value, guards):
        inner = option.value
        if isinstance(inner, ListValue):
            for item in inner.items:
                yield from dimension_lists(item, option.guards, depth + 1)
        if not isinstance(inner, MapValue):
            continue
        for key, entry in inner.entries.items():
            if key != "Dimensions":
                yield from dimension_lists(entry.value, option.guards, depth + 1)
                continue
            for held in alternatives(entry.value, option.guards):
                if isinstance(held.value, ListValue):
                    yield held.value, held.guards
                elif isinstance(held.value, (Unknown, Reference)):
                    rest = Unknown(why(held.value), held.value.span)
                    yield ListValue((), held.value.span, rest), held.guards


def queries_of(alarm: Resource) -> Iterator[tuple[Unknown, tuple[Guard, ...]]]:
    """Parts of an alarm that may name what it watches in a way that is not analysed."""
    properties = alarm.properties
    if properties.rest is not None:
        yield properties.rest, alarm.guards
    criteria = entry_of(properties, "EvaluationCriteria")
    for option in alternatives(criteria, alarm.guards):
        if not isinstance(option.value, Absent):
            yield Unknown("its query may be about any endpoint", option.value.span), option.guards
    for option in alternatives(entry_of(properties, "Metrics"), alarm.guards):
        if isinstance(option.value, (Unknown, Reference)):
            yield Unknown(why(option.value), option.value.span), option.guards
        elif isinstance(option.value, ListValue):
            if option.value.rest is not None:
                yield option.value.rest, option.guards
            for item in option.value.items:
                yield from _metric_queries(item, option.guards)


def _metric_queries(item: Value, guards: tuple[Guard, ...]) -> Iterator[tuple[Unknown, tuple[Guard, ...]]]:
    for option in alternatives(item, guards):
        metric = option.value
        if isinstance(metric, (Unknown, Reference)):
            yield Unknown(why(metric), metric.span), option.guards
        if not isinstance(metric, MapValue):
            continue
        for held in alternatives(entry_of(metric, "Expression"), option.guards):
            text = literal_part(held.value) if isinstance(held.value, (Scalar, Unknown, Reference)) else ""
            # `SELECT AVG(ModelLatency) FROM SCHEMA("AWS/SageMaker", …)`: Metrics Insights.
            if re.match(r"\s*select\b.*sagemaker", text, re.IGNORECASE | re.DOTALL):
                reason = "its Metrics Insights query may be about any endpoint"
                yield Unknown(reason, metric.span), held.guards


def is_read(value: Unknown) -> bool:
    """Whether all pieces of a text are known or lead to resources."""
    return bool(value.parts) and not any(
        isinstance(part, Unknown) and known_text(part) is None and not is_read(part) for part in value.parts
    )


def entry_of(value: MapValue, key: str) -> Value:
    """The value of a key; absent where the map does not have it."""
    return value.entries[key].value if key in value.entries else Absent()


def literal_part(value: Scalar | Unknown | Reference) -> str:
    """The known pieces of a text."""
    if isinstance(value, Scalar):
        return plain_text(value.data)
    if isinstance(value, Unknown):
        return "".join(part for part in value.parts if isinstance(part, str))
    return value.known or ""


def why(value: Value) -> str:
    """Why it is not known which resource a value names, as a phrase."""
    if isinstance(value, Unknown):
        return value.reason
    if isinstance(value, Reference):
        return f"{value.address} is not declared here"
    return "it is not known"
