"""What names certainly are not where a program goes on: None, after `if name is None: raise …`."""

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.refusals import leaves
from mlwa_lint.frontends.python.evaluation.truth import truth_of
from mlwa_lint.frontends.python.evaluation.values import Frame, PyValue
from mlwa_lint.model.values import Absent, Choice, Scalar

# Statements after which those that follow them in a block are not reached in this turn.
_LEAVING = (ast.Raise, ast.Return, ast.Continue)
_Excluded = Callable[[PyValue], bool]


def narrow_after(core: Core, node: ast.If, frame: Frame) -> None:
    """Narrows names that a test is about of which one answer leads out of the block."""
    ends, goes_on = _is_left(core, node.body, frame), not _is_left(core, node.orelse, frame)
    if ends is goes_on:
        narrow(core, node.test, not ends, frame)


def narrow(core: Core, test: ast.expr, holds: bool, frame: Frame) -> None:
    """Takes from names the alternatives that they do not have where a test has this answer."""
    for name, is_excluded in _excluded(test, holds):
        value = frame.cells.get(name)
        if isinstance(value, Choice):
            left = without(value, is_excluded)
            if left is not value and left is not None:
                core.store(frame.cells, name, left)


def something(value: PyValue) -> PyValue:
    """A value where it counts as true, without the alternatives that certainly do not."""
    left = without(value, _is_false)
    return value if left is None else left


def without(value: PyValue, is_excluded: _Excluded) -> PyValue | None:
    """The alternatives of a value that are not excluded; None where all are."""
    if not isinstance(value, Choice):
        return None if is_excluded(value) else value
    yes, no = without(value.yes, is_excluded), without(value.no, is_excluded)
    if yes is None or no is None:
        return no if yes is None else yes
    return (
        value if yes is value.yes and no is value.no else value._replace(yes=cast(Any, yes), no=cast(Any, no))
    )


def _excluded(test: ast.expr, holds: bool) -> Iterator[tuple[str, _Excluded]]:
    """The names that a test is about, and what each of them is not where it has an answer."""
    pending = [(test, holds)]
    while pending:
        node, holds = pending.pop()
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            pending.append((node.operand, not holds))
        elif isinstance(node, ast.BoolOp):
            # `a or b` does not hold: neither does. `a and b` holds: both do.
            if isinstance(node.op, ast.And) is holds:
                pending += [(each, holds) for each in node.values]
        elif isinstance(node, ast.Call):
            pending += [(each, holds) for each in _all_of(node, holds)]
            if holds and _is_of_a_class(node):
                yield from _named(node.args[0], _is_none)
        elif isinstance(node, ast.Compare):
            yield from _compared(node, holds)
        elif holds:
            yield from _named(node, _is_false)


def _compared(node: ast.Compare, holds: bool) -> Iterator[tuple[str, _Excluded]]:
    if len(node.ops) != 1:
        return
    operator, left, right = node.ops[0], node.left, node.comparators[0]
    if isinstance(operator, (ast.IsNot, ast.NotEq) if holds else (ast.Is, ast.Eq)):
        if _is_constant(right, None):
            yield from _named(left, _is_none)
        elif _is_constant(right, ""):
            yield from _named(left, _is_empty_text)
    elif isinstance(right, (ast.List, ast.Tuple, ast.Set)) and isinstance(operator, (ast.In, ast.NotIn)):
        if isinstance(operator, ast.In) is holds:
            return
        if _is_constant(left, None):  # `None in (key, role)`
            for each in right.elts:
                yield from _named(each, _is_none)
        elif any(_is_constant(each, None) for each in right.elts):  # `key in (None, "")`
            yield from _named(left, _is_none)


def _all_of(node: ast.Call, holds: bool) -> Sequence[ast.expr]:
    """What all has the answer that `all([key, role])` or `any([not key, not role])` has."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name != ("all" if holds else "any") or len(node.args) != 1:
        return ()
    given = node.args[0]
    return given.elts if isinstance(given, (ast.List, ast.Tuple, ast.Set)) else ()


def _is_of_a_class(node: ast.Call) -> bool:
    """Whether a call is `isinstance(name, str)`, which None is not."""
    if not isinstance(node.func, ast.Name) or node.func.id != "isinstance" or len(node.args) != 2:
        return False
    kinds = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
    return all(isinstance(each, ast.Name) and each.id != "object" for each in kinds)


def _named(node: ast.expr, is_excluded: _Excluded) -> Iterator[tuple[str, _Excluded]]:
    if isinstance(node, ast.NamedExpr):
        node = node.target
    if isinstance(node, ast.Name):
        yield node.id, is_excluded


def _is_left(core: Core, body: Sequence[ast.stmt], frame: Frame) -> bool:
    """Whether a block does not go on with what follows it."""
    if not body:
        return False
    last = body[-1]
    return isinstance(last, _LEAVING) or (isinstance(last, ast.Expr) and leaves(core, last.value, frame))


def _is_constant(node: ast.expr, value: str | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def _is_none(value: PyValue) -> bool:
    return isinstance(value, Absent)


def _is_false(value: PyValue) -> bool:
    return truth_of(value) is False


def _is_empty_text(value: PyValue) -> bool:
    return isinstance(value, Scalar) and value.data == ""
