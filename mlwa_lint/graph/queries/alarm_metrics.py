"""The metrics that alarms watch: which they are, whether they exist, and whether an alarm means them."""

import re
from itertools import product

from mlwa_lint.facts.ai_services import prefixes
from mlwa_lint.facts.metrics import (
    dimensions_of,
    dimensions_of_all,
    is_published,
    meant,
    meant_namespace,
    namespaces,
)
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import ENDPOINT
from mlwa_lint.graph.relations import GraphView, Related
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, Answer, answer, possibly, some, undecided
from mlwa_lint.model.values import ListValue, Reference, Unknown
from mlwa_lint.startup.patterns import lazy

ENDPOINT_NAMESPACES = frozenset({"AWS/SageMaker", "/aws/sagemaker/Endpoints"})
COMPONENT_NAMESPACES = frozenset({"/aws/sagemaker/InferenceComponents"})
ERROR_METRICS = frozenset({"Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors"})
BEDROCK_ERRORS = frozenset({"InvocationClientErrors", "InvocationServerErrors", "InvocationThrottles"})
LATENCY_METRICS = frozenset({"ModelLatency", "OverheadLatency"})
# How long requests wait for an asynchronous endpoint, and how many.
QUEUE_METRICS = frozenset(
    {
        "ApproximateAgeOfOldestRequest",
        "ApproximateBacklogSize",
        "ApproximateBacklogSizePerInstance",
        "HasBacklogWithoutCapacity",
    }
)
# `CPUUtilization`, `GPUMemoryUtilizationNormalized`, `DiskUtilization` …
RESOURCE_METRIC = lazy(r"(?:CPU|GPU|Memory|Disk)Utilization(?:Normalized)?$")
# Of enhanced metrics (MetricsConfig of an endpoint configuration); see
# https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch-enhanced-metrics.html
_ENHANCED = frozenset({"AcceleratorId", "ContainerId", "InstanceId"})
# What metrics of agents, knowledge bases, flows and guardrails have, in namespaces of their own.
_NOT_OF_MODELS = lazy(r"(?:Agent(?:Alias)?|KnowledgeBase|Flow|FlowAlias|Guardrail)(?:Id|Arn|Name|Version)$")
_OF_MODELS = "AWS/Bedrock"
_MODEL_MONITOR = lazy(r"^/?aws/sagemaker/Endpoints/[a-z-]+$")
# How a namespace of AWS begins, as far as it is known.
_OF_AWS = lazy(r"/?(?:a|aw|aws)?$|/?aws/", re.IGNORECASE)
ML_NAMESPACE = lazy(
    rf"^/?aws/(?:{'|'.join(prefixes())})(?![a-z])",
    re.IGNORECASE,
)


class Metric:
    """A metric that an alarm watches, its own or one of its metric math."""

    __slots__ = ("alarm", "view")

    def __init__(self, alarm: ResourceView, view: View) -> None:
        self.alarm = alarm
        self.view = view

    @property
    def name(self) -> View:
        """The metric's name."""
        return self.view["MetricName"]

    def is_of_endpoint(self) -> Answer:
        """Whether hosting or model monitoring publishes it for an endpoint."""
        return self.is_of_hosting() | self.view["Namespace"].matches(_MODEL_MONITOR.pattern)

    def is_of_hosting(self) -> Answer:
        """Whether hosting publishes it for an endpoint or an inference component."""
        namespace = self.view["Namespace"]
        return namespace.one_of(ENDPOINT_NAMESPACES | COMPONENT_NAMESPACES) & ~self.is_unpublished()

    def is_unpublished(self) -> Answer:
        """Whether its namespace is a service's that has no metric of this name."""
        namespace, name = self.view["Namespace"], self.name
        if not possibly(namespace.one_of(namespaces())):
            return NO
        if namespace.text is not None:
            return name.test(lambda text: is_published(namespace.text or "", text) is False)
        if name.text is not None:
            return namespace.test(lambda text: is_published(text, name.text or "") is False)
        return namespace.is_open()

    def is_misplaced(self) -> Answer:
        """Whether its namespace is one that no service has, and that is a service's but for the spelling."""
        namespace = self.view["Namespace"]
        if not namespace.texts:
            return NO  # whether a service has the metric, `is_unpublished` leaves undecided
        return namespace.test(lambda text: meant_namespace(text) is not None)

    def lacks_dimensions(self) -> Answer:
        """Whether SageMaker publishes it, but with more dimensions than it names, or with other ones.

        Enhanced metrics of endpoints have further dimensions, whose combinations are not checked.
        """
        namespace = self.view["Namespace"]
        published = namespace.one_of(ENDPOINT_NAMESPACES | COMPONENT_NAMESPACES) & ~self.is_unpublished()
        pairs = self.pairs()
        if published.verdict == "no" or not pairs:
            return published
        unknown = self.why_more_dimensions()
        if unknown:
            return published & some(map(undecided, unknown))
        found = {self._lacks(*pair) for pair in pairs}
        if len(found) > 1:
            return published & undecided("which metric it watches is not known")
        return published if found.pop() else NO

    def foreign_dimensions(self) -> list[str]:
        """The dimensions that it names and that no metric of the models of Bedrock has."""
        if self.view["Namespace"].text != _OF_MODELS:
            return []
        return sorted(name for name in self.dimensions() if _NOT_OF_MODELS.match(name))

    def has_foreign_dimensions(self) -> Answer:
        """Whether it names such a dimension of a metric that Bedrock publishes for models."""
        if self.view["Namespace"].text != _OF_MODELS:
            return NO
        found = [answer(bool(self.foreign_dimensions())), *map(undecided, self.why_more_dimensions())]
        return some(found) & ~self.is_unpublished()

    def pairs(self) -> list[tuple[str, str]]:
        """What namespace and name may be; empty where either is not known at all."""
        return list(product(self.view["Namespace"].texts, self.name.texts))

    def _lacks(self, namespace: str, name: str) -> bool:
        named = self.dimensions()
        sets = [frozenset(each) for each in dimensions_of(namespace, name)]
        known = _ENHANCED.union(*sets, *(frozenset(each) for each in dimensions_of_all()))
        return (named not in sets and any(named < each for each in sets)) or not named <= known

    def dimensions(self) -> frozenset[str]:
        """The known names of its dimensions."""
        items = self.view["Dimensions"].known_items()
        return frozenset(text for item in items if (text := item["Name"].text) is not None)

    def is_of_ml(self) -> Answer:
        """Whether a service for machine learning publishes it."""
        namespace = self.view["Namespace"]
        start = namespace.value.parts[:1] if isinstance(namespace.value, Unknown) else ()
        if start and isinstance(start[0], str) and not _OF_AWS.match(start[0]):
            return NO
        return namespace.test(lambda text: ML_NAMESPACE.match(text) is not None)

    def dimension(self, name: str) -> View | None:
        """The value of a dimension, when it is given."""
        for item in self.view["Dimensions"].known_items():
            if item["Name"].text == name:
                return item["Value"]
        return None

    def why_more_dimensions(self) -> tuple[str, ...]:
        """Why there may be dimensions that are not known; empty when all are."""
        return self.view["Dimensions"].any_item(lambda item: item["Name"].is_open()).reasons

    def endpoints(self, graph: GraphView) -> list[Related]:
        """The endpoints of the graph that its dimensions name."""
        items = {item.value.span: item["Value"] for item in self.view["Dimensions"].known_items()}
        links = graph.targets(self.alarm, EdgeKind.MONITORS, ENDPOINT)
        found = [each for each in links.related if each.edge.span in items]
        if len(found) > 1:
            # Metrics that one block repeats have the same place.
            from mlwa_lint.graph.queries.mentions import leads_to

            found = [each for each in found if leads_to(items[each.edge.span], each.resource)]
        return found


def metrics_of(alarm: ResourceView) -> tuple[list[Metric], tuple[str, ...]]:
    """The metrics that an alarm watches, and why there may be more of them."""
    if alarm["MetricName"].is_absent().verdict != "yes":
        return [Metric(alarm, alarm)], ()
    listed = alarm["Metrics"]
    found = [Metric(alarm, item["MetricStat.Metric"]) for item in listed.known_items()]
    kept = [metric for metric in found if metric.view.is_absent().verdict != "yes"]
    return kept, why_more(listed)


def why_more(listed: View) -> tuple[str, ...]:
    """Why there may be more items of a list than those that are known; empty where there are none."""
    value = listed.value
    if isinstance(value, ListValue) and value.rest is not None:
        return (value.rest.reason,)
    if isinstance(value, (Unknown, Reference)):
        return listed.any_item(lambda item: NO).reasons
    return ()


def watches_endpoint(alarm: ResourceView) -> Answer:
    """Whether an alarm watches a metric that SageMaker publishes for endpoints."""
    metrics, unknown = metrics_of(alarm)
    return some([*(metric.is_of_endpoint() for metric in metrics), *map(undecided, unknown)])


def watches(alarm: ResourceView, names: frozenset[str] | re.Pattern[str]) -> Answer:
    """Whether an alarm watches one of some metrics of endpoints."""
    metrics, unknown = metrics_of(alarm)
    found = []
    for metric in metrics:
        if isinstance(names, frozenset):
            named = metric.name.one_of(names)
        else:
            named = metric.name.matches(names.pattern)
        found.append(named & metric.is_of_hosting())
    return some([*found, *map(undecided, unknown)])


def means(alarm: ResourceView, names: frozenset[str] | re.Pattern[str]) -> Answer:
    """Whether an alarm misspells one of some metrics of endpoints, so that it only has to be renamed."""
    return some(
        _is_in(metric.view["Namespace"], ENDPOINT_NAMESPACES)
        & (
            (metric.is_unpublished() & metric.name.test(lambda text: _fits(meant(text) or "", names)))
            | (metric.is_misplaced() & metric.name.test(lambda text: _fits(meant(text) or text, names)))
        )
        for metric in metrics_of(alarm)[0]
    )


def misses_endpoint(alarm: ResourceView) -> Answer:
    """Whether an alarm watches a metric of endpoints that does not exist, or not in that namespace."""
    wanted = ENDPOINT_NAMESPACES | COMPONENT_NAMESPACES
    return some(
        (metric.is_unpublished() | metric.is_misplaced()) & _is_in(metric.view["Namespace"], wanted)
        for metric in metrics_of(alarm)[0]
    )


def _is_in(namespace: View, wanted: frozenset[str]) -> Answer:
    """Whether a namespace is one of some, however it is spelt."""
    return namespace.test(lambda text: (meant_namespace(text) or text) in wanted)


def _fits(name: str, names: frozenset[str] | re.Pattern[str]) -> bool:
    return name in names if isinstance(names, frozenset) else names.search(name) is not None
