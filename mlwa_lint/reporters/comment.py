"""Markdown for a comment on a pull request: findings folded by rule, within what GitHub accepts."""

from collections.abc import Iterator, Sequence
from html import escape

from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import SEVERITIES, Finding
from mlwa_lint.reporters.markdown import code_span, errors, escaped, sums
from mlwa_lint.reporters.summary import ReportStyle, notices, others, sentence

# GitHub refuses longer comments. https://docs.github.com/rest/issues/comments
LIMIT = 65_536
# So that a bot finds its own comment again, and knows whether there is anything to report.
MARK = "<!-- mlwa-lint: {number} -->"
# What the end of a report needs that is cut short.
_TAIL = 500
_PLACES = 25
_LINE = 1_000


def render(result: Result, view: ReportStyle) -> str:
    """The report, cut short where it would be longer than GitHub accepts."""
    return folded(result, LIMIT)


def folded(result: Result, limit: int) -> str:
    """The report in at most so many characters: the worst rules first, and how many findings are left out."""
    head = [MARK.format(number=len(result.findings)), "## mlwa-lint", "", sums(result), ""]
    text = "\n".join(head)
    groups = _groups(result.findings)
    for number, group in enumerate(groups):
        block = "\n".join(_block(group))
        if len(text) + len(block) + _TAIL > limit:
            left = sum(map(len, groups[number:]))
            return f"{text}\n… and {left} more findings, for which there is no room here.\n"
        text += f"\n{block}\n"
    for title, lines in (("Notices", list(notices(result.notices))), ("Not linted", errors(result))):
        text += _section(title, lines, limit - len(text) - _TAIL)
    return text


def _groups(findings: Sequence[Finding]) -> list[list[Finding]]:
    """The findings of each rule and severity, the worst and then the most frequent first."""
    found: dict[tuple[int, str], list[Finding]] = {}
    for finding in findings:
        found.setdefault((SEVERITIES.index(finding.severity), finding.code), []).append(finding)
    ordered = sorted(found.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1]))
    return [group for _, group in ordered]


def _block(group: Sequence[Finding]) -> Iterator[str]:
    first = group[0]
    count = f" ({len(group)} findings)" if len(group) > 1 else ""
    yield "<details>"
    title = f"<b>{first.severity}</b> <code>{escape(first.code)}</code> {escape(first.name)}{count}"
    yield f"<summary>{title}</summary>"
    yield ""
    about = f"[About this rule]({first.help})" if first.help else ""
    yield " ".join(part for part in (escaped(_cut(first.reason)), about) if part)
    yield ""
    remedies = {finding.remedy for finding in group}
    for finding in group[:_PLACES]:
        more = others(finding)
        text = _cut(sentence(finding) + (f"; and {more}" if more else ""))
        fix = f" *Fix:* {escaped(_cut(finding.remedy))}" if len(remedies) > 1 else ""
        yield f"- {code_span(_cut(f'{finding.span.path}:{finding.span.line}'))} {escaped(text)}{fix}"
    if len(group) > _PLACES:
        yield f"- … and {len(group) - _PLACES} more"
    if len(remedies) == 1:
        yield ""
        yield f"**Fix:** {escaped(_cut(first.remedy))}"
    yield ""
    yield "</details>"


def _section(title: str, lines: Sequence[str], room: int) -> str:
    """A list under a heading, as long as there is room for it."""
    text = f"\n### {title}\n\n" if lines else ""
    for number, line in enumerate(lines):
        item = f"- {escaped(_cut(line))}\n"
        if len(text) + len(item) > room:
            return f"{text}- … and {len(lines) - number} more\n"
        text += item
    return text


def _cut(text: str) -> str:
    """A text, cut to the length that is worth reading."""
    return text if len(text) <= _LINE else f"{text[: _LINE - 1]}…"
