"""Markdown: a heading with the sums, and a table of findings."""

from collections.abc import Iterable, Iterator

from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Finding
from mlwa_lint.reporters.escaping import visible
from mlwa_lint.reporters.summary import (
    ReportStyle,
    by_rule,
    by_severity,
    internal_error,
    listed,
    notices,
    others,
    sentence,
    unread_apps,
)
from mlwa_lint.startup.patterns import lazy

_TICKS = lazy("`+")
_SPECIAL = lazy(r"([\\`*_{}\[\]<>|#~])")


def render(result: Result, view: ReportStyle) -> str:
    """The report as GitHub-flavoured Markdown."""
    return "\n".join(_parts(result, view)) + "\n"


def _parts(result: Result, view: ReportStyle) -> Iterator[str]:
    yield "## mlwa-lint"
    yield ""
    yield sums(result)
    findings = listed(result, view)
    if findings:
        yield ""
        yield from _table(findings, view)
    if view.show_undecided and result.undecided:
        yield ""
        yield "### Undecided before deployment"
        yield ""
        yield "| Rule | Resource | Place | Because |"
        yield "|---|---|---|---|"
        for each in result.undecided:
            place = code_span(f"{each.span.path}:{each.span.line}")
            reasons = escaped("; ".join(each.reasons))
            yield f"| {each.code} | {code_span(each.address)} | {place} | {reasons} |"
    if view.statistics and result.findings:
        yield ""
        yield "| Findings | Rule | Severity |"
        yield "|---:|---|---|"
        for code, name, severity, number in by_rule(result.findings):
            yield f"| {number} | {code} {name} | {severity} |"
    if result.notices:
        yield ""
        yield "### Notices"
        yield ""
        for line in notices(result.notices):
            yield f"- {escaped(line)}"
    unread = errors(result)
    if unread:
        yield ""
        yield "### Not linted"
        yield ""
        for error in unread:
            yield f"- {escaped(error)}"


def errors(result: Result) -> list[str]:
    """What could not be linted, with the reason."""
    found = [f"{problem.place}: {problem.message}" for problem in result.fatal]
    return [*found, *(f"{error.path}: {internal_error(error)}" for error in result.errors)]


def sums(result: Result) -> str:
    """One line: how many findings, files and resources, and what is not shown."""
    counts = by_severity(result.findings)
    text = ", ".join(f"{number} {severity}" for severity, number in counts.items() if number)
    total = len(result.findings)
    pieces = [f"**{total} finding{'' if total == 1 else 's'}**" + (f" ({text})" if text else "")]
    pieces.append(f"{result.files} files, {result.resources} resources")
    if result.suppressed:
        pieces.append(f"{len(result.suppressed)} suppressed")
    if result.baselined is not None:
        pieces.append(f"{len(result.baselined)} in the baseline")
    if result.milder:
        hidden = ", ".join(f"{n} {severity}" for severity, n in by_severity(result.milder).items() if n)
        pieces.append(f"{hidden} not shown")
    if result.undecided:
        pieces.append(f"{result.causes} undecided")
    if apps := unread_apps(result):
        pieces.append(f"{apps} app{'' if apps == 1 else 's'} not checked")
    if result.notices:
        pieces.append(f"{len(result.notices)} notice{'' if len(result.notices) == 1 else 's'}")
    return " · ".join(pieces)


def _table(findings: Iterable[Finding], view: ReportStyle) -> Iterator[str]:
    yield "| Severity | Rule | Place | What is wrong | How to fix it |"
    yield "|---|---|---|---|---|"
    for finding in findings:
        rule = f"{linked(finding.code, finding.help)} {finding.name}"
        place = code_span(f"{finding.span.path}:{finding.span.line}")
        more = others(finding)
        text = escaped(sentence(finding) + (f"; and {more}" if more else ""))
        if finding.suppressed is not None:
            text += f" *(suppressed: {escaped(finding.suppressed or 'no reason')})*"
        yield f"| {finding.severity} | {rule} | {place} | {text} | {escaped(finding.remedy)} |"


def linked(text: str, address: str) -> str:
    """A link; the text alone where there is no page."""
    return f"[{text}]({address})" if address else text


def escaped(text: str) -> str:
    """Plain text: no markup, no link, no mention that would notify a user."""
    special = _SPECIAL.sub(r"\\\1", _one_line(text).replace("&", "&amp;"))
    return special.replace("@", "&#64;").replace("://", "&#58;//").replace("www.", "www&#46;")


def code_span(text: str) -> str:
    """A code span that no back-tick, pipe or line break in it can leave."""
    text = _one_line(text).replace("|", "\\|")
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"{fence}{text}{fence}"


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))
