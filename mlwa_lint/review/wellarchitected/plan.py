"""What is to be written to the tool: one UpdateAnswer call for each question that differs there."""

from collections.abc import Iterable, Mapping
from typing import Any

from mlwa_lint.review.assess import Assessment, Review
from mlwa_lint.review.wellarchitected.limits import CHOICE_NOTES, NOTES, cut
from mlwa_lint.review.wellarchitected.tool import ChoiceState, Matching, ToolAnswer, ToolQuestion
from mlwa_lint.startup.records import NamedTuple

# Notes that begin so are ours: a later run may replace them, and `pull` takes them for no person's word.
MARK = "mlwa-lint: "
_OPEN = f"{MARK}open, not decided yet"
_REASONS = {
    "out of scope": "OUT_OF_SCOPE",
    "business priorities": "BUSINESS_PRIORITIES",
    "architecture constraints": "ARCHITECTURE_CONSTRAINTS",
}
_STATUS = {"followed": "SELECTED", "not-followed": "UNSELECTED", "not-applicable": "NOT_APPLICABLE"}


class Planned(NamedTuple):
    """One call, without workload and lens. changes: what it changes, for people."""

    question: str
    title: str
    arguments: Mapping[str, Any]
    changes: tuple[str, ...]


def planned(
    review: Review,
    matching: Matching,
    tool_questions: Iterable[ToolQuestion],
    current: Mapping[str, ToolAnswer],
) -> list[Planned]:
    """The calls that bring the tool to the state of a review; none for a question that is as it should be."""
    by_id = {each.practice.id: each for each in review.practices}
    calls = []
    for question in tool_questions:
        found = {
            choice: by_id[practice] for choice, practice in matching.practices.get(question.id, {}).items()
        }
        if any(each.verdict != "open" for each in found.values()):
            call = _call(question, found, current.get(question.id, ToolAnswer()))
            if call.changes:
                calls.append(call)
    return calls


def _call(question: ToolQuestion, found: Mapping[str, Assessment], before: ToolAnswer) -> Planned:
    real = [each for each in question.choices if each != question.none]
    complete = len(found) == len(real) and all(each.verdict != "open" for each in found.values())
    if complete and all(each.verdict == "not-applicable" for each in found.values()):
        return _not_applicable(question, found, before)
    after = {
        choice: _state(each, before.choices.get(choice, ChoiceState())) for choice, each in found.items()
    }
    selected = [choice for choice in real if _is_selected(choice, after, before)]
    if not selected and complete and question.none:
        selected = [question.none]
    changes = [
        f"{found[choice].practice.id}: {_words(before.choices.get(choice, ChoiceState()))} -> {_words(state)}"
        for choice, state in after.items()
        if state != before.choices.get(choice, ChoiceState())
    ]
    if set(selected) != set(before.selected) and not changes:
        changes.append(f"selected: {', '.join(selected) or 'nothing'}")
    if not before.is_applicable:
        changes.append("the question applies")
    arguments: dict[str, Any] = {
        "QuestionId": question.id,
        "SelectedChoices": selected,
        "ChoiceUpdates": {choice: _update(state) for choice, state in after.items()},
        "IsApplicable": True,
    }
    _with_notes(arguments, changes, _notes(found.values()), before)
    return Planned(question.id, question.title, arguments, tuple(changes))


def _not_applicable(question: ToolQuestion, found: Mapping[str, Assessment], before: ToolAnswer) -> Planned:
    reasons = {_reason(each.answer.reason) for each in found.values()}
    reason = reasons.pop() if len(reasons) == 1 else "OTHER"
    arguments: dict[str, Any] = {"QuestionId": question.id, "IsApplicable": False, "Reason": reason}
    changes = []
    if before.is_applicable or before.reason != reason:
        changes.append(f"the question does not apply ({reason})")
    _with_notes(arguments, changes, _notes(found.values()), before)
    return Planned(question.id, question.title, arguments, tuple(changes))


def _with_notes(arguments: dict[str, Any], changes: list[str], notes: str, before: ToolAnswer) -> None:
    """Writes notes to the question, unless a person has written some there."""
    if (not before.notes or before.notes.startswith(MARK)) and notes != before.notes:
        arguments["Notes"] = notes
        changes.append("notes")


def _is_selected(choice: str, after: Mapping[str, ChoiceState], before: ToolAnswer) -> bool:
    """Whether a choice is selected: by our answer, or by the tool's where we have none."""
    return after[choice].status == "SELECTED" if choice in after else choice in before.selected


def _state(each: Assessment, before: ChoiceState) -> ChoiceState:
    if each.verdict == "open":
        untouched = before.status == "UNSELECTED" and not before.notes
        return before._replace(notes=_OPEN) if untouched else before
    reason = _reason(each.answer.reason) if each.verdict == "not-applicable" else "NONE"
    return ChoiceState(_STATUS[each.verdict], reason, cut(_note(each), CHOICE_NOTES))


def _update(state: ChoiceState) -> dict[str, str]:
    return {"Status": state.status, "Reason": state.reason, "Notes": state.notes}


def _reason(text: str) -> str:
    """The tool's word for a reason; OTHER where the text contains more than one of its words."""
    return _REASONS.get(text.casefold().replace("-", " ").strip(" ."), "OTHER")


def _note(each: Assessment) -> str:
    """What is known of a practice, in one line."""
    answer, evidence = each.answer, each.evidence
    if each.state == "answered":
        pieces = [answer.reason, answer.notes, *answer.evidence]
        pieces.append(f"owner: {answer.owner}" if answer.owner else "")
        pieces.append(f"reviewed {answer.reviewed}" if answer.reviewed else "")
        return "; ".join(" ".join(piece.split()) for piece in pieces if piece)
    if each.verdict == "not-followed":
        places = dict.fromkeys(
            f"{finding.code} {finding.span.path}:{finding.span.line}" for finding in evidence.findings
        )
        return f"{MARK}{', '.join(places)}"
    number = evidence.passed
    return f"{MARK}{number} check{'' if number == 1 else 's'} of {', '.join(evidence.rules)} passed"


def _notes(practices: Iterable[Assessment]) -> str:
    """All that is known, at the length that a question's notes may have."""
    lines = [
        f"{each.practice.id} {each.verdict}: {_note(each).removeprefix(MARK)}".rstrip(": ")
        for each in practices
        if each.verdict != "open"
    ]
    return cut(f"{MARK}{len(lines)} practices reviewed\n" + "\n".join(lines), NOTES)


def _words(state: ChoiceState) -> str:
    return state.status.lower().replace("_", " ")
