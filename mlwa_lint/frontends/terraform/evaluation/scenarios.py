"""Which open conditions can hold together: a variable equals one literal at most."""

from collections.abc import Mapping, Sequence

from mlwa_lint.model.conditions import Guard
from mlwa_lint.startup.records import NamedTuple

# Answers in all rows of a condition; beyond it the condition counts as independent of what is in them, as
# each world would go through all of them.
ROW_ANSWERS_LIMIT = 60
_TRUTH_VALUES = {"true", "false", "null"}


class TerraformScenarios:
    """The conditions of a project that are comparisons of variables, and those that hold where others do."""

    def __init__(self) -> None:
        self._subjects: dict[str, tuple[str, str]] = {}
        self._rows: dict[str, tuple[dict[str, bool], ...]] = {}

    def noted(self, identity: str, literal: str | None) -> str:
        """The name of the condition that something is true, or equals a literal."""
        if literal is None or literal == "true":
            name, literal = identity, "true"
        else:
            name = f"{identity} == {literal}"
        self._subjects[name] = (identity, literal)
        return name

    def one_of(self, rows: Sequence[Sequence[Guard]]) -> str:
        """The name of the condition that all guards of some row hold: one for the same rows, wherever."""
        found = [{guard.condition.name: guard.holds for guard in row} for row in rows]
        worded = (
            " and ".join(f"{name} is {answer}" for name, answer in sorted(row.items())) for row in found
        )
        name = f"one of ({') or ('.join(sorted(worded))})"
        if sum(map(len, found)) <= ROW_ANSWERS_LIMIT:
            self._rows[name] = tuple(found)
        return name

    def possible(self, answers: Mapping[str, bool]) -> bool:
        """Whether conditions (by name) can have these answers together."""
        stated = self._stated(answers)
        if stated is None:
            return False
        return all(
            any(self._fits(stated, row) for row in self._rows[name])
            if answer
            else not any(self._is_given(stated, row) for row in self._rows[name])
            for name, answer in answers.items()
            if name in self._rows
        )

    def _stated(self, answers: Mapping[str, bool]) -> "_Stated | None":
        """What answers state of the variables that they compare; None where they exclude each other."""
        stated = _Stated(answers, {}, {})
        for name, answer in answers.items():
            if not self._add(stated, name, answer):
                return None
        return stated

    def _add(self, stated: "_Stated", name: str, answer: bool) -> bool:
        """Adds an answer to what is stated; false where it is excluded by that."""
        if name not in self._subjects:
            return True
        subject, literal = self._subjects[name]
        if answer:
            return stated.equal.setdefault(subject, literal) == literal
        denied = stated.denied[subject] = {*stated.denied.get(subject, ()), literal}
        # A truth value is neither true nor false nor null only if it is not a truth value.
        return not denied >= _TRUTH_VALUES

    def _fits(self, stated: "_Stated", row: Mapping[str, bool]) -> bool:
        """Whether a row can hold beside what is stated."""
        if any(self._is_excluded(stated, name, answer) for name, answer in row.items()):
            return False
        # Answers of the row may still exclude each other; the rest agrees already.
        subjects = {self._subjects[name][0] for name in row if name in self._subjects}
        own = _Stated(
            stated.answers,
            {each: stated.equal[each] for each in subjects if each in stated.equal},
            {each: stated.denied[each] for each in subjects if each in stated.denied},
        )
        return all(self._add(own, name, answer) for name, answer in row.items())

    def _is_given(self, stated: "_Stated", row: Mapping[str, bool]) -> bool:
        """Whether a row certainly holds by what is stated."""
        return all(self._is_excluded(stated, name, not answer) for name, answer in row.items())

    def _is_excluded(self, stated: "_Stated", name: str, answer: bool) -> bool:
        """Whether one answer cannot be given beside what is stated."""
        known = stated.answers.get(name)
        if known is not None:
            return known is not answer
        if name not in self._subjects:
            return False
        subject, literal = self._subjects[name]
        if answer:
            return stated.equal.get(subject, literal) != literal
        denied = stated.denied.get(subject)
        return denied is not None and {*denied, literal} >= _TRUTH_VALUES


class _Stated(NamedTuple):
    """Answers, and by variable: what it equals, and what it does not."""

    answers: Mapping[str, bool]
    equal: dict[str, str]
    denied: dict[str, set[str]]
