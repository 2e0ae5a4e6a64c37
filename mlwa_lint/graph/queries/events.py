"""The events of SageMaker that patterns of EventBridge rules wait for, and the status that each has.

See https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html.
"""

from collections.abc import Iterator

from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer
from mlwa_lint.startup.records import NamedTuple

_SOURCE = "aws.sagemaker"
_STATUS = "status"
# The fields of an event's detail that hold a status, by its type.
_STATUSES = {
    "SageMaker Endpoint State Change": ("EndpointStatus",),
    "SageMaker Feature Group State Change": ("FeatureGroupStatus", "OfflineStoreStatus"),
    "SageMaker HyperParameter Tuning Job State Change": ("HyperParameterTuningJobStatus",),
    "SageMaker Image State Change": ("ImageStatus",),
    "SageMaker Image Version State Change": ("ImageVersionStatus",),
    "SageMaker Model Building Pipeline Execution Status Change": (
        "currentPipelineExecutionStatus",
        "previousPipelineExecutionStatus",
    ),
    "SageMaker Model Building Pipeline Execution Step Status Change": (
        "currentStepStatus",
        "previousStepStatus",
    ),
    "SageMaker Model Package State Change": ("ModelApprovalStatus", "ModelPackageStatus"),
    "SageMaker Processing Job State Change": ("ProcessingJobStatus",),
    "SageMaker Training Job State Change": ("TrainingJobStatus", "SecondaryStatus"),
    "SageMaker Transform Job State Change": ("TransformJobStatus",),
}


class UnknownStatus(NamedTuple):
    """A status that a pattern compares and its events lack: where, its name, and those that they have."""

    view: View
    field: str
    kinds: tuple[str, ...]
    fields: tuple[str, ...]


def is_of_sagemaker(rule: ResourceView) -> Answer:
    """Whether a rule waits for events of SageMaker alone."""
    source = rule["EventPattern"]["source"]
    return source.is_present() & source.every_item(lambda each: each.equals(_SOURCE))


def unknown_statuses(rule: ResourceView) -> Iterator[UnknownStatus]:
    """The statuses in a pattern that none of its types of events has; none where a type is not known."""
    pattern = rule["EventPattern"]
    kinds = tuple(each.text or "" for each in pattern["detail-type"].known_items())
    if not kinds or not all(each in _STATUSES for each in kinds):
        return
    fields = tuple(field for each in kinds for field in _STATUSES[each])
    for key, view in pattern["detail"].entries():
        if key.lower().endswith(_STATUS) and key not in fields:
            yield UnknownStatus(view, key, kinds, fields)
