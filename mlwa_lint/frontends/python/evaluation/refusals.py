"""What a program refuses before it goes on: `if not online and not offline: raise …`."""

import ast
from collections.abc import Sequence

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.definitions import dotted
from mlwa_lint.frontends.python.evaluation.options import ArgumentParser
from mlwa_lint.frontends.python.evaluation.truth import decided
from mlwa_lint.frontends.python.evaluation.values import Frame, FunctionObj
from mlwa_lint.frontends.python.limits import REFUSALS_LIMIT
from mlwa_lint.model.conditions import Guard

_EXITS = frozenset({"sys.exit", "exit", "quit", "os._exit"})
# Ways in which a test holds: each is a conjunction.
_Ways = list[tuple[Guard, ...]]
_CALLS = (ast.Call, ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)
_NOWHERE: _Ways = []


def note_refusal(core: Core, test: ast.expr, holds: bool, frame: Frame) -> None:
    """Notes that the program goes no further where a test holds, or where it does not."""
    for way in _ways(core, test, holds, frame):
        core.stops.refuse(core.entry, (*core.guards, *way))


def leaves(core: Core, node: ast.expr, frame: Frame) -> bool:
    """Whether an expression ends the program: `sys.exit()`, `parser.error()`, a function that always does."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    if dotted(called) in _EXITS:
        return True
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return called.attr in ("error", "exit") and isinstance(
            core.evaluate(called.value, frame), ArgumentParser
        )
    if isinstance(called, ast.Name):
        value = core.evaluate(called, frame)
        return isinstance(value, FunctionObj) and _always_leaves(value.node)
    return False


def always_raises(body: Sequence[ast.stmt]) -> bool:
    """Whether statements end by an error or the end of the program, by their last one."""
    last = body[-1]
    if isinstance(last, ast.Raise):
        return True
    return (
        isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and dotted(last.value.func) in _EXITS
    )


def _always_leaves(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef) or not always_raises(node.body):
        return False
    return not any(isinstance(each, (ast.Return, ast.Yield)) for each in ast.walk(node))


def _ways(core: Core, test: ast.expr, holds: bool, frame: Frame) -> _Ways:
    """The ways in which a test has an answer; none where it may be another one when it is repeated."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _ways(core, test.operand, not holds, frame)
    if isinstance(test, ast.BoolOp):
        parts = [_ways(core, each, holds, frame) for each in test.values]
        if isinstance(test.op, ast.Or) is holds:
            return [way for part in parts for way in part][:REFUSALS_LIMIT]
        found: _Ways = [()]
        for part in parts:
            found = [(*before, *way) for before in found for way in part][:REFUSALS_LIMIT]
        return found
    if any(isinstance(each, _CALLS) for each in ast.walk(test)):
        return _NOWHERE
    verdict = decided(core, core.evaluate(test, frame), test)
    if isinstance(verdict, bool):
        return [()] if verdict is holds else _NOWHERE
    return [(Guard(verdict.condition, verdict.holds is holds),)]
