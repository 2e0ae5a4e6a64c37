"""Paths from `path.cwd`, the folder from which Terraform is run: one that the files show."""

import os
from collections.abc import Sequence
from pathlib import Path

from mlwa_lint.files.paths import inside
from mlwa_lint.files.reading import is_file, is_folder
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Scalar, Unknown, Value

CWD = "path.cwd"
# Functions that take the path of a file or a folder first.
_READING = ("file", "templatefile")
# So many folders around a configuration are looked into.
UPWARDS_LIMIT = 20


def reads_path(function: str) -> bool:
    """Whether a function reads the file or the folder that its first argument names."""
    return function.startswith(_READING)


def with_path_found(arguments: Sequence[Value], folder: Path, root: Path, span: Span) -> list[Value]:
    """Arguments with the first one as a path from the folder of the configuration, where that is known."""
    found = path_from(arguments[0], folder, root) if arguments else None
    if found is None:
        return list(arguments)
    return [Scalar(found, span), *arguments[1:]]


def path_from(value: Value, folder: Path, root: Path) -> str | None:
    """The path of a value that starts with `path.cwd`; None where not one folder alone has such a file.

    Terraform may be run from the folder of the configuration, or from one around it with `-chdir`.
    """
    parts = value.parts if isinstance(value, Unknown) else ()
    first = parts[0] if parts else None
    if not isinstance(first, Unknown) or first.identity != CWD or "\0" in str(parts):
        return None
    rest = "".join(each for each in parts[1:] if isinstance(each, str)).lstrip("/")
    if not rest or not all(isinstance(each, str) for each in parts[1:]):
        return None
    found = [each for each in _around(folder, root) if is_file(each / rest) or is_folder(each / rest)]
    return Path(os.path.relpath(found[0] / rest, folder)).as_posix() if len(found) == 1 else None


def _around(folder: Path, root: Path) -> list[Path]:
    """A folder and those around it, up to the repository's."""
    here = Path(os.path.realpath(folder))
    around = [here, *here.parents][:UPWARDS_LIMIT]
    return [each for each in around if inside(each, root) is not None]
