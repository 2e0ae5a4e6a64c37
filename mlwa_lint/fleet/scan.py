"""A scan: every repository goes to a worker, what comes back into the journal, the journal into the dataset.

A repository that fails is a row with its reason. One whose worker is lost is tried again, from the second
time on when no other repository is at work, so that one that kills its worker costs no other its turn.
"""

import datetime
import json
import math
import time
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.dataset import Dataset
from mlwa_lint.fleet.engines import Engine
from mlwa_lint.fleet.failures import Failure
from mlwa_lint.fleet.identity import catalogue_of, version_of
from mlwa_lint.fleet.journal import Attempt, Journal, head_of, unfinished
from mlwa_lint.fleet.plan import Repository, ScanPlan
from mlwa_lint.fleet.rows import Row, rows_of_failure, shown_address
from mlwa_lint.fleet.schema import packed
from mlwa_lint.fleet.working import Scanned, UnfitWorkerError, scan_one
from mlwa_lint.run.schedule import ProgressCallback
from mlwa_lint.startup.records import NamedTuple

ATTEMPTS = 3
_TIME_FORMAT = "%Y-%m-%dT%H-%M-%SZ"
_TICK = 0.5
# Workers of a cluster come and go; querying their number takes a message.
_COUNTED_EVERY = 5.0
# A worker that reports nothing for this multiple of a repository's limits is considered lost.
_PATIENCE = 3
_GRACE = 120.0


class Scan(NamedTuple):
    """What a scan came to.

    resumed: how many repositories an earlier, killed run had done.
    buggy:   in how many mlwa-lint, or a rule, failed.
    """

    id: str
    repositories: int
    partial: int
    failed: dict[str, Failure]
    findings: int
    resumed: int
    retried: int
    buggy: int


def scan(
    sources: Sequence[str],
    repositories: Sequence[Repository],
    plan: ScanPlan,
    engine: Engine,
    dataset: Dataset,
    *,
    engine_name: str = "local",
    resume: bool = False,
    progress: ProgressCallback | None = None,
) -> Scan:
    """Scans repositories into a dataset.

    Raises UserError, also when the journal or the dataset cannot be written; what was scanned until then is
    kept, and `resume` goes on with it.
    """
    head = {"plan": plan.digest, "started": _now().isoformat(), "sources": list(map(shown_address, sources))}
    journal = _journal(dataset, head, resume)
    engine.check(plan.identity)
    if resume:
        done = journal.resume()
    else:
        journal.begin()
        done = set()
    run = _Run(plan, engine, journal, progress, len(repositories), len(done))
    try:
        run.all_of([each for each in repositories if each.name not in done])
    finally:
        journal.flush()  # on Ctrl-C, too
    summary = _summary(journal, plan, engine_name, run.workers)
    dataset.commit(journal, summary.row)
    journal.delete()
    return Scan(
        journal.scan,
        summary.row["repositories"],
        summary.row["partial"],
        summary.failed,
        summary.row["findings"],
        len(done),
        run.retried,
        summary.buggy,
    )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _journal(dataset: Dataset, head: dict[str, Any], resume: bool) -> Journal:
    """The journal of a new scan, or of the one that was interrupted. Raises UserError."""
    storage = dataset.storage
    begun = unfinished(storage)
    if not resume:
        taken = {*dataset.scans, *begun}
        first = _now().strftime(_TIME_FORMAT)
        names = (first, *(f"{first}-{number}" for number in range(2, 1000)))
        return Journal(storage, next(name for name in names if name not in taken), head)
    if not begun:
        raise UserError(f"{storage.address}: no scan to resume", "leave out --resume to begin one")
    before = head_of(storage, begun[-1])
    if before["plan"] != head["plan"]:
        raise UserError(
            f"the scan {begun[-1]} was begun with other options, rules or another version",
            "give the same ones, or begin a new scan without --resume",
        )
    return Journal(storage, begun[-1], before)


class _Flight(NamedTuple):
    """A repository at work, for the n-th time, since when."""

    repository: Repository
    attempt: int
    since: float


class _Run:
    """The repositories that wait, those at work, and what has become of the others."""

    def __init__(
        self,
        plan: ScanPlan,
        engine: Engine,
        journal: Journal,
        progress: ProgressCallback | None,
        total: int,
        done: int,
    ) -> None:
        self._plan = plan
        self._text = plan.to_json()
        self._engine = engine
        self._journal = journal
        self._progress = progress
        self._total = total
        self._done = done
        self._waiting: deque[tuple[Repository, int]] = deque()
        self._suspects: deque[tuple[Repository, int]] = deque()
        self._flying: dict[Future[Scanned], _Flight] = {}
        self._attempts: dict[str, list[Attempt]] = {}
        self._now = 0
        self._counted = -math.inf
        self.retried = 0
        self.workers = 0

    def all_of(self, repositories: Iterable[Repository]) -> None:
        """Scans all of them. Raises UserError."""
        self._waiting.extend((each, 1) for each in repositories)
        while self._waiting or self._suspects or self._flying:
            self._launch()
            ended, _ = wait(self._flying, _TICK, FIRST_COMPLETED)
            for future in ended:
                self._land(future, self._flying.pop(future))
            self._give_up_silent()
            self._journal.tick()

    def _launch(self) -> None:
        """Keeps every worker busy; suspects come last, one at a time."""
        if time.monotonic() > self._counted + _COUNTED_EVERY:
            self._now = self._engine.workers
            self._counted = time.monotonic()
            self.workers = max(self.workers, self._now)
        # A few more than there are workers, so that none waits for the next one.
        while self._waiting and len(self._flying) < self._now + max(1, self._now // 4):
            self._submit(*self._waiting.popleft())
        if not self._waiting and not self._flying and self._suspects:
            self._submit(*self._suspects.popleft())

    def _submit(self, repository: Repository, attempt: int) -> None:
        future = self._engine.submit(scan_one, self._text, repository)
        self._flying[future] = _Flight(repository, attempt, time.monotonic())

    def _land(self, future: "Future[Scanned]", flight: _Flight) -> None:
        try:
            found = future.result()
        except BaseException as error:  # noqa: BLE001 - whatever an engine raises for a worker that is gone
            self._failed(flight, error)
            return
        if found.failure == "worker" and flight.attempt < ATTEMPTS:
            self._again(flight, "its process was killed", found)
            return
        self._keep(flight, found, found.failure or "ok")

    def _failed(self, flight: _Flight, error: BaseException) -> None:
        if isinstance(error, KeyboardInterrupt):
            raise error
        cause = getattr(error, "cause", None)
        for each in (error, cause):
            if isinstance(each, UnfitWorkerError):
                raise UserError(str(each), "install the same version and rules on every worker")
        if self._engine.is_lost(error):
            self._lost(flight, "its worker was lost")
        else:
            self._give_up(flight, Failure("internal", f"{type(error).__name__}: {error}"))

    def _lost(self, flight: _Flight, why: str) -> None:
        if flight.attempt < ATTEMPTS:
            self._again(flight, why)
        else:
            self._give_up(flight, Failure("worker", f"{why} {ATTEMPTS} times"))

    def _again(self, flight: _Flight, why: str, found: Scanned | None = None) -> None:
        self.retried += 1
        self._note(flight, why, found)
        queue = self._waiting if flight.attempt == 1 else self._suspects
        queue.append((flight.repository, flight.attempt + 1))

    def _give_up(self, flight: _Flight, failure: Failure) -> None:
        tables = packed(rows_of_failure(flight.repository, failure))
        found = Scanned(flight.repository.name, tables, failure.kind, "", 0.0, 0.0)
        self._keep(flight, found, failure.kind)

    def _keep(self, flight: _Flight, found: Scanned, outcome: str) -> None:
        self._note(flight, outcome, found)
        self._journal.add(found, tuple(self._attempts.pop(found.name)))
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)

    def _note(self, flight: _Flight, outcome: str, found: Scanned | None) -> None:
        name = flight.repository.name
        measured = ("", None, None) if found is None else (found.worker, found.seconds, found.memory)
        worker, seconds, memory = measured
        attempt = Attempt(name, flight.attempt, worker, outcome, seconds, memory)
        self._attempts.setdefault(name, []).append(attempt)

    def _give_up_silent(self) -> None:
        """Takes repositories from workers that have reported nothing for far longer than their limits."""
        latest = time.monotonic() - _PATIENCE * self._plan.limits.longest - _GRACE
        for future, flight in list(self._flying.items()):
            if flight.since < latest and not future.done():
                del self._flying[future]
                future.cancel()
                self._lost(flight, "its worker did not answer")


class _Summary(NamedTuple):
    row: Row
    failed: dict[str, Failure]
    buggy: int


def _summary(journal: Journal, plan: ScanPlan, engine: str, workers: int) -> _Summary:
    """The row of a scan, from what its repositories came to."""
    counts = dict.fromkeys(("repositories", "failed", "partial", "findings", "undecided", "resources"), 0)
    failed: dict[str, Failure] = {}
    buggy = 0
    with journal.opened() as done:
        for table in done.tables("repositories"):
            for row in table.select(_SUMMED).to_pylist():
                counts["repositories"] += 1
                counts["failed"] += row["status"] == "failed"
                counts["partial"] += row["status"] == "partial"
                buggy += row["failure"] == "internal"
                for name in ("findings", "undecided", "resources"):
                    counts[name] += row[name]
                if row["status"] == "failed":
                    failed[row["repository"]] = Failure(row["failure"], row["message"])
    options = {key: value for key, value in plan._asdict().items() if key not in ("identity", "rules")}
    options["limits"] = plan.limits._asdict()
    options["rules"] = [each.path for each in plan.rules]
    options["configuration"] = plan.configuration is not None
    row = {
        "started": datetime.datetime.fromisoformat(journal.head["started"]),
        "finished": _now(),
        "version": version_of(plan.identity),
        "catalogue": catalogue_of(plan.identity),
        "engine": engine,
        "workers": workers,
        "sources": journal.head["sources"],
        "options": json.dumps(options, sort_keys=True),
        **counts,
    }
    return _Summary(row, failed, buggy)


_SUMMED = ["repository", "status", "failure", "message", "findings", "undecided", "resources"]
