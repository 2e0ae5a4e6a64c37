"""The edits of a finding that was put together: those of all its places."""

from collections.abc import Callable, Sequence

from mlwa_lint.fixes.edits import Edit, Taken
from mlwa_lint.fixes.source import RefusedError
from mlwa_lint.model.findings import Finding


def everywhere(
    finding: Finding, edits_of: Callable[[Finding], Sequence[Edit]]
) -> tuple[Finding, tuple[Edit, ...]]:
    """A finding about the places of one that can be edited, and the edits of all of them.

    edits_of: those of a single finding; raises RefusedError where it has none. Raises the first such error
              where no place can be edited. What touches the edit of an earlier place is left out: the
              instances of a loop have one block.
    """
    taken = Taken()
    refusals: dict[object, RefusedError | None] = {}
    edited: list[Finding] = []
    for single in finding.singles:
        place = (single.span, single.resource_span, single.fix)
        if place not in refusals:
            try:
                taken.add(edits_of(single))
                refusals[place] = None
            except RefusedError as refusal:
                refusals[place] = refusal
        if refusals[place] is None:
            edited.append(single)
    first = next(filter(None, refusals.values()), None)
    if first is None:
        return finding, tuple(taken.edits)
    if not edited:
        raise first
    return finding._replace(joined=tuple(edited)), tuple(taken.edits)
