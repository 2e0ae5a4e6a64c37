"""Which events the handler of a function can work with, and whether it fails at any."""

import ast
from collections.abc import Iterator

from mlwa_lint.frontends.python.syntax.parse import shared
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError

# What events of other services have, and no request of an API: records, what agents of Bedrock and bots
# of Lex hand over, and what EventBridge, CloudFormation, Cognito, CodePipeline, Config and Logs do.
_OF_OTHER_EVENTS = frozenset(
    {
        "CodePipeline.job",
        "Records",
        "RequestType",
        "ResourceProperties",
        "actionGroup",
        "awslogs",
        "currentIntent",
        "detail",
        "detail-type",
        "invokingEvent",
        "sessionState",
        "triggerSource",
    }
)
# Calls that invoke no model with the event, by the first of their names.
_HARMLESS = frozenset(
    {"bool", "dict", "int", "json", "len", "list", "log", "logger", "logging", "os", "print", "str"}
)
_BROAD = ("BaseException", "Exception")
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def needs_records(text: str, handler: str) -> bool:
    """Whether a handler certainly fails at a request of an API, before it calls anything.

    It takes what only events of other services have: `event["Records"]`, `event["actionGroup"]`.
    """
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
    """Whether some statements fail at a request of an API; all before that one is harmless."""
    for statement in body:
        if isinstance(statement, ast.Try):
            ends = all(_gives_up(each, event) for each in statement.handlers) and all(
                _is_harmless(each, event) for each in statement.finalbody
            )
            return ends and _fails(statement.body, event)
        if isinstance(statement, ast.For):
            return _takes_other(statement.iter, event)
        if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr | ast.Return):
            return False
        value = statement.value
        if value is not None and _takes_other(value, event):
            return True
        if isinstance(statement, ast.Return) or not _is_harmless(statement, event):
            return False
        if _rebinds(statement, event):
            return False
    return False


def _takes_other(expression: ast.expr, event: str) -> bool:
    """Whether an expression takes what only events of other services have, whatever it is."""
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == event
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
        and node.slice.value in _OF_OTHER_EVENTS
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


def _is_harmless(statement: ast.AST, event: str = "") -> bool:
    """Whether all calls of a statement call no service: they look something up in the event, for example."""
    return all(
        _first_name(node.func) in _HARMLESS or _looks_up(node.func, event)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
    )


def _looks_up(function: ast.expr, event: str) -> bool:
    """Whether a function is `event.get`."""
    own = (
        isinstance(function, ast.Attribute)
        and function.attr == "get"
        and isinstance(function.value, ast.Name)
    )
    return bool(event) and own and _first_name(function) == event


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


def _gives_up(handler: ast.ExceptHandler, event: str) -> bool:
    """Whether what handles an exception ends the function, and calls nothing before."""
    ends = isinstance(handler.body[-1], ast.Return | ast.Raise)
    return ends and all(_is_harmless(each, event) for each in handler.body)
