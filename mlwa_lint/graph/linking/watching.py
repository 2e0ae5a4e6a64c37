"""What alarms watch: the dimensions of their metrics, and the parts of alarms that cannot be read."""

import re
from collections.abc import Iterator

from mlwa_lint.graph import kinds
from mlwa_lint.graph.linking.leaves import DEPTH_LIMIT, ValueLeaf, entry_of, literal_part, why
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
)
from mlwa_lint.startup.records import NamedTuple

# Dimensions that name what a metric is about: of hosting, of model monitoring, of inference components.
DIMENSIONS = {
    "EndpointName": kinds.ENDPOINT,
    "Endpoint": kinds.ENDPOINT,
    "InferenceComponentName": kinds.INFERENCE_COMPONENT,
}


class Watched(NamedTuple):
    """What a dimension of an alarm names: a resource of a type, and the variant of it, if one is named."""

    type: str
    name: ValueLeaf
    variant: Value | None


def watched_by(alarm: Resource) -> Iterator[Watched]:
    """What the dimensions of an alarm name, its own or those of a metric in its math."""
    for listed, guards in dimension_lists(alarm.properties, alarm.guards):
        dimensions, _ = _read(listed)
        variant = dimensions["VariantName"][0] if "VariantName" in dimensions else None
        for dimension, wanted in DIMENSIONS.items():
            if dimension not in dimensions:
                continue
            value, span = dimensions[dimension]
            for option in alternatives(value, guards):
                if isinstance(option.value, (Scalar, Unknown, Reference)):
                    leaf = ValueLeaf(("Dimensions", "Value"), span, option.value, option.guards)
                    yield Watched(wanted, leaf, variant)


def _read(listed: ListValue) -> tuple[dict[str, tuple[Value, Span]], Unknown | None]:
    """The values of known dimensions, each with its place, and why there may be further ones."""
    dimensions: dict[str, tuple[Value, Span]] = {}
    rest = listed.rest
    for item in listed.items:
        for option in alternatives(item):
            if isinstance(option.value, (Unknown, Reference)):
                rest = Unknown(why(option.value), option.value.span)
            elif isinstance(option.value, MapValue):
                name = known_text(entry_of(option.value, "Name"))
                if name is not None:
                    dimensions[name] = (entry_of(option.value, "Value"), option.value.span)
    return dimensions, rest


def dimension_lists(
    value: Value, guards: tuple[Guard, ...], depth: int = 0
) -> Iterator[tuple[ListValue, tuple[Guard, ...]]]:
    """Every list of dimensions in an alarm; one that is not known counts as a list with unknown items."""
    if depth > DEPTH_LIMIT:
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


def unread_of(alarm: Resource) -> Iterator[tuple[Unknown, tuple[Guard, ...]]]:
    """Parts of an alarm that may name what it watches, and are not known or not analysed."""
    for listed, guards in dimension_lists(alarm.properties, alarm.guards):
        dimensions, rest = _read(listed)
        if rest is not None and DIMENSIONS.keys().isdisjoint(dimensions):
            yield rest, guards
    yield from _queries_of(alarm)


def _queries_of(alarm: Resource) -> Iterator[tuple[Unknown, tuple[Guard, ...]]]:
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
