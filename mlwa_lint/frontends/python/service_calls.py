"""The calls of boto3's clients that a program makes, where it can be followed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from mlwa_lint.frontends.python.alternatives import has_alternative
from mlwa_lint.frontends.python.evaluation.core import Core, OutOfBudgetError
from mlwa_lint.frontends.python.evaluation.environment import READS
from mlwa_lint.frontends.python.evaluation.evaluator import Evaluator
from mlwa_lint.frontends.python.evaluation.files import Files
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.modules import Modules
from mlwa_lint.frontends.python.evaluation.subscripts import key_text
from mlwa_lint.frontends.python.evaluation.values import Handle, PyValue, Site
from mlwa_lint.frontends.python.library_models import bare_model, model_arguments
from mlwa_lint.frontends.python.limits import HANDLER_CALLS_LIMIT, HANDLER_STEPS_LIMIT, STEPS_LIMIT
from mlwa_lint.frontends.python.syntax.source import Unit
from mlwa_lint.model.resources import MODEL_ARGUMENTS, TRIED
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Choice, Entry, ListValue, MapValue, Scalar, Value
from mlwa_lint.startup.records import NamedTuple

_CLIENTS = frozenset({"boto3.client", "boto3.DEFAULT_SESSION.client"})
_SESSIONS = frozenset({"boto3.Session", "boto3.session.Session", "boto3._get_default_session"})
# Arguments that name the invoked model, endpoint, agent or guardrail, and how a model is hosted; the rest is
# the request.
_KEPT = frozenset(
    {
        "EndpointName",
        "ProductionVariants",
        "agentAliasId",
        "agentId",
        "agentRuntimeArn",
        "flowIdentifier",
        "foundationModel",
        "guardrailConfig",
        "guardrailIdentifier",
        "guardrailVersion",
        "knowledgeBaseId",
        "modelId",
    }
)
# Clients that are given models inside of other arguments, as are the configurations that a question is
# answered with, and what only reads or deletes.
_CONFIGURING = frozenset({"bedrock", "bedrock-agent", "bedrock-agent-runtime", "bedrock-agentcore-control"})
_NOT_INVOKING = ("delete_", "get_", "list_")
# … and those that start jobs with roles and buckets of the project.
_STARTING = frozenset({("sagemaker", "create_processing_job"), ("sagemaker", "create_training_job")})
_ANSWERED_WITH = "retrieveAndGenerateConfiguration"
# Clients that alone have these methods: a call of an unknown client is one of that client.
_SERVICE_OF = {
    "converse": "bedrock-runtime",
    "converse_stream": "bedrock-runtime",
    "invoke_model": "bedrock-runtime",
    "invoke_model_with_response_stream": "bedrock-runtime",
    "invoke_agent": "bedrock-agent-runtime",
    "invoke_agent_runtime": "bedrock-agentcore",
    "invoke_endpoint": "sagemaker-runtime",
    "invoke_endpoint_async": "sagemaker-runtime",
    "retrieve_and_generate": "bedrock-agent-runtime",
    "get_event_prediction": "frauddetector",
    "get_personalized_ranking": "personalize-runtime",
    "get_recommendations": "personalize-runtime",
    "recognize_text": "lexv2-runtime",
    "start_human_loop": "sagemaker-a2i-runtime",
}
# The same of AI services, whose arguments begin with a capital letter, as those of other libraries do not.
ANALYSERS = {
    "comprehend": """batch_detect_dominant_language batch_detect_entities batch_detect_key_phrases
    batch_detect_sentiment batch_detect_syntax classify_document contains_pii_entities
    detect_dominant_language detect_key_phrases detect_pii_entities detect_sentiment detect_syntax
    detect_toxic_content
    start_document_classification_job start_entities_detection_job start_key_phrases_detection_job
    start_pii_entities_detection_job start_sentiment_detection_job start_topics_detection_job""",
    "comprehendmedical": "detect_entities_v2 detect_phi infer_icd10_cm infer_rx_norm infer_snomedct",
    "polly": "start_speech_synthesis_task synthesize_speech",
    "rekognition": """compare_faces detect_custom_labels detect_faces detect_labels detect_moderation_labels
    detect_protective_equipment detect_text index_faces recognize_celebrities search_faces
    search_faces_by_image search_users_by_image start_celebrity_recognition start_content_moderation
    start_face_detection start_face_search start_label_detection start_media_analysis_job
    start_segment_detection start_text_detection""",
    "textract": """analyze_document analyze_expense analyze_id detect_document_text start_document_analysis
    start_document_text_detection start_expense_analysis start_lending_analysis""",
    "transcribe": "start_call_analytics_job start_medical_transcription_job start_transcription_job",
    "translate": "start_text_translation_job translate_document translate_text",
}
_ANALYSER_OF = {method: service for service, methods in ANALYSERS.items() for method in methods.split()}


def _names_model(value: Value) -> bool:
    """Whether a value names a model of Bedrock somewhere in it."""
    if isinstance(value, MapValue):
        return any(
            key in MODEL_ARGUMENTS or _names_model(entry.value) for key, entry in value.entries.items()
        )
    if isinstance(value, ListValue):
        return any(map(_names_model, value.items))
    return isinstance(value, Choice) and (_names_model(value.yes) or _names_model(value.no))


def _service_of(method: str, site: Site) -> str | None:
    """The service of an unknown client, by a method that no other has, and its arguments."""
    analyser = _ANALYSER_OF.get(method)
    if analyser is not None and all(name[:1].isupper() for name in site.named):
        return analyser
    return _SERVICE_OF.get(method)


class ServiceCall(NamedTuple):
    """One call of a client: of which service, which method, with which arguments, and its place.

    tried: whether another call is made where it fails.
    """

    service: str
    method: str
    arguments: Mapping[str, tuple[Span, Value]]
    span: Span
    tried: bool = False

    def as_value(self) -> MapValue:
        """The call as a value of what runs the program."""
        arguments = {name: Entry(place, value, name) for name, (place, value) in self.arguments.items()}
        return MapValue(
            {
                "Service": Entry(self.span, Scalar(self.service, self.span), "Service"),
                "Method": Entry(self.span, Scalar(self.method, self.span), "Method"),
                "Arguments": Entry(self.span, MapValue(arguments, self.span), "Arguments"),
                **({TRIED: Entry(self.span, Scalar(True, self.span), TRIED)} if self.tried else {}),
            },
            self.span,
        )


def followed(
    file: Path, unit: Unit, root: Path, variables: Mapping[str, Value], layers: Sequence[Path] = ()
) -> tuple[tuple[ServiceCall, ...], list[str]]:
    """The calls of a program in a file, and the modules that were read for it.

    variables: the environment variables that it runs with. layers: folders from which it imports as well.
    """
    recorder = _Recorder(variables)
    modules = Modules(file, root, {}, layers=layers)
    evaluator = Evaluator(modules, Files(file, root), (recorder.table,))
    evaluator.steps = STEPS_LIMIT - HANDLER_STEPS_LIMIT
    with suppress(OutOfBudgetError, RecursionError):  # what was found up to there is true
        evaluator.program([unit], unit.source.path)
    return tuple(recorder.calls), modules.sources


class _Recorder:
    """Records the calls of boto3's clients in a program."""

    def __init__(self, variables: Mapping[str, Value]) -> None:
        self.calls: list[ServiceCall] = []
        self._variables = variables

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """The result of a call; None when it is none of boto3's."""
        if path in _CLIENTS:
            return self.client(core, site)
        if path in _SESSIONS:
            return _Session(core, self)
        if path in READS:
            name = key_text(site.positional[0]) if site.positional else None
            return self._variables.get(name) if name is not None else None
        if (named := model_arguments(path)) is not None:
            self.note_model(core, path, named, site)
            return None
        if path.startswith("?.") and site.named and (service := _service_of(path[2:], site)) is not None:
            self.note(core, service, path[2:], site)
        return None

    def client(self, core: Core, site: Site) -> PyValue | None:
        """`client("bedrock-runtime")`."""
        given = site.value("service_name", 0)
        service = key_text(given) if given is not None else None
        if service is None:
            return None
        return _Client(core, self, service)

    def note_model(self, core: Core, path: str, names: tuple[str, ...], site: Site) -> None:
        """Writes down which model a library is given; whether it is invoked then is not followed."""
        found = next(((name, site.named[name]) for name in names if name in site.named), None)
        if found is None or len(self.calls) >= HANDLER_CALLS_LIMIT:
            return
        name, argument = found
        value = bare_model(path, frozen(core, argument.value, site.span))
        if value is None:
            return
        call = ServiceCall("bedrock-runtime", "", {name: (argument.span, value)}, site.source.span(site.node))
        if call not in self.calls:
            self.calls.append(call)

    def note(self, core: Core, service: str, method: str, site: Site) -> None:
        """Writes a call down."""
        if len(self.calls) >= HANDLER_CALLS_LIMIT:
            return
        starts = (service, method) in _STARTING
        configures = service in _CONFIGURING and not method.startswith(_NOT_INVOKING)
        arguments = {
            name: (argument.span, value)
            for name, argument in site.named.items()
            if name in _KEPT or configures or starts
            for value in (frozen(core, argument.value, site.span),)
            if name in _KEPT or starts or name == _ANSWERED_WITH or _names_model(value)
        }
        tried = bool(arguments) and has_alternative(site.source.text, site.node)
        call = ServiceCall(service, method, arguments, site.source.span(site.node), tried)
        if call not in self.calls:
            self.calls.append(call)


class _Session(Handle):
    """`boto3.Session(...)`."""

    __slots__ = ("core", "recorder")

    def __init__(self, core: Core, recorder: _Recorder) -> None:
        self.core = core
        self.recorder = recorder

    def call(self, name: str, site: Site) -> PyValue | None:
        """`client`."""
        return self.recorder.client(self.core, site) if name == "client" else None


class _Client(Handle):
    """A client of one service."""

    __slots__ = ("core", "recorder", "service")

    def __init__(self, core: Core, recorder: _Recorder, service: str) -> None:
        self.core = core
        self.recorder = recorder
        self.service = service

    def call(self, name: str, site: Site) -> PyValue | None:
        """A call of the service."""
        self.recorder.note(self.core, self.service, name, site)
        return None
