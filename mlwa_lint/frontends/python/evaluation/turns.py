"""Loops whose turns are not known and that add to a list: what further turns add is like what one adds."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any, cast

from mlwa_lint.frontends.python.evaluation.assignments import cells_of
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import (
    ITEMS,
    REST,
    Cells,
    DictObj,
    Entries,
    Frame,
    Item,
    JsonText,
    ListObj,
    PyValue,
)
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Choice, Scalar, Unknown

_STRAIGHT = (ast.Expr, ast.Assign, ast.AnnAssign)
_BRANCHING = (ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.Await, ast.Lambda, ast.comprehension)


class Turns:
    """The lists that each turn of a loop fills in the same way, by statements in a row; empty before it."""

    def __init__(self, core: Core, body: Sequence[ast.stmt], frame: Frame, line: int) -> None:
        self._core = core
        self._line = line
        self._filled: dict[int, int] = {}
        self._outside: set[str] = set()
        if not _are_alike(body):
            return
        stored = _names(body, ast.Store)
        for name in _appended(body):
            value = cells_of(name, frame).get(name)
            if isinstance(value, ListObj) and not value.values and value.rest is None and name not in stored:
                self._filled[id(value.cells)] = self._filled.get(id(value.cells), 0) + 1
        if self._filled:
            for name in _names(body, ast.Load) - stored:
                self._outside |= _conditions(cells_of(name, frame).get(name))

    def add_further(self, cells: Cells, span: Span) -> bool:
        """Adds to a list what a further turn may add; false where that may be anything."""
        items: tuple[PyValue, ...] = cells.get(ITEMS, ())
        if not items or len(items) != self._filled.get(id(cells)):
            return False
        copies = [self._copy(each) for each in items]
        if any(each is None or isinstance(each, Unknown) for each in copies):
            return False
        turn = self._core.opaque(f"another turn of the loop in line {self._line}")
        further = [Choice(turn, cast(Any, each), Absent(span), span) for each in copies]
        self._core.store(cells, ITEMS, (*items, *further))
        return True

    def _copy(self, value: PyValue) -> PyValue | None:
        """What a value is in another turn; None where nothing is known of that."""
        if isinstance(value, (Scalar, Absent)):
            return value
        if isinstance(value, Unknown):
            return _unknown(value)
        if isinstance(value, Choice):
            return value if _conditions(value) <= self._outside else None
        if isinstance(value, ListObj):
            items = [self._copy(each) for each in value.values]
            known = [each for each in items if each is not None]
            rest = None if value.rest is None else _unknown(value.rest)
            copied = ListObj(known, value.span, rest, value.kind, value.assumed)
            return copied if len(known) == len(items) else None
        if isinstance(value, DictObj):
            return self._copy_of_dictionary(value)
        if isinstance(value, JsonText):
            structure = self._copy(value.structure)
            return None if structure is None else JsonText(structure)
        return None

    def _copy_of_dictionary(self, value: DictObj) -> DictObj | None:
        entries: dict[str, Item] = {}
        for key, item in value.items():
            copied = self._copy(item.value)
            if copied is None:
                return None
            entries[key] = Item(item.key_span, copied)
        return _dictionary(entries, value)


def _dictionary(entries: Mapping[str, Item], like: DictObj) -> DictObj:
    made = DictObj(Entries(entries), like.span, like.assumed)
    if like.rest is not None:
        made.cells[REST] = _unknown(like.rest)
    return made


def _unknown(value: Unknown) -> Unknown:
    """A value that is not known, and need not be the same in another turn."""
    parts = tuple(_unknown(each) if isinstance(each, Unknown) else each for each in value.parts)
    identity = f"{value.identity} in another turn" if value.identity else ""
    return value._replace(parts=parts, identity=identity)


def _are_alike(body: Sequence[ast.stmt]) -> bool:
    """Whether each turn does the same, with nothing that a turn before it has left."""
    if not all(isinstance(each, _STRAIGHT) for each in body):
        return False
    stored = _names(body, ast.Store)
    done: set[str] = set()
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, _BRANCHING):
                return False
            if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
                return False
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in stored - done:
                return False
        done |= _names([statement], ast.Store)
    return True


def _names(body: Sequence[ast.stmt], context: type[ast.expr_context]) -> set[str]:
    return {
        node.id
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    }


def _appended(body: Sequence[ast.stmt]) -> list[str]:
    """The names of what something is appended to, once for each time."""
    return [
        each.value.func.value.id
        for each in body
        if isinstance(each, ast.Expr)
        and isinstance(each.value, ast.Call)
        and isinstance(each.value.func, ast.Attribute)
        and each.value.func.attr == "append"
        and isinstance(each.value.func.value, ast.Name)
    ]


def _conditions(value: PyValue | None) -> set[str]:
    """The names of the conditions that a value depends on, at its top."""
    found: set[str] = set()
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, Choice):
            condition: Condition = each.condition
            found.add(condition.name)
            pending += (each.yes, each.no)
    return found
