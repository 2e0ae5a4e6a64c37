"""How many resources each rule passed, failed and could not decide, so that each counts once."""

from collections.abc import Iterable, Mapping, Sequence

from mlwa_lint.model.findings import Finding, Undecided
from mlwa_lint.model.values import JUDGED_WHERE_CALLED, REJECTED

# Positions in the counts of a rule.
PASSED, FAILED, UNDECIDED = range(3)
# Reasons that leave nothing open: a notice names the policy that is rejected, a caller's program is checked.
_SETTLED = (REJECTED, JUDGED_WHERE_CALLED)


def difference(before: Sequence[int], now: Sequence[int]) -> int | None:
    """Which of the counts has grown."""
    return next((place for place, number in enumerate(now) if number != before[place]), None)


def open_among(reasons: Iterable[str]) -> tuple[str, ...]:
    """The reasons that leave something open."""
    return tuple(each for each in reasons if not each.endswith(_SETTLED))


def settled(
    undecided: Iterable[Undecided], findings: Iterable[Finding], counts: Mapping[str, list[int]]
) -> list[Undecided]:
    """What is undecided, marked where the same rule has a finding for the resource; corrects the counts.

    Such a resource has failed, whatever else of it is not known. The finding can come from another one that
    the rule was applied to: that of a policy from a role.
    """
    failed = {(each.code, each.address) for each in findings}
    marked: list[Undecided] = []
    for each in undecided:
        if each.failed or (each.code, each.address) not in failed:
            marked.append(each)
            continue
        marked.append(each._replace(failed=True))
        if (counted := counts.get(each.code)) and counted[UNDECIDED]:
            counted[UNDECIDED] -= 1
            counted[FAILED] += 1
    return marked
