"""Registration: `model.register(...)` makes a model package, also of a model that comes from elsewhere."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import Site
from mlwa_lint.frontends.python.sdk.objects import Arguments
from mlwa_lint.frontends.python.sdk.references import StepArguments
from mlwa_lint.frontends.python.sdk.requests import Properties, fill, put, unknown
from mlwa_lint.frontends.python.sdk.user_names import inverted
from mlwa_lint.model.values import Entry, Unknown, Value

PACKAGE = "AWS::SageMaker::ModelPackage"
_TABLE = {
    "model_package_group_name": "ModelPackageGroupName",
    "model_package_name": "ModelPackageName",
    "approval_status": "ModelApprovalStatus",
    "description": "ModelPackageDescription",
}
NAMES = inverted(_TABLE)
# Parameters that no other library's `register` has.
_OF_MODELS = frozenset(
    {"approval_status", "inference_instances", "model_package_group_name", "transform_instances"}
)


def described(core: Core, site: Site) -> Unknown:
    """What the SDK, which knows the model, says of inference with it."""
    return unknown(core, "the SDK describes the model", site.span)


def package(core: Core, call: Arguments, inference: Value, site: Site) -> Properties:
    """The request of a call of `register`."""
    properties: Properties = {}
    fill(core, properties, _TABLE, call)
    put(properties, "InferenceSpecification", Entry(site.span, inference), site.span)
    return properties


def of_model_elsewhere(core: Core, path: str, site: Site) -> StepArguments | None:
    """What registers a model that is not known: a package of it, whatever the model is."""
    if path.rpartition(".")[2] != "register" or not _OF_MODELS & site.named.keys():
        return None
    properties = package(core, Arguments("Model", "register", site), described(core, site), site)
    return StepArguments(PACKAGE, properties, site.span, None, NAMES)
