"""Operation of the model registry: where models come from, and who approves them."""

from collections.abc import Iterator

from mlwa_lint.graph import jobs
from mlwa_lint.graph.kinds import MODEL, MODEL_PACKAGE
from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.queries import evaluation, images, nested, purposes
from mlwa_lint.model.resources import REGISTERED_BY, TAKEN
from mlwa_lint.model.values import Scalar, Unknown
from mlwa_lint.rule import (
    NO,
    YES,
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    answer,
    certainly,
    rule,
    set_to,
    some,
    undecided,
)
from mlwa_lint.startup.patterns import lazy

# What the place of a model is that a job of the same program trains.
_TRAINED = lazy(r"training|after it ran")
# Buckets of AWS with pretrained models, whose names end with a Region.
_OF_AWS = lazy(
    r"s3://(?:jumpstart-(?:cache|private-cache)|sagemaker-(?:solutions|sample|jumpstart)|aws-ml-blog)"
)
_SHOWN = "it is an example"
_FROM_HUB = "its container takes the model from a hub, and the file holds code"
_UNEVALUATED = (
    "its workflow registers it without an evaluation, which MLO503 reports: with one, it may be approved"
)


@rule(
    "MLO504",
    "model-without-lineage",
    "low",
    concern="production",
    practices=("MLOPS02-BP04", "MLSEC03-BP04", "MLREL05-BP02"),
    on=(MODEL,),
    remedy=Remedy(
        "Set `ModelPackageName: !Ref ApprovedPackage` instead of `ModelDataUrl` and `Image`.",
        "Set `model_package_name = var.approved_package` instead of `model_data_url` and `image`.",
        "Set `ModelPackageName: !Ref ApprovedPackage` (SageMaker SDK: `ModelPackage`) instead of "
        "`ModelDataUrl` and `Image`.",
    ),
)
def model_without_lineage(model: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A hosted model is given by a file in S3 instead of a model package of the registry.

    The registry records which job, data and metrics a version came from, who approved it, and which version
    preceded it. An object in a bucket records none of that.

    `ModelDataSource` counts like `ModelDataUrl`. The rule checks models that an endpoint configuration or an
    inference component of the project hosts.

    The severity is info in examples and tests, which have no versions to approve, and where the container
    takes the model from a hub (`HF_MODEL_ID`): the file then holds code. So it is where a program of the
    project takes a model from a hub (`snapshot_download`), or a `serving.properties` names one
    (`option.model_id=owner/name`), and no program trains one: the hub is the record; and
    where the project has another registry: a program of it registers models with MLflow, or a template or
    configuration declares a DynamoDB table that is called a model registry.

    Exceptions: models that a SageMaker pipeline creates, which records their origin, and pretrained models in
    public buckets of AWS (`s3://jumpstart-cache-prod-…`). A `ModelBuilder` of the
    SageMaker SDK that is given only an image, or a model's name, gives no file.

    See [Model registration deployment with Model
    Registry](https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry.html).
    """
    if jobs.in_pipeline(model, graph):
        return
    hosted = graph.sources(model, EdgeKind.HOSTS).exist()
    for container in images.containers_of(model):
        package, place = container["ModelPackageName"], _place_of(container)
        how = "from a file, without a record of its origin"
        if _is_trained_here(place):
            how = "straight from training, without a version and an approval in the registry"
        message = f"{model} is hosted {how}: {package} should be set instead of {place}"
        if _OF_AWS.match(outline(place.value)):
            continue
        taken = model.attributes[TAKEN].text or model.attributes[REGISTERED_BY].text or ""
        milder = _SHOWN if purposes.is_shown(graph) else _FROM_HUB if _is_from_hub(container) else taken
        yield Claim(hosted & _is_given(place) & package.is_absent(), place, message, milder=milder)


def _is_from_hub(container: View) -> bool:
    """Whether a container certainly takes its model from a hub, and not from the folder of the file."""
    name = container["Environment"]["HF_MODEL_ID"]
    return certainly(name.test(lambda text: not text.startswith(("/", "."))))


def _is_given(place: View) -> Answer:
    """Whether a place is given; a parameter of a template is, since SageMaker accepts no empty place.

    One that is empty by default waits for a value, or the image holds the model.
    """
    value = place.value
    if isinstance(value, Unknown) and value.identity.startswith("parameter "):
        return YES
    if isinstance(value, Scalar) and value.data == "" and value.assumed:
        return undecided(f"{' and '.join(sorted(value.assumed))} is empty")
    return place.is_present()


def _is_trained_here(place: View) -> bool:
    """Whether a program hosts what it has trained itself: the training job records where it comes from."""
    value = place.value
    return isinstance(value, Unknown) and value.present and _TRAINED.search(value.reason) is not None


def _place_of(container: View) -> View:
    url, source = container["ModelDataUrl"], container["ModelDataSource"]
    return source if certainly(url.is_absent()) and not certainly(source.is_absent()) else url


@rule(
    "MLO505",
    "model-package-approved-by-default",
    "medium",
    concern="production",
    practices=("MLOPS02-BP01", "MLREL03-BP03"),
    on=(MODEL_PACKAGE,),
    remedy=Remedy(
        "Set `ModelApprovalStatus: PendingManualApproval`.",
        'Set `ModelApprovalStatus = "PendingManualApproval"` in the step.',
    ),
)
def model_package_approved_by_default(package: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A model is registered as approved without an evaluation or a review.

    Deployments wait for the approval: a model that is approved from the start goes to production whatever its
    metrics are.

    In Terraform, model packages occur only in the definitions of workflows. The severity is info where the
    workflow also trains the model and evaluates it nowhere, which MLO503 reports.

    Exceptions: steps of a workflow after a condition, a choice or a callback.

    See [Update the approval status of a
    model](https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-approve.html).
    """
    status = package["ModelApprovalStatus"]
    around = [
        each
        for workflow in jobs.workflows_of(package, graph)
        for each in (workflow, *nested.around(workflow, graph))
    ]
    judged = some(_is_judged(package, workflow, graph) for workflow in around)
    message = f"{package} is approved without a review: {status} should be PendingManualApproval"
    fix = set_to(status, "PendingManualApproval", risk="it is deployed only after it is approved")
    known = any(_is_unevaluated(package, workflow, graph) for workflow in around)
    yield Claim(
        status.equals("Approved") & ~judged,
        status,
        message,
        severity="info" if known else None,
        milder=_UNEVALUATED if known else "",
        fix=fix,
    )


def _is_unevaluated(package: ResourceView, workflow: ResourceView, graph: GraphView) -> bool:
    """Whether a workflow certainly trains a model and registers it as a package without an evaluation."""
    steps = evaluation.steps_of(workflow, graph)
    return any(
        certainly(evaluation.what_lacks_one(each, steps, workflow).answer)
        for each in steps.where(lambda step: step.address == package.address)
    )


def _is_judged(package: ResourceView, workflow: ResourceView, graph: GraphView) -> Answer:
    """Whether a step that decides may run before the one that registers a package."""
    steps = nested.steps(workflow, graph)
    for register in steps.where(lambda step: step.address == package.address):
        deciding = steps.where(evaluation.decides)
        return answer(any(steps.reaches(each, register) for each in deciding))
    return NO
