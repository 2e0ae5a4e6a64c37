"""Whether training reports the metrics that a tuning job follows only once, when it has ended."""

import ast
import re
from collections.abc import Iterator, Sequence

from mlwa_lint.files.texts import is_test
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.syntax.notebook import statements_of
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError, last_name
from mlwa_lint.frontends.python.uses.project import Uses
from mlwa_lint.model.resources import REPORTED_ONCE
from mlwa_lint.model.values import Entry, MapValue, Scalar, Value, known_text
from mlwa_lint.startup.records import NamedTuple

_TUNING = "AWS::SageMaker::HyperParameterTuningJob"
_DEFINED = re.compile(rb"[\"']Regex[\"']\s*:\s*[rR]?([\"'])(.*?)\1")
_NAMED = re.compile(
    rb"[\"']Name[\"']\s*:\s*([\"'])(.{0,500}?)\1\s*,\s*[\"']Regex[\"']\s*:\s*[rR]?([\"'])(.*?)\3"
)
_ENTRY = re.compile(rb"\b(?:entry_point|sagemaker_program)[\"']?\s*[=:]\s*[\"']([^\"'\s]+\.py)[\"']")
_OBJECTIVE = re.compile(rb"\bobjective_metric_name\s*=\s*[\"']([^\"'\s]+)[\"']")
# What of a regular expression is not literal text.
_SPECIAL = re.compile(r"\\+.|\[[^\]]*\]|[(){}.*+?^$|]")
_LEAST_KNOWN = 4
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def note_metrics(created: Sequence[Created], uses: Uses) -> None:
    """Notes of tuning jobs that nothing can stop early: no metric is reported before the end."""
    for each in created:
        steps = uses.steps_of(each.span.path) if each.kind == _TUNING else None
        if steps is None:
            continue
        texts = _followed(uses.texts[steps], _objective(each))
        script = _script(uses.texts[steps])
        files = [
            [
                uses.texts[found]
                for found in uses.containing(text)
                if found != steps
                and script in ("", found[-1])
                and found[-1].endswith(".py")
                and not is_test(found)
                and not _is_followed_by(text, uses.texts[found])
            ]
            for text in texts
        ]
        if texts and all(
            (once := [_is_once(text, content) for content in found]) and False not in once and True in once
            for text, found in zip(texts, files, strict=True)
        ):
            each.attributes[REPORTED_ONCE] = Entry(each.span, Scalar(True, each.span))


def _objective(tuning: Created) -> str:
    """The metric by which a tuning job compares its candidates, where it is known."""
    value: Value | None = tuning.value("HyperParameterTuningJobConfig")
    for key in ("HyperParameterTuningJobObjective", "MetricName"):
        entry = value.entries.get(key) if isinstance(value, MapValue) else None
        value = None if entry is None else entry.value
    return "" if value is None else known_text(value) or ""


def _script(content: bytes) -> str:
    """The name of the only script that a program has run, where it names no more; empty elsewhere."""
    found = {each.rpartition(b"/")[2].decode("utf-8", "replace") for each in _ENTRY.findall(content)}
    return found.pop() if len(found) == 1 else ""


def _followed(content: bytes, objective: str) -> list[str]:
    """What the lines contain by which tuning reads its objective; of all metrics where that is not known."""
    if not objective and len(stated := set(_OBJECTIVE.findall(content))) == 1:
        objective = stated.pop().decode("utf-8", "replace")
    defined = [(name.decode("utf-8", "replace"), pattern) for _, name, _, pattern in _NAMED.findall(content)]
    if not defined and ":" in objective and _ENTRY.search(content):
        # XGBoost's container reads `validation:auc` from lines such as `validation-auc:0.91`.
        return [objective.replace(":", "-", 1)]
    patterns = [pattern for name, pattern in defined if name == objective]
    patterns = patterns or [pattern for _, pattern in _DEFINED.findall(content)]
    return [text for pattern in patterns if (text := _literal(pattern))]


def _literal(pattern: bytes) -> str:
    """The longest text that a regular expression contains as it is; empty where it is short."""
    pieces = _SPECIAL.split(pattern.decode("utf-8", "replace"))
    longest = max((piece.strip() for piece in pieces), key=len)
    return longest if len(longest) >= _LEAST_KNOWN else ""


def _is_followed_by(text: str, content: bytes) -> bool:
    """Whether a program has jobs follow the metric too: what it prints of it, it has read of a job."""
    return any(text in _literal(pattern) for _, pattern in _DEFINED.findall(content))


def _is_once(text: str, content: bytes) -> bool | None:
    """Whether a program writes a text outside of loops alone, also by those that call what writes it.

    None where it does not write the text: `test_loss=` is a keyword, too.
    """
    try:
        body = statements_of(content.decode("utf-8-sig", "replace"))
    except PythonSyntaxError:
        return False
    places = [each for statement in body for each in _nodes(statement, _Place(False, None))]
    waiting = [
        place
        for node, place in places
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and text in node.value
    ]
    methods = {
        each.name
        for node, _ in places
        for each in (node.body if isinstance(node, ast.ClassDef) else ())
        if isinstance(each, _FUNCTIONS)
    }
    seen: set[str] = set()
    if not waiting:
        return None
    while waiting:
        place = waiting.pop()
        if place.in_loop:
            return False
        if place.function is None or place.function in seen:
            continue
        seen.add(place.function)
        calls = [
            where
            for node, where in places
            if isinstance(node, ast.Call)
            and last_name(node.func) == place.function
            # `model.train()` is no call of a function of this name.
            and (isinstance(node.func, ast.Name) or place.function in methods)
        ]
        if not calls:
            return False  # who calls it, and how often, is not known
        waiting += calls
    return True


class _Place(NamedTuple):
    """Where something is: whether in a loop of its function, and in which function."""

    in_loop: bool
    function: str | None


def _nodes(node: ast.AST, place: _Place) -> Iterator[tuple[ast.AST, _Place]]:
    yield node, place
    if isinstance(node, _FUNCTIONS):
        below = _Place(False, node.name)
    elif isinstance(node, _LOOPS):
        below = _Place(True, place.function)
    else:
        below = place
    for child in ast.iter_child_nodes(node):
        yield from _nodes(child, below)
