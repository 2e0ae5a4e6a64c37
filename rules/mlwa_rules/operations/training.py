"""Operation of training and processing jobs: what is recorded about them."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, rule, some

_TRACKING = ("AWS::SageMaker::MlflowTrackingServer", "AWS::SageMaker::MlflowApp")
_TRACKED = ("training", "processing")
_MLFLOW_VARIABLES = ("MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_ARN")


@rule(
    "MLO201",
    "training-without-experiment",
    "low",
    practices=("MLOPS02-BP04", "MLSEC03-BP04"),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `ExperimentConfig: {ExperimentName: churn}`.",
        'Add `experiment_config { experiment_name = "churn" }`.',
    ),
)
def training_without_experiment(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A training or processing job is not recorded as part of an experiment.

    Months later nobody can tell which data, parameters and code made a model, or which of fifty runs
    was the good one.

    Silent inside of a SageMaker Pipeline, which records its runs by itself, when the project has an MLflow
    tracking server, and when the job's environment names one (`MLFLOW_TRACKING_URI` or
    `MLFLOW_TRACKING_ARN`). Tuning jobs record their runs by themselves.

    See [Experiments](https://docs.aws.amazon.com/sagemaker/latest/dg/experiments.html) and
    [ExperimentConfig](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ExperimentConfig.html).
    """
    if jobs.in_pipeline(resource, graph):
        return
    for job in jobs.of(resource):
        experiment = job.experiment
        if experiment is not None and job.kind in _TRACKED:
            named = some(job["Environment"][each].is_present() for each in _MLFLOW_VARIABLES)
            recorded = graph.declared(*_TRACKING).exist() | named
            message = f"{job} is not recorded as part of an experiment: it sets no {experiment}"
            yield Claim(experiment.is_absent() & ~recorded, experiment, message)
