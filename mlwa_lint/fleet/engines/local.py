"""This machine: threads, each with a linting process of its own.

That is a pool of processes in which losing one costs the repository that it had, and no other.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.working import Scanned, WorkerLostError, end_all
from mlwa_lint.run.workers import can_fork, cores


def make(jobs: int | None, address: str | None) -> "LocalEngine":
    """The engine of this machine; as many repositories at a time as it has processors. Raises UserError."""
    if not can_fork():
        raise UserError("this system cannot fork processes", "scan on Linux or macOS, or in WSL on Windows")
    return LocalEngine(jobs or cores())


class LocalEngine:
    """Processes of this machine."""

    def __init__(self, jobs: int) -> None:
        self.workers = jobs
        self._pool = ThreadPoolExecutor(jobs, "mlwa-fleet")

    def check(self, identity: str) -> None:
        """Nothing: the processes run the same program as this one, and each checks it when it starts."""

    def submit(self, function: Callable[..., Scanned], /, *arguments: Any) -> "Future[Scanned]":
        """Runs a function in one of the threads."""
        return self._pool.submit(function, *arguments)

    def is_lost(self, error: BaseException) -> bool:
        """Whether a linting process was killed."""
        return isinstance(error, WorkerLostError)

    def close(self) -> None:
        """Ends threads and processes; what they have at hand is given up."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        end_all()
