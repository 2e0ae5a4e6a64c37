"""Assignments: names, attributes, items, and what changes them in place."""

import ast

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.operators import binary
from mlwa_lint.frontends.python.evaluation.sites import call_node
from mlwa_lint.frontends.python.evaluation.subscripts import grow, items_of, key_text, spread, unknown_key
from mlwa_lint.frontends.python.evaluation.targets import unpacked
from mlwa_lint.frontends.python.evaluation.values import (
    ITEMS,
    REST,
    ClassObj,
    DictObj,
    External,
    Frame,
    Handle,
    InstanceObj,
    Item,
    ListObj,
    Names,
    PythonModule,
    PyValue,
    Site,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Choice

# Where a scope notes which names it declares as another one's.
GLOBAL, NONLOCAL = "\0global", "\0nonlocal"


def assign_all(core: Core, node: ast.Assign, frame: Frame) -> None:
    """`a = b = value`."""
    value = assigned(core, node.value, node.targets[0], frame)
    for target in node.targets:
        assign(core, target, value, frame)


def annotated(core: Core, node: ast.AnnAssign, frame: Frame) -> None:
    """`a: T = value`."""
    if node.value is not None:
        assign(core, node.target, assigned(core, node.value, node.target, frame), frame)


def assigned(core: Core, node: ast.expr, target: ast.expr, frame: Frame) -> PyValue:
    """The value of an assignment; a call gets the name of its result."""
    if not isinstance(node, ast.Call):
        return core.evaluate(node, frame)
    name = (
        target.id
        if isinstance(target, ast.Name)
        else target.attr
        if isinstance(target, ast.Attribute)
        else ""
    )
    core.step()
    core.depth += 1
    try:
        return call_node(core, node, frame, name)
    finally:
        core.depth -= 1


def assign(core: Core, target: ast.expr, value: PyValue, frame: Frame) -> None:
    """Gives a target its value."""
    if isinstance(target, ast.Name):
        core.store(cells_of(target.id, frame), target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for inner, held in zip(target.elts, unpacked(core, target, value, frame), strict=True):
            assign(core, inner.value if isinstance(inner, ast.Starred) else inner, held, frame)
    elif isinstance(target, ast.Attribute):
        _set_attribute(core, target, value, frame)
    elif isinstance(target, ast.Subscript):
        _set_item(core, target, value, frame)


def cells_of(name: str, frame: Frame) -> Names:
    """Where a name is written: in the function, or in the scope that it declares it of."""
    if name in frame.cells.get(GLOBAL, ()):
        return frame.module.cells
    if name in frame.cells.get(NONLOCAL, ()):
        outer = frame.outer
        while outer is not None and name not in outer.cells:
            outer = outer.outer
        return frame.cells if outer is None else outer.cells
    return frame.cells


def _set_attribute(core: Core, target: ast.Attribute, value: PyValue, frame: Frame) -> None:
    base = core.evaluate(target.value, frame)
    if isinstance(base, (InstanceObj, ClassObj, PythonModule)):
        core.store(base.cells, target.attr, value)
    elif isinstance(base, Handle):
        base.assign(target.attr, value, Site(target, frame.source.span(target), frame.source))


def _set_item(core: Core, target: ast.Subscript, value: PyValue, frame: Frame) -> None:
    base = core.evaluate(target.value, frame)
    key = Absent() if isinstance(target.slice, ast.Slice) else core.evaluate(target.slice, frame)
    span = frame.source.span(target)
    if isinstance(base, External):
        core.external(f"{base.path}[]=", Site(target, span, frame.source, (key, value)))
    _put(core, base, key, value, target.slice, span)


def _put(core: Core, base: PyValue, key: PyValue, value: PyValue, written: ast.AST, span: Span) -> None:
    if isinstance(base, Choice):
        yes, no = base.yes, base.no

        def put(held: PyValue) -> PyValue:
            _put(core, held, key, value, written, span)
            return Absent()

        core.split(base.condition, lambda: put(yes), lambda: put(no), span)
        return
    text = key_text(key)
    if isinstance(base, DictObj):
        if text is None:
            core.store(base.cells, REST, unknown_key(core, written, span))
        else:
            core.store(base.cells, text, Item(span, value))
    elif isinstance(base, ListObj):
        items = list(base.values)
        try:
            items[int(text or "x")] = value
            core.store(base.cells, ITEMS, tuple(items))
        except (ValueError, IndexError):
            core.store(base.cells, REST, core.unknown("an item is put at a place that is not known", span))


def augmented(core: Core, node: ast.AugAssign, frame: Frame) -> None:
    """`a += value`, which changes lists and dictionaries in place."""
    left = core.evaluate(node.target, frame)
    right = core.evaluate(node.value, frame)
    span = frame.source.span(node)
    if isinstance(left, ListObj) and isinstance(node.op, ast.Add):
        items, rest = items_of(core, right, span)
        grow(core, left, (*left.values, *items), span)
        if rest is not None:
            core.store(left.cells, REST, rest)
        return
    if isinstance(left, DictObj) and isinstance(node.op, ast.BitOr):
        spread(core, left.cells, right, span)
        return
    assign(core, node.target, binary(core, node.op, left, right, span), frame)


def deleted(core: Core, node: ast.Delete, frame: Frame) -> None:
    """`del a, b[key]`."""
    for target in node.targets:
        if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
            base = core.evaluate(target.value, frame)
            text = key_text(core.evaluate(target.slice, frame))
            if isinstance(base, DictObj) and text is not None and text != REST:
                core.remove(base.cells, text)
        elif isinstance(target, ast.Name):
            core.remove(cells_of(target.id, frame), target.id)
