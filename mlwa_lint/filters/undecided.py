"""What is undecided, each question once, and none that a finding has settled for the repository."""

from collections.abc import Iterable, Iterator, Sequence

from mlwa_lint.files import PROGRAMS
from mlwa_lint.filters.policy import Policy
from mlwa_lint.model.findings import SEVERITIES, Finding, Undecided
from mlwa_lint.model.spans import Span

_MODULE = "module."


def listed_once(
    undecided: Sequence[Undecided], reported: Iterable[Finding], policy: Policy
) -> list[Undecided]:
    """What is undecided, each question once, without those that what is reported has settled."""
    open_still = once_for_accounts(without_reported(undecided, reported, policy), policy)
    return without_repeated(without_calls(open_still))


def without_reported(
    undecided: Sequence[Undecided], reported: Iterable[Finding], policy: Policy
) -> list[Undecided]:
    """What is undecided, without what an account lacks in a repository that a finding is reported for."""
    lacked = {(each.code, policy.project_of(each)) for each in reported if each.of_account}
    if not lacked:
        return list(undecided)
    return [each for each in undecided if (each.code, policy.repository_of(each.span.path)) not in lacked]


def once_for_accounts(undecided: Sequence[Undecided], policy: Policy) -> list[Undecided]:
    """What is undecided, with what a rule leaves open of an account as one for all roots of a repository."""
    first: dict[tuple[str, str], int] = {}
    found: list[Undecided] = []
    for each in undecided:
        key = each.code, policy.repository_of(each.span.path)
        if not each.of_account or each.failed:
            found.append(each)
        elif key in first:
            found[first[key]] = _joined(found[first[key]], each)
        else:
            first[key] = len(found)
            found.append(each)
    return found


def without_calls(undecided: Sequence[Undecided]) -> list[Undecided]:
    """What is undecided, without what a call of a module repeats: its own root is undecided for the same."""
    own: dict[tuple[str, Span, str], list[Undecided]] = {}
    for each in undecided:
        own.setdefault((each.code, each.span, each.address), []).append(each)
    found: dict[Undecided, None] = {}
    for each in undecided:
        below = (own.get((each.code, each.span, address), ()) for address in _within(each.address))
        if not any(_repeats(each, other) for others in below for other in others):
            found.setdefault(each)
    return list(found)


def without_repeated(undecided: Sequence[Undecided]) -> list[Undecided]:
    """What is undecided, with what a rule leaves open of a resource at one place as one, for all its reasons.

    A program's estimator and the job that it starts (`estimator/training_job`) are one resource there.
    """
    found: dict[tuple[str, Span, str], Undecided] = {}
    for each in undecided:
        made_by = each.address.partition("/")[0] if each.span.path.endswith(PROGRAMS) else each.address
        key = (each.code, each.span, made_by)
        found[key] = _joined(found[key], each) if key in found else each
    return list(found.values())


def _joined(one: Undecided, other: Undecided) -> Undecided:
    """One entry for both, with the reasons of both, and as severe as the worse."""
    reasons = dict.fromkeys((*one.reasons, *other.reasons))
    severity = min(one.severity, other.severity, key=SEVERITIES.index)
    return one._replace(reasons=tuple(reasons), severity=severity)


def _within(address: str) -> Iterator[str]:
    """The addresses that a resource of a called module may have in that module itself."""
    if address.startswith(_MODULE):
        for position, character in enumerate(address):
            if character == ".":
                yield address[position + 1 :]


def _repeats(called: Undecided, other: Undecided) -> bool:
    """Whether one is undecided for the same reasons as another one, in a module that is called."""
    call = called.address[: -len(other.address) - 1]
    reasons = {each.replace(f" of {call}", "").replace(f"{call}.", "") for each in called.reasons}
    return reasons == set(other.reasons)
