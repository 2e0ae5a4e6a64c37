"""Which targets are linted now, which in parallel, and which the cache knows already."""

import gc
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from mlwa_lint.discovery.target import Target
from mlwa_lint.files.reading import recording
from mlwa_lint.model.findings import RuleError
from mlwa_lint.model.report import Report
from mlwa_lint.run.settings import RunSettings

if TYPE_CHECKING:
    from mlwa_lint.run.cache import Cache
    from mlwa_lint.run.workers import Undone

# With fewer targets, starting processes takes longer than they save.
PARALLEL_FROM = 8
# With fewer targets, what their reports have in common takes little memory.
SHARING_FROM = 64
# Where nothing else collects garbage, it is collected after this many objects (of some 100 bytes).
GARBAGE_LIMIT = 500_000
Lint: TypeAlias = Callable[[Target, RunSettings], Report]
ProgressCallback: TypeAlias = Callable[[int, int], None]


class Schedule:
    """The targets of a run, and what is known of them so far."""

    def __init__(
        self,
        lint: Lint,
        given: Sequence[tuple[Target, RunSettings]],
        progress: ProgressCallback | None,
        cache: "Cache | None",
    ) -> None:
        self._lint = lint
        self._given = given
        self._progress = progress
        self._cache = cache
        self._keys = [cache.key(*each) if cache else "" for each in given]
        self._done: dict[int, Report] = {}
        self._shared: dict[Any, Any] = {}

    def reports(self, jobs: int | None) -> list[Report]:
        """A report on each target, in their order."""
        if self._cache is not None:
            for number, key in enumerate(self._keys):
                kept = self._cache.find(key)
                if kept is not None:
                    self._done_with(number, kept)
        waiting = [number for number in range(len(self._given)) if number not in self._done]
        if not self._in_parallel(waiting, jobs):
            for number in waiting:
                if number not in self._done:
                    self._done_with(number, self._report(number))
        if self._cache is not None and waiting:
            self._cache.tidy(self._keys[number] for number in waiting)
        return [self._done[number] for number in range(len(self._given))]

    def _in_parallel(self, waiting: Sequence[int], jobs: int | None) -> bool:
        """Shares the work out among processes, if that is requested and possible."""
        if jobs == 1 or len(waiting) < (PARALLEL_FROM if jobs is None else 2):
            return False
        from mlwa_lint.run.workers import can_fork, cores, share_out

        jobs = jobs or cores()
        if jobs == 1 or not can_fork():
            return False
        self._done_with(
            waiting[0], self._report(waiting[0])
        )  # so that processes begin with all modules loaded
        gc.freeze()  # so that processes share what is there
        try:
            share_out(waiting[1:], self._packed, jobs, self._done_with_packed)
        except OSError:
            return False  # no more processes to be had: the rest is done here
        finally:
            gc.unfreeze()
        return True

    def _packed(self, number: int) -> bytes:
        from mlwa_lint.run.packing import packed

        return packed(self._report(number))

    def _done_with_packed(self, number: int, result: "bytes | Undone") -> None:
        if not isinstance(result, bytes):
            path = self._given[number][0].path
            error = RuleError("", path, result.message, advice=result.advice)
            self._done_with(number, Report(errors=(error,)))
            return
        from mlwa_lint.run.packing import unpacked

        self._done_with(number, unpacked(result))

    def _report(self, number: int) -> Report:
        self._collect_garbage()
        target, settings = self._given[number]
        if self._cache is None:
            return self._lint(target, settings)
        with recording() as probes:
            report = self._lint(target, settings)
        self._cache.keep(self._keys[number], report, probes)
        return report

    def _collect_garbage(self) -> None:
        if not gc.isenabled() and gc.get_count()[0] > GARBAGE_LIMIT:
            gc.collect()
            gc.freeze()  # what is left is permanent, and need not be visited again

    def _done_with(self, number: int, report: Report) -> None:
        if len(self._given) >= SHARING_FROM:
            from mlwa_lint.run.sharing import shared

            report = shared(report, self._shared)
        self._done[number] = report
        if self._progress is not None:
            self._progress(len(self._done), len(self._given))
