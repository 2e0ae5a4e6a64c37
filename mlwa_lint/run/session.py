"""What one command line works with: its configuration, its rules, and the settings of each target."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlwa_lint.catalogue.registry import Registry, load_rules
from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.config.lookup import Configurations
from mlwa_lint.config.settings import Configuration, Settings
from mlwa_lint.discovery.choice import FileSelection, Patterns
from mlwa_lint.discovery.target import Target
from mlwa_lint.errors import UserError
from mlwa_lint.filters.policy import Policy
from mlwa_lint.filters.suppressions import UNUSED_SUPPRESSION
from mlwa_lint.frontends.options import Json, LoadOptions
from mlwa_lint.rule import Rule
from mlwa_lint.run.settings import RunSettings


class Session:
    """The rules and settings of one command line."""

    def __init__(
        self,
        command_line: CommandLine,
        configurations: Configurations | None = None,
        registry: Registry | None = None,
    ) -> None:
        """configurations: where they are not found in the usual way. registry: rules loaded before."""
        self.command_line = command_line
        self.configurations = configurations or Configurations(command_line.config)
        self.configuration = self.configurations.of_run()
        self.sources = _distinct((*self.configuration.rules, *command_line.rules))
        self.validate = command_line.validate or self.configuration.validate
        known, further = registry or every_rule(self.sources), self._cfn_lint_rules()
        self.registry = type(known)((*known.rules, *further)) if further else known
        self.policy = Policy(command_line, self.configurations, self.registry, self.root_of)
        self.of_several = False
        self.named: tuple[str, ...] = ()  # the paths of the command line
        self.outlines = False  # whether reports draw the graph
        self._projects: dict[str, Path] = {}
        self._alike: dict[tuple[int, int, Path], RunSettings] = {}
        self._parameters: dict[tuple[Path, ...], Mapping[str, Json]] = {}
        self.policy.rules_of(self.policy.settings("."))  # reports at once a selector that fits no rule

    def for_target(self, target: Target) -> RunSettings | None:
        """What a target is linted with; None for a program where the configuration leaves these out."""
        if target.kind == "python" and not self.policy.settings(target.path).python:
            return None
        return self.for_path(target.path)

    def for_path(self, path: str) -> RunSettings:
        """What a file or folder is linted with: also the rules that only some of its files select."""
        settings = self.policy.settings(path)
        configuration = self.configurations.of(path)
        root = self.root_of(path)
        key = (id(settings), id(configuration), root)
        if key not in self._alike:
            self._alike[key] = self._settings(settings, configuration, root)
        return self._alike[key]

    def root_of(self, path: str) -> Path:
        """The folder of the project that a path belongs to."""
        return self.configurations.of(path).root or self._project(path)

    def _settings(self, settings: Settings, configuration: Configuration, root: Path) -> RunSettings:
        rules = list(self.policy.rules_of(settings))
        for override in configuration.overrides:
            of_some = self.command_line.applied_to(override.applied_to(configuration.settings))
            rules += self.policy.rules_of(of_some)
        load = LoadOptions(
            root=root,
            parameters=self._parameter_values(settings.parameters),
            variables=settings.variables,
            var_files=settings.var_files,
            environment_variables=configuration.environment_variables,
            parameters_shared=self.of_several,
            module_limit=settings.module_limit,
            operated=settings.operated,
            sagemaker_config=settings.sagemaker_config,
        )
        chosen = tuple(dict.fromkeys(rules))
        return RunSettings(chosen, load, settings.required_tags, settings.scope, self.validate, self.outlines)

    def _cfn_lint_rules(self) -> tuple[Rule, ...]:
        if not self.validate:
            return ()
        from mlwa_lint.run.validation import cfn_lint_rules

        return cfn_lint_rules()

    @property
    def choice(self) -> FileSelection:
        """Which files are left out, and how those that are named are taken."""
        stated = (
            Patterns(str(self.configuration.folder), self.configuration.exclude),
            Patterns(".", self.command_line.exclude),
        )
        return FileSelection(tuple(each for each in stated if each.patterns), self.command_line.from_hook)

    @property
    def baseline(self) -> Path | None:
        """The baseline in use, None where there is none."""
        if self.command_line.no_baseline:
            return None
        return self.command_line.baseline or self.configuration.baseline

    def _project(self, path: str) -> Path:
        """The project that a path belongs to; files of one folder belong to the same."""
        folder = path if os.path.isdir(path) else os.path.dirname(path)  # noqa: PTH112, PTH120 - for many
        folder = folder or "."
        if folder not in self._projects:
            found = self.configurations.of(folder)
            configured = None if found.path is None else found.folder
            self._projects[folder] = self.configurations.folders.project(folder, self.named, configured)
        return self._projects[folder]

    def _parameter_values(self, files: tuple[Path, ...]) -> Mapping[str, Json]:
        if not files:
            return {}
        if files not in self._parameters:
            from mlwa_lint.frontends.cloudformation.parameter_files import ParameterFileError, read_parameters

            values: dict[str, Json] = {}
            for file in files:
                try:
                    values.update(read_parameters(file))
                except ParameterFileError as error:
                    raise UserError(str(error)) from None
            self._parameters[files] = values
        return self._parameters[files]


def every_rule(sources: Sequence[str] = ()) -> Registry:
    """All rules: those of installed packages, of some folders, files and modules, and the run's own.

    Raises RuleSourceError.
    """
    return Registry((UNUSED_SUPPRESSION,), load_rules(sources).rules)


def _distinct(sources: tuple[str, ...]) -> tuple[str, ...]:
    """Sources of rules without those that name the same file or folder in another way."""
    found: dict[str, str] = {}
    for source in sources:
        path = Path(source)
        found.setdefault(str(path.resolve()) if path.exists() else source, source)
    return tuple(found.values())


_OF_RUN = ("rules", "format", "baseline", "jobs", "exclude", "validate", "fix")


def unused_run_keys(session: Session) -> list[tuple[Configuration, list[str]]]:
    """Configurations of subfolders with settings that only the working folder's may have."""
    found = []
    for configuration in session.configurations.seen():
        if configuration.path == session.configuration.path:
            continue
        keys = [key for key in _OF_RUN if getattr(configuration, key)]
        if keys:
            found.append((configuration, keys))
    return found
