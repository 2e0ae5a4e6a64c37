"""Objects of the SDK that make something when a method is called: estimators, models, pipelines and more."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import (
    DictObj,
    Entries,
    Item,
    KeywordArgument,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.ledger import Created, Ledger, mark_started
from mlwa_lint.frontends.python.sdk import hosting, images, jobs, monitors
from mlwa_lint.frontends.python.sdk.families import FAMILIES
from mlwa_lint.frontends.python.sdk.local import is_local
from mlwa_lint.frontends.python.sdk.objects import Arguments, SdkObject, sdk_objects, written
from mlwa_lint.frontends.python.sdk.pipeline import Pipelines
from mlwa_lint.frontends.python.sdk.predictors import MODEL_TYPE, Deployed
from mlwa_lint.frontends.python.sdk.references import StepArguments
from mlwa_lint.frontends.python.sdk.registering import NAMES, PACKAGE, described, package
from mlwa_lint.frontends.python.sdk.requests import Properties, outside, unknown
from mlwa_lint.frontends.python.sdk.session import (
    SdkSession,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Entry, Reference, Scalar, Unknown, Value

_SETTER, _WITH = "set_hyperparameters", "with_"
_OF_BASELINE = ("baseline_statistics", "suggested_constraints")
_JOBS = {
    ("estimator", "fit"): jobs.training,
    ("trainer", "train"): jobs.training,
    ("processor", "run"): jobs.processing,
    ("transformer", "transform"): jobs.transform,
    ("tuner", "fit"): jobs.tuning,
    ("tuner", "tune"): jobs.tuning,
    ("automl", "fit"): jobs.automl,
}
# The variables of a candidate's container that the SDK hands on.
_OF_AUTOML = (
    *("MODEL_NAME", "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "SAGEMAKER_SUBMIT_DIRECTORY"),
    *("SAGEMAKER_INFERENCE_SUPPORTED", "SAGEMAKER_INFERENCE_OUTPUT", "SAGEMAKER_PROGRAM"),
)
_DEPLOYING = frozenset({"estimator", "model", "pipeline model", "builder", "tuner", "automl"})


def outside_all(core: Core, properties: Properties, certain: bool = True) -> Properties:
    """The properties of a request outside of a pipeline, where its parameters have their defaults."""
    return {
        key: entry._replace(value=outside(core, entry.value, certain)) for key, entry in properties.items()
    }


class Actor(SdkObject):
    """An object that creates something when a method is called."""

    __slots__ = ("deployed", "family", "ledger", "pipelines", "started", "watching")

    def __init__(self, core: Core, kind: str, site: Site, ledger: Ledger, family: str) -> None:
        super().__init__(core, kind, site)
        self.ledger = ledger
        self.pipelines: list[Created] = []
        self.watching: list[Created] = []
        self.started: Span | None = None
        self.family = family
        self.deployed: PyValue | None = None

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """Also the session that the SDK makes where none is given, and the name of the model that it made."""
        if self.arguments.get(name) is None:
            if name == "sagemaker_session":
                return SdkSession(self.core, "Session", site, self.ledger)
            if name == "name" and self.model is not None:
                return self.model[1]
        return super().attribute(name, site)

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
        if name in ("create_model", "get_best_auto_ml_model", "prepare_container_def"):
            return self._resulting(name, site)
        if name == "transformer":
            return self._transformer(call, site)
        if name.endswith("_monitoring_schedule"):
            return self._watch(name, call, site)
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

    def _watch(self, name: str, call: Arguments, site: Site) -> PyValue | None:
        """`monitor.create_monitoring_schedule(...)`, `monitor.delete_monitoring_schedule()`."""
        if name.startswith("create_"):
            self.watching += monitors.create_schedule(self.core, self.ledger, self, call, site)
        elif name.startswith("delete_"):
            for made in self.watching:
                self.ledger.delete(self.core, made, site.span)
        else:
            return None
        return Absent(site.span)

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
        given, span = self._given(call), self.site.span
        if local or self._in_pipeline():
            return StepArguments(request.kind, request.properties, span, None, request.names, given)
        made_here = self.ledger.add(
            self.core,
            request.kind,
            outside_all(self.core, request.properties),
            self.site,
            title,
            request.rest,
            request.names,
        )
        return StepArguments(request.kind, request.properties, span, made_here, request.names, given)

    def _given(self, call: Arguments) -> tuple[PyValue, ...]:
        """What a step that runs it may read of others: the object, and what the call gives."""
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
        inference: Value = described(self.core, site)
        if FAMILIES.get(self._owner().kind) in ("model", "estimator"):
            inference = hosting.inference_of(self.core, self._owner(), call, described(self.core, site))
        properties = package(self.core, call, inference, site)
        if self._in_pipeline():
            return StepArguments(PACKAGE, properties, site.span, None, NAMES, self._given(call))
        made_here = self.ledger.add(self.core, PACKAGE, properties, site, None, call.rest, NAMES)
        return StepArguments(PACKAGE, properties, site.span, made_here, NAMES, self._given(call))

    def _resulting(self, method: str, site: Site) -> PyValue | None:
        """The model that training has as its result, and the container of a model."""
        if method == "prepare_container_def":
            if self.family != "model":
                return None
            self.consumed = True
            return hosting.prepared_container(self.core, self, Arguments(self.kind, method, site))
        if method == "create_model":
            return self._model_of(site) if self.family in ("estimator", "tuner") else None
        return self._best_model(site) if self.kind == "AutoMLStep" else None

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

    def _best_model(self, site: Site) -> PyValue:
        """The model of the candidate that AutoML rates best: the service chooses its image and its data."""
        span, title = site.span, self.title or self.kind
        reason = f"the best candidate of {title} is known only after it ran"

        def of_candidate(name: str) -> Unknown:
            return Unknown(reason, span, identity=f"{id(self)}.BestCandidate.{name}", present=True)

        model = Actor(
            self.core, "Model", site._replace(positional=(), named={}, rest=None), self.ledger, "model"
        )
        given: dict[str, PyValue | None] = {
            "role": site.value("role", 0),
            "sagemaker_session": site.value("sagemaker_session", 1),
            "image_uri": images.of_automl(self.core, reason, span),
            "model_data": of_candidate("ModelDataUrl"),
            "env": DictObj(Entries({each: Item(span, of_candidate(each)) for each in _OF_AUTOML}), span),
        }
        for parameter, value in given.items():
            if value is not None:
                model.arguments.given[parameter] = KeywordArgument(span, value)
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
