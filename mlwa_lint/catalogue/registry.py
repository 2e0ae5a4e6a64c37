"""Finds rules: those that installed packages offer, and those that a user's own command line names."""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from mlwa_lint.model.findings import (
    CONCERNS,
    SCOPES,
    SEVERITIES,
    Concern,
    Operational,
    Scope,
    Severity,
    StatedSubject,
)
from mlwa_lint.model.resources import Language
from mlwa_lint.rule import BUILT_IN, LOCAL_MODULE, PILLARS, Claim, Remedy, Rule
from mlwa_lint.startup.entry_points import entry_points
from mlwa_lint.startup.patterns import lazy

ENTRY_POINT_GROUP = "mlwa_lint.rules"
IndexEntry: TypeAlias = tuple[
    str,  # module, below the package
    str,  # attribute
    str,  # code
    str,  # name
    Severity,
    tuple[str, ...],  # practices
    tuple[str, ...],  # on
    tuple[str, ...],  # remedy, in each language
    tuple[Language, ...],
    bool,  # about the project as a whole
    str,  # documentation
    str,  # why it is retired; empty for an active rule
    Scope,
    tuple[str, ...],  # controls of other tools
    tuple[str, ...],  # facts
    Concern,
    bool,  # whether the mistake is a value itself
    Operational,  # whether it is a practice of those who operate something
    StatedSubject | None,  # of comments that state the choice
]
_CODE = lazy(r"[A-Z]{3}[0-9]{3}")
_CODE_OF_CFN_LINT = lazy(r"(?i)[ewi][0-9]{1,4}")


class UnknownRuleError(Exception):
    """A selector that fits no rule; `suggestion` is the nearest that does, or empty."""

    def __init__(self, selector: str, suggestion: str) -> None:
        super().__init__(f"no rule is called {selector!r}")
        self.selector = selector
        self.suggestion = suggestion


class RuleSourceError(Exception):
    """Rules that could not be loaded: a folder or module that is missing or broken, a code used twice."""


class Registry:
    """The rules of a run, sorted by code."""

    def __init__(self, rules: Sequence[Rule], checked: Sequence[Rule] = ()) -> None:
        """Rules, and those that are in a registry already: all are sound, and none has another's code."""
        by_code = {each.code: each for each in checked}
        for each in rules:
            if _is_built_in(each):
                pass  # from the index, which is made of rules that are right
            elif not (_CODE.fullmatch(str(each.code)) or is_of_cfn_lint(str(each.code))):
                raise RuleSourceError(f"{each.code!r} is not a rule code: three capitals and three digits")
            elif wrong := _wrong_field(each):
                raise RuleSourceError(f"the rule {each.code} has a wrong {wrong}")
            other = by_code.setdefault(each.code, each)
            if other is not each:
                raise RuleSourceError(f"the code {each.code} is used by {other.name} and by {each.name}")
        self.rules: tuple[Rule, ...] = tuple(by_code[code] for code in sorted(by_code))

    def find(self, code_or_name: str) -> Rule:
        """The rule with this code or name. Raises UnknownRuleError."""
        for each in self.rules:
            if code_or_name.upper() == each.code or code_or_name.lower() == each.name:
                return each
        raise UnknownRuleError(code_or_name, self._nearest(code_or_name))

    def select(self, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
        """The rules that `select` names (all if empty) without those of `ignore`.

        A selector is a code, a prefix of one (`MLS`, `MLS1`), a name, or ALL; where both match, the
        more exact one wins, as in ruff. Raises UnknownRuleError.
        """
        for selector in (*select, *ignore):
            if not self.fits(selector):
                raise UnknownRuleError(selector, self._nearest(selector))
        return tuple(each for each in self.rules if _chosen(each, select, ignore))

    def fits(self, selector: str) -> bool:
        """Whether a selector names any rule."""
        return any(_fits(selector, each) for each in self.rules)

    def _nearest(self, selector: str) -> str:
        from difflib import get_close_matches

        known = [word for each in self.rules for word in (each.code, each.name)]
        near = get_close_matches(selector.upper(), known, 1) or get_close_matches(selector.lower(), known, 1)
        return near[0] if near else ""


def is_of_cfn_lint(selector: str) -> bool:
    """Whether a selector names rules of cfn-lint, which only exist with `--validate`."""
    return _CODE_OF_CFN_LINT.fullmatch(selector) is not None


def _is_built_in(rule: Rule) -> bool:
    check = rule.check or rule.project_check
    return isinstance(check, _Deferred) and check.module.startswith(f"{BUILT_IN}.")


def _wrong_field(rule: Rule) -> str:
    """The first field of a rule that holds something else than it should; nothing if all is well."""
    if rule.severity not in SEVERITIES:
        return "severity"
    if rule.scope not in SCOPES:
        return "scope"
    if rule.concern not in CONCERNS:
        return "concern"
    if not isinstance(rule.remedy, Remedy):
        return "remedy"
    if rule.code[2].isalpha() and rule.code[2] not in PILLARS:
        return "code: its third letter names no pillar"
    for field in ("name", "documentation"):
        if not isinstance(getattr(rule, field), str):
            return field
    for field in ("practices", "on", "languages", "controls", "facts"):
        values = getattr(rule, field)
        if not isinstance(values, tuple) or not all(isinstance(each, str) for each in values):
            return field
    return ""


def _fits(selector: str, candidate: Rule) -> int:
    """How exactly a selector names a rule; 0 if it does not."""
    if selector.lower() == candidate.name:
        return 100
    if selector.upper() == "ALL":
        return 1
    return 1 + len(selector) if selector and candidate.code.startswith(selector.upper()) else 0


def _chosen(candidate: Rule, select: Sequence[str], ignore: Sequence[str]) -> bool:
    chosen = max((_fits(s, candidate) for s in select), default=0) if select else 1
    ignored = max((_fits(s, candidate) for s in ignore), default=0)
    return chosen > ignored


def load_rules(extra: Sequence[str] = ()) -> Registry:
    """All rules: from the entry points of installed packages, then from folders and modules of `extra`.

    Raises RuleSourceError when one of `extra` cannot be loaded, or a third-party rule cannot be right.
    """
    own: tuple[Rule, ...] = ()
    others: list[Rule] = []
    for name in entry_points(ENTRY_POINT_GROUP):
        if name == BUILT_IN:
            own = _built_in()
        else:
            others += _indexed(name) or rules_in(_imported(name))
    for source in extra:
        others += rules_in(_named(source))
    registry = Registry(others, own)
    if others:
        from mlwa_lint.catalogue.foreign import fault

        for each in others:
            if wrong := fault(each, own):
                raise RuleSourceError(f"the rule {each.code} of {each.package} {wrong}")
    return registry


@cache
def _built_in() -> tuple[Rule, ...]:
    """Our own rules, which a process makes once, however many sessions it has."""
    return Registry(_indexed(BUILT_IN) or rules_in(_imported(BUILT_IN))).rules


class _Deferred:
    """The check of an indexed rule: its module is imported when the rule first runs."""

    def __init__(self, module: str, attribute: str) -> None:
        self.module = module
        self._attribute = attribute
        self._check: Callable[..., Iterator[Claim]] | None = None

    def __call__(self, *arguments: Any) -> Iterator[Claim]:
        if self._check is None:
            found: Rule = getattr(import_module(self.module), self._attribute)
            self._check = found.check or found.project_check
            assert self._check is not None
        return self._check(*arguments)


def _indexed(package: str) -> list[Rule]:
    """The rules of a package that brings an index of them (`index.RULES`), without importing the rules."""
    try:
        index = import_module(f"{package}.index")
    except ImportError:
        return []
    return [_from_index(package, entry) for entry in index.RULES]


def _from_index(package: str, entry: IndexEntry) -> Rule:
    check = _Deferred(f"{package}.{entry[0]}", entry[1])
    code, name, severity, practices, on, remedy, languages, whole = entry[2:10]
    return Rule(
        code,
        name,
        severity,
        practices,
        on,
        Remedy(*remedy),
        entry[10],
        None if whole else check,
        check if whole else None,
        languages,
        *entry[11:],
    )


def index_entry(package: str, module: str, attribute: str, rule: Rule) -> IndexEntry:
    """The entry of a rule in an index."""
    return (
        module.removeprefix(f"{package}."),
        attribute,
        rule.code,
        rule.name,
        rule.severity,
        rule.practices,
        rule.on,
        tuple(rule.remedy),
        rule.languages,
        rule.project_check is not None,
        rule.documentation,
        rule.retired,
        rule.scope,
        rule.controls,
        rule.facts,
        rule.concern,
        rule.literal,
        rule.operational,
        rule.subject,
    )


def _imported(name: str) -> ModuleType:
    try:
        return import_module(name)
    except (Exception, SystemExit) as error:  # whatever a module of rules does when it is loaded
        raise RuleSourceError(f"the installed rules {name} cannot be loaded: {_message(error)}") from error


def _message(error: BaseException) -> str:
    return str(error) if isinstance(error, ImportError) else f"{type(error).__name__}: {error}"


def rules_in(module: ModuleType) -> list[Rule]:
    """The rules that a module, and every module below it if it is a package, defines."""
    return [rule for _, _, rule in located_rules(module)]


def located_rules(module: ModuleType) -> Iterator[tuple[str, str, Rule]]:
    """Module, attribute and rule of all that a module, or a package, defines."""
    for attribute, value in vars(module).items():
        if isinstance(value, Rule):
            yield module.__name__, attribute, value
    for name in _below(module):
        yield from located_rules(_imported(name))


def _below(module: ModuleType) -> list[str]:
    paths = getattr(module, "__path__", None)
    if paths is None:
        return []
    from pkgutil import iter_modules

    return sorted(f"{module.__name__}.{each.name}" for each in iter_modules(paths))


def _named(source: str) -> ModuleType:
    """A module that the user names: a folder or a file of rules, or an importable module."""
    from importlib.util import module_from_spec, spec_from_file_location

    path = Path(source)
    if path.is_dir():
        return _folder(path)
    if path.suffix == ".py" and path.is_file():
        name = f"{LOCAL_MODULE}{path.stem}"
        spec = spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise RuleSourceError(f"{source} is not a Python file")
        module = module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:  # whatever a module of rules does when it is loaded
            raise RuleSourceError(f"the rules in {source} cannot be loaded: {_message(error)}") from error
        return module
    try:
        return import_module(source)
    except ImportError as error:
        raise RuleSourceError(
            f"--rules {source}: neither a folder, nor a Python file, nor an importable module ({error})"
        ) from error
    except (Exception, SystemExit) as error:  # whatever a module of rules does when it is loaded
        raise RuleSourceError(f"the rules in {source} cannot be loaded: {_message(error)}") from error


def _folder(path: Path) -> ModuleType:
    module = ModuleType(f"{LOCAL_MODULE}rules_{path.name}")
    files = sorted(each for each in path.rglob("*.py") if not each.name.startswith(("_", "test_")))
    if not files:
        raise RuleSourceError(f"--rules {path}: the folder holds no Python files")
    for file in files:
        for rule in rules_in(_named(str(file))):
            setattr(module, rule.code, rule)
    return module
