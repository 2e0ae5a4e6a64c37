"""What rules can find out about a value: each question has the answer YES, NO or UNDECIDED."""

import re
from collections.abc import Callable, Sequence

from mlwa_lint.graph.resolved import (
    Resolved,
    bounded,
    named,
    number_of,
    same_value,
    why_end_unknown,
    why_unknown,
)
from mlwa_lint.model.alternatives import ends, fits
from mlwa_lint.model.answers import NO, Answer, answer, undecided
from mlwa_lint.model.values import Absent, ListValue, MapValue, Scalar, Unknown, known_text


class Questions:
    """Questions about the value of a property; an absent one answers NO to those about a value."""

    __slots__ = ()

    @property
    def value(self) -> Resolved:
        """The value that they are about."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """The name of the property in the user's language."""
        raise NotImplementedError

    def known_items(self) -> "Sequence[Questions]":
        """The items that are known; there may be others."""
        raise NotImplementedError

    def is_absent(self) -> Answer:
        """Whether nothing is given here: no key, null, an empty text, list or map."""
        value = self.value
        if isinstance(value, Absent):
            return answer(True, value.assumed)
        if isinstance(value, Unknown):
            if value.present:
                return NO
            filled = bool(value.one_of) and "" not in value.one_of
            return answer(False, value.assumed) if filled else self._open(value.reason)
        if isinstance(value, Scalar):
            return answer(value.data == "", value.assumed)
        if isinstance(value, ListValue):
            if self.known_items():
                return NO
            return self._open(value.rest.reason) if value.rest else answer(True, value.assumed)
        if isinstance(value, MapValue):
            if value.rest is not None and not value.entries:
                return self._open(value.rest.reason)
            return answer(not value.entries, value.assumed)
        return NO

    def is_present(self) -> Answer:
        """Whether something is given here."""
        return ~self.is_absent()

    def is_open(self) -> Answer:
        """Undecided, with the reason, where something is given of which the text is not known; NO otherwise.

        What it can only be one of several texts is open as well, whatever they have in common.
        """
        value = self.value
        if known_text(value) is not None or isinstance(value, (Absent, ListValue, MapValue)):
            return answer(False, value.assumed)
        return self._open(why_unknown(value))

    def is_true(self) -> Answer:
        """Whether it is true, as a truth value or as the text `true`; absent is not."""
        return self._decide(lambda text: text.lower() == "true")

    def is_false(self) -> Answer:
        """Whether it is explicitly false; absent is not."""
        return self._decide(lambda text: text.lower() == "false")

    def equals(self, expected: str | int | float) -> Answer:
        """Whether it has this value; numbers compare as numbers, text letter by letter."""
        if isinstance(expected, str):
            return self.one_of((expected,))
        return self._measure(lambda number: number == expected)

    def one_of(self, expected: "frozenset[str] | set[str] | tuple[str, ...]") -> Answer:
        """Whether it is one of these texts; what is known of it may show that it is none of them."""
        value = self.value
        if isinstance(value, Unknown):
            apart = bool(value.parts) and not any(fits(value, each) for each in expected)
            if apart or (value.refused and all(each in value.refused for each in expected)):
                return answer(False, value.assumed)
        return self._decide(lambda text: text in expected)

    def matches(self, pattern: str, flags: int = 0) -> Answer:
        """Whether the pattern occurs in the text (`re.search`)."""
        return self._decide(lambda text: re.search(pattern, text, flags) is not None)

    def test(self, question: Callable[[str], bool]) -> Answer:
        """Whether a question about the known text is answered yes; absent is not."""
        return self._decide(question)

    def tail(self, separator: str, question: Callable[[str], bool]) -> Answer:
        """Whether a question about what follows the last separator is answered yes.

        What precedes it need not be known: an account, a Region, a partition.
        """
        value = self.value
        if isinstance(value, Unknown) and value.parts and (found := ends(value, separator)) is not None:
            answers = {question(text) for text in found}
            if len(answers) == 1:  # whichever it is
                return answer(answers.pop(), value.assumed)
        found_out = self._decide(lambda text: question(text.rpartition(separator)[2]))
        return found_out if found_out.verdict != "undecided" else self._open(why_end_unknown(value))

    def at_least(self, bound: float, default: float | None = None) -> Answer:
        """Whether the number is `bound` or more; `default` is what an absent one means."""
        found = bounded(self.value, bound, above=False)
        return self._measure(lambda number: number >= bound, default) if found is None else found

    def less_than(self, bound: float, default: float | None = None) -> Answer:
        """Whether the number is below `bound`; `default` is what an absent one means."""
        found = bounded(self.value, bound, above=False)
        return self._measure(lambda number: number < bound, default) if found is None else ~found

    def more_than(self, bound: float, default: float | None = None) -> Answer:
        """Whether the number is above `bound`; `default` is what an absent one means."""
        found = bounded(self.value, bound, above=True)
        return self._measure(lambda number: number > bound, default) if found is None else found

    def same_as(self, other: "Questions") -> Answer:
        """Whether two properties have the same value at deployment; two absent ones have."""
        return same_value(self.value, other.value)

    def _open(self, reason: str) -> Answer:
        return undecided(named(reason, self))

    def _decide(self, question: Callable[[str], bool]) -> Answer:
        answered = self._agreed(question)
        if answered is not None:
            return answered
        if isinstance(self.value, (Absent, ListValue, MapValue)):
            return answer(False, self.value.assumed)
        return self._open(why_unknown(self.value))

    def _agreed(self, question: Callable[[str], bool]) -> Answer | None:
        """The answer that the text gives, or all texts that it can be; None where they differ."""
        value = self.value
        text = known_text(value)
        if text is not None:
            return answer(question(text), value.assumed)
        found = {question(each) for each in value.one_of} if isinstance(value, Unknown) else set()
        if len(found) != 1 or not isinstance(value, Unknown):
            return None
        return answer(found.pop(), value.assumed)

    def _measure(self, question: Callable[[float], bool], default: float | None = None) -> Answer:
        value = self.value
        if isinstance(value, Absent):
            return answer(default is not None and question(default), value.assumed)
        answered = self._agreed(lambda text: (n := number_of(text)) is not None and question(n))
        return self.is_open() if answered is None else answered
