"""JSON, version 1; mlwa_lint/schema/review-1.schema.json describes it."""

from collections.abc import Iterable
from json import dumps
from typing import Any

from mlwa_lint import __version__
from mlwa_lint.model.findings import Finding
from mlwa_lint.reporters.reviews import ReviewPage
from mlwa_lint.reporters.reviews.sums import by_phase, by_pillar, by_state
from mlwa_lint.review.answers import PracticeAnswer
from mlwa_lint.review.assess import Assessed, Assessment
from mlwa_lint.review.evidence import Evidence
from mlwa_lint.review.milestones import Difference
from mlwa_lint.review.questions import wording


def render(page: ReviewPage) -> str:
    """The report as one JSON document."""
    return dumps(document(page), indent=2, ensure_ascii=False) + "\n"


def document(page: ReviewPage) -> dict[str, Any]:
    """The report as plain data."""
    review = page.review
    return {
        "version": 1,
        "tool": {"name": "mlwa-lint", "version": __version__},
        "lens": {"name": review.lens.name, "title": review.lens.title, "address": review.lens.address},
        "summary": {
            "files": review.files,
            "resources": review.resources,
            "questions": len(review.questions),
            "practices": len(review.practices),
            "risks": review.risks,
            "states": by_state(review),
            "contradictions": [each.practice.id for each in review.contradictions],
            "expired": [each.practice.id for each in review.expired],
        },
        "pillars": [{"id": each.id, "name": each.name, "risks": each.risks} for each in by_pillar(review)],
        "phases": [{"name": each.name, "risks": each.risks} for each in by_phase(review)],
        "questions": [_question(each, page) for each in review.questions],
        "difference": None if page.difference is None else _difference(page.difference),
        "notices": [
            {"path": each.path, "line": each.line, "message": each.message} for each in review.notices
        ],
    }


def _question(assessed: Assessed, page: ReviewPage) -> dict[str, Any]:
    question = assessed.question
    return {
        "id": question.id,
        "title": question.title,
        "pillar": question.pillar.id,
        "phase": question.phase or None,
        "risk": assessed.risk,
        "practices": [_practice(each, page) for each in assessed.practices],
    }


def _practice(each: Assessment, page: ReviewPage) -> dict[str, Any]:
    texts = wording(page.review.lens, each.practice)
    return {
        "id": each.practice.id,
        "title": each.practice.title,
        "risk": each.practice.risk or None,
        "question": texts.ask,
        "wanted_evidence": texts.evidence,
        "state": each.state,
        "verdict": each.verdict,
        "contradicted": each.contradicted,
        "expired": each.expired,
        "evidence": _evidence(each.evidence),
        "answer": None if each.answer.status is None else _answer(each.answer),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "kind": evidence.kind,
        "rules": list(evidence.rules),
        "checked": {
            "passed": evidence.passed,
            "failed": evidence.failed,
            "undecided": evidence.undecided,
        },
        "findings": _findings(evidence.findings),
        "hints": _findings(evidence.hints),
        "suppressed": _findings(evidence.accepted),
        "reasons": [
            {
                "code": doubt.code,
                "path": doubt.path or None,
                "line": doubt.line or None,
                "address": doubt.address or None,
                "reason": doubt.reason,
            }
            for doubt in evidence.doubts
        ],
    }


def _findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "name": each.name,
            "severity": each.severity,
            "message": each.message,
            "path": each.span.path,
            "line": each.span.line,
            "address": each.address,
            "help": each.help,
        }
        for each in findings
    ]


def _answer(answer: PracticeAnswer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "reason": answer.reason or None,
        "notes": answer.notes or None,
        "evidence": list(answer.evidence),
        "owner": answer.owner or None,
        "reviewed": None if answer.reviewed is None else answer.reviewed.isoformat(),
        "expires": None if answer.expires is None else answer.expires.isoformat(),
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "since": difference.name,
        "sentence": str(difference),
        "changes": [
            {"question": each.question, "before": each.before, "after": each.after}
            for each in difference.changes
        ],
    }
