"""Expressions: literals, names, attributes, subscripts, conditionals, comprehensions."""

import ast
from collections.abc import Callable
from typing import Any

from mlwa_lint.frontends.python.evaluation.assignments import assigned
from mlwa_lint.frontends.python.evaluation.builtins import BUILTINS
from mlwa_lint.frontends.python.evaluation.comprehensions import comprehension, dict_comprehension
from mlwa_lint.frontends.python.evaluation.core import Core, reason_of
from mlwa_lint.frontends.python.evaluation.generators import note_yielded
from mlwa_lint.frontends.python.evaluation.handing import note_checking, note_handing
from mlwa_lint.frontends.python.evaluation.narrowing import something
from mlwa_lint.frontends.python.evaluation.operators import binary, compared, formatted, joined, unary
from mlwa_lint.frontends.python.evaluation.refusals import leaves
from mlwa_lint.frontends.python.evaluation.sites import plain_call
from mlwa_lint.frontends.python.evaluation.subscripts import (
    item_of,
    items_of,
    key_text,
    spread,
    unknown_key,
)
from mlwa_lint.frontends.python.evaluation.truth import decided, truth_of
from mlwa_lint.frontends.python.evaluation.values import (
    REST,
    DictObj,
    Entries,
    External,
    Frame,
    FunctionObj,
    Item,
    ListObj,
    PyValue,
    Site,
    assumptions_of,
)
from mlwa_lint.frontends.python.limits import DEPTH_LIMIT, ITEMS_LIMIT
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Scalar, Unknown

_Kind = Callable[[Core, Any, Frame], PyValue]
# Where a choice keeps the call of `get` that it amounts to.
_GOTTEN = "\0gotten"
# Longer texts are no names of models, images or places.
_NAME_LENGTH = 200


def evaluate(core: Core, node: ast.expr, frame: Frame) -> PyValue:
    """The value of an expression; what is not known is Unknown, with its reason."""
    core.step()
    kind = _KINDS.get(type(node))
    if kind is None:
        return core.unknown(f"`{type(node).__name__}` expressions are not evaluated", frame.source.span(node))
    if core.depth > DEPTH_LIMIT:
        return core.unknown("it is nested too deeply to be worked out", frame.source.span(node))
    core.depth += 1
    try:
        return kind(core, node, frame)
    finally:
        core.depth -= 1


def lookup(core: Core, name: str, frame: Frame) -> PyValue | None:
    """The value of a name, None when nothing is known of it."""
    scope: Frame | None = frame
    while scope is not None:
        if name in scope.cells:
            found: PyValue = scope.cells[name]
            return found
        scope = scope.outer
    return None


# -- literals


def _constant(core: Core, node: ast.Constant, frame: Frame) -> PyValue:
    span = frame.source.span(node)
    data = node.value
    if data is None:
        return Absent(span)
    if isinstance(data, (str, int, float, bool)):
        return Scalar(data, span)
    if isinstance(data, bytes):
        return Scalar(data.decode("utf-8", "replace"), span)
    return core.unknown("a request cannot have this value", span)


def _joined(core: Core, node: ast.JoinedStr, frame: Frame) -> PyValue:
    span = frame.source.span(node)
    parts = [evaluate(core, each, frame) for each in node.values]
    if not parts:
        return Scalar("", span)
    found = joined(core, parts, span)
    if isinstance(found, Scalar) and found.origin is None and isinstance(node.values[-1], ast.FormattedValue):
        return found._replace(origin=_origin_of_end(str(found.data), parts[-1], span))
    return found


def _origin_of_end(text: str, last: PyValue, span: Span) -> Span | None:
    """Where the name is written with which a short text ends, and that is most of it: `f"eu.{MODEL}"`."""
    if not isinstance(last, Scalar) or not isinstance(last.data, str) or len(text) > _NAME_LENGTH:
        return None
    is_name = 2 * len(last.data) > len(text) and not any(each in text for each in ' \n"{')
    at = last.origin or last.span
    return at if is_name and (at.path, at.line) != (span.path, span.line) else None


def _formatted(core: Core, node: ast.FormattedValue, frame: Frame) -> PyValue:
    value = evaluate(core, node.value, frame)
    spec = evaluate(core, node.format_spec, frame) if node.format_spec is not None else None
    return formatted(core, value, spec, node.conversion, frame.source.span(node))


def _list(core: Core, node: ast.List | ast.Tuple | ast.Set, frame: Frame) -> PyValue:
    span = frame.source.span(node)
    if len(node.elts) > ITEMS_LIMIT:
        return core.unknown(f"it has more than {ITEMS_LIMIT:,} items", span)
    kind = {ast.List: "list", ast.Tuple: "tuple"}.get(type(node), "set")
    found: list[PyValue] = []
    rest: Unknown | None = None
    for each in node.elts:
        if isinstance(each, ast.Starred):
            items, more = items_of(core, evaluate(core, each.value, frame), frame.source.span(each))
            found += items
            rest = rest or more
        else:
            found.append(evaluate(core, each, frame))
    return ListObj(found, span, rest, kind)


def _dict(core: Core, node: ast.Dict, frame: Frame) -> PyValue:
    span = frame.source.span(node)
    if len(node.keys) > ITEMS_LIMIT:
        return core.unknown(f"it has more than {ITEMS_LIMIT:,} keys", span)
    cells = Entries()
    for key, value in zip(node.keys, node.values, strict=True):
        held = evaluate(core, value, frame)
        if key is None:
            spread(core, cells, held, frame.source.span(value))
            continue
        text = key_text(evaluate(core, key, frame))
        if text is None:
            cells[REST] = unknown_key(core, key, frame.source.span(key))
        else:
            cells[text] = Item(frame.source.span(key), held)
    if len(cells) > ITEMS_LIMIT:
        return core.unknown(f"it has more than {ITEMS_LIMIT:,} keys", span)
    return DictObj(cells, span)


# -- names


def _name(core: Core, node: ast.Name, frame: Frame) -> PyValue:
    found = lookup(core, node.id, frame)
    if found is not None:
        return found
    if node.id in BUILTINS:
        return External(node.id)
    return _undefined(core, node, frame)


def _undefined(core: Core, node: ast.Name, frame: Frame) -> PyValue:
    """A name that nothing gives: from a star import, from a cell that is missing, or an error."""
    core.stops.note(node, frame.source, core.entry, core.guards)
    known, key = core.stops.missing, (id(frame.module), node.id)
    if key not in known:
        known[key] = core.unknown(f"{node.id} is not defined here", frame.source.span(node))
    return known[key]


def _attribute(core: Core, node: ast.Attribute, frame: Frame) -> PyValue:
    base = evaluate(core, node.value, frame)
    return core.attribute(base, node.attr, Site(node, frame.source.span(node), frame.source))


def _subscript(core: Core, node: ast.Subscript, frame: Frame) -> PyValue:
    base = evaluate(core, node.value, frame)
    site = Site(node, frame.source.span(node), frame.source)
    if isinstance(node.slice, ast.Slice):
        return _slice(core, base, node.slice, site, frame)
    return item_of(core, base, evaluate(core, node.slice, frame), site)


def _slice(core: Core, base: PyValue, node: ast.Slice, site: Site, frame: Frame) -> PyValue:
    ends = [
        None if each is None else evaluate(core, each, frame) for each in (node.lower, node.upper, node.step)
    ]
    known = [each.data if isinstance(each, Scalar) else None for each in ends]
    bounds = [each if isinstance(each, int) else None for each in known]
    plain = all(given is None or bound is not None for given, bound in zip(ends, bounds, strict=True))
    if plain and bounds[2] != 0:
        cut = slice(*bounds)
        if isinstance(base, Scalar) and isinstance(base.data, str):
            return Scalar(base.data[cut], site.span, base.assumed)
        if isinstance(base, ListObj) and base.rest is None:
            return ListObj(base.values[cut], site.span, None, base.kind)
        if isinstance(base, Unknown) and base.identity:
            # The same part of the same text, wherever it is taken.
            return Unknown(
                base.reason, site.span, identity=f"{bounds} of {base.identity}", assumed=base.assumed
            )
    return core.unknown(reason_of(base, "only a part of it is used"), site.span)


# -- operators and conditions


def _binary(core: Core, node: ast.BinOp, frame: Frame) -> PyValue:
    # A long sum of texts is nested to the left: it is worked out without recursion.
    pending = [node]
    while isinstance(pending[-1].left, ast.BinOp):
        pending.append(pending[-1].left)
        core.step()
    value = evaluate(core, pending[-1].left, frame)
    for each in reversed(pending):
        right = evaluate(core, each.right, frame)
        value = binary(core, each.op, value, right, frame.source.span(each))
    return value


def _unary(core: Core, node: ast.UnaryOp, frame: Frame) -> PyValue:
    return unary(core, node.op, evaluate(core, node.operand, frame), frame.source.span(node))


def _compare(core: Core, node: ast.Compare, frame: Frame) -> PyValue:
    left = evaluate(core, node.left, frame)
    span = frame.source.span(node)
    result: PyValue = Scalar(True, span)
    for operator, comparator in zip(node.ops, node.comparators, strict=True):
        right = evaluate(core, comparator, frame)
        known = _membership(core, operator, right, Site(node, span, frame.source, (left,)))
        result = compared(core, operator, left, right, span) if known is None else known
        if len(node.ops) > 1 and truth_of(result) is not True:
            return result if truth_of(result) is False else core.unknown("a comparison is open", span)
        left = right
    return result


def _membership(core: Core, kind: ast.cmpop, right: PyValue, site: Site) -> PyValue | None:
    """Whether something outside of the program certainly has a value in it: `"DEBUG" in os.environ`."""
    if not isinstance(right, External) or not isinstance(kind, (ast.In, ast.NotIn)):
        return None
    found = core.external(f"{right.path} in", site)
    if not isinstance(found, Scalar):
        return None
    return found._replace(data=bool(found.data) is isinstance(kind, ast.In))


def _boolean(core: Core, node: ast.BoolOp, frame: Frame) -> PyValue:
    wanted = isinstance(node.op, ast.Or)
    value = evaluate(core, node.values[0], frame)
    for position, following in enumerate(node.values[1:]):
        verdict = decided(core, value, node.values[position])
        if verdict is wanted:
            return value
        if isinstance(verdict, bool):
            value = evaluate(core, following, frame)
            continue
        if not wanted and isinstance(value, Unknown):
            note_checking(core, verdict, node.values[position])
        span = frame.source.span(node)
        if wanted and isinstance(value, (Unknown, DictObj, ListObj)) and _is_nothing(following):
            continue
        kept = _kept(core, value, wanted, span)
        if wanted and leaves(core, following, frame):  # `key or sys.exit("no key")`
            with core.under(Guard(verdict.condition, not verdict.holds)):
                evaluate(core, following, frame)
            return something(kept)
        value = _stopped(core, verdict, wanted, kept, following, frame)
    return value


def _kept(core: Core, value: PyValue, wanted: bool, span: Span) -> PyValue:
    """What is left where evaluation stops at the first operand of `a and b` or `a or b`."""
    assumed = assumptions_of(value)
    if not wanted:
        return Scalar(False, span, assumed)
    if assumed and truth_of(value) is False:
        # The default is nothing: where `a or b` stops at `a`, something else was given.
        default = " and ".join(sorted(assumed))
        return core.unknown(f"something else than {default} is given", span, present=True)
    return value


def _is_nothing(node: ast.expr) -> bool:
    """Whether an expression is an empty value, which follows `or` so that nothing fails."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return not node.elts
    if isinstance(node, ast.Dict):
        return not node.keys
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("dict", "list", "set", "tuple") and not node.args and not node.keywords
    return isinstance(node, ast.Constant) and (node.value is None or node.value == "")


def _stopped(
    core: Core, verdict: Guard, wanted: bool, kept: PyValue, following: ast.expr, frame: Frame
) -> PyValue:
    """`kept` where the verdict is the wanted one, otherwise what follows."""

    def stay() -> PyValue:
        return kept

    def go() -> PyValue:
        return evaluate(core, following, frame)

    yes, no = (stay, go) if verdict.holds is wanted else (go, stay)
    return core.split(verdict.condition, yes, no, frame.source.span(following))


def _conditional(core: Core, node: ast.IfExp, frame: Frame) -> PyValue:
    verdict = decided(core, evaluate(core, node.test, frame), node.test)
    if isinstance(verdict, Guard):
        usual = _gotten(core, node, frame)
        if usual is not None:
            return usual
        if leaves(core, node.orelse, frame):  # `key if key else fail("no key")`
            with core.under(Guard(verdict.condition, not verdict.holds)):
                evaluate(core, node.orelse, frame)
            value = evaluate(core, node.body, frame)
            return something(value) if ast.dump(node.test) == ast.dump(node.body) else value
        yes, no = (node.body, node.orelse) if verdict.holds else (node.orelse, node.body)
        note_handing(core, verdict, node.test, [node.body])
        return core.split(
            verdict.condition,
            lambda: evaluate(core, yes, frame),
            lambda: evaluate(core, no, frame),
            frame.source.span(node),
        )
    return evaluate(core, node.body if verdict else node.orelse, frame)


def _gotten(core: Core, node: ast.IfExp, frame: Frame) -> PyValue | None:
    """`event["size"] if "size" in event else 1`, which is `event.get("size", 1)`, where 1 is usual."""
    test, body = node.test, node.body
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.In)):
        return None
    key, (owner,) = test.left, test.comparators
    if not (isinstance(key, ast.Constant) and isinstance(body, ast.Subscript)):
        return None
    if ast.dump(body.value) != ast.dump(owner) or ast.dump(body.slice) != ast.dump(key):
        return None
    call = node.__dict__.get(_GOTTEN)
    if call is None:
        getting = ast.copy_location(ast.Attribute(owner, "get", ast.Load()), owner)
        call = ast.copy_location(ast.Call(getting, [key, node.orelse], []), node)
        node.__dict__[_GOTTEN] = call
    found = evaluate(core, call, frame)
    return found if isinstance(found, Scalar) and found.assumed else None


def _walrus(core: Core, node: ast.NamedExpr, frame: Frame) -> PyValue:
    value = assigned(core, node.value, node.target, frame)
    core.store(frame.cells, node.target.id, value)
    return value


def _await(core: Core, node: ast.Await, frame: Frame) -> PyValue:
    return evaluate(core, node.value, frame)


def _lambda(core: Core, node: ast.Lambda, frame: Frame) -> PyValue:
    return FunctionObj(node, frame, {})


def _yield(core: Core, node: ast.Yield | ast.YieldFrom, frame: Frame) -> PyValue:
    span = frame.source.span(node)
    given: PyValue = Absent(span) if node.value is None else evaluate(core, node.value, frame)
    note_yielded(core, given, isinstance(node, ast.YieldFrom), frame, span)
    return core.unknown("it is handed in while the generator runs", span)


# -- comprehensions


# -- calls


_KINDS: dict[type[ast.expr], _Kind] = {
    ast.Constant: _constant,
    ast.JoinedStr: _joined,
    ast.FormattedValue: _formatted,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Set: _list,
    ast.Dict: _dict,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.IfExp: _conditional,
    ast.NamedExpr: _walrus,
    ast.Await: _await,
    ast.Lambda: _lambda,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.DictComp: dict_comprehension,
    ast.Call: plain_call,
}
