"""The options of a command line; they take precedence over every configuration file."""

from collections.abc import Mapping
from pathlib import Path

from mlwa_lint.config.settings import Settings, Threshold
from mlwa_lint.frontends.options import Json
from mlwa_lint.model.findings import Scope, Severity
from mlwa_lint.startup.records import NamedTuple


class CommandLine(NamedTuple):
    """The options of one command line."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Severity | None = None
    fail_on: Threshold | None = None
    scope: Scope | None = None
    parameters: tuple[Path, ...] = ()
    variables: Mapping[str, Json] = {}
    var_files: tuple[Path, ...] = ()
    sagemaker_config: Path | None = None
    config: Path | None = None
    rules: tuple[str, ...] = ()
    jobs: int | None = None
    baseline: Path | None = None
    no_baseline: bool = False
    cache: bool = True
    inline_suppressions: bool = True
    exclude: tuple[str, ...] = ()
    from_hook: bool = False
    since: str | None = None
    lenses: tuple[str, ...] = ()
    validate: bool = False

    def anchored(self) -> "CommandLine":
        """The same with absolute paths, for who changes the working folder."""
        here = Path.cwd()
        return self._replace(
            parameters=tuple(here / each for each in self.parameters),
            var_files=tuple(here / each for each in self.var_files),
            config=None if self.config is None else here / self.config,
            baseline=None if self.baseline is None else here / self.baseline,
            rules=tuple(str(here / each) if (here / each).exists() else each for each in self.rules),
        )

    def applied_to(self, settings: Settings) -> Settings:
        """The settings with these options: --select replaces choices, --ignore and values add up."""
        chosen = settings._replace(select=self.select, ignore=()) if self.select else settings
        return chosen._replace(
            ignore=(*chosen.ignore, *self.ignore),
            severity=self.severity or settings.severity,
            fail_on=self.fail_on or settings.fail_on,
            scope=self.scope or settings.scope,
            parameters=(*settings.parameters, *self.parameters),
            var_files=(*settings.var_files, *self.var_files),
            sagemaker_config=self.sagemaker_config or settings.sagemaker_config,
            variables={**settings.variables, **self.variables},
        )
