"""Which rules apply at a path, how severe their findings are there, and which of them are reported."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from mlwa_lint.catalogue.registry import Registry
from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.config.lookup import Configurations
from mlwa_lint.config.settings import Settings
from mlwa_lint.files import PROGRAMS
from mlwa_lint.model.findings import SEVERITIES, Finding, Severity, Undecided
from mlwa_lint.rule import Rule

_TAGS = "Tags"


class Policy:
    """The settings of a run, path by path."""

    def __init__(
        self,
        command_line: CommandLine,
        configurations: Configurations,
        registry: Registry,
        root_of: Callable[[str], Path],
    ) -> None:
        """root_of: the folder of the project that a path belongs to."""
        self.registry = registry
        self._root_of = root_of
        self._command_line = command_line
        self._configurations = configurations
        self._settings: dict[str, Settings] = {}
        self._alike: dict[tuple[int, ...], Settings] = {}
        self._rules: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[Rule, ...]] = {}
        self._codes: dict[tuple[tuple[str, ...], tuple[str, ...]], frozenset[str]] = {}
        self._severities: dict[str, dict[str, Severity]] = {}
        self._of_project = frozenset(each.code for each in registry.rules if each.project_check is not None)

    def settings(self, path: str) -> Settings:
        """What holds for a path."""
        if path not in self._settings:
            configuration = self._configurations.of(path)
            # Paths to which the same overrides of the same file apply have the same settings.
            key = (id(configuration), *map(id, configuration.overrides_for(path)))
            if key not in self._alike:
                self._alike[key] = self._command_line.applied_to(configuration.settings_for(path))
            self._settings[path] = self._alike[key]
        return self._settings[path]

    def rules_of(self, settings: Settings) -> tuple[Rule, ...]:
        """The rules that settings select."""
        key = (settings.select, settings.ignore)
        if key not in self._rules:
            self._rules[key] = self._of_lenses(self.registry.select(*key))
        return self._rules[key]

    def _of_lenses(self, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        lenses = self._command_line.lenses
        if not lenses:
            return rules
        from mlwa_lint.catalogue.lens import is_about

        return tuple(each for each in rules if is_about(each.practices, lenses))

    def rules_at(self, path: str) -> frozenset[str]:
        """The codes of the rules that hold for a path."""
        settings = self.settings(path)
        key = (settings.select, settings.ignore)
        if key not in self._codes:
            self._codes[key] = frozenset(rule.code for rule in self.rules_of(settings))
        return self._codes[key]

    def selected(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings of rules that hold at their place, with the severity that they have there."""
        return [
            self._weighed(finding) for finding in findings if finding.code in self.rules_at(finding.span.path)
        ]

    def shown(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings that are severe enough to be reported; what makes a run fail always is."""
        return [
            each
            for each in findings
            if _reaches(each.severity, self.settings(each.span.path).severity)
            or (each.severity == "info" and self.fails(each))
        ]

    def fails(self, finding: Finding) -> bool:
        """Whether a finding makes the run fail."""
        return self._fails(finding.severity, finding.span.path)

    def is_shown_if_found(self, undecided: Undecided) -> bool:
        """Whether what is undecided would be reported if it were a finding."""
        path = undecided.span.path
        severities = self.settings(path).severities
        given = self._severity_table(severities).get(undecided.code) if severities else None
        severity = given or undecided.severity
        reaches = _reaches(severity, self.settings(path).severity)
        return reaches or (severity == "info" and self._fails(severity, path))

    def _fails(self, severity: Severity, path: str) -> bool:
        threshold = self.settings(path).fail_on
        return threshold != "never" and _reaches(severity, threshold)

    def project_of(self, finding: Finding) -> str | None:
        """The project that a finding is about as a whole; None where it is about a resource.

        Of programs, each of which is a project of its own, all belong to one; and what has no tags is one
        for all stacks and configurations of a repository, as whoever pays decides on tags for all of them.
        Resources without a required tag are reported each.
        """
        if finding.of_account:
            return self.repository_of(finding.span.path)
        if finding.code not in self._of_project or self.settings(finding.span.path).required_tags:
            return None
        if finding.root.endswith(PROGRAMS):
            return ""
        return self.repository_of(finding.span.path) if finding.property == _TAGS else None

    def repository_of(self, path: str) -> str:
        """The folder of the repository that a path is in, for which an account's settings count once."""
        return str(self._root_of(path))

    def _weighed(self, finding: Finding) -> Finding:
        severities = self.settings(finding.span.path).severities
        severity = self._severity_table(severities).get(finding.code) if severities else None
        return finding._replace(severity=severity, lowered=None) if severity else finding

    def _severity_table(self, given: Mapping[str, Severity]) -> dict[str, Severity]:
        key = repr(given)
        if key not in self._severities:
            matched = [(self.registry.select([selector]), severity) for selector, severity in given.items()]
            matched.sort(key=lambda each: -len(each[0]))  # the more specific a selector, the later it applies
            self._severities[key] = {rule.code: severity for rules, severity in matched for rule in rules}
        return self._severities[key]


def _reaches(severity: Severity, threshold: Severity) -> bool:
    return SEVERITIES.index(severity) <= SEVERITIES.index(threshold)
