"""What `.gitignore` files name, as git reads them."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.discovery.target import SIZE_LIMIT
from mlwa_lint.files.reading import read_text

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class IgnoreFiles:
    """What `.gitignore` files name, from the repository's top down to each folder."""

    def __init__(self) -> None:
        self._specs: dict[str, GitIgnoreSpec | None] = {}
        self._chains: dict[str, tuple[str, ...]] = {}

    def enter(self, folder: str) -> None:
        """Reads the ignore files that hold in a folder."""
        real = os.path.realpath(folder)
        if real in self._chains:
            return
        chain = tuple(each for each in self._above(real) if self._spec(each) is not None)
        self._chains[real] = chain

    def covers(self, path: str, is_folder: bool) -> bool:
        """Whether git would leave a path out."""
        real = os.path.join(os.path.realpath(os.path.dirname(path) or "."), os.path.basename(path))
        for folder in reversed(self._chains.get(os.path.dirname(real), ())):
            spec = self._specs[folder]
            assert spec is not None
            relative = os.path.relpath(real, folder) + ("/" if is_folder else "")
            verdict = spec.check_file(relative).include
            if verdict is not None:
                return verdict
        return False

    def _above(self, folder: str) -> Iterator[str]:
        """The folders from the repository's top (or, outside a repository, this folder) down to it."""
        chain = [folder]
        while not os.path.exists(os.path.join(chain[-1], ".git")):
            parent = os.path.dirname(chain[-1])
            if parent == chain[-1]:
                return iter((folder,))
            chain.append(parent)
        return reversed(chain)

    def _spec(self, folder: str) -> "GitIgnoreSpec | None":
        if folder not in self._specs:
            self._specs[folder] = _read_spec(Path(folder, ".gitignore"))
        return self._specs[folder]


def _read_spec(path: Path) -> "GitIgnoreSpec | None":
    try:
        lines: Iterable[str] = read_text(path, SIZE_LIMIT, "replace").splitlines()
    except OSError:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)
