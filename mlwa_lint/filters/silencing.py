"""Finds the suppressions that cover a finding by file, rule and region, however many there are."""

import posixpath
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from mlwa_lint.catalogue.registry import Registry, UnknownRuleError
from mlwa_lint.facts.suppressions import listed
from mlwa_lint.filters.module_calls import ModuleCalls
from mlwa_lint.filters.suppression import Suppression
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span

# So many misspelt selectors get a suggestion; looking for one takes long.
HINTS_LIMIT = 20
_Same: TypeAlias = tuple[str, str, Span | None, str, str]


class Selectors:
    """What selectors name; each is looked up once, and a hint is sought for a few that name nothing."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._codes: dict[str, frozenset[str]] = {}
        self._hints_left = HINTS_LIMIT

    def of(self, selector: str) -> frozenset[str]:
        """The codes of the rules that a selector names."""
        if selector not in self._codes:
            known = bool(selector) and self._registry.fits(selector)
            rules = self._registry.select([selector]) if known else ()
            self._codes[selector] = frozenset(rule.code for rule in rules)
        return self._codes[selector]

    def hint(self, selector: str) -> str:
        """The nearest rule to a selector that names none, as the end of a message."""
        self._hints_left -= 1
        if self._hints_left < 0:
            return ""
        try:
            self._registry.select([selector])
        except UnknownRuleError as error:
            return f"; did you mean {error.suggestion!r}?" if error.suggestion else ""
        return ""


class Silences:
    """Suppressions by file and rule, so that no finding is compared with all of them.

    Equal suppressions of the same region count once: a comment can be repeated ten thousand times.
    """

    def __init__(self, suppressions: Iterable[Suppression], codes: Selectors, calls: ModuleCalls) -> None:
        self._calls = calls
        self._used: set[_Same] = set()
        self._whole: dict[tuple[str, str], list[Suppression]] = {}
        self._by_call: dict[tuple[str, str, str], list[Suppression]] = {}
        regions: dict[tuple[str, str], dict[Span, list[Suppression]]] = {}
        self._all = list(suppressions)
        for each in _distinct(self._all):
            for code in codes.of(each.selector):
                key = (each.span.path, code)
                if each.region is None:
                    self._whole.setdefault(key, []).append(each)
                else:
                    regions.setdefault(key, {}).setdefault(each.region, []).append(each)
                if each.call:
                    folder = posixpath.dirname(each.span.path) or "."
                    self._by_call.setdefault((folder, each.call, code), []).append(each)
        self._has_others = any(each.tool for each in self._all)
        self._regions = {key: _Nested(found) for key, found in regions.items()}

    def of(self, finding: Finding) -> list[Suppression]:
        """The suppressions that cover a finding; they are used from now on."""
        fitting: list[Suppression] = []
        for path in dict.fromkeys((finding.span.path, finding.resource_span.path)):
            key = (path, finding.code)
            fitting += self._whole.get(key, ())
            nested = self._regions.get(key)
            if nested is not None:
                for span in dict.fromkeys((finding.span, finding.resource_span)):
                    fitting += [each for each in nested.around(span) if each.covers(finding)]
        if finding.written is not None:
            key = finding.written.span.path, finding.code
            fitting += self._whole.get(key, ())
            nested = self._regions.get(key)
            if nested is not None:
                fitting += [each for each in nested.around(finding.written.span) if not each.tool]
        if self._by_call:
            for folder, call in self._calls.of(finding.root, finding.address):
                fitting += self._by_call.get((folder, call, finding.code), ())
        if not fitting and self._has_others and finding.related and finding.code in listed():
            fitting += self._of_each_place(finding)
        self._used.update(map(_same, fitting))
        return list(dict.fromkeys(fitting))

    def _of_each_place(self, finding: Finding) -> list[Suppression]:
        """The suppressions of other tools that together cover all further places of a finding."""
        found: list[Suppression] = []
        for place in finding.related:
            nested = self._regions.get((place.span.path, finding.code))
            here = [] if nested is None else [each for each in nested.around(place.span) if each.tool]
            if not here:
                return []
            found += here
        return found

    def unused(self) -> Iterator[Suppression]:
        """Those that covered nothing; repetitions of one that did are used as well."""
        return (each for each in self._all if _same(each) not in self._used)


def _same(suppression: Suppression) -> _Same:
    kind = f"{suppression.tool} {suppression.property}"
    return (suppression.span.path, suppression.selector, suppression.region, suppression.call, kind)


def _distinct(suppressions: Iterable[Suppression]) -> Iterable[Suppression]:
    """One of each kind, with a reason if any of them has one."""
    found: dict[_Same, Suppression] = {}
    for each in suppressions:
        if not found.setdefault(_same(each), each).reason and each.reason:
            found[_same(each)] = each
    return found.values()


class _Nested:
    """Regions of one file, which lie in one another or side by side."""

    def __init__(self, regions: Mapping[Span, list[Suppression]]) -> None:
        ordered = sorted(regions, key=lambda span: (span.line, span.column, -span.end_line))
        self._starts = [(span.line, span.column) for span in ordered]
        self._regions = [(span, regions[span]) for span in ordered]
        self._outer: list[int] = []
        stack: list[int] = []
        for number, span in enumerate(ordered):
            while stack and _end(ordered[stack[-1]]) <= (span.line, span.column):
                stack.pop()
            self._outer.append(stack[-1] if stack else -1)
            stack.append(number)

    def around(self, span: Span) -> Iterator[Suppression]:
        """The suppressions of each region that contains a place."""
        number = bisect_right(self._starts, (span.line, span.column)) - 1
        while number >= 0:
            region, found = self._regions[number]
            if (span.line, span.column) < _end(region):
                yield from found
            number = self._outer[number]


def _end(span: Span) -> tuple[int, int]:
    return (span.end_line, span.end_column)
