"""Airflow: the operators of a DAG that make resources of SageMaker, by the requests that they are given."""

import re
from collections.abc import Iterator, Mapping

from mlwa_lint.frontends.python.boto3.clients import Boto3Client
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import FunctionObj, KeywordArgument, PyValue, Site
from mlwa_lint.frontends.python.ledger import Ledger
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import OF_DAG
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Entry,
    ListValue,
    MapValue,
    Scalar,
    TextPart,
    Unknown,
    Value,
    known_text,
)
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_PACKAGE = "airflow."
# What operators make with their argument `config`: methods of the client by the parts of the request that
# they belong to. One method alone is given the whole request.
_OPERATORS: Mapping[str, Mapping[str, str]] = {
    "SageMakerEndpointConfigOperator": {"": "create_endpoint_config"},
    "SageMakerEndpointOperator": {
        "Model": "create_model",
        "EndpointConfig": "create_endpoint_config",
        "Endpoint": "create_endpoint",
        "": "create_endpoint",
    },
    "SageMakerModelOperator": {"": "create_model"},
    "SageMakerProcessingOperator": {"": "create_processing_job"},
    "SageMakerTrainingOperator": {"": "create_training_job"},
    "SageMakerTransformOperator": {
        "Model": "create_model",
        "Transform": "create_transform_job",
        "": "create_transform_job",
    },
    "SageMakerTuningOperator": {"": "create_hyper_parameter_tuning_job"},
}
_CALLING = ("PythonOperator", "PythonVirtualenvOperator", "ExternalPythonOperator")
_PUSHES = ".xcom_push"
# What one task hands to another: `{{ ti.xcom_pull(task_ids='configure', key='training') }}`.
_PULLED = lazy(r"\{\{\s*(?:ti|task_instance)\.xcom_pull\(([^{}]*)\)\s*\}\}")
_ARGUMENT = lazy(r"(task_ids|key)\s*=\s*[\"']([^\"']+)[\"']")
_RETURNED = "return_value"
_TEMPLATE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
_RENDERED = "Airflow fills it in when the DAG runs"


class _Task(NamedTuple):
    """An operator of SageMaker, where it is created."""

    makes: Mapping[str, str]
    site: Site
    guards: tuple[Guard, ...]
    entry: int


class Airflow:
    """Knows the operators of DAGs, and writes down what they make."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._tasks: list[_Task] = []
        self._functions: dict[str, FunctionObj] = {}
        self._pushed: dict[str, PyValue] = {}

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """Nothing: an operator gives no value, but what it makes is remembered."""
        if path.endswith(_PUSHES):
            key, value = site.value("key", 0), site.value("value", 1)
            name = known_text(key) if isinstance(key, Scalar) else None
            if name is not None and value is not None:
                self._pushed[name] = value
            return None
        if not path.startswith(_PACKAGE):
            return None
        name = path.rpartition(".")[2]
        makes = _OPERATORS.get(name)
        if makes is not None and core.recording:
            self._tasks.append(_Task(makes, site, core.guards, core.entry))
        elif name in _CALLING:
            called, task = site.value("python_callable"), site.value("task_id")
            title = known_text(task) if isinstance(task, Scalar) else None
            if isinstance(called, FunctionObj) and title is not None:
                self._functions[title] = called
        return None

    def finish(self, core: Core) -> None:
        """Writes down what the operators make, once all is known that tasks hand to others."""
        for task in self._tasks:
            core.guards, core.entry = task.guards, task.entry
            given = task.site.value("config")
            if given is not None:
                self._make(core, task, self._request(core, given, task.site.span))
        core.guards = ()

    def _make(self, core: Core, task: _Task, request: Value) -> None:
        client = Boto3Client(core, self._ledger, "sagemaker", None)
        before = len(self._ledger.created)
        for method, part in dict(_parts(task.makes, request)).items():
            entries = part.entries.items() if isinstance(part, MapValue) else ()
            named = {key: KeywordArgument(each.key_span, each.value) for key, each in entries}
            rest = part.rest if isinstance(part, MapValue) else part if isinstance(part, Unknown) else None
            client.call(method, task.site._replace(positional=(), named=named, rest=rest))
        for made in self._ledger.created[before:]:
            made.attributes[OF_DAG] = Entry(made.span, Scalar(True, made.span))

    def _request(self, core: Core, given: PyValue, span: Span) -> Value:
        """The request that an operator is given, at once or by a task before it."""
        value = frozen(core, given, span)
        text = known_text(value)
        pulled = _PULLED.fullmatch(text.strip()) if text is not None else None
        if pulled is not None:
            arguments: dict[str, str] = dict(_ARGUMENT.findall(pulled[1]))
            handed = self._handed(core, arguments.get("task_ids", ""), arguments.get("key", _RETURNED), span)
            if handed is not None:
                value = frozen(core, handed, span)
        return _filled_in(value, span)

    def _handed(self, core: Core, task: str, key: str, span: Span) -> PyValue | None:
        """What a task hands on by a key: what its function returns, or pushes."""
        function = self._functions.get(task)
        if key != _RETURNED or function is None:
            return self._pushed.get(key)
        unknown = core.unknown(_RENDERED, span, present=True)
        arguments = function.node.args
        lacking = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        named = {
            each.arg: KeywordArgument(span, unknown) for each in lacking if each.arg not in function.defaults
        }
        rest = Unknown(_RENDERED, span) if arguments.vararg or arguments.kwarg else None
        return core.call(function, self._tasks[0].site._replace(positional=(), named=named, rest=rest))


def _parts(makes: Mapping[str, str], request: Value) -> Iterator[tuple[str, Value]]:
    """The methods that are called, each with its part of a request."""
    named = [key for key in makes if key and isinstance(request, MapValue) and key in request.entries]
    for key in named:
        yield makes[key], request.entries[key].value  # type: ignore[union-attr]
    if not named:
        yield makes[""], request


def _filled_in(value: Value, span: Span) -> Value:
    """A value whose templates are not known: Airflow renders all texts of a request."""
    if isinstance(value, MapValue):
        entries = {
            key: Entry(each.key_span, _filled_in(each.value, each.key_span), key)
            for key, each in value.entries.items()
        }
        return value._replace(entries=entries)
    if isinstance(value, ListValue):
        return value._replace(items=tuple(_filled_in(each, span) for each in value.items))
    text = known_text(value) if isinstance(value, Scalar) else None
    if text is None or _TEMPLATE.search(text) is None:
        return value
    place = value.span or span
    parts: list[TextPart] = []
    for piece in filter(None, _TEMPLATE.split(text)):
        is_open = _TEMPLATE.fullmatch(piece) is not None
        parts.append(Unknown(_RENDERED, place, identity=piece, present=True) if is_open else piece)
    return Unknown(_RENDERED, place, tuple(parts), identity=text, present=True, assumed=value.assumed)
