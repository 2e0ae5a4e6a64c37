"""Which program a worker runs: its version and its catalogue of rules, as one short text."""

from hashlib import sha256

from mlwa_lint import __version__
from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.rule import Rule

_DIGITS = 16


def identity() -> str:
    """`0.1.0/4f2c…`: equal where version and the rules of all installed packages are."""
    catalogue = sha256()
    for rule in load_rules().rules:
        catalogue.update(repr(_described(rule)).encode("utf-8", "backslashreplace"))
    return f"{__version__}/{catalogue.hexdigest()[:_DIGITS]}"


def _described(rule: Rule) -> tuple[object, ...]:
    """All metadata of a rule, but its code."""
    return tuple(value for field, value in rule._asdict().items() if field not in ("check", "project_check"))


def version_of(text: str) -> str:
    """The version in an identity."""
    return text.partition("/")[0]


def catalogue_of(text: str) -> str:
    """The catalogue in an identity."""
    return text.partition("/")[2]
