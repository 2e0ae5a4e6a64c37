"""Functions on sets; a set is a list in Terraform's order without equal items."""

from collections.abc import Sequence
from itertools import product
from math import prod

from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.terraform.functions.compare import same
from mlwa_lint.frontends.terraform.functions.data import CannotError
from mlwa_lint.frontends.terraform.functions.kinds import Function, FunctionCall, Structural
from mlwa_lint.frontends.terraform.functions.shapes import as_list, as_set, closed_list, unified
from mlwa_lint.model.values import ListValue, Reference, Unknown, Value

_PRODUCT_LIMIT = 10_000


def _together(arguments: Sequence[Value]) -> list[ListValue]:
    """The arguments as lists whose items all have one type."""
    lists = [as_list(argument) for argument in arguments]
    items = unified([item for value in lists for item in value.items])
    found: list[ListValue] = []
    at = 0
    for value in lists:
        found.append(value._replace(items=items[at : at + len(value.items)]))
        at += len(value.items)
    return found


def _setunion(call: FunctionCall) -> Value:
    items: list[Value] = []
    rest: Unknown | None = None
    known: list[Value] = []
    for argument in call.arguments:
        if isinstance(argument, (Unknown, Reference)):
            rest = rest or Unknown(reason_of(argument, ""), call.span)
        else:
            known.append(argument)
    for value in _together(known):
        items += value.items
        rest = rest or value.rest
    return as_set(items, ListValue((), call.span, rest))


def _membership(item: Value, value: ListValue) -> bool | None:
    answers = [same(item, other) for other in value.items]
    if True in answers:
        return True
    return None if None in answers or value.rest is not None else False


def _selected(call: FunctionCall, wanted: bool) -> Value:
    """The first set's items that are in all others, or in none of them."""
    first, *others = _together(call.arguments)
    rest = first.rest
    kept: list[Value] = []
    for item in first.items:
        answers = [_membership(item, other) for other in others]
        if (not wanted) in answers:
            continue
        if None in answers:
            open_one = others[answers.index(None)]
            reason = reason_of(open_one.rest or item, "it is not known which items are equal")
            rest = rest or Unknown(reason, call.span)
            continue
        kept.append(item)
    return as_set(kept, ListValue((), call.span, rest))


def _setproduct(call: FunctionCall) -> Value:
    lists = [closed_list(argument) for argument in call.arguments]
    if prod(len(value.items) for value in lists) > _PRODUCT_LIMIT:
        raise CannotError(f"make more than {_PRODUCT_LIMIT} combinations")
    rows = product(*(unified(value.items) for value in lists))
    return ListValue(tuple(ListValue(row, call.span) for row in rows), call.span)


FUNCTIONS: dict[str, Function] = {
    "setintersection": Structural(lambda call: _selected(call, wanted=True), 1),
    "setproduct": Structural(_setproduct, 2),
    "setsubtract": Structural(lambda call: _selected(call, wanted=False), 2, 2),
    "setunion": Structural(_setunion, 1),
}
