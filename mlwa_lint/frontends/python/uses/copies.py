"""Programs of a project that are copies of one another, by the lines that they have in common."""

import math
from collections.abc import Callable, Mapping, Set

from mlwa_lint.files.texts import PathSteps

# So much of a file that another one has too makes it a copy of that: one beside it, or one elsewhere, for
# projects that lie side by side are often made after one pattern.
_COPIED_BESIDE = 0.75
_COPIED_ELSEWHERE = 0.9
_LINES = 10
_ENDING = ".py"


class Copies:
    """Which programs have most of their lines in common. Those of one name, or one folder, are compared."""

    def __init__(self, texts: Mapping[PathSteps, bytes]) -> None:
        self._texts = texts
        self._lines: dict[PathSteps, Set[bytes]] = {}
        self._alike: dict[str | PathSteps, list[PathSteps]] = {}
        self._groups: dict[str | PathSteps, _Group] = {}
        for steps in texts:
            if steps[-1].endswith(_ENDING):
                self._alike.setdefault(steps[-1], []).append(steps)
                self._alike.setdefault(steps[:-1], []).append(steps)

    def has_original(
        self, steps: PathSteps, question: Callable[[PathSteps], bool], nearly: bool = False
    ) -> bool:
        """Whether a program, `*.py`, is a copy of one that a predicate accepts.

        nearly: of one beside it, less in common is enough.
        """
        beside = _COPIED_BESIDE if nearly else _COPIED_ELSEWHERE
        own = self._lines_of(steps)
        if len(own) < _LINES:
            return False
        alike = {
            **dict.fromkeys(self._group(steps[-1]).sharing(own, _COPIED_ELSEWHERE)),
            **dict.fromkeys(self._group(steps[:-1]).sharing(own, beside)),
        }
        for each in alike:
            share = beside if each[:-1] == steps[:-1] else _COPIED_ELSEWHERE
            if each != steps and len(own & self._lines_of(each)) >= share * len(own) and question(each):
                return True
        return False

    def _group(self, key: str | PathSteps) -> "_Group":
        """The programs of a name, or of a folder."""
        found = self._groups.get(key)
        if found is None:
            found = self._groups[key] = _Group({each: self._lines_of(each) for each in self._alike[key]})
        return found

    def _lines_of(self, steps: PathSteps) -> Set[bytes]:
        found = self._lines.get(steps)
        if found is None:
            stripped = map(bytes.strip, self._texts[steps].split(b"\n"))
            found = self._lines[steps] = frozenset(line for line in stripped if line)
        return found


class _Group:
    """Files of which each may be a copy of another, by their lines."""

    def __init__(self, lines: Mapping[PathSteps, Set[bytes]]) -> None:
        self._files = list(lines)
        self._having: dict[bytes, list[int]] = {}
        for number, own in enumerate(lines.values()):
            for line in own:
                self._having.setdefault(line, []).append(number)

    def sharing(self, lines: Set[bytes], share: float) -> list[PathSteps]:
        """The files that can have a share of some lines, which are those of one of them.

        Whoever has that share has one of the rarest lines, of which so many are taken that not all can be
        missing.
        """
        missing = len(lines) - math.ceil(share * len(lines))
        rarest = sorted(lines, key=lambda line: len(self._having[line]))[: missing + 1]
        return [self._files[number] for number in sorted({n for line in rarest for n in self._having[line]})]
