"""What the program of a function requests of AWS: the calls of boto3's clients that it makes."""

import ast
import os
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import is_file, note, read_text, tree
from mlwa_lint.frontends.python.athena import runs_queries
from mlwa_lint.frontends.python.callers import checks_callers, verifies_signatures
from mlwa_lint.frontends.python.imported import imported_from, imports_in
from mlwa_lint.frontends.python.limits import HANDLER_FILES_LIMIT, SOURCE_LIMIT
from mlwa_lint.frontends.python.syntax.parse import parse
from mlwa_lint.frontends.python.syntax.reader import unit_of
from mlwa_lint.frontends.python.syntax.source import PythonSource, PythonSyntaxError, Unit
from mlwa_lint.frontends.python.words import (
    AI_WORDS,
    BEDROCK_CLIENT,
    HARMLESS,
    OPEN_CLIENT,
    PROMPTING_WORDS,
    effective,
)
from mlwa_lint.model.resources import (
    BEDROCK,
    BEYOND_STORES,
    ENDPOINTS,
    INFERENCE,
    JOBS,
    JUDGING,
    ONWARD,
    PROMPTING,
    UPLOADS,
    WORK,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Value
from mlwa_lint.startup.patterns import folded, lazy
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.frontends.python.service_calls import ServiceCall

# … not as words of a sentence: "a forecast for tomorrow", "personalized offers".
_SERVICE_WORDS = rf"sagemaker|human_?loop|(?:{AI_WORDS})(?!d?\s+[a-z])"
# Words of which a program that invokes a model, or uses a service that has ended, must have one.
_WORDS = folded(
    rf"bedrock|{_SERVICE_WORDS}"
    r"|invoke_?endpoint|anthropic|langchain|llama_?index|strands|litellm|openai|lex-models|lookoutmetrics"
)
# … those of which it needs one to invoke an endpoint or an AI service, for Bedrock, and to start jobs.
_BEDROCK_WORDS = rf"{BEDROCK_CLIENT}|anthropic|langchain|llama_?index|strands|litellm|openai"
# What programs hand something on by, and how methods begin that do, or keep it in a table or a bucket.
_OTHERS = (
    r"[\"'](?:apigateway\w*|appsync|batch|codebuild|ecs|events|firehose|glue|iot-?\w*|kinesis|lambda|pipes"
    r"|scheduler|sns|sqs|ssm|stepfunctions)[\"']"
    r"|\.(?:put|post|publish|send)\(|urllib|requests|httpx|aiohttp|http\.client|socket|subprocess|graphql"
    r"|getattr\("
)
_HANDING = r"\b(?:put|upload|update|batch_write|transact|send|publish|start)_"
_OPEN = lazy(OPEN_CLIENT)
_NARROWER = {
    INFERENCE: folded(
        rf"{_BEDROCK_WORDS}|sagemaker[-_.]?runtime|runtime\.sagemaker|invoke|invocation_job|predict(?!ive|ion)"
        rf"|{AI_WORDS}|(?:from|import) sagemaker|getattr\("
    ),
    BEDROCK: folded(rf"{_BEDROCK_WORDS}|converse|invoke_model|invocation_job"),
    PROMPTING: folded(
        rf"{PROMPTING_WORDS}|async_invoke|invocation_job|(?:evaluation|customization)_job|optimize_prompt"
        r"|chat_?bedrock|bedrock_?(?:llm|chat)|llama_?index|litellm|getattr\("
    ),
    JOBS: folded(
        r"(?:from|import) sagemaker|estimator|start_pipeline_execution|update_endpoint"
        r"|getattr\(|create_(?:auto|batch_inference|document_cl|endpoint|entity_r|evaluation_job|forecast|hyper|model"
        r"|batch_segment_job|batch_prediction_job|campaign|model_version|predictor|processing_job|project_version"
        r"|recommender|solution_version|training_job|transform_job)"
    ),
    WORK: folded(
        r"feature_?store|human_?loop|a2i|send_event|put_(?:action|event|item|user)|personalize-events"
        r"|(?:from|import) sagemaker|getattr\("
    ),
    # Only a client of such a service analyses anything: its name is a text of the program's own.
    UPLOADS: folded(rf"[\"'](?:rekognition|textract|transcribe|comprehend)|{OPEN_CLIENT}|getattr\("),
    ONWARD: folded(rf"{_OTHERS}|{_HANDING}"),
    BEYOND_STORES: folded(rf"{_OTHERS}|{_HANDING}(?!items?\b|object\b|file(?:obj)?\b)"),
    ENDPOINTS: folded(rf"sagemaker|invoke_?endpoint|{OPEN_CLIENT}|getattr\("),
    # Measures and what they are compared with, approvals, and results that are read from somewhere.
    JUDGING: folded(
        r"metric|accura|precision|recall|f1|auc|r2|rmse|mse|mae|loss|score|error_rate|threshold|evaluat|validat"
        r"|baseline|better|compar|quality|approv|predict|transform|open\(|read_|get_object|download|getattr\("
        r"|[\"'](?:athena|cloudwatch|dynamodb|s3)[\"']|pandas|numpy|scipy|sklearn|wrangler"
    ),
}
_HANDLES = lazy(r"\bimport\b")
# What deletes all objects, or all versions, of a bucket; what a custom resource receives when it is deleted.
_EMPTIES = lazy(r"(?m)^[^#\n]*\.(?:objects|object_versions)\.(?:all|filter)\(\s*\)\.delete\(")
_LISTS = lazy(r"(?m)^[^#\n]*(?:list_object|\.(?:objects|object_versions)\.(?:all|filter)\(\s*\))")
_DELETES = lazy(r"(?m)^[^#\n]*\.delete(?:_objects?)?\(")
_LIMITS = lazy(r"\bPrefix\b|\bprefix=")
# Also as crhelper has it: `@helper.delete`.
_ON_DELETION = lazy(r"[\"']Delete[\"']|(?m:^[ \t]*@\w+\.delete[ \t]*(?:#|$))")
_VARIABLE = lazy(r"\b(?:environ(?:\.get\(|\[)|getenv\()\s*[\"'](\w+)[\"']")
_KEY = lazy(r"(?:\[|\bget\(|\bpop\()\s*[\"'](\w+)[\"']")
# The results for this many texts are remembered: the functions of a folder are deployed with the same ones.
_REMEMBERED = 2 * HANDLER_FILES_LIMIT


class HandlerCalls(NamedTuple):
    """All that is known of the calls of a program.

    complete: whether it certainly invokes no model, as nothing in it mentions one. sources: what was read.
    silent: the services that it certainly does not call, whatever else it calls. read: the environment
    variables that it names; None where not all of it is known. checks: whether it reads what callers present
    in a header and verifies it; None where neither that nor the contrary shows. empties: the keys that it
    reads, where it deletes all objects of a bucket when what calls it is deleted. signed: whether it
    certainly verifies how the service that calls it signs its requests. queries: whether it runs queries in
    Athena. naming: the environment variables by which it names stored secrets, or keys in them. catches:
    whether a program for Node.js catches every error.
    """

    calls: "tuple[ServiceCall, ...]"
    complete: bool
    sources: tuple[str, ...]
    silent: tuple[str, ...] = ()
    read: tuple[str, ...] | None = None
    checks: bool | None = None
    empties: tuple[str, ...] = ()
    signed: bool = False
    queries: bool = False
    naming: tuple[str, ...] = ()
    catches: bool = False


def calls_of_file(
    file: Path,
    folder: Path,
    root: Path,
    variables: Mapping[str, Value],
    handler: str = "",
    layers: Sequence[Path] = (),
) -> HandlerCalls | None:
    """What the program in a file requests of AWS; None where there is no such program.

    folder:    what is deployed with it. variables: the environment variables that it runs with. handler: the
    function in it that is called, where that is known; what others alone use does not count. layers: folders
    from which it imports as well.
    """
    if not is_file(file) or inside(file, root) is None:
        return None
    text = text_of(file)
    if text is None:
        return None
    text = _own_part(text, handler)
    beside = texts_beside(folder, file, root, _is_module) if folder != file else {}
    texts = imported_from(
        shown(file), {shown(file): text, **(beside or {}), **_in_layers(layers, file, root)}
    )
    return _calls_of(file, texts, root, variables, beside is not None, unit_of, layers)


def _in_layers(layers: Sequence[Path], file: Path, root: Path) -> dict[str, str]:
    """The modules of layers; those of one with too many are not known, as if it were elsewhere."""
    found: dict[str, str] = {}
    for folder in layers:
        found.update(texts_beside(folder, file, root, _is_in_layer) or {})
    return found


def _is_in_layer(steps: tuple[str, ...]) -> bool:
    """Whether a file is a module in the folder of a layer, and not in one of packages below it."""
    return _is_module(steps) and not (len(steps) > 1 and steps[0] == "lib")


def _own_part(text: str, handler: str) -> str:
    if not handler or not _mentions_one(text):
        return text
    from mlwa_lint.frontends.python.own_part import part_of

    return part_of(text, handler)


def text_of(file: Path) -> str | None:
    """The text of a program; None where there is none that can be read."""
    try:
        return read_text(file, SOURCE_LIMIT)
    except (OSError, ValueError):
        return None


def calls_inline(
    text: str,
    path: Path,
    at: Span,
    root: Path,
    variables: Mapping[str, Value],
    handler: str = "",
    layers: Sequence[Path] = (),
) -> HandlerCalls:
    """What a program in a template requests, at some place."""

    def read(name: str, text: str) -> Unit:
        return Unit(parse(text), _Inline(name, text, at))

    texts = {shown(path): _own_part(text, handler), **_in_layers(layers, path, root)}
    texts = imported_from(shown(path), texts) if layers else texts
    return _calls_of(path, texts, root, variables, True, read, layers)


class _Inline(PythonSource):
    """A text inside another: its lines are known where they are lines there too, columns are not."""

    def __init__(self, path: str, text: str, at: Span) -> None:
        super().__init__(path, text)
        self._at = at

    def _in_file(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        first = self._at.line + line
        # A block begins on the line after its mark.
        return self.lines(first, first) if self._at.end_line > first else self._at


def _calls_of(
    file: Path,
    texts: Mapping[str, str],
    root: Path,
    variables: Mapping[str, Value],
    whole: bool,
    read: Callable[[str, str], Unit],
    layers: Sequence[Path] = (),
) -> HandlerCalls:
    found = _found(file, texts, root, variables, whole, read, layers)
    named = (name for name in variables if any(name in text for text in texts.values()))
    emptying = "\n".join(text for text in texts.values() if _empties(text))
    queries = any(map(runs_queries, texts.values()))
    found = found._replace(empties=tuple(dict.fromkeys(_KEY.findall(emptying))), queries=queries)
    if any("ecret" in text for text in texts.values()):
        from mlwa_lint.frontends.stored_secrets import variables_for_names

        found = found._replace(naming=variables_for_names(texts.values()))
    if not whole:
        return found
    plain = dict(zip(texts, effective(texts.values()), strict=True))
    signed = verifies_signatures(plain, shown(file))
    # A placeholder reads no variable at all; what reads others than those that are given is none.
    read_by_name = (name for text in texts.values() for name in _VARIABLE.findall(text))
    names = tuple(dict.fromkeys((*named, *read_by_name)))
    return found._replace(read=names, checks=checks_callers(texts, shown(file)), signed=signed)


def _found(
    file: Path,
    texts: Mapping[str, str],
    root: Path,
    variables: Mapping[str, Value],
    whole: bool,
    read: Callable[[str, str], Unit],
    layers: Sequence[Path],
) -> HandlerCalls:
    sources = tuple(texts)
    stated = texts
    if any(map(_is_open, texts.values())):
        from mlwa_lint.frontends.python.named_clients import with_named_clients

        texts = with_named_clients(texts)
    words = list(texts.values())
    if any(map(_mentions_one, words)):
        words = effective(words)
    if not any(map(_mentions_one, words)):
        complete = whole and _imports_nothing_else(texts)
        # What defines no handler is a placeholder of code that is deployed later.
        is_program = any("def " in text for text in texts.values())
        passes_on = not is_program or any(_speaks_of(ONWARD, text) for text in words)
        further = not is_program or any(_speaks_of(BEYOND_STORES, text) for text in words)
        # … and so is what does nothing with its event: uploads are not analysed by it yet.
        unfinished = not any(_HANDLES.search(text) for text in texts.values())
        judges = not is_program or any(_speaks_of(JUDGING, text) for text in words)
        left_open = {ONWARD: passes_on, BEYOND_STORES: further, UPLOADS: unfinished, JUDGING: judges}
        silent = [each for each in _NARROWER if complete and not left_open.get(each)]
        return HandlerCalls((), complete, sources, tuple(silent))
    name = shown(file)
    silent = [each for each in _NARROWER if whole and not any(_speaks_of(each, text) for text in words)]
    if silent and not _imports_nothing_else(texts):
        silent = []
    try:
        unit = read(name, stated[name])
    except PythonSyntaxError:
        return HandlerCalls((), False, sources)
    from mlwa_lint.frontends.python.service_calls import followed

    calls, modules = followed(file, unit, Path(os.path.realpath(root)), variables, layers)
    if whole and PROMPTING not in silent and _imports_nothing_else(texts):
        from mlwa_lint.frontends.python.embedding import embeds_alone

        silent += [PROMPTING] if embeds_alone(calls, words, _NARROWER[PROMPTING]) else []
    # What could not be followed may call more: these words may be used there.
    return HandlerCalls(calls, False, tuple(dict.fromkeys((*sources, *modules))), tuple(silent))


@lru_cache(maxsize=_REMEMBERED)
def _empties(text: str) -> bool:
    """Whether a program deletes whatever is in a bucket, not only what it has put there under a prefix."""
    if not _ON_DELETION.search(text):
        return False
    listed = _LISTS.search(text) and _DELETES.search(text) and not _LIMITS.search(text)
    return bool(_EMPTIES.search(text) or listed)


@lru_cache(maxsize=_REMEMBERED)
def _is_open(text: str) -> bool:
    """Whether a program makes clients of services that its text does not show, or runs what is not seen."""
    return _OPEN.search(text) is not None


@lru_cache(maxsize=_REMEMBERED)
def _mentions_one(text: str) -> bool:
    """Whether a program has a word without which it invokes no model, and uses no service that has ended."""
    return _WORDS.search(text) is not None


@lru_cache(maxsize=2 * _REMEMBERED)
def _speaks_of(what: str, text: str) -> bool:
    """Whether a program has a word without which it makes no call of some kind."""
    return _NARROWER[what].search(text) is not None


def _imports_nothing_else(texts: Mapping[str, str]) -> bool:
    """Whether what is deployed with a program runs no code but its own and that of harmless modules."""
    own = {Path(each).stem for each in texts} | {part for each in texts for part in Path(each).parts}
    imported = map(_imported, texts.values())
    return all(names is not None and names <= HARMLESS | own for names in imported)


def _is_module(steps: tuple[str, ...]) -> bool:
    """Whether a file is a module of the program's own, and no copy of a well-known package."""
    return steps[-1].endswith(".py") and not (len(steps) > 1 and steps[0] in HARMLESS)


def texts_beside(
    folder: Path, file: Path, root: Path, is_wanted: Callable[[tuple[str, ...]], bool]
) -> dict[str, str] | None:
    """The texts that are deployed with a program; None where they are too many."""
    found: dict[str, str] = {}
    listed, probes = tree(folder)
    note(probes)
    if not listed:
        return None
    for steps in sorted(listed):
        path = folder.joinpath(*steps)
        if path == file or not is_wanted(steps):
            continue
        if len(found) >= HANDLER_FILES_LIMIT:
            return None
        try:
            if inside(path, root) is not None:
                found[shown(path)] = read_text(path, SOURCE_LIMIT)
        except (OSError, ValueError):
            return None
    return found


@lru_cache(maxsize=_REMEMBERED)
def _imported(text: str) -> frozenset[str] | None:
    """The modules that a program imports; None where it may run code that is not seen."""
    if _is_open(text):
        return None
    statements = imports_in(text)
    if statements is None:
        return None
    found: set[str] = set()
    for node in statements:
        if isinstance(node, ast.Import):
            found.update(each.name.partition(".")[0] for each in node.names)
        elif not node.level:
            found.add((node.module or "").partition(".")[0])
    return frozenset(found)
