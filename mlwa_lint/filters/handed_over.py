"""Values that are mistakes and that a caller of a Terraform module writes: they are to be changed there."""

import posixpath
from collections.abc import Iterable

from mlwa_lint.files import TERRAFORM
from mlwa_lint.model.findings import Finding, RelatedLocation
from mlwa_lint.model.spans import Span


def place_at_caller(
    finding: Finding, related: Iterable[RelatedLocation]
) -> tuple[Span, list[RelatedLocation]]:
    """Where a finding is reported, and its further places: the line of the module, which is right, is one."""
    written = finding.written
    if written is None or not _is_handed_over(finding.span.path, written.span.path):
        return finding.span, list(related)
    used = RelatedLocation(finding.span, "the module uses it here")
    return written.span, [used, *(each for each in related if each.span != written.span)]


def _is_handed_over(used: str, written: str) -> bool:
    """Whether a value is written in another module than the one that uses it."""
    both = used.endswith(TERRAFORM) and written.endswith(TERRAFORM)
    return both and posixpath.dirname(used) != posixpath.dirname(written)
