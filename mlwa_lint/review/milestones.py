"""Milestones: the result of a review at one time, and what has changed since."""

import datetime
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlwa_lint.errors import UserError, nearest
from mlwa_lint.files.paths import shown
from mlwa_lint.review.assess import Review
from mlwa_lint.review.risk import RISKS, Risk
from mlwa_lint.startup.records import NamedTuple

VERSION = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,99}")


class Milestone(NamedTuple):
    """The risks of a review's questions, and the verdicts on its practices, under a name."""

    name: str
    day: str
    lens: str
    risks: Mapping[str, Risk]
    verdicts: Mapping[str, str]


class RiskChange(NamedTuple):
    """A question whose risk is another than at a milestone."""

    question: str
    before: Risk
    after: Risk


class Difference(NamedTuple):
    """What has changed since a milestone."""

    name: str
    changes: tuple[RiskChange, ...]

    def closed(self, risk: Risk) -> int:
        """How many questions no longer have a risk."""
        return sum(each.before == risk for each in self.changes)

    def opened(self, risk: Risk) -> int:
        """How many questions have a risk that they did not have."""
        return sum(each.after == risk for each in self.changes)

    def __str__(self) -> str:
        """`3 high risks closed, 1 medium risk new since 2026-Q3`."""
        pieces = []
        for risk in ("HIGH", "MEDIUM"):
            for number, what in ((self.closed(risk), "closed"), (self.opened(risk), "new")):
                if number:
                    pieces.append(f"{number} {risk.lower()} risk{'' if number == 1 else 's'} {what}")
        answered = self.closed("UNANSWERED") - self.opened("UNANSWERED")
        if answered > 0:
            pieces.append(f"{answered} more question{'' if answered == 1 else 's'} answered")
        elif answered < 0:
            pieces.append(f"{-answered} more question{'' if answered == -1 else 's'} unanswered")
        return f"{', '.join(pieces) or 'no change of risk'} since {self.name}"


def milestone(review: Review, name: str, day: datetime.date) -> Milestone:
    """The result of a review, under a name."""
    risks = {each.question.id: each.risk for each in review.questions}
    verdicts = {each.practice.id: each.verdict for each in review.practices}
    return Milestone(name, day.isoformat(), review.lens.name, risks, verdicts)


def milestone_file(answers_path: str, lens: str, name: str) -> Path:
    """Where the milestone of a name is kept, beside the answers. Raises UserError."""
    if not _NAME.fullmatch(name):
        raise UserError(
            f"{name!r} cannot name a milestone",
            "use 3 to 100 letters, digits, dots, hyphens and underscores, as in 2026-Q3",
        )
    return Path(answers_path).parent / "milestones" / lens / f"{name}.json"


def written(found: Milestone) -> str:
    """A milestone as the text of its file."""
    data = {
        "version": VERSION,
        "name": found.name,
        "day": found.day,
        "lens": found.lens,
        "risks": dict(found.risks),
        "practices": dict(found.verdicts),
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def read_milestone(answers_path: str, lens: str, name: str) -> Milestone:
    """The milestone of a name. Raises UserError."""
    path = milestone_file(answers_path, lens, name)
    if not path.is_file():
        known = sorted(each.stem for each in path.parent.glob("*.json"))
        hint = nearest(name, known) or (
            f"there are {', '.join(known)}" if known else "--save-milestone writes one"
        )
        raise UserError(f"there is no milestone {name!r} of the {lens} lens", hint)
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != VERSION or data["lens"] != lens or set(data["risks"].values()) - set(RISKS):
            raise ValueError
        return Milestone(data["name"], data["day"], lens, dict(data["risks"]), dict(data["practices"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(f"{shown(path)}: not a milestone of the {lens} lens") from None


def difference(before: Milestone, review: Review) -> Difference:
    """What has changed since a milestone, in the order of the questions."""
    changes = tuple(
        RiskChange(each.question.id, before.risks[each.question.id], each.risk)
        for each in review.questions
        if each.question.id in before.risks and before.risks[each.question.id] != each.risk
    )
    return Difference(before.name, changes)
