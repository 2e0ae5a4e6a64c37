"""The states of the lens's practices, for the heat map of pillar by phase."""

import datetime
from collections.abc import Collection
from typing import Any

from mlwa_lint.catalogue.lens import LENSES
from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.filters.result import Result
from mlwa_lint.reporters.standing import standing
from mlwa_lint.review.answers import AnswerFile
from mlwa_lint.review.assess import Assessed, Assessment, Review, assess
from mlwa_lint.review.questions import PHASES, wording

_ALL = "All practices"


def lenses_data(result: Result) -> list[dict[str, Any]]:
    """Every lens that the rules of a run are about, the Machine Learning Lens first.

    What is in the baseline is known, and failed nevertheless.
    """
    known = result._replace(findings=(*result.findings, *(result.baselined or ())))
    reviews = [assess(lens, known, AnswerFile(), datetime.date.min) for lens in LENSES]
    checked = [each for each in reviews if any(practice.evidence.rules for practice in each.practices)]
    left_out = {practice for rule in load_rules().rules for practice in rule.practices}
    return [_with_rules_left_out(lens_data(each), left_out) for each in checked or reviews[:1]]


def _with_rules_left_out(lens: dict[str, Any], known: Collection[str]) -> dict[str, Any]:
    """A lens in which people need not answer what rules could: those that the user did not select."""
    for question in lens["questions"]:
        for practice in question["practices"]:
            if practice["state"] == "open" and practice["id"] in known:
                practice["state"] = "unchecked"
                practice["standing"] = "not checked: the rules about it were left out"
    return lens


def lens_data(review: Review) -> dict[str, Any]:
    """One lens: its pillars, its phases, its questions with their practices."""
    questions = review.questions
    pillars = dict.fromkeys(each.question.pillar for each in questions)
    phased = any(each.question.phase for each in questions)
    return {
        "name": review.lens.name,
        "title": review.lens.title,
        "address": review.lens.address,
        "pillars": [{"id": each.id, "name": each.name} for each in pillars],
        "phases": [each for each in PHASES if any(q.question.phase == each for q in questions)]
        if phased
        else [_ALL],
        "questions": [_question(each, review) for each in questions],
    }


def _question(assessed: Assessed, review: Review) -> dict[str, Any]:
    question = assessed.question
    return {
        "id": question.id,
        "title": question.title,
        "pillar": question.pillar.id,
        "phase": question.phase or _ALL,
        "risk": assessed.risk,
        "practices": [_practice(each, review) for each in assessed.practices],
    }


def _practice(each: Assessment, review: Review) -> dict[str, Any]:
    texts = wording(review.lens, each.practice)
    answer = each.answer
    return {
        "id": each.practice.id,
        "title": each.practice.title,
        "risk": each.practice.risk,
        "state": each.state,
        "verdict": each.verdict,
        "standing": standing(each),
        "contradicted": each.contradicted,
        "expired": each.expired,
        "rules": list(each.evidence.rules),
        "checked": [each.evidence.passed, each.evidence.failed, each.evidence.undecided],
        "reasons": list(
            dict.fromkeys(
                f"{doubt.address}: {doubt.reason}" if doubt.address else doubt.reason
                for doubt in each.evidence.doubts
            )
        ),
        "ask": texts.ask,
        "wanted": texts.evidence,
        "answer": None
        if answer.status is None
        else {
            "status": answer.status,
            "reason": answer.reason,
            "notes": answer.notes,
            "evidence": list(answer.evidence),
            "owner": answer.owner,
            "reviewed": "" if answer.reviewed is None else answer.reviewed.isoformat(),
            "expires": "" if answer.expires is None else answer.expires.isoformat(),
        },
    }
