"""Alarms: what they are about, and whether anyone is notified."""

import re

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
from mlwa_lint.graph.queries.alarm_metrics import BEDROCK_ERRORS, ML_NAMESPACE, metrics_of, why_more
from mlwa_lint.graph.relations import GraphView, Links
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, possibly, some, undecided
from mlwa_lint.model.resources import WATCHED
from mlwa_lint.model.values import Absent, MapValue, Reference, Unknown
from mlwa_lint.startup.patterns import lazy

# What metrics of functions, and of what hands them records, are in.
ON_THE_PATH = frozenset({"AWS/Kinesis", "AWS/Lambda", "AWS/SQS"})
_STATE_CHANGE = "CloudWatch Alarm State Change"
# SELECT AVG(CPUUtilization) FROM SCHEMA("AWS/SageMaker", EndpointName) …: what a query is about.
_QUERIED = lazy(r"\bFROM\s+(?:SCHEMA\s*\(\s*)?[\"']?([\w./#:-]+)", re.IGNORECASE)
_IS_QUERY = lazy(r"\s*SELECT\b", re.IGNORECASE)


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
    return bool(actions) and len(scaling) == len(actions) and not why_more(listed)


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
    return answer(found is not None and ML_NAMESPACE.match(found[1]) is not None)


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
