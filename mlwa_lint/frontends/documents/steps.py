"""What both kinds of documents become: steps of a workflow, and resources for what the steps create."""

from collections.abc import Iterable, Iterator, Mapping

from mlwa_lint.frontends.documents.calls import CREATED, USED
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import (
    ALONE,
    EXAMPLE,
    IDLE,
    RETURNS,
    STEP_NOTES,
    STEP_PROPERTIES,
    UNUSED,
    Language,
    Resource,
)
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import (
    ABSENT,
    Absent,
    Alternative,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
    references_in,
)
from mlwa_lint.startup.records import NamedTuple

STEPS_LIMIT = 2_000
# What a workflow has that its steps have as well.
_INHERITED = (ALONE, EXAMPLE, IDLE, UNUSED)
# Property by which a resource that a step uses is called.
_NAMES = {
    "AWS::Athena::WorkGroup": "Name",
    "AWS::Batch::JobDefinition": "JobDefinitionName",
    "AWS::CodeBuild::Project": "Name",
    "AWS::ECS::TaskDefinition": "Family",
    "AWS::Glue::Crawler": "Name",
    "AWS::Glue::Job": "Name",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::SageMaker::Endpoint": "EndpointName",
    "AWS::SageMaker::Pipeline": "PipelineName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}


class DocumentVocabulary(NamedTuple):
    """Inside a document the names are those of the service's API, whatever language holds it."""

    language: Language

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        """The property's path, `ResourceConfig.VolumeKmsKeyId`."""
        return ".".join(path)


class DocumentStep(NamedTuple):
    """A state of a state machine or a step of a pipeline.

    kind:    its type as the document writes it: Task, Choice, Training, Condition …
    action:  the call that it makes, `sagemaker:createTrainingJob`; empty for none.
    request: the parameters of that call.
    next:    names of the steps that may follow it at once.
    parent:  name of the step whose branch it is in.
    used:    value that names the resource it works with, and that resource's type.
    kept:    parts of the document that rules read as they are: Retry, Catch, RetryPolicies.
    pattern: how it waits for the call: `sync`, `waitForTaskToken`; empty for not at all.
    why:     why the action is not known, if it is not.
    """

    name: str
    span: Span
    kind: str
    guards: tuple[Guard, ...]
    action: str = ""
    request: MapValue | None = None
    next: tuple[str, ...] = ()
    parent: str = ""
    used: tuple[Value, str] | None = None
    kept: Mapping[str, Entry] = {}
    pattern: str = ""
    why: str = ""

    @property
    def created_type(self) -> str | None:
        """The canonical type of what the step creates."""
        return CREATED.get(self.action.lower()) if self.action and self.request is not None else None


class DocumentNames:
    """The project's resources by what documents call them."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.types: dict[str, str] = {}
        self._by_name: dict[tuple[str, str], str] = {}
        # What functions return, by their addresses.
        self.returned: dict[str, Value] = {}
        for resource in resources:
            self.types.setdefault(resource.address, resource.type)
            if RETURNS in resource.attributes.entries:
                self.returned[resource.address] = resource.attributes.value(RETURNS)
            for folded in resource.folded:
                self.types.setdefault(folded, resource.type)
            key = _NAMES.get(resource.type)
            entry = resource.properties.entries.get(key) if key else None
            for option in alternatives(entry.value) if entry is not None else ():
                text = known_text(option.value)
                if text:
                    self._by_name.setdefault((resource.type, text), resource.address)

    def target(self, value: Value, wanted: str, span: Span) -> Value:
        """A reference to the resource that a value names; the value itself when that is not declared here."""
        for reference, _ in references_in(value):
            if self.types.get(reference.address) == wanted:
                return reference
        text = known_text(value)
        if text is None:
            return value
        for name in (text, text.split(":")[6] if text.startswith("arn:") and text.count(":") > 5 else text):
            address = self._by_name.get((wanted, name)) or self._by_name.get((wanted, name.split(":")[0]))
            if address is not None:
                return Reference(address, "", span, text)
        return value


def used_by(action: str, request: MapValue | None, resource: Value = ABSENT) -> tuple[Value, str] | None:
    """What a call works with: the value that names it and its type."""
    found = USED.get(action.lower())
    if found is None:
        return None
    key, kind = found
    if not isinstance(resource, Absent):
        return resource, kind
    if request is None or key not in request.entries:
        return None
    return request.entries[key].value, kind


def resources_of(
    workflow: Resource, steps: Iterable[DocumentStep], vocabulary: DocumentVocabulary
) -> Iterator[tuple[DocumentStep, Resource]]:
    """The resources that steps create, each connected to its workflow."""
    taken: set[str] = set()
    for step in steps:
        kind = step.created_type
        if kind is None or step.request is None:
            continue
        notes = _notes_of(workflow, step.name)
        added = notes.pop(STEP_PROPERTIES, None)
        request = step.request
        if added is not None and isinstance(added.value, MapValue):
            request = request._replace(entries={**request.entries, **added.value.entries})
        own = getattr(workflow.vocabulary, "of_step", None)  # what a program calls it that makes the document
        attributes = {
            "Workflow": Entry(step.span, Reference(workflow.address, "", step.span), "Workflow"),
            "StepKind": Entry(step.span, Scalar(step.kind, step.span), "StepKind"),
            **step.kept,
            # What makes the workflow makes its steps: they are of an example, and unused, as it is.
            **{key: kept for key in _INHERITED if (kept := workflow.attributes.entries.get(key))},
            **notes,
        }
        yield (
            step,
            Resource(
                address=unique(address_of(workflow, step.name), taken),
                type=kind,
                properties=request,
                span=step.span,
                vocabulary=(own(step.name) if own is not None else None) or vocabulary,
                attributes=MapValue(attributes, step.span),
                guards=step.guards,
                region=workflow.region,
            ),
        )


def _notes_of(workflow: Resource, step: str) -> dict[str, Entry]:
    """What the program of a pipeline shows of the job that one of its steps runs."""
    noted = workflow.attributes.entries.get(STEP_NOTES)
    notes = noted.value.value(step) if noted is not None and isinstance(noted.value, MapValue) else None
    return {**notes.entries} if isinstance(notes, MapValue) else {}


def address_of(workflow: Resource, name: str) -> str:
    """How the user calls what a step creates."""
    return f"{workflow.address}/{name}"


def unique(address: str, taken: set[str]) -> str:
    """The address, with a number when another step has the same name."""
    number, found = 2, address
    while found in taken:
        found, number = f"{address}#{number}", number + 1
    taken.add(found)
    return found


def steps_value(
    steps: Iterable[tuple[DocumentStep, str | None]],
    names: DocumentNames,
    span: Span,
    guards: tuple[Guard, ...],
    rest: Unknown | None,
) -> ListValue:
    """The list of steps that rules read, in the document's order; `guards` are the workflow's own."""
    items = [_guarded(_step_value(step, address, names), step.guards, guards) for step, address in steps]
    return ListValue(tuple(items), span, rest)


def _guarded(value: Value, guards: tuple[Guard, ...], given: tuple[Guard, ...]) -> Value:
    for guard in reversed(guards):
        if guard not in given:
            yes, no = (value, ABSENT) if guard.holds else (ABSENT, value)
            value = Choice(guard.condition, yes, no, _span_of(value))
    return value


def _span_of(value: Value) -> Span:
    """A span for what must have one."""
    return value.span or start_of("")


def _step_value(step: DocumentStep, address: str | None, names: DocumentNames) -> MapValue:
    span = step.span
    given: dict[str, Value] = {
        "Name": Scalar(step.name, span),
        "Kind": Scalar(step.kind, span),
        "Next": ListValue(tuple(Scalar(name, span) for name in step.next), span),
    }
    if step.why:
        given["Action"] = Unknown(step.why, span, present=True)
    elif step.action:
        given["Action"] = Scalar(step.action, span)
    if step.pattern:
        given["Pattern"] = Scalar(step.pattern, span)
    if step.parent:
        given["Parent"] = Scalar(step.parent, span)
    if address is not None:
        given["Address"] = Scalar(address, span)
    if step.request is not None:
        given["Parameters"] = step.request
    if step.used is not None:
        given["Target"] = names.target(*step.used, span)
    entries = {key: Entry(span, value, key) for key, value in given.items()}
    return MapValue({**entries, **step.kept}, span)


# -- reading structures that may hold choices


def text(value: MapValue, key: str) -> str:
    """The known text of a key; empty when there is none."""
    return known_text(value.value(key)) or ""


def maps(value: Value, guards: tuple[Guard, ...]) -> Iterator[tuple[MapValue, tuple[Guard, ...]]]:
    """The alternatives that are maps, with their guards."""
    for option in alternatives(value, guards):
        if isinstance(option.value, MapValue):
            yield option.value, option.guards


def kept(value: MapValue, *keys: str) -> dict[str, Entry]:
    """Some entries as they are."""
    return {key: value.entries[key] for key in keys if key in value.entries}


def listed(value: Value, guards: tuple[Guard, ...]) -> Iterator[Alternative]:
    """The items of a list, each in its alternatives."""
    for option in alternatives(value, guards):
        if isinstance(option.value, ListValue):
            for item in option.value.items:
                yield from alternatives(item, option.guards)
