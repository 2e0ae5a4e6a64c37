"""How many resources each rule passed, failed and could not decide, so that each counts once."""

from collections.abc import Iterable, Mapping, Sequence

from mlwa_lint.model.findings import Finding, Undecided

# Positions in the counts of a rule.
PASSED, FAILED, UNDECIDED = range(3)


def difference(before: Sequence[int], now: Sequence[int]) -> int | None:
    """Which of the counts has grown."""
    return next((place for place, number in enumerate(now) if number != before[place]), None)


def left_open(
    undecided: Iterable[Undecided], findings: Iterable[Finding], counts: Mapping[str, list[int]]
) -> list[Undecided]:
    """What is undecided of resources for which the same rule has found nothing; corrects the counts.

    One that has a finding has failed, whatever else of it is not known. The finding can come from another
    resource that the rule was applied to: that of a policy from a role.
    """
    failed = {(each.code, each.address) for each in findings}
    kept: list[Undecided] = []
    for each in undecided:
        if (each.code, each.address) not in failed:
            kept.append(each)
        elif (counted := counts.get(each.code)) and counted[UNDECIDED]:
            counted[UNDECIDED] -= 1
            counted[FAILED] += 1
    return kept
