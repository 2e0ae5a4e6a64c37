"""A Dask cluster: that of `--scheduler`, or one of this machine."""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.extras import need
from mlwa_lint.fleet.identity import identity as own_identity
from mlwa_lint.fleet.working import Scanned, WorkerLostError, difference
from mlwa_lint.run.workers import cores

_CONNECT_SECONDS = 30


def make(jobs: int | None, address: str | None) -> "DaskEngine":
    """A client of a scheduler; without its address, with workers of this machine."""
    distributed = need("distributed")
    if address is not None:
        try:
            return DaskEngine(distributed.Client(address, timeout=_CONNECT_SECONDS), None)
        except (OSError, ValueError) as error:
            raise UserError(f"--scheduler {address}: {str(error) or 'no answer'}") from None
    # Workers that are killed are reported by this engine; Dask's own lines are about sockets.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    cluster = distributed.LocalCluster(
        n_workers=jobs or cores(),
        threads_per_worker=1,
        dashboard_address=None,
        memory_limit=0,  # repositories have their own
        silence_logs=logging.CRITICAL,
    )
    return DaskEngine(distributed.Client(cluster), cluster)


class DaskEngine:
    """Workers of a Dask cluster."""

    def __init__(self, client: Any, cluster: Any) -> None:
        self._client = client
        self._cluster = cluster
        # Dask itself tries again what a lost worker had, and gives up on what has cost several workers.
        self._pool = client.get_executor(pure=False)

    @property
    def workers(self) -> int:
        """The threads of all workers; they come and go."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def check(self, identity: str) -> None:
        """Queries every worker for the program that it runs. Raises UserError."""
        if not self._client.nthreads():
            try:
                self._client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
            except OSError:
                message = f"no Dask worker has joined the scheduler within {_CONNECT_SECONDS} seconds"
                raise UserError(message, "start workers, and see their logs where they do not stay") from None
        try:
            found = self._client.run(own_identity)
        except Exception as error:  # noqa: BLE001 - whatever keeps a worker from importing the package
            hint = "install the same mlwa-lint on every worker"
            raise UserError(f"a Dask worker cannot run mlwa-lint: {error}", hint) from None
        others = [difference(worker, each, identity) for worker, each in found.items() if each != identity]
        if others:
            raise UserError("; ".join(sorted(others)), "install the same version and rules on every worker")

    def submit(self, function: Callable[..., Scanned], /, *arguments: Any) -> "Future[Scanned]":
        """Runs a function on one of the workers."""
        future: Future[Scanned] = self._pool.submit(function, *arguments)
        return future

    def is_lost(self, error: BaseException) -> bool:
        """Whether a worker, or its linting process, was killed; a worker's loss may also cancel a call."""
        distributed = need("distributed")
        lost = (WorkerLostError, distributed.KilledWorker, distributed.comm.CommClosedError, CancelledError)
        return isinstance(error, (*lost, OSError)) or type(error).__name__ == "FutureCancelledError"

    def close(self) -> None:
        """Leaves the scheduler, and ends the workers that were started here."""
        self._pool.shutdown(wait=False)
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()
