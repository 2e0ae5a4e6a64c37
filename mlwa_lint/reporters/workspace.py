"""Where a file is in the repository that a GitHub job has checked out."""

import os
from pathlib import PurePath

VARIABLE = "GITHUB_WORKSPACE"


def in_repository(path: str) -> str:
    """A path from the top of the checkout, as GitHub resolves it, although the job may run in a folder of it.

    Outside of GitHub Actions, and for files outside of the checkout, the path stays as it is.
    """
    workspace = os.environ.get(VARIABLE)
    if not workspace or PurePath(path).is_absolute():
        return path
    inner = os.path.relpath(os.curdir, workspace).replace(os.sep, "/")
    if inner == "." or inner.split("/", 1)[0] == "..":
        return path
    return os.path.normpath(f"{inner}/{path}").replace(os.sep, "/")
