"""The three-valued answer to a question about a value, after Kleene's strong logic."""

from collections.abc import Iterable
from typing import Final, Literal, NoReturn, TypeAlias

from mlwa_lint.model.values import NO_ASSUMPTIONS, Assumptions

# An undecided answer keeps at most this many reasons: more are not read.
REASONS_LIMIT = 20

Verdict: TypeAlias = Literal["yes", "no", "undecided"]


class Answer:
    """YES, NO or UNDECIDED, with the reasons why it is undecided and the assumptions it rests on.

    It has no truth value, so that `not answer` cannot be written about something unknown. Combine
    answers with `&`, `|` and `~`; use `certainly(answer)` for a plain bool.
    """

    __slots__ = ("assumed", "reasons", "verdict")

    def __init__(
        self, verdict: Verdict, reasons: tuple[str, ...] = (), assumed: Assumptions = NO_ASSUMPTIONS
    ) -> None:
        self.verdict: Final[Verdict] = verdict
        self.reasons: Final = reasons
        self.assumed: Final = assumed

    def __bool__(self) -> NoReturn:
        raise TypeError("a three-valued answer has no truth value; use certainly(answer)")

    def __repr__(self) -> str:
        return f"Answer({self.verdict!r}, {self.reasons!r}, {sorted(self.assumed)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Answer) and self.verdict == other.verdict

    def __hash__(self) -> int:
        return hash(self.verdict)

    def __and__(self, other: "Answer") -> "Answer":
        if self is YES or other is NO:
            return other
        return self if self is NO or other is YES else every((self, other))

    def __or__(self, other: "Answer") -> "Answer":
        if self is NO or other is YES:
            return other
        return self if self is YES or other is NO else some((self, other))

    def __invert__(self) -> "Answer":
        if self is YES:
            return NO
        return YES if self is NO else Answer(_OPPOSITE[self.verdict], self.reasons, self.assumed)


_OPPOSITE: Final[dict[Verdict, Verdict]] = {"yes": "no", "no": "yes", "undecided": "undecided"}


YES: Final = Answer("yes")
NO: Final = Answer("no")


def undecided(reason: str) -> Answer:
    """An answer that only deployment can give, because of `reason`."""
    return Answer("undecided", (reason,))


def answer(truth: bool, assumed: Assumptions = NO_ASSUMPTIONS) -> Answer:
    """A decided answer."""
    if not assumed:
        return YES if truth else NO
    return Answer("yes" if truth else "no", (), assumed)


def certainly(question: Answer) -> bool:
    """Whether the answer is YES: what is undecided is not certain."""
    return question.verdict == "yes"


def possibly(question: Answer) -> bool:
    """Whether the answer is not NO."""
    return question.verdict != "no"


def every(answers: Iterable[Answer]) -> Answer:
    """YES if all are, NO if one is, else undecided; YES for none."""
    return _combine(answers, decisive="no", neutral=YES)


def some(answers: Iterable[Answer]) -> Answer:
    """YES if one is, NO if all are, else undecided; NO for none."""
    return _combine(answers, decisive="yes", neutral=NO)


def _combine(answers: Iterable[Answer], decisive: Verdict, neutral: Answer) -> Answer:
    """A decisive answer settles it and its assumptions alone matter; otherwise all count."""
    reasons: dict[str, None] | None = None
    assumed = NO_ASSUMPTIONS
    decided: Answer | None = None
    for each in answers:
        if each is neutral:
            continue
        if each.verdict == decisive:
            if not each.assumed:
                return each
            decided = each if decided is None or len(each.assumed) < len(decided.assumed) else decided
        elif each.verdict == "undecided":
            reasons = {} if reasons is None else reasons
            if len(reasons) < REASONS_LIMIT:
                reasons.update(dict.fromkeys(each.reasons[:REASONS_LIMIT]))
        assumed |= each.assumed
    if decided is not None:
        return decided
    if reasons is not None:
        return Answer("undecided", tuple(reasons), assumed)
    return answer(neutral is YES, assumed)
