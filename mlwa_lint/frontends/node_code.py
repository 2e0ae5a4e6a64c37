"""What functions in JavaScript and TypeScript request of AWS, as far as their text proves it.

Nothing is parsed or followed: a command that the text creates from a client that it imports is called, and a
program whose texts do not mention a model, and which loads only harmless packages, invokes none.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import is_file, read_text
from mlwa_lint.frontends.node_calls import INVOKED_BY, calls_in
from mlwa_lint.frontends.node_clients import without_idle_clients
from mlwa_lint.frontends.node_events import catches_everything
from mlwa_lint.frontends.node_modules import reached
from mlwa_lint.frontends.python.callers import checks_callers, verifies_signatures
from mlwa_lint.frontends.python.handlers import HandlerCalls, texts_beside
from mlwa_lint.frontends.python.limits import HANDLER_CALLS_LIMIT, SOURCE_LIMIT
from mlwa_lint.frontends.python.words import AI_WORDS, PROMPTING_WORDS
from mlwa_lint.frontends.stored_secrets import variables_for_names
from mlwa_lint.model.resources import BEDROCK, ENDPOINTS, INFERENCE, JOBS, ONWARD, PROMPTING, UPLOADS, WORK
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Value
from mlwa_lint.startup.patterns import folded, lazy, whole

ENDINGS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_DECLARATIONS = (".d.ts", ".test.ts", ".test.js", ".spec.ts", ".spec.js")
_INSTALLED = "node_modules"
_LAYER = "/opt/nodejs/"
# Texts whose clients have been looked at: kinds of calls are asked about one after another.
_REMEMBERED = 32
# Comments go, texts stay: `//` in an address is none.
_COMMENT = lazy(
    r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*(?:`|\Z))|//[^\n]*|/\*.*?(?:\*/|\Z)""",
    re.DOTALL,
)
_BEDROCK_WORDS = r"bedrock|anthropic|langchain|llamaindex|strands|openai|agentcore|@ai-sdk|genkit"
_WORDS = {
    INFERENCE: folded(rf"{_BEDROCK_WORDS}|sagemaker|{AI_WORDS}|lexruntime|invoke_?endpoint|predict"),
    BEDROCK: folded(rf"{_BEDROCK_WORDS}|converse|invoke_?model"),
    PROMPTING: folded(
        rf"{PROMPTING_WORDS}|async_?invoke|invocation_?job|(?:evaluation|customization)_?job|optimize_?prompt"
        r"|llamaindex|@ai-sdk|genkit"
    ),
    JOBS: folded(
        rf"{_BEDROCK_WORDS}|sagemaker|personalize|forecast|frauddetector|comprehend|rekognition|lookout"
    ),
    ENDPOINTS: folded(r"sagemaker|invoke_?endpoint"),
    WORK: folded(r"sagemaker|personalize|frauddetector|feature_?store|human_?loop"),
}
# Whom a program may hand its work to.
_ONWARD = folded(
    rf"lambda|invoke|step_?functions|{whole('sfn')}|start_?(?:execution|sync_?execution|build|query)|submit_?job|run_?task"
    r"|event_?bridge|put_?(?:events|record)|\.\s*(?:send|post|put|publish|emit)\w*\s*\(|fetch\s*\("
    r"|[\"'`](?:post|put)[\"'`]|https?\.request|child_process|graphql|mqtt|iot"
)
_LOADED = lazy(r"""(?:\bfrom|\brequire\s*\(|\bimport(?:\s*\()?)\s*["']([^"'\n]+)["']""")
_OPEN = lazy(r"\brequire\s*\(\s*[^\"'\s)]|\bimport\s*\(\s*[^\"'\s)]|\beval\s*\(|new\s+Function\s*\(")
# Packages that call no model themselves; what the SDK of AWS is used for shows in the words.
_HARMLESS = lazy(
    r"node:|\.|@aws-sdk/|@aws-lambda-powertools/|@middy/|@smithy/|@types/"
    r"|(?:assert|async_hooks|aws-lambda|aws-sdk|aws-xray-sdk(?:-core)?|axios|buffer|cfn-response(?:-async)?"
    r"|athena-express|child_process|crypto|date-fns"
    r"|dayjs|dotenv|events|express|fs|http|https|jsonwebtoken|lodash|moment|mysql2?|node-fetch|os|path|pg|process"
    r"|querystring|serverless-http|source-map-support|stream|timers|tslib|ulid|url|util|uuid|zlib|zod)(?:/.*)?$"
)
# What empties a bucket when a custom resource is deleted, and the properties of that which it reads.
_ON_DELETION = lazy(r"""["'`]Delete["'`]""")
_LISTS = lazy(r"\b[lL]istObject(?:s(?:V2)?|Versions)(?:Command)?\s*\(|\bpaginateListObject")
_DELETES = lazy(r"\bdeleteObjects?\s*\(|\bDeleteObjects?Command\b")
_PREFIX = "Prefix"
_LIMITS = lazy(r"\bPrefix\b")
_STATES_PREFIX = lazy(r"""\bPrefix["']?\s*:\s*["'`]""")
_QUERIES = lazy(r"\bStartQueryExecutionCommand\s*\(|\.startQueryExecution\s*\(")
_PROPERTY = lazy(r"""\bResourceProperties\??(?:\.|\[\s*["'])(\w+)""")
_TAKEN = lazy(r"\{([^{}=]*)\}\s*=\s*[\w$.]*\bResourceProperties\b")
_HELD = lazy(r"\b([\w$]+)\s*=\s*[\w$.]*\bResourceProperties\s*[;,\n]")


def calls_of_node(
    file: Path,
    folder: Path,
    root: Path,
    variables: Mapping[str, Value],
    handler: str = "",
    layers: Sequence[Path] = (),
) -> HandlerCalls | None:
    """What a program in a file requests; None where there is no such program.

    folder: what is deployed with it. variables: the environment variables that it runs with. layers: the
    folders that Lambda puts at `/opt/nodejs`.
    """
    found = next(
        (each for each in _candidates(file) if is_file(each) and inside(each, root) is not None), None
    )
    if found is None:
        return None
    try:
        text = read_text(found, SOURCE_LIMIT)
    except (OSError, ValueError):
        return None
    beside = texts_beside(folder, found, root, _is_source)
    texts = reached(shown(found), {shown(found): text, **(beside or {})})
    loaded = frozenset(_in_layers(texts.values(), layers, root))
    for layer in layers if loaded else ():
        packed = texts_beside(layer, found, root, _is_source)
        loaded = loaded if packed else frozenset()
        texts.update(packed or {})
    whole = beside is not None and all(_stays_below(folder, path, each) for path, each in texts.items())
    return _calls_in(texts, variables, whole, None, handler, loaded)


def _in_layers(texts: Iterable[str], layers: Sequence[Path], root: Path) -> Iterator[str]:
    """The names by which programs load what is in layers: `/opt/nodejs/clients`."""
    for name in {each for text in texts for each in _LOADED.findall(text)} if layers else ():
        rest = name.removeprefix(_LAYER)
        if rest == name:
            continue
        places = [file for layer in layers for file in (layer / rest, layer / rest / "index")]
        files = (each for place in places for each in _candidates(place))
        if any(is_file(each) and inside(each, root) is not None for each in files):
            yield name


def _stays_below(folder: Path, path: str, text: str) -> bool:
    """Whether a program loads nothing of its own from outside of what is deployed, as a bundler lets it."""
    top = os.path.normpath(shown(folder))
    loaded = (name for name in _LOADED.findall(text) if name.startswith(".."))
    places = (os.path.normpath(Path(path).parent / name) for name in loaded)
    return all(place == top or place.startswith(f"{top}/") for place in places)


def calls_of_inline_node(
    text: str, path: str, at: Span, variables: Mapping[str, Value], handler: str = ""
) -> HandlerCalls:
    """What a program in a template requests."""
    return _calls_in({path: text}, variables, True, at, handler)


def _candidates(file: Path) -> Iterator[Path]:
    if file.suffix in ENDINGS:
        yield file
    for ending in ENDINGS:
        yield file.with_name(f"{file.name}{ending}")


def _is_source(steps: tuple[str, ...]) -> bool:
    name = steps[-1]
    return name.endswith(ENDINGS) and not name.endswith(_DECLARATIONS) and _INSTALLED not in steps


def _calls_in(
    texts: Mapping[str, str],
    variables: Mapping[str, Value],
    whole: bool,
    at: Span | None,
    called: str,
    own: frozenset[str] = frozenset(),
) -> HandlerCalls:
    plain = {path: _without_comments(text) for path, text in texts.items()}
    every = (call for path, text in plain.items() for call in calls_in(path, text, variables, at))
    calls = tuple(islice(every, HANDLER_CALLS_LIMIT))
    known = whole and all(_loads_nothing_else(text, own) for text in plain.values())
    silent = [
        kind
        for kind, words in _WORDS.items()
        if known and not any(_mentions(words, text, kind) for text in plain.values())
    ]
    read = (
        tuple(name for name in variables if any(name in text for text in plain.values())) if whole else None
    )
    complete = len(silent) == len(_WORDS)
    if known and PROMPTING not in silent:
        from mlwa_lint.frontends.python.embedding import embeds_alone

        silent += [PROMPTING] if embeds_alone(calls, plain.values(), _WORDS[PROMPTING]) else []
    if INFERENCE in silent:
        silent.append(UPLOADS)
    if known and not any(_ONWARD.search(text) for text in plain.values()):
        silent.append(ONWARD)
    handler = next(iter(plain))
    emptied = dict.fromkeys(key for text in plain.values() if _empties(text) for key in _properties_in(text))
    return HandlerCalls(
        calls,
        complete,
        tuple(texts),
        tuple(silent),
        read,
        checks_callers(plain, handler) if whole else None,
        signed=whole and verifies_signatures(plain, handler),
        empties=tuple(emptied),
        naming=variables_for_names(plain.values()),
        catches=catches_everything(plain[handler], called),
        queries=any(_QUERIES.search(text) is not None for text in plain.values()),
    )


def _mentions(words: re.Pattern[str], text: str, kind: str) -> bool:
    """Whether a text has one of some words, apart from clients that certainly do nothing of a kind."""
    if words.search(text) is None:
        return False
    return words.search(_working(text, kind in (JOBS, WORK))) is not None


@lru_cache(maxsize=_REMEMBERED)
def _working(text: str, starting: bool) -> str:
    """A text without clients that do nothing: the same for several kinds of calls."""
    return without_idle_clients(text, starting, INVOKED_BY)


def _empties(text: str) -> bool:
    """Whether a program deletes whatever is in a bucket when a custom resource is deleted."""
    if not _ON_DELETION.search(text) or _STATES_PREFIX.search(text):
        return False
    if _LIMITS.search(text) and _PREFIX not in _properties_in(text):  # one that the resource need not state
        return False
    return bool(_LISTS.search(text) and _DELETES.search(text))


def _properties_in(text: str) -> Iterator[str]:
    """The properties of a custom resource that a program reads."""
    yield from _PROPERTY.findall(text)
    for names in _TAKEN.findall(text):
        yield from (name.partition(":")[0].strip() for name in names.split(","))
    for holder in _HELD.findall(text):
        yield from re.findall(rf"""(?<![\w$.]){re.escape(holder)}(?:\.|\[\s*["'])(\w+)""", text)


def _without_comments(text: str) -> str:
    """The text with its lines as they are, and blanks where comments are."""

    def blank(match: re.Match[str]) -> str:
        return match[1] if match[1] is not None else re.sub(r"[^\n]", " ", match[0])

    return _COMMENT.sub(blank, text)


def _loads_nothing_else(text: str, own: frozenset[str]) -> bool:
    if _OPEN.search(text) is not None:
        return False
    return all(name in own or _HARMLESS.match(name) is not None for name in _LOADED.findall(text))
