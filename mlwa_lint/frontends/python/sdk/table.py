"""What is known of the SageMaker SDK's classes and functions, version 2 and version 3."""

from mlwa_lint.frontends.python.boto3.operations import OPERATIONS
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import (
    DictObj,
    Entries,
    KeywordArgument,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.ledger import Ledger, mark_started
from mlwa_lint.frontends.python.sdk import images, jobs
from mlwa_lint.frontends.python.sdk.actors import Actor, outside_all
from mlwa_lint.frontends.python.sdk.configs import ShapeObject, made
from mlwa_lint.frontends.python.sdk.families import FAMILIES
from mlwa_lint.frontends.python.sdk.local import is_local
from mlwa_lint.frontends.python.sdk.names import pascal, snake
from mlwa_lint.frontends.python.sdk.objects import Arguments, SdkObject
from mlwa_lint.frontends.python.sdk.parameters import CONFIGS
from mlwa_lint.frontends.python.sdk.pipeline import Pipelines
<<<<<<< HEAD
from mlwa_lint.frontends.python.sdk.predictors import MODEL_TYPE, Deployed
from mlwa_lint.frontends.python.sdk.references import StepArguments
from mlwa_lint.frontends.python.sdk.referring import referring
from mlwa_lint.frontends.python.sdk.requests import Properties, fill, outside, put, tags, unknown
=======
from mlwa_lint.frontends.python.sdk.predictors import Deployed
from mlwa_lint.frontends.python.sdk.requests import Properties, put, tags
>>>>>>> main
from mlwa_lint.frontends.python.sdk.resources import CoreResource, Existing, SnakeVocabulary
from mlwa_lint.frontends.python.sdk.schedules import schedule
from mlwa_lint.frontends.python.sdk.session import (
    SdkSession,
    container_def,
    of_unresolved,
    production_variant,
)
from mlwa_lint.model.resources import UPDATED
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


class SageMaker:
    """Knows the SDK's objects, and writes down what is made through them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._open: list[Actor] = []

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """The result of a call; None when it is none of the SDK's."""
        if not path.startswith(_PACKAGES):
            return of_unresolved(core, self._ledger, path, site)
        name = path.rsplit(".", 1)[-1]
        if path.startswith(_CORE):
            return self.resources(core, path, site)
        if name == "get_execution_role":
            reason = "the role that runs the program is known only there"
            return core.unknown(reason, site.span, present=True)
        known = images.of_call(core, path, site) or referring(core, path, name, site)
        if known is not None:
            return known
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](core, site)
        if name.endswith("Predictor"):
            return self._predictor(core, name, site)
        if "CronExpressionGenerator." in path:
            return schedule(core, name, site)
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
<<<<<<< HEAD


def _outside(core: Core, properties: Properties, certain: bool = True) -> Properties:
    return {
        key: entry._replace(value=outside(core, entry.value, certain)) for key, entry in properties.items()
    }


class Actor(SdkObject):
    """An object that creates something when a method is called."""

    __slots__ = ("deployed", "family", "ledger", "pipelines", "started")

    def __init__(self, core: Core, kind: str, site: Site, ledger: Ledger, family: str) -> None:
        super().__init__(core, kind, site)
        self.ledger = ledger
        self.pipelines: list[Created] = []
        self.started: Span | None = None
        self.family = family
        self.deployed: PyValue | None = None

    def call(self, name: str, site: Site) -> PyValue | None:
        """A method."""
        job = _JOBS.get((self.family, name))
        call = Arguments(self.kind, name, site)
        if job is not None:
            return self._job(job(self.core, self, call), site, is_local(self, call), call)
        if name == "deploy" and self.family in _DEPLOYING:
            self.deployed = hosting.deploy(self.core, self.ledger, self._owner(), self._family(), call, site)
            return self.deployed
        if name in ("delete_model", "delete_endpoint"):
            return self._delete(name, site)
        if self.family in ("model", "pipeline model", "builder") and name in ("create", "build"):
            return self._create(call, site)
        if name == "register" and self.family in ("model", "pipeline model", "builder", "estimator"):
            return self._register(call, site)
        if name == "create_model" and self.family in ("estimator", "tuner"):
            return self._model_of(site)
        if name == "transformer":
            return self._transformer(call, site)
        if name == "create_monitoring_schedule":
            monitors.create_schedule(self.core, self.ledger, self, call, site)
            return Absent(site.span)
        if name in _OF_BASELINE and self.family in ("monitor", "inline monitor"):
            # Those of the last baselining job; without one, the call fails.
            reason = f"{name}() is known only when the program runs"
            return self.core.unknown(reason, site.span, present=True)
        if name == "create" and self.family == "feature group":
            monitors.create_features(self.core, self.ledger, self, call, site)
            return Absent(site.span)
        if self.family == "pipeline":
            return self._of_pipeline(name, site)
        if name == _SETTER or name.startswith(_WITH):
            return self._configured(name, site)
        if name == "training_image_uri" and self.family == "estimator":
            given = self.arguments.value("image_uri", "image_name")
            return given or images.of_object(self.core, self, "training", site.span)
        return None

    def _configured(self, name: str, site: Site) -> PyValue | None:
        """`set_hyperparameters(...)`, and `trainer.with_checkpoint_config(...)`.

        Without an argument, the SDK chooses a place.
        """
        if name == _SETTER:
            return self._hyperparameters(site)
        if self.family != "trainer":
            return None
        given = [*site.positional, *(each.value for each in site.named.values())]
        value = given[0] if given else unknown(self.core, "the SDK chooses it", site.span)
        self.assign(name.removeprefix(_WITH), value, site)
        return self

    def _of_pipeline(self, name: str, site: Site) -> PyValue | None:
        """`upsert`, `start` and `put_triggers`."""
        if name in ("upsert", "create", "update"):
            return self._pipeline(site)
        if name == "start":
            self.started = site.span if self.core.recording else None
        if name in ("start", "put_triggers"):
            for each in self.pipelines:
                mark_started(each, site.span, regularly=name == "put_triggers")
        return None

    def _owner(self) -> SdkObject:
        """Whose settings a deployed model has: a tuner's are its estimator's."""
        for name in ("estimator", "model_trainer"):
            value = self.arguments.value(name) if self.family == "tuner" else None
            for each in sdk_objects(value) if value is not None else ():
                return each
        return self

    def _family(self) -> str:
        return "estimator" if self.family == "tuner" else self.family

    def _job(self, request: jobs.ResourceRequest, site: Site, local: bool, call: Arguments) -> PyValue:
        self.consumed = True
        title = Scalar(self.title, self.site.span) if self.title else None
        given = self._given(call)
        if local or self._in_pipeline():
            span = self.site.span
            return StepArguments(request.kind, request.properties, span, None, request.names, given)
        made_here = self.ledger.add(
            self.core,
            request.kind,
            _outside(self.core, request.properties),
            self.site,
            title,
            request.rest,
            request.names,
        )
        span = self.site.span
        return StepArguments(request.kind, request.properties, span, made_here, request.names, given)

    def _given(self, call: Arguments) -> tuple[PyValue, ...]:
        return (self, *(each.value for each in call.given.values()))

    def _in_pipeline(self) -> bool:
        session = self.arguments.value("sagemaker_session")
        found = sdk_objects(session) if session is not None else []
        if any("Pipeline" in each.kind for each in found):
            return True
        # `get_step(pipeline_session)`: nothing here calls it, and its name shows what is passed to it.
        return isinstance(session, Unknown) and "pipeline" in written(self.site, "sagemaker_session").lower()

    def _delete(self, method: str, site: Site) -> PyValue | None:
        """`model.delete_model()`, `transformer.delete_model()`, `model.delete_endpoint()`."""
        if method == "delete_endpoint":
            return self.deployed.call(method, site) if isinstance(self.deployed, Deployed) else None
        if self.model is not None:
            self.ledger.delete(self.core, self.model[0], site.span)
        name = self.arguments.value("model_name") if self.family == "transformer" else None
        if name is not None:
            value = frozen(self.core, name, site.span)
            self.ledger.delete_named(self.core, MODEL_TYPE, "ModelName", value, site.span)
        return None

    def _create(self, call: Arguments, site: Site) -> PyValue:
        if self._in_pipeline():
            properties, span = hosting.model_request(self.core, self, self.family, call)
            return StepArguments(MODEL_TYPE, properties, span, None, given=self._given(call))
        if is_local(self, call):
            return self
        made_here, name = hosting.create_model(self.core, self.ledger, self, self.family, call, site)
        if self.family == "builder":
            return self
        return StepArguments(
            MODEL_TYPE,
            {"ModelName": Entry(site.span, name)},
            site.span,
            made_here,
            given=self._given(call),
        )

    def _register(self, call: Arguments, site: Site) -> PyValue:
        properties: Properties = {}
        table = {
            "model_package_group_name": "ModelPackageGroupName",
            "model_package_name": "ModelPackageName",
            "approval_status": "ModelApprovalStatus",
            "description": "ModelPackageDescription",
        }
        fill(self.core, properties, table, call)
        described = unknown(self.core, "the SDK describes the model", site.span)
        inference: Value = described
        if FAMILIES.get(self._owner().kind) in ("model", "estimator"):
            inference = hosting.inference_of(self.core, self._owner(), call, described)
        put(properties, "InferenceSpecification", Entry(site.span, inference), site.span)
        kind = "AWS::SageMaker::ModelPackage"
        names = inverted(table)
        if self._in_pipeline():
            return StepArguments(kind, properties, site.span, None, names, self._given(call))
        made_here = self.ledger.add(self.core, kind, properties, site, None, call.rest, names)
        return StepArguments(kind, properties, site.span, made_here, names, self._given(call))

    def _model_of(self, site: Site) -> PyValue:
        """A model with the settings of its estimator."""
        owner = self._owner()
        self.consumed = True
        model = Actor(self.core, "Model", site, self.ledger, "model")
        for parameter in (
            "role",
            "image_uri",
            "enable_network_isolation",
            "tags",
            "entry_point",
            "source_dir",
        ):
            held = owner.arguments.get(parameter)
            if held is not None:
                model.arguments.given.setdefault(parameter, held)
        subnets, groups = owner.arguments.get("subnets"), owner.arguments.get("security_group_ids")
        if subnets is not None and groups is not None:
            pairs = {
                "Subnets": Item(subnets.span, subnets.value),
                "SecurityGroupIds": Item(groups.span, groups.value),
            }
            held_config = KeywordArgument(subnets.span, DictObj(Entries(pairs), subnets.span))
            model.arguments.given.setdefault("vpc_config", held_config)
        return model

    def _transformer(self, call: Arguments, site: Site) -> PyValue:
        self.consumed = True
        name: Value = unknown(self.core, "its model is only on the machine at hand", site.span)
        if not is_local(self, call):
            _, name = hosting.create_model(self.core, self.ledger, self._owner(), self._family(), call, site)
        found = Actor(self.core, "Transformer", site._replace(positional=()), self.ledger, "transformer")
        for parameter, held in call.given.items():
            found.arguments.given.setdefault(parameter, held)
        found.arguments.given["model_name"] = KeywordArgument(site.span, name)
        return found

    def _pipeline(self, site: Site) -> PyValue:
        if is_local(self):
            self.consumed = True
            return Absent(site.span)
        call = Arguments(self.kind, "create", site)
        if site.positional:
            call.given.setdefault("role_arn", KeywordArgument(site.span, site.positional[0]))
        made_here = Pipelines(self.core, self.ledger).add(self, call, site)
        self.pipelines.append(made_here)
        return Reference(made_here.address, "", site.span)

    def _hyperparameters(self, site: Site) -> PyValue:
        held = self.arguments.get("hyperparameters")
        before = held.value.cells if held is not None and isinstance(held.value, DictObj) else {}
        after = {name: Item(argument.span, argument.value) for name, argument in site.named.items()}
        value = DictObj(Entries({**before, **after}), site.span)
        self.assign("hyperparameters", value, site)
        return Absent(site.span)
=======
>>>>>>> main
