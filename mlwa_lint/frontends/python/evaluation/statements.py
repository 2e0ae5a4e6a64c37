"""Statements: assignments, branches, loops, definitions."""

import ast
from collections.abc import Callable, Sequence
from typing import Any

from mlwa_lint.frontends.python.evaluation.assignments import (
    GLOBAL,
    NONLOCAL,
    annotated,
    assign,
    assign_all,
    assigned,
    augmented,
    cells_of,
    deleted,
)
from mlwa_lint.frontends.python.evaluation.attempts import (
    creating,
    defaults_of,
    is_created_below,
    is_created_unless_listed,
    only_leaves,
    without_known,
)
from mlwa_lint.frontends.python.evaluation.callables import entered
from mlwa_lint.frontends.python.evaluation.cases import as_branches
from mlwa_lint.frontends.python.evaluation.core import AN_ERROR, Core
from mlwa_lint.frontends.python.evaluation.definitions import define_class, define_function
from mlwa_lint.frontends.python.evaluation.flows import Ended, Flow, Partly, Returned, of_loop
from mlwa_lint.frontends.python.evaluation.handing import note_handing
from mlwa_lint.frontends.python.evaluation.imports import import_from, import_names
from mlwa_lint.frontends.python.evaluation.narrowing import narrow, narrow_after
from mlwa_lint.frontends.python.evaluation.refusals import always_raises, leaves, note_refusal
from mlwa_lint.frontends.python.evaluation.results import chosen
from mlwa_lint.frontends.python.evaluation.subscripts import items_of
from mlwa_lint.frontends.python.evaluation.truth import decided
from mlwa_lint.frontends.python.evaluation.turns import Turns
from mlwa_lint.frontends.python.evaluation.values import (
    REST,
    Frame,
    Items,
    PyValue,
)
from mlwa_lint.frontends.python.limits import DEPTH_LIMIT, TURNS_LIMIT
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Unknown

_Kind = Callable[[Core, Any, Frame], "Flow | None"]


def run(core: Core, body: Sequence[ast.stmt], frame: Frame) -> Flow | None:
    """Runs statements in their order; gives how they ended, None when they reached their end."""
    for position, statement in enumerate(body):
        if isinstance(statement, ast.Try) and is_created_below(statement, body[position + 1 :]):
            continue
        flow = _one(core, statement, frame)
        if isinstance(flow, Partly):
            following = body[position + 1 :]
            if flow.searched and is_created_unless_listed(statement, following):
                continue
            return _rest(core, flow, following, frame)
        if flow is not None:
            return flow
    return None


def _one(core: Core, statement: ast.stmt, frame: Frame) -> Flow | None:
    core.step()
    kind = _KINDS.get(type(statement))
    if kind is None or core.depth > DEPTH_LIMIT:
        return None
    core.depth += 1
    try:
        return kind(core, statement, frame)
    finally:
        core.depth -= 1


def _rest(core: Core, flow: Partly, body: Sequence[ast.stmt], frame: Frame) -> Flow:
    """What follows a `return` under a condition happens where that does not hold."""
    guards = [Guard(guard.condition, not guard.holds) for guard, _ in flow.returns]
    before = core.guards
    core.guards = (*before, *(guard for guard in guards if guard not in before))
    try:
        following = run(core, body, frame)
    finally:
        core.guards = before
    if isinstance(following, Partly):
        return Partly((*flow.returns, *following.returns), following.searched)
    if isinstance(following, Returned):
        return Returned(chosen(core, flow, following.value))
    if isinstance(following, Ended) and not following.turns:
        # Nothing is given where it fails.
        *before_last, (_, value) = flow.returns
        return Returned(chosen(core, Partly(tuple(before_last)), value))
    return flow


# -- assignments


def _expression(core: Core, node: ast.Expr, frame: Frame) -> Flow | None:
    core.evaluate(node.value, frame)
    return Ended(True) if leaves(core, node.value, frame) else None


# -- branches


def _if(core: Core, node: ast.If, frame: Frame) -> Flow | None:
    verdict = decided(core, core.evaluate(node.test, frame), node.test)
    if isinstance(verdict, bool):
        return run(core, node.body if verdict else node.orelse, frame)
    yes, no = (node.body, node.orelse) if verdict.holds else (node.orelse, node.body)
    note_handing(core, verdict, node.test, node.body)
    span = frame.source.span(node.test)
    flow = branch(core, verdict.condition, yes, no, frame, span, (node.test, verdict.holds))
    narrow_after(core, node, frame)
    return flow


def branch(
    core: Core,
    condition: Any,
    yes: Sequence[ast.stmt],
    no: Sequence[ast.stmt],
    frame: Frame,
    span: Span,
    test: tuple[ast.expr, bool] | None = None,
) -> Flow | None:
    """Runs two blocks, one of which a condition selects: a test, by its answer where it holds."""
    left, left_changes = core.attempt(lambda: run(core, yes, frame), Guard(condition, True))
    right, right_changes = core.attempt(lambda: run(core, no, frame), Guard(condition, False))
    goes_on_left = not isinstance(left, (Returned, Ended))
    goes_on_right = not isinstance(right, (Returned, Ended))
    if goes_on_left and goes_on_right:
        core.merge(condition, left_changes, right_changes, span)
    elif goes_on_left or goes_on_right:
        core.apply(left_changes if goes_on_left else right_changes)
    for flow, changes, holds in ((left, left_changes, True), (right, right_changes, False)):
        if isinstance(flow, Ended) and flow.turns and changes:
            core.left_loop.append((Guard(condition, holds), changes))
        if test is not None and isinstance(flow, Ended) and not flow.turns:
            note_refusal(core, test[0], test[1] is holds, frame)
    return _joined_flow(core, condition, left, right, span)


def _joined_flow(
    core: Core, condition: Any, left: Flow | None, right: Flow | None, span: Span
) -> Flow | None:
    if left is None and right is None:
        return None
    if isinstance(left, Returned) and isinstance(right, Returned):
        return Returned(core.fork(condition, left.value, right.value, span))
    ended = [isinstance(each, Ended) for each in (left, right)]
    if all(ended):
        return left
    if ended[0] or ended[1]:
        # One branch leaves with an error or goes to the next turn: the other one is what matters.
        return right if ended[0] else left
    pieces: list[tuple[Guard, PyValue]] = []
    for flow, holds in ((left, True), (right, False)):
        if isinstance(flow, Returned):
            pieces.append((Guard(condition, holds), flow.value))
    for flow in (left, right):
        if isinstance(flow, Partly):
            pieces += flow.returns
    searched = any(isinstance(flow, Partly) and flow.searched for flow in (left, right))
    return Partly(tuple(pieces), searched)


def _match(core: Core, node: ast.Match, frame: Frame) -> Flow | None:
    branches = as_branches(node)
    if branches is not None:
        return run(core, [branches], frame)
    core.evaluate(node.subject, frame)
    for case in node.cases:
        condition = core.opaque(f"which case of line {node.lineno} is taken")
        branch(core, condition, case.body, (), frame, frame.source.span(node.subject))
    return None


# -- loops


def _loop(follow: Callable[[Core, Any, Frame], Flow | None]) -> _Kind:
    """A loop, after which holds what the branches changed that left it."""

    def followed(core: Core, node: ast.For | ast.AsyncFor | ast.While, frame: Frame) -> Flow | None:
        outer, core.left_loop = core.left_loop, []
        try:
            flow = follow(core, node, frame)
        finally:
            left, core.left_loop = core.left_loop, outer
        span = frame.source.span(node)
        for guard, changes in left:
            yes, no = (changes, {}) if guard.holds else ({}, changes)
            core.merge(guard.condition, yes, no, span)
        return flow

    return followed


def _for(core: Core, node: ast.For | ast.AsyncFor, frame: Frame) -> Flow | None:
    span = frame.source.span(node.iter)
    items, rest = items_of(core, core.evaluate(node.iter, frame), span)
    if rest is None and len(items) <= TURNS_LIMIT:
        for item in items:
            assign(core, node.target, item, frame)
            flow = run(core, node.body, frame)
            if isinstance(flow, (Returned, Partly)):
                return of_loop(flow)
            if isinstance(flow, Ended) and flow.stops:
                return None  # `else` follows a loop that nothing broke off
        return run(core, node.orelse, frame)
    reason = rest.reason if rest is not None else "it differs from turn to turn"
    first = core.unknown(reason, span)
    return _in_one_pass(core, node, lambda: assign(core, node.target, first, frame), frame)


def _while(core: Core, node: ast.While, frame: Frame) -> Flow | None:
    verdict = decided(core, core.evaluate(node.test, frame), node.test)
    if verdict is False:
        return None
    return _in_one_pass(core, node, lambda: None, frame)


def _in_one_pass(
    core: Core, node: ast.For | ast.AsyncFor | ast.While, start: Callable[[], None], frame: Frame
) -> Flow | None:
    """A loop whose turns are not known: one turn represents all, and what it counts is not known."""
    span = frame.source.span(node)
    for each in _counted(node.body):
        core.store(cells_of(each, frame), each, core.unknown("it changes from turn to turn", span))
    turns = Turns(core, node.body, frame, node.lineno)
    start()
    with core.stops.uncertainly(), core.watched() as written:
        flow = run(core, node.body, frame)
    for cells in written:
        if isinstance(cells, Items) and REST not in cells and not turns.add_further(cells, span):
            core.store(cells, REST, Unknown("a loop may add further items", span))
    return of_loop(flow) if isinstance(flow, Partly) else None


def _counted(body: Sequence[ast.stmt]) -> set[str]:
    """Names whose new value is made of the old one."""
    found: set[str] = set()
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            if not isinstance(node.value, (ast.List, ast.Dict)):
                found.add(node.target.id)
        elif isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try)):
            pending += node.body
            pending += getattr(node, "orelse", [])
    return found


def _break(core: Core, node: ast.Break, frame: Frame) -> Flow:
    return Ended(True, turns=True)


def _continue(core: Core, node: ast.Continue, frame: Frame) -> Flow:
    return Ended(False, turns=True)


# -- the rest


def _with(core: Core, node: ast.With | ast.AsyncWith, frame: Frame) -> Flow | None:
    for item in node.items:
        value = entered(core, core.evaluate(item.context_expr, frame), item.context_expr, frame)
        if item.optional_vars is not None:
            assign(core, item.optional_vars, value, frame)
    if any("suppress" in ast.unparse(item.context_expr) for item in node.items):
        with core.stops.uncertainly():
            return run(core, node.body, frame)
    return run(core, node.body, frame)


def _try(core: Core, node: ast.Try, frame: Frame) -> Flow | None:
    with core.stops.uncertainly(not all(always_raises(each.body) for each in node.handlers)):
        flow = run(core, node.body, frame)
    creator = creating(node)
    if creator is not None:
        flow = run(core, creator.body, frame)
        after = run(core, node.finalbody, frame)
        return after if after is not None else flow
    if not isinstance(flow, (Returned, Ended)):
        following = run(core, node.orelse, frame)
        flow = following if flow is None else flow
    span = frame.source.place(node.lineno, node.col_offset, node.lineno, node.col_offset + 3)
    for handler in node.handlers:
        if only_leaves(handler.body):
            continue
        condition = core.opaque(f"{AN_ERROR} {span.line}")
        if handler.name:
            core.store(frame.cells, handler.name, core.unknown("it is an error of the run", span))
        _, changes = core.attempt(lambda h=handler: run(core, h.body, frame), Guard(condition, True))  # type: ignore[misc]
        core.apply(usual := defaults_of(changes))
        rest = {place: change for place, change in changes.items() if place not in usual}
        core.merge(condition, without_known(rest), {}, span)
    after = run(core, node.finalbody, frame)
    return after if after is not None else flow


def _return(core: Core, node: ast.Return, frame: Frame) -> Flow:
    if node.value is None:
        return Returned(Absent(frame.source.span(node)))
    return Returned(assigned(core, node.value, ast.Name("", ast.Load()), frame))


def _raise(core: Core, node: ast.Raise, frame: Frame) -> Flow:
    if isinstance(node.exc, ast.Call) and any(isinstance(each, ast.Call) for each in node.exc.args):
        core.evaluate(node.exc, frame)  # `raise SystemExit(main())`
    return Ended(True)


def _assert(core: Core, node: ast.Assert, frame: Frame) -> None:
    note_refusal(core, node.test, False, frame)
    narrow(core, node.test, True, frame)


def _global(core: Core, node: ast.Global | ast.Nonlocal, frame: Frame) -> None:
    key = GLOBAL if isinstance(node, ast.Global) else NONLOCAL
    core.store(frame.cells, key, frame.cells.get(key, frozenset()) | frozenset(node.names))


_KINDS: dict[type[ast.stmt], _Kind] = {
    ast.Expr: _expression,
    ast.Assign: assign_all,
    ast.AnnAssign: annotated,
    ast.AugAssign: augmented,
    ast.Delete: deleted,
    ast.If: _if,
    ast.Match: _match,
    ast.For: _loop(_for),
    ast.AsyncFor: _loop(_for),
    ast.While: _loop(_while),
    ast.Break: _break,
    ast.Continue: _continue,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Global: _global,
    ast.Nonlocal: _global,
    ast.Import: import_names,
    ast.ImportFrom: import_from,
    ast.FunctionDef: define_function,
    ast.AsyncFunctionDef: define_function,
    ast.ClassDef: define_class,
}
