"""From a user's wishes to a result: configuration, rules, run, and what is to be reported of it."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.catalogue.registry import Registry, load_rules
from mlwa_lint.config.lookup import Configurations
from mlwa_lint.config.settings import Configuration, Settings, Threshold
from mlwa_lint.discovery.target import Target
from mlwa_lint.errors import UserError
from mlwa_lint.files.lines import Sources
from mlwa_lint.files.paths import project_folder, shown
from mlwa_lint.filters.result import Result
from mlwa_lint.filters.suppressions import UNUSED_SUPPRESSION, silence
from mlwa_lint.frontends.options import Json, LoadOptions
from mlwa_lint.model.findings import SEVERITIES, Finding, Severity
from mlwa_lint.rule import Rule
from mlwa_lint.run.pipeline import Report, RunSettings, merged, run, run_text
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.run.cache import Cache

STANDARD_INPUT = "-"


class Wishes(NamedTuple):
    """What a command line asks for; it goes before every configuration."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Severity | None = None
    fail_on: Threshold | None = None
    parameters: tuple[Path, ...] = ()
    variables: Mapping[str, Json] = {}
    var_files: tuple[Path, ...] = ()
    config: Path | None = None
    rules: tuple[str, ...] = ()
    jobs: int | None = None
    baseline: Path | None = None
    no_baseline: bool = False
    cache: bool = True

    def applied_to(self, settings: Settings) -> Settings:
        """The settings with these wishes: --select replaces choices, --ignore and values add up."""
        chosen = settings._replace(select=self.select, ignore=()) if self.select else settings
        return chosen._replace(
            ignore=(*chosen.ignore, *self.ignore),
            severity=self.severity or settings.severity,
            fail_on=self.fail_on or settings.fail_on,
            parameters=(*settings.parameters, *self.parameters),
            var_files=(*settings.var_files, *self.var_files),
            variables={**settings.variables, **self.variables},
        )


class Session:
    """The rules and settings of one command line."""

    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self.configurations = Configurations(wishes.config)
        self.configuration = self.configurations.of_run()
        self.sources = _distinct((*self.configuration.rules, *wishes.rules))
        self.registry = Registry((*load_rules(self.sources).rules, UNUSED_SUPPRESSION))
        self.of_several = False
        self._settings: dict[str, Settings] = {}
        self._rules: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[Rule, ...]] = {}
        self._codes: dict[str, frozenset[str]] = {}
        self._severities: dict[str, dict[str, Severity]] = {}
        self._projects: dict[Path, Path] = {}
        self._parameters: dict[tuple[Path, ...], Mapping[str, Json]] = {}
        self.rules_of(self.settings("."))  # says at once when a selector fits no rule

    def settings(self, path: str) -> Settings:
        """What holds for a path."""
        if path not in self._settings:
            self._settings[path] = self.wishes.applied_to(self.configurations.settings_for(path))
        return self._settings[path]

    def rules_of(self, settings: Settings) -> tuple[Rule, ...]:
        """The rules that settings select."""
        key = (settings.select, settings.ignore)
        if key not in self._rules:
            self._rules[key] = self.registry.select(*key)
        return self._rules[key]

    def rules_at(self, path: str) -> frozenset[str]:
        """The codes of the rules that hold for a path."""
        if path not in self._codes:
            self._codes[path] = frozenset(rule.code for rule in self.rules_of(self.settings(path)))
        return self._codes[path]

    def for_target(self, target: Target) -> RunSettings:
        """What a target is linted with."""
        return self.for_path(target.path)

    def for_path(self, path: str) -> RunSettings:
        """What a file or folder is linted with: also the rules that only some of its files select."""
        settings = self.settings(path)
        configuration = self.configurations.of(path)
        rules = list(self.rules_of(settings))
        for override in configuration.overrides:
            of_some = self.wishes.applied_to(override.applied_to(configuration.settings))
            rules += self.rules_of(of_some)
        load = LoadOptions(
            root=configuration.root or self._project(path),
            parameters=self._parameter_values(settings.parameters),
            variables=settings.variables,
            var_files=settings.var_files,
            environment_variables=configuration.environment_variables,
            parameters_shared=self.of_several,
        )
        return RunSettings(tuple(dict.fromkeys(rules)), load, settings.required_tags)

    def _project(self, path: str) -> Path:
        """The project that a path belongs to; files of one folder belong to the same."""
        at = Path(path)
        folder = at if at.is_dir() else at.parent
        if folder not in self._projects:
            self._projects[folder] = project_folder(folder)
        return self._projects[folder]

    def selected(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings of rules that hold at their place, with the severity that they have there."""
        return [
            self._weighed(finding) for finding in findings if finding.code in self.rules_at(finding.span.path)
        ]

    def shown(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings that are severe enough to be reported."""
        return [each for each in findings if _reaches(each.severity, self.settings(each.span.path).severity)]

    def _weighed(self, finding: Finding) -> Finding:
        severities = self.settings(finding.span.path).severities
        severity = self._severity_table(severities).get(finding.code) if severities else None
        return finding._replace(severity=severity) if severity else finding

    def fails(self, finding: Finding) -> bool:
        """Whether a finding makes the run fail."""
        threshold = self.settings(finding.span.path).fail_on
        return threshold != "never" and _reaches(finding.severity, threshold)

    def _severity_table(self, given: Mapping[str, Severity]) -> dict[str, Severity]:
        key = repr(given)
        if key not in self._severities:
            matched = [(self.registry.select([selector]), severity) for selector, severity in given.items()]
            matched.sort(key=lambda each: -len(each[0]))  # the more exact a selector, the later it speaks
            self._severities[key] = {rule.code: severity for rules, severity in matched for rule in rules}
        return self._severities[key]

    def _parameter_values(self, files: tuple[Path, ...]) -> Mapping[str, Json]:
        if not files:
            return {}
        if files not in self._parameters:
            from mlwa_lint.frontends.parameter_files import ParameterFileError, read_parameters

            values: dict[str, Json] = {}
            for file in files:
                try:
                    values.update(read_parameters(file))
                except ParameterFileError as error:
                    raise UserError(str(error)) from None
            self._parameters[files] = values
        return self._parameters[files]


def _distinct(sources: tuple[str, ...]) -> tuple[str, ...]:
    """Sources of rules without those that name the same file or folder in another way."""
    found: dict[str, str] = {}
    for source in sources:
        path = Path(source)
        found.setdefault(str(path.resolve()) if path.exists() else source, source)
    return tuple(found.values())


def _reaches(severity: Severity, threshold: Severity) -> bool:
    return SEVERITIES.index(severity) <= SEVERITIES.index(threshold)


class Linted(NamedTuple):
    """A result, and the exit code that it calls for."""

    result: Result
    sources: tuple[str, ...]
    failed: bool


def lint(
    session: Session,
    paths: Sequence[str],
    stdin_name: str,
    progress: Callable[[int, int], None] | None = None,
) -> Linted:
    """Lints paths, `-` being one template on standard input."""
    texts: dict[str, str] = {}
    reports = []
    on_disk = [path for path in paths if path != STANDARD_INPUT]
    session.of_several = len(paths) > 1 or any(Path(path).is_dir() for path in on_disk)
    if len(on_disk) < len(paths):
        name = shown(stdin_name)
        texts[name] = _standard_input()
        reports.append(run_text(texts[name], name, session.for_path(name)))
    if on_disk:
        jobs = session.wishes.jobs or session.configuration.jobs
        reports.append(run(on_disk, session.for_target, jobs, progress, _cache(session)))
    report = merged(reports) if len(reports) != 1 else reports[0]
    result = judge(session, report, texts)
    return Linted(result, report.sources, any(session.fails(finding) for finding in result.findings))


def _cache(session: Session) -> "Cache | None":
    if not session.wishes.cache:
        return None
    from mlwa_lint.run.cache import Cache, cache_folder

    folder = cache_folder()
    return None if folder is None else Cache(folder, session.sources)


def judge(session: Session, report: Report, texts: Mapping[str, str]) -> Result:
    """The user's wishes about what was found: selection, severities, suppressions, baseline."""
    undecided = [each for each in report.undecided if each.code in session.rules_at(each.span.path)]
    silenced = silence(
        session.selected(report.findings),
        undecided,
        Sources(texts),
        report.sources,
        {problem.path for problem in report.problems},
        session.registry,
        session.rules_at,
    )
    findings = session.shown([*silenced.open, *session.selected(silenced.unused)])
    findings.sort(key=lambda f: (f.span, f.code, f.address, f.message))
    baselined = None
    baseline = _baseline(session)
    if baseline is not None:
        from mlwa_lint.filters.baseline import read_baseline

        findings, baselined = read_baseline(baseline).split(findings)
    return Result(
        findings=tuple(findings),
        suppressed=tuple(session.shown(silenced.suppressed)),
        baselined=None if baselined is None else tuple(baselined),
        undecided=tuple(undecided),
        errors=report.errors,
        problems=report.problems,
        files=report.files,
        resources=report.resources,
        rules=session.rules_of(session.settings(".")),
        texts=texts,
    )


def _baseline(session: Session) -> Path | None:
    if session.wishes.no_baseline:
        return None
    return session.wishes.baseline or session.configuration.baseline


def _standard_input() -> str:
    buffer = getattr(sys.stdin, "buffer", None)
    data = sys.stdin.read() if buffer is None else buffer.read()
    return data if isinstance(data, str) else data.decode("utf-8-sig", errors="replace")


def unused_run_keys(session: Session) -> list[tuple[Configuration, list[str]]]:
    """Configurations of subfolders that say what only the working folder's may say."""
    found = []
    for configuration in session.configurations.seen():
        if configuration.path == session.configuration.path:
            continue
        keys = [key for key in ("rules", "format", "baseline", "jobs") if getattr(configuration, key)]
        if keys:
            found.append((configuration, keys))
    return found
