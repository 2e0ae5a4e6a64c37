"""Where repositories are scanned: on this machine, or on a cluster that Dask or Ray runs.

`concurrent.futures` is the seam: an engine is an Executor that runs `scan_one`, states how many repositories
it can have at a time, and which of its exceptions mean that a worker was lost.
"""

from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from typing import Any, Protocol, cast

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.working import Scanned

ENGINES = {
    "local": "processes of this machine (the default)",
    "dask": "a Dask cluster, or one of this machine (extra: dask)",
    "ray": "a Ray cluster, or one of this machine (extra: ray)",
}


class Engine(Protocol):
    """A place to scan repositories in."""

    @property
    def workers(self) -> int:
        """How many repositories can be scanned at a time, as of now."""
        ...

    def check(self, identity: str) -> None:
        """Sees to it that every worker runs this program. Raises UserError, which names those that do not."""
        ...

    def submit(self, function: Callable[..., Scanned], /, *arguments: Any) -> "Future[Scanned]":
        """Has a worker call a function."""
        ...

    def is_lost(self, error: BaseException) -> bool:
        """Whether an exception means that a worker was lost, and not that the call failed."""
        ...

    def close(self) -> None:
        """Ends what the engine has started; nothing that was there before."""
        ...


def engine(name: str, jobs: int | None = None, address: str | None = None) -> Engine:
    """An engine by its name.

    jobs: how many repositories at a time, where the engine starts its own workers.
    address: of a scheduler or cluster that runs already.

    Raises UserError.
    """
    if name not in ENGINES:
        raise UserError(f"--engine {name}: no engine is called that", f"engines: {', '.join(ENGINES)}")
    return cast(Engine, import_module(f"mlwa_lint.fleet.engines.{name}").make(jobs, address))
