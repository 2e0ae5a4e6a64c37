"""From findings to fixes: which change, how safe it is, and the edits that a writer makes of it."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from mlwa_lint.fixes.edits import Fix
from mlwa_lint.fixes.writing import RefusedError, Texts
from mlwa_lint.model.findings import Finding
from mlwa_lint.run.session import Session

# What the configuration of a path states for `kms-key` and its like.
Choices: TypeAlias = Callable[[str], Mapping[str, tuple[str, ...]]]


def choices_of(session: Session) -> Choices:
    """What the configurations of a run state under `[tool.mlwa-lint.fix]`."""
    return lambda path: session.configurations.of(path).fix


def no_choices(path: str) -> Mapping[str, tuple[str, ...]]:
    """What holds where no configuration says anything."""
    return {}


def propose(
    findings: Iterable[Finding], choices: Choices = no_choices, texts: Mapping[str, str] | None = None
) -> list[Fix]:
    """A fix for each finding whose rule has one, in the findings' order.

    texts: unsaved texts, by the paths that findings name; the others are read.
    """
    sources = Texts(texts)
    return [_proposed(each, choices, sources) for each in findings if each.fix is not None]


def ignore(finding: Finding, reason: str, texts: Mapping[str, str] | None = None) -> Fix:
    """A suppression of one finding, with a reason, as a fix; `shown` where no comment can say it."""
    return Fix(finding.code, "shown", (), f"Suppress {finding.code}", finding, "not written yet")


def _proposed(finding: Finding, choices: Choices, sources: Texts) -> Fix:
    try:
        raise RefusedError("not written yet")
    except RefusedError as refusal:
        return Fix(finding.code, "shown", (), finding.remedy, finding, str(refusal))
