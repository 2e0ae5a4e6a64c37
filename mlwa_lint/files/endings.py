"""The files of a project by how their paths end: what is deployed to S3 often lies here before."""

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from mlwa_lint.files.reading import listing

# Folders and files that are looked through; in a larger project no file can be told to be the only one.
ENTRIES_LIMIT = 50_000
_SKIPPED = frozenset({"node_modules", "__pycache__", "venv", "site-packages", "cdk.out"})


class ProjectFiles:
    """The files below a folder; they are listed when the first one is asked for."""

    def __init__(self, root: Path | None) -> None:
        self.root = root
        self._by_name: dict[str, list[tuple[str, ...]]] | None = None

    def ending_like(self, key: str, besides: Collection[Path] = (), whole: bool = False) -> Path | None:
        """The only file whose path ends like a key, `solution/v1/assets/train.json`; None for several.

        Of several files of that name the one that has most of the key's folders above it is meant. With
        `whole`, the key has to end with all of its path.
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
        )
        if found is None or (whole and wanted[-len(found) :] != found):
            return None
        return Path(self.root, *found)

    def _listed(self) -> dict[str, list[tuple[str, ...]]]:
        if self._by_name is None:
            self._by_name = self._list()
        return self._by_name

    def _list(self) -> dict[str, list[tuple[str, ...]]]:
        found: dict[str, list[tuple[str, ...]]] = {}
        waiting: list[tuple[str, ...]] = [()]
        left = ENTRIES_LIMIT
        while waiting:
            steps = waiting.pop()
            try:
                folders, files = listing((self.root or Path()).joinpath(*steps))
            except (OSError, ValueError):
                continue
            left -= len(folders) + len(files)
            if left < 0:
                return {}
            for name in files:
                found.setdefault(name, []).append((*steps, name))
            waiting += [
                (*steps, name) for name in folders if name not in _SKIPPED and not name.startswith(".")
            ]
        return found


def steps_of(path: str) -> tuple[str, ...]:
    """The folders of a path and its name."""
    return tuple(step for step in path.split("/") if step not in ("", "."))


def only_ending_like(wanted: tuple[str, ...], paths: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
    """The path that has most of what is wanted at its end; None where several have as much."""
    best: list[tuple[str, ...]] = []
    score = 1
    for steps in paths:
        common = _common_end(steps, wanted)
        if common >= score:
            best = [*best, steps] if common == score else [steps]
            score = common
    return best[0] if len(best) == 1 else None


def _common_end(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count
