"""Totals and sentences that the reports on a review share."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from mlwa_lint.review.assess import Assessed, Assessment, Review, State
from mlwa_lint.review.questions import PHASES
from mlwa_lint.review.risk import Risk, counted
from mlwa_lint.startup.records import NamedTuple

STATES: tuple[State, ...] = get_args(State)
RISK_WORDS: dict[Risk, str] = {
    "HIGH": "high",
    "MEDIUM": "medium",
    "NONE": "none",
    "UNANSWERED": "unanswered",
    "NOT_APPLICABLE": "not applicable",
}
_NAMED_REASONS = 2


class Total(NamedTuple):
    """How many questions of a pillar or phase have which risk. id: a pillar's, empty for a phase."""

    id: str
    name: str
    risks: dict[Risk, int]


def by_pillar(review: Review) -> Iterator[Total]:
    """The totals of each pillar, in the lens's order."""
    for pillar in dict.fromkeys(each.question.pillar for each in review.questions):
        risks = (each.risk for each in review.questions if each.question.pillar == pillar)
        yield Total(pillar.id, pillar.name, counted(risks))


def by_phase(review: Review) -> Iterator[Total]:
    """The totals of each phase of the ML lifecycle; none in a lens without phases."""
    for phase in PHASES:
        found = [each.risk for each in review.questions if each.question.phase == phase]
        if found:
            yield Total("", phase, counted(found))


def by_state(review: Review) -> dict[State, int]:
    """How many practices are in which state, all states named."""
    counts = Counter(each.state for each in review.practices)
    return {state: counts[state] for state in STATES}


def title(assessed: Assessed) -> str:
    """`MLSEC02 Security in data processing`."""
    return f"{assessed.question.id} {assessed.question.title}"


def standing(each: Assessment) -> str:
    """How a practice stands, in a few words: `failed: 2 high, 1 low`."""
    evidence = each.evidence
    severities = ", ".join(f"{number} {severity}" for severity, number in evidence.by_severity.items())
    if each.contradicted:
        return f"answered followed, but failed: {severities}"
    if each.state == "answered":
        return f"{each.answer.status}{f': {each.answer.reason}' if each.answer.reason else ''}"
    if each.state == "failed":
        said = f"failed: {severities}"
    elif each.state == "met":
        said = f"met: {evidence.passed} check{'' if evidence.passed == 1 else 's'} passed"
    elif each.state == "undecided":
        reasons = list(dict.fromkeys(doubt.reason for doubt in evidence.doubts))
        more = len(reasons) - _NAMED_REASONS
        said = f"undecided: {'; '.join(reasons[:_NAMED_REASONS])}{f' and {more} more' if more > 0 else ''}"
    elif each.state == "not-seen":
        said = "not seen: no resource of the kind"
    else:
        said = "open"
    return f"{said}; the answer expired on {each.answer.expires}" if each.expired else said
