"""Comprehensions over values that are known, and over those that are not."""

import ast
from collections.abc import Callable, Sequence

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.handing import hands_on, note_handing
from mlwa_lint.frontends.python.evaluation.subscripts import items_of, key_text, unknown_key
from mlwa_lint.frontends.python.evaluation.targets import bind
from mlwa_lint.frontends.python.evaluation.truth import decided
from mlwa_lint.frontends.python.evaluation.values import (
    REST,
    DictObj,
    Entries,
    Frame,
    Item,
    ListObj,
    PyValue,
)
from mlwa_lint.frontends.python.limits import TURNS_LIMIT
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.values import Absent, Unknown

_SHOWN = 40


def comprehension(core: Core, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, frame: Frame) -> PyValue:
    """A list, or what is used like one."""
    found: list[PyValue] = []
    span = frame.source.span(node)
    inner = Frame(frame.source, frame.module, frame, frame.title)
    rest = _each(core, node.generators, inner, lambda: found.append(core.evaluate(node.elt, inner)))
    return ListObj(found, span, rest)


def dict_comprehension(core: Core, node: ast.DictComp, frame: Frame) -> PyValue:
    """A dictionary."""
    span = frame.source.span(node)
    cells = Entries()
    inner = Frame(frame.source, frame.module, frame, frame.title)

    def put(test: Guard | None = None) -> None:
        text = key_text(core.evaluate(node.key, inner))
        value = core.evaluate(node.value, inner)
        place = frame.source.span(node.key)
        if text is None:
            cells[REST] = unknown_key(core, node.key, place)
        elif test is None or test.condition.default is test.holds:
            cells[text] = Item(place, value)
        else:
            # The key is there where its own test holds.
            note_handing(core, test, node.generators[0].ifs[0], [node.value])
            before = cells[text].value if text in cells else Absent(span)
            yes, no = (value, before) if test.holds else (before, value)
            cells[text] = Item(place, core.fork(test.condition, yes, no, span))

    # `{key: value for key, value in request.items() if value is not None}`
    tests = [test for each in node.generators for test in each.ifs]
    checks = len(node.generators) == len(tests) == 1 and hands_on(tests[0], [node.value])
    rest = _each(core, node.generators, inner, put, put if checks else None)
    if rest is not None:
        cells.setdefault(REST, rest)
    return DictObj(cells, span)


def _each(
    core: Core,
    generators: Sequence[ast.comprehension],
    frame: Frame,
    action: Callable[[], None],
    tested: Callable[[Guard], None] | None = None,
) -> Unknown | None:
    """Runs an action for every combination of values; gives why there may be more of them.

    tested: the action where the only test is open, if that makes a difference to it.
    """
    if not generators:
        action()
        return None
    first, *others = generators
    span = frame.source.span(first.iter)
    items, rest = items_of(core, core.evaluate(first.iter, frame), span)
    if len(items) > TURNS_LIMIT:
        items, rest = [core.unknown("it differs from turn to turn", span)], Unknown("it has many items", span)
    elif rest is not None and not items:
        items = [core.unknown(rest.reason, span)]
    for item in items:
        bind(core, first.target, item, frame)
        open_test: Guard | None = None
        for test in first.ifs:
            verdict = decided(core, core.evaluate(test, frame), test)
            if verdict is False:
                break
            open_test = verdict if isinstance(verdict, Guard) else open_test
        else:
            if open_test is not None and tested is not None:
                tested(open_test)
                continue
            rest = _each(core, others, frame, action) or rest
            if open_test is not None:
                rest = rest or Unknown(f"which items of {_shown(first.iter)} are taken is not known", span)
    return rest


def _shown(expression: ast.expr) -> str:
    """An expression as it is written, in one short line."""
    text = ast.unparse(expression)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
