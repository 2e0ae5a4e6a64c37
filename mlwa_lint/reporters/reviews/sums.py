"""Totals that the reports on a review share."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from mlwa_lint.review.assess import Assessed, PracticeState, Review
from mlwa_lint.review.questions import PHASES
from mlwa_lint.review.risk import Risk, counted
from mlwa_lint.startup.records import NamedTuple

STATES: tuple[PracticeState, ...] = get_args(PracticeState)
RISK_WORDS: dict[Risk, str] = {
    "HIGH": "high",
    "MEDIUM": "medium",
    "NONE": "none",
    "UNANSWERED": "unanswered",
    "NOT_APPLICABLE": "not applicable",
}


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


def by_state(review: Review) -> dict[PracticeState, int]:
    """How many practices are in which state, all states named."""
    counts = Counter(each.state for each in review.practices)
    return {state: counts[state] for state in STATES}


def title(assessed: Assessed) -> str:
    """`MLSEC02 Security in data processing`."""
    return f"{assessed.question.id} {assessed.question.title}"
