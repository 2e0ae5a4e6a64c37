"""Suppressions: comments and metadata by which users silence findings, and those that silence nothing."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mlwa_lint.findings import Finding, Undecided
from mlwa_lint.model.spans import Span
from mlwa_lint.registry import Registry
from mlwa_lint.rule import Remedy, Rule
from mlwa_lint.sources import Sources

UNUSED_SUPPRESSION = Rule(
    code="MLO901",
    name="unused-suppression",
    severity="info",
    practices=(),
    on=(),
    remedy=Remedy("Delete the suppression", "Delete the suppression"),
    documentation="""A suppression hides nothing.

It would silently hide the mistake should it come back.

A comment `# mlwa: ignore[CODE] -- reason`, `# mlwa: ignore-file[CODE]` or a `mlwa-lint` entry in a
resource's `Metadata` names a rule that finds nothing at its place, or no rule at all. It is judged only
when the rules that it names were selected, and could be decided there.

To mend it, delete the suppression, or correct the code that it names.
""",
    check=None,
)
_MARK = "mlwa"


class Suppression(NamedTuple):
    """One thing that the user silences.

    path and lines: where findings are silenced; the whole file where `last` is None.
    span: where the suppression itself stands.
    """

    path: str
    first: int
    last: int | None
    selector: str
    reason: str
    span: Span


class Silenced(NamedTuple):
    """Findings that stay open, those that are silenced, and findings about suppressions that hide nothing."""

    open: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    unused: tuple[Finding, ...]


def silence(
    findings: Sequence[Finding],
    undecided: Sequence[Undecided],
    paths: Sequence[str],
    sources: Sources,
    registry: Registry,
    ran: Callable[[str], frozenset[str]],
) -> Silenced:
    """Applies the suppressions of all sources to findings."""
    return Silenced(tuple(findings), (), ())
