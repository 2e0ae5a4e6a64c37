"""What is known of the SageMaker SDK's classes and functions, version 2 and version 3."""

from mlwa_lint.frontends.python.boto3.operations import OPERATIONS
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import (
    KeywordArgument,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.ledger import Ledger, mark_started
from mlwa_lint.frontends.python.sdk import images, jobs
from mlwa_lint.frontends.python.sdk.actors import Actor, outside_all
from mlwa_lint.frontends.python.sdk.configs import ShapeObject, made
from mlwa_lint.frontends.python.sdk.families import FAMILIES
from mlwa_lint.frontends.python.sdk.functions import decorating
from mlwa_lint.frontends.python.sdk.local import is_local
from mlwa_lint.frontends.python.sdk.names import pascal, snake
from mlwa_lint.frontends.python.sdk.objects import Arguments, SdkObject
from mlwa_lint.frontends.python.sdk.parameters import CONFIGS
from mlwa_lint.frontends.python.sdk.pipeline import Pipelines
from mlwa_lint.frontends.python.sdk.predictors import Deployed
from mlwa_lint.frontends.python.sdk.referring import referring
from mlwa_lint.frontends.python.sdk.registering import of_model_elsewhere
from mlwa_lint.frontends.python.sdk.requests import Properties, put, tags
from mlwa_lint.frontends.python.sdk.resources import CoreResource, Existing, SnakeVocabulary
from mlwa_lint.frontends.python.sdk.schedules import schedule
from mlwa_lint.frontends.python.sdk.session import (
    SdkSession,
    container_def,
    of_unresolved,
    production_variant,
)
from mlwa_lint.model.resources import RUNNING_ROLE, UPDATED
from mlwa_lint.model.values import Absent, Entry, Scalar

_PACKAGES = ("sagemaker.", "sagemaker_core.")
_CORE = ("sagemaker.core.resources.", "sagemaker_core.resources.", "sagemaker_core.main.resources.")
_SHAPES = (
    *("sagemaker.core.shapes.", "sagemaker_core.shapes.", "sagemaker_core.main.shapes."),
    *("sagemaker.core.training.configs.", "sagemaker.train.configs.", "sagemaker.modules.configs."),
)
_FUNCTIONS = {"production_variant": production_variant, "container_def": container_def}
_CONFIGURING = frozenset({"estimator", "trainer", "pipeline"})
_CREATED = {kind.rsplit("::", 1)[-1]: kind for kind, _ in OPERATIONS["sagemaker"].values()}

# What a framework's model was called in the first version of the SDK, like the model of any image.
_CALLED_ALIKE = {"sagemaker.tensorflow.serving.Model": "TensorFlowModel"}


class SageMaker:
    """Knows the SDK's objects, and writes down what is made through them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._open: list[Actor] = []

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """The result of a call; None when it is none of the SDK's."""
        if (decorated := decorating(core, self._ledger, path, site)) is not None:
            return decorated
        if not path.startswith(_PACKAGES):
            return of_unresolved(core, self._ledger, path, site) or of_model_elsewhere(core, path, site)
        name = path.rsplit(".", 1)[-1]
        if path.startswith(_CORE):
            return self.resources(core, path, site)
        if name == "get_execution_role":
            return core.unknown(RUNNING_ROLE, site.span, present=True)
        known = images.of_call(core, path, site) or referring(core, path, name, site)
        if known is not None:
            return known
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](core, site)
        if name.endswith("Predictor"):
            return self._predictor(core, name, site)
        if "CronExpressionGenerator." in path:
            return schedule(core, name, site)
        name = _CALLED_ALIKE.get(path, name)
        family = FAMILIES.get(name)
        if family is None and name not in CONFIGS:
            return self._shape(core, path, name, site)
        if path.startswith(_SHAPES) and name not in ("InputData", "ModelTrainer"):
            return self._shape(core, path, name, site)
        if family == "session":
            return SdkSession(core, name, site, self._ledger)
        if family is None or family == "parameter":
            return made(core, name, family, site)
        found = Actor(core, name, site, self._ledger, family)
        if core.recording and family in _CONFIGURING:
            self._open.append(found)
        return found

    def _predictor(self, core: Core, name: str, site: Site) -> PyValue | None:
        """`Predictor(endpoint_name)`, of an endpoint that exists."""
        endpoint = site.value("endpoint_name", 0)
        return None if endpoint is None else Deployed(core, self._ledger, endpoint)

    def _shape(self, core: Core, path: str, name: str, site: Site) -> PyValue | None:
        shaped = path.startswith(_SHAPES) or name in ("Compute", "Networking", "StoppingCondition")
        if shaped or (name[:1].isupper() and name.endswith(("Config", "Condition")) and not site.positional):
            return ShapeObject(core, name, site)
        return None

    def resources(self, core: Core, path: str, site: Site) -> PyValue | None:
        """`Endpoint.create(...)` and `Endpoint.get(...)` of `sagemaker.core.resources`."""
        if not path.startswith(_CORE) or not path.endswith((".create", ".get")):
            return None
        name = path.split(".")[-2]
        kind = _CREATED.get(name)
        if kind is None:
            return None
        if path.endswith(".get"):
            given = site.value(f"{snake(name)}_name", 0)
            return Existing(core, self._ledger, kind, f"{name}Name", given) if given is not None else None
        properties: Properties = {}
        names: dict[str, str] = {}
        label: PyValue | None = None
        for parameter, argument in site.named.items():
            if parameter in ("session", "region"):
                continue
            value = frozen(core, argument.value, argument.span)
            if isinstance(value, Absent):
                continue
            key = pascal(parameter)
            names[key] = parameter
            value = tags(value) if key == "Tags" else value
            properties[key] = Entry(argument.span, value, parameter)
            if label is None and parameter.endswith("_name"):
                label = argument.value
        made_here = self._ledger.add(core, kind, properties, site, label, site.rest, SnakeVocabulary(names))
        if name == "Endpoint" and "DeploymentConfig" not in properties and site.rest is None:
            made_here.attributes.setdefault(UPDATED, Entry(made_here.span, Scalar(False, made_here.span)))
        return CoreResource(core, self._ledger, made_here, label)

    def finish(self, core: Core) -> None:
        """Writes down the pipelines and jobs that are configured here and started elsewhere."""
        for each in self._open:
            if each.kind == "Pipeline" and not each.consumed and not is_local(each):
                core.guards, core.entry = each.guards, each.entry
                elsewhere = _created_elsewhere(core, each)
                found_here = Pipelines(core, self._ledger).add(each, elsewhere, each.site)
                if each.started is not None:
                    mark_started(found_here, each.started)
        for each in self._open:
            # One that is never used runs no job.
            used = not each.title or core.reads(each.title, each.site.source.path)
            if used and not each.consumed and not is_local(each):
                core.guards, core.entry = each.guards, each.entry
                request = jobs.training(core, each, None)
                # `fit()` would state it, or the pipeline whose step this becomes.
                span = each.site.span
                experiment = Entry(span, core.unknown("it is given where the job is started", span))
                put(request.properties, "ExperimentConfig", experiment, span)
                title = Scalar(each.title, each.site.span) if each.title else None
                found = outside_all(core, request.properties, certain=False)
                names = request.names
                job = self._ledger.add(core, request.kind, found, each.site, title, request.rest, names)
                job.pending = True
        core.guards = ()


def _created_elsewhere(core: Core, pipeline: SdkObject) -> Arguments:
    """The definition of a pipeline that another program creates and this one makes, `get_pipeline(...)`."""
    span = pipeline.site.span
    call = Arguments(pipeline.kind, "create", pipeline.site._replace(positional=(), named={}))
    for parameter in ("role_arn", "tags"):
        value = core.unknown("it is given where the pipeline is created", span)
        call.given[parameter] = KeywordArgument(span, value)
    return call
