"""Reliability of images: tags that can be moved."""

from collections.abc import Iterator

from mlwa_lint.files import NOTEBOOK
from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import (
    AGENTCORE_RUNTIME,
    ENDPOINT,
    FUNCTION,
    INFERENCE_COMPONENT,
    MODEL,
    MODEL_PACKAGE,
    PIPELINE,
)
from mlwa_lint.graph.queries import images
from mlwa_lint.graph.queries.invokers import invokes_models
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.resources import BY_DAG, ONE_WAY
from mlwa_lint.rule import YES, Claim, GraphView, Remedy, ResourceView, answer, certainly, rule

# What is made of the results of jobs.
_RESULTS = (MODEL, MODEL_PACKAGE, ENDPOINT, PIPELINE)
_ONCE = (
    "a person starts the job, which runs one image to its end, and the program makes nothing of its results"
)
_UNVERSIONED = "AWS publishes the image without versions"


@rule(
    "MLR116",
    "mutable-image-tag",
    "medium",
    literal=True,
    concern="protection",
    practices=("MLREL05-BP02", "MLOPS03-BP02"),
    on=(MODEL, *jobs.JOB_TYPES, MODEL_PACKAGE, INFERENCE_COMPONENT, AGENTCORE_RUNTIME, FUNCTION),
    remedy=Remedy(
        "Specify a version, such as `…/churn:1.4.2`, or a digest, `…/churn@sha256:…`.",
        "Specify a version, such as `…/churn:1.4.2`, or a digest, `…/churn@sha256:…`.",
    ),
)
def mutable_image_tag(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A container image is referenced by the tag `latest`, or without tag and digest.

    The same configuration then runs a different image tomorrow: new instances of an endpoint differ from
    the others, results cannot be reproduced, and there is no version to roll back to.

    The part before the last slash need not be known. The address of a repository alone, such as
    `!GetAtt Repository.RepositoryUri`, has no tag. The tag `latest` of an image that AWS publishes without
    versions, such as sagemaker-model-monitor-analyzer, is of severity info: only a digest pins it, and keeps
    its fixes out.

    In a script, the severity is low for a model where nothing in the project shows that anything depends
    on its endpoint, and for a job that a person starts, where the program makes no model of its results:
    a job runs one image to its end. It is low for functions: Lambda resolves a tag to a digest when the
    function's code is updated, and does not follow the tag. But nothing shows which image a function
    runs, and neither a new image nor the previous one is deployed by the configuration.

    It is info in a script that builds and pushes images itself: what it runs is what it has just pushed.

    Exceptions: functions that invoke neither a model, an endpoint nor an AI service, notebooks that build
    and push images themselves, and images of a repository of the project with
    `ImageTagMutability: IMMUTABLE`, in which a tag that exists cannot be pushed again.

    See [Image tag mutability](https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html)
    and [ContainerDefinition](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html).
    """
    relevant = invokes_models(resource, graph) if resource.type == FUNCTION else YES
    built, in_notebook = images.is_pushed_by_program(resource), resource.span.path.endswith(NOTEBOOK)
    for image in images.stated_in(resource):
        tagged = "has the tag latest" if images.tag_of(image) else "has no tag"
        runs = "runs an image that can change without notice"
        if resource.type == FUNCTION:
            runs = "runs an image whose version the configuration does not show"
        message = f"{resource} {runs}: {image} {tagged}"
        versions = images.has_versions(image)
        message += " and should name a version or a digest" if versions else " and should name a digest"
        mutable = images.is_mutable(image, graph) & relevant & answer(not (built and in_notebook))
        severity: Severity | None = "low" if resource.type == FUNCTION else None if versions else "info"
        severity = "info" if built else severity
        # What runs has to name an image: to name one is not a choice of its own.
        in_use = resource.type == MODEL
        milder = _why_run_once(resource, graph) if versions else _UNVERSIONED
        milder = images.PUSHED if built else milder
        yield Claim(mutable, image, message, severity, required=True, in_use=in_use, milder=milder)


def _why_run_once(resource: ResourceView, graph: GraphView) -> str:
    """Why it matters little which image a job runs; empty for what is no such job.

    A program starts it, of which nothing shows that it is run regularly, and makes nothing of its results.
    """
    if resource.type not in jobs.JOB_TYPES or resource.language != "python":
        return ""
    if certainly(resource.attributes[BY_DAG].is_present()) or jobs.workflows_of(resource, graph).related:
        return ""
    by_hand = certainly(resource.attributes[ONE_WAY].is_present()) or not graph.graph.project.operated
    return "" if not by_hand or graph.of_type(*_RESULTS) else _ONCE
