"""What a program refuses before it goes on: `if not online and not offline: raise …`."""

import ast
from collections.abc import Iterator, Sequence

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.definitions import dotted
from mlwa_lint.frontends.python.evaluation.options import ArgumentParser
from mlwa_lint.frontends.python.evaluation.truth import decided, truth_of
from mlwa_lint.frontends.python.evaluation.values import (
    ClassObj,
    Frame,
    FunctionObj,
    InstanceObj,
    Method,
    PythonModule,
    assumptions_of,
    options,
)
from mlwa_lint.frontends.python.limits import REFUSALS_LIMIT
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.values import Choice

_EXITS = frozenset({"sys.exit", "exit", "quit", "os._exit"})
# Ways in which a test holds: each is a conjunction.
_Ways = list[tuple[Guard, ...]]
_CALLS = (ast.Call, ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)
_NOWHERE: _Ways = []
# How often what decides a condition is looked for.
_DEPTH = 2


def note_refusal(core: Core, test: ast.expr, holds: bool, frame: Frame) -> None:
    """Notes that the program goes no further where a test holds, or where it does not."""
    for way in _ways(core, test, holds, frame):
        for implied in _implied(core, way, _DEPTH):
            core.stops.refuse(core.entry, (*core.guards, *implied))


def _implied(core: Core, way: tuple[Guard, ...], depth: int) -> Iterator[tuple[Guard, ...]]:
    """A conjunction, and those from which it follows: what decides the values that its conditions test."""
    yield way
    for guard in way if depth else ():
        tested = core.tested.get(guard.condition.name)
        others = tuple(each for each in way if each is not guard)
        for option, guards in options(tested) if isinstance(tested, Choice) else ():
            if guards and not assumptions_of(option) and truth_of(option) is guard.holds:
                yield from _implied(core, (*others, *guards), depth - 1)


def leaves(core: Core, node: ast.expr, frame: Frame) -> bool:
    """Whether an expression ends the program: `sys.exit()`, `parser.error()`, a function that always does."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    if dotted(called) in _EXITS:
        return True
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        owner = core.evaluate(called.value, frame)
        if isinstance(owner, ArgumentParser):
            return called.attr in ("error", "exit")
        if not isinstance(owner, (PythonModule, InstanceObj, ClassObj)):
            return False
    elif not isinstance(called, ast.Name):
        return False
    value = core.evaluate(called, frame)
    function = value.function if isinstance(value, Method) else value
    return isinstance(function, FunctionObj) and _always_leaves(function.node)


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
    value = core.evaluate(test, frame)
    verdict = decided(core, value, test)
    if isinstance(verdict, bool):
        return [()] if verdict is holds else _NOWHERE
    guard = Guard(verdict.condition, verdict.holds is holds)
    if not isinstance(value, Choice) or assumptions_of(value):
        return [(guard,)]
    return [*_ways_of(value, guard, holds)][:REFUSALS_LIMIT]


def _ways_of(value: Choice, guard: Guard, holds: bool) -> Iterator[tuple[Guard, ...]]:
    """The ways in which one of several values has an answer: some certainly have one."""
    for option, guards in options(value):
        truth = truth_of(option)
        if truth is None:
            yield (*guards, guard)
        elif truth is holds:
            yield guards
