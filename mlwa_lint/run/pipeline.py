"""One run, stage by stage: discover, load, link, check, filter. Reporters take the result from here."""

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from mlwa_lint.discovery.changes import changed_since, touches
from mlwa_lint.discovery.choice import EVERYTHING, Choice
from mlwa_lint.discovery.search import discover
from mlwa_lint.discovery.target import Target
from mlwa_lint.engine.check import Outcome, check
from mlwa_lint.files.paths import shown
from mlwa_lint.filters.apply import apply_filters
from mlwa_lint.filters.baseline import Covered
from mlwa_lint.filters.result import Result
from mlwa_lint.graph.linking.link import link
from mlwa_lint.graph.queries.outside import outside
from mlwa_lint.model.budget import Budget, for_target
from mlwa_lint.model.findings import Finding, RuleError, Scope
from mlwa_lint.model.report import Report, merged
from mlwa_lint.model.resources import Problem, Project, notice
from mlwa_lint.model.secrets import Secrets, collecting
from mlwa_lint.rule import Rule
from mlwa_lint.run.elsewhere import left_open
from mlwa_lint.run.loading import load, load_text
from mlwa_lint.run.schedule import Progress, Schedule
from mlwa_lint.run.session import Session
from mlwa_lint.run.settings import RunSettings
from mlwa_lint.run.veil import note_given, note_values, veiled
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.run.cache import Cache

STANDARD_INPUT = "-"


class Linted(NamedTuple):
    """A result, the files that were read for it, whether it makes the run fail, and what it is about."""

    result: Result
    sources: tuple[str, ...]
    failed: bool
    covered: Covered


def lint(session: Session, paths: Sequence[str], stdin_name: str, progress: Progress | None = None) -> Linted:
    """Lints paths, `-` being one template on standard input, and filters what is found."""
    texts: dict[str, str] = {}
    reports = []
    on_disk = [path for path in paths if path != STANDARD_INPUT]
    session.of_several = len(paths) > 1 or any(Path(path).is_dir() for path in on_disk)
    if len(on_disk) < len(paths):
        name = shown(stdin_name)
        texts[name] = _standard_input()
        reports.append(lint_text(texts[name], name, session.for_path(name)))
    if on_disk:
        jobs = session.command_line.jobs or session.configuration.jobs
        since = session.command_line.since
        changed = None if since is None else changed_since(since)
        given = session.command_line.variables if session.of_several else ()
        cache = _cache(session)
        reports.append(
            lint_paths(on_disk, session.for_target, jobs, progress, cache, session.choice, changed, given)
        )
    report = merged(reports) if len(reports) != 1 else reports[0]
    unread = frozenset(problem.path for problem in report.problems if problem.fatal)
    covered = Covered(paths, frozenset(report.sources), unread, session.policy.rules_at)
    inline = session.command_line.inline_suppressions
    result = apply_filters(report, session.policy, session.baseline, covered, texts, inline)
    failed = any(session.policy.fails(finding) for finding in result.findings)
    return Linted(result, report.sources, failed, covered)


def lint_paths(
    paths: Sequence[str],
    settings_for: Callable[[Target], RunSettings | None],
    jobs: int | None = None,
    progress: Progress | None = None,
    cache: "Cache | None" = None,
    choice: Choice = EVERYTHING,
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
    found = discover(paths, choice)
    reports = [veiled(Report(problems=found.problems), Secrets())]
    reports += _scheduled(found.targets, settings_for, progress, cache).reports(jobs)
    while unread := _unread(found.children, reports):
        reports += _scheduled(unread, settings_for, progress, cache).reports(jobs)
    reports = left_open(reports, _projects(found.targets, settings_for))
    if changed is not None:
        reports = [each for each in reports if touches(each.sources, changed)]
    if variables:
        reports.append(Report(problems=_undeclared(found.targets, variables)))
    return merged(reports)


def lint_target(target: Target, settings: RunSettings) -> Report:
    """Lints one target. A failure of ours is an error of that target, and not the end of the run."""
    with for_target() as budget, collecting() as own:
        try:
            projects = load(target, settings.load)
            report = _checked(projects, settings, own)
            return merged((report, Report(problems=_beyond(budget, target.path)))) if budget.told else report
        except OSError as error:
            problem = Problem(target.path, 1, f"cannot be read: {error.strerror or error}")
            return veiled(Report(problems=(problem,)), own)
        except Exception as error:  # noqa: BLE001 - a bug of ours must not hide what is found elsewhere
            failure = RuleError("", target.path, f"{type(error).__name__}: {error}")
            return veiled(Report(errors=(failure,)), own)


def lint_text(text: str, name: str, settings: RunSettings) -> Report:
    """Lints one template that was handed over as text."""
    with for_target(), collecting() as own:
        return _checked(load_text(text, name, settings.load), settings, own, {name: text})


def _beyond(budget: Budget, path: str) -> tuple[Problem, ...]:
    """What a target asked for beyond its budget: those values are not known."""
    return tuple(notice(path, 1, f"{reason}; what goes beyond is not looked at") for reason in budget.told)


def _checked(
    projects: Sequence[Project], settings: RunSettings, own: Secrets, texts: Mapping[str, str] | None = None
) -> Report:
    note_given(own, settings.load)
    report = merged([_report(project, settings, texts or {}) for project in projects])
    note_values(own, projects)
    return veiled(report, own, texts)


def _projects(
    targets: Iterable[Target], settings_for: Callable[[Target], RunSettings | None]
) -> Callable[[str], Path | None]:
    """Which project a target belongs to, by its path."""
    by_path = {target.path: target for target in targets}

    def project_of(path: str) -> Path | None:
        target = by_path.get(path)
        settings = None if target is None else settings_for(target)
        return None if settings is None else settings.load.root

    return project_of


def check_project(
    project: Project, rules: Sequence[Rule], required_tags: tuple[str, ...] = (), scope: Scope = "ml"
) -> Outcome:
    """What some rules find in an evaluated project: links its resources and checks the graph."""
    return check(link(project), rules, required_tags, scope)


def _report(project: Project, settings: RunSettings, texts: Mapping[str, str]) -> Report:
    graph = link(project)
    outcome = check(graph, settings.rules, settings.required_tags, settings.scope)
    findings: tuple[Finding, ...] = outcome.findings
    problems = (*project.problems, *outcome.problems)
    if settings.validate:
        from mlwa_lint.run.validation import validated

        codes = {rule.code for rule in settings.rules}
        more = validated(graph, settings.scope, codes, findings, texts)
        findings, problems = (*findings, *more.findings), (*problems, *more.problems)
    return Report(
        findings=findings,
        undecided=outcome.undecided,
        errors=outcome.errors,
        problems=problems,
        resources=outcome.resources,
        sources=project.sources,
        lasting=not outcome.problems,
        checked=outcome.checked,
        outside=tuple(outside(graph)),
    )


def _scheduled(
    targets: Iterable[Target],
    settings_for: Callable[[Target], RunSettings | None],
    progress: Progress | None,
    cache: "Cache | None",
) -> Schedule:
    given = [(target, settings) for target in targets if (settings := settings_for(target)) is not None]
    return Schedule(lint_target, given, progress, cache)


def _unread(children: Iterable[Target], reports: Iterable[Report]) -> list[Target]:
    """The modules whose callers did not come to read them (`count = 0`, nested too deeply): they are linted
    alone, and through them what they call.
    """
    read = {PurePosixPath(source).parent.as_posix() for report in reports for source in report.sources}
    unread = [child for child in children if child.path not in read]
    paths = {child.path for child in unread}
    outermost = [child for child in unread if not paths & set(child.beside)]
    return outermost or unread


def _cache(session: Session) -> "Cache | None":
    if not session.command_line.cache:
        return None
    from mlwa_lint.run.cache import SIZE_LIMIT, Cache, cache_folder

    folder = cache_folder()
    size = session.configuration.cache_size
    limit = SIZE_LIMIT if size is None else size * 1_000_000
    return None if folder is None else Cache(folder, session.sources, limit)


def _standard_input() -> str:
    buffer = getattr(sys.stdin, "buffer", None)
    data = sys.stdin.read() if buffer is None else buffer.read()
    return data if isinstance(data, str) else data.decode("utf-8-sig", errors="replace")


def _undeclared(targets: Sequence[Target], variables: Collection[str]) -> tuple[Problem, ...]:
    """Whether some configuration declares each variable that the command line gives."""
    from mlwa_lint.run.undeclared import undeclared

    return tuple(undeclared(targets, variables))
