"""Edits of source text: what a fix is, how several become one text, and their places."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from mlwa_lint.discovery.modules import is_terraform
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_WORD = lazy(r"[\w-]+")
Safety: TypeAlias = Literal["safe", "unsafe", "shown"]


class Edit(NamedTuple):
    """Replaces a range of a file's text.

    start, end: offsets in characters of the text as it is in the file: with its own line ends and its byte
                order mark, if it has one. An insertion has equal ones.
    """

    path: str
    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """What puts one finding right, or suppresses it.

    safety:      `safe` may be made without anyone looking; `unsafe` changes what is deployed in a way that
                 the user has to want; `shown` cannot be made by a machine, and has no edits.
    edits:       none of them overlaps another; in one file or in several.
    description: what it does, in one line: "Set EnableNetworkIsolation to true".
    reason:      why it is not safe, or cannot be made; empty for a safe one.
    """

    code: str
    safety: Safety
    edits: tuple[Edit, ...]
    description: str
    finding: Finding
    reason: str = ""


class Chosen(NamedTuple):
    """Fixes that can be made together, and those that wait for the next round because they overlap."""

    now: tuple[Fix, ...]
    later: tuple[Fix, ...]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A file's text with some edits, which must not overlap. Insertions at one place keep their order."""
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        if edit.start < position:
            raise ValueError("edits overlap")
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join((*pieces, text[position:]))


def compatible(fixes: Iterable[Fix]) -> Chosen:
    """Fixes whose edits do not touch one another, in the order given; equal edits are made once."""
    now: list[Fix] = []
    later: list[Fix] = []
    taken = Taken()
    for fix in fixes:
        (now if taken.add(fix.edits) else later).append(fix)
    return Chosen(tuple(now), tuple(later))


class Taken:
    """Edits that can be made together, so far, each once."""

    def __init__(self) -> None:
        self.edits: dict[Edit, None] = {}
        self._by_place: dict[str, list[Edit]] = {}

    def add(self, edits: Sequence[Edit]) -> bool:
        """Takes some edits as well; none of them, and False, where one touches another."""
        if not all(map(self._fits, edits)):
            return False
        for edit in edits:
            if edit not in self.edits:
                self.edits[edit] = None
                insort(self._by_place.setdefault(edit.path, []), edit, key=_range_of)
        return True

    def _fits(self, edit: Edit) -> bool:
        # They do not touch one another: of those that start before this one, the last one ends last.
        beside = self._by_place.get(edit.path, [])
        place = bisect_left(beside, edit.start, key=_start_of)
        if place and _clashes(edit, beside[place - 1]):
            return False
        while place < len(beside) and beside[place].start <= edit.end:
            if _clashes(edit, beside[place]):
                return False
            place += 1
        return True


def by_path(fixes: Iterable[Fix]) -> dict[str, list[Edit]]:
    """The edits of compatible fixes, file by file, each once."""
    found: dict[str, dict[Edit, None]] = {}
    for fix in fixes:
        for edit in fix.edits:
            found.setdefault(edit.path, {})[edit] = None
    return {path: list(edits) for path, edits in found.items()}


def place_of(edit: Edit, text: str) -> Span:
    """The place of an edit in a file's text: lines and columns from 1, a byte order mark not counted."""
    starts = _line_starts(text)
    line, column = _position(edit.start, starts, text)
    end_line, end_column = _position(edit.end, starts, text)
    return Span(edit.path, line, column, end_line, end_column)


def _start_of(edit: Edit) -> int:
    return edit.start


def _range_of(edit: Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _clashes(one: Edit, other: Edit) -> bool:
    if one == other or _stack(one, other):
        return False
    if one.start == other.start or one.end == other.end:
        return True
    return one.start < other.end and other.start < one.end


def _stack(one: Edit, other: Edit) -> bool:
    """Whether two insertions at one place can follow one another: of keys or arguments of different names.

    Not in Terraform, where each of them has its sign aligned with what is there already.
    """
    if not one.start == one.end == other.start == other.end or is_terraform(one.path):
        return False
    names = [_WORD.search(each.text) for each in (one, other)]
    return all(names) and len({match.group() for match in names if match}) == 2


def _line_starts(text: str) -> Sequence[int]:
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts


def _position(offset: int, starts: Sequence[int], text: str) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    mark = 1 if line == 1 and text.startswith("\ufeff") else 0
    return line, max(offset - starts[line - 1] - mark, 0) + 1
