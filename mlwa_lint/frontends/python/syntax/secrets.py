"""Finds which literals of a program are secret, by the names that it gives them."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from mlwa_lint.frontends.python.syntax.source import nodes_below
from mlwa_lint.model.secrets import Secrets, names_secret, secrets

_Function = ast.FunctionDef | ast.AsyncFunctionDef
# What is shorter in a list of tokens is a word of a text.
_SHORTEST_ITEM = 12
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def note_secrets(statements: Sequence[ast.stmt]) -> None:
    """Notes the literals under a secret's name: variables, attributes, keys, arguments and their defaults.

    Also what such a one is compared with, and what a call gives one whose name is its first argument:
    `os.getenv("API_KEY", "...")`, `add_argument("--api-key", default="...")`.
    """
    own = secrets()
    nodes = list(_all_below(statements))
    parameters = {each.name: _parameters(each) for each in nodes if isinstance(each, _FUNCTIONS)}
    for node in nodes:
        for name, value in _named(node, parameters):
            if names_secret(name):
                own.found = True
                _note(value, own)


def _all_below(statements: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        yield node
        waiting += nodes_below(node)


def _parameters(function: _Function) -> list[str]:
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def _named(node: ast.AST, parameters: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ast.expr]]:
    """What a node gives names."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _assigned(target, node.value)
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)) and node.value is not None:
        yield from _assigned(node.target, node.value)
    elif isinstance(node, ast.keyword):
        yield node.arg or "", node.value
    elif isinstance(node, ast.arguments):
        yield from _defaults(node)
    elif isinstance(node, ast.Dict):
        yield from ((_text(key), value) for key, value in zip(node.keys, node.values, strict=False) if key)
    elif isinstance(node, ast.Compare):
        for one, other in pairwise((node.left, *node.comparators)):
            yield from ((_name(one), other), (_name(other), one))
    elif isinstance(node, ast.Call):
        yield from _called(node, parameters)


def _defaults(parameters: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = (*parameters.posonlyargs, *parameters.args)
    given = (
        *zip(reversed(positional), reversed(parameters.defaults), strict=False),
        *zip(parameters.kwonlyargs, parameters.kw_defaults, strict=False),
    )
    yield from ((parameter.arg, default) for parameter, default in given if default is not None)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield _name(one), other
    else:
        yield _name(target), value


def _called(call: ast.Call, parameters: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ast.expr]]:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else _name(function)
    yield from zip(parameters.get(name, ()), call.args, strict=False)
    first = _text(call.args[0]).lstrip("-").replace("-", "_") if call.args else ""
    if first:
        yield from ((first, each) for each in call.args[1:2])
        yield from ((first, each.value) for each in call.keywords if each.arg in ("default", "value"))


def _name(node: ast.expr) -> str:
    """What a place is called: a variable, an attribute, a key."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return _text(node.slice)
    if isinstance(node, ast.Call) and node.args:
        return _text(node.args[0])
    return ""


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _note(value: ast.expr, own: Secrets) -> None:
    """Notes the literal that a value is, or each of which it is one or has as an item."""
    waiting: list[tuple[ast.expr, int]] = [(value, 0)]
    while waiting:
        node, least = waiting.pop()
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and len(node.value) >= least:
                own.add(node.value)
        elif isinstance(node, ast.BoolOp):
            waiting += ((each, least) for each in node.values)
        elif isinstance(node, ast.IfExp):
            waiting += ((node.body, least), (node.orelse, least))
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            waiting += ((each, _SHORTEST_ITEM) for each in node.elts)
