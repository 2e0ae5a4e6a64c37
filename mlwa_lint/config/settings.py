"""The settings of a configuration, for the run as a whole and for each path."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from mlwa_lint.files.globs import spec_of
from mlwa_lint.frontends.options import MODULES, Json
from mlwa_lint.model.findings import SEVERITIES, Scope, Severity
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


FILE_NAME = ".mlwa-lint.toml"


PROJECT_FILE_NAME = "pyproject.toml"


Threshold: TypeAlias = Literal["high", "medium", "low", "info", "never"]


THRESHOLDS: tuple[Threshold, ...] = (*SEVERITIES, "never")


# What fixes take from the configuration, under `[tool.mlwa-lint.fix]`.
FIX_KEYS = ("kms-key", "topic", "log-bucket", "subnets", "security-groups")


class Settings(NamedTuple):
    """What holds for one path.

    severity:   findings below it are not reported. fail_on: findings at or above it make exit code 1.
    severities: other severities than the rules' own, by selector.
    require_reasons: whether suppressions must give a reason.
    scope:      whether resources of general types are checked only where the graph ties them to ML.
    module_limit: how many instances of Terraform modules are expanded in one configuration.
    operated:   whether someone operates what is linted; None for what the repository shows.
    python:     whether Python files and notebooks are linted.
    sagemaker_config: a file of SageMaker defaults, for programs.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Severity = "low"
    fail_on: Threshold = "low"
    scope: Scope = "ml"
    require_reasons: bool = False
    severities: Mapping[str, Severity] = {}
    required_tags: tuple[str, ...] = ()
    parameters: tuple[Path, ...] = ()
    var_files: tuple[Path, ...] = ()
    variables: Mapping[str, Json] = {}
    module_limit: int = MODULES
    operated: bool | None = None
    python: bool = True
    sagemaker_config: Path | None = None


class Override(NamedTuple):
    """What some paths have of their own; None where they keep what holds for all."""

    paths: tuple[str, ...]
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    severity: Severity | None = None
    fail_on: Threshold | None = None
    scope: Scope | None = None
    require_reasons: bool | None = None
    severities: Mapping[str, Severity] = {}
    required_tags: tuple[str, ...] | None = None
    parameters: tuple[Path, ...] = ()
    var_files: tuple[Path, ...] = ()
    variables: Mapping[str, Json] = {}
    module_limit: int | None = None
    operated: bool | None = None
    python: bool | None = None
    sagemaker_config: Path | None = None

    def applied_to(self, settings: Settings) -> Settings:
        """The settings with this override: choices replace, lists of exceptions and values add up."""
        return Settings(
            select=settings.select if self.select is None else self.select,
            ignore=(*settings.ignore, *self.ignore),
            severity=self.severity or settings.severity,
            fail_on=self.fail_on or settings.fail_on,
            scope=self.scope or settings.scope,
            require_reasons=(
                settings.require_reasons if self.require_reasons is None else self.require_reasons
            ),
            severities={**settings.severities, **self.severities},
            required_tags=settings.required_tags if self.required_tags is None else self.required_tags,
            parameters=(*settings.parameters, *self.parameters),
            var_files=(*settings.var_files, *self.var_files),
            variables={**settings.variables, **self.variables},
            module_limit=self.module_limit or settings.module_limit,
            operated=settings.operated if self.operated is None else self.operated,
            python=settings.python if self.python is None else self.python,
            sagemaker_config=self.sagemaker_config or settings.sagemaker_config,
        )


class Configuration(NamedTuple):
    """One configuration file, or the defaults where there is none.

    path:   the file, None for the defaults. folder: what its relative paths and patterns start from.
    validate: whether cfn-lint validates templates as well.
    rules, format, baseline, jobs, exclude, root, environment_variables, cache_size (megabytes) and validate
    apply to the run as a whole. fix: what fixes use where a rule needs a key, a topic …; by FIX_KEYS.
    layers: what held after each file, from the one that extends nothing to this one.
    """

    path: Path | None
    folder: Path
    settings: Settings = Settings()
    overrides: tuple[Override, ...] = ()
    rules: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    baseline: Path | None = None
    jobs: int | None = None
    exclude: tuple[str, ...] = ()
    root: Path | None = None
    environment_variables: bool = False
    cache_size: int | None = None
    fix: Mapping[str, tuple[str, ...]] = {}
    validate: bool = False
    layers: tuple[tuple[Path, Settings], ...] = ()

    def settings_for(self, path: str) -> Settings:
        """What holds for one file or folder: later overrides win over earlier ones."""
        settings = self.settings
        for override in self.overrides_for(path):
            settings = override.applied_to(settings)
        return settings

    def overrides_for(self, path: str) -> tuple[Override, ...]:
        """The overrides that apply to one file or folder."""
        if not self.overrides:
            return ()
        relative = os.path.relpath(Path(path).resolve(), self.folder).replace(os.sep, "/")
        return tuple(override for override in self.overrides if _matches(override.paths, relative, path))


def _matches(patterns: tuple[str, ...], relative: str, path: str) -> bool:
    if relative.startswith("../"):
        return False
    spec = _spec(patterns)
    if not Path(path).is_dir():
        return spec.match_file(relative)
    # A module is a folder; settings for the files in it apply to it as well.
    inside = "" if relative == "." else f"{relative}/"
    return spec.match_file(f"{inside}main.tf") or bool(inside and spec.match_file(inside))


@cache
def _spec(patterns: tuple[str, ...]) -> "GitIgnoreSpec":
    return spec_of(patterns)
