"""Reliability of training jobs."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.machines.instances import accelerator
from mlwa_lint.graph.queries.algorithms import writes_no_checkpoints
from mlwa_lint.model.findings import Severity
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, certainly, every, rule

# A restart of a job that is limited to so many seconds costs little.
_SHORT = 3600


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

    The training job definitions of tuning jobs count as well. A job that may run for an hour at most loses
    little: it is of severity low, and info on instances without an accelerator.

    Exceptions: SageMaker's built-in algorithms that write no checkpoints, such as DeepAR or K-Means, which
    get spot capacity for an hour at most.

    See [Managed spot training in Amazon SageMaker
    AI](https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html).
    """
    for job in jobs.of(resource):
        spot, checkpoint = job.spot, job.checkpoint
        if spot is not None and checkpoint is not None and not writes_no_checkpoints(job):
            message = f"{job} trains on spot instances ({spot}) and keeps no checkpoints:"
            message += f" {checkpoint} should be set"
            lost = spot.is_true() & checkpoint.is_absent()
            limit = job.max_runtime
            short = limit is not None and certainly(limit.less_than(_SHORT + 1))
            cheap = certainly(every(each.type.test(_is_plain) for each in job.instances))
            severity: Severity | None = None
            if short:
                severity = "info" if cheap and job.instances else "low"
            yield Claim(lost, spot, message, severity=severity)


def _is_plain(text: str) -> bool:
    return accelerator(text) is None
