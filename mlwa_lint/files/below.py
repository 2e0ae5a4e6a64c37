"""What is below a folder, within the limits of the search."""

import os
from collections.abc import Iterator

# Folders and files that are looked through; in a larger project no file is known to be the only one.
ENTRIES_LIMIT = 50_000
_SKIPPED = frozenset({"node_modules", "__pycache__", "venv", "site-packages", "cdk.out"})


def files_below(root: str) -> list[tuple[str, ...]] | None:
    """The steps to each file below a folder, links left out; None where there are too many.

    Folders that cannot be read, and those of tools, are passed over.
    """
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[str, ...]] = [()]
    left = ENTRIES_LIMIT
    while waiting:
        steps = waiting.pop()
        for name, is_folder in _entries(os.path.join(root, *steps)):
            left -= 1
            if left < 0:
                return None
            if not is_folder:
                found.append((*steps, name))
            elif name not in _SKIPPED and not name.startswith("."):
                waiting.append((*steps, name))
    return found


def _entries(folder: str) -> Iterator[tuple[str, bool]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield entry.name, True
                elif entry.is_file(follow_symlinks=False):
                    yield entry.name, False
    except (OSError, ValueError):
        return
