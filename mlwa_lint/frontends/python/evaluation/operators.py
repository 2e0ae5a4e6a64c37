"""Operators on values that are known, and what is left of them where some are not."""

import ast
import operator
from collections.abc import Callable, Sequence
from typing import Any

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.python.evaluation.core import Core, reason_of
from mlwa_lint.frontends.python.evaluation.forks import OF_VARIABLE
from mlwa_lint.frontends.python.evaluation.subscripts import key_text
from mlwa_lint.frontends.python.evaluation.truth import NOT, is_name_of_others, truth_of
from mlwa_lint.frontends.python.evaluation.values import (
    REST,
    DictObj,
    Entries,
    External,
    JsonText,
    ListObj,
    Obj,
    PathObj,
    PyValue,
    assumptions_of,
)
from mlwa_lint.frontends.python.limits import ITEMS_A_STEP, ITEMS_LIMIT, TEXT_LIMIT
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Choice, Reference, Scalar, Unknown, Value
from mlwa_lint.startup.patterns import lazy

_NUMBERS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_PLACEHOLDER = lazy(r"%(?:\((\w+)\))?([-+0 #]*+[0-9]*(?:\.[0-9]+)?)([sdifgr%])")
_LARGE = 10**15


def binary(core: Core, kind: ast.operator, left: PyValue, right: PyValue, span: Span) -> PyValue:
    """The value of `left OPERATOR right`."""
    if isinstance(left, Choice) or isinstance(right, Choice):
        return distributed(core, [left, right], lambda v: binary(core, kind, v[0], v[1], span), span)
    if isinstance(kind, ast.BitOr) and isinstance(left, DictObj) and isinstance(right, DictObj):
        return DictObj(Entries({**left.cells, **right.cells}), span)
    if isinstance(left, ListObj):
        return _of_lists(core, kind, left, right, span)
    if isinstance(kind, ast.Mod) and _is_text(left):
        return _interpolated(core, left, right, span)
    if isinstance(kind, ast.Add) and (_is_text(left) or _is_text(right)):
        return joined(core, [left, right], span)
    if isinstance(kind, ast.Div) and isinstance(left, PathObj):
        return PathObj(joined(core, [left.text, Scalar("/", span), right], span))
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return _of_scalars(core, kind, left, right, span)
    return core.unknown(reason_of(left if not isinstance(left, Scalar) else right), span)


def distributed(
    core: Core, values: Sequence[PyValue], make: Callable[[Sequence[Any]], PyValue], span: Span
) -> PyValue:
    """Applies a function to every combination of alternatives."""
    made: Callable[[Sequence[Value]], Value] = make  # type: ignore[assignment]
    result: PyValue = over_alternatives(list(values), made, span)  # type: ignore[arg-type]
    if isinstance(result, Unknown) and not result.identity:
        return core.unknown(result.reason, span)
    return result


def joined(core: Core, values: Sequence[PyValue], span: Span) -> PyValue:
    """Values one after the other, as text."""
    texts = [in_text(core, each, span) for each in values]
    if sum(map(_length, texts)) > TEXT_LIMIT:
        return core.unknown("it is too long to be worked out", span)
    return text_of(texts, span)


def _length(value: Value) -> int:
    if isinstance(value, Scalar):
        return len(value.data) if isinstance(value.data, str) else 1
    if isinstance(value, Unknown):
        return sum(len(part) + 1 if isinstance(part, str) else 1 for part in value.parts)
    return max(_length(value.yes), _length(value.no)) if isinstance(value, Choice) else 1


def in_text(core: Core, value: PyValue, span: Span) -> Value:
    """A value as it is inside of a text."""
    if isinstance(value, Scalar):
        return value if isinstance(value.data, str) else Scalar(str(value.data), value.span, value.assumed)
    if isinstance(value, Absent) and value.assumed:
        # No one means "None-pipeline": whoever runs the program gives something.
        what = " and ".join(sorted(value.assumed))
        return Unknown(f"{what} is nothing", span, identity=f"{what} in a text")
    if isinstance(value, Absent):
        return Scalar("None", span)
    if isinstance(value, PathObj):
        return in_text(core, value.text, span)
    if isinstance(value, Choice):
        return over_alternatives([value], lambda v: in_text(core, v[0], span), span)
    if isinstance(value, Obj):
        return core.unknown(reason_of(value), span, present=True)
    return value


def _of_scalars(core: Core, kind: ast.operator, left: Scalar, right: Scalar, span: Span) -> PyValue:
    function = _NUMBERS.get(type(kind))
    assumed = left.assumed | right.assumed
    if isinstance(kind, ast.Mult) and (isinstance(left.data, str) or isinstance(right.data, str)):
        return _repeated(core, left, right, span)
    if isinstance(kind, ast.Pow) and _small(left.data, 1000) and _small(right.data, 20):
        function = operator.pow
    if function is None or isinstance(left.data, str) or isinstance(right.data, str):
        return core.unknown("it is worked out when the program runs", span)
    if not (_small(left.data, _LARGE) and _small(right.data, _LARGE)):
        return core.unknown("it is too large to be worked out", span)
    try:
        result = function(left.data, right.data)
    except (ArithmeticError, TypeError, ValueError):
        return core.unknown("it cannot be worked out", span)
    if not isinstance(result, (int, float)):
        return core.unknown("it is not a number", span)
    return Scalar(result, span, assumed)


def _small(data: object, limit: int) -> bool:
    return isinstance(data, (int, float)) and -limit <= data <= limit


def _repeated(core: Core, left: Scalar, right: Scalar, span: Span) -> PyValue:
    text, times = (left.data, right.data) if isinstance(left.data, str) else (right.data, left.data)
    if not isinstance(text, str) or not isinstance(times, int) or len(text) * times > TEXT_LIMIT:
        return core.unknown("it is too long to be worked out", span)
    return Scalar(text * max(times, 0), span, left.assumed | right.assumed)


def _of_lists(core: Core, kind: ast.operator, left: ListObj, right: PyValue, span: Span) -> PyValue:
    if isinstance(kind, ast.Add) and isinstance(right, ListObj):
        core.step((len(left.values) + len(right.values)) // ITEMS_A_STEP)
        if len(left.values) + len(right.values) > ITEMS_LIMIT:
            return core.unknown("it is too long to be worked out", span)
        return ListObj((*left.values, *right.values), span, left.rest or right.rest, left.kind)
    if isinstance(kind, ast.Add):
        return ListObj(left.values, span, Unknown(reason_of(right), span), left.kind)
    times = right.data if isinstance(kind, ast.Mult) and isinstance(right, Scalar) else None
    if isinstance(times, int) and len(left.values) * times <= ITEMS_LIMIT:
        return ListObj(left.values * max(times, 0), span, left.rest, left.kind)
    return core.unknown("it is worked out when the program runs", span)


def _is_text(value: PyValue) -> bool:
    if isinstance(value, Scalar):
        return isinstance(value.data, str)
    return isinstance(value, JsonText) or (isinstance(value, Unknown) and bool(value.parts))


def _interpolated(core: Core, template: PyValue, given: PyValue, span: Span) -> PyValue:
    """`"%s-%d" % (a, b)`."""
    if not isinstance(template, Scalar):
        return core.unknown(reason_of(template), span)
    text = str(template.data)
    values = list(given.values) if isinstance(given, ListObj) and given.kind == "tuple" else [given]
    pieces: list[PyValue] = []
    position = used = 0
    for match in _PLACEHOLDER.finditer(text):
        pieces.append(Scalar(text[position : match.start()], span, template.assumed))
        position = match.end()
        name, width, letter = match.groups()
        if letter == "%":
            pieces.append(Scalar("%", span))
            continue
        value: PyValue | None = None
        if name is not None and isinstance(given, DictObj):
            item = given.cells.get(name)
            value = None if item is None else item.value
        elif name is None and used < len(values):
            value = values[used]
            used += 1
        if value is None:
            return core.unknown("what is put into the text is not known", span)
        pieces.append(_padded(core, value, f"%{width}{letter}", span))
    pieces.append(Scalar(text[position:], span, template.assumed))
    return joined(core, pieces, span)


def _padded(core: Core, value: PyValue, form: str, span: Span) -> PyValue:
    if not isinstance(value, Scalar) or form == "%s":
        return value
    if len(form) > 8:
        return core.unknown("its form is not worked out", span, present=True)
    try:
        return Scalar(form % value.data, span, value.assumed)
    except (TypeError, ValueError):
        return core.unknown("it cannot be put into the text", span)


def formatted(core: Core, value: PyValue, spec: PyValue | None, conversion: int, span: Span) -> PyValue:
    """One `{value!r:spec}` of a text."""
    if isinstance(value, Choice):
        return distributed(core, [value], lambda v: formatted(core, v[0], spec, conversion, span), span)
    form = spec.data if isinstance(spec, Scalar) else "" if spec is None else None
    if form == "" and conversion in (-1, ord("s")):
        return in_text(core, value, span)
    if isinstance(value, Scalar) and isinstance(form, str) and conversion == -1 and _is_short(form):
        try:
            return Scalar(format(value.data, form), span, value.assumed)
        except (ValueError, TypeError):
            return core.unknown("it cannot be put into the text", span)
    return core.unknown(reason_of(value, "its form is not worked out"), span, present=True)


def _is_short(form: str) -> bool:
    """Whether a format pads to fewer than 1000 characters."""
    digits = "".join(each if each.isdigit() else " " for each in form).split()
    return all(len(each) <= 3 for each in digits)


def unary(core: Core, kind: ast.unaryop, value: PyValue, span: Span) -> PyValue:
    """The value of `not value`, `-value`."""
    if isinstance(value, Choice):
        return distributed(core, [value], lambda v: unary(core, kind, v[0], span), span)
    if isinstance(kind, ast.Not):
        truth = truth_of(value)
        if truth is not None:
            return Scalar(not truth, span, assumptions_of(value))
        if isinstance(value, Unknown) and value.identity:
            identity = f"{NOT}{value.identity}"
            return Unknown(value.reason, span, identity=identity, assumed=value.assumed)
        if isinstance(value, External):
            return Unknown(reason_of(value), span, identity=f"{NOT}{value.path}")
    elif isinstance(value, Scalar) and isinstance(value.data, (int, float)):
        if isinstance(kind, ast.USub):
            return Scalar(-value.data, span, value.assumed)
        if isinstance(kind, ast.UAdd):
            return Scalar(+value.data, span, value.assumed)
    return core.unknown(reason_of(value), span)


def compared(core: Core, kind: ast.cmpop, left: PyValue, right: PyValue, span: Span) -> PyValue:
    """Whether a comparison holds."""
    if isinstance(left, Choice) or isinstance(right, Choice):
        return distributed(core, [left, right], lambda v: compared(core, kind, v[0], v[1], span), span)
    negated = isinstance(kind, (ast.NotEq, ast.IsNot, ast.NotIn))
    if isinstance(kind, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)):
        answer = _equal(left, right)
    elif isinstance(kind, (ast.In, ast.NotIn)):
        answer = _contained(left, right)
    else:
        answer = _ordered(kind, left, right)
    if answer is None:
        return _open_comparison(core, left, right, negated, span)
    assumed = assumptions_of(left) | assumptions_of(right)
    if isinstance(kind, (ast.Is, ast.IsNot)):
        # Whatever is given in place of the default of a variable is a text, and not None.
        assumed = frozenset(each for each in assumed if not each.startswith(OF_VARIABLE))
    return Scalar(answer is not negated, span, assumed)


def _open_comparison(core: Core, left: PyValue, right: PyValue, negated: bool, span: Span) -> PyValue:
    other = right if isinstance(left, Unknown) else left
    subject = left if isinstance(left, Unknown) else right
    reason = reason_of(subject)
    if isinstance(subject, Unknown) and subject.identity and isinstance(other, (Scalar, Absent)):
        identity = f"{subject.identity} == {key_text(other)}"
        return Unknown(reason, span, identity=f"{NOT}{identity}" if negated else identity)
    return core.unknown(reason, span)


_OF_ONE_KIND = (Scalar, DictObj, ListObj)


def _equal(left: PyValue, right: PyValue) -> bool | None:
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return left.data == right.data
    if isinstance(left, Absent) or isinstance(right, Absent):
        other = right if isinstance(left, Absent) else left
        if isinstance(other, Absent):
            return True
        if isinstance(other, Unknown):
            return False if other.parts or other.present else None
        return None if isinstance(other, Choice) or is_name_of_others(other) else False
    if isinstance(left, JsonText) and isinstance(right, (Scalar, DictObj, ListObj)):
        return None if isinstance(right, Scalar) and isinstance(right.data, str) and right.data else False
    if isinstance(left, _OF_ONE_KIND) and isinstance(right, _OF_ONE_KIND):
        if type(left) is not type(right):
            return False
        sides = {truth_of(left), truth_of(right)}
        if False in sides and None not in sides:  # one of them is empty
            return sides == {False}
    if isinstance(left, Unknown) and isinstance(right, Unknown) and left.identity:
        return True if left.identity == right.identity else None
    return True if left is right else None


def _contained(left: PyValue, right: PyValue) -> bool | None:
    text = key_text(left)
    if isinstance(right, ListObj) and (text is not None or isinstance(left, (DictObj, JsonText, ListObj))):
        verdicts = [_equal(left, each) for each in right.values]
        if True in verdicts:
            return True
        return None if None in verdicts or right.rest else False
    if text is None:
        return None
    if isinstance(right, DictObj):
        return True if text in right.cells and text != REST else None if right.rest else False
    if isinstance(right, Scalar) and isinstance(right.data, str):
        return text in right.data
    return None


def _ordered(kind: ast.cmpop, left: PyValue, right: PyValue) -> bool | None:
    function = _ORDER.get(type(kind))
    if function is None or not isinstance(left, Scalar) or not isinstance(right, Scalar):
        return None
    try:
        return function(left.data, right.data)
    except TypeError:
        return None


__all__ = ["Reference", "binary", "compared", "distributed", "formatted", "in_text", "joined", "unary"]
