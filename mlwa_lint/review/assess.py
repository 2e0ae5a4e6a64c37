"""Combines evidence and answers: one verdict for each practice, one risk for each question."""

import datetime
from collections.abc import Iterable
from typing import Literal, TypeAlias

from mlwa_lint.catalogue.lens import Lens, Practice
from mlwa_lint.files.paths import shown
from mlwa_lint.filters.result import Result
from mlwa_lint.model.resources import Problem
from mlwa_lint.review.answers import AnswerFile, PracticeAnswer
from mlwa_lint.review.evidence import Evidence, gather
from mlwa_lint.review.questions import Question, questions
from mlwa_lint.review.risk import PracticeVerdict, Risk, Weighed, counted, risk_of
from mlwa_lint.startup.records import NamedTuple

# The state of a practice: what the rules found, or that people have answered, or neither.
PracticeState: TypeAlias = Literal["failed", "met", "undecided", "not-seen", "answered", "open"]


class Assessment(NamedTuple):
    """One practice: evidence, answer, and what follows from both."""

    practice: Practice
    evidence: Evidence
    answer: PracticeAnswer
    state: PracticeState
    verdict: PracticeVerdict
    contradicted: bool = False
    expired: bool = False


class Assessed(NamedTuple):
    """One question with its risk."""

    question: Question
    practices: tuple[Assessment, ...]
    risk: Risk

    @property
    def missed(self) -> tuple[Assessment, ...]:
        """The practices that are not followed."""
        return tuple(each for each in self.practices if each.verdict == "not-followed")

    @property
    def open(self) -> tuple[Assessment, ...]:
        """The undecided practices."""
        return tuple(each for each in self.practices if each.verdict == "open")


class Review(NamedTuple):
    """The review of one lens.

    notices: what is odd about the answers, such as evidence that does not exist.
    """

    lens: Lens
    questions: tuple[Assessed, ...]
    answers: AnswerFile
    files: int = 0
    resources: int = 0
    notices: tuple[Problem, ...] = ()

    @property
    def practices(self) -> tuple[Assessment, ...]:
        """All practices, question by question."""
        return tuple(each for question in self.questions for each in question.practices)

    @property
    def contradictions(self) -> tuple[Assessment, ...]:
        """Practices that people answered as followed though rules found that they are not."""
        return tuple(each for each in self.practices if each.contradicted)

    @property
    def expired(self) -> tuple[Assessment, ...]:
        """Practices whose answer is too old to count."""
        return tuple(each for each in self.practices if each.expired)

    @property
    def risks(self) -> dict[Risk, int]:
        """How many questions have which risk."""
        return counted(each.risk for each in self.questions)

    def of_risk(self, risk: Risk) -> tuple[Assessed, ...]:
        """The questions of one risk."""
        return tuple(each for each in self.questions if each.risk == risk)


def assess(lens: Lens, result: Result, answers: AnswerFile, day: datetime.date) -> Review:
    """The review of a lens: what a run found, and what people answered, as of a day."""
    unanswered = questions(lens)
    evidence = gather((each for question in unanswered for each in question.practices), result)
    assessed = []
    for question in unanswered:
        found = tuple(
            _assessment(each, evidence[each.id], answers.by_practice.get(each.id, PracticeAnswer()), day)
            for each in question.practices
        )
        risk = risk_of(Weighed(each.verdict, each.practice.risk) for each in found)
        assessed.append(Assessed(question, found, risk))
    return Review(
        lens, tuple(assessed), answers, result.files, result.resources, tuple(_notices(answers, lens))
    )


def _assessment(
    practice: Practice, evidence: Evidence, answer: PracticeAnswer, day: datetime.date
) -> Assessment:
    expired = answer.has_expired(day)
    status = None if expired else answer.status
    if status == "followed" and evidence.kind == "failed":
        return Assessment(practice, evidence, answer, "failed", "not-followed", contradicted=True)
    if status is not None:
        return Assessment(practice, evidence, answer, "answered", status)
    if evidence.kind == "failed":
        return Assessment(practice, evidence, answer, "failed", "not-followed", expired=expired)
    if evidence.kind == "met":
        return Assessment(practice, evidence, answer, "met", "followed", expired=expired)
    state: PracticeState = "open" if evidence.kind == "no-rule" else evidence.kind
    return Assessment(practice, evidence, answer, state, "open", expired=expired)


def _notices(answers: AnswerFile, lens: Lens) -> Iterable[Problem]:
    for answer, practice, path in answers.missing_evidence():
        if practice.startswith(lens.start):
            message = f"{practice} names {path} as evidence, which does not exist"
            yield Problem(shown(answers.path), answer.line, message, fatal=False)


def unanswered_in(review: Review) -> tuple[Practice, ...]:
    """The practices that code cannot decide here, so that people have to."""
    return tuple(each.practice for each in review.practices if each.evidence.kind not in ("failed", "met"))
