"""One run: from paths to everything that there is to report."""

import gc
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mlwa_lint.discovery.search import discover
from mlwa_lint.discovery.target import Target
from mlwa_lint.engine.check import Settings, check
from mlwa_lint.files.reading import recording
from mlwa_lint.model.findings import RuleError
from mlwa_lint.model.report import Report, merged
from mlwa_lint.model.resources import Problem, Project
from mlwa_lint.run.loading import load, load_text
from mlwa_lint.run.settings import RunSettings

if TYPE_CHECKING:
    from mlwa_lint.run.cache import Cache

__all__ = ["Report", "RunSettings", "lint", "merged", "run", "run_text"]

# With fewer targets, starting processes takes longer than they save.
PARALLEL_FROM = 8
# Where nobody else collects garbage, it is collected after so many targets.
COLLECTED_EVERY = 50


def run(
    paths: Sequence[str],
    settings_for: Callable[[Target], RunSettings],
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cache: "Cache | None" = None,
) -> Report:
    """Lints everything below some paths.

    jobs:     how many targets are linted at a time; by default as many as there are processors, where
              there are several targets.
    progress: is told how many targets of how many are done.
    """
    found = discover(paths)
    reports = [Report(problems=found.problems)]
    work = _Work([(target, settings_for(target)) for target in found.targets], progress, cache)
    reports += work.reports(jobs)
    left = _unread(found.children, reports)
    if left:
        work = _Work([(target, settings_for(target)) for target in left], progress, cache)
        reports += work.reports(jobs)
    return merged(reports)


def _unread(children: Iterable[Target], reports: Iterable[Report]) -> list[Target]:
    """The modules whose callers did not come to read them (`count = 0`): they are looked at alone."""
    read = {PurePosixPath(source).parent.as_posix() for report in reports for source in report.sources}
    return [child for child in children if child.path not in read]


def run_text(text: str, name: str, settings: RunSettings) -> Report:
    """Lints one template that was handed over as text."""
    return _checked(load_text(text, name, settings.load), settings)


def lint(target: Target, settings: RunSettings) -> Report:
    """Lints one target. What goes wrong in us is an error of that target, and not the end of the run."""
    try:
        return _checked(load(target, settings.load), settings)
    except OSError as error:
        problem = Problem(target.path, 1, f"cannot be read: {error.strerror or error}")
        return Report(problems=(problem,))
    except Exception as error:  # noqa: BLE001 - a bug of ours must not hide what is found elsewhere
        return Report(errors=(RuleError("", target.path, f"{type(error).__name__}: {error}"),))


def _checked(projects: Iterable[Project], settings: RunSettings) -> Report:
    reports = []
    for project in projects:
        outcome = check(project, settings.rules, Settings(settings.required_tags))
        reports.append(
            Report(
                findings=outcome.findings,
                undecided=outcome.undecided,
                errors=outcome.errors,
                problems=project.problems,
                resources=outcome.resources,
                sources=project.sources,
            )
        )
    return merged(reports)


class _Work:
    """The targets of a run, and what is known of them so far."""

    def __init__(
        self,
        given: Sequence[tuple[Target, RunSettings]],
        progress: Callable[[int, int], None] | None,
        cache: "Cache | None",
    ) -> None:
        self._given = given
        self._progress = progress
        self._cache = cache
        self._keys = [cache.key(*each) if cache else "" for each in given]
        self._done: dict[int, Report] = {}
        self._linted = 0

    def reports(self, jobs: int | None) -> list[Report]:
        """A report on each target, in their order."""
        if self._cache is not None:
            for number, key in enumerate(self._keys):
                kept = self._cache.find(key)
                if kept is not None:
                    self._tell(number, kept)
        waiting = [number for number in range(len(self._given)) if number not in self._done]
        if not self._in_parallel(waiting, jobs):
            for number in waiting:
                if number not in self._done:
                    self._tell(number, self._report(number))
        if self._cache is not None and waiting:
            self._cache.tidy()
        return [self._done[number] for number in range(len(self._given))]

    def _in_parallel(self, waiting: Sequence[int], jobs: int | None) -> bool:
        """Shares the work out among processes, if that is wished and possible."""
        if jobs == 1 or len(waiting) < (PARALLEL_FROM if jobs is None else 2):
            return False
        from mlwa_lint.run.workers import can_fork, cores, share_out

        jobs = jobs or cores()
        if jobs == 1 or not can_fork():
            return False
        self._tell(waiting[0], self._report(waiting[0]))  # so that processes begin with all modules loaded
        gc.freeze()  # so that processes share what is there
        try:
            share_out(waiting[1:], self._packed, jobs, self._tell_packed)
        except OSError:
            return False  # no more processes to be had: the rest is done here
        finally:
            gc.unfreeze()
        return True

    def _packed(self, number: int) -> bytes:
        from mlwa_lint.run.packing import packed

        return packed(self._report(number))

    def _tell_packed(self, number: int, data: bytes | None) -> None:
        from mlwa_lint.run.packing import unpacked

        if data is None:
            error = RuleError("", self._given[number][0].path, "its process was ended from outside")
            self._tell(number, Report(errors=(error,)))
            return
        self._tell(number, unpacked(data)[0])

    def _report(self, number: int) -> Report:
        self._tidy()
        target, settings = self._given[number]
        if self._cache is None:
            return lint(target, settings)
        with recording() as probes:
            report = lint(target, settings)
        self._cache.keep(self._keys[number], report, probes)
        return report

    def _tidy(self) -> None:
        self._linted += 1
        if self._linted % COLLECTED_EVERY == 0 and not gc.isenabled():
            gc.collect()
            gc.freeze()  # what is left is there to stay, and need not be looked at again

    def _tell(self, number: int, report: Report) -> None:
        self._done[number] = report
        if self._progress is not None:
            self._progress(len(self._done), len(self._given))
