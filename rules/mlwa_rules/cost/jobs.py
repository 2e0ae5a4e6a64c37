"""Cost of jobs: spot capacity, runtime limits, and early stopping."""

import re
from collections.abc import Iterator

from mlwa_lint.files import NOTEBOOK
from mlwa_lint.graph import jobs
from mlwa_lint.graph.queries import purposes, small_jobs
from mlwa_lint.graph.queries.algorithms import writes_no_checkpoints
from mlwa_lint.model.resources import REPORTED_ONCE, SCRIPT, SPOT_ASIDE
from mlwa_lint.rule import (
    NO,
    Answer,
    Claim,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    rule,
    set_to,
    some,
)

_HOUR = 3_600
_DAY = 24 * _HOUR
_LONGEST = 5 * _DAY
# What the API and the notebooks of SageMaker JumpStart state where no one chooses a limit.
_BOILERPLATE = (_DAY, 360_000)
_AUTOML_LIMIT = Remedy(
    "Set `MaxAutoMLJobRuntimeInSeconds: 14400` in `CompletionCriteria`.",
    "Set `MaxAutoMLJobRuntimeInSeconds: 14400` in `CompletionCriteria`.",
    "Set `MaxAutoMLJobRuntimeInSeconds: 14400` as completion criterion.",
)
# A tuning job with so few candidates ends soon.
_FEW_CANDIDATES = 20


_FOR_EVERY_INSTANCE = frozenset(
    {
        *(
            "code",
            "config",
            "configs",
            "configuration",
            "dependencies",
            "jars",
            "lib",
            "libraries",
            "library",
        ),
        *("libs", "packages", "script", "scripts", "variables"),
    }
)
_CHEAP = "a day of small instances without an accelerator costs little"
_FEW = "it trains few candidates, on small instances without an accelerator"
_IN_BRANCH = "another branch of the program uses spot capacity"
_USED = "true"
# How the assumption begins that an option of the command line keeps its default.
_OF_OPTION = "the default of --"


@rule(
    "MLC201",
    "training-without-spot",
    "low",
    operational=True,
    practices=("MLCOST04-BP06",),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `EnableManagedSpotTraining: true`, a `CheckpointConfig` and "
        "`StoppingCondition.MaxWaitTimeInSeconds`.",
        "Set `enable_managed_spot_training = true`, a `checkpoint_config` and `max_wait_time_in_seconds`.",
    ),
)
def training_without_spot(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A training job runs on on-demand instances.

    Spot capacity costs up to 90 percent less. SageMaker waits for it, and with checkpoints a job resumes
    after an interruption where it stopped.

    Exceptions: jobs limited to an hour at most (MaxRuntimeInSeconds), and jobs of a program or workflow that
    states no limit and trains on small instances without an accelerator (up to 4xlarge in total): whether
    such a job takes minutes or hours is not known. In a program, the default of 86,400 seconds written out
    is not a limit, nor are the 360,000 of SageMaker JumpStart's notebooks. Nor jobs that cannot use spot
    capacity: those on a warm pool (KeepAlivePeriodInSeconds) or on the capacity of a training plan, and
    serverless ones. Nor those of SageMaker's built-in algorithms without checkpoints, such as DeepAR, which
    get spot capacity for an hour at most. A job of a notebook or program that states no limit weighs `info`
    on one instance with one small GPU at most (a family such as g5, up to 4xlarge), and on
    one without an accelerator, whatever its size, with the container of scikit-learn, which writes no
    checkpoints, or for five passes over the data at most (`epochs`). So does a job limited to two hours at
    most on small instances without an accelerator, or to as much in sum (sixteen hours of a large instance,
    eight of an xlarge): checkpoints cost more effort than spot capacity saves there. So does a job of a
    program that states that it uses no spot capacity (`use_spot_instances=False`), has an option of the
    command line for it (`--use-spot`), uses it in another branch, or has it in a comment: that is decided,
    not left out. A notebook that also runs the same training script on spot capacity compares the two, and
    its job on demand is not reported.

    See [Managed spot training in Amazon SageMaker
    AI](https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html).
    """
    for job in jobs.of(resource):
        if writes_no_checkpoints(job) or _is_compared(resource, graph):
            continue
        if job.spot is not None and job.max_runtime is not None and job.clusters:
            short = job.max_runtime.less_than(_HOUR + 1)
            perhaps_short = NO if _is_chosen(job.max_runtime) else small_jobs.is_small(job)
            reserved = some(_is_reserved(each.at) for each in job.clusters)
            trial = _is_run_by_hand(resource) and not _is_chosen(job.max_runtime)
            tried = small_jobs.why_tried(job) if trial else ""
            yield Claim(
                ~job.spot.is_true() & ~short & ~perhaps_short & ~reserved,
                job.spot,
                f"{job} trains on on-demand instances: {job.spot} should be true",
                severity="info" if tried else None,
                milder=tried or _why_cheap(job) or _why_decided(job.spot, resource),
            )


def _is_compared(resource: ResourceView, graph: GraphView) -> bool:
    """Whether a notebook certainly runs the script of a job on spot capacity, too."""
    path, program = resource.span.path, resource[SCRIPT].text
    if not path.endswith(".ipynb") or not program or resource.type != jobs.TRAINING:
        return False
    return any(
        each.address != resource.address
        and each.span.path == path
        and each[SCRIPT].text == program
        and certainly(each["EnableManagedSpotTraining"].is_true())
        for each in graph.of_type(jobs.TRAINING)
    )


def _is_run_by_hand(resource: ResourceView) -> bool:
    """Whether a job is what a notebook or a program itself starts, and no step of a workflow."""
    by_program = resource.language == "python" and resource.type == jobs.TRAINING
    return resource.span.path.endswith(".ipynb") or by_program


def _why_cheap(job: jobs.Job) -> str:
    """What limits what spot capacity could save; empty where nothing shows it."""
    limit = job.max_runtime
    if limit is None or not job.instances or not _is_chosen(limit):
        return ""
    if certainly(limit.less_than(2 * _HOUR + 1) & small_jobs.is_small(job)):
        return "it trains for two hours at most, on small instances without an accelerator"
    # The limit of a tuning job is that of each of its candidates.
    seconds = limit.number if job.kind == "training" else None
    if seconds is not None and certainly(small_jobs.saves_little(job, seconds / _HOUR)):
        return "all that its limit allows costs little on small instances without an accelerator"
    return ""


def _why_decided(spot: View, resource: ResourceView) -> str:
    """Why a job of a program uses none on purpose; empty elsewhere: templates state defaults as well."""
    if resource.language != "python":
        return ""
    aside = resource.attributes[SPOT_ASIDE].text
    if aside:
        return aside
    if not certainly(spot.is_false()):
        return _IN_BRANCH if _USED in spot.texts_anywhere and certainly(spot.is_absent()) else ""
    if not spot.value.assumed:
        return "the program states that it uses none"
    offered = all(each.startswith(_OF_OPTION) for each in spot.value.assumed)
    return "whoever runs the program chooses it by an option" if offered else ""


def _is_chosen(limit: View) -> bool:
    """Whether the user has set a limit, which a default is not, written out or not."""
    by_sdk = any("SDK's default" in each for each in limit.value.assumed)
    # A request of a program has to state one, and what it states is often copied.
    copied = limit.holder.language == "python" and limit.number in _BOILERPLATE
    return not certainly(limit.is_absent()) and not by_sdk and not copied


def _is_reserved(config: View) -> Answer:
    return config["KeepAlivePeriodInSeconds"].more_than(0) | config["TrainingPlanArn"].is_present()


_STOPPED_AFTER_A_DAY = (jobs.TRAINING, jobs.PROCESSING)


@rule(
    "MLC202",
    "job-without-runtime-limit",
    "low",
    concern="production",
    practices=("MLCOST04-BP08",),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `StoppingCondition: {MaxRuntimeInSeconds: 14400}`.",
        "Add `stopping_condition { max_runtime_in_seconds = 14400 }`.",
    ),
)
def job_without_runtime_limit(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A job has no runtime limit, or one of more than five days.

    A job that hangs or never converges then runs until it is noticed, or until a default limit: unless
    configured otherwise, SageMaker stops training and processing after 24 hours, whether the job needs
    minutes or hours.

    The limit is MaxRuntimeInSeconds of the stopping condition, for AutoML jobs
    MaxAutoMLJobRuntimeInSeconds of the completion criteria. The SDK's ModelTrainer sends one of an hour where
    it is given none. Transform and labeling jobs have none. A job on
    small instances without an accelerator (up to 4xlarge in total) weighs `info` in a program, in examples,
    and where nothing in the repository shows that the project is operated: a day of it costs little.

    See [StoppingCondition](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html).
    """
    for job in jobs.of(resource):
        limit = job.max_runtime
        if limit is None:
            continue
        tried = resource.language == "python" or purposes.is_shown(graph)
        small = (
            (tried or bool(purposes.why_unoperated(graph)))
            and bool(job.instances)
            and certainly(small_jobs.is_small(job))
        )
        remedy = _AUTOML_LIMIT if job.kind == "automl" else None
        default = " of its own, only the default of 24 hours" if resource.type in _STOPPED_AFTER_A_DAY else ""
        yield Claim(
            limit.is_absent(),
            limit,
            f"{job} has no runtime limit{default}: {limit} should be slightly more than it needs",
            remedy=remedy,
            milder=_CHEAP if small else "",
            fix=set_to(limit, 4 * _HOUR, risk="a job that takes longer is stopped"),
        )
        days = " or ".join(f"{number / _DAY:.3g}" for number in limit.numbers)
        yield Claim(
            limit.more_than(_LONGEST),
            limit,
            f"{job} may run for {days} days: {limit} is {limit.words} and should be {_LONGEST} at most",
            remedy=remedy,
            fix=set_to(limit, _LONGEST, risk="a job that takes longer is stopped"),
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
    """A tuning job runs without early stopping, or tries all combinations.

    Early stopping ends training jobs that have fallen behind their predecessors. A grid trains every
    combination, where Bayesian search and Hyperband learn from earlier results.

    Exceptions: the Hyperband strategy, which stops candidates itself; AWS advises to leave early stopping
    off for it. Nor is early stopping expected when all candidates may train at the same time
    (MaxParallelTrainingJobs), so that none has predecessors, or when the training script lies in the
    project and reports the metrics that a program defines only once, after its loops. Where they train in
    two rounds, the first of which cannot be stopped, it is of severity info; so are 20 candidates at most on
    small instances without an accelerator (up to 4xlarge in total each), in a notebook or where nothing in
    the repository shows that the project is operated; and so is a notebook of such a repository, as those of
    courses are.

    See [Stop training jobs
    early](https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-early-stopping.html).
    """
    config = resource["HyperParameterTuningJobConfig"]
    strategy, stopping = config["Strategy"], config["TrainingJobEarlyStoppingType"]
    limits = config["ResourceLimits"]
    jobs_at_once = limits["MaxParallelTrainingJobs"].number
    number = limits["MaxNumberOfTrainingJobs"]
    together = NO if jobs_at_once is None else number.less_than(jobs_at_once + 1)
    once = resource.attributes[REPORTED_ONCE].is_present()
    # Whoever works through a notebook once, as in a course, tunes once.
    in_notebook = resource.span.path.endswith(NOTEBOOK) or None
    in_two_rounds = jobs_at_once is not None and certainly(number.less_than(2 * jobs_at_once + 1))
    yield Claim(
        ~stopping.equals("Auto") & ~strategy.equals("Hyperband") & ~together & ~once,
        stopping,
        f"{resource} trains every candidate to completion: {stopping} is {stopping.words or 'absent'} and "
        "should be Auto",
        severity="info" if in_two_rounds else None,
        milder="" if in_two_rounds else _why_few(resource, graph),
        operational=in_notebook,
        fix=set_to(stopping, "Auto", risk="candidates that fall behind are stopped"),
    )
    yield Claim(
        strategy.equals("Grid"),
        strategy,
        f"{resource} tries every combination of hyperparameters: {strategy} is Grid and should be Bayesian "
        "or Hyperband",
        operational=in_notebook,
        fix=set_to(strategy, "Bayesian", risk="other combinations are tried"),
    )


def _why_few(resource: ResourceView, graph: GraphView) -> str:
    """What limits what stopping candidates early could save; empty where nothing shows it."""
    number = resource["HyperParameterTuningJobConfig.ResourceLimits.MaxNumberOfTrainingJobs"].number
    operated = graph.graph.project.operated and not resource.span.path.endswith(NOTEBOOK)
    if operated or number is None or number > _FEW_CANDIDATES:
        return ""
    trained = list(jobs.of(resource))
    small = all(bool(each.instances) and certainly(small_jobs.is_small(each)) for each in trained)
    return _FEW if trained and small else ""


@rule(
    "MLC204",
    "data-copied-to-every-instance",
    "low",
    practices=("MLCOST04-BP07",),
    on=(jobs.PROCESSING,),
    remedy=Remedy(
        "Set `S3DataDistributionType: ShardedByS3Key` on the input.",
        'Set `S3DataDistributionType = "ShardedByS3Key"` on the input.',
    ),
)
def data_copied_to_every_instance(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A processing job on several instances copies all of its data to each of them.

    Every instance downloads and usually processes the same objects, so that more instances cost more without
    being faster.

    FullyReplicated is the default. Reported once for a job, at its first replicated input of a whole prefix.

    Exceptions: jobs another input of which is sharded, and inputs of code, libraries or configuration.

    See [ProcessingS3Input](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingS3Input.html).
    """
    for job in jobs.of(resource):
        inputs = [each["S3Input"] for each in job.channels if not _is_code(each)]
        spread = some(each["S3DataDistributionType"].equals("ShardedByS3Key") for each in inputs)
        for each in inputs[:1]:
            kind = each["S3DataDistributionType"]
            whole = each["S3DataType"].equals("S3Prefix") | each["S3DataType"].is_absent()
            copied = (kind.is_absent() | kind.equals("FullyReplicated")) & each.is_present() & whole
            message = f"{job} copies its data to each of several instances: {kind} should be ShardedByS3Key"
            fix = set_to(kind, "ShardedByS3Key", risk="each instance sees a part of the data alone")
            yield Claim(job.runs_on_several_instances() & copied & ~spread, kind, message, fix=fix)


def _is_code(channel: View) -> bool:
    """Whether an input is what every instance needs: code, libraries, configuration."""
    name, path = channel["InputName"].text or "", channel["S3Input.LocalPath"].text or ""
    words = re.split(r"[^a-z]+", f"{name} {path.rstrip('/').rpartition('/')[2]}".lower())
    return "code" in name.lower() or not _FOR_EVERY_INSTANCE.isdisjoint(words)


@rule(
    "MLC205",
    "labeling-without-automation",
    "info",
    practices=("MLCOST03-BP01",),
    on=(jobs.LABELING,),
    remedy=Remedy(
        "Set `LabelingJobAlgorithmsConfig` with the algorithm for the kind of data.",
        "Add `labeling_job_algorithms_config` with the algorithm for the kind of data.",
    ),
)
def labeling_without_automation(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A labeling job has people label every object.

    With automated data labeling, people label a part and a model labels the rest, which costs less from some
    thousand objects on.

    It exists for images, text and semantic segmentation.

    See [Automate data
    labeling](https://docs.aws.amazon.com/sagemaker/latest/dg/sms-automated-labeling.html).
    """
    algorithms = resource["LabelingJobAlgorithmsConfig"]
    message = f"{resource} has people label every object: {algorithms} could automate a part"
    yield Claim(algorithms.is_absent(), algorithms, message)
