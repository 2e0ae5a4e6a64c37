"""Alarms that cannot work: on metrics that do not exist, and with thresholds in the wrong unit."""

from collections.abc import Iterator
from math import isfinite

from mlwa_lint.facts.metrics import dimensions_of, kinds_of, meant, meant_namespace, namespaces_of
from mlwa_lint.graph.kinds import ALARM
from mlwa_lint.graph.queries import alarm_metrics, filters, hosting
from mlwa_lint.graph.queries.alarm_metrics import Metric
from mlwa_lint.rule import (
    YES,
    Answer,
    Change,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    possibly,
    rule,
    set_to,
    some,
)

_OF_PIPELINES = "AWS/Sagemaker/ModelBuildingPipeline"
# ModelLatency is in microseconds: these are 1 ms and 30 ms.
_MILLISECOND = 1_000
_USUAL = 30_000
_UNIT = "Microseconds"
_NOT_PUBLISHED = Remedy(
    "Remove the alarm, or have the CloudWatch agent publish the metric, and watch what the agent publishes.",
    "Remove the alarm, or have the CloudWatch agent publish the metric, and watch what the agent publishes.",
)
_FILTERED = Remedy(
    "Set `Dimensions` to those that the metric filter publishes with, or remove it if that has none.",
    "Set `dimensions` to those that the metric filter publishes with, or remove it if that has none.",
)
_SELECTED = Remedy(
    "Remove `Dimensions` from the metric filter, or set them to fields of the log event, such as `$.model`.",
    "Remove `dimensions` from the metric filter, or set them to fields of the log event, such as `$.model`.",
)
_IN_UNIT = Remedy(
    "Set `Unit: Microseconds`, or remove it, and `Threshold: 500000` for half a second.",
    'Set `unit = "Microseconds"`, or remove it, and `threshold = 500000` for half a second.',
)
_OF_ENDPOINTS = (
    "; requests, errors and latency are in AWS/SageMaker, the use of instances in /aws/sagemaker/Endpoints"
)
_NAMESPACE = Remedy(
    "Set `Namespace: AWS/SageMaker`, or `/aws/sagemaker/Endpoints` for the use of CPUs and memory.",
    'Set `namespace = "AWS/SageMaker"`, or `"/aws/sagemaker/Endpoints"` for the use of CPUs and memory.',
)
_OTHER_KIND = Remedy(
    "Set `MetricName: ModelLatency`, or another metric that endpoints of this kind have.",
    'Set `metric_name = "ModelLatency"`, or another metric that endpoints of this kind have.',
)
# How to find out whether a configuration is for the only kind of endpoints that publish a metric.
_KINDS = {"serverless": hosting.is_serverless, "asynchronous": hosting.is_asynchronous}
_DIMENSIONS = Remedy(
    "Set `Dimensions` to those that the metric is published with, such as EndpointName and VariantName.",
    "Set `dimensions` to those that the metric is published with, such as EndpointName and VariantName.",
)


_OF_BEDROCK = Remedy(
    "Set `Dimensions: [{Name: ModelId, Value: ...}]`, or none, or `Namespace: AWS/Bedrock/Agents`.",
    'Set `dimensions = { ModelId = … }`, or none, or `namespace = "AWS/Bedrock/Agents"`.',
)


@rule(
    "MLO113",
    "alarm-on-unknown-metric",
    "high",
    practices=("MLOPS05-BP01",),
    on=(ALARM,),
    remedy=Remedy(
        "Set `MetricName` to one that the namespace has, such as `Invocation5XXErrors` in `AWS/SageMaker`.",
        "Set `metric_name` to one that the namespace has, such as `Invocation5XXErrors` in `AWS/SageMaker`.",
    ),
    facts=("metrics",),
)
def alarm_on_unknown_metric(alarm: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An alarm watches a metric that its namespace does not have, or a namespace that does not exist.

    The alarm never leaves INSUFFICIENT_DATA, or is always OK with missing data treated as not breaching: the
    endpoint looks watched but is not. A metric of SageMaker is only found under exactly the dimensions that
    it is published with: `Invocations` by EndpointName and VariantName, not by EndpointName alone.

    The rule checks the namespaces AWS/SageMaker, /aws/sagemaker/Endpoints, /aws/sagemaker/InferenceComponents
    and AWS/Bedrock, whose metrics the documentation lists. Metric math is checked as well. An alarm on a
    metric that does not exist does not count as watching an endpoint for MLO101 to MLO104. Namespaces are
    case-sensitive, and CloudWatch reserves those that begin with `AWS/`: AWS/SageMaker/Endpoints and
    AWS/Sagemaker never have a metric. Metrics that only serverless or only asynchronous endpoints have, such
    as MemoryUtilization in AWS/SageMaker, are reported for an endpoint of the project of another kind.

    A metric that metric filters of the project publish from logs is only found under the dimensions that one
    of them names; without any, under none. CloudWatch Logs refuses dimensions whose value is not a field of
    the log event, such as `$.model`, and all dimensions where the pattern has no fields. The severity is
    medium, because a program may publish the metric as well.

    Exceptions: dimensions of Bedrock, but for those of agents, knowledge bases, flows and guardrails, which
    metrics in AWS/Bedrock do not have, and those of enhanced metrics, such as InstanceId.

    See [Metrics for monitoring Amazon SageMaker AI with Amazon
    CloudWatch](https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html) and [Bedrock
    runtime metrics](https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html).
    """
    metrics, unknown = alarm_metrics.metrics_of(alarm)
    graph.leave_undecided(unknown)
    for metric in metrics:
        message = (
            f"{alarm} never gets data: {metric.view['Namespace'].words} has no metric {metric.name.words}"
        )
        better = _meant(metric)
        foreign = metric.foreign_dimensions()
        fix = None if better is None else set_to(metric.name, better)
        message = f"{message}{_hint(metric)}"
        if foreign:
            message += f"; its metrics have no dimension {' or '.join(foreign)}"
        yield Claim(metric.is_unpublished(), metric.name, message, remedy=_remedy(metric), fix=fix)
        yield _misplaced(alarm, metric)
        dimensions = metric.view["Dimensions"]
        lacking = metric.lacks_dimensions()
        yield Claim(lacking, dimensions, f"{alarm} never gets data: {_published(metric)}", remedy=_DIMENSIONS)
        text = f"{alarm} never gets data: AWS/Bedrock publishes by ModelId, not by {' and '.join(foreign)}"
        yield Claim(metric.has_foreign_dimensions(), dimensions, text, remedy=_OF_BEDROCK)
        if not possibly(lacking):
            yield from _of_other_endpoints(alarm, metric, graph)
        publishing = filters.publishing(metric, graph)
        by = " or ".join(dict.fromkeys(map(filters.words_on_dimensions, publishing)))
        message = f"{alarm} gets no data: a metric filter publishes {metric.name.words} {by}"
        message = f"{message}, and {dimensions} should be the same"
        sources = tuple((each["MetricName"], "publishes it") for each in publishing)
        missed = filters.misses_metric(metric, graph)
        yield Claim(missed, dimensions, message, "medium", sources, remedy=_FILTERED)
        unselected = filters.unselected(metric, graph)
        if unselected is not None:
            place, why = unselected
            message = f"{alarm} gets no data: the metric filter cannot publish {metric.name.words} {why}"
            yield Claim(YES, place, message, "medium", ((metric.name, "watches it"),), remedy=_SELECTED)


def _of_other_endpoints(alarm: ResourceView, metric: Metric, graph: GraphView) -> Iterator[Claim]:
    """An alarm on a metric that only serverless or asynchronous endpoints have, for one of another kind."""
    found = [kinds_of(*pair) for pair in metric.pairs()]
    if not found or len(found[0]) != 1 or any(each != found[0] for each in found):
        return
    (kind,), (namespace, name) = found[0], metric.pairs()[0]
    if kind not in _KINDS:
        return
    for endpoint in metric.endpoints(graph):
        configs = hosting.config_of(endpoint.resource, graph)
        others = configs.related and certainly(~configs.any(_KINDS[kind]))
        places = [each for each in namespaces_of(name) if each != namespace]
        message = f"{alarm} never gets data: {namespace} has {name} of {kind} endpoints alone"
        message += f", and {endpoint.resource} is not one"
        message += f"; the metric of others is in {' and '.join(places)}" if places else ""
        related = ((endpoint.resource, f"is not {kind}"),)
        remedy = _NAMESPACE if places else _OTHER_KIND
        yield Claim(answer(bool(others)), metric.name, message, related=related, remedy=remedy)


def _misplaced(alarm: ResourceView, metric: Metric) -> Claim:
    """An alarm on a namespace that no service has; worded alike for all metrics of a loop."""
    namespace, name = metric.view["Namespace"], metric.name.text or ""
    wanted = meant(name) or name
    fitting = [each for each in namespaces_of(wanted) if _may_be_in(metric, each, wanted)]
    right = meant_namespace(next(iter(namespace.texts), "")) or ""
    known = (
        f"; {namespace} should be {right}"
        if right not in alarm_metrics.ENDPOINT_NAMESPACES
        else _OF_ENDPOINTS
    )
    missing = _missing(metric, fitting[0], wanted) if fitting else ()
    named = f", and {metric.view['Dimensions']} should name {' and '.join(missing)} too" if missing else ""
    better = f", and {metric.name} should be {wanted}" if fitting and wanted != name else ""
    message = f"{alarm} never gets data: no service has the namespace {namespace.words}{known}{better}{named}"
    fix = set_to(namespace, fitting[0]) if fitting and not missing and wanted == name else None
    return Claim(metric.is_misplaced(), namespace, message, remedy=_NAMESPACE, fix=fix)


def _missing(metric: Metric, namespace: str, name: str) -> tuple[str, ...]:
    """The dimensions that a metric is published with as well, beside those that an alarm names."""
    named, sets = metric.dimensions(), dimensions_of(namespace, name)
    if any(named == set(each) for each in sets):
        return ()
    return tuple(each for each in next(one for one in sets if named <= set(one)) if each not in named)


def _published(metric: Metric) -> str:
    """With which dimensions a metric is published, and what is wrong with those that it names."""
    namespace, name = next(iter(metric.pairs()), ("", ""))
    named = metric.dimensions()
    sets = dimensions_of(namespace, name) or ((),)
    fitting = next((each for each in sets if named < set(each)), sets[0])
    start = f"{namespace} publishes {name} by {' and '.join(fitting)}"
    if kinds_of(namespace, name) == {"serverless"}:
        start = f"{start} for serverless endpoints alone"
    foreign = sorted(named - {each for names in sets for each in names})
    if foreign:
        return f"{start}, not by {' and '.join(foreign)}"
    start = f"{start}, and {metric.view['Dimensions']} should"
    missing = [each for each in fitting if each not in named]
    if named and named < set(fitting):
        return f"{start} name {' and '.join(missing)} too"
    return f"{start} name these"


def _meant(metric: Metric) -> str | None:
    """The metric that all names that an alarm may give are mistaken for, if its namespace has that."""
    wanted = {meant(name) for name in metric.name.texts}
    better = wanted.pop() if len(wanted) == 1 else None
    namespaces = metric.view["Namespace"].texts
    if better is None or not namespaces:
        return None
    return better if all(_may_be_in(metric, each, better) for each in namespaces) else None


def _hint(metric: Metric) -> str:
    better = _meant(metric)
    if better is not None:
        lacking = _lacking(metric, metric.view["Namespace"].texts[0], better)
        return f"; {metric.name} should be {better}{lacking}"
    name = metric.name.words
    places = namespaces_of(name)
    if not places:
        if "PipelineName" in metric.dimensions():
            return f"; the metrics of pipelines, such as ExecutionFailed, are in {_OF_PIPELINES}"
        return ""
    fitting = [f"{each}{_lacking(metric, each, name)}" for each in places if _may_be_in(metric, each, name)]
    if fitting:
        return f", which is in {' or '.join(fitting)}"
    return f", and SageMaker publishes none by {' and '.join(sorted(metric.dimensions()))}"


def _may_be_in(metric: Metric, namespace: str, name: str) -> bool:
    """Whether a namespace publishes a metric with the dimensions that an alarm names, or with more."""
    named = metric.dimensions()
    return any(named <= set(each) for each in dimensions_of(namespace, name))


def _lacking(metric: Metric, namespace: str, name: str) -> str:
    """With which dimensions a namespace publishes a metric, where an alarm names fewer."""
    named, sets = metric.dimensions(), dimensions_of(namespace, name)
    if any(named == set(each) for each in sets):
        return ""
    return f" by {' and '.join(next(each for each in sets if named <= set(each)))}"


def _remedy(metric: Metric) -> Remedy | None:
    """Another remedy than a new name, where nothing of what an alarm is on has such a metric."""
    name = metric.name.words
    places = namespaces_of(name)
    if _meant(metric) is None and places and not any(_may_be_in(metric, each, name) for each in places):
        return _NOT_PUBLISHED
    return None


@rule(
    "MLO114",
    "latency-alarm-in-milliseconds",
    "high",
    practices=("MLPERF01-BP01",),
    on=(ALARM,),
    remedy=Remedy(
        "Set `Threshold` in microseconds: `Threshold: 500000` for half a second.",
        "Set `threshold` in microseconds: `threshold = 500000` for half a second.",
    ),
)
def latency_alarm_in_milliseconds(alarm: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The threshold of a latency alarm is in milliseconds, but the metric is in microseconds.

    The alarm is always on, so it is ignored, and a deployment that it guards is always rolled back.

    ModelLatency and OverheadLatency are in microseconds. A threshold below 1000, which is one millisecond, is
    reported with severity high; one below 30000 with severity medium, for averages and percentiles. With
    another `Unit` than Microseconds the alarm gets no data at all, whatever its threshold is: SageMaker
    publishes none in that unit. That is reported in their place, with severity high.

    Exceptions: alarms on falling latency, on the number of samples, and on metric math.

    See [Metrics for monitoring Amazon SageMaker AI with Amazon
    CloudWatch](https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html).
    """
    threshold, unit = alarm["Threshold"], alarm["Unit"]
    latency = alarm["MetricName"].one_of(alarm_metrics.LATENCY_METRICS) & alarm["Namespace"].equals(
        "AWS/SageMaker"
    )
    rising = alarm["ComparisonOperator"].test(lambda text: text.startswith("Greater"))
    counts = alarm["Statistic"].equals("SampleCount")
    usual = alarm["Statistic"].equals("Average") | alarm["ExtendedStatistic"].is_present()
    foreign = unit.is_present() & ~unit.equals(_UNIT)
    concerned: Answer = latency & rising & ~counts
    yield Claim(
        concerned & foreign,
        unit,
        f"{alarm} never gets data: {unit} is {unit.words}, and SageMaker publishes "
        f"{alarm['MetricName'].words} in {_UNIT}; {unit} should be that, and {threshold} in {_UNIT.lower()}",
        remedy=_IN_UNIT,
    )
    concerned &= ~foreign
    # MLO113 reports that an alarm gets no data, for want of a dimension.
    silent = certainly(some(map(_gets_none, alarm_metrics.metrics_of(alarm)[0])))
    always = "would always be on if it got data" if silent else "is always on"
    message = f"{alarm} {always}: {threshold} is {threshold.words} microseconds"
    yield Claim(
        concerned & threshold.less_than(_MILLISECOND),
        threshold,
        f"{message}, less than a millisecond; {_in_thousands(threshold)} would be {threshold.words} "
        "milliseconds",
        fix=_in_microseconds(threshold),
    )
    few = threshold.at_least(_MILLISECOND) & threshold.less_than(_USUAL)
    milliseconds = " or ".join(f"{number / _MILLISECOND:g}" for number in threshold.numbers)
    yield Claim(
        concerned & usual & few,
        threshold,
        f"{message}, which is {milliseconds} milliseconds; it may be meant in milliseconds",
        "medium",
        fix=_in_microseconds(threshold),
    )


def _gets_none(metric: Metric) -> Answer:
    return metric.is_unpublished() | metric.lacks_dimensions()


def _in_thousands(threshold: View) -> str:
    return " or ".join(f"{text}000" for text in threshold.texts)


def _in_microseconds(threshold: View) -> Change:
    """The threshold as it would be if it was meant in milliseconds."""
    microseconds = (threshold.number or 0) * _MILLISECOND
    wanted = round(microseconds) if isfinite(microseconds) else threshold.text or ""
    return set_to(threshold, wanted, risk="it may be meant in microseconds")
