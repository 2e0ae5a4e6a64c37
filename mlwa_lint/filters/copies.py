"""Findings of files that are copies of one another, byte for byte: a mistake that they repeat is one.

Of notebooks of one name, the cell counts: lessons carry the same cells on from one to the next.
"""

import filecmp
from collections import Counter
from collections.abc import Callable, Hashable
from pathlib import Path, PurePosixPath

from mlwa_lint.files import NOTEBOOK
from mlwa_lint.files.notebooks import Notebook, NotebookError
from mlwa_lint.files.paths import Folders
from mlwa_lint.files.reading import read_text
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span

_NOTEBOOK_LIMIT = 50_000_000
# So many files of one name are compared with one another at most.
COPIES_LIMIT = 50


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
    gone: set[int] = set()
    for found in by_place.values():
        for position, group in enumerate(found[:COPIES_LIMIT]):
            if id(group) in gone:
                continue
            for other in found[position + 1 : COPIES_LIMIT]:
                if id(other) not in gone and same.equal(group[0].span.path, other[0].span.path):
                    group += other
                    gone.add(id(other))
    return [each for each in groups if id(each) not in gone] if gone else groups


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
                self._known[one, other] = same and self._repository(one) == self._repository(other)
            except OSError:
                self._known[one, other] = False
        return self._known[one, other]

    def _repository(self, path: str) -> str | None:
        """The repository that a file is in, if it is in one."""
        return self._folders.repository(str(Path(path).resolve().parent))
