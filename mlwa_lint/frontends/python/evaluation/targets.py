"""What is assigned to: names, and tuples of names."""

import ast

from mlwa_lint.frontends.python.evaluation.core import Core, reason_of
from mlwa_lint.frontends.python.evaluation.subscripts import items_of
from mlwa_lint.frontends.python.evaluation.values import (
    Frame,
    ListObj,
    PyValue,
)


def bind(core: Core, target: ast.expr, value: PyValue, frame: Frame) -> None:
    """Gives plain names, and tuples of them, their values."""
    if isinstance(target, ast.Name):
        core.store(frame.cells, target.id, value)
    elif isinstance(target, ast.Starred):
        bind(core, target.value, value, frame)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for inner, held in zip(target.elts, unpacked(core, target, value, frame), strict=True):
            bind(core, inner, held, frame)


def unpacked(core: Core, target: ast.Tuple | ast.List, value: PyValue, frame: Frame) -> list[PyValue]:
    """The values of a tuple of targets."""
    span = frame.source.span(target)
    wanted = len(target.elts)
    items, rest = items_of(core, value, span)
    starred = next((n for n, each in enumerate(target.elts) if isinstance(each, ast.Starred)), None)
    if rest is None and starred is None and len(items) == wanted:
        return items
    if rest is None and starred is not None and len(items) >= wanted - 1:
        after = wanted - starred - 1
        middle = items[starred : len(items) - after]
        return [*items[:starred], ListObj(middle, span), *items[len(items) - after :][:after]]
    return [core.unknown(reason_of(value), span) for _ in target.elts]
