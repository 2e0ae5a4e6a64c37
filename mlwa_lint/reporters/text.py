"""Text for people: what is worst first, where, the place underlined, why it matters and how to fix it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from mlwa_lint.files.lines import SourceLines
from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import SEVERITIES, Finding
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters.painting import Line, paint, plain
from mlwa_lint.reporters.summary import (
    MANY,
    ReportStyle,
    by_rule,
    by_severity,
    enumeration,
    listed,
    notices,
    off_by_default,
    offers,
    others,
    sentence,
    unread_apps,
)

if TYPE_CHECKING:
    from mlwa_lint.filters.causes import Cause

# More related places than these are counted, not listed.
_SEEN = 5
_SPACES = str.maketrans(dict.fromkeys("\t\n\x0b\x0c\r", " "))


def pieces(result: Result, view: ReportStyle) -> Iterator[str]:
    """The report, line by line; coloured, and in full, only when the view requests it."""
    lines = _lines(result, view)
    return iter((paint(lines),)) if view.color else (plain((line,)) for line in lines)


def _lines(result: Result, view: ReportStyle) -> Iterator[Line]:
    sources = SourceLines(result.texts, result.hidden)
    if _is_overview(result, view):
        from mlwa_lint.reporters.overview import overview

        yield from overview(result, view, lambda finding: _place(finding.span, sources))
    elif view.listing:
        yield from _findings(listed(result, view), sources, view)
    if view.show_undecided:
        yield from _undecided(result, sources, view)
    if view.statistics:
        yield from _statistics(result)
    if view.quiet:
        return
    shown = (*result.notices, *(result.notes if view.verbose else ()))
    if view.notices and shown:
        for line in notices(shown):
            yield from _wrapped(line, "", "  ", "", view.width)
        yield []
    yield from _summary(result, view)


def _is_overview(result: Result, view: ReportStyle) -> bool:
    """Whether there are more findings than fit an overview, and all of them were not requested."""
    stated = view.quiet or view.verbose or view.statistics or view.show_suppressed or view.group
    return view.brief and view.listing and not stated and len(result.findings) > MANY


# -- findings


def _findings(findings: Sequence[Finding], sources: SourceLines, view: ReportStyle) -> Iterator[Line]:
    """The findings, the worst first; the texts of a rule come with the first of it."""
    shown: dict[str, set[str]] = {}
    for heading, group in _groups(findings, view):
        if heading and not view.quiet:
            yield [(heading, "strong")]
            yield []
        for finding in group:
            yield from _one_line(finding, sources) if view.quiet else _block(finding, sources, view, shown)


def _groups(findings: Sequence[Finding], view: ReportStyle) -> Iterator[tuple[str, list[Finding]]]:
    """Findings by severity and place, in groups if the view requests them: those with the worst first."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=_weight):
        groups.setdefault(_heading(finding, view), []).append(finding)
    for heading, group in groups.items():
        yield f"{heading} ({_many(len(group), 'finding')})" if heading else "", group


def _heading(finding: Finding, view: ReportStyle) -> str:
    if view.group == "rule":
        return f"{finding.code} {finding.name}"
    if view.group == "resource":
        return f"{finding.address}, {finding.resource_span.path}"
    return finding.span.path if view.group == "file" else ""


def _weight(finding: Finding) -> tuple[int, Span, str, str]:
    return SEVERITIES.index(finding.severity), finding.span, finding.code, finding.address


def _head(finding: Finding, sources: SourceLines) -> Line:
    head: Line = [
        (_place(finding.span, sources), "place"),
        (": ", ""),
        (finding.severity, finding.severity),
        (" ", ""),
        (finding.code, "code"),
        (f" {finding.name}", ""),
    ]
    if finding.suppressed is not None:
        head.append((" (suppressed)", "faint"))
    return head


def _one_line(finding: Finding, sources: SourceLines) -> Iterator[Line]:
    more = others(finding)
    yield [*_head(finding, sources), (f": {sentence(finding)}" + (f"; and {more}" if more else ""), "")]


def _block(
    finding: Finding, sources: SourceLines, view: ReportStyle, shown: dict[str, set[str]]
) -> Iterator[Line]:
    from mlwa_lint.reporters.cells import cell_text
    from mlwa_lint.reporters.excerpts import excerpt

    yield _head(finding, sources)
    yield from _wrapped(sentence(finding), "  ", "  ", "strong", view.width)
    lines, span = cell_text(sources, finding.span)
    yield from excerpt(lines, span, finding.severity, view.width, "secret" in finding.name)
    if finding.construct is not None:
        construct = finding.construct
        made = f"{construct.path}, {construct.source}" if construct.source else construct.path
        yield from _wrapped(f"made by {made}", "  ", "    ", "", view.width)
    for place in finding.related[:_SEEN]:
        given = f"{_place(place.span, sources)}: {place.message}"
        yield from _wrapped(given, "  see:  ", "        ", "", view.width)
    if len(finding.related) > _SEEN:
        yield [(f"  see:  {_many(len(finding.related) - _SEEN, 'more place')}", "")]
    more = others(finding)
    if more:
        yield from _wrapped(f"and {more}", "  ", "    ", "", view.width)
    if finding.suppressed is not None:
        reason = finding.suppressed or "no reason given"
        yield from _wrapped(f"suppressed: {reason}", "  ", "    ", "faint", view.width)
    else:
        yield from _advice(finding, view, shown)
    yield []


def _advice(finding: Finding, view: ReportStyle, shown: dict[str, set[str]]) -> Iterator[Line]:
    """Why it matters and how to fix it, once for a rule; another remedy of the same rule again."""
    given = shown.setdefault(finding.code, set())
    if finding.reason and not given:
        yield from _wrapped(finding.reason, "  why: ", "       ", "", view.width)
    if finding.remedy and finding.remedy not in given:
        yield from _wrapped(finding.remedy, "  fix: ", "       ", "", view.width)
    if view.verbose and finding.help and not given:
        yield [(f"  help: {finding.help}", "faint")]
    given.add(finding.remedy)


# -- everything else


def _undecided(result: Result, sources: SourceLines, view: ReportStyle) -> Iterator[Line]:
    """What keeps rules from deciding, once for the resource whose value it is."""
    from mlwa_lint.filters.causes import causes_of

    before: tuple[Span, str] | None = None
    for cause in causes_of(result.undecided):
        head: Line = [(_place(cause.span, sources), "place"), (": ", ""), ("undecided", "undecided")]
        head.append((f" {cause.address}", ""))
        text = f"{cause.reason} ({_concerned(cause)})"
        if view.quiet:
            yield [*head, (f": {text}", "")]
            continue
        if before != (cause.span, cause.address):
            before = cause.span, cause.address
            yield head
        yield from _wrapped(text, "  because ", "          ", "", view.width)


def _concerned(cause: "Cause") -> str:
    """The rules that a cause concerns: `MLR101, MLS101; MLR102 of Endpoint`."""
    return "; ".join(
        ", ".join(codes) if address == cause.address else f"{', '.join(codes)} of {address}"
        for address, codes in cause.concerned
    )


def _statistics(result: Result) -> Iterator[Line]:
    rows = by_rule(result.findings)
    yield from _table(rows, "")
    if rows:
        yield []


def _table(rows: Sequence[tuple[str, str, str, int]], indent: str) -> Iterator[Line]:
    width = max((len(str(number)) for *_, number in rows), default=1)
    name_width = max((len(name) for _, name, _, _ in rows), default=1)
    for code, name, severity, number in rows:
        yield [
            (f"{indent}{number:>{width}}  ", "strong"),
            (code, "code"),
            (f"  {name:<{name_width}}  ", ""),
            (severity, severity),
        ]


def _summary(result: Result, view: ReportStyle) -> Iterator[Line]:
    total = len(result.findings)
    counts = by_severity(result.findings)
    read = f"in {_many(result.files, 'file')}, {_many(result.resources, 'resource')}"
    if total:
        severities = ", ".join(f"{number} {severity}" for severity, number in counts.items() if number)
        given = f"{_many(total, 'finding')} ({severities}) {read}"
    else:
        given = f"No findings {read}"
    further = []
    if result.milder:
        hidden = [f"{number} {severity}" for severity, number in by_severity(result.milder).items() if number]
        further.append(f"{enumeration(hidden, len(hidden))} not shown (--severity info)")
    if result.suppressed:
        further.append(f"{len(result.suppressed)} suppressed")
    if result.baselined is not None:
        stale = f" ({result.stale} stale: `mlwa-lint baseline --prune`)" if result.stale else ""
        further.append(f"{len(result.baselined)} in the baseline{stale}")
    if result.undecided:
        further.append(f"{result.causes} undecided{_ways_on(result, view)}")
    if off := off_by_default(result):
        further.append(f"{_many(off, 'block')} off by default (--verbose)")
    if apps := unread_apps(result):
        further.append(f"{_many(apps, 'app')} not checked")
    if result.notices:
        further.append(_many(len(result.notices), "notice"))
    unread = len({problem.path for problem in result.fatal})
    if unread:
        further.append(f"{_many(unread, 'input')} not read")
    text = "; ".join([given, ", ".join(further)]) if further else given
    yield [(text, "strong")]


def _ways_on(result: Result, view: ReportStyle) -> str:
    """How to see what is undecided, and how to decide some of it with values that lie at hand."""
    ways = [] if view.show_undecided else ["--show-undecided"]
    found = offers(result)
    if found:
        more = f" or {len(found) - 1} more" if len(found) > 1 else ""
        ways.append(f"{found[0]}{more} may decide some")
    return f" ({'; '.join(ways)})" if ways else ""


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _place(span: Span, sources: SourceLines) -> str:
    from mlwa_lint.reporters.cells import cell_place, described

    place = cell_place(sources, span)
    where = f"{span.path}:{span.line}:{span.column}"
    return where if place is None else f"{where} ({described(place)})"


def _wrapped(text: str, first: str, further: str, style: str, width: int) -> list[Line]:
    return [[(line, style)] for line in _broken(text, first, further, max(width, 40))]


@lru_cache(maxsize=5000)  # the texts of a rule come with each of its findings
def _broken(text: str, first: str, further: str, room: int) -> list[str]:
    """Text in lines of some width; what textwrap does takes four times as long, and its import too."""
    lines = []
    line = first
    empty = True
    for word in text.translate(_SPACES).split(" "):
        if not word:
            continue
        if not empty and len(line) + 1 + len(word) > room:
            lines.append(line)
            line, empty = further, True
        line += word if empty else f" {word}"
        empty = False
    return lines if empty else [*lines, line]
