"""Model Monitor: that it watches, has something to read, and something to compare with."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import ENDPOINT, JOB_DEFINITIONS, MONITORING_SCHEDULE
from mlwa_lint.graph.queries import deployment, hosting
from mlwa_lint.rule import NO, YES, Claim, EdgeKind, GraphView, Remedy, ResourceView, certainly, rule

_QUALITY = JOB_DEFINITIONS[:2]
_CLARIFY = JOB_DEFINITIONS[2:]


@rule(
    "MLO109",
    "endpoint-without-drift-monitor",
    "medium",
    practices=("MLPERF06-BP03", "MLPERF06-BP04"),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Add an `AWS::SageMaker::MonitoringSchedule` that runs a `DataQualityJobDefinition` for it.",
        "Add an `aws_sagemaker_monitoring_schedule` and an `aws_sagemaker_data_quality_job_definition`.",
    ),
)
def endpoint_without_drift_monitor(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """No monitoring schedule watches what an endpoint is asked.

    The world changes and the model does not: without a monitor, its predictions get worse and nobody
    is told.

    A schedule counts when it, or the job definition that it runs, names the endpoint. Silent when every
    variant is serverless, and for multi-model endpoints: Model Monitor does not support them. It takes no
    new customers any more; who watches drift by other means ignores this rule.

    See [Data and model quality monitoring with Amazon SageMaker Model
    Monitor](https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor.html).
    """
    configs = hosting.config_of(endpoint, graph)
    many = configs.any(lambda config: deployment.is_multi_model(config, graph))
    exempt = configs.any(hosting.is_serverless) | (YES if certainly(many) else NO)
    yield Claim(
        ~hosting.schedules_of(endpoint, graph).exist() & ~exempt,
        endpoint,
        f"no monitoring schedule watches {endpoint} for drift",
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

    The monitor reads what the endpoint captures. Every run finds nothing, and fails or passes without
    having looked at anything.

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
                f"{schedule} monitors {endpoint}, but {config} captures nothing that it could read: "
                f"{capture} should be true",
                related=((capture, "nothing is captured here"),),
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
    """A monitor has nothing to compare with.

    Without constraints from a baseline, a monitoring job describes the data and can find no violation.

    Either a constraints file or the job that makes one (BaseliningJobName) will do; statistics alone will
    not. For a schedule, this is about a job that it defines itself.

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
    yield Claim(
        defined & ~given,
        constraints,
        f"{monitor} has no baseline to compare with: {constraints} should name a file of constraints",
    )


@rule(
    "MLO112",
    "endpoint-without-bias-monitor",
    "info",
    practices=("MLREL03-BP04", "MLPERF06-BP02"),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Add an `AWS::SageMaker::ModelBiasJobDefinition` and a schedule for it.",
        'Add an `aws_sagemaker_monitoring_schedule` with `monitoring_type = "ModelBias"`.',
    ),
)
def endpoint_without_bias_monitor(endpoint: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """An endpoint is monitored for quality, but neither for bias nor for explainability.

    A model can stay accurate on the whole and become unfair to a group, or begin to decide for other
    reasons; only these two monitors show that.

    See [Bias drift for models in
    production](https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-model-monitor-bias-drift.html).
    """
    # Terraform has no definitions of these jobs: there a schedule's type alone tells.
    schedules = hosting.schedules_of(endpoint, graph)
    quality = schedules.any(lambda each: hosting.watches_for(each, graph, *_QUALITY))
    clarified = schedules.any(lambda each: hosting.watches_for(each, graph, *_CLARIFY))
    defined = graph.sources(endpoint, EdgeKind.MONITORS, *_CLARIFY).exist()
    yield Claim(
        quality & ~(clarified | defined),
        endpoint,
        f"{endpoint} is monitored for quality, but neither for bias nor for explainability",
    )
