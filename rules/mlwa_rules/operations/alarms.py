"""Alarms on endpoints: that there are some, on what matters, and that they notify someone."""

import re
from collections.abc import Iterator
from functools import partial

from mlwa_lint.graph.kinds import ALARM, ENDPOINT
from mlwa_lint.graph.queries import alarm_metrics, alarms, deployment, hosting, idling, purposes, safeguards
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.resources import REACTED
from mlwa_lint.rule import (
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    append_to,
    certainly,
    rule,
    set_to,
    undecided,
)

_ELSEWHERE = "the project sets up no alarms at all, which may be done elsewhere"
_MISSPELT = "an alarm misspells the metric, which MLO113 reports"
_OF_OTHERS = "no alarm of the project is on a metric of ML services, so that nothing looks watched"
_QUEUED = "the endpoint is asynchronous: its requests wait in a queue"
_SINGLE = "the endpoint is serverless and takes one request at a time"
_TRIED = "the endpoint has one instance that nothing scales, and no resource of the project invokes it"


@rule(
    "MLO101",
    "endpoint-without-alarm",
    "high",
    concern="deployment",
    operational=True,
    practices=("MLOPS05-BP01", "MLOPS06-BP02"),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Add an `AWS::CloudWatch::Alarm` with the dimension `EndpointName: !GetAtt Endpoint.EndpointName`.",
        "Add an `aws_cloudwatch_metric_alarm` with `dimensions = { EndpointName = … }`.",
        "Add an `AWS::CloudWatch::Alarm` with "
        "`Dimensions: [{Name: EndpointName, Value: !Ref EndpointName}, ...]`.",
    ),
)
def endpoint_without_alarm(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """No alarm watches an endpoint.

    When it fails or responds slowly, its users are the first to know.

    An alarm counts if its dimensions, or those of a metric in its metric math, name the endpoint or an
    inference component of it, and if SageMaker publishes the metric (in AWS/SageMaker,
    /aws/sagemaker/Endpoints, or the namespaces of inference components and of Model Monitor). An alarm on a
    metric that does not exist does not count (see MLO113), nor does one that only starts a scaling policy.

    The severity is high where the project has alarms for ML, and none on the endpoint, which then looks
    watched and is not; also where an alarm exists under other conditions alone. It is medium where its
    alarms watch other things alone, such as queues and databases, where it has none at all, as they may be
    set up elsewhere, where the default of a variable leaves all of them out, and where nothing shows that
    others depend on the endpoint: it has one instance, nothing scales it, and no resource of the project
    invokes it, nor a program of the repository in another language than Python, nor a function of another
    stack of the repository that states its name. Where it would be medium for
    what a template or configuration declares, it is low if nothing in the repository shows that the project
    is operated or suggests a customer managed key (see MLS401); and so it is for a serverless endpoint that
    takes one request at a time (`MaxConcurrency: 1`).

    It is info where an alarm on the endpoint watches a metric that does not exist, which MLO113 reports:
    correcting it is one edit; where a person runs the program that makes the endpoint, and nothing in the
    project shows that anything depends on it; for what a program makes and deletes under any name that it is
    given; and in examples where each run of a workflow names an endpoint of its own, or where a person
    deploys the endpoint (nothing does, or a workflow of GitHub Actions that waits for `workflow_dispatch`),
    it has one instance that nothing scales, and nothing that the project deploys invokes it. Undecided
    where a program for the CDK in the same repository sets up alarms on metrics of SageMaker.

    See [Metrics for monitoring Amazon SageMaker AI with Amazon
    CloudWatch](https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html).
    """
    watchers = alarms.watchers_of(endpoint, graph)
    watched = watchers.any(alarm_metrics.watches_endpoint) | alarms.may_be_watched(endpoint)
    if certainly(watchers.any(alarm_metrics.misses_endpoint)):
        message = f"no alarm watches {endpoint}: the one on it watches a metric that does not exist"
        yield Claim(~watched, endpoint, message, "info", lacking=EdgeKind.MONITORS)
        return
    tried = idling.why_tried(endpoint) or idling.why_any(endpoint)
    tried = tried or idling.why_named_by_run(endpoint["EndpointName"], graph)
    tried = tried or idling.why_only_shown([endpoint], graph)
    if tried:
        message = f"no alarm watches {endpoint}: one should watch its errors"
        yield Claim(~watched, endpoint, message, "info", lacking=EdgeKind.MONITORS, milder=tried)
        return
    milder = _TRIED if hosting.is_only_tried(endpoint, graph) else ""
    if not milder and not alarms.are_used(graph):
        milder = purposes.why_left_out(graph, ALARM) or _ELSEWHERE
    other = "" if milder else alarms.one_about_ml(endpoint, graph)
    although = f", although the project watches its ML ({other})" if other else ""
    message = f"no alarm watches {endpoint}{although}: one should watch its errors"
    if not milder and not other and not alarms.one_left_out(endpoint, graph):
        milder = _OF_OTHERS
    single = _one_at_a_time(endpoint, graph) if milder else ""
    # The same choice as for the data of the project.
    modest = safeguards.why_declared_modest(endpoint, graph) if milder else ""
    severity: Severity | None = "medium" if modest or single else None
    # What a program makes weighs one less as it is.
    made = single and endpoint.language == "python"
    milder = "" if made else single or modest or milder
    yield Claim(~watched, endpoint, message, severity, lacking=EdgeKind.MONITORS, milder=milder)


def _one_at_a_time(endpoint: ResourceView, graph: GraphView) -> str:
    """Why few depend on an endpoint: it is serverless and takes one request at a time; else empty."""
    configs = list(hosting.config_of(endpoint, graph))
    found = [each for config in configs for each in hosting.variants(config)]
    single = found and all(certainly(each["ServerlessConfig.MaxConcurrency"].equals(1)) for each in found)
    return _SINGLE if single else ""


def _unwatched(
    endpoint: ResourceView, graph: GraphView, names: frozenset[str] | re.Pattern[str], message: str
) -> Claim:
    """An endpoint has alarms, but none for a purpose; one that misspells the metric is left to MLO113."""
    found = alarms.watchers_of(endpoint, graph)
    lacks = found.any(alarm_metrics.watches_endpoint) & ~found.any(
        partial(alarm_metrics.watches, names=names)
    )
    meant = certainly(found.any(partial(alarm_metrics.means, names=names)))
    severity: Severity | None = "low" if meant else None
    milder = _MISSPELT if meant else ""
    return Claim(lacks, endpoint, message, severity, lacking=EdgeKind.MONITORS, milder=milder)


@rule(
    "MLO102",
    "endpoint-without-error-alarm",
    "medium",
    concern="production",
    operational=True,
    practices=("MLOPS05-BP01", "MLPERF06-BP04"),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Add an alarm on `MetricName: Invocation5XXErrors`.",
        'Add an alarm on `metric_name = "Invocation5XXErrors"`.',
    ),
)
def endpoint_without_error_alarm(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An endpoint has alarms, but none on failing requests.

    Errors are what users notice first, and the first symptom of a bad deployment.

    The metrics are Invocation5XXErrors, Invocation4XXErrors and InvocationModelErrors.

    The severity is info where an alarm on these only misspells the metric (MLO113).

    Exceptions: endpoints without any alarm (see MLO101).

    See [Metrics for monitoring Amazon SageMaker AI with Amazon
    CloudWatch](https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html).
    """
    message = f"no alarm of {endpoint} watches its errors: one should watch Invocation5XXErrors"
    yield _unwatched(endpoint, graph, alarm_metrics.ERROR_METRICS, message)


@rule(
    "MLO103",
    "endpoint-without-latency-alarm",
    "medium",
    concern="production",
    operational=True,
    practices=("MLPERF01-BP01", "MLOPS05-BP01"),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Add an alarm on `MetricName: ModelLatency`.", 'Add an alarm on `metric_name = "ModelLatency"`.'
    ),
)
def endpoint_without_latency_alarm(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An endpoint has alarms, but none on its latency.

    For its users, an endpoint that responds too late is down, although no error is counted.

    The metrics are ModelLatency and OverheadLatency, and those of the queue of an asynchronous endpoint, such
    as ApproximateAgeOfOldestRequest.

    The severity is info where an alarm on these only misspells the metric (MLO113), and low for asynchronous
    endpoints, whose requests wait in a queue by design.

    Exceptions: endpoints without any alarm (see MLO101).

    See [Metrics for monitoring Amazon SageMaker AI with Amazon
    CloudWatch](https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html).
    """
    queued = deployment.answers_later(endpoint, graph)
    metric = "ApproximateAgeOfOldestRequest" if queued else "ModelLatency"
    message = f"no alarm of {endpoint} watches its latency: one should watch {metric}"
    claim = _unwatched(endpoint, graph, alarm_metrics.LATENCY_METRICS, message)
    if queued:
        waiting = alarms.watchers_of(endpoint, graph).any(_watches_queue)
        claim = claim._replace(answer=claim.answer & ~waiting, milder=claim.milder or _QUEUED)
    yield claim


def _watches_queue(alarm: ResourceView) -> Answer:
    return alarm_metrics.watches_endpoint(alarm) & alarm_metrics.watches(alarm, alarm_metrics.QUEUE_METRICS)


_ON_ACCELERATOR = Remedy(
    "Add an alarm on `MetricName: GPUMemoryUtilization` in `Namespace: /aws/sagemaker/Endpoints`.",
    'Add an alarm on `metric_name = "GPUMemoryUtilization"` in `namespace = "/aws/sagemaker/Endpoints"`.',
)


@rule(
    "MLO104",
    "endpoint-without-resource-alarm",
    "low",
    concern="production",
    operational=True,
    practices=("MLOPS05-BP01", "MLCOST06-BP03"),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Add an alarm on `MetricName: CPUUtilization` in `Namespace: /aws/sagemaker/Endpoints`.",
        'Add an alarm on `metric_name = "CPUUtilization"` in `namespace = "/aws/sagemaker/Endpoints"`.',
    ),
)
def endpoint_without_resource_alarm(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An endpoint has alarms, but none on processor, memory or disk.

    A full disk or exhausted memory stops an endpoint suddenly. Utilization shows it in advance, and shows
    when instances are larger than necessary.

    The metrics are CPUUtilization, GPUUtilization, MemoryUtilization, GPUMemoryUtilization and
    DiskUtilization in /aws/sagemaker/Endpoints, also normalised. On instances with an accelerator, its memory
    is what a model exhausts first.

    Exceptions: endpoints all of whose variants are serverless, and endpoints without any alarm (see MLO101).

    See [Metrics for monitoring Amazon SageMaker AI with Amazon
    CloudWatch](https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html).
    """
    configs = hosting.config_of(endpoint, graph)
    serverless = configs.any(hosting.is_serverless)
    accelerated = any(idling.runs_gpus(each.resource) for each in configs.related)
    metric = "GPUMemoryUtilization" if accelerated else "CPUUtilization"
    message = f"no alarm of {endpoint} watches processor, memory or disk: one should watch {metric}"
    claim = _unwatched(endpoint, graph, alarm_metrics.RESOURCE_METRIC, message)
    remedy = _ON_ACCELERATOR if accelerated else None
    yield claim._replace(answer=claim.answer & ~serverless, remedy=remedy)


@rule(
    "MLO105",
    "alarm-without-action",
    "medium",
    concern="production",
    practices=("MLOPS05-BP01",),
    on=(ALARM,),
    remedy=Remedy(
        "Set `AlarmActions: [!Ref AlertTopic]`.", "Set `alarm_actions = [aws_sns_topic.alerts.arn]`."
    ),
    controls=(
        "CloudWatch.15",
        "CloudWatch.17",
        "cloudwatch_alarm_actions_alarm_state_configured",
        "cloudwatch_alarm_actions_enabled",
    ),
)
def alarm_without_action(alarm: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An alarm on an ML resource does nothing when it goes off.

    Its state changes in the console, and no one is notified.

    An alarm is on an ML resource if it watches an endpoint, or any metric of SageMaker, Bedrock or an AI
    service, also one that a query of CloudWatch Metrics Insights selects. So is one on a function of the
    project that certainly invokes a model, and on a stream of Kinesis or a queue whose records start such a
    function.

    Exceptions: alarms that an AutoRollbackConfiguration names, alarms in a composite alarm that has actions,
    and alarms to whose states an EventBridge rule of the project with a target reacts. Where another
    file of the repository reacts to states of alarms (a rule of EventBridge, or a program that describes
    alarms) and names this one, or a rule of EventBridge names none, the rule is undecided.

    See [Using Amazon CloudWatch
    alarms](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html).
    """
    concerned = (
        alarms.is_about_ml(alarm, graph)
        & ~alarms.guards_deployment(alarm, graph)
        & ~alarms.notifies_through_composite(alarm, graph)
        & ~alarms.is_acted_on_by_rule(alarm, graph)
    )
    actions, enabled = alarm["AlarmActions"], alarm["ActionsEnabled"]
    if other := alarm.attributes[REACTED].text:
        concerned &= undecided(f"{other} reacts to states of alarms, and may mean this one")
    yield Claim(
        concerned & actions.is_absent(),
        actions,
        f"{alarm} does nothing when it goes off: {actions} should name a topic with a subscription",
        fix=append_to(actions, "${topic}"),
    )
    yield Claim(
        concerned & actions.is_present() & enabled.is_false(),
        enabled,
        f"{alarm} does nothing when it goes off: {enabled} is false and should be true",
        fix=set_to(enabled, True, risk="the alarm may have been silenced on purpose"),
    )


@rule(
    "MLO106",
    "alarm-watches-unknown-variant",
    "high",
    practices=("MLOPS05-BP01",),
    on=(ALARM,),
    remedy=Remedy(
        "Set the dimension `VariantName` to the `VariantName` of a production variant.",
        "Set the dimension `VariantName` to the `variant_name` of a production variant.",
    ),
)
def alarm_watches_unknown_variant(alarm: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An alarm names a variant that its endpoint does not have.

    The alarm never receives data and never goes off: the endpoint looks watched but is not.

    See [Metrics for monitoring Amazon SageMaker AI with Amazon
    CloudWatch](https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html).
    """
    metrics, unknown = alarm_metrics.metrics_of(alarm)
    graph.leave_undecided(unknown)
    for metric in metrics:
        variant = metric.dimension("VariantName")
        if variant is None:
            graph.leave_undecided(metric.why_more_dimensions())
            continue
        for related in metric.endpoints(graph):
            configs = hosting.config_of(related.resource, graph)
            known = configs.any(partial(hosting.has_variant, name=variant.value))
            yield Claim(
                configs.exist() & variant.is_present() & ~known,
                variant,
                f"{alarm} watches variant {variant.words or '?'} of {related.resource}, which has no such "
                "variant: the dimension VariantName should name one that it has",
            )
