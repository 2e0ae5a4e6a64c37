"""Which events the handler of a function can work with, and whether it fails at any."""

import ast
from collections.abc import Iterator

from mlwa_lint.frontends.python.syntax.parse import shared
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError

# Services that hand over records, which no request of an API has.
_RECORDS = "Records"
# Calls that invoke no model with the event, by the first of their names.
_HARMLESS = frozenset(
    {"bool", "dict", "int", "json", "len", "list", "log", "logger", "logging", "os", "print", "str"}
)
_BROAD = ("BaseException", "Exception")
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def needs_records(text: str, handler: str) -> bool:
    """Whether a handler certainly fails at an event without `Records`, before it calls anything."""
    function = _function(text, handler)
    return function is not None and _fails(function.body, function.args.args[0].arg)


def catches_everything(text: str, handler: str) -> bool:
    """Whether a handler certainly does all of its work where it catches every exception, and raises none."""
    function = _function(text, handler)
    if function is None:
        return False
    trying = [each for each in function.body if isinstance(each, ast.Try)]
    others = [each for each in function.body if each not in trying]
    return bool(trying) and all(map(_catches_all, trying)) and all(map(_is_harmless, others))


def _function(text: str, handler: str) -> ast.FunctionDef | None:
    """The function that a handler is; None where it is not a single plain one, with an event."""
    try:
        body = shared(text)
    except PythonSyntaxError:
        return None
    named = [each for each in body if isinstance(each, ast.FunctionDef) and each.name == handler]
    plain = len(named) == 1 and not named[0].decorator_list and bool(named[0].args.args)
    return named[0] if plain else None


def _catches_all(trying: ast.Try) -> bool:
    """Whether a statement catches every exception of its body, and none leaves what handles them."""
    caught = any(each.type is None or _is_broad(each.type) for each in trying.handlers)
    after = [*(line for each in trying.handlers for line in each.body), *trying.orelse, *trying.finalbody]
    raised = any(isinstance(node, ast.Raise) for line in after for node in ast.walk(line))
    return caught and not raised and all(map(_is_harmless, (*trying.orelse, *trying.finalbody)))


def _is_broad(caught: ast.expr) -> bool:
    each = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(name, ast.Name) and name.id in _BROAD for name in each)


def _fails(body: list[ast.stmt], event: str) -> bool:
    """Whether some statements fail without records; all before that one is harmless."""
    for statement in body:
        if isinstance(statement, ast.Try):
            ends = all(map(_gives_up, statement.handlers)) and all(map(_is_harmless, statement.finalbody))
            return ends and _fails(statement.body, event)
        if isinstance(statement, ast.For):
            return _takes_records(statement.iter, event)
        if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr | ast.Return):
            return False
        value = statement.value
        if value is not None and _takes_records(value, event):
            return True
        if isinstance(statement, ast.Return) or not _is_harmless(statement) or _rebinds(statement, event):
            return False
    return False


def _takes_records(expression: ast.expr, event: str) -> bool:
    """Whether an expression takes the records of an event whatever they are."""
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == event
        and isinstance(node.slice, ast.Constant)
        and node.slice.value == _RECORDS
        for node in _evaluated(expression)
    )


def _evaluated(expression: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression that are evaluated in any case."""
    yield expression
    if isinstance(expression, ast.Lambda):
        return
    parts = ast.iter_child_nodes(expression)
    if isinstance(expression, ast.IfExp):
        parts = iter([expression.test])
    elif isinstance(expression, ast.BoolOp):
        parts = iter(expression.values[:1])
    elif isinstance(expression, _COMPREHENSIONS):
        parts = iter([expression.generators[0].iter])
    for part in parts:
        yield from _evaluated(part)


def _is_harmless(statement: ast.AST) -> bool:
    """Whether all calls of a statement are of functions that call no service."""
    return all(
        _first_name(node.func) in _HARMLESS for node in ast.walk(statement) if isinstance(node, ast.Call)
    )


def _first_name(function: ast.expr) -> str:
    while isinstance(function, ast.Attribute):
        function = function.value
    return function.id if isinstance(function, ast.Name) else ""


def _rebinds(statement: ast.AST, event: str) -> bool:
    """Whether a statement may give the event other contents: by its name or by a key of it."""
    return any(
        isinstance(node, ast.Name) and node.id == event
        for target in _targets(statement)
        for node in ast.walk(target)
    ) or any(isinstance(node, ast.NamedExpr) and node.target.id == event for node in ast.walk(statement))


def _targets(statement: ast.AST) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AnnAssign) else []


def _gives_up(handler: ast.ExceptHandler) -> bool:
    """Whether what handles an exception ends the function, and calls nothing before."""
    return isinstance(handler.body[-1], ast.Return | ast.Raise) and all(map(_is_harmless, handler.body))
