"""Which open conditions can hold together: a variable equals one literal at most."""

from collections.abc import Mapping, Sequence

from mlwa_lint.model.conditions import Guard


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
        self._rows[name] = tuple(found)
        return name

    def possible(self, answers: Mapping[str, bool]) -> bool:
        """Whether conditions (by name) can have these answers together."""
        if not self._agree(answers):
            return False
        return all(
            any(self._fits(answers, row) for row in self._rows[name])
            if answer
            else not any(self._is_given(answers, row) for row in self._rows[name])
            for name, answer in answers.items()
            if name in self._rows
        )

    def _fits(self, answers: Mapping[str, bool], row: Mapping[str, bool]) -> bool:
        """Whether a row can hold beside some answers."""
        if any(answers.get(name, answer) is not answer for name, answer in row.items()):
            return False
        return self._agree({**answers, **row})

    def _is_given(self, answers: Mapping[str, bool], row: Mapping[str, bool]) -> bool:
        """Whether a row certainly holds by some answers."""
        return all(
            answers.get(name) is answer or not self._fits(answers, {name: not answer})
            for name, answer in row.items()
        )

    def _agree(self, answers: Mapping[str, bool]) -> bool:
        """Whether comparisons can have these answers together."""
        equal: dict[str, str] = {}
        denied: dict[str, set[str]] = {}
        for name, answer in answers.items():
            if name not in self._subjects:
                continue
            subject, literal = self._subjects[name]
            if not answer:
                denied.setdefault(subject, set()).add(literal)
            elif equal.setdefault(subject, literal) != literal:
                return False
        # A truth value is neither true nor false nor null only if it is not a truth value.
        return not any({"true", "false", "null"} <= literals for literals in denied.values())
