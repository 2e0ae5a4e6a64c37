"""Findings of files that are copies of one another, byte for byte: a mistake that they repeat is one.

Of notebooks of one name, the cell counts: lessons carry the same cells on from one to the next.
"""

import filecmp
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path, PurePosixPath

from mlwa_lint.files import NOTEBOOK, PROGRAMS
from mlwa_lint.files.notebooks import Notebook, NotebookError
from mlwa_lint.files.paths import Folders
from mlwa_lint.files.reading import read_text
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy

_NOTEBOOK_LIMIT = 50_000_000
# So many files of one name are compared with one another at most.
COPIES_LIMIT = 50
_TEMPLATE_LIMIT = 5_000_000
# So many lines of a declaration are searched for its name.
_LINES_LIMIT = 200
_NAME = lazy(
    r"[ \t]*[\"']?(?:\w*[nN]ame|[bB]ucket)[\"']?[ \t]*[:=][ \t]*[\"']?([A-Za-z][\w.-]{2,200})[\"']?[ \t,]*$"
)


def joined_copies(
    groups: list[list[Finding]],
    wording_of: Callable[[Finding], Hashable],
    is_generated: Callable[[str], object],
) -> list[list[Finding]]:
    """The groups, those joined whose first findings have one place in files with the same content.

    What differs in wording or weight stays apart: the copies are used with other values. So do files of two
    repositories, what an account lacks, and what a tool has generated (`is_generated`).
    """
    names = Counter(PurePosixPath(path).name for path in {group[0].span.path for group in groups})
    places = _Places()
    by_place: dict[Hashable, list[list[Finding]]] = {}
    for group in groups:
        span = group[0].span
        name = PurePosixPath(span.path).name
        if names[name] == 1 or group[0].of_account or is_generated(span.path):
            continue
        place = (name, places.of(span), wording_of(group[0]))
        by_place.setdefault(place, []).append(group)
    same = _Contents()

    def copies_of(group: list[Finding]) -> Callable[[list[Finding]], bool]:
        return lambda other: same.equal(group[0].span.path, other[0].span.path)

    return _joined(groups, by_place.values(), copies_of)


def _joined(
    groups: list[list[Finding]],
    alike: Iterable[list[list[Finding]]],
    belonging_to: Callable[[list[Finding]], Callable[[list[Finding]], bool]],
) -> list[list[Finding]]:
    """The groups, those joined of which one belongs to an earlier one. alike: those that are compared."""
    gone: set[int] = set()
    for found in alike:
        for position, group in enumerate(found[:COPIES_LIMIT]):
            if id(group) in gone:
                continue
            belongs = belonging_to(group)
            for other in found[position + 1 : COPIES_LIMIT]:
                if id(other) not in gone and belongs(other):
                    group += other
                    gone.add(id(other))
    return [each for each in groups if id(each) not in gone] if gone else groups


def joined_parts(
    groups: list[list[Finding]], wording_of: Callable[[Finding], Hashable]
) -> list[list[Finding]]:
    """The groups, those joined that are about resources of one fixed name in several files of a repository.

    A template for one part repeats what that for the whole declares: an account has room for one of a name.
    All that the smaller of two groups is about must be in the other one.
    """
    # Nearly all findings are the only ones of their wording: what is kept of these is little.
    count = Counter(hash(wording_of(group[0])) for group in groups)
    by_wording: dict[Hashable, list[list[Finding]]] = {}
    for group in groups:
        if group[0].of_account or group[0].span.path.endswith((NOTEBOOK, *PROGRAMS)):
            continue
        wording = wording_of(group[0])
        if count[hash(wording)] > 1:
            by_wording.setdefault(wording, []).append(group)
    del count
    names, same = _FixedNames(), _Contents()

    def subjects_of(group: list[Finding]) -> set[tuple[Hashable, str]]:
        return {(wording_of(each), names.of(each)) for each in group}

    def parts_of(group: list[Finding]) -> Callable[[list[Finding]], bool]:
        had, path = subjects_of(group), group[0].span.path

        def is_part(other: list[Finding]) -> bool:
            beside = other[0].span.path
            if not any(name for _, name in had) or beside == path or not same.in_one_repository(path, beside):
                return False
            wanted = subjects_of(other)
            return wanted <= had and all(name for _, name in wanted)

        return is_part

    largest_first = (sorted(found, key=len, reverse=True) for found in by_wording.values())
    return _joined(groups, largest_first, parts_of)


class _FixedNames:
    """What resources are called for good, as the text of their declarations has it: `RoleName: reports`."""

    def __init__(self) -> None:
        self._read = "", [""]  # the last file and its lines: those of all would fill the memory
        self._names: dict[tuple[str, int], str] = {}

    def of(self, finding: Finding) -> str:
        """The first name in a resource's declaration that is indented least; empty where it has none."""
        span = finding.resource_span
        found = self._names.get((span.path, span.line))
        if found is None:
            found = self._names[span.path, span.line] = self._name_at(span)
        return found

    def _name_at(self, span: Span) -> str:
        path, lines = self._read
        if path != span.path:
            try:
                lines = read_text(Path(span.path), _TEMPLATE_LIMIT).split("\n")
            except (OSError, ValueError):
                lines = []
            self._read = span.path, lines
        lines = lines[span.line - 1 : span.line - 1 + _LINES_LIMIT]
        least, found = 0, ""
        own = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
        for line in lines[1:]:
            indent = len(line) - len(line.lstrip())
            if line.strip() and indent <= own:
                break
            match = _NAME.match(line)
            if match is not None and (not found or indent < least):
                least, found = indent, match[1]
        return found


class _Places:
    """Where findings are in their files; in a notebook, where in a cell, with the cell as the file has it."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[str, Notebook | None]] = {}

    def of(self, span: Span) -> Hashable:
        """The place of a finding, which is the same in a copy of its file or cell."""
        if not span.path.endswith(NOTEBOOK):
            return span._replace(path="")
        text, notebook = self._notebook(span.path)
        if notebook is None:
            return span
        found = notebook.cell_at(span.line, span.column)
        if found is None:
            return span._replace(path=""), text
        cell, place = found
        return place.line, place.column, cell.source

    def _notebook(self, path: str) -> tuple[str, Notebook | None]:
        if path not in self._read:
            try:
                text = read_text(Path(path), _NOTEBOOK_LIMIT)
                self._read[path] = (text, Notebook(text))
            except (OSError, ValueError, NotebookError):
                self._read[path] = ("", None)
        return self._read[path]


class _Contents:
    """Which files are the same, each pair compared once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], bool] = {}
        self._folders = Folders()

    def equal(self, one: str, other: str) -> bool:
        """Whether two different files have the same content; not where one cannot be read."""
        if one == other:
            return False
        if (one, other) not in self._known:
            try:
                # Of notebooks, the cells have been compared.
                same = one.endswith(NOTEBOOK) or filecmp.cmp(one, other, shallow=False)
                self._known[one, other] = same and self.in_one_repository(one, other)
            except OSError:
                self._known[one, other] = False
        return self._known[one, other]

    def in_one_repository(self, one: str, other: str) -> bool:
        """Whether two files are in one repository, or none of them in any."""
        return self._repository(one) == self._repository(other)

    def _repository(self, path: str) -> str | None:
        """The repository that a file is in, if it is in one."""
        return self._folders.repository(str(Path(path).resolve().parent))
