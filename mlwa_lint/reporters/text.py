"""Text for people: where, what, the place underlined, why it matters and how to fix it."""

from collections.abc import Iterator
from functools import lru_cache

from mlwa_lint.files.lines import Sources
from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Finding, Undecided
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters.excerpts import excerpt
from mlwa_lint.reporters.painting import Line, paint, plain
from mlwa_lint.reporters.summary import View, by_rule, by_severity, listed, sentence

_SPACES = str.maketrans(dict.fromkeys("\t\n\x0b\x0c\r", " "))


def render(result: Result, view: View) -> str:
    """The report; coloured only when the view asks for it."""
    lines = list(_lines(result, view))
    return paint(lines) if view.color else plain(lines)


def _lines(result: Result, view: View) -> Iterator[Line]:
    sources = Sources(result.texts, result.hidden)
    for finding in listed(result, view):
        yield from _one_line(finding) if view.quiet else _block(finding, sources, view)
    if view.show_undecided:
        for undecided in result.undecided:
            yield from _undecided(undecided, view)
    if view.statistics:
        yield from _statistics(result)
    if not view.quiet:
        yield from _summary(result, view)


def _head(finding: Finding) -> Line:
    head: Line = [
        (_place(finding.span), "place"),
        (": ", ""),
        (finding.severity, finding.severity),
        (" ", ""),
        (finding.code, "code"),
        (f" {finding.name}", ""),
    ]
    if finding.suppressed is not None:
        head.append((" (suppressed)", "faint"))
    return head


def _one_line(finding: Finding) -> Iterator[Line]:
    yield [*_head(finding), (f": {sentence(finding)}", "")]


def _block(finding: Finding, sources: Sources, view: View) -> Iterator[Line]:
    yield _head(finding)
    yield from _wrapped(sentence(finding), "  ", "  ", "strong", view.width)
    lines = sources.lines(finding.span.path)
    yield from excerpt(lines, finding.span, finding.severity, view.width, "secret" in finding.name)
    for place in finding.related:
        yield from _wrapped(f"{_place(place.span)}: {place.message}", "  see:  ", "        ", "", view.width)
    if finding.suppressed is not None:
        reason = finding.suppressed or "no reason given"
        yield from _wrapped(f"suppressed: {reason}", "  ", "    ", "faint", view.width)
    else:
        if finding.reason:
            yield from _wrapped(finding.reason, "  why:  ", "        ", "", view.width)
        if finding.remedy:
            yield from _wrapped(finding.remedy, "  fix: ", "        ", "", view.width)
    if view.verbose:
        yield [(f"  help: {finding.help}", "faint")]
    yield []


def _undecided(undecided: Undecided, view: View) -> Iterator[Line]:
    yield [
        (_place(undecided.span), "place"),
        (": ", ""),
        ("undecided", "undecided"),
        (" ", ""),
        (undecided.code, "code"),
        (f" {undecided.name}: {undecided.address}", ""),
    ]
    if not view.quiet:
        for reason in undecided.reasons:
            yield from _wrapped(reason, "  because ", "          ", "", view.width)


def _statistics(result: Result) -> Iterator[Line]:
    rows = by_rule(result.findings)
    width = max((len(str(number)) for *_, number in rows), default=1)
    name_width = max((len(name) for _, name, _, _ in rows), default=1)
    for code, name, severity, number in rows:
        yield [
            (f"{number:>{width}}  ", "strong"),
            (code, "code"),
            (f"  {name:<{name_width}}  ", ""),
            (severity, severity),
        ]
    if rows:
        yield []


def _summary(result: Result, view: View) -> Iterator[Line]:
    total = len(result.findings)
    counts = by_severity(result.findings)
    read = f"in {_many(result.files, 'file')}, {_many(result.resources, 'resource')}"
    if total:
        severities = ", ".join(f"{number} {severity}" for severity, number in counts.items() if number)
        said = f"{_many(total, 'finding')} ({severities}) {read}"
    else:
        said = f"No findings {read}"
    further = []
    if result.suppressed:
        further.append(f"{len(result.suppressed)} suppressed")
    if result.baselined is not None:
        further.append(f"{len(result.baselined)} in the baseline")
    if result.undecided:
        hint = "" if view.show_undecided else " (--show-undecided)"
        further.append(f"{len(result.undecided)} undecided{hint}")
    unread = len({problem.path for problem in result.fatal})
    if unread:
        further.append(f"{_many(unread, 'input')} not read")
    text = "; ".join([said, ", ".join(further)]) if further else said
    yield [(text, "strong")]


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _place(span: Span) -> str:
    return f"{span.path}:{span.line}:{span.column}"


def _wrapped(text: str, first: str, further: str, style: str, width: int) -> list[Line]:
    return [[(line, style)] for line in _broken(text, first, further, max(width, 40))]


@lru_cache(maxsize=5000)  # what a rule says of itself comes with each of its findings
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
