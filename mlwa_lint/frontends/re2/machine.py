"""Runs a regular expression's program: never visits the same step at the same position twice."""

from mlwa_lint.frontends.re2.program import Instruction, Pattern
from mlwa_lint.frontends.re2.syntax import is_word

CaptureSlots = tuple[int, ...]


class TooMuchError(Exception):
    """The pattern and the text together are larger than is evaluated."""


_VISITS_LIMIT = 500_000


def _holds(name: str, text: str, at: int) -> bool:
    if name == "start":
        return at == 0
    if name == "end":
        return at == len(text)
    if name == "line start":
        return at == 0 or text[at - 1] == "\n"
    if name == "line end":
        return at == len(text) or text[at] == "\n"
    before = at > 0 and is_word(text[at - 1])
    after = at < len(text) and is_word(text[at])
    return (before is not after) is (name == "word edge")


class Machine:
    """Searches one text with one pattern; counts its work over all searches."""

    def __init__(self, pattern: Pattern, text: str) -> None:
        self._steps: tuple[Instruction, ...] = pattern.steps
        self._slots = 2 * (pattern.groups + 1)
        self._text = text
        self._visits = 0

    def search(self, start: int) -> CaptureSlots | None:
        """The leftmost match from `start` on, preferring what the pattern prefers; its groups' places."""
        visited: set[tuple[int, int]] = set()
        for at in range(start, len(self._text) + 1):
            # What failed from one start fails from every other: the steps do not remember.
            found = self._run(at, visited)
            if found is not None:
                return found
        return None

    def _run(self, start: int, visited: set[tuple[int, int]]) -> CaptureSlots | None:
        waiting: list[tuple[int, int, CaptureSlots]] = [(0, start, (-1,) * self._slots)]
        text, steps = self._text, self._steps
        while waiting:
            step, at, slots = waiting.pop()
            while (step, at) not in visited:
                visited.add((step, at))
                self._visits += 1
                if self._visits > _VISITS_LIMIT:
                    raise TooMuchError
                kind, test, first, second, name = steps[step]
                if kind == "match":
                    return slots
                if kind == "take":
                    if at >= len(text) or test is None or not test(text[at]):
                        break
                    step, at = step + 1, at + 1
                elif kind == "fork":
                    if second != first:
                        waiting.append((second, at, slots))
                    step = first
                elif kind == "mark":
                    slots = (*slots[:first], at, *slots[first + 1 :])
                    step += 1
                elif _holds(name, text, at):
                    step += 1
                else:
                    break
        return None

    def search_all(self) -> list[CaptureSlots]:
        """All matches that do not overlap; an empty one directly after another match does not count."""
        found: list[CaptureSlots] = []
        at, previous = 0, -1
        while at <= len(self._text):
            slots = self.search(at)
            if slots is None:
                break
            if slots[1] == slots[0]:
                if slots[0] != previous:
                    found.append(slots)
                at = slots[1] + 1
            else:
                found.append(slots)
                at = slots[1]
            previous = slots[1]
        return found
