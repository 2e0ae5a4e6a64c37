"""The metrics and dimensions that SageMaker's endpoints and Bedrock publish."""

from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias

from mlwa_lint.facts.tables import table
from mlwa_lint.startup.records import NamedTuple

EndpointKind: TypeAlias = Literal["real-time", "asynchronous", "serverless"]


class MetricGroup(NamedTuple):
    """Metrics that are published together; `kinds` is empty where no endpoint publishes them."""

    namespace: str
    metrics: frozenset[str]
    dimensions: tuple[tuple[str, ...], ...]
    kinds: frozenset[str]


@cache
def groups() -> tuple[MetricGroup, ...]:
    """All groups."""
    return tuple(
        MetricGroup(
            each["namespace"],
            frozenset(each["metrics"]),
            tuple(tuple(names) for names in each["dimensions"]),
            frozenset(each.get("kinds", ())),
        )
        for each in table("metrics")["group"]
    )


def is_published(namespace: str, metric: str, kind: EndpointKind | None = None) -> bool | None:
    """Whether a namespace has a metric, for a kind of endpoint if one is named.

    None for a namespace of which the table knows nothing.
    """
    there = [each for each in groups() if each.namespace == namespace]
    if not there:
        return None
    return any(metric in each.metrics for each in there if kind is None or kind in each.kinds)


def namespaces() -> frozenset[str]:
    """The namespaces of which the table knows the metrics."""
    return frozenset(each.namespace for each in groups())


@cache
def _folded() -> Mapping[str, str]:
    """The same namespaces, by what is common to the ways in which they are misspelt."""
    return {each.lower().strip("/"): each for each in namespaces()}


def meant_namespace(text: str) -> str | None:
    """The namespace that is meant by one that no service has: `AWS/SageMaker/Endpoints`, `AWS/sagemaker`.

    No one else can publish there: CloudWatch reserves what begins with `AWS/`.
    """
    if not text.startswith("AWS/") or text in namespaces():
        return None
    folded = text.lower().strip("/")
    return _folded().get(folded) or _folded().get(f"{folded}s")


def namespaces_of(metric: str) -> tuple[str, ...]:
    """The namespaces that have a metric of this name."""
    return tuple(dict.fromkeys(each.namespace for each in groups() if metric in each.metrics))


def dimensions_of(namespace: str, metric: str) -> tuple[tuple[str, ...], ...]:
    """The sets of dimensions with which a metric is published; empty for an unknown one."""
    found = [each.dimensions for each in groups() if each.namespace == namespace and metric in each.metrics]
    return tuple(dict.fromkeys(names for sets in found for names in sets))


def kinds_of(namespace: str, metric: str) -> frozenset[str]:
    """The kinds of endpoints that publish a metric; empty where no endpoint does, or none is named."""
    found = [each.kinds for each in groups() if each.namespace == namespace and metric in each.metrics]
    return frozenset[str]().union(*found)


def dimensions_of_all() -> tuple[tuple[str, ...], ...]:
    """All sets of dimensions with which anything is published."""
    return tuple(names for each in groups() for names in each.dimensions)


def meant(metric: str) -> str | None:
    """The metric that is probably meant by a name that no namespace has; None when none is similar."""
    names: Mapping[str, str] = table("metrics")["meant"]
    return names.get(metric)


def followed(predefined: str) -> str | None:
    """The metric that one of Application Auto Scaling's predefined metrics follows."""
    names: Mapping[str, str] = table("metrics")["predefined"]
    return names.get(predefined)


@cache
def of_demand() -> frozenset[str]:
    """The metrics that follow the load of an endpoint, with the predefined ones that follow these."""
    own = frozenset(table("metrics")["demand"]["metrics"])
    return own | {name for name, metric in table("metrics")["predefined"].items() if metric in own}
