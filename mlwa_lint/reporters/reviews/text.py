"""Text: one screen with the totals, the high risks, and what has to be fixed."""

from collections.abc import Iterator

from mlwa_lint.model.findings import Finding
from mlwa_lint.reporters.painting import Line, paint, plain
from mlwa_lint.reporters.reviews import ReviewPage
from mlwa_lint.reporters.reviews.sums import RISK_WORDS, Total, by_phase, by_pillar, by_state, title
from mlwa_lint.reporters.standing import standing
from mlwa_lint.review.answers import DEFAULT_FILE
from mlwa_lint.review.assess import Assessed, Assessment, Review
from mlwa_lint.review.risk import RISKS

_RISK_STYLES = {"HIGH": "high", "MEDIUM": "medium", "UNANSWERED": "undecided"}
_HEADS = ("high", "medium", "none", "unanswered", "n/a")
_SHOWN_RISKS = 5
_SHOWN_LINES = 5
_INDENT = "  "
_NARROWEST = 100


def render(page: ReviewPage) -> str:
    """The report for people."""
    lines = list(_lines(page))
    if not page.verbose:
        lines = [_fitted(line, max(page.width, _NARROWEST)) for line in lines]
    return paint(lines) if page.color else plain(lines)


def _lines(page: ReviewPage) -> Iterator[Line]:
    review = page.review
    practices = len(review.practices)
    sizes = f"{len(review.questions)} questions, {practices} practices"
    looked = f"{review.files} file{_s(review.files)}, {review.resources} resource{_s(review.resources)}"
    yield [(review.lens.title, "strong"), (f": {sizes}; {looked}", "")]
    yield []
    yield from _table(review)
    if page.difference is not None:
        yield []
        yield [(str(page.difference), "strong")]
    yield from _section("Contradictions", "high", review.contradictions, page.verbose)
    yield from _section("Expired answers", "medium", review.expired, page.verbose)
    yield from _risks(review.of_risk("HIGH"), "High risks", "high", page.verbose)
    if page.verbose:
        yield from _risks(review.of_risk("MEDIUM"), "Medium risks", "medium", verbose=True)
        yield from _everything(review)
    yield []
    yield [(_practices_line(review), "")]
    if review.risks["UNANSWERED"]:
        waiting = sum(each.verdict == "open" for each in review.practices)
        yield [(f"{waiting} practice{_s(waiting)} wait for an answer: ", ""), (_next_step(review), "code")]


def _table(review: Review) -> Iterator[Line]:
    pillars, phases = list(by_pillar(review)), list(by_phase(review))
    width = max(len(each.name) for each in (*pillars, *phases))
    yield [(" " * width, ""), *((f" {head:>10}", "faint") for head in _HEADS)]
    for total in pillars:
        yield _row(total, width)
    if phases:
        yield []
        for total in phases:
            yield _row(total, width)
    yield []
    yield _row(Total("", "All questions", review.risks), width)


def _row(total: Total, width: int) -> Line:
    cells = [
        (f" {total.risks[risk] or '.':>10}", _RISK_STYLES.get(risk, "") if total.risks[risk] else "faint")
        for risk in RISKS
    ]
    return [(f"{total.name:<{width}}", ""), *cells]


def _section(head: str, style: str, practices: tuple[Assessment, ...], verbose: bool) -> Iterator[Line]:
    if not practices:
        return
    yield []
    yield [(head, style)]
    for each in practices if verbose else practices[:_SHOWN_LINES]:
        yield from _practice(each)
    if len(practices) > _SHOWN_LINES and not verbose:
        yield [(f"{_INDENT}and {len(practices) - _SHOWN_LINES} more (--verbose)", "faint")]


def _risks(questions: tuple[Assessed, ...], head: str, style: str, verbose: bool) -> Iterator[Line]:
    if not questions:
        return
    yield []
    yield [(head, style)]
    for question in questions if verbose else questions[:_SHOWN_RISKS]:
        if verbose:
            yield [(f"{_INDENT}{title(question)}", "strong")]
            for each in question.missed:
                yield from _practice(each, _INDENT * 2)
        else:
            missed = ", ".join(
                each.practice.id.removeprefix(f"{question.question.id}-") for each in question.missed
            )
            yield [(f"{_INDENT}{title(question)}", "strong"), (f" ({missed})", "")]
            yield from _first_place(question.missed)
    if len(questions) > _SHOWN_RISKS and not verbose:
        yield [
            (f"{_INDENT}and {len(questions) - _SHOWN_RISKS} more (--verbose, or --format markdown)", "faint")
        ]


def _first_place(missed: tuple[Assessment, ...]) -> Iterator[Line]:
    """The worst finding behind a risk, or the answer where there is no finding."""
    found = [finding for each in missed for finding in each.evidence.findings]
    if found:
        yield [(_INDENT * 2, ""), *_finding(found[0])]
    else:
        yield [(f"{_INDENT * 2}{standing(missed[0])}", "")]


def _practice(each: Assessment, indent: str = _INDENT) -> Iterator[Line]:
    yield [(f"{indent}{each.practice.id} {standing(each)}", ""), (f" ({each.practice.title})", "faint")]
    for finding in each.evidence.findings:
        yield [(indent + _INDENT, ""), *_finding(finding)]


def _finding(finding: Finding) -> Line:
    place = f"{finding.span.path}:{finding.span.line}"
    return [
        (place, "place"),
        (f" {finding.severity} ", finding.severity),
        (f"{finding.code} {finding.message}", ""),
    ]


def _everything(review: Review) -> Iterator[Line]:
    yield []
    yield [("All practices", "strong")]
    for question in review.questions:
        yield [
            (f"{_INDENT}{title(question)}: {RISK_WORDS[question.risk]}", _RISK_STYLES.get(question.risk, ""))
        ]
        for each in question.practices:
            yield [(f"{_INDENT * 2}{each.practice.id} {each.practice.title}: {standing(each)}", "")]


def _practices_line(review: Review) -> str:
    counts = by_state(review)
    words = {"not-seen": "not seen"}
    return "Practices: " + ", ".join(f"{n} {words.get(state, state)}" for state, n in counts.items() if n)


def _next_step(review: Review) -> str:
    lens = "" if review.lens.name == "machine-learning" else f" --lens {review.lens.name}"
    path = review.answers.path
    answers = "" if path == DEFAULT_FILE else f" --answers {path}"
    step = "--interview" if review.answers.by_practice else "--init"
    return f"mlwa-lint review{lens}{answers} {step}"


def _fitted(line: Line, width: int) -> Line:
    """A line that does not wrap: its last piece is cut."""
    left = width
    fitted: Line = []
    for text, style in line:
        if len(text) > left:
            fitted.append((f"{text[: max(left - 1, 0)]}…", style))
            break
        fitted.append((text, style))
        left -= len(text)
    return fitted


def _s(number: int) -> str:
    return "" if number == 1 else "s"
