"""Which open conditions can hold together: a variable equals one literal at most."""

from collections.abc import Mapping


class TerraformScenarios:
    """The conditions of a project that are comparisons of variables."""

    def __init__(self) -> None:
        self._subjects: dict[str, tuple[str, str]] = {}

    def noted(self, identity: str, literal: str | None) -> str:
        """The name of the condition that something is true, or equals a literal."""
        if literal is None or literal == "true":
            name, literal = identity, "true"
        else:
            name = f"{identity} == {literal}"
        self._subjects[name] = (identity, literal)
        return name

    def possible(self, answers: Mapping[str, bool]) -> bool:
        """Whether conditions (by name) can have these answers together."""
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
