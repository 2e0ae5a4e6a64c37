"""Operation of training and processing jobs: experiments and metrics."""

from collections.abc import Iterator
from functools import partial

from mlwa_lint.graph import jobs, workflows
from mlwa_lint.graph.jobs import Job
from mlwa_lint.graph.kinds import MODEL_PACKAGE
from mlwa_lint.graph.queries import images
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.resources import NOTED_DOWN, ONE_WAY
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, certainly, possibly, rule, some

_TRACKING = ("AWS::SageMaker::MlflowTrackingServer", "AWS::SageMaker::MlflowApp")
_TRACKED = ("training", "processing")
_MLFLOW_VARIABLES = ("MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_ARN")
# For a trainer of the SDK, which takes no experiment.
_BY_MLFLOW = Remedy(
    "Set `Environment: {MLFLOW_TRACKING_ARN: …}`.",
    'Set `environment = { MLFLOW_TRACKING_ARN = "…" }`.',
    'Give the trainer `environment={"MLFLOW_TRACKING_ARN": "…"}`, or start it in a run of an experiment.',
)
_KEPT = "TensorBoard keeps the results of each run in S3"
_REGISTERED = "its program registers the model, with the job that trained it"


@rule(
    "MLO201",
    "training-without-experiment",
    "low",
    concern="production",
    operational=True,
    practices=("MLOPS02-BP04", "MLSEC03-BP04"),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `ExperimentConfig: {ExperimentName: churn}`.",
        'Add `experiment_config { experiment_name = "churn" }`.',
    ),
)
def training_without_experiment(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A training or processing job is not recorded as part of an experiment.

    Months later, the data, parameters and code that produced a model cannot be traced, nor which of fifty
    runs was the best.

    A step that processes data for training in a state machine is reported where the training itself is
    recorded, or is a tuning job. A processing job that a program runs weighs `info`, and so does training
    whose programs write the hyperparameters or results of each run into files of their own, or JSON or YAML
    files whose names have the time stamp of the job's name, and that of a program which takes no options,
    run by a person or by continuous integration: all of its runs are alike; that of a program which
    registers the model; and a job whose `TensorBoardOutputConfig` keeps the results of each run in S3. The
    `ModelTrainer` of the SageMaker SDK takes no experiment: the message names the variable with which MLflow
    records its runs.

    Exceptions: jobs in a SageMaker Pipeline and tuning jobs, which record their runs themselves; processing
    steps of a state machine that no training follows (evaluation, monitoring, inference); projects with an
    MLflow tracking server; jobs whose environment names one (`MLFLOW_TRACKING_URI` or
    `MLFLOW_TRACKING_ARN`); and training jobs of a program where code in its folder or below, or the script of
    the job or the code of its image, imports MLflow, SageMaker Experiments, Weights & Biases or another
    library that records runs, or where a script there is handed one (`--report_to wandb`); and those of a
    program that a stage of a DVC pipeline (`dvc.yaml`) runs. Where the image may be one of several that the
    project builds, of which one records its runs, it is undecided.

    See [Experiments](https://docs.aws.amazon.com/sagemaker/latest/dg/experiments.html) and
    [ExperimentConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ExperimentConfig.html).
    """
    if jobs.in_pipeline(resource, graph):
        return
    for job in jobs.of(resource):
        experiment = job.experiment
        if experiment is not None and job.kind in _TRACKED and not _is_aside(job, resource, graph):
            named = some(job["Environment"][each].is_present() for each in _MLFLOW_VARIABLES)
            aside = resource.attributes["Recorded"].is_present()
            recorded = graph.declared(*_TRACKING).exist() | named | aside
            message = f"{job} is not recorded as part of an experiment: it sets no {experiment}"
            lacking = experiment.is_absent() & ~recorded
            severity: Severity | None = "info" if _is_program_processing(job) else None
            milder = resource.attributes[NOTED_DOWN].text or resource.attributes[ONE_WAY].text or ""
            if not milder and certainly(job["TensorBoardOutputConfig"].is_present()):
                milder = _KEPT
            milder = milder or (_REGISTERED if _registers(resource, graph) else "")
            remedy = _BY_MLFLOW if experiment.label.startswith("environment.") else None
            yield Claim(lacking, experiment, message, severity, milder=milder, remedy=remedy)


def _registers(resource: ResourceView, graph: GraphView) -> bool:
    """Whether the program that starts training registers a model as well."""
    return resource.language == "python" and any(
        each.span.path == resource.span.path for each in graph.of_type(MODEL_PACKAGE)
    )


def _is_program_processing(job: jobs.Job) -> bool:
    """Whether a program runs processing: most of it prepares data, or works for no model at all."""
    return job.kind == "processing" and job.resource.language == "python"


def _is_aside(job: Job, resource: ResourceView, graph: GraphView) -> bool:
    """Whether a processing step serves no training, or one that is reported itself."""
    machines = jobs.workflows_of(resource, graph)
    return (
        job.kind == "processing"
        and bool(machines)
        and not any(_prepares(resource, each, graph) for each in machines)
    )


def _prepares(resource: ResourceView, machine: ResourceView, graph: GraphView) -> bool:
    """Whether a step comes before training that is not reported for want of an experiment."""
    steps = workflows.steps(machine)
    own = next((step for step in steps if step.address == resource.address), None)
    if own is None:
        return True
    followed = [step for step in steps.where(workflows.trains) if steps.reaches(own, step)]
    return bool(followed) and not any(map(partial(_is_unrecorded, graph=graph), followed))


def _is_unrecorded(step: workflows.Step, graph: GraphView) -> bool:
    trained = graph.graph.by_address.get(step.address or "")
    found = jobs.of(ResourceView(trained, graph.world)) if trained is not None else ()
    return any(
        job.kind == "training" and job.experiment is not None and possibly(job.experiment.is_absent())
        for job in found
    )


@rule(
    "MLO202",
    "training-without-metrics",
    "info",
    concern="production",
    practices=("MLPERF02-BP01",),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `MetricDefinitions: [{Name: loss, Regex: 'loss=([0-9.]+)'}]` in `AlgorithmSpecification`.",
        "Add `metric_definitions` with a `name` and a `regex` to `algorithm_specification`.",
        "Set `MetricDefinitions: [{Name: loss, Regex: 'loss=([0-9.]+)'}]`.",
    ),
)
def training_without_metrics(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A training job with an image of your own defines no metrics.

    CloudWatch then shows neither the loss nor the accuracy of the run, so runs cannot be compared, nor a bad
    one stopped early.

    Images whose registry is an account of AWS, and AWS's built-in algorithms, do not count as your own: the
    built-in ones publish their metrics themselves.

    Exceptions: jobs in a project with an MLflow tracking server, and jobs whose environment names one.

    See [Use Amazon SageMaker AI metrics to monitor training
    jobs](https://docs.aws.amazon.com/sagemaker/latest/dg/training-metrics.html).
    """
    for job in jobs.of(resource):
        if not job.is_training:
            continue
        definitions = job["AlgorithmSpecification.MetricDefinitions"]
        named = some(job["Environment"][each].is_present() for each in _MLFLOW_VARIABLES)
        tracked = graph.declared(*_TRACKING).exist() | named
        for image in job.images:
            message = f"{job} defines no metrics for its image: {definitions} should name them"
            yield Claim(
                images.is_own(image, graph) & definitions.is_absent() & ~tracked, definitions, message
            )
