"""Why a repository could not be scanned: a kind to count by, and a sentence to read."""

import errno
from typing import Literal, TypeAlias

from mlwa_lint.startup.records import NamedTuple

FailureKind: TypeAlias = Literal[
    "missing", "clone", "archive", "time", "memory", "disk", "worker", "configuration", "internal"
]
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Failure(NamedTuple):
    """Why a repository was not scanned."""

    kind: FailureKind
    message: str


class FetchError(Exception):
    """A repository could not be brought here."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(kind, message)


def of_os_error(error: OSError, kind: FailureKind) -> Failure:
    """A failure of the system: a full disk is one, whatever was being done."""
    reason = error.strerror or str(error) or type(error).__name__
    return Failure("disk" if error.errno in _DISK else kind, reason)
