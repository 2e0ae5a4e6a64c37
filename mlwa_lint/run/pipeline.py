"""One run, stage by stage: discover, load, link, check, filter. Reporters take the result from here."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from mlwa_lint.discovery.choice import EVERYTHING, FileSelection
from mlwa_lint.discovery.search import discover
from mlwa_lint.discovery.target import Target
from mlwa_lint.files.endings import sharing
from mlwa_lint.files.paths import shown
from mlwa_lint.filters.apply import apply_filters
from mlwa_lint.filters.result import Covered, Result
from mlwa_lint.model.report import Report, merged
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.secrets import Secrets
from mlwa_lint.run.elsewhere import left_open
from mlwa_lint.run.evaluation import evaluate, evaluate_text
from mlwa_lint.run.schedule import ProgressCallback, Schedule
from mlwa_lint.run.session import Session
from mlwa_lint.run.settings import RunSettings
from mlwa_lint.run.veil import veiled
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.run.cache import Cache

STANDARD_INPUT = "-"


class PartialResult(NamedTuple):
    """The result for one target; without a target, what concerns the run as a whole, or a text."""

    report: Report
    target: Target | None = None


class Linted(NamedTuple):
    """A result, the files that were read for it, whether it makes the run fail, and what it is about.

    parts: what each target came to, before suppressions, baseline and policy.
    """

    result: Result
    sources: tuple[str, ...]
    failed: bool
    covered: Covered
    parts: tuple[PartialResult, ...] = ()


def lint(
    session: Session, paths: Sequence[str], stdin_name: str = "", progress: ProgressCallback | None = None
) -> Linted:
    """Lints paths, `-` being one text on standard input, and filters what is found.

    stdin_name: the name of that text; by default it is recognised by its content.
    """
    texts: dict[str, str] = {}
    parts: list[PartialResult] = []
    on_disk = [path for path in paths if path != STANDARD_INPUT]
    session.named = tuple(on_disk)
    session.of_several = len(paths) > 1 or any(Path(path).is_dir() for path in on_disk)
    if len(on_disk) < len(paths):
        from mlwa_lint.run import standard_input

        text = standard_input.read()
        name = shown(stdin_name or standard_input.name_of(text))
        texts[name] = text
        parts.append(PartialResult(lint_text(texts[name], name, session.for_path(name))))
    if on_disk:
        jobs = session.command_line.jobs or session.configuration.jobs
        since = session.command_line.since
        changed = None if since is None else _changed_since(since)
        given = session.command_line.variables if session.of_several else ()
        cache = _cache(session)
        parts += lint_parts(
            on_disk, session.for_target, jobs, progress, cache, session.choice, changed, given
        )
    return filtered(session, paths, parts, texts)


def filtered(
    session: Session, paths: Sequence[str], parts: Sequence[PartialResult], texts: Mapping[str, str]
) -> Linted:
    """What the user's settings leave of what was found. texts: sources that are not files, by name."""
    report = merged([part.report for part in parts])
    unread = frozenset(problem.path for problem in report.problems if problem.fatal)
    covered = Covered(paths, frozenset(report.sources), unread, session.policy.rules_at)
    inline = session.command_line.inline_suppressions
    result = apply_filters(report, session.policy, session.baseline, covered, texts, inline)
    failed = any(session.policy.fails(finding) for finding in result.findings)
    return Linted(result, report.sources, failed, covered, tuple(parts))


def lint_paths(
    paths: Sequence[str],
    settings_for: Callable[[Target], RunSettings | None],
    jobs: int | None = None,
    progress: ProgressCallback | None = None,
    cache: "Cache | None" = None,
    choice: FileSelection = EVERYTHING,
    changed: Collection[str] | None = None,
    variables: Collection[str] = (),
) -> Report:
    """Lints everything below some paths.

    jobs:     how many targets are linted at a time; by default as many as there are processors, where
              there are several targets.
    progress: called with how many targets of how many are done.
    changed:  real paths; then only targets that were read from one of them are reported.
    variables: names of Terraform variables that some configuration should declare.
    """
    parts = lint_parts(paths, settings_for, jobs, progress, cache, choice, changed, variables)
    return merged([part.report for part in parts])


def lint_parts(
    paths: Sequence[str],
    settings_for: Callable[[Target], RunSettings | None],
    jobs: int | None = None,
    progress: ProgressCallback | None = None,
    cache: "Cache | None" = None,
    choice: FileSelection = EVERYTHING,
    changed: Collection[str] | None = None,
    variables: Collection[str] = (),
) -> list[PartialResult]:
    """Lints everything below some paths, target by target; see `lint_paths`."""
    found = discover(paths, choice)
    parts = [PartialResult(veiled(Report(problems=found.problems), Secrets()))]
    with sharing():
        parts += _linted(found.targets, settings_for, progress, cache, jobs)
        while unread := _unread(found.children, [part.report for part in parts]):
            parts += _linted(unread, settings_for, progress, cache, jobs)
    opened = left_open([part.report for part in parts], _projects(found.targets, settings_for))
    parts = [part._replace(report=report) for part, report in zip(parts, opened, strict=True)]
    if changed is not None:
        from mlwa_lint.discovery.changes import touches

        parts = [each for each in parts if touches(each.report.sources, changed)]
    if variables:
        parts.append(PartialResult(Report(problems=_undeclared(found.targets, variables))))
    return parts


def lint_target(target: Target, settings: RunSettings) -> Report:
    """Lints one target. An internal failure is an error of that target, and not the end of the run."""
    return evaluate(target, settings).report


def lint_text(text: str, name: str, settings: RunSettings) -> Report:
    """Lints one template that was handed over as text."""
    return evaluate_text(text, name, settings).report


def _projects(
    targets: Iterable[Target], settings_for: Callable[[Target], RunSettings | None]
) -> Callable[[str], Path | None]:
    """Which project a target belongs to, by its path."""
    by_path = {each: target for target in targets for each in (*target.beside, *target.linked)}
    by_path |= {target.path: target for target in targets}

    def project_of(path: str) -> Path | None:
        target = by_path.get(path)
        settings = None if target is None else settings_for(target)
        root = None if settings is None else settings.load.root
        if root is None:
            return None
        from mlwa_lint.files.own import own_root  # only where stacks have to do with one another

        return own_root(root, Path(path))

    return project_of


def _linted(
    targets: Iterable[Target],
    settings_for: Callable[[Target], RunSettings | None],
    progress: ProgressCallback | None,
    cache: "Cache | None",
    jobs: int | None,
) -> list[PartialResult]:
    given = [(target, settings) for target in targets if (settings := settings_for(target)) is not None]
    reports = Schedule(lint_target, given, progress, cache).reports(jobs)
    return [PartialResult(report, target) for (target, _), report in zip(given, reports, strict=True)]


def _unread(children: Iterable[Target], reports: Iterable[Report]) -> list[Target]:
    """The modules whose callers did not read them (`count = 0`, nested too deeply): they are linted
    alone, and through them what they call.
    """
    read = {PurePosixPath(source).parent.as_posix() for report in reports for source in report.sources}
    unread = [child for child in children if child.path not in read]
    paths = {child.path for child in unread}
    outermost = [child for child in unread if not paths & set(child.beside)]
    return outermost or unread


def _changed_since(reference: str) -> Collection[str]:
    from mlwa_lint.discovery.changes import changed_since

    return changed_since(reference)


def _cache(session: Session) -> "Cache | None":
    if not session.command_line.cache:
        return None
    from mlwa_lint.run.cache import SIZE_LIMIT, Cache, cache_folder

    folder = cache_folder()
    size = session.configuration.cache_size
    limit = SIZE_LIMIT if size is None else size * 1_000_000
    return None if folder is None else Cache(folder, session.sources, limit)


def _undeclared(targets: Sequence[Target], variables: Collection[str]) -> tuple[Problem, ...]:
    """Whether some configuration declares each variable that the command line gives."""
    from mlwa_lint.run.undeclared import undeclared

    return tuple(undeclared(targets, variables))
