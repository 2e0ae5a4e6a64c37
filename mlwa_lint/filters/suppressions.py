"""Applies suppressions to findings, and finds those that silence nothing."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from mlwa_lint.catalogue.registry import Registry, UnknownRuleError
from mlwa_lint.files.lines import Sources
from mlwa_lint.filters.suppression import Suppression
from mlwa_lint.model.findings import Finding, Undecided
from mlwa_lint.model.secrets import without_formats
from mlwa_lint.model.spans import Span
from mlwa_lint.rule import Remedy, Rule
from mlwa_lint.startup.records import NamedTuple


class _RuleOfOurs(Rule):
    """A rule about mlwa-lint's own input: its page is that of suppressions, not one of the catalogue."""

    __slots__ = ()

    @property
    def help(self) -> str:
        return "https://mlwa-lint.readthedocs.io/suppressions/#nothing-is-hidden-silently"


UNUSED_SUPPRESSION = _RuleOfOurs(
    code="MLO901",
    name="unused-suppression",
    severity="info",
    practices=(),
    on=(),
    remedy=Remedy(
        "Delete the suppression, or correct the code", "Delete the suppression, or correct the code"
    ),
    documentation="""A suppression hides nothing.

Left in place, it would silently hide the mistake should it ever come.

A comment `# mlwa: ignore[CODE] -- reason`, `# mlwa: ignore-file[CODE]` or a `mlwa-lint` entry in a
resource's `Metadata` names a rule that finds nothing at its place, or no rule at all. It is judged only
when the rules that it names were selected, the file could be read, and no question of these rules stayed
undecided there.

To fix it, delete the suppression, or correct the code that it names.
""",
    check=None,
)
_MARK = "mlwa"
# So many misspelt selectors get a suggestion; looking for one takes long.
HINTS_LIMIT = 20


class Suppressed(NamedTuple):
    """Findings that stay open, those that are silenced, and findings about suppressions that hide nothing."""

    open: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    unused: tuple[Finding, ...]


def apply_suppressions(
    findings: Sequence[Finding],
    undecided: Sequence[Undecided],
    sources: Sources,
    paths: Sequence[str],
    unread: Collection[str],
    registry: Registry,
    ran: Callable[[str], frozenset[str]],
) -> Suppressed:
    """Applies the suppressions of all sources.

    paths:  every source that was read. unread: those that were not understood as a whole.
    ran:    the codes of the rules that looked at a path.
    """
    suppressions = [each for path in dict.fromkeys(paths) for each in _of_source(path, sources)]
    if not suppressions:
        return Suppressed(tuple(findings), (), ())
    codes = _Selectors(registry)
    silences = _Silences(suppressions, codes)
    still_open, suppressed = [], []
    for finding in findings:
        fitting = silences.of(finding)
        if fitting:
            reason = next((each.reason for each in fitting if each.reason), "")
            suppressed.append(finding._replace(suppressed=reason))
        else:
            still_open.append(finding)
    questions: dict[tuple[str, str], list[Undecided]] = {}
    for each in undecided:
        questions.setdefault((each.span.path, each.code), []).append(each)
    unused = []
    for suppression in silences.unused():
        path = suppression.span.path
        if path in unread:
            continue
        asked = codes.of(suppression.selector)
        open_ones = (question for code in asked for question in questions.get((path, code), ()))
        if asked <= ran(path) and not any(suppression.contains(each.span) for each in open_ones):
            unused.append(_unused(suppression, asked, codes))
    return Suppressed(tuple(still_open), tuple(suppressed), tuple(unused))


class _Selectors:
    """What selectors name; each is looked up once, and a hint is sought for a few that name nothing."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._codes: dict[str, frozenset[str]] = {}
        self._hints_left = HINTS_LIMIT

    def of(self, selector: str) -> frozenset[str]:
        """The codes of the rules that a selector names."""
        if selector not in self._codes:
            known = selector and self._registry.fits(selector)
            rules = self._registry.select([selector]) if known else ()
            self._codes[selector] = frozenset(rule.code for rule in rules)
        return self._codes[selector]

    def hint(self, selector: str) -> str:
        """The nearest rule to one that is none."""
        self._hints_left -= 1
        if self._hints_left < 0:
            return ""
        try:
            self._registry.select([selector])
        except UnknownRuleError as error:
            return f"; did you mean {error.suggestion!r}?" if error.suggestion else ""
        return ""


class _Silences:
    """Suppressions by file and rule, so that no finding is compared with all of them.

    Those that say the same of the same region are one here: a comment can be repeated ten thousand times.
    """

    def __init__(self, suppressions: Sequence[Suppression], codes: _Selectors) -> None:
        self._all = suppressions
        self._used: set[tuple[str, str, Span | None]] = set()
        self._whole: dict[tuple[str, str], dict[str, Suppression]] = {}
        regions: dict[tuple[str, str], dict[Span, list[Suppression]]] = {}
        for each in suppressions:
            for code in codes.of(each.selector):
                key = (each.span.path, code)
                if each.region is None:
                    self._whole.setdefault(key, {}).setdefault(each.selector, each)
                else:
                    regions.setdefault(key, {}).setdefault(each.region, []).append(each)
        self._regions = {key: _Nested(found) for key, found in regions.items()}

    def of(self, finding: Finding) -> list[Suppression]:
        """The suppressions that cover a finding, one for each region; they are used from now on."""
        fitting: list[Suppression] = []
        for path in dict.fromkeys((finding.span.path, finding.resource_span.path)):
            key = (path, finding.code)
            fitting += self._whole.get(key, {}).values()
            nested = self._regions.get(key)
            if nested is not None:
                for span in dict.fromkeys((finding.span, finding.resource_span)):
                    fitting += [each for each in nested.around(span) if each.covers(finding)]
        for each in fitting:
            self._used.add((each.span.path, each.selector, each.region))
        return list(dict.fromkeys(fitting))

    def unused(self) -> Iterator[Suppression]:
        """Those that covered nothing; repetitions of one that did are used as well."""
        for each in self._all:
            if (each.span.path, each.selector, each.region) not in self._used:
                yield each


class _Nested:
    """Regions of one file, which lie in one another or side by side."""

    def __init__(self, regions: Mapping[Span, Sequence[Suppression]]) -> None:
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
        """One suppression for each region that a place may lie in, and all that say something else."""
        number = bisect_right(self._starts, (span.line, span.column)) - 1
        while number >= 0:
            region, found = self._regions[number]
            if (span.line, span.column) < _end(region):
                yield from {each.selector: each for each in reversed(found)}.values()
            number = self._outer[number]


def _end(span: Span) -> tuple[int, int]:
    return (span.end_line, span.end_column)


def _of_source(path: str, sources: Sources) -> tuple[Suppression, ...]:
    """The suppressions of a file; most have none, which a look at the text tells."""
    text = sources.text(path)
    if _MARK not in text:
        return ()
    from mlwa_lint.filters.suppression_comments import find

    return find(text, path)


def _unused(suppression: Suppression, codes: frozenset[str], selectors: _Selectors) -> Finding:
    rule = UNUSED_SUPPRESSION
    if not suppression.selector:
        message = "The suppression names no rule; write `mlwa: ignore[CODE] -- reason`"
    elif not codes:
        named = without_formats(suppression.selector)
        message = f"The suppression names {named!r}, which is no rule{selectors.hint(suppression.selector)}"
    else:
        message = f"The suppression of {suppression.selector} hides nothing"
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        pillar=rule.pillar,
        practices=rule.practices,
        message=message,
        span=suppression.span,
        address=suppression.span.path,
        resource_type="source file",
        resource_span=suppression.span,
        help=rule.help,
        reason=rule.reason,
        remedy=rule.remedy.cloudformation,
    )
