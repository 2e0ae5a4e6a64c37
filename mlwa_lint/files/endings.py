"""The files of a project by how their paths end: what is deployed to S3 often comes from here."""

import os
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from mlwa_lint.files.below import ENTRIES_LIMIT
from mlwa_lint.files.reading import Probes, note, recording, size_of, text_if_readable, texts, tree
from mlwa_lint.files.texts import ALL_LIMIT, PathSteps, ProjectText

_Found = TypeVar("_Found")
_shared: "dict[Path | None, ProjectFiles] | None" = None


@contextmanager
def sharing() -> Iterator[None]:
    """Within one run, all targets of a root use one listing of its files."""
    global _shared
    before, _shared = _shared, {}
    try:
        yield
    finally:
        _shared = before


def files_of(root: Path | None) -> "ProjectFiles":
    """The files below a folder: those that this run has listed already, if it has."""
    return ProjectFiles(root) if _shared is None else _shared.setdefault(root, ProjectFiles(root))


class ProjectFiles:
    """The files below a folder; they are listed when the first one is needed."""

    def __init__(self, root: Path | None) -> None:
        self.root = root
        self._by_name: dict[str, list[tuple[str, ...]]] | None = None
        self._probes: Probes = {}
        self._too_many = False
        self._texts: tuple[dict[PathSteps, ProjectText] | None, Probes] | None = None
        self._answers: dict[Hashable, tuple[Any, Probes]] = {}

    def ending_like(
        self, key: str, besides: Collection[Path] = (), whole: bool = False, near: Path | None = None
    ) -> Path | None:
        """The only file whose path ends like a key, `solution/v1/assets/train.json`; None for several.

        Of several files of that name the one that has most of the key's folders above it is meant; of
        several such the one nearest to a folder, `near`: repositories lie side by side, each with a file of
        that name. With `whole`, the key has to end with all of its path.
        """
        if self.root is None:
            return None
        wanted = steps_of(key)
        if not wanted or ".." in wanted or "\0" in key:
            return None
        left_out = {os.path.realpath(path) for path in besides}
        found = only_ending_like(
            wanted,
            (
                steps
                for steps in self._listed().get(wanted[-1], ())
                if not left_out or os.path.realpath(self.root.joinpath(*steps)) not in left_out
            ),
            () if near is None else self._steps_to(near),
        )
        if found is None or (whole and wanted[-len(found) :] != found):
            return None
        return Path(self.root, *found)

    def named_like(self, question: Callable[[str], object], limit: int) -> list[Path]:
        """The first files, by their paths, whose names a predicate accepts."""
        if self.root is None:
            return []
        found = (steps for name, paths in self._listed().items() if question(name) for steps in paths)
        return [Path(self.root, *steps) for steps in sorted(found)[:limit]]

    def texts_like(self, question: Callable[[str], object], size: int) -> Iterator[tuple[Path, str]] | None:
        """All files whose names a predicate accepts, with their texts; None where these are too large.

        Empty for what cannot be read or is larger than `size` bytes. What is found is the same whatever else
        lies in the folder: rather than that some files are left out, nothing is known.
        """
        found = [] if self.root is None else self.named_like(question, ENTRIES_LIMIT)
        if self.has_too_many or sum(map(size_of, found)) > ALL_LIMIT:
            return None
        return ((each, text_if_readable(each, size)) for each in found)

    @property
    def has_too_many(self) -> bool:
        """Whether there are too many files to list: none of them is known then."""
        self._listed()
        return self._too_many

    def texts(self) -> dict[PathSteps, ProjectText] | None:
        """The project's texts, read when the first one is needed; None for too many."""
        if self._texts is None:
            self._texts = texts(self.root or Path())
        note(self._texts[1])
        return self._texts[0]

    def once(self, question: "Callable[[ProjectFiles], _Found]") -> _Found:
        """The answer to a query about these files alone, evaluated once."""
        return self.kept(question, partial(question, self))

    def kept(self, key: Hashable, find: "Callable[[], _Found]") -> _Found:
        """What is found in these files alone, once for each key; what was looked up for it is noted again."""
        known = self._answers.get(key)
        if known is None:
            with recording() as probes:
                known = find(), probes
            self._answers[key] = known
        note(known[1])
        return cast(_Found, known[0])

    def _steps_to(self, folder: Path) -> tuple[str, ...]:
        """The steps from the root to a folder; none to one that is elsewhere."""
        path, root = os.path.realpath(folder), os.path.realpath(self.root or ".")
        if os.path.commonpath([path, root]) != root:
            return ()
        return tuple(Path(path).relative_to(root).parts)

    def _listed(self) -> dict[str, list[tuple[str, ...]]]:
        if self._by_name is None:
            found, self._probes = tree(self.root or Path())
            self._too_many = found is None
            self._by_name = {}
            for steps in found or ():
                self._by_name.setdefault(steps[-1], []).append(steps)
        note(self._probes)
        return self._by_name


def steps_of(path: str) -> tuple[str, ...]:
    """The folders of a path and its name."""
    return tuple(step for step in path.split("/") if step not in ("", "."))


def only_ending_like(
    wanted: tuple[str, ...], paths: Iterable[tuple[str, ...]], near: tuple[str, ...] = ()
) -> tuple[str, ...] | None:
    """The path that has most of what is wanted at its end; None where several have as much.

    near: the folder that refers to it; of several the one that shares most folders with it is meant.
    """
    best = _foremost(paths, lambda steps: common_start(steps[::-1], wanted[::-1]), least=1)
    nearest = best if len(best) < 2 else _foremost(best, lambda steps: common_start(steps[:-1], near))
    return nearest[0] if len(nearest) == 1 else None


def _foremost(
    paths: Iterable[tuple[str, ...]], score_of: Callable[[tuple[str, ...]], int], least: int = 0
) -> list[tuple[str, ...]]:
    """The paths with the highest score, which is at least some number."""
    best: list[tuple[str, ...]] = []
    highest = least
    for steps in paths:
        score = score_of(steps)
        if score >= highest:
            best = [*best, steps] if score == highest else [steps]
            highest = score
    return best


def common_start(one: Sequence[str], other: Sequence[str]) -> int:
    """How many leading steps two paths, or leading characters two texts, have in common."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
