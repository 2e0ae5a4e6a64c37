"""Which open conditions of a program can hold together."""

from collections.abc import Collection, Mapping

from mlwa_lint.frontends.python.evaluation.values import CONDITION_KEY


class PythonScenarios:
    """Conditions are identified by the value that they test: it equals one literal at most.

    defaults: condition -> its truth by default, and the assumptions that this rests on.
    refused: answers with which the program ends before it creates anything, or that exclude one another.
    """

    def __init__(
        self,
        defaults: Mapping[str, tuple[bool, frozenset[str]]],
        refused: Collection[frozenset[tuple[str, bool]]] = (),
    ) -> None:
        self._defaults = defaults
        self._refused: dict[str, list[frozenset[tuple[str, bool]]]] = {}
        for each in refused:
            self._refused.setdefault(min(each)[0] if each else "", []).append(each)

    def possible(self, answers: Mapping[str, bool]) -> bool:
        """Whether conditions (by name) can have these answers together."""
        equal: dict[str, str] = {}
        for name, answer in answers.items():
            if name in self._defaults:
                default, assumed = self._defaults[name]
                if answer is not default and assumed and all(answers.get(each) for each in assumed):
                    return False
            subject, found, literal = name.partition(CONDITION_KEY)[2].partition(" == ")
            if found and answer and equal.setdefault(subject, literal) != literal:
                return False
        return not any(
            all(answers.get(n) is holds for n, holds in each)
            for name in ("", *answers)
            for each in self._refused.get(name, ())
        )
