"""SageMaker Pipelines built in Python: steps and parameters as the definition that the service reads."""

from collections.abc import Iterator

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import ListObj, Obj, PyValue, Site, options
from mlwa_lint.frontends.python.ledger import Created, Ledger
from mlwa_lint.frontends.python.sdk import hosting, jobs
from mlwa_lint.frontends.python.sdk.configs import PipelineParameter
from mlwa_lint.frontends.python.sdk.families import FAMILIES
from mlwa_lint.frontends.python.sdk.functions import STEP, FunctionStep
from mlwa_lint.frontends.python.sdk.objects import Arguments, SdkObject, sdk_objects
from mlwa_lint.frontends.python.sdk.predictors import MODEL_TYPE
from mlwa_lint.frontends.python.sdk.references import StepArguments, StepReferences, results_of_steps
from mlwa_lint.frontends.python.sdk.requests import Properties, fill, put
from mlwa_lint.frontends.python.sdk.user_names import inverted
from mlwa_lint.frontends.python.vocabulary import PythonVocabulary
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, ListValue, MapValue, Scalar, Unknown, Value

PIPELINE = "AWS::SageMaker::Pipeline"
_TYPES = {
    "TrainingStep": "Training",
    "ProcessingStep": "Processing",
    "TransformStep": "Transform",
    "TuningStep": "Tuning",
    "AutoMLStep": "AutoML",
    "ModelStep": "Model",
    "CreateModelStep": "Model",
    "RegisterModel": "RegisterModel",
    "ConditionStep": "Condition",
    "LambdaStep": "Lambda",
    "CallbackStep": "Callback",
    "FailStep": "Fail",
    "EMRStep": "EMR",
    "QualityCheckStep": "QualityCheck",
    "ClarifyCheckStep": "ClarifyCheck",
    "NotebookJobStep": "NotebookJob",
    "EMRServerlessStep": "EMRServerless",
    "EndpointConfigStep": "EndpointConfig",
    "EndpointStep": "Endpoint",
    "InferenceComponentStep": "InferenceComponent",
    "LineageStep": "Lineage",
    "CleanupStep": "Cleanup",
    "JobStep": "Job",
    "ForEachStep": "ForEach",
    STEP: "Function",
}
_KINDS = {
    jobs.TRAINING_JOB: "Training",
    jobs.PROCESSING_JOB: "Processing",
    jobs.TRANSFORM_JOB: "Transform",
    jobs.TUNING_JOB: "Tuning",
    jobs.AUTOML_JOB: "AutoML",
    jobs.AUTOML_JOB_2: "AutoMLV2",
    MODEL_TYPE: "Model",
    "AWS::SageMaker::ModelPackage": "RegisterModel",
}
# Steps that run a job of AWS's own.
_CHECKS = ("QualityCheckStep", "ClarifyCheckStep", "MonitorBatchTransformStep")
# Steps that the SDK makes of one object: their types, and what it adds to the object's name.
_COLLECTIONS = {
    "MonitorBatchTransformStep": (("Transform", "-transform"), ("QualityCheck", "-monitoring")),
    "EstimatorTransformer": (("Model", "CreateModelStep"), ("Transform", "")),
}
# Steps whose request no rule reads.
_PLAIN = (
    *("FailStep", "CallbackStep", "LambdaStep", "EMRStep", "EMRServerlessStep", "LineageStep", "CleanupStep"),
    "JobStep",
)
# Arguments that hold steps.
_INNER = ("if_steps", "else_steps", "for_each_body")
_DEPTH = 20


class PipelineVocabulary(PythonVocabulary):
    """The program's names for what it states about a pipeline, and about the requests of its steps."""

    def __init__(self) -> None:
        super().__init__(
            {
                "PipelineName": "name",
                "PipelineDefinition": "steps",
                "RoleArn": "role_arn",
                "Tags": "tags",
                "RetryPolicies": "retry_policies",
            }
        )
        self.steps: dict[str, PythonVocabulary] = {}

    def of_step(self, name: str) -> PythonVocabulary | None:
        """The names of a step's request; None where it is made in another way."""
        return self.steps.get(name)


class Pipelines:
    """Makes definitions of pipelines."""

    def __init__(self, core: Core, ledger: Ledger) -> None:
        self._core = core
        self._ledger = ledger
        self._names = PipelineVocabulary()
        self._by_object: dict[int, str] = {}

    def add(self, pipeline: SdkObject, call: Arguments, site: Site) -> Created:
        """The pipeline that `upsert`, `create` or `update` deploys."""
        pipeline.consumed = True
        own, span = pipeline.arguments, pipeline.site.span
        properties: Properties = {}
        fill(self._core, properties, {"name": "PipelineName"}, own)
        fill(self._core, properties, {"role_arn": "RoleArn", "tags": "Tags"}, call)
        definition: Properties = {}
        parameters = list(self._parameters(own.value("parameters")))
        self._by_object = {}
        self._learn(own.value("steps"), 0)
        added = self._awaited(own.value("steps"))
        steps = self._steps(own.value("steps"), span, 0)
        if isinstance(steps, ListValue) and added:
            more = (each for step in added for each in self._of_object(step, 0))
            steps = steps._replace(items=(*steps.items, *more))
        put(definition, "Parameters", Entry(span, ListValue(tuple(parameters), span)), span)
        put(definition, "Steps", Entry(span, steps, "steps"), span)
        held = MapValue(definition, span)
        put(properties, "PipelineDefinition", Entry(span, held, "steps"), span)
        name = own.value("name")
        return self._ledger.add(self._core, PIPELINE, properties, pipeline.site, name, own.rest, self._names)

    def _parameters(self, value: PyValue | None) -> Iterator[Value]:
        for each in value.values if isinstance(value, ListObj) else ():
            for parameter in sdk_objects(each):
                if isinstance(parameter, PipelineParameter):
                    yield parameter.definition(self._core)

    def _steps(self, value: PyValue | None, span: Span, depth: int) -> Value:
        found: list[Value] = []
        rest: Unknown | None = None
        if isinstance(value, ListObj) and depth < _DEPTH:
            rest = value.rest
            for each in value.values:
                for option, _ in options(each):
                    if isinstance(option, SdkObject) and FAMILIES.get(option.kind) == "step":
                        found += self._of_object(option, depth)
                    elif isinstance(option, (Obj, Unknown)):
                        rest = rest or self._core.unknown("a step is made elsewhere", span)
        elif value is not None:
            why = value.reason if isinstance(value, Unknown) else "its steps are not known"
            rest = self._core.unknown(why, span)
        return ListValue(tuple(found), span, rest)

    def _of_object(self, step: SdkObject, depth: int) -> Iterator[Value]:
        """The steps of an object; those of a collection follow one another."""
        if isinstance(step, FunctionStep):
            yield from self._of_function(step, depth)
            return
        step.consumed = True
        name = step.arguments.value("name")
        kinds = _COLLECTIONS.get(step.kind)
        if kinds is None:
            yield self._step(step, depth, _TYPES[step.kind], name, ())
            body = step.arguments.value("for_each_body")
            for each in body.values if isinstance(body, ListObj) and depth < _DEPTH else ():
                for inner in sdk_objects(each):
                    if FAMILIES.get(inner.kind) == "step":
                        yield from self._of_object(inner, depth + 1)
            return
        if step.kind == "MonitorBatchTransformStep":
            first = step.arguments.value("monitor_before_transform")
            if isinstance(first, Scalar) and first.data is True:
                kinds = kinds[::-1]
        before: tuple[Value, ...] = ()
        for kind, ending in kinds:
            own = Scalar(f"{name.data}{ending}", name.span) if isinstance(name, Scalar) else name
            yield self._step(step, depth, kind, own, before)
            before = (own,) if isinstance(own, Scalar) else ()

    def _of_function(self, step: FunctionStep, depth: int) -> Iterator[Value]:
        """A step of a function, after those whose results it takes, which need not be listed."""
        for each in (*step.before(), step):
            if not each.consumed:
                each.consumed = True
                yield self._step(each, depth, _TYPES[STEP], each.arguments.value("name"), ())

    def _step(
        self, step: SdkObject, depth: int, kind: str, name: PyValue | None, before: tuple[Value, ...]
    ) -> Value:
        own, span = step.arguments, step.site.span
        entries: Properties = {}
        given = own.get("name")
        if name is not None:
            place = given.span if given is not None else span
            entries["Name"] = Entry(place, frozen(self._core, name, place), "name")
        arguments = step.request() if isinstance(step, FunctionStep) else self._arguments(step, depth, kind)
        if isinstance(arguments, StepArguments):
            kind = kind if step.kind in (*_CHECKS, STEP) else _KINDS.get(arguments.kind, kind)
            held: Value = results_of_steps(MapValue(arguments.properties, arguments.span), self._by_object)
            title = entries.get("Name")
            if title is not None and isinstance(title.value, Scalar):
                self._names.steps[str(title.value.data)] = arguments.names
        else:
            held = arguments
        put(entries, "Type", Entry(span, Scalar(kind, span)), span)
        put(entries, "Arguments", Entry(span, held, "step_args"), span)
        references = StepReferences(self._by_object)
        if not before:
            references.read(step)
        needs = (*before, *self._needs(own.value("depends_on"), span))
        needs += tuple(Scalar(each, span) for each in references.found if each != _text(name))
        if references.measured:
            put(entries, "Measured", Entry(span, Scalar(True, span), "conditions"), span)
        if needs or references.unknown is not None:
            order = ListValue(tuple(dict.fromkeys(needs)), span, references.unknown)
            put(entries, "DependsOn", Entry(span, order, "depends_on"), span)
        for parameter, key in (("retry_policies", "RetryPolicies"), ("cache_config", "CacheConfig")):
            argument = own.get(parameter)
            if argument is not None:
                value = frozen(self._core, argument.value, argument.span)
                put(entries, key, Entry(argument.span, value, parameter), argument.span)
        return MapValue(entries, span)

    def _needs(self, value: PyValue | None, span: Span) -> Iterator[Value]:
        for each in value.values if isinstance(value, ListObj) else ():
            if isinstance(each, Scalar):
                yield Scalar(each.data, span)
            for step in sdk_objects(each):
                name = self._by_object.get(id(step)) or _text(step.arguments.value("name"))
                if name:
                    yield Scalar(name, span)

    def _awaited(self, value: PyValue | None) -> list[SdkObject]:
        """The steps that no list names and that others wait for as objects, which the SDK adds (2.199)."""
        pending: list[SdkObject] = []
        known: set[int] = set()
        _hold(value, known, pending)
        names = set(self._by_object.values())
        added: list[SdkObject] = []
        for step in pending:
            needs = step.arguments.value("depends_on")
            for need in needs.values if isinstance(needs, ListObj) else ():
                for each in sdk_objects(need):
                    # A name that another step has is that of a variant of it.
                    if id(each) in known or _text(each.arguments.value("name")) in names:
                        continue
                    one = ListObj([each], each.site.span)
                    _hold(one, known, pending)
                    if id(each) in known:
                        self._learn(one, 0)
                        names.add(_text(each.arguments.value("name")))
                        added.append(each)
        return added

    def _learn(self, value: PyValue | None, depth: int) -> None:
        """The names of all steps, of a collection that of its last one."""
        for each in value.values if isinstance(value, ListObj) and depth < _DEPTH else ():
            for step in sdk_objects(each):
                name = _text(step.arguments.value("name"))
                for each in step.before() if isinstance(step, FunctionStep) else ():
                    self._by_object[id(each)] = _text(each.arguments.value("name")) or ""
                if FAMILIES.get(step.kind) == "step" and name:
                    ending = _COLLECTIONS[step.kind][-1][1] if step.kind in _COLLECTIONS else ""
                    self._by_object[id(step)] = f"{name}{ending}"
                for inner in _INNER:
                    self._learn(step.arguments.value(inner), depth + 1)

    def _arguments(self, step: SdkObject, depth: int, kind: str) -> "StepArguments | Value":
        """The request of a step: given by `step_args`, or by the object that would run it."""
        core, own, span = self._core, step.arguments, step.site.span
        if step.kind == "EstimatorTransformer":
            return self._of_estimator(step, kind)
        given = own.value("transform_step_args" if kind == "Transform" else "step_args", "step_args")
        for option, _ in options(given) if given is not None else ():
            if isinstance(option, StepArguments):
                if option.created is not None:
                    self._ledger.discard(option.created)
                return option
        if step.kind == "ConditionStep":
            entries = {
                "Conditions": Entry(span, ListValue((), span, core.unknown("it is computed", span))),
                "IfSteps": Entry(span, self._steps(own.value("if_steps"), span, depth + 1)),
                "ElseSteps": Entry(span, self._steps(own.value("else_steps"), span, depth + 1)),
            }
            return MapValue(entries, span)
        for parameter, make in (
            ("estimator", jobs.training),
            ("processor", jobs.processing),
            ("transformer", jobs.transform),
            ("tuner", jobs.tuning),
        ):
            value = own.value(parameter)
            for each in sdk_objects(value) if value is not None else ():
                each.consumed = True
                if step.kind != "RegisterModel":
                    request = make(core, each, own)
                    return StepArguments(request.kind, request.properties, span, None, request.names)
        config = own.value("check_job_config", "check_job_configuration") if step.kind in _CHECKS else None
        for each in sdk_objects(config) if config is not None else ():
            checked = sdk_objects(own.value("monitor_configuration") or step)
            request = jobs.checking(core, each, checked[0] if checked else step)
            return StepArguments(request.kind, request.properties, span, None, request.names)
        value = own.value("model")
        for each in sdk_objects(value) if value is not None else ():
            if step.kind != "RegisterModel":
                properties, _ = hosting.model_request(core, each, "model", None)
                return StepArguments(MODEL_TYPE, properties, span, None)
        if step.kind == "RegisterModel":
            return self._registered(own, span)
        if step.kind in _PLAIN:
            return MapValue({}, span)
        return core.unknown("its arguments are made elsewhere", span)

    def _of_estimator(self, step: SdkObject, kind: str) -> StepArguments:
        """The model of an estimator, or its transform job: `EstimatorTransformer(...)`."""
        core, own, span = self._core, step.arguments, step.site.span
        if kind == "Transform":
            request = jobs.transform(core, step, own)
            return StepArguments(request.kind, request.properties, span, None, request.names)
        properties: Properties = {}
        value = own.value("estimator")
        for each in sdk_objects(value) if value is not None else ():
            each.consumed = True
            properties, _ = hosting.model_request(core, each, "estimator", None)
        return StepArguments(MODEL_TYPE, properties, span, None)

    def _registered(self, own: Arguments, span: Span) -> StepArguments:
        properties: Properties = {}
        table = {
            "model_package_group_name": "ModelPackageGroupName",
            "approval_status": "ModelApprovalStatus",
        }
        names = inverted(table)
        fill(self._core, properties, table, own)
        rest = self._core.unknown("the SDK describes the model", span)
        inference: Value = rest
        for parameter in ("model", "estimator"):
            value = own.value(parameter)
            for each in sdk_objects(value) if value is not None else ():
                if FAMILIES.get(each.kind) == parameter:
                    inference = hosting.inference_of(self._core, each, own, rest)
        put(properties, "InferenceSpecification", Entry(span, inference), span)
        return StepArguments("AWS::SageMaker::ModelPackage", properties, span, None, names)


def _hold(value: PyValue | None, known: set[int], steps: list[SdkObject]) -> None:
    """Takes the steps of a list that are not known yet, with those that they contain."""
    lists = [value]
    for held in lists:
        for each in held.values if isinstance(held, ListObj) else ():
            for step in sdk_objects(each):
                if FAMILIES.get(step.kind) == "step" and id(step) not in known:
                    known.add(id(step))
                    steps.append(step)
                    lists += [step.arguments.value(inner) for inner in _INNER]


def _text(value: PyValue | None) -> str:
    return str(value.data) if isinstance(value, Scalar) else ""
