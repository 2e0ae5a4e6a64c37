"""What keeps rules from deciding: each cause once, with all resources and rules that it concerns."""

from collections.abc import Iterable

from mlwa_lint.model.findings import Undecided
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple


class Concerned(NamedTuple):
    """The rules that a cause leaves undecided for a resource."""

    address: str
    codes: tuple[str, ...]


class Cause(NamedTuple):
    """Why rules are undecided.

    span, address: the resource whose value it is, or the first that it concerns where that one is not
                   undecided itself.
    concerned:     the resources that it leaves undecided, that one first.
    """

    span: Span
    address: str
    reason: str
    concerned: tuple[Concerned, ...]


# Where a cause lies: a file, a resource in it, and the reason.
_Key = tuple[str, str, str]


def causes_of(undecided: Iterable[Undecided]) -> list[Cause]:
    """The causes, in the order of the resources whose values they are.

    A reason that starts with a resource's address is about a value of that resource: it is one cause with
    those of the resource itself, however many others need to know it.
    """
    undecided = list(undecided)
    spans: dict[tuple[str, str], Span] = {}
    paths: dict[str, set[str]] = {}
    for each in undecided:
        spans.setdefault((each.span.path, each.address), each.span)
        paths.setdefault(each.address, set()).add(each.span.path)
    found: dict[_Key, dict[tuple[Span, str], dict[str, None]]] = {}
    order: dict[tuple[str, str], None] = dict.fromkeys(spans)
    for each in undecided:
        for reason in each.reasons:
            key = _key(each, reason, paths)
            codes = found.setdefault(key, {}).setdefault((each.span, each.address), {})
            codes[each.code] = None
    by_place: dict[tuple[str, str], list[Cause]] = {place: [] for place in order}
    for (path, address, reason), concerned in found.items():
        span = spans.get((path, address))
        if span is None:  # nothing else is known of the resource that the reason names
            span, first = next(iter(concerned))
            path, address, reason = span.path, first, f"{address}: {reason}"
        own = sorted(concerned.items(), key=lambda item: item[0][1] != address)
        listed = tuple(Concerned(other, tuple(codes)) for (_, other), codes in own)
        by_place[path, address].append(Cause(span, address, reason, listed))
    return [cause for causes in by_place.values() for cause in causes]


def _key(undecided: Undecided, reason: str, paths: dict[str, set[str]]) -> _Key:
    """Where the cause of a reason lies: in the resource that it names, if it names one."""
    path = undecided.span.path
    owner, separator, rest = reason.partition(": ")
    if not separator:
        return path, undecided.address, reason
    known = paths.get(owner, set())
    if path in known:
        return path, owner, rest
    if len(known) == 1:
        return next(iter(known)), owner, rest
    return path, owner, rest
