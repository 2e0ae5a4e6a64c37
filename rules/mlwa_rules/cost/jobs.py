"""Cost of jobs: spot capacity, limits of time, and trials that are stopped in time."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.rule import Answer, Claim, GraphView, Remedy, ResourceView, View, rule, some

_HOUR = 3_600
_DAY = 24 * _HOUR
_LONGEST = 5 * _DAY


@rule(
    "MLC201",
    "training-without-spot",
    "low",
    practices=("MLCOST04-BP06",),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `EnableManagedSpotTraining: true`, a `CheckpointConfig` and `MaxWaitTimeInSeconds`.",
        "Set `enable_managed_spot_training = true`, a `checkpoint_config` and `max_wait_time_in_seconds`.",
    ),
)
def training_without_spot(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A training job runs on on-demand instances.

    Spot capacity costs up to 90 percent less. SageMaker waits for it, and with checkpoints it resumes
    after an interruption where it stopped.

    Silent for jobs that run for less than an hour at most (MaxRuntimeInSeconds), and for those that
    cannot use spot capacity: on a warm pool (KeepAlivePeriodInSeconds), on capacity that is reserved by a
    training plan, and serverless.

    See [Managed spot training in Amazon SageMaker
    AI](https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html).
    """
    for job in jobs.of(resource):
        if job.spot is not None and job.max_runtime is not None and job.clusters:
            short = job.max_runtime.less_than(_HOUR)
            yield Claim(
                ~job.spot.is_true() & ~short & ~some(_is_reserved(each.at) for each in job.clusters),
                job.spot,
                f"{job} trains on on-demand instances: {job.spot} should be true",
            )


def _is_reserved(config: View) -> Answer:
    return config["KeepAlivePeriodInSeconds"].more_than(0) | config["TrainingPlanArn"].is_present()


@rule(
    "MLC202",
    "job-without-runtime-limit",
    "medium",
    practices=("MLCOST04-BP08",),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `StoppingCondition: {MaxRuntimeInSeconds: 14400}`.",
        "Add `stopping_condition { max_runtime_in_seconds = 14400 }`.",
    ),
)
def job_without_runtime_limit(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A job states no limit of time, or one of more than five days.

    A job that hangs, or never converges, then runs and costs until somebody notices, or until a limit
    that nobody chose: SageMaker gives training a day by default, whether the job takes minutes or hours.

    The limit is MaxRuntimeInSeconds of the stopping condition, for AutoML jobs
    MaxAutoMLJobRuntimeInSeconds of the completion criteria. Transform and labeling jobs have none.

    See [StoppingCondition](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html).
    """
    for job in jobs.of(resource):
        limit = job.max_runtime
        if limit is None:
            continue
        yield Claim(
            limit.is_absent(),
            limit,
            f"{job} states no limit of time: {limit} should be little more than it needs",
        )
        days = (limit.number or 0) / _DAY
        yield Claim(
            limit.more_than(_LONGEST),
            limit,
            f"{job} may run for {days:.3g} days: {limit} is {limit.text} and should be {_LONGEST} at most",
        )


@rule(
    "MLC203",
    "tuning-without-early-stopping",
    "low",
    practices=("MLCOST04-BP11", "MLSUS04-BP04"),
    on=(jobs.TUNING,),
    remedy=Remedy(
        "Set `TrainingJobEarlyStoppingType: Auto` and `Strategy: Bayesian`.",
        'Set `training_job_early_stopping_type = "Auto"` and `strategy = "Bayesian"`.',
    ),
)
def tuning_without_early_stopping(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A tuning job trains hopeless candidates to the end, or tries all combinations.

    Early stopping ends a training job that has fallen behind its predecessors; a grid trains every
    combination, however hopeless its neighbours were, where Bayesian search and Hyperband learn from them.

    Hyperband stops candidates by itself, and AWS tells to leave early stopping off for it, so that the
    rule asks for none there.

    See [Stop training jobs
    early](https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-early-stopping.html).
    """
    config = resource["HyperParameterTuningJobConfig"]
    strategy, stopping = config["Strategy"], config["TrainingJobEarlyStoppingType"]
    yield Claim(
        ~stopping.equals("Auto") & ~strategy.equals("Hyperband"),
        stopping,
        f"{resource} trains every candidate to the end: {stopping} is {stopping.text or 'absent'} and should "
        "be Auto",
    )
    yield Claim(
        strategy.equals("Grid"),
        strategy,
        f"{resource} tries every combination of hyperparameters: {strategy} is Grid and should be Bayesian "
        "or Hyperband",
    )
