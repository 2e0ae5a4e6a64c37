"""The risk of a question, from the practices below it, by rules in order."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from mlwa_lint.startup.records import NamedTuple

# What is held of a practice once evidence and answers are put together.
PracticeVerdict: TypeAlias = Literal["followed", "not-followed", "not-applicable", "open"]
# The words of the Well-Architected Tool.
Risk: TypeAlias = Literal["HIGH", "MEDIUM", "NONE", "UNANSWERED", "NOT_APPLICABLE"]
RISKS: tuple[Risk, ...] = ("HIGH", "MEDIUM", "NONE", "UNANSWERED", "NOT_APPLICABLE")
GATES = ("high-risk", "medium-risk", "unanswered", "never")


class Weighed(NamedTuple):
    """A practice's verdict, and AWS's risk if it is not followed (High, Medium, Low)."""

    verdict: PracticeVerdict
    exposed: str


def risk_of(practices: Iterable[Weighed]) -> Risk:
    """The risk of a question. The first rule that fits decides:

    1. NOT_APPLICABLE, where no practice applies.
    2. HIGH, where a practice with high risk is not followed, whatever else is still open.
    3. UNANSWERED, where a practice is open: what has not been reviewed is neither a risk nor none.
    4. MEDIUM, where any other practice is not followed.
    5. NONE.
    """
    applying = [each for each in practices if each.verdict != "not-applicable"]
    if not applying:
        return "NOT_APPLICABLE"
    missed = [each for each in applying if each.verdict == "not-followed"]
    if any(is_high(each.exposed) for each in missed):
        return "HIGH"
    if any(each.verdict == "open" for each in applying):
        return "UNANSWERED"
    return "MEDIUM" if missed else "NONE"


def is_high(exposed: str) -> bool:
    """Whether not following a practice is a high risk; AWS's Low, or no word of it, counts as medium."""
    return exposed == "High"


def counted(risks: Iterable[Risk]) -> dict[Risk, int]:
    """How often each risk occurs, all of them named."""
    counts: dict[Risk, int] = dict.fromkeys(RISKS, 0)
    for risk in risks:
        counts[risk] += 1
    return counts


def reaches(counts: dict[Risk, int], gate: str) -> bool:
    """Whether some counts make a gate fail: each gate includes those before it."""
    if gate == "never":
        return False
    worse = counts["HIGH"] + (counts["MEDIUM"] if gate != "high-risk" else 0)
    return worse + (counts["UNANSWERED"] if gate == "unanswered" else 0) > 0
