"""Licences of models that a deployment accepts."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import MODEL
from mlwa_lint.graph.queries.images import containers_of
from mlwa_lint.rule import Claim, GraphView, Remedy, ResourceView, View, rule

_ACCESS = "S3DataSource.ModelAccessConfig.AcceptEula"


@rule(
    "MLS110",
    "eula-accepted-in-template",
    "info",
    practices=("MLSEC01-BP01",),
    on=(MODEL, *jobs.JOB_TYPES),
    remedy=Remedy(
        "Take the answer from a parameter without a default: `AcceptEula: !Ref AcceptEula`.",
        "Take the answer from a variable without a default: `accept_eula = var.accept_eula`.",
    ),
)
def eula_accepted_in_template(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The configuration accepts the licence agreement of a model.

    Everyone who deploys it accepts terms that they have not read; some models may not be used for every
    purpose or by every company.

    A default value of a parameter or variable counts as an answer of the configuration.

    See [Foundation models and end-user license
    agreements](https://docs.aws.amazon.com/sagemaker/latest/dg/jumpstart-foundation-models-choose.html).
    """
    for accepted in _answers(resource):
        message = f"{resource} accepts the licence of a model unseen: {accepted} should be a parameter"
        yield Claim(accepted.is_true(), accepted, message)


def _answers(resource: ResourceView) -> Iterator[View]:
    if resource.type == MODEL:
        for container in containers_of(resource):
            yield container[f"ModelDataSource.{_ACCESS}"]
            for source in container["AdditionalModelDataSources"].items():
                yield source[_ACCESS]
    for job in jobs.of(resource):
        if job.is_training:
            yield job["ServerlessJobConfig.AcceptEula"]
            for channel in job["InputDataConfig"].items():
                yield channel[f"DataSource.{_ACCESS}"]
