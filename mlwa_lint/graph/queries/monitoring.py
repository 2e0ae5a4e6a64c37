"""What watches the data of an endpoint beside Model Monitor: readers of it, and alarms on own metrics."""

from mlwa_lint.graph import jobs
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.kinds import (
    ALARM,
    BUCKET,
    BUCKET_POLICY,
    FUNCTION,
    GLUE_CRAWLER,
    GLUE_JOB,
    JOB_DEFINITIONS,
    MONITORING_SCHEDULE,
    ROLE,
)
from mlwa_lint.graph.queries import alarm_metrics, hosting
from mlwa_lint.graph.relations import GraphView, Links
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, some, undecided
from mlwa_lint.startup.patterns import lazy

# Definitions of monitoring jobs read nothing by themselves: their schedules count.
_READERS = (
    *(each for each in jobs.JOB_TYPES if each not in (*JOB_DEFINITIONS, MONITORING_SCHEDULE)),
    FUNCTION,
    GLUE_CRAWLER,
    GLUE_JOB,
    "AWS::Glue::Table",
    "AWS::Glue::Trigger",
    "AWS::Athena::NamedQuery",
    "AWS::SageMaker::Pipeline",
    "AWS::StepFunctions::StateMachine",
)
_CODE = (("Code",), ("Command",))
HOUR = 3_600
_CRON = lazy(r"cron\(\d+ (?P<hours>\*|\d+(?:/(?P<step>\d{1,9}))?) [?*] \* [?*] \*\)")
# Services publish in namespaces of their own; all others are a project's.
_SERVICES = ("AWS/", "/aws/", "aws/")


def reads_captured_data(endpoint: ResourceView, graph: GraphView) -> Answer:
    """Whether a function, a job or a notification of the graph reads what an endpoint captures."""
    return hosting.config_of(endpoint, graph).any(lambda config: _is_read(config, graph))


def _is_read(config: ResourceView, graph: GraphView) -> Answer:
    links = graph.targets(config, EdgeKind.WRITES, BUCKET).related
    buckets = [each.resource for each in links if "DataCaptureConfig" in each.edge.path]
    return some(_has_reader(bucket, graph) for bucket in dict.fromkeys(buckets))


def _has_reader(bucket: ResourceView, graph: GraphView) -> Answer:
    reading = graph.sources(bucket, EdgeKind.READS, *_READERS)
    # A bucket may hold the code of its reader alone.
    data = tuple(each for each in reading.related if each.edge.path[:1] not in _CODE)
    reads = Links(data, reading.unknown).exist()
    notifies = graph.targets(bucket, EdgeKind.TRIGGERS).exist()
    granting = graph.sources(bucket, EdgeKind.GRANTS)
    roles: dict[ResourceView, None] = {}
    for policy in granting:
        named = graph.targets(policy, EdgeKind.GRANTS, ROLE) if policy.type == BUCKET_POLICY else None
        roles.update(dict.fromkeys(policies.roles_of(policy, graph) if named is None else named))
    # Jobs name what they read; for a function or a crawler, only its role shows it.
    acting = (
        graph.sources(role, EdgeKind.ASSUMES, FUNCTION, GLUE_CRAWLER, GLUE_JOB).exist() for role in roles
    )
    return some([reads, notifies, *acting, *map(undecided, granting.unknown)])


def has_custom_alarm(endpoint: ResourceView, graph: GraphView) -> Answer:
    """Whether an alarm watches a metric of the project's own that has the endpoint among its dimensions."""
    return graph.sources(endpoint, EdgeKind.MONITORS, ALARM).any(_watches_own_metric)


def _watches_own_metric(alarm: ResourceView) -> Answer:
    metrics, unknown = alarm_metrics.metrics_of(alarm)
    own = (metric.view["Namespace"].test(lambda text: not text.startswith(_SERVICES)) for metric in metrics)
    return some([*own, *map(undecided, unknown)])


# -- schedules


def jobs_of(schedule: ResourceView, graph: GraphView) -> list[jobs.Job]:
    """The monitoring jobs that a schedule runs: its own, and that of its job definition."""
    definitions = hosting.definitions_of(schedule, graph)
    return [job for holder in (schedule, *definitions) for job in jobs.of(holder)]


def period_of(expression: str) -> int | None:
    """The seconds between two runs of a schedule for monitoring, `cron(0 * ? * * *)`; None for others."""
    match = _CRON.fullmatch(expression.strip())
    if match is None:
        return None
    hours, step = match.group("hours"), match.group("step")
    if hours in ("*", "0/1"):
        return HOUR
    return HOUR * int(step) if step else 24 * HOUR
