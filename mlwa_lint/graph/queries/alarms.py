"""Alarms: the metrics that they watch, and whether anyone is notified."""

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
from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import (
    ALARM,
    COMPOSITE_ALARM,
    ENDPOINT,
    EVENT_RULE,
    INFERENCE_COMPONENT,
    SCALING_POLICY,
)
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.relations import GraphView, Links, Related
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.model.resources import WATCHED
from mlwa_lint.model.values import Absent, ListValue, MapValue, Reference, Unknown
from mlwa_lint.startup.patterns import lazy

# What metrics of functions, and of what hands them records, are in.
ON_THE_PATH = frozenset({"AWS/Kinesis", "AWS/Lambda", "AWS/SQS"})
_STATE_CHANGE = "CloudWatch Alarm State Change"
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
_MODEL_MONITOR = lazy(r"^/?aws/sagemaker/Endpoints/[a-z-]+$")
# How a namespace of AWS begins, as far as it is known.
_OF_AWS = lazy(r"/?(?:a|aw|aws)?$|/?aws/", re.IGNORECASE)
_ML_NAMESPACE = lazy(
    rf"^/?aws/(?:{'|'.join(prefixes())})(?![a-z])",
    re.IGNORECASE,
)


# SELECT AVG(CPUUtilization) FROM SCHEMA("AWS/SageMaker", EndpointName) …: what a query is about.
_QUERIED = lazy(r"\bFROM\s+(?:SCHEMA\s*\(\s*)?[\"']?([\w./#:-]+)", re.IGNORECASE)
_IS_QUERY = lazy(r"\s*SELECT\b", re.IGNORECASE)


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
        answer = namespace.one_of(ENDPOINT_NAMESPACES | COMPONENT_NAMESPACES) & ~self.is_unpublished()
        pairs = self.pairs()
        if answer.verdict == "no" or not pairs:
            return answer
        unknown = self.why_more_dimensions()
        if unknown:
            return answer & some(map(undecided, unknown))
        found = {self._lacks(*pair) for pair in pairs}
        if len(found) > 1:
            return answer & undecided("which metric it watches is not known")
        return answer if found.pop() else NO

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
        return namespace.test(lambda text: _ML_NAMESPACE.match(text) is not None)

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


def may_be_watched(endpoint: ResourceView) -> Answer:
    """Whether code for the CDK sets up alarms on SageMaker's metrics: of which endpoint is not known."""
    text = endpoint.attributes[WATCHED].text
    return NO if text is None else undecided(text)


def are_used(graph: GraphView) -> bool:
    """Whether the project has alarms, whatever they watch and under whatever conditions."""
    return bool(graph.graph.by_type.get(ALARM) or graph.graph.by_type.get(COMPOSITE_ALARM))


@aside
def one_about_ml(endpoint: ResourceView, graph: GraphView) -> str:
    """The first alarm of an endpoint's project that certainly is about ML, and does not only scale."""
    notifying = (each for each in graph.of_type(ALARM) if not _only_scales(each, graph))
    return str(next((each for each in notifying if certainly(is_about_ml(each, graph))), ""))


@aside
def one_left_out(endpoint: ResourceView, graph: GraphView) -> str:
    """The first alarm of an endpoint's project that exists under other conditions than these."""
    here = {each.address for each in graph.of_type(ALARM)}
    return next((each.address for each in graph.graph.by_type.get(ALARM, ()) if each.address not in here), "")


def alarms_of(endpoint: ResourceView, graph: GraphView) -> Links:
    """The metric alarms that watch an endpoint or its inference components, metric math included."""
    own = graph.sources(endpoint, EdgeKind.MONITORS, ALARM)
    related = list(own.related)
    unknown = list(own.unknown)
    for component in graph.sources(endpoint, EdgeKind.INVOKES, INFERENCE_COMPONENT):
        links = graph.sources(component, EdgeKind.MONITORS, ALARM)
        related += links.related
        unknown += links.unknown
    return Links(tuple(related), tuple(dict.fromkeys(unknown)))


def watchers_of(endpoint: ResourceView, graph: GraphView) -> Links:
    """The alarms on an endpoint that notify someone: not those that only scale it."""
    found = alarms_of(endpoint, graph)
    return Links(
        tuple(each for each in found.related if not _only_scales(each.resource, graph)), found.unknown
    )


def _only_scales(alarm: ResourceView, graph: GraphView) -> bool:
    """Whether all that an alarm is known to do is to set a scaling policy going."""
    listed = alarm["AlarmActions"]
    actions = listed.known_items()
    policies = graph.targets(alarm, EdgeKind.REFERS_TO, SCALING_POLICY)
    scaling = [each for each in policies.related if "AlarmActions" in each.edge.path]
    return bool(actions) and len(scaling) == len(actions) and not _why_more(listed)


def metrics_of(alarm: ResourceView) -> tuple[list[Metric], tuple[str, ...]]:
    """The metrics that an alarm watches, and why there may be more of them."""
    if alarm["MetricName"].is_absent().verdict != "yes":
        return [Metric(alarm, alarm)], ()
    listed = alarm["Metrics"]
    found = [Metric(alarm, item["MetricStat.Metric"]) for item in listed.known_items()]
    kept = [metric for metric in found if metric.view.is_absent().verdict != "yes"]
    return kept, _why_more(listed)


def _why_more(listed: View) -> tuple[str, ...]:
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


def is_about_ml(alarm: ResourceView, graph: GraphView) -> Answer:
    """Whether an alarm watches an endpoint, or any metric of a service for machine learning.

    Functions that certainly invoke a model, and streams and queues whose records start one, count as well.
    """
    if graph.targets(alarm, EdgeKind.MONITORS, ENDPOINT, INFERENCE_COMPONENT).related:
        return YES
    metrics, unknown = metrics_of(alarm)
    if any(each.view["Namespace"].text in ON_THE_PATH for each in metrics):
        from mlwa_lint.graph.queries.inference_path import is_watched

        named = ((each.view["Namespace"].text or "", each.dimension) for each in metrics)
        if is_watched(named, graph):
            return YES
    queries = map(_queries_ml, alarm["Metrics"].known_items())
    return some([*(metric.is_of_ml() for metric in metrics), *queries, *map(undecided, unknown)])


def _queries_ml(item: View) -> Answer:
    """Whether a query of Metrics Insights selects from a namespace of a service for machine learning.

    What it selects by need not be known.
    """
    text = outline(item["Expression"].value)
    if not _IS_QUERY.match(text):
        return NO
    found = _QUERIED.search(text)
    return answer(found is not None and _ML_NAMESPACE.match(found[1]) is not None)


def composites_of(alarm: ResourceView, graph: GraphView) -> Links:
    """The composite alarms that an alarm is part of."""
    return graph.sources(alarm, EdgeKind.MONITORS, COMPOSITE_ALARM)


def notifies(alarm: ResourceView) -> Answer:
    """Whether an alarm, or a composite one, does something when it goes off."""
    return alarm["AlarmActions"].is_present() & ~alarm["ActionsEnabled"].is_false()


def notifies_through_composite(alarm: ResourceView, graph: GraphView, depth: int = 0) -> Answer:
    """Whether a composite alarm that an alarm is part of does something, however many levels up."""
    if depth > 5:
        return undecided("composite alarms are nested too deeply")
    return composites_of(alarm, graph).any(
        lambda composite: notifies(composite) | notifies_through_composite(composite, graph, depth + 1)
    )


def is_acted_on_by_rule(alarm: ResourceView, graph: GraphView) -> Answer:
    """Whether an EventBridge rule that starts something reacts to an alarm, by its name or to all alarms."""
    return some(_reacts(rule, alarm) for rule in graph.of_type(EVENT_RULE))


def _reacts(rule: ResourceView, alarm: ResourceView) -> Answer:
    pattern = rule["EventPattern"]
    kinds = pattern["detail-type"].any_item(lambda each: each.equals(_STATE_CHANGE))
    if not possibly(kinds) or isinstance(pattern.value, Unknown):
        return NO  # what is not known of a pattern may be about anything
    names, states = pattern["detail.alarmName"], pattern["detail.state.value"]
    named = names.any_item(lambda each: _is_about(each, alarm))
    alarming = states.any_item(lambda each: answer(_may_match(each, "ALARM")))
    reacts = (names.is_absent() | named) & (states.is_absent() | alarming)
    return kinds & reacts & ~rule["State"].equals("DISABLED") & rule["Targets"].is_present()


def _is_about(matcher: View, alarm: ResourceView) -> Answer:
    """Whether one of a pattern's matchers of names may be about an alarm."""
    name, value = alarm["AlarmName"], matcher.value
    if name.text is not None:
        return answer(_may_match(matcher, name.text))
    if isinstance(value, Reference):
        return answer(value.address == alarm.address)
    if isinstance(value, MapValue):
        return undecided(why_unknown(name.value)) if isinstance(name.value, Unknown) else YES
    if isinstance(name.value, Absent):  # one that CloudFormation makes up is none that a template states
        return answer(matcher.text is None)
    return name.same_as(matcher)


def _may_match(matcher: View, text: str) -> bool:
    """Whether one of a pattern's matchers may match: a text or a prefix; other matchers are undecided."""
    if isinstance(matcher.value, MapValue):
        prefix = matcher["prefix"].text
        return prefix is None or text.startswith(prefix)
    return matcher.text is None or matcher.text == text


def guards_deployment(alarm: ResourceView, graph: GraphView) -> Answer:
    """Whether an alarm rolls a deployment back: an AutoRollbackConfiguration names it."""
    links = graph.sources(alarm, EdgeKind.REFERS_TO, ENDPOINT, INFERENCE_COMPONENT)
    named = [each for each in links.related if "AutoRollbackConfiguration" in each.edge.path]
    if named:
        return YES
    return some(map(undecided, links.unknown))


def watches_bedrock(graph: GraphView) -> Answer:
    """Whether any alarm of the graph watches throttles or errors of Bedrock models."""
    return graph.declared(ALARM).any(may_watch_bedrock)


def may_watch_bedrock(alarm: ResourceView) -> Answer:
    """Whether an alarm watches throttles or errors of Bedrock models."""
    metrics, unknown = metrics_of(alarm)
    found = (
        metric.view["Namespace"].equals("AWS/Bedrock") & metric.name.one_of(BEDROCK_ERRORS)
        for metric in metrics
    )
    return some([*found, *map(undecided, unknown)])
