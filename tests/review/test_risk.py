"""The risk of a question, case by case, and the gates."""

import pytest

from mlwa_lint.review.risk import RISKS, PracticeVerdict, Risk, Weighed, counted, reaches, risk_of

_VERDICTS: dict[str, PracticeVerdict] = {
    "+": "followed",
    "-": "not-followed",
    "o": "not-applicable",
    "?": "open",
}
_EXPOSED = {"H": "High", "M": "Medium", "L": "Low", "_": ""}

# Each practice is its risk if not followed (High, Medium, Low, unstated) and its verdict:
# + followed, - not followed, o not applicable, ? open.
CASES: list[tuple[str, Risk]] = [
    # All alike.
    ("H+", "NONE"),
    ("H-", "HIGH"),
    ("M-", "MEDIUM"),
    ("H?", "UNANSWERED"),
    ("Ho", "NOT_APPLICABLE"),
    ("Mo Ho", "NOT_APPLICABLE"),
    ("H+ M+ L+", "NONE"),
    ("H? M? L?", "UNANSWERED"),
    ("H- M-", "HIGH"),
    ("M- M-", "MEDIUM"),
    # What AWS calls low, or does not rate, counts as medium: never as none.
    ("L-", "MEDIUM"),
    ("_-", "MEDIUM"),
    ("H+ L-", "MEDIUM"),
    ("H- L-", "HIGH"),
    # One that is missed among others.
    ("H+ H-", "HIGH"),
    ("H+ M-", "MEDIUM"),
    ("H- M+", "HIGH"),
    ("M+ M- M+", "MEDIUM"),
    ("H+ H+ H+ H-", "HIGH"),
    # Practices that do not apply are left out.
    ("Ho H+", "NONE"),
    ("Ho M-", "MEDIUM"),
    ("Mo H-", "HIGH"),
    ("Ho H?", "UNANSWERED"),
    ("Ho Mo M+", "NONE"),
    # A known high risk is one, whatever else is open; a lesser one waits for the rest.
    ("H- H?", "HIGH"),
    ("H- M?", "HIGH"),
    ("M- H?", "UNANSWERED"),
    ("M- M?", "UNANSWERED"),
    ("H+ M?", "UNANSWERED"),
    ("H+ M- Mo L?", "UNANSWERED"),
    ("H- M- Mo L? H+", "HIGH"),
]


@pytest.mark.parametrize(("practices", "risk"), CASES, ids=[case for case, _ in CASES])
def test_the_first_rule_that_fits_decides(practices: str, risk: Risk) -> None:
    weighed = [Weighed(_VERDICTS[each[1]], _EXPOSED[each[0]]) for each in practices.split()]
    assert risk_of(weighed) == risk
    assert risk_of(reversed(weighed)) == risk


def test_the_table_has_every_risk() -> None:
    assert len(CASES) >= 30
    assert {risk for _, risk in CASES} == set(RISKS)


@pytest.mark.parametrize(
    ("risks", "gate", "fails"),
    [
        (["HIGH"], "high-risk", True),
        (["HIGH"], "never", False),
        (["MEDIUM", "UNANSWERED"], "high-risk", False),
        (["MEDIUM"], "medium-risk", True),
        (["HIGH"], "medium-risk", True),
        (["UNANSWERED"], "medium-risk", False),
        (["UNANSWERED"], "unanswered", True),
        (["MEDIUM"], "unanswered", True),
        (["NONE", "NOT_APPLICABLE"], "unanswered", False),
    ],
)
def test_gates(risks: list[Risk], gate: str, fails: bool) -> None:
    assert reaches(counted(risks), gate) is fails
