"""Shared by the scripts that generate files: write them, or report which are stale."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import eq
from pathlib import Path

ROOT = Path(__file__).parent.parent


def write_or_check(
    texts: Mapping[Path, str],
    arguments: Sequence[str],
    script: str,
    existing: Iterable[Path] = (),
    same: Callable[[str, str], bool] = eq,
) -> int:
    """Writes files, or with --check compares them and reports those that differ. Returns the exit code.

    script: the path of the script that generates them. existing: files that it generated before; those
    without a text are deleted. same: whether two texts are equivalent, for files that a formatter changes.
    """
    unwanted = [path for path in existing if path not in texts]
    stale = [
        path for path, text in texts.items() if not (path.exists() and same(path.read_text("utf-8"), text))
    ]
    if "--check" in arguments:
        for path in (*stale, *unwanted):
            sys.stderr.write(f"{path.relative_to(ROOT)} is stale: run python scripts/{Path(script).name}\n")
        return 1 if stale or unwanted else 0
    for path in unwanted:
        path.unlink()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[path], encoding="utf-8")
    return 0
