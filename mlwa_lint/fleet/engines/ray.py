"""A Ray cluster: that of `--address`, or one of this machine."""

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.extras import need
from mlwa_lint.fleet.identity import identity as own_identity
from mlwa_lint.fleet.working import Scanned, WorkerLostError, difference
from mlwa_lint.run.workers import cores

# The least that Ray accepts; what comes back is small.
_OBJECT_STORE = 100_000_000
_CHECK_SECONDS = 120


def make(jobs: int | None, address: str | None) -> "RayEngine":
    """A driver of a Ray cluster; without its address, of one that is started on this machine."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing calls home
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    ray = need("ray")
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address is not None:
        try:
            ray.init(address, **quiet)
        except (OSError, ValueError, RuntimeError) as error:
            raise UserError(f"--address {address}: {error}") from None
    else:
        ray.init(
            num_cpus=jobs or cores(), object_store_memory=_OBJECT_STORE, include_dashboard=False, **quiet
        )
    return RayEngine(ray)


class RayEngine:
    """Workers of a Ray cluster; each repository takes one processor."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray

    @property
    def workers(self) -> int:
        """The processors of the cluster; nodes come and go."""
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def check(self, identity: str) -> None:
        """Queries a worker of every node for the program that it runs. Raises UserError."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        nodes = [each["NodeID"] for each in self._ray.nodes() if each["Alive"]]
        pending = {
            node: self._ray.remote(own_identity)
            .options(num_cpus=0, scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False))
            .remote()
            for node in nodes
        }
        try:
            found = {node: self._ray.get(each, timeout=_CHECK_SECONDS) for node, each in pending.items()}
        except Exception as error:  # noqa: BLE001 - whatever keeps a worker from importing the package
            hint = "install the same mlwa-lint on every node"
            raise UserError(f"a Ray worker cannot run mlwa-lint: {error}", hint) from None
        others = [difference(node, each, identity) for node, each in found.items() if each != identity]
        if others:
            raise UserError("; ".join(sorted(others)), "install the same version and rules on every node")

    def submit(self, function: Callable[..., Scanned], /, *arguments: Any) -> "Future[Scanned]":
        """Runs a function on one of the workers."""
        call = self._ray.remote(function).options(num_cpus=1, max_retries=0)
        future: Future[Scanned] = call.remote(*arguments).future()
        return future

    def is_lost(self, error: BaseException) -> bool:
        """Whether a worker, its node or its linting process was lost."""
        exceptions = self._ray.exceptions
        if isinstance(error, exceptions.RayTaskError):
            return isinstance(error.cause, WorkerLostError)
        return isinstance(error, (WorkerLostError, exceptions.RayError))

    def close(self) -> None:
        """Leaves the cluster, and ends what was started here."""
        self._ray.shutdown()
