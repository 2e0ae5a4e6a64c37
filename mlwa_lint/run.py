"""One run: from paths to everything that there is to report."""

from collections.abc import Callable, Iterable, Sequence

from mlwa_lint.discovery import Target, discover
from mlwa_lint.engine import Settings, check
from mlwa_lint.findings import Finding, RuleError, Undecided
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.loading import load, load_text
from mlwa_lint.model.resources import Problem, Project
from mlwa_lint.rule import Rule
from mlwa_lint.tuples import NamedTuple


class RunSettings(NamedTuple):
    """What holds for one target: rules, values from outside, required tag keys."""

    rules: tuple[Rule, ...]
    load: LoadOptions
    required_tags: tuple[str, ...] = ()


class Report(NamedTuple):
    """What a run found, in a fixed order.

    errors are failures of rules; problems are inputs that could not be read or understood.
    """

    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    errors: tuple[RuleError, ...] = ()
    problems: tuple[Problem, ...] = ()
    resources: int = 0
    sources: tuple[str, ...] = ()

    @property
    def files(self) -> int:
        """How many source files were read."""
        return len(self.sources)


def run(
    paths: Sequence[str],
    settings_for: Callable[[Target], RunSettings],
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Lints everything below some paths. `progress` is told how many targets of how many are done."""
    found = discover(paths)
    reports = [Report(problems=found.problems)]
    for position, target in enumerate(found.targets, start=1):
        reports.append(lint(target, settings_for(target)))
        if progress is not None:
            progress(position, len(found.targets))
    return merged(reports)


def run_text(text: str, name: str, settings: RunSettings) -> Report:
    """Lints one template that was handed over as text."""
    return _checked(load_text(text, name, settings.load), settings)


def lint(target: Target, settings: RunSettings) -> Report:
    """Lints one target."""
    return _checked(load(target, settings.load), settings)


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


def merged(reports: Sequence[Report]) -> Report:
    """Several reports as one; what two of them say (a shared module, a nested stack) is said once."""
    findings = dict.fromkeys(f for report in reports for f in report.findings)
    undecided = dict.fromkeys(u for report in reports for u in report.undecided)
    return Report(
        findings=tuple(sorted(findings, key=lambda f: (f.span, f.code, f.address, f.message))),
        undecided=tuple(sorted(undecided, key=lambda u: (u.span, u.code, u.address))),
        errors=tuple(dict.fromkeys(e for report in reports for e in report.errors)),
        problems=tuple(sorted({p for report in reports for p in report.problems})),
        resources=sum(report.resources for report in reports),
        sources=tuple(dict.fromkeys(s for report in reports for s in report.sources)),
    )
