"""Operation of projects: equal environments, checked data, documented models, dashboards."""

from collections.abc import Iterator

from mlwa_lint.graph import workflows
from mlwa_lint.graph.kinds import ENDPOINT, ENDPOINT_CONFIG, GLUE_CRAWLER, MODEL, MODEL_CARD
from mlwa_lint.graph.queries import dashboards, environments, nested, quality
from mlwa_lint.model.resources import SHOWN
from mlwa_lint.rule import (
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    certainly,
    project_rule,
    rule,
    some,
)


@project_rule(
    "MLO508",
    "environments-differ",
    "medium",
    practices=("MLOPS06-BP01",),
    on=(ENDPOINT_CONFIG, MODEL),
    remedy=Remedy(
        "Give all environments the same image repository, instance family and isolation settings.",
        "Give all environments the same image repository, instance family and isolation settings.",
    ),
)
def environments_differ(graph: GraphView) -> Iterator[Claim]:
    """Two environments of a project run different images, instance families or isolation settings.

    What was tested in one environment is not what runs in the other, so failures show up in production first.

    Environments are recognised by the names of modules and nested stacks: dev, test, staging, prod and their
    like. The rule compares resources of the same name: the repositories of images, the families of instance
    types, and network isolation. Versions of images and sizes of instances may differ.

    See [Machine Learning Lens:
    MLOPS06-BP01](https://docs.aws.amazon.com/wellarchitected/latest/machine-learning-lens/mlops06-bp01.html).
    """
    for first, other, what, differ in environments.differences(graph):
        message = (
            f"{other.holder} and {first.holder} stand for the same in two environments but differ in {what}:"
        )
        message += f" {other.view} is {other.shown} in the one and {first.shown} in the other"
        yield Claim(differ, other.view, message, related=((first.view, "the other environment"),))


@rule(
    "MLO509",
    "data-without-quality-check",
    "info",
    concern="deployment",
    practices=("MLOPS03-BP01", "MLPERF04-BP04"),
    on=workflows.WORKFLOWS,
    remedy=Remedy(
        "Add a `QualityCheck` step, or an `AWS::Glue::DataQualityRuleset` that a step evaluates.",
        "Add a `QualityCheck` step, or an `aws_glue_data_quality_ruleset` that a step evaluates.",
    ),
)
def data_without_quality_check(workflow: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A workflow trains a model on data that nothing checks.

    A broken export, a shifted unit or an empty column goes into the model unnoticed.

    What counts: a QualityCheck or ClarifyCheck step, a step that evaluates a Glue data quality ruleset, a
    step whose name shows that it checks or validates data (`ValidateRows`, not `CheckAccuracy`), and a
    ruleset of the project.

    See [Data quality
    monitoring](https://docs.aws.amazon.com/glue/latest/dg/glue-data-quality.html).
    """
    steps = workflows.steps(workflow)
    trains = steps.has(workflows.trains)
    above = (nested.steps(each, graph).has(quality.checks_data) for each in nested.around(workflow, graph))
    checked = some([steps.has(quality.checks_data), *above]) | graph.declared(quality.RULESET).exist()
    message = (
        f"{workflow} trains on data that no step checks: a quality check should come before the training"
    )
    yield Claim(trains & ~checked, workflow, message)


# What a crawler can read: databases, and what has partitions or is added to.
_DATABASES = ("JdbcTargets", "MongoDBTargets", "DynamoDBTargets")
_FILES = ("S3Targets", "CatalogTargets", "DeltaTargets", "IcebergTargets", "HudiTargets")


@rule(
    "MLO510",
    "crawler-without-schedule",
    "low",
    concern="deployment",
    practices=("MLREL02-BP03",),
    on=(GLUE_CRAWLER,),
    remedy=Remedy(
        "Set `Schedule: {ScheduleExpression: cron(0 3 * * ? *)}`.",
        'Set `schedule = "cron(0 3 * * ? *)"`.',
        'Set `Schedule: "cron(0 3 * * ? *)"`.',
    ),
)
def crawler_without_schedule(crawler: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Nothing starts a crawler.

    The catalog describes the data as it was when the crawler was last run by hand; new partitions are not
    found.

    What counts: a schedule, a Glue trigger, a workflow or a state machine that starts crawlers, a function
    whose role may start them, and another program of the repository that starts this one by its name. The
    rule is undecided where a shell script or a notebook does, or where the name is not known. The severity
    is info for a crawler of databases alone: tables there have no partitions, and only a changed schema is
    missed.

    See [Scheduling a crawler](https://docs.aws.amazon.com/glue/latest/dg/schedule-crawler.html).
    """
    schedule = crawler["Schedule.ScheduleExpression"]
    started = quality.is_started(crawler, graph)
    message = f"nothing starts {crawler}: {schedule} should state when it runs"
    milder = (
        "it crawls databases alone, in which only a changed schema is new" if _reads_tables(crawler) else ""
    )
    yield Claim(schedule.is_absent() & ~started, schedule, message, milder=milder)


def _reads_tables(crawler: ResourceView) -> bool:
    """Whether a crawler certainly reads tables of databases and nothing else."""
    targets = crawler["Targets"]
    databases = some(targets[each].is_present() for each in _DATABASES)
    others = some(targets[each].is_present() for each in _FILES)
    return certainly(databases & ~others)


@project_rule(
    "MLO511",
    "hosted-model-without-card",
    "info",
    concern="deployment",
    practices=("MLOPS02-BP02", "MLOPS02-BP06", "RAIGT01-BP02"),
    on=(MODEL, MODEL_CARD),
    remedy=Remedy(
        "Add an `AWS::SageMaker::ModelCard` about the model.",
        "Add an `aws_sagemaker_model_card` about the model.",
    ),
)
def hosted_model_without_card(graph: GraphView) -> Iterator[Claim]:
    """No model card of the project is about a hosted model.

    Intended use, risks, training data and evaluation of the model are not documented, so whether a new use of
    it is appropriate cannot be decided.

    Reported once, at the first hosted model without a card. A card counts if it refers to the model, or names
    it in its content.

    See [Amazon SageMaker Model
    Cards](https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards.html).
    """
    hosted = [each for each in graph.of_type(MODEL) if graph.sources(each, EdgeKind.HOSTS).related]
    bare = [each for each in hosted if not certainly(quality.has_card(each, graph))]
    for model in sorted(bare, key=lambda each: each.address)[:1]:
        yield Claim(
            ~quality.has_card(model, graph), model, f"no model card describes {model}, which is hosted"
        )


@project_rule(
    "MLO512",
    "hosting-without-dashboard",
    "info",
    concern="deployment",
    practices=("MLOPS01-BP03", "RAIMON01-BP04"),
    on=(ENDPOINT,),
    remedy=Remedy(
        "Add an `AWS::CloudWatch::Dashboard` with metrics of the endpoint.",
        "Add an `aws_cloudwatch_dashboard` with metrics of the endpoint.",
    ),
)
def hosting_without_dashboard(graph: GraphView) -> Iterator[Claim]:
    """No dashboard of the project shows a metric of an endpoint.

    In an incident, everyone searches for latency, errors and utilization separately.

    Reported once, at the first endpoint. A dashboard counts whose body names a metric of SageMaker or refers
    to an endpoint; so does a body in a file of the repository, where a program puts dashboards
    (`put_dashboard`).

    See [Using Amazon CloudWatch
    dashboards](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html).
    """
    endpoints = sorted(graph.of_type(ENDPOINT), key=lambda each: (each.span, each.address))
    for endpoint in endpoints[:1]:
        if any(certainly(each.attributes[SHOWN].is_present()) for each in endpoints):
            return
        message = f"no dashboard shows metrics of {endpoint} or of another endpoint of the project"
        yield Claim(~dashboards.is_shown(graph), endpoint, message)
