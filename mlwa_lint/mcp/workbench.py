"""Lints below one root for the tools, within limits of size and time, and never outside of the root."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.discovery.search import discover
from mlwa_lint.discovery.target import Target
from mlwa_lint.engine.check import Outcome, check
from mlwa_lint.errors import UserError
from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import overlaid
from mlwa_lint.filters.apply import apply_filters
from mlwa_lint.filters.result import Covered, Result
from mlwa_lint.fixes import Fix, choices_of, propose
from mlwa_lint.fixes.rounds import Settled, settle
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.model.report import Report, merged
from mlwa_lint.model.secrets import Secrets
from mlwa_lint.run.evaluation import TargetEvaluation, evaluate
from mlwa_lint.run.pipeline import Linted, lint
from mlwa_lint.run.session import Session
from mlwa_lint.run.settings import RunSettings
from mlwa_lint.run.veil import veiled
from mlwa_lint.startup.records import NamedTuple

TEXT_LIMIT = 2_000_000
PATHS_LIMIT = 200
TARGETS_LIMIT = 500
SECONDS_LIMIT = 60.0


class Late(BaseException):
    """The time of a response is over; no Exception, so that nothing swallows it."""


class LintedPaths(NamedTuple):
    """What a tool works with. complete: whether everything was read within the limits."""

    result: Result
    evaluated: tuple[TargetEvaluation, ...]
    complete: bool


class Repaired(NamedTuple):
    """Fixes for one file: those that were proposed, and the result of making the wanted ones."""

    linted: Linted
    fixes: tuple[Fix, ...]
    settled: Settled


class _Confined(Session):
    """A session under which front ends read nothing outside of a root either."""

    def __init__(self, command_line: CommandLine, root: Path) -> None:
        super().__init__(command_line)
        self._within = root
        self.of_several = True

    def for_path(self, path: str) -> RunSettings:
        settings = super().for_path(path)
        root = settings.load.root
        if root is not None and inside(root, self._within) is not None:
            return settings
        return settings._replace(load=settings.load._replace(root=self._within))


class Workbench:
    """The root of a server, and the rules and settings of its command line."""

    def __init__(self, root: str, command_line: CommandLine) -> None:
        """Makes the root the working folder. Raises UserError for one that is not a folder."""
        if not Path(root).is_dir():
            raise UserError(f"--root {root}: no such folder")
        self.root = Path(os.path.realpath(root))
        os.chdir(self.root)
        # Nothing is written, and no processes are forked from one that serves.
        self._command_line = command_line._replace(cache=False, jobs=1)
        self.session = self._session()

    def lint_paths(
        self, paths: Sequence[str], text: str | None = None, lenses: tuple[str, ...] | None = None
    ) -> LintedPaths:
        """Lints files and folders, or a text in place of the one file that is named.

        Raises UserError for paths outside of the root, and for what is larger than the limits.
        """
        self.session = self._session(lenses)
        names = [self._named(path) for path in paths[: PATHS_LIMIT + 1]]
        if len(names) > PATHS_LIMIT:
            raise UserError(f"more than {PATHS_LIMIT} paths", "name the directory that contains them")
        with self._text_at(names[0] if names else "", text):
            return self._linted(names)

    def repair(self, path: str, wanted: Callable[[Fix], bool], text: str | None = None) -> Repaired:
        """Makes the wanted fixes of one file, in memory. Raises UserError as `look` does, and out of time."""
        self.session = self._session()
        name = self._named(path)
        deadline = time.monotonic() + SECONDS_LIMIT

        def wanted_in_time(fix: Fix) -> bool:
            if time.monotonic() > deadline:
                raise UserError("it takes too long to prove the fixes", "name a rule, or a resource")
            return wanted(fix)

        with self._text_at(name, text):
            linted = lint(self.session, [name], "")
            fixes = tuple(propose(linted.result.findings, choices_of(self.session)))
            return Repaired(linted, fixes, settle(self.session, [name], linted, wanted_in_time))

    @contextmanager
    def _text_at(self, name: str, text: str | None) -> Iterator[None]:
        """Reads a text in place of a file."""
        if text is None:
            yield
            return
        if len(text) > TEXT_LIMIT:
            raise UserError(f"the text is larger than {TEXT_LIMIT // 1_000_000} MB")
        if os.path.isdir(name):  # noqa: PTH112
            # The text would be read by no one, and the directory's findings taken for the text's.
            raise UserError(f"{name} is a directory", "name the file where the text would be saved")
        with overlaid({os.path.realpath(name): text.encode("utf-8", "surrogatepass")}):
            yield

    def _session(self, lenses: tuple[str, ...] | None = None) -> Session:
        """A session that reads the configuration as it is now."""
        chosen = self._command_line if lenses is None else self._command_line._replace(lenses=lenses)
        return _Confined(chosen, self.root)

    def _named(self, path: str) -> str:
        if inside(Path(path), self.root) is None:
            raise UserError(f"outside of the root, and so not read: {path[:200]}")
        return shown(path)

    def _linted(self, names: Sequence[str]) -> LintedPaths:
        deadline = time.monotonic() + SECONDS_LIMIT
        found = discover(names, self.session.choice)
        evaluated: list[TargetEvaluation] = []
        complete = len(found.targets) <= TARGETS_LIMIT
        try:
            for target in found.targets[:TARGETS_LIMIT]:
                evaluated += self._evaluated(target, deadline)
            read = {source for each in evaluated for source in each.report.sources}
            for target in found.children:
                if not any(str(Path(source).parent) == target.path for source in read):
                    evaluated += self._evaluated(target, deadline)
        except Late:
            complete = False
        alone = veiled(Report(problems=found.problems), Secrets())
        report = merged([alone, *(each.report for each in evaluated)])
        return LintedPaths(self._filtered(report, names), tuple(evaluated), complete)

    def _evaluated(self, target: Target, deadline: float) -> Iterator[TargetEvaluation]:
        settings = self.session.for_target(target)
        if settings is None:
            return

        def end_in_time() -> None:
            if time.monotonic() > deadline:
                raise Late

        def check_kept(graph: ResourceGraph, given: RunSettings) -> Outcome:
            return check(graph, given.rules, given.required_tags, given.scope, before_each=end_in_time)

        yield evaluate(target, settings, check_kept)

    def _filtered(self, report: Report, names: Sequence[str]) -> Result:
        policy = self.session.policy
        covered = Covered(tuple(names), frozenset(report.sources), frozenset(), policy.rules_at)
        inline = self._command_line.inline_suppressions
        return apply_filters(report, policy, self.session.baseline, covered, {}, inline)
