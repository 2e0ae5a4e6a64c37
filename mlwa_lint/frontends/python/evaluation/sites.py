"""Calls with their arguments evaluated."""

import ast

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.subscripts import items_of, spread
from mlwa_lint.frontends.python.evaluation.values import (
    REST,
    ClassObj,
    DictObj,
    Entries,
    External,
    Frame,
    Item,
    KeywordArgument,
    PyValue,
    Site,
    Super,
)
from mlwa_lint.frontends.python.limits import ITEMS_LIMIT
from mlwa_lint.model.values import Unknown


def plain_call(core: Core, node: ast.Call, frame: Frame) -> PyValue:
    """A call whose result is given no name."""
    return call_node(core, node, frame, "")


def call_node(core: Core, node: ast.Call, frame: Frame, target: str) -> PyValue:
    """The result of a call; `target` is the name that it is assigned to."""
    function = node.func
    if isinstance(function, ast.Attribute):
        base = core.evaluate(function.value, frame)
        return core.call_method(base, function.attr, site_of(core, node, frame, target))
    callee = core.evaluate(function, frame)
    if isinstance(callee, External) and callee.path == "super" and not node.args:
        return _super(core, node, frame)
    if isinstance(callee, External) and callee.path == "locals":
        return _names_of(frame, node)
    return core.call(callee, site_of(core, node, frame, target))


def _names_of(frame: Frame, node: ast.Call) -> DictObj:
    """`locals()`."""
    span = frame.source.span(node)
    held = {name: Item(span, value) for name, value in frame.cells.items() if not name.startswith("\0")}
    return DictObj(Entries(held), span)


def _super(core: Core, node: ast.Call, frame: Frame) -> PyValue:
    scope: Frame | None = frame
    while scope is not None and scope.owner is None:
        scope = scope.outer
    receiver = scope.cells.get("self") if scope is not None else None
    if scope is None or receiver is None or not isinstance(scope.owner, ClassObj):
        return core.unknown("it is a base class's", frame.source.span(node))
    return Super(receiver, scope.owner)


def site_of(core: Core, node: ast.Call, frame: Frame, target: str = "") -> Site:
    """A call with its arguments evaluated."""
    source = frame.source
    positional: list[PyValue] = []
    rest: Unknown | None = None
    for each in node.args[:ITEMS_LIMIT]:
        if isinstance(each, ast.Starred):
            items, more = items_of(core, core.evaluate(each.value, frame), source.span(each))
            positional += items
            rest = rest or more
        else:
            positional.append(core.evaluate(each, frame))
    named: dict[str, KeywordArgument] = {}
    for keyword in node.keywords:
        value = core.evaluate(keyword.value, frame)
        if keyword.arg is not None:
            named[keyword.arg] = KeywordArgument(source.name_span(keyword), value)
            continue
        cells = Entries()
        spread(core, cells, value, source.span(keyword.value))
        for key, item in cells.items():
            if key == REST:
                rest = item
            else:
                named[key] = KeywordArgument(item.key_span, item.value)
    return Site(node, source.span(node), source, tuple(positional), named, rest, target)
