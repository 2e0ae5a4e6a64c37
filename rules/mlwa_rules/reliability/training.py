"""Reliability of training jobs."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.machines.instances import accelerator
from mlwa_lint.graph.queries.algorithms import writes_no_checkpoints
from mlwa_lint.model.findings import Concern, Severity
from mlwa_lint.model.resources import EXAMPLE, FITS_AT_ONCE
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, certainly, every, rule, some

# A restart of a job that is limited to so many seconds costs little.
_SHORT = 3600
_DAY = 86400
_REFUSED = "SageMaker rejects the job, which MLR202 reports"


@rule(
    "MLR201",
    "spot-training-without-checkpoints",
    "high",
    practices=("MLCOST04-BP10",),
    on=jobs.JOB_TYPES,
    remedy=Remedy(
        "Set `CheckpointConfig: {S3Uri: s3://BUCKET/checkpoints/}`.",
        'Add `checkpoint_config { s3_uri = "s3://BUCKET/checkpoints/" }`.',
    ),
)
def spot_training_without_checkpoints(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A training job runs on spot instances and keeps no checkpoints.

    Spot instances can be reclaimed at any time. Without checkpoints the job then starts from the beginning,
    which costs more than spot saves, and may never finish.

    The training job definitions of tuning jobs count as well. The severity is high where much is lost: the
    job may run for more than a day, or runs on several instances with accelerators, of which one that is
    reclaimed ends all. It is medium elsewhere. A job that may run for an hour at most loses little: it is of
    severity low, and info on instances without an accelerator, in notebooks and in examples. Longer ones
    weigh one severity less in notebooks and examples, where a person starts them again, and so do jobs that
    SageMaker rejects (MLR202): nothing can interrupt them yet.

    Exceptions: SageMaker's built-in algorithms that write no checkpoints, such as DeepAR or K-Means, which
    get spot capacity for an hour at most; and jobs whose script in the project fits its model in one call of
    scikit-learn (`model.fit(…)`), which leaves nothing to resume from.

    See [Managed spot training in Amazon SageMaker
    AI](https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html).
    """
    for job in jobs.of(resource):
        spot, checkpoint = job.spot, job.checkpoint
        at_once = certainly(resource.attributes[FITS_AT_ONCE].is_present())
        if spot is not None and checkpoint is not None and not writes_no_checkpoints(job) and not at_once:
            lost = spot.is_true() & checkpoint.is_absent()
            limit = job.max_runtime
            short = limit is not None and certainly(limit.less_than(_SHORT + 1))
            cheap = certainly(every(each.type.test(_is_plain) for each in job.instances))
            severity: Severity | None = "medium"
            if short:
                severity = "info" if cheap and job.instances else "low"
            large = "" if short else _why_much_is_lost(job)
            if large:
                severity = None
            message = f"{job} trains on spot instances ({spot}){large} and keeps no checkpoints:"
            message += f" {checkpoint} should be set"
            # Someone who tries it out notices, and starts what is short again.
            concern: Concern | None = None
            if _is_tried(resource):
                concern = "production" if short else "cost"
            wait = None if job.stopping is None else job.stopping["MaxWaitTimeInSeconds"]
            refused = _REFUSED if wait is not None and certainly(wait.is_absent()) else ""
            yield Claim(lost, spot, message, severity=severity, concern=concern, milder=refused)


def _is_tried(resource: ResourceView) -> bool:
    """Whether a notebook or an example trains."""
    example = certainly(resource.attributes[EXAMPLE].is_present())
    return example or resource.span.path.endswith(".ipynb")


def _why_much_is_lost(job: jobs.Job) -> str:
    """What shows that an interruption loses a day or more, or several accelerators, as a clause."""
    if job.max_runtime is not None and certainly(job.max_runtime.more_than(_DAY)):
        return f" for up to {job.max_runtime.words} seconds"
    accelerated = certainly(some(each.type.test(lambda kind: not _is_plain(kind)) for each in job.instances))
    return " on several instances" if accelerated and certainly(job.runs_on_several_instances()) else ""


def _is_plain(text: str) -> bool:
    return accelerator(text) is None
