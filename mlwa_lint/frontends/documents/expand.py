"""Reads the documents of a project's workflows and adds what their steps create as resources."""

from collections.abc import Mapping
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.choices import one_map
from mlwa_lint.frontends.documents.pipeline import PipelineSteps
from mlwa_lint.frontends.documents.places import DocumentSources
from mlwa_lint.frontends.documents.states import States
from mlwa_lint.frontends.documents.steps import (
    DocumentNames,
    DocumentStep,
    DocumentVocabulary,
    resources_of,
    steps_value,
)
from mlwa_lint.frontends.documents.text import malformed, read, substituted
from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.model.resources import PLACEHOLDER, Gap, Problem, Project, Resource
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    known_text,
    tail_of,
)
from mlwa_lint.startup.patterns import lazy

STATE_MACHINE = "AWS::StepFunctions::StateMachine"
PIPELINE = "AWS::SageMaker::Pipeline"
_DOCUMENTS = {
    STATE_MACHINE: ("DefinitionString", "Definition"),
    PIPELINE: ("PipelineDefinition",),
}
# Properties that may name a file beside the template.
_FILES = ("DefinitionUri", "DefinitionS3Location")
_STORED = "PipelineDefinitionS3Location"
# What a place in S3 calls the key.
_KEYS = ("Key", "ObjectKey")
_LEADING = lazy(r"(?:\.{1,2}/)+")
# Types that no step becomes, even where the document can be read.
_NEVER = (
    "AWS::ApiGateway",
    "AWS::ApplicationAutoScaling::",
    "AWS::Athena::",
    "AWS::Budgets::",
    "AWS::CloudFormation::",
    "AWS::CloudTrail::",
    "AWS::CloudWatch::",
    "AWS::CodePipeline::",
    "AWS::DynamoDB::",
    "AWS::EC2::",
    "AWS::ECR::",
    "AWS::Events::",
    "AWS::Glue::",
    "AWS::IAM::",
    "AWS::KMS::",
    "AWS::Lambda::",
    "AWS::Logs::",
    "AWS::S3::",
    "AWS::SNS::",
    "AWS::SQS::",
    "AWS::SageMaker::Domain",
    "AWS::SageMaker::Pipeline",
    "AWS::SageMaker::UserProfile",
    "AWS::Scheduler::",
    "AWS::StepFunctions::",
    "AWS::WAFv2::",
    "aws_ecr_",
    "aws_s3_",
)
# What no step of a pipeline becomes either; state machines call every API.
_NEVER_OF_PIPELINES = (
    *_NEVER,
    "AWS::Bedrock",
    "AWS::SageMaker::DataQuality",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::FeatureGroup",
    "AWS::SageMaker::InferenceComponent",
    "AWS::SageMaker::ModelBias",
    "AWS::SageMaker::ModelCard",
    "AWS::SageMaker::ModelExplainability",
    "AWS::SageMaker::ModelQuality",
    "AWS::SageMaker::MonitoringSchedule",
    "AWS::SageMaker::NotebookInstance",
)
# What the comment of a definition begins or ends with that is deployed before the real one.
_PLACEHOLDER = lazy(
    r"(?i)^\W*(?:(?:this|it) is )?(?:an? |the )?(?:initial |minimal |simple |temporary )?"
    r"(?:placeholder|dummy|stub)\b(?! for (?:the |an? )?\w+ (?:step|state)\b)"
    r"|\b(?:placeholder|dummy|stub)(?: definition| state machine| workflow)?\W*$"
)
_COMMENT = 500


def expand(project: Project, files: ProjectFiles | None = None) -> Project:
    """The project with the steps of its workflows, and with what these create as resources.

    A document that cannot be read is a gap; nothing in it is an error here. A workflow whose document is
    certainly no JSON object has the attribute `Malformed`. `files` are those among which a document
    is looked for that is named by its place in S3.
    """
    if not any(resource.type in _DOCUMENTS for resource in project.resources):
        return project
    return _Expander(project, files).expand()


class _Expander:
    def __init__(self, project: Project, files: ProjectFiles | None) -> None:
        self._project = project
        self._project_files = files
        self._problems: list[Problem] = []
        self._names = DocumentNames(project.resources)
        self._sources = DocumentSources()
        self._gaps: list[Gap] = []
        self._files: list[str] = []
        self._contents: dict[str, Value | None] = {}

    def expand(self) -> Project:
        resources: list[Resource] = []
        for resource in self._project.resources:
            if resource.type in _DOCUMENTS:
                resources += self._workflow(resource)
            else:
                resources.append(resource)
        gaps = (*self._project.gaps, *self._gaps)
        sources = tuple(dict.fromkeys([*self._project.sources, *self._files]))
        problems = (*self._project.problems, *self._problems)
        return self._project._replace(
            resources=tuple(resources), gaps=gaps, sources=sources, problems=problems
        )

    def _workflow(self, workflow: Resource) -> list[Resource]:
        """A workflow with its steps, followed by the resources that they create."""
        document = self._document(workflow)
        steps: list[DocumentStep] = []
        unknown: Unknown | None = None
        placeholder = workflow.type == STATE_MACHINE and _is_placeholder(document)
        if placeholder:
            pass  # what it is once deployed shows in no step of this
        elif isinstance(document, (MapValue, Choice)):
            if workflow.type == STATE_MACHINE:
                states = States(document, workflow.guards, self._names, workflow.address)
                steps, unknown = states.steps, states.unknown
            else:
                pipeline = PipelineSteps(document, workflow)
                steps, unknown = pipeline.steps, pipeline.unknown
        else:
            unknown = document
        if unknown is not None:
            never = _NEVER_OF_PIPELINES if workflow.type == PIPELINE else _NEVER
            what = f"definition of {workflow.address}"
            self._gaps.append(Gap(what, unknown.span, None, never, workflow.address, unknown.reason))
        vocabulary = DocumentVocabulary(workflow.vocabulary.language)
        created = list(resources_of(workflow, steps, vocabulary))
        addresses = {id(step): resource.address for step, resource in created}
        listed = [(step, addresses.get(id(step))) for step in steps]
        value = steps_value(listed, self._names, workflow.span, workflow.guards, unknown)
        entries = {**workflow.attributes.entries, "Steps": Entry(workflow.span, value, "Steps")}
        if placeholder:
            entries[PLACEHOLDER] = Entry(workflow.span, Scalar(True, workflow.span), PLACEHOLDER)
        malformed = self._malformed(workflow)
        if not isinstance(malformed, Absent):
            entries["Malformed"] = Entry(malformed.span or workflow.span, malformed, "Malformed")
        attributes = workflow.attributes._replace(entries=entries)
        return [workflow._replace(attributes=attributes), *(resource for _, resource in created)]

    def _document(self, workflow: Resource) -> MapValue | Choice | Unknown:
        """The definition as a structure, or why it cannot be read."""
        value = self._given(workflow)
        if isinstance(value, Unknown) and not value.parts:
            return value
        found = read(value, self._substitutions(workflow), self._sources)
        if isinstance(found, (MapValue, Choice)):
            return found if workflow.type != STATE_MACHINE else _with_open_ends(found)
        if isinstance(value, Absent):
            given = (workflow.properties.entries.get(key) for key in _FILES)
            places = (known_text(entry.value) for entry in given if entry is not None)
            place = next((each for each in places if each), "")
            reason = (
                f"{place}, its definition, cannot be read" if place else "it is kept outside of the template"
            )
            return Unknown(reason, workflow.span)
        return Unknown(reason_of(value, "it is not a JSON object"), value.span)

    def _given(self, workflow: Resource) -> Value:
        """The property that holds the definition."""
        properties = workflow.properties
        value: Value = Absent()
        for key in _DOCUMENTS[workflow.type]:
            value = properties.value(key)
            if isinstance(value, Absent):
                continue
            if workflow.type != PIPELINE:
                return value
            body = _body(value)
            stored = value.value(_STORED) if isinstance(value, MapValue) else Absent()
            return body if isinstance(stored, Absent) else self._stored(stored, workflow) or body
        for key in _FILES:
            found = self._stored(properties.value(key), workflow)
            if found is not None:
                return found
        return value

    def _stored(self, named: Value, workflow: Resource) -> Value | None:
        """The content of the file that a place names: beside the template, or the one that ends like it."""
        if isinstance(named, Absent):
            return None
        if workflow.address not in self._contents:
            self._contents[workflow.address] = self._content(named, workflow)
        return self._contents[workflow.address]

    def _content(self, named: Value, workflow: Resource) -> Value | None:
        # Most documents are inline, and reading files costs the import of a YAML parser.
        from mlwa_lint.frontends.documents.files import content, local

        root = self._project_files.root if self._project_files is not None else None
        found = local(named, root) if isinstance(named, Scalar) else None
        if found is None and self._project_files is not None:
            place = named
            if isinstance(named, MapValue):
                place = next((named.value(key) for key in _KEYS if key in named.entries), named)
            # `../` may lead from where the template was before it was moved, or is built.
            tail = _LEADING.sub("", tail_of(place), 1)
            near = Path(workflow.span.path).parent
            path = self._project_files.ending_like(tail, near=near) if tail else None
            found = content(path, self._project_files.root) if path is not None else None
            if found is not None:
                read = f"{tail} is read from {_path_of(found)}, the file of the project that ends like it"
                span = named.span or workflow.span
                self._problems.append(Problem(span.path, span.line, read, fatal=False, quiet=True))
        if found is not None:
            self._files.append(_path_of(found))
        return found

    def _malformed(self, workflow: Resource) -> Value:
        """True where the definition is wholly known and certainly no JSON object."""
        return malformed(self._given(workflow), self._substitutions(workflow))

    def _substitutions(self, workflow: Resource) -> Mapping[str, Value]:
        if workflow.type != STATE_MACHINE:
            return {}
        value = one_map(workflow.properties.value("DefinitionSubstitutions"))
        if not isinstance(value, MapValue):
            return {}
        return {key: entry.value for key, entry in value.entries.items()}


def _is_placeholder(definition: Value) -> bool:
    """Whether the comment of a state machine states that something else is deployed later in its place."""
    if not isinstance(definition, MapValue):
        return False
    comment = known_text(definition.value("Comment"))
    return comment is not None and _PLACEHOLDER.search(comment[:_COMMENT]) is not None


def _with_open_ends(document: MapValue | Choice) -> MapValue | Choice:
    """The definition of a state machine, in which `${Name}` that nothing replaces is not known."""
    found = substituted(document, {}, open_ends=True)
    return found if isinstance(found, (MapValue, Choice)) else document


def _body(value: Value) -> Value:
    """A pipeline's definition, which may be inside of PipelineDefinitionBody."""
    if isinstance(value, Choice):
        return value._replace(yes=_body(value.yes), no=_body(value.no))
    if isinstance(value, ListValue) and len(value.items) == 1:
        return _body(value.items[0])
    if not isinstance(value, MapValue) or "Steps" in value.entries:
        return value
    inner = value.value("PipelineDefinitionBody")
    stored = value.value(_STORED)
    if not isinstance(inner, Absent):
        return inner
    return value if isinstance(stored, Absent) else inner


def _path_of(value: Value) -> str:
    return value.span.path if value.span is not None else ""
