"""Which files `.gitignore` files exclude, as in git."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.files.globs import spec_of
from mlwa_lint.files.reading import read_text

SIZE_LIMIT = 1_000_000

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class IgnoreFiles:
    """What `.gitignore` files name, from the repository's top down to each folder."""

    def __init__(self) -> None:
        self._specs: dict[str, GitIgnoreSpec | None] = {}
        self._chains: dict[str, tuple[str, ...]] = {}

    def enter(self, folder: str, above: str) -> None:
        """Reads the ignore files that hold in a folder; both paths are without links.

        above: the folder that it was found in, which was entered before; empty for the first one.
        """
        if folder in self._chains:
            return
        own = (folder,) if self._spec(folder) is not None else ()
        if above and not _is_top(folder):
            self._chains[folder] = (*self._chains[above], *own) if own else self._chains[above]
        else:
            over = self._above(folder)
            self._chains[folder] = tuple(each for each in over if self._spec(each) is not None)

    def covers(self, folder: str, name: str, is_folder: bool) -> bool:
        """Whether git would leave something in a folder out."""
        chain = self._chains[folder]
        if not chain:
            return False
        path = os.path.join(folder, name) + ("/" if is_folder else "")
        for holder in reversed(chain):
            spec = self._specs[holder]
            assert spec is not None
            verdict = spec.check_file(path[len(holder) :].lstrip("/")).include
            if verdict is not None:
                return verdict
        return False

    def _above(self, folder: str) -> Iterator[str]:
        """The folders from the repository's top (or, outside a repository, this folder) down to it."""
        chain = [folder]
        while not _is_top(chain[-1]):
            parent = os.path.dirname(chain[-1])
            if parent == chain[-1]:
                return iter((folder,))
            chain.append(parent)
        return reversed(chain)

    def _spec(self, folder: str) -> "GitIgnoreSpec | None":
        if folder not in self._specs:
            self._specs[folder] = _read_spec(Path(folder, ".gitignore"))
        return self._specs[folder]


def _is_top(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))


def _read_spec(path: Path) -> "GitIgnoreSpec | None":
    try:
        lines: Iterable[str] = read_text(path, SIZE_LIMIT, "replace").splitlines()
    except OSError:
        return None
    return spec_of(lines)
