"""Monitoring of models: that something watches, has data to read, and a baseline to compare with."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import ENDPOINT, JOB_DEFINITIONS, MONITORING_SCHEDULE
from mlwa_lint.graph.queries import deployment, hosting, monitoring
from mlwa_lint.model.resources import DELETED, REMOVED, WATCHED
from mlwa_lint.rule import NO, YES, Claim, EdgeKind, GraphView, Remedy, ResourceView, certainly, rule, set_to

_QUALITY = JOB_DEFINITIONS[:2]
_CLARIFY = JOB_DEFINITIONS[2:]
_REMOVED = "the program that creates it deletes it again"
# What compares predictions with ground truth, for which it waits.
_WAITING = JOB_DEFINITIONS[1:3]


@rule(
    "MLO109",
    "endpoint-without-drift-monitor",
    "low",
    concern="deployment",
    operational=True,
    practices=("MLPERF06-BP03", "MLPERF06-BP04"),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Start a job or a function on the captured data, and alarm on the metric that it publishes.",
        "Start a job or a function on the captured data, and alarm on the metric that it publishes.",
    ),
)
def endpoint_without_drift_monitor(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Nothing in the project watches the data of an endpoint for drift.

    Real data changes while the model stays the same. Without monitoring, its predictions get worse
    unnoticed.

    What counts: a schedule of Model Monitor that names the endpoint, directly or through its job
    definition; a function, a job, a crawler or a notification that reads the bucket of the captured data;
    and an alarm on a custom metric with the endpoint's name among its dimensions. Model Monitor is closed to
    new customers, so it is one way among several.

    Exceptions: endpoints all of whose variants are serverless, asynchronous endpoints, endpoints that
    several models share (multi-model containers, inference components), and endpoints that capture nothing:
    MLO107 reports their configuration, and there is no data to watch. The rule is undecided where another
    program of the repository, such as the code of a custom resource, makes a schedule for an endpoint whose
    name it does not state.

    See [Data and model quality monitoring with Amazon SageMaker Model
    Monitor](https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor.html).
    """
    configs = hosting.config_of(endpoint, graph)
    many = configs.any(lambda config: deployment.is_multi_model(config, graph))
    shared = certainly(many) or certainly(deployment.uses_components(endpoint, graph))
    exempt = configs.any(hosting.is_serverless) | configs.any(hosting.is_asynchronous)
    exempt |= configs.any(lambda config: ~hosting.captures_data(config))
    watched = (
        hosting.schedules_of(endpoint, graph).exist()
        | monitoring.reads_captured_data(endpoint, graph)
        | monitoring.has_custom_alarm(endpoint, graph)
        | endpoint.attributes[WATCHED].is_present()
    )
    yield Claim(
        NO if shared else ~watched & ~exempt,
        endpoint,
        f"nothing in the project watches the data of {endpoint} for drift: a monitoring schedule should",
    )


@rule(
    "MLO110",
    "monitor-without-data-capture",
    "high",
    practices=("MLPERF06-BP03",),
    on=(MONITORING_SCHEDULE,),
    remedy=Remedy(
        "Set `DataCaptureConfig: {EnableCapture: true, …}` on the endpoint's configuration.",
        "Add `data_capture_config { enable_capture = true … }` to the endpoint's configuration.",
    ),
)
def monitor_without_data_capture(schedule: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A monitoring schedule watches an endpoint that captures nothing.

    The monitor reads the captured data. Every run finds no data, and fails or passes without having checked
    anything.

    See [Data capture](https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html).
    """
    links = hosting.monitored_by(schedule, graph)
    graph.leave_undecided(links.unknown)
    for related in links.related:
        endpoint = related.resource
        # The edge is the schedule's own, or that of the job definition which it runs.
        own = related.edge.source == schedule.address
        path = ".".join(related.edge.path) if own else "MonitoringScheduleConfig.MonitoringJobDefinitionName"
        for config in hosting.config_of(endpoint, graph):
            capture = config["DataCaptureConfig.EnableCapture"]
            yield Claim(
                ~hosting.captures_data(config),
                schedule[path],
                f"{schedule} monitors {endpoint}, but {config} captures no data for it to read: "
                f"{capture} should be true",
                related=((capture, "no data is captured here"),),
            )


@rule(
    "MLO111",
    "monitor-without-baseline",
    "medium",
    practices=("MLPERF06-BP03", "MLPERF04-BP04"),
    on=(*JOB_DEFINITIONS, MONITORING_SCHEDULE),
    remedy=Remedy(
        "Set `ConstraintsResource: {S3Uri: s3://BUCKET/baseline/constraints.json}` in the baseline.",
        'Set `constraints_resource { s3_uri = "s3://BUCKET/baseline/constraints.json" }` in the baseline.',
    ),
)
def monitor_without_baseline(monitor: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A monitor has no baseline to compare with.

    Without constraints from a baseline, a monitoring job describes the data and never finds a violation.

    Either a constraints file or the job that creates one (BaseliningJobName) is enough; statistics alone are
    not. For a schedule, the job that it defines inline is checked. The severity is info where the program
    that creates the monitor deletes it again: nothing is compared for long.

    See [Create a
    baseline](https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-create-baseline.html).
    """
    if monitor.type == MONITORING_SCHEDULE:
        job = monitor["MonitoringScheduleConfig.MonitoringJobDefinition"]
        defined, baseline = job.is_present(), job["BaselineConfig"]
    else:
        name = monitor.kind.removesuffix("JobDefinition")
        defined, baseline = YES, monitor[f"{name}BaselineConfig"]
    constraints = baseline["ConstraintsResource.S3Uri"]
    given = constraints.is_present() | baseline["BaseliningJobName"].is_present()
    removed = any(certainly(monitor.attributes[each].is_present()) for each in (DELETED, REMOVED))
    yield Claim(
        defined & ~given,
        constraints,
        f"{monitor} has no baseline to compare with: {constraints} should name a file of constraints",
        "info" if removed else None,
        milder=_REMOVED if removed else "",
    )


@rule(
    "MLO112",
    "endpoint-without-bias-monitor",
    "info",
    concern="deployment",
    practices=("MLREL03-BP04", "MLPERF06-BP02"),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Add an `AWS::SageMaker::ModelBiasJobDefinition` and a schedule for it.",
        'Add an `aws_sagemaker_monitoring_schedule` with `monitoring_type = "ModelBias"`.',
    ),
)
def endpoint_without_bias_monitor(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An endpoint is monitored for quality, but neither for bias nor for explainability.

    A model can stay accurate overall while it becomes unfair to a group, or starts to rely on other features.
    Only these two monitors show that.

    See [Bias drift for models in
    production](https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-model-monitor-bias-drift.html).
    """
    # Terraform has no definitions of these jobs: there the schedule's type alone decides.
    schedules = hosting.schedules_of(endpoint, graph)
    quality = schedules.any(lambda each: hosting.watches_for(each, graph, *_QUALITY))
    clarified = schedules.any(lambda each: hosting.watches_for(each, graph, *_CLARIFY))
    defined = graph.sources(endpoint, EdgeKind.MONITORS, *_CLARIFY).exist()
    yield Claim(
        quality & ~(clarified | defined),
        endpoint,
        f"{endpoint} is monitored for quality, but neither for bias nor for explainability: a monitoring"
        " schedule of each kind should name it",
    )


@rule(
    "MLO115",
    "monitor-longer-than-its-schedule",
    "medium",
    practices=("MLPERF06-BP03",),
    on=(MONITORING_SCHEDULE,),
    remedy=Remedy(
        "Set `StoppingCondition: {MaxRuntimeInSeconds: 1800}` for hourly schedules.",
        "Set `max_runtime_in_seconds = 1800` in `stopping_condition` for hourly schedules.",
    ),
)
def monitor_longer_than_its_schedule(schedule: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A monitoring job may run for longer than the period of its schedule.

    SageMaker rejects the schedule, or runs are skipped, and the hours that they should cover are never
    checked.

    The limit is the period: 3600 seconds for an hourly schedule, and 1800 seconds for hourly monitoring of
    model quality and bias, which wait for ground truth first.

    The service model documents that MaxRuntimeInSeconds "cannot exceed the frequency of the job", and names
    3600 seconds for hourly data quality and explainability, and 1800 seconds for hourly bias and quality.

    Exceptions: schedules whose expression is not an hourly or daily one.

    See [MonitoringStoppingCondition](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MonitoringStoppingCondition.html)
    and [Schedule monitoring
    jobs](https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-scheduling.html).
    """
    config = schedule["MonitoringScheduleConfig"]
    expression = config["ScheduleConfig.ScheduleExpression"]
    waits = hosting.watches_for(schedule, graph, *_WAITING)
    for job in monitoring.jobs_of(schedule, graph):
        limit = job.max_runtime
        if limit is None:
            continue
        period = monitoring.period_of(expression.text or "")
        if period is None:
            yield Claim(limit.is_present() & expression.is_open(), limit, f"{job} may run too long")
            continue
        message = f"{job} may run for {limit.words} s, but {schedule} starts it every {period} s: {limit}"
        too_long = limit.more_than(period)
        fix = set_to(limit, period, risk="a run that takes longer is stopped")
        yield Claim(too_long, limit, f"{message} should be {period} at most", fix=fix)
        if period == monitoring.HOUR:
            halved = limit.more_than(period / 2) & ~too_long & waits
            yield Claim(
                halved, limit, f"{message} should be {period // 2} at most, as it waits for ground truth"
            )
