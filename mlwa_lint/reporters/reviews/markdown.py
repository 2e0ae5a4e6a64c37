"""Markdown: totals, risks with the findings behind them, and what is still open; for pull requests."""

from collections.abc import Iterable, Iterator

from mlwa_lint.model.findings import Finding
from mlwa_lint.reporters.markdown import code_span, escaped, linked
from mlwa_lint.reporters.reviews import ReviewPage
from mlwa_lint.reporters.reviews.sums import RISK_WORDS, Total, by_phase, by_pillar, by_state, title
from mlwa_lint.reporters.standing import standing
from mlwa_lint.review.assess import Assessed, Assessment, Review
from mlwa_lint.review.risk import RISKS, Risk

_FINDINGS = 10


def render(page: ReviewPage) -> str:
    """The report as GitHub-flavoured Markdown."""
    return "\n".join(_parts(page)) + "\n"


def _parts(page: ReviewPage) -> Iterator[str]:
    review = page.review
    yield f"## Well-Architected review: {review.lens.title}"
    yield ""
    yield _sums(review)
    if page.difference is not None:
        yield ""
        yield f"**{escaped(str(page.difference))}**"
    yield ""
    yield from _table("Pillar", by_pillar(review), review)
    phases = list(by_phase(review))
    if phases:
        yield ""
        yield from _table("Phase", phases, review)
    yield from _alerts("Contradictions", review.contradictions)
    yield from _alerts("Expired answers", review.expired)
    yield from _risks("HIGH", "High risks", review)
    yield from _risks("MEDIUM", "Medium risks", review)
    yield from _open(review)
    yield from _all(review)
    if review.notices:
        yield ""
        yield "### Notices"
        yield ""
        yield from (f"- {escaped(f'{each.path}:{each.line}: {each.message}')}" for each in review.notices)


def _sums(review: Review) -> str:
    risks = review.risks
    bold = ", ".join(f"{risks[risk]} {RISK_WORDS[risk]}" for risk in ("HIGH", "MEDIUM", "UNANSWERED"))
    counts = by_state(review)
    states = ", ".join(f"{number} {state.replace('-', ' ')}" for state, number in counts.items() if number)
    questions, practices = len(review.questions), len(review.practices)
    return f"**Risks of {questions} questions: {bold}** · {practices} practices: {states}"


def _table(head: str, totals: Iterable[Total], review: Review) -> Iterator[str]:
    yield f"| {head} | {' | '.join(RISK_WORDS[risk].capitalize() for risk in RISKS)} |"
    yield f"|---|{'---:|' * len(RISKS)}"
    for total in (*totals, Total("", "**All**", review.risks)):
        yield f"| {total.name} | {' | '.join(str(total.risks[risk] or '') for risk in RISKS)} |"


def _alerts(head: str, practices: tuple[Assessment, ...]) -> Iterator[str]:
    if not practices:
        return
    yield ""
    yield f"### {head}"
    yield ""
    for each in practices:
        yield from _practice(each)


def _risks(risk: Risk, head: str, review: Review) -> Iterator[str]:
    questions = review.of_risk(risk)
    if not questions:
        return
    yield ""
    yield f"### {head}"
    for question in questions:
        yield ""
        yield f"**{escaped(title(question))}**"
        yield ""
        for each in question.missed:
            yield from _practice(each)


def _practice(each: Assessment) -> Iterator[str]:
    yield f"- {each.practice.id} {escaped(each.practice.title)}: {escaped(standing(each))}"
    if each.answer.notes:
        yield f"  - {escaped(each.answer.notes)}"
    findings = each.evidence.findings
    yield from (f"  - {_finding(finding)}" for finding in findings[:_FINDINGS])
    if len(findings) > _FINDINGS:
        yield f"  - and {len(findings) - _FINDINGS} more"


def _finding(finding: Finding) -> str:
    place = code_span(f"{finding.span.path}:{finding.span.line}")
    return f"{place} {finding.severity} {linked(finding.code, finding.help)}: {escaped(finding.message)}"


def _open(review: Review) -> Iterator[str]:
    waiting = [each for each in review.practices if each.verdict == "open"]
    if not waiting:
        return
    yield ""
    yield f"<details><summary>{len(waiting)} practices wait for an answer</summary>"
    yield ""
    yield from (
        f"- {each.practice.id} {escaped(each.practice.title)}: {escaped(standing(each))}" for each in waiting
    )
    yield ""
    yield "</details>"


def _all(review: Review) -> Iterator[str]:
    yield ""
    yield f"<details><summary>All {len(review.practices)} practices</summary>"
    yield ""
    yield "| Practice | | Risk if not followed | State | Evidence |"
    yield "|---|---|---|---|---|"
    for question in review.questions:
        yield from _rows(question)
    yield ""
    yield "</details>"


def _rows(question: Assessed) -> Iterator[str]:
    stated = question.question
    yield f"| **{stated.id}** | **{escaped(stated.title)}** | | **{RISK_WORDS[question.risk]}** | |"
    for each in question.practices:
        rules = ", ".join(each.evidence.rules)
        cells = (each.practice.id, escaped(each.practice.title), each.practice.risk, escaped(standing(each)))
        evidence = ", ".join(code_span(text) for text in each.answer.evidence)
        yield f"| {' | '.join(cells)} | {'; '.join(part for part in (rules, evidence) if part)} |"
