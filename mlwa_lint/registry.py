"""Finds rules: those that installed packages offer, and those that a user's own command line names."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from mlwa_lint.rule import Rule

ENTRY_POINT_GROUP = "mlwa_lint.rules"
_CODE = re.compile(r"[A-Z]{3}[0-9]{3}")


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

    def __init__(self, rules: Sequence[Rule]) -> None:
        by_code: dict[str, Rule] = {}
        for each in rules:
            if not _CODE.fullmatch(each.code):
                raise RuleSourceError(f"{each.code!r} is no rule code: three capitals and three digits")
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

        A selector is a code, the beginning of one (`MLS`, `MLS1`), a name, or ALL; where both fit, the
        more exact one wins, as in ruff. Raises UnknownRuleError.
        """
        for selector in (*select, *ignore):
            if not any(_fits(selector, each) for each in self.rules):
                raise UnknownRuleError(selector, self._nearest(selector))
        return tuple(each for each in self.rules if _chosen(each, select, ignore))

    def _nearest(self, selector: str) -> str:
        from difflib import get_close_matches

        known = [word for each in self.rules for word in (each.code, each.name)]
        near = get_close_matches(selector.upper(), known, 1) or get_close_matches(selector.lower(), known, 1)
        return near[0] if near else ""


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

    Raises RuleSourceError when one of `extra` cannot be loaded.
    """
    rules: list[Rule] = []
    for module in (*_installed(), *map(_named, extra)):
        rules += _rules_in(module)
    return Registry(rules)


def _installed() -> Iterator[ModuleType]:
    from importlib.metadata import entry_points

    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.name):
        loaded = point.load()
        if not isinstance(loaded, ModuleType):
            raise RuleSourceError(f"entry point {point.name} of {ENTRY_POINT_GROUP} is no module")
        yield loaded


def _rules_in(module: ModuleType) -> list[Rule]:
    """The rules that a module, and every module below it if it is a package, defines."""
    rules = [value for value in vars(module).values() if isinstance(value, Rule)]
    for name in _below(module):
        import importlib

        rules += _rules_in(importlib.import_module(name))
    return rules


def _below(module: ModuleType) -> list[str]:
    paths = getattr(module, "__path__", None)
    if paths is None:
        return []
    from pkgutil import iter_modules

    return sorted(f"{module.__name__}.{each.name}" for each in iter_modules(paths))


def _named(source: str) -> ModuleType:
    """A module that the user names: a folder or a file of rules, or an importable module."""
    from importlib import import_module
    from importlib.util import module_from_spec, spec_from_file_location

    path = Path(source)
    if path.is_dir():
        return _folder(path)
    if path.suffix == ".py" and path.is_file():
        name = f"mlwa_lint_local_{path.stem}"
        spec = spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise RuleSourceError(f"{source} is no Python file")
        module = module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except (ImportError, SyntaxError, NameError, TypeError, ValueError, AttributeError) as error:
            raise RuleSourceError(f"the rules in {source} cannot be loaded: {error}") from error
        return module
    try:
        return import_module(source)
    except ImportError as error:
        raise RuleSourceError(
            f"--rules {source}: neither a folder, nor a Python file, nor an importable module ({error})"
        ) from error


def _folder(path: Path) -> ModuleType:
    module = ModuleType(f"mlwa_lint_local_rules_{path.name}")
    files = sorted(each for each in path.rglob("*.py") if not each.name.startswith(("_", "test_")))
    if not files:
        raise RuleSourceError(f"--rules {path}: the folder holds no Python files")
    for file in files:
        for rule in _rules_in(_named(str(file))):
            setattr(module, rule.code, rule)
    return module
