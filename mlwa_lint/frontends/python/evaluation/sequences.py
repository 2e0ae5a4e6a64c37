"""What Python's own functions make of sequences: their items, in other orders and put together."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.operators import binary
from mlwa_lint.frontends.python.evaluation.subscripts import items_of
from mlwa_lint.frontends.python.evaluation.truth import truth_of
from mlwa_lint.frontends.python.evaluation.values import ListObj, PyValue, Site
from mlwa_lint.frontends.python.limits import TURNS_LIMIT
from mlwa_lint.model.values import Absent, Scalar

_Function = Callable[[Core, Site], PyValue | None]


def _data(value: Scalar) -> Any:
    return value.data


def _range(core: Core, site: Site) -> PyValue | None:
    bounds = [each.data for each in site.positional if isinstance(each, Scalar)]
    numbers = [each for each in bounds if isinstance(each, int)]
    if (
        not numbers
        or len(numbers) < len(site.positional)
        or len(numbers) > 3
        or (len(numbers) == 3 and not numbers[2])
    ):
        return None
    turns = range(*numbers)
    if len(turns) > TURNS_LIMIT:
        return None
    return ListObj([Scalar(each, site.span) for each in turns], site.span)


def _enumerate(core: Core, site: Site) -> PyValue | None:
    items, rest = items_of(core, site.first(), site.span)
    start = site.value("start", 1)
    first = start.data if isinstance(start, Scalar) and isinstance(start.data, int) else 0
    pairs = [
        ListObj([Scalar(first + position, site.span), item], site.span, None, "tuple")
        for position, item in enumerate(items)
    ]
    return ListObj(pairs, site.span, rest)


def _zip(core: Core, site: Site) -> PyValue | None:
    columns = [items_of(core, each, site.span) for each in site.positional]
    rest = next((more for _, more in columns if more is not None), None)
    rows = zip(*(items for items, _ in columns), strict=False)
    return ListObj([ListObj(row, site.span, None, "tuple") for row in rows], site.span, rest)


def _chain(core: Core, site: Site) -> PyValue | None:
    columns = [items_of(core, each, site.span) for each in site.positional]
    rest = next((more for _, more in columns if more is not None), None)
    return ListObj([each for items, _ in columns for each in items], site.span, rest)


def _chain_of(core: Core, site: Site) -> PyValue | None:
    items, rest = items_of(core, site.first(), site.span)
    return None if rest is not None else _chain(core, site._replace(positional=tuple(items)))


def _sum(core: Core, site: Site) -> PyValue | None:
    items, rest = items_of(core, site.first(), site.span)
    if rest is not None:
        return None
    total = site.value("start", 1) or Scalar(0, site.span)
    for each in items:
        total = binary(core, ast.Add(), total, each, site.span)
    return total


def _filtered(core: Core, site: Site) -> PyValue | None:
    """`filter(function, items)`: what the function leaves open may be there."""
    if len(site.positional) != 2:
        return None
    function, given = site.positional
    items, rest = items_of(core, given, site.span)
    kept: list[PyValue] = []
    for each in items:
        alone = site._replace(positional=(each,), named={}, rest=None)
        truth = truth_of(each if isinstance(function, Absent) else core.call(function, alone))
        if truth is None:
            rest = rest or core.unknown("which items are taken is not known", site.span)
        if truth is not False:
            kept.append(each)
    return ListObj(kept, site.span, rest)


def _next(core: Core, site: Site) -> PyValue | None:
    given = site.first()
    if not isinstance(given, ListObj) or given.rest is not None:
        return None
    return given.values[0] if given.values else site.value("default", 1)


def _ordered(core: Core, site: Site) -> PyValue | None:
    items, rest = items_of(core, site.first(), site.span)
    known = [each for each in items if isinstance(each, Scalar)]
    if rest is None and len(known) == len(items) and not site.named:
        try:
            ordered: list[PyValue] = [*sorted(known, key=_data)]
            return ListObj(ordered, site.span)
        except TypeError:
            return None
    return ListObj(items, site.span, rest)


def _extreme(choose: Callable[..., object]) -> _Function:
    def found(core: Core, site: Site) -> PyValue | None:
        items = list(site.positional)
        if len(items) == 1:
            items, rest = items_of(core, items[0], site.span)
            if rest is not None:
                return None
        known = [each for each in items if isinstance(each, Scalar)]
        if not known or len(known) < len(items) or site.named:
            return None
        try:
            chosen = choose(known, key=_data)
        except TypeError:
            return None
        return chosen if isinstance(chosen, Scalar) else None

    return found


SEQUENCES: Mapping[str, _Function] = {
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "sorted": _ordered,
    "sum": _sum,
    "filter": _filtered,
    "next": _next,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_of,
    "max": _extreme(max),
    "min": _extreme(min),
}
