"""Copies answers of the tool to the answers file."""

import datetime
from collections.abc import Iterator, Mapping

from mlwa_lint.review.answers import AnswerFile, PracticeAnswer, Status
from mlwa_lint.review.wellarchitected.plan import MARK
from mlwa_lint.review.wellarchitected.tool import ChoiceState, Matching, ToolAnswer
from mlwa_lint.startup.records import NamedTuple

_REASONS = {
    "OUT_OF_SCOPE": "out of scope",
    "BUSINESS_PRIORITIES": "business priorities",
    "ARCHITECTURE_CONSTRAINTS": "architecture constraints",
}


class Pulled(NamedTuple):
    """An answer that the tool has and the file has not, or has otherwise."""

    practice: str
    before: Status | None
    answer: PracticeAnswer


def pulled(
    matching: Matching, current: Mapping[str, ToolAnswer], answers: AnswerFile, day: datetime.date
) -> Iterator[Pulled]:
    """Where the tool differs from the file. A note of ours is the rules' and not a person's answer."""
    for question, choices in matching.practices.items():
        if question not in current:
            continue
        tool = current[question]
        for choice, practice in choices.items():
            state = tool.choices.get(choice, ChoiceState())
            status = _status(state, tool)
            before = answers.by_practice.get(practice, PracticeAnswer())
            if status is None or status == before.status:
                continue
            yield Pulled(practice, before.status, _answer(before, status, state, tool, day))


def _status(state: ChoiceState, tool: ToolAnswer) -> Status | None:
    """People's answer about a choice in the tool; None where there is none."""
    if not tool.is_applicable:
        return "not-applicable"
    if state.notes.startswith(MARK):
        return None
    if state.status == "SELECTED":
        return "followed"
    if state.status == "NOT_APPLICABLE":
        return "not-applicable"
    return "not-followed" if tool.selected or state.notes else None


def _answer(
    before: PracticeAnswer, status: Status, state: ChoiceState, tool: ToolAnswer, day: datetime.date
) -> PracticeAnswer:
    reason = ""
    if status == "not-applicable":
        code = tool.reason if not tool.is_applicable else state.reason
        reason = _REASONS.get(code) or state.notes or "marked so in the Well-Architected Tool"
    return PracticeAnswer(
        status=status,
        reason=reason,
        notes=state.notes if state.notes != reason else "",
        evidence=before.evidence,
        owner=before.owner,
        reviewed=day,
    )
