"""`sagemaker.workflow.airflow`: configurations for operators that the SageMaker SDK makes of its objects."""

from collections.abc import Mapping, Sequence

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import Handle, KeywordArgument, PyValue, Site
from mlwa_lint.frontends.python.sdk.objects import sdk_objects

PACKAGE = "sagemaker.workflow.airflow."
# function -> its parameters in their order, of which the first is the object, and that object's methods.
_FUNCTIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "training_config": (("estimator", "inputs", "job_name"), ("fit",)),
    "tuning_config": (("tuner", "inputs", "job_name"), ("fit",)),
    "processing_config": (("processor", "inputs", "outputs", "job_name"), ("run",)),
    "transform_config": (
        ("transformer", "data", "data_type", "content_type", "compression_type", "split_type", "job_name"),
        ("transform",),
    ),
    "transform_config_from_estimator": (
        ("estimator", "task_id", "task_type", "instance_count", "instance_type", "data"),
        ("transformer", "transform"),
    ),
    "model_config": (("model", "instance_type", "role", "image_uri"), ("create",)),
    "model_config_from_estimator": (("estimator", "task_id", "task_type"), ("create_model", "create")),
    "deploy_config": (
        ("model", "initial_instance_count", "instance_type", "endpoint_name", "tags"),
        ("deploy",),
    ),
    "deploy_config_from_estimator": (
        ("estimator", "task_id", "task_type", "initial_instance_count", "instance_type"),
        ("deploy",),
    ),
}


class ConfiguredBySdk(Handle):
    """A configuration that the SDK makes of objects, with which an operator does what their methods do."""

    __slots__ = ("core", "methods", "objects", "site")

    def __init__(self, core: Core, objects: Sequence[PyValue], methods: Sequence[str], site: Site) -> None:
        self.core = core
        self.objects = objects
        self.methods = methods
        self.site = site

    def described(self) -> str:
        """Why it is not known."""
        return "the SageMaker SDK makes it"

    def make(self) -> None:
        """What an operator does with it; a program may only write it down."""
        for each in self.objects:
            result = each
            for method in self.methods:
                result = self.core.call_method(result, method, self.site)


def configured(core: Core, path: str, site: Site) -> PyValue | None:
    """The result of a function of the package; None where it is none, or what it is given is not known."""
    parameters, methods = _FUNCTIONS.get(path.removeprefix(PACKAGE), ((), ()))
    if not path.startswith(PACKAGE) or not parameters:
        return None
    named = dict(site.named)
    for parameter, value in zip(parameters, site.positional, strict=False):
        named.setdefault(parameter, KeywordArgument(site.span, value))
    given = named.pop(parameters[0], None)
    found = list(sdk_objects(given.value)) if given is not None else []
    own = site._replace(positional=(), named=named)
    return ConfiguredBySdk(core, found, methods, own) if found else None
