"""What the program of a function asks of AWS: the calls of boto3's clients that it makes."""

import ast
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import is_file, note, read_text, tree
from mlwa_lint.frontends.python.evaluation.core import Core, OutOfBudgetError
from mlwa_lint.frontends.python.evaluation.evaluator import Evaluator
from mlwa_lint.frontends.python.evaluation.files import Files
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.modules import Modules
from mlwa_lint.frontends.python.evaluation.subscripts import key_text
from mlwa_lint.frontends.python.evaluation.values import Handle, PyValue, Site
from mlwa_lint.frontends.python.limits import (
    HANDLER_CALLS_LIMIT,
    HANDLER_FILES_LIMIT,
    HANDLER_STEPS_LIMIT,
    SOURCE_LIMIT,
    STEPS_LIMIT,
)
from mlwa_lint.frontends.python.syntax.parse import parse
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError, Source, Unit
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Value
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_CLIENTS = frozenset({"boto3.client", "boto3.DEFAULT_SESSION.client"})
_SESSIONS = frozenset({"boto3.Session", "boto3.session.Session", "boto3._get_default_session"})
_VARIABLES = frozenset({"os.environ.get", "os.getenv", "os.environ[]"})
# Arguments that say which model, endpoint, agent or guardrail is asked; the rest is what it is asked.
_KEPT = frozenset(
    {
        "EndpointName",
        "agentAliasId",
        "agentId",
        "agentRuntimeArn",
        "flowIdentifier",
        "guardrailConfig",
        "guardrailIdentifier",
        "guardrailVersion",
        "knowledgeBaseId",
        "modelId",
    }
)
# Clients that alone have these methods: what asks a client that is not known asks that one.
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
}
# Words of which a program that asks a model must have one.
_WORDS = lazy(
    r"(?i)bedrock|sagemaker|rekognition|textract|transcribe|comprehend|polly|translate|personalize|forecast"
    r"|invoke_?endpoint|anthropic|langchain|llama_?index|strands|litellm|openai"
)
# A client of which the text does not say whose it is, and what else may run code that is not seen.
_OPEN = lazy(
    r"(?:\.client|\bclient|\.resource)\(\s*[^\"')\s]|\bimport_module\(|\b__import__\(|\bexec\(|\beval\("
)
# Modules that ask no model: of Lambda's runtime, and well-known ones for other ends.
_HARMLESS = frozenset(sys.stdlib_module_names) | frozenset(
    [
        "PIL",
        "aws_lambda_powertools",
        "aws_xray_sdk",
        "boto3",
        "botocore",
        "cfnresponse",
        "crhelper",
        "dateutil",
        "jinja2",
        "jmespath",
        "jose",
        "jsonschema",
        "jwt",
        "numpy",
        "opensearchpy",
        "openpyxl",
        "pandas",
        "psycopg",
        "psycopg2",
        "pyarrow",
        "pydantic",
        "pymongo",
        "pymysql",
        "pypdf",
        "pytz",
        "redis",
        "requests",
        "requests_aws4auth",
        "s3fs",
        "s3transfer",
        "simplejson",
        "six",
        "typing_extensions",
        "urllib3",
        "yaml",
    ]
)


class ServiceCall(NamedTuple):
    """One call of a client: of which service, which method, with which arguments, and where it stands."""

    service: str
    method: str
    arguments: Mapping[str, tuple[Span, Value]]
    span: Span


class HandlerCalls(NamedTuple):
    """All that is known of the calls of a program.

    complete: whether it certainly asks no model, as nothing in it speaks of one. sources: what was read.
    """

    calls: tuple[ServiceCall, ...]
    complete: bool
    sources: tuple[str, ...]


def calls_of_file(
    file: Path, folder: Path, root: Path, variables: Mapping[str, Value]
) -> HandlerCalls | None:
    """What the program in a file asks of AWS; None where there is no such program.

    folder:    what is deployed with it. variables: the environment variables that it runs with.
    """
    if not is_file(file) or inside(file, root) is None:
        return None
    try:
        text = read_text(file, SOURCE_LIMIT)
    except (OSError, ValueError):
        return None
    beside = _texts(folder, file, root) if folder != file else {}
    return _calls_of(file, text, {shown(file): text, **(beside or {})}, root, variables, beside is not None)


def calls_inline(text: str, path: Path, at: Span, root: Path, variables: Mapping[str, Value]) -> HandlerCalls:
    """What a program asks that stands in a template, at some place."""
    source = _Inline(shown(path), text, at)
    return _calls_of(path, text, {shown(path): text}, root, variables, whole=True, source=source)


class _Inline(Source):
    """A text that stands in another: its lines are known where they are lines there too, columns are not."""

    def __init__(self, path: str, text: str, at: Span) -> None:
        super().__init__(path, text)
        self._at = at

    def _in_file(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        first = self._at.line + line
        # A block begins on the line after its mark.
        return self.lines(first, first) if self._at.end_line > first else self._at


def _calls_of(
    file: Path,
    text: str,
    texts: Mapping[str, str],
    root: Path,
    variables: Mapping[str, Value],
    whole: bool,
    source: Source | None = None,
) -> HandlerCalls:
    trees: dict[str, list[ast.stmt]] = {}
    for name, each in texts.items():
        try:
            trees[name] = parse(each)
        except PythonSyntaxError:
            whole = False
    name = shown(file)
    own = {Path(each).stem for each in texts} | {part for each in texts for part in Path(each).parts}
    whole = (
        whole and not _imports_unresolved(trees.values(), own) and not any(map(_OPEN.search, texts.values()))
    )
    if name not in trees:
        return HandlerCalls((), False, tuple(texts))
    if not any(map(_WORDS.search, texts.values())):
        return HandlerCalls((), whole, tuple(texts))
    recorder = _Recorder(variables)
    modules = Modules(file, Path(os.path.realpath(root)), {})
    evaluator = Evaluator(modules, Files(file, Path(os.path.realpath(root))), (recorder.table,))
    evaluator.steps = STEPS_LIMIT - HANDLER_STEPS_LIMIT
    with suppress(OutOfBudgetError, RecursionError):  # what was found up to there is true
        evaluator.program([Unit(trees[name], source or Source(name, text))], name)
    # What could not be followed may ask more: these words stand for something.
    return HandlerCalls(tuple(recorder.calls), False, tuple(dict.fromkeys((*texts, *modules.sources))))


def _texts(folder: Path, file: Path, root: Path) -> dict[str, str] | None:
    """The texts of all modules that are deployed with a program; None where they are too many."""
    found: dict[str, str] = {}
    listed, probes = tree(folder)
    note(probes)
    if not listed:
        return None
    for steps in sorted(listed):
        path = folder.joinpath(*steps)
        if not path.name.endswith(".py") or path == file:
            continue
        if len(found) >= HANDLER_FILES_LIMIT:
            return None
        try:
            if inside(path, root) is not None:
                found[shown(path)] = read_text(path, SOURCE_LIMIT)
        except (OSError, ValueError):
            return None
    return found


def _imports_unresolved(trees: Iterable[Sequence[ast.stmt]], own: set[str]) -> bool:
    """Whether a program imports what may ask a model by itself."""
    return any(name not in _HARMLESS and name not in own for body in trees for name in _imported(body))


def _imported(body: Sequence[ast.stmt]) -> Iterator[str]:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Import):
                yield from (each.name.partition(".")[0] for each in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield (node.module or "").partition(".")[0]


class _Recorder:
    """Writes down what a program asks of boto3's clients."""

    def __init__(self, variables: Mapping[str, Value]) -> None:
        self.calls: list[ServiceCall] = []
        self._variables = variables

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """The result of a call; None when it is none of boto3's."""
        if path in _CLIENTS:
            return self.client(core, site)
        if path in _SESSIONS:
            return _Session(core, self)
        if path in _VARIABLES:
            name = key_text(site.positional[0]) if site.positional else None
            return self._variables.get(name) if name is not None else None
        if path.startswith("?.") and (service := _SERVICE_OF.get(path[2:])) is not None and site.named:
            self.note(core, service, path[2:], site)
        return None

    def client(self, core: Core, site: Site) -> PyValue | None:
        """`client("bedrock-runtime")`."""
        given = site.value("service_name", 0)
        service = key_text(given) if given is not None else None
        if service is None:
            return None
        return _Client(core, self, service)

    def note(self, core: Core, service: str, method: str, site: Site) -> None:
        """Writes a call down."""
        if len(self.calls) >= HANDLER_CALLS_LIMIT:
            return
        arguments = {
            name: (argument.span, frozen(core, argument.value, site.span))
            for name, argument in site.named.items()
            if name in _KEPT
        }
        call = ServiceCall(service, method, arguments, site.source.span(site.node))
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
