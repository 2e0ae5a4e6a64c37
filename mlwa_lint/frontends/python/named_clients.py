"""Functions that make a client of boto3 by a name that all of their callers write out."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from mlwa_lint.frontends.python.syntax.parse import shared
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_MAKING = frozenset({"client", "resource"})
# Without it, a program passes no name of a service on.
_MAKES = lazy(r"\b(?:client|resource)[\s\\]*\(\s*(?![\"'\s])")
# The functions of a project are often deployed with the same programs.
_REMEMBERED = 16
_WORD = re.compile(r"\w+")
_DEFINITION = ast.FunctionDef | ast.AsyncFunctionDef


class _Maker(NamedTuple):
    """A function that passes a parameter on as the name of a service, and the places where it does."""

    name: str
    parameter: str
    position: int
    places: tuple[tuple[int, int], ...]


def with_named_clients(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Programs that are deployed together, with the names of services as texts where all callers state them.

    `def client_for(name): return boto3.client(name)`, called as `client_for("s3")` alone, makes no other one.
    """
    return _with_named_clients(tuple(texts.items()))


@lru_cache(maxsize=_REMEMBERED)
def _with_named_clients(programs: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    texts = dict(programs)
    making = {path for path, text in programs if _MAKES.search(text)}
    if not making:
        return texts
    try:
        bodies = {path: [*_nodes(shared(text))] for path, text in programs}
    except PythonSyntaxError:
        return texts
    makers = {path: [*_makers(nodes)] if path in making else [] for path, nodes in bodies.items()}
    names = {each.name for found in makers.values() for each in found}
    if not names:
        return texts
    calls: dict[str, list[ast.Call]] = {}
    for nodes in bodies.values():
        for node in nodes:
            if isinstance(node, ast.Call) and (name := _called(node)) in names:
                calls.setdefault(name, []).append(node)
    mentioned: dict[str, int] = {}
    for text in texts.values():
        for word in _WORD.findall(text):
            if word in names:
                mentioned[word] = mentioned.get(word, 0) + 1
    found = dict(texts)
    for path, own in makers.items():
        places = [
            place
            for each in own
            # It is defined once, and used by calls alone.
            if each.name in calls
            and mentioned[each.name] == len(calls[each.name]) + 1
            and all(_states(call, each) for call in calls[each.name])
            for place in each.places
        ]
        found[path] = _quoted(texts[path], places)
    return found


def _nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    for statement in body:
        yield from ast.walk(statement)


def _makers(nodes: list[ast.AST]) -> Iterator[_Maker]:
    for node in nodes:
        if not isinstance(node, _DEFINITION):
            continue
        parameters = [each.arg for each in node.args.args]
        offset = 1 if parameters[:1] in (["self"], ["cls"]) else 0
        given: dict[str, list[tuple[int, int]]] = {}
        for inner in _nodes(node.body):
            first = inner.args[0] if isinstance(inner, ast.Call) and inner.args else None
            if isinstance(inner, ast.Call) and isinstance(first, ast.Name) and _called(inner) in _MAKING:
                given.setdefault(first.id, []).append((first.lineno, first.col_offset))
        for position, parameter in enumerate(parameters[offset:] if given else ()):
            if parameter in given:
                yield _Maker(node.name, parameter, position, tuple(given[parameter]))


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _states(call: ast.Call, maker: _Maker) -> bool:
    """Whether a call states the name of the service."""
    named = [each.value for each in call.keywords if each.arg == maker.parameter]
    given = named or call.args[maker.position : maker.position + 1]
    return len(given) == 1 and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str)


def _quoted(text: str, places: list[tuple[int, int]]) -> str:
    """A text with the words at some places in quotes; columns count bytes."""
    lines = text.split("\n")
    for line, column in sorted(places, reverse=True):
        raw = lines[line - 1].encode()
        word = _WORD.match(raw[column:].decode("utf-8", "replace"))
        if word is not None:
            end = column + len(word.group().encode())
            lines[line - 1] = (raw[:column] + b'"' + raw[column:end] + b'"' + raw[end:]).decode(
                "utf-8", "replace"
            )
    return "\n".join(lines)
