"""The Step Functions Data Science SDK: workflows of states as the definition that the service reads."""

from collections.abc import Iterator, Mapping

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import KeywordArgument, ListObj, Names, PyValue, Site
from mlwa_lint.frontends.python.ledger import Created, Ledger, mark_started
from mlwa_lint.frontends.python.sdk import hosting, jobs
from mlwa_lint.frontends.python.sdk.objects import SdkObject, sdk_objects
from mlwa_lint.frontends.python.sdk.requests import Properties, fill, put
from mlwa_lint.frontends.python.sdk.state_calls import CALLS, ORDERS, WAITING
from mlwa_lint.frontends.python.sdk.user_names import HOSTING_NAMES, MODEL_NAMES
from mlwa_lint.frontends.python.vocabulary import PythonVocabulary
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Scalar, Unknown, Value

STATE_MACHINE = "AWS::StepFunctions::StateMachine"
_PACKAGE = "stepfunctions."
_ARN = "arn:aws:states:::"
_PLAIN = frozenset({"Choice", "Parallel", "Map", "Wait", "Pass", "Succeed", "Fail"})
_FORMS = {
    "estimator": jobs.training,
    "processor": jobs.processing,
    "transformer": jobs.transform,
    "tuner": jobs.tuning,
}
_CONFIG = {"endpoint_config_name": "EndpointConfigName", "data_capture_config": "DataCaptureConfig"}
_VARIANT = {
    "model_name": "ModelName",
    "instance_type": "InstanceType",
    "initial_instance_count": "InitialInstanceCount",
    "variant_name": "VariantName",
}
_ENDPOINT = {"endpoint_name": "EndpointName", "endpoint_config_name": "EndpointConfigName"}
_DEPTH = 20
_STATES = 500


class StateMachineVocabulary(PythonVocabulary):
    """The program's names for what it states about a workflow, and about the requests of its states."""

    def __init__(self) -> None:
        super().__init__(
            {"StateMachineName": "name", "Definition": "definition", "RoleArn": "role", "Tags": "tags"}
        )
        self.steps: dict[str, PythonVocabulary] = {}

    def of_step(self, name: str) -> PythonVocabulary | None:
        """The names of a state's request; None where it is made in another way."""
        return self.steps.get(name)


class WorkflowState(SdkObject):
    """A state, or a chain of some: what follows it is added by its methods."""

    __slots__ = ("added",)

    def __init__(self, core: Core, kind: str, site: Site) -> None:
        super().__init__(core, kind, site)
        self.added: dict[str, list[PyValue]] = {}

    def call(self, name: str, site: Site) -> PyValue | None:
        """A method that adds what follows, what is inside, or what handles errors."""
        if name in ("next", "append"):
            given = site.value("next_step", 0)
            self._add("next", given)
            return given
        if name == "get_expected_model":
            return self
        parameter, position = {
            "add_choice": ("next_step", 1),
            "default_choice": ("next_step", 0),
            "add_branch": ("branch", 0),
            "attach_iterator": ("iterator", 0),
            "add_catch": ("catch", 0),
            "add_retry": ("retry", 0),
        }.get(name, ("", 0))
        if not parameter:
            return None
        self._add(name, site.value(parameter, position))
        return Absent(site.span)

    def _add(self, kind: str, value: PyValue | None) -> None:
        if value is not None and self.core.recording:
            self.added.setdefault(kind, []).append(value)

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """What is known of a state when it runs."""
        return super().attribute(name, site) if name == "state_id" else None


class Workflow(WorkflowState):
    """`Workflow(name, definition, role)`; `create()` makes a state machine of it."""

    __slots__ = ("ledger", "made")

    def __init__(self, core: Core, site: Site, ledger: Ledger) -> None:
        super().__init__(core, "Workflow", site)
        self.ledger = ledger
        self.made: Created | None = None

    def call(self, name: str, site: Site) -> PyValue | None:
        """`create`, `update` and `execute`, and the template that has all that `create` would give."""
        if name in ("create", "update", "get_cloudformation_template"):
            self.make({})
        if name == "execute" and self.made is not None:
            mark_started(self.made, site.span)
        return None

    def make(self, further: Properties) -> None:
        """Writes the state machine down, once."""
        if self.made is not None:
            return
        own, span, names = self.arguments, self.site.span, StateMachineVocabulary()
        properties: Properties = dict(further)
        fill(self.core, properties, {"name": "StateMachineName", "role": "RoleArn", "tags": "Tags"}, own)
        held = Definition(self.core, names).machine(own.value("definition"), span, 0)
        put(properties, "Definition", Entry(span, held, "definition"), span)
        name = own.value("name")
        self.made = self.ledger.add(self.core, STATE_MACHINE, properties, self.site, name, own.rest, names)


class _Following:
    """The states that follow one, each with the name of the one that a chain has after it."""

    def __init__(self, core: Core, span: Span) -> None:
        self._core = core
        self._span = span
        self.states: list[tuple[WorkflowState, str]] = []
        # Why there may be more of them.
        self.why: Unknown | None = None

    def start_of(self, value: PyValue) -> str:
        """Adds the states that a value gives; the name of the first one, empty where none is known."""
        linked = _linked(value)
        if not linked or _is_open(value, 0):
            self.why = self._core.unknown("what follows a state is made elsewhere", self._span)
        self.states.extend(linked)
        return _name(linked[0][0]) if linked else ""


class Definition:
    """Makes the definition of a state machine."""

    def __init__(self, core: Core, names: StateMachineVocabulary) -> None:
        self._core = core
        self._names = names

    def machine(self, value: PyValue | None, span: Span, depth: int) -> Value:
        """The states from a first one on."""
        states: Properties = {}
        if value is None or depth > _DEPTH:
            return self._core.unknown("its states are not known", span)
        waiting = _linked(value)
        start = next((name for each in waiting if (name := _name(each[0]))), "")
        made_here = waiting and not _is_open(value, 0)
        rest = None if made_here else self._core.unknown("some of its states are made elsewhere", span)
        while waiting and len(states) < _STATES:
            state, follower = waiting.pop(0)
            name = _name(state)
            if not name:
                rest = self._core.unknown("the name of a state is not known", state.site.span)
            elif name not in states:
                body, beyond, why = self._state(state, follower, depth)
                states[name] = Entry(state.site.span, body, "state_id")
                rest = rest or why
                waiting += beyond
        entries = {
            "StartAt": Entry(span, Scalar(start, span)),
            "States": Entry(span, MapValue(states, span, rest)),
        }
        return MapValue(entries, span)

    def _state(
        self, state: WorkflowState, follower: str, depth: int
    ) -> tuple[Value, list[tuple[WorkflowState, str]], Unknown | None]:
        """A state's body, the states that follow it, and why there may be more."""
        span = state.site.span
        following = _Following(self._core, span)
        kind = state.kind if state.kind in _PLAIN else "Task"
        body: Properties = {"Type": Entry(span, Scalar(kind, span))}
        body |= self._transitions(state, follower, following)
        body |= self._inner(state, depth)
        body |= self._handlers(state, following)
        if kind == "Task":
            body |= self._task(state)
        return MapValue(body, span), following.states, following.why

    def _transitions(self, state: WorkflowState, follower: str, following: _Following) -> Properties:
        """What comes after a state: the next one, or those of its choices."""
        span = state.site.span
        body: Properties = {}
        after = [following.start_of(each) for each in state.added.get("next", ())] or [follower]
        if after[-1]:
            body["Next"] = Entry(span, Scalar(after[-1], span))
        choices = [following.start_of(each) for each in state.added.get("add_choice", ())]
        if choices:
            listed = tuple(_map({"Next": Scalar(each, span)}, span) for each in choices)
            body["Choices"] = Entry(span, ListValue(listed, span))
        for each in state.added.get("default_choice", ()):
            body["Default"] = Entry(span, Scalar(following.start_of(each), span))
        return body

    def _inner(self, state: WorkflowState, depth: int) -> Properties:
        """The state machines inside a state: its branches, or what it does for each item."""
        span = state.site.span
        body: Properties = {}
        branches = [self.machine(each, span, depth + 1) for each in state.added.get("add_branch", ())]
        if branches:
            body["Branches"] = Entry(span, ListValue(tuple(branches), span))
        iterated = state.arguments.value("iterator")
        for each in (*state.added.get("attach_iterator", ()), *([] if iterated is None else [iterated])):
            body["Iterator"] = Entry(span, self.machine(each, span, depth + 1))
        return body

    def _handlers(self, state: WorkflowState, following: _Following) -> Properties:
        """What a state does about errors."""
        span, own = state.site.span, state.arguments
        body: Properties = {}
        catches = [
            _map({"Next": Scalar(following.start_of(target), span)}, span)
            for each in (*state.added.get("add_catch", ()), *_listed(own.value("catch")))
            for handler in sdk_objects(each)
            if (target := handler.arguments.value("next_step")) is not None
        ]
        if catches:
            body["Catch"] = Entry(span, ListValue(tuple(catches), span), "catch")
        retries = [*state.added.get("add_retry", ()), *_listed(own.value("retry"))]
        if retries:
            body["Retry"] = Entry(span, ListValue(tuple(_map({}, span) for _ in retries), span), "retry")
        return body

    def _task(self, state: WorkflowState) -> Properties:
        """What a task calls, and with what."""
        core, own, span = self._core, state.arguments, state.site.span
        call = CALLS.get(state.kind)
        resource: Value = core.unknown("what the state calls is not known", span)
        given = own.get("resource")
        if call is not None:
            if state.kind == "EndpointStep" and _is_true(own.value("update")):
                call = "sagemaker:updateEndpoint"
            waits = own.value("wait_for_completion")
            waited = state.kind in WAITING and not (isinstance(waits, Scalar) and waits.data is False)
            answered = _is_true(own.value("wait_for_callback"))
            ending = ".waitForTaskToken" if answered else ".sync" if waited else ""
            resource = Scalar(f"{_ARN}{call}{ending}", span)
        elif given is not None:
            resource = frozen(core, given.value, given.span)
        request, names = self._request(state)
        if names is not None:
            self._names.steps[_name(state)] = names
        return {"Resource": Entry(span, resource), "Parameters": Entry(span, request, "parameters")}

    def _request(self, state: WorkflowState) -> tuple[Value, PythonVocabulary | None]:
        core, own, span = self._core, state.arguments, state.site.span
        properties: Properties = {}
        for parameter, form in _FORMS.items():
            value = own.value(parameter)
            for each in sdk_objects(value) if value is not None else ():
                each.consumed = True
                request = form(core, each, own)
                return MapValue(request.properties, span, request.rest), request.names
        if state.kind == "ModelStep":
            for owner, family in _owners(own.value("model")):
                properties, _ = hosting.model_request(core, owner, family, None)
                if (name := own.get("model_name")) is not None:
                    value_of_name = frozen(core, name.value, name.span)
                    properties["ModelName"] = Entry(name.span, value_of_name, "model_name")
                return MapValue(properties, span), MODEL_NAMES
        if state.kind == "EndpointConfigStep":
            variant: Properties = {}
            fill(core, variant, _VARIANT, own)
            fill(core, properties, {**_CONFIG, "tags": "Tags"}, own)
            variants = ListValue((MapValue(variant, span, own.rest),), span)
            properties["ProductionVariants"] = Entry(span, variants, "ProductionVariants")
            return MapValue(properties, span, own.rest), HOSTING_NAMES
        if state.kind == "EndpointStep":
            fill(core, properties, {**_ENDPOINT, "tags": "Tags"}, own)
            return MapValue(properties, span, own.rest), HOSTING_NAMES
        parameters = own.get("parameters")
        if parameters is not None:
            return frozen(core, parameters.value, parameters.span), None
        if state.kind in ("Task", "LambdaStep") or state.kind not in CALLS:
            return MapValue({}, span, own.rest), None
        return MapValue({}, span, core.unknown("its parameters are made elsewhere", span)), None


def _linked(value: PyValue) -> list[tuple[WorkflowState, str]]:
    """The states that a value gives, each with the name of the one that a chain has after it."""
    found: list[WorkflowState] = []
    for each in sdk_objects(value):
        if isinstance(each, WorkflowState) and each.kind == "Chain":
            found += _members(each, 0)
        elif isinstance(each, WorkflowState):
            return [(each, "")]
    names = [_name(each) for each in (*found[1:], None)]
    return list(zip(found, names, strict=False))


class StepFunctions:
    """Knows the SDK's objects, and writes down the state machines that are made through them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._open: list[Workflow] = []

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """The result of a call; None when it is none of the SDK's."""
        name = path.rpartition(".")[2]
        if not path.startswith(_PACKAGE) or not (name in ORDERS or name in CALLS or name.endswith("Step")):
            return None
        named = Names(site.named)
        for parameter, value in zip(ORDERS.get(name, ("state_id",)), site.positional, strict=False):
            named.setdefault(parameter, KeywordArgument(site.span, value))
        if name in ("TrainingStep", "TuningStep") and (data := named.get("data")) is not None:
            named.setdefault("inputs", data)
        if (key := named.get("kms_key_id")) is not None:
            named.setdefault("kms_key", key)
        own = site._replace(positional=(), named=named)
        if name != "Workflow":
            return WorkflowState(core, name, own)
        found = Workflow(core, own, self._ledger)
        if core.recording:
            self._open.append(found)
        return found

    def finish(self, core: Core) -> None:
        """Writes down the workflows that are defined here and created elsewhere."""
        for each in self._open:
            if each.made is None:
                span = each.site.span
                core.guards, core.entry = each.guards, each.entry
                reason = core.unknown("it is given where the state machine is created", span)
                each.make({"LoggingConfiguration": Entry(span, reason)})
        core.guards = ()


def _members(chain: WorkflowState, depth: int) -> list[WorkflowState]:
    """The states of a chain, those of chains inside it included."""
    found: list[WorkflowState] = []
    if depth > _DEPTH:
        return found
    for value in (*_listed(chain.arguments.value("steps")), *chain.added.get("next", ())):
        for each in sdk_objects(value):
            if isinstance(each, WorkflowState):
                found += _members(each, depth + 1) if each.kind == "Chain" else [each]
    return found


def _owners(value: PyValue | None) -> Iterator[tuple[SdkObject, str]]:
    """What a model is made of: a model, or the estimator of a training step (`get_expected_model()`)."""
    for each in sdk_objects(value) if value is not None else ():
        if not isinstance(each, WorkflowState):
            yield each, "model"
            continue
        estimator = each.arguments.value("estimator")
        for trained in sdk_objects(estimator) if estimator is not None else ():
            yield trained, "estimator"


def _listed(value: PyValue | None) -> list[PyValue]:
    if isinstance(value, ListObj):
        return list(value.values)
    return [] if value is None else [value]


def _is_open(value: PyValue, depth: int) -> bool:
    """Whether a value is or contains, in a chain, what is not a state that is made here."""
    found = [each for each in sdk_objects(value) if isinstance(each, WorkflowState)]
    if not found or depth > _DEPTH:
        return True
    chains = [each for each in found if each.kind == "Chain"]
    listed = [each.arguments.value("steps") for each in chains]
    if any(isinstance(each, Unknown) or (isinstance(each, ListObj) and each.rest) for each in listed):
        return True
    inside = (each for chain in listed for each in _listed(chain))
    added = (each for chain in chains for each in chain.added.get("next", ()))
    return any(_is_open(each, depth + 1) for each in (*inside, *added))


def _name(state: WorkflowState | None) -> str:
    value = None if state is None else state.arguments.value("state_id")
    return str(value.data) if isinstance(value, Scalar) else ""


def _is_true(value: PyValue | None) -> bool:
    return isinstance(value, Scalar) and value.data is True


def _map(entries: Mapping[str, Value], span: Span) -> MapValue:
    return MapValue({key: Entry(span, value) for key, value in entries.items()}, span)


__all__ = ["StepFunctions"]
