"""Reports on a lens review, one small module per format behind one table."""

from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias, cast

from mlwa_lint.filters.result import Result
from mlwa_lint.review.assess import Review
from mlwa_lint.review.milestones import Difference
from mlwa_lint.startup.records import NamedTuple


class ReviewPage(NamedTuple):
    """What a report on a review shows.

    difference: what has changed since a milestone, where one was requested.
    verbose:    whether a text report lists every practice.
    result:     what the review rests on, for reports that show the findings themselves.
    """

    review: Review
    difference: Difference | None = None
    color: bool = False
    width: int = 80
    verbose: bool = False
    result: Result | None = None


RenderReview: TypeAlias = Callable[[ReviewPage], str]

FORMATS = {
    "text": "one screen, for people",
    "markdown": "for pull requests and job summaries",
    "json": "everything, for programs; a JSON Schema ships with the package",
    "html": "an interactive page: risks, practices, findings, graph; one file without network",
}


def renderer(name: str) -> RenderReview:
    """The function that writes a report in a format; its module is loaded only now."""
    return cast(RenderReview, import_module(f"mlwa_lint.reporters.reviews.{name}").render)
