"""What an engine runs for each repository: passes it to a linting process, and returns its rows as Arrow.

Threads and processes of any engine call `scan_one`; each keeps a linting process of its own between calls.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections import defaultdict
from contextlib import suppress

from mlwa_lint.fleet import pipes
from mlwa_lint.fleet.identity import version_of
from mlwa_lint.fleet.plan import Repository, ScanPlan, plan_of
from mlwa_lint.fleet.schema import packed
from mlwa_lint.startup.records import NamedTuple


class WorkerLostError(Exception):
    """The process that linted is gone for an unknown reason: the repository has to be scanned again."""


class UnfitWorkerError(Exception):
    """A worker that cannot scan: its version, catalogue or rules are not those of the scan."""


class Scanned(NamedTuple):
    """The result for a repository.

    tables: Arrow streams by the name of the table. failure: its kind, None where it was scanned.
    seconds, memory: what it took; megabytes.
    """

    name: str
    tables: dict[str, bytes]
    failure: str | None
    worker: str
    seconds: float
    memory: float


# How long a process may take to exit once it has closed its pipes.
_FAREWELL = 10.0

_idle: "defaultdict[str, list[_Lint]]" = defaultdict(list)
_running: "set[_Lint]" = set()
_lock = threading.Lock()


def scan_one(plan: str, repository: Repository) -> Scanned:
    """Scans a repository by a plan. Raises WorkerLostError, UnfitWorkerError."""
    with _lock:
        waiting = _idle[plan]
        process = waiting.pop() if waiting else None
    if process is None or not process.is_alive:
        process = _Lint(plan)
    try:
        found = process.scan(repository)
    except BaseException:
        process.close()
        raise
    with _lock:
        _idle[plan].append(process)
    return found


def end_all() -> None:
    """Ends the linting processes of this worker, also those at work: their repositories are given up."""
    with _lock:
        idle = [each for waiting in _idle.values() for each in waiting]
        _idle.clear()
        running = list(_running)
    for process in running:
        process.end()
    for process in idle:
        process.close()


atexit.register(end_all)


class _Lint:
    """A linting process, seen from its worker."""

    def __init__(self, plan: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "mlwa_lint.fleet.serving"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(_search_path())},
            start_new_session=True,  # a Ctrl-C is the coordinator's, which ends its workers in order
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests = self._process.stdin.fileno()
        self._replies = self._process.stdout.fileno()
        _running.add(self)
        try:
            _compare(self._greeting(plan), plan_of(plan))
        except BaseException:
            self.close()
            raise

    def _greeting(self, plan: str) -> dict[str, str]:
        """What it says when it has begun. Raises WorkerLostError, UnfitWorkerError."""
        try:
            self._send(plan.encode())
            greeting: dict[str, str] = json.loads(self._receive())
        except WorkerLostError:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_FAREWELL)
            code = self._process.returncode
            # What a signal ends (no memory, say) may do better next time; what exits by itself will not.
            if code is None or code <= 0:
                raise
            message = f"worker {socket.gethostname()} cannot begin: its process ended with code {code}"
            raise UnfitWorkerError(message) from None
        return greeting

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def scan(self, repository: Repository) -> Scanned:
        """The rows of a repository. Raises WorkerLostError."""
        self._send(json.dumps(repository).encode())
        head = json.loads(self._receive())
        rows = json.loads(self._receive())
        failure = rows["repositories"][0]["failure"]
        worker = f"{socket.gethostname()}:{self._process.pid}"
        return Scanned(repository.name, packed(rows), failure, worker, head["seconds"], head["memory"])

    def end(self) -> None:
        """Requests the process to end, from another thread than the one that it serves."""
        self._process.terminate()

    def close(self) -> None:
        """Ends the process; it ends its child itself."""
        _running.discard(self)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        try:
            self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, data: bytes) -> None:
        try:
            pipes.send(self._requests, data)
        except BrokenPipeError:
            raise WorkerLostError("its worker process was killed") from None

    def _receive(self) -> bytes:
        data = pipes.receive(self._replies)
        if data is None:
            raise WorkerLostError("its worker process was killed")
        return data


def _search_path() -> list[str]:
    """Where this process finds modules; never the folder that a process happens to be in."""
    return [os.path.abspath(each) for each in sys.path if each]  # noqa: PTH100 - texts, not paths


def _compare(greeting: dict[str, str], plan: ScanPlan) -> None:
    worker = socket.gethostname()
    if "error" in greeting:
        raise UnfitWorkerError(f"worker {worker} cannot begin: {greeting['error']}")
    if greeting["identity"] != plan.identity:
        raise UnfitWorkerError(difference(worker, greeting["identity"], plan.identity))


def difference(worker: str, found: str, wanted: str) -> str:
    """How a worker's program differs from the coordinator's."""
    if version_of(found) != version_of(wanted):
        return f"worker {worker} runs mlwa-lint {version_of(found)}, this is {version_of(wanted)}"
    return f"worker {worker} has another catalogue of rules ({found} instead of {wanted})"
