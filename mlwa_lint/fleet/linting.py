"""Lints one repository as `check` does in its folder, but trusts nothing that the repository itself states.

Its configuration is honoured where it is about rules, severities and values. What would reach out of the
repository is not: rule files (they are programs), paths that lead elsewhere, the worker's environment.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from mlwa_lint.catalogue.registry import Registry, RuleSourceError, UnknownRuleError
from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.config.file import parse
from mlwa_lint.config.lookup import Configurations, text_of
from mlwa_lint.config.settings import FILE_NAME, Configuration, Override, Settings
from mlwa_lint.errors import UserError
from mlwa_lint.files.paths import inside
from mlwa_lint.filters.result import Result
from mlwa_lint.fleet.failures import Failure
from mlwa_lint.fleet.plan import ScanPlan, is_installed
from mlwa_lint.rule import Rule
from mlwa_lint.run.inventory import Listed, taking_inventory
from mlwa_lint.run.pipeline import lint
from mlwa_lint.run.session import Session, every_rule
from mlwa_lint.startup.records import NamedTuple


class RepositoryResult(NamedTuple):
    """A repository's result, its resources, and what was not honoured in its configuration."""

    result: Result
    resources: tuple[Listed, ...]
    notes: tuple[str, ...]


class TolerantRegistry(Registry):
    """Rules of which selectors may name others: those of rule files that are not run."""

    def select(self, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
        """As a registry does, but selectors that fit nothing select nothing."""
        known = [each for each in select if self.fits(each)]
        if select and not known:
            return ()
        return super().select(known, [each for each in ignore if self.fits(each)])


def lint_repository(folder: Path, plan: ScanPlan, registry: Registry) -> RepositoryResult | Failure:
    """Lints the repository in a folder, which becomes the working folder.

    registry: the rules of the scan, without any of the repository's own.
    """
    os.chdir(folder)
    # Reads nothing of the worker's: TF_VAR_… among others.
    for variable in [each for each in os.environ if each.startswith(("TF_VAR_", "AWS_", "GIT_"))]:
        del os.environ[variable]
    fence = _Fence(folder.resolve(), plan.own_rules)
    command_line = CommandLine(
        select=plan.select,
        ignore=plan.ignore,
        lenses=plan.lenses,
        severity=plan.severity,  # type: ignore[arg-type]  # the command line has checked both
        scope=plan.scope,  # type: ignore[arg-type]
        inline_suppressions=plan.inline_suppressions,
        jobs=1,
        cache=False,
    )
    try:
        given = _configuration(folder, plan, fence)
        admitted = None if given is None else fence.admit(given)
        found = Configurations(admitted, fence.root, fence.admit, fence.read)
        session = Session(command_line, found, _registry(found.of_run(), plan, registry, fence))
        with taking_inventory() as resources:
            linted = lint(session, (".",))
    except UserError as error:
        return Failure("configuration", error.message)
    except (RuleSourceError, UnknownRuleError) as error:
        return Failure("configuration", str(error))
    if any(each.message.startswith("MemoryError") for each in linted.result.errors):
        return Failure("memory", f"linting took more than {plan.limits.memory:,} MB")
    return RepositoryResult(linted.result, tuple(resources), tuple(dict.fromkeys(fence.notes)))


def _configuration(folder: Path, plan: ScanPlan, fence: "_Fence") -> Configuration | None:
    """The fleet's configuration, as if it lay in the repository."""
    text = plan.configuration
    return None if text is None else parse(folder / FILE_NAME, text, fence.read)


def _registry(of_run: Configuration, plan: ScanPlan, registry: Registry, fence: "_Fence") -> Registry:
    if of_run.rules and plan.own_rules:
        return Registry(_further(every_rule(of_run.rules).rules, registry), registry.rules)
    return TolerantRegistry((), registry.rules) if fence.without_rules else registry


def _further(rules: Iterable[Rule], registry: Registry) -> list[Rule]:
    known = {each.code for each in registry.rules}
    return [each for each in rules if each.code not in known]


class _Fence:
    """Takes out of a configuration what reaches beyond its repository, and notes that."""

    def __init__(self, root: Path, own_rules: bool) -> None:
        self.root = root
        self.notes: list[str] = []
        self.without_rules = False
        self._own_rules = own_rules

    def read(self, path: Path) -> str:
        """A configuration file: of the repository, or of an installed package that it builds on."""
        if inside(path, self.root) is None and not is_installed(path):
            raise UserError(f"{path.name} leads out of the repository and was not read")
        return text_of(path)

    def admit(self, found: Configuration) -> Configuration:
        """What holds of a configuration."""
        if found.rules and not self._own_rules:
            self.without_rules = True
            self.notes.append("the repository's own rules were not run; --own-rules runs their code")
            found = found._replace(rules=())
        if found.environment_variables:
            self.notes.append("environment-variables was not honoured: the environment is the worker's")
        if found.baseline is not None and inside(found.baseline, self.root) is None:
            self.notes.append("baseline leads out of the repository and was not read")
            found = found._replace(baseline=None)
        return found._replace(
            root=self.root,
            environment_variables=False,
            jobs=None,
            settings=self._settings(found.settings),
            overrides=tuple(self._override(each) for each in found.overrides),
        )

    def _settings(self, settings: Settings) -> Settings:
        return settings._replace(
            parameters=self._within("parameters", settings.parameters),
            var_files=self._within("var-files", settings.var_files),
        )

    def _override(self, override: Override) -> Override:
        return override._replace(
            parameters=self._within("parameters", override.parameters),
            var_files=self._within("var-files", override.var_files),
        )

    def _within(self, key: str, paths: tuple[Path, ...]) -> tuple[Path, ...]:
        kept = tuple(each for each in paths if inside(each, self.root) is not None)
        if len(kept) < len(paths):
            self.notes.append(f"{key} names files outside of the repository, which were not read")
        return kept
