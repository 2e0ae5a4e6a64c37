"""HTML: the page of `check --format html`, with the risks of the review's questions."""

from typing import Any

from mlwa_lint.filters.result import Result
from mlwa_lint.reporters.html.findings import findings_data, places
from mlwa_lint.reporters.html.graphs import graph_data
from mlwa_lint.reporters.html.lenses import lens_data
from mlwa_lint.reporters.html.page import page_of
from mlwa_lint.reporters.reviews import ReviewPage
from mlwa_lint.reporters.reviews.sums import by_phase, by_pillar, by_state
from mlwa_lint.reporters.summary import ReportStyle


def render(page: ReviewPage) -> str:
    """The report as one file."""
    result = page.result or Result()
    review = page.review
    found = findings_data(
        result._replace(findings=(*result.findings, *result.milder), milder=()), ReportStyle()
    )
    found["notices"] += places(review.notices)
    return page_of(
        {
            "kind": "review",
            "title": f"Well-Architected review: {review.lens.title}",
            **found,
            "lenses": [lens_data(review)],
            "graph": graph_data(result.outlines),
            "review": _totals(page),
        }
    )


def _totals(page: ReviewPage) -> dict[str, Any]:
    review = page.review
    return {
        "risks": review.risks,
        "states": by_state(review),
        "pillars": [{"name": each.name, "risks": each.risks} for each in by_pillar(review)],
        "phases": [{"name": each.name, "risks": each.risks} for each in by_phase(review)],
        "contradictions": [each.practice.id for each in review.contradictions],
        "expired": [each.practice.id for each in review.expired],
        "difference": "" if page.difference is None else str(page.difference),
    }
