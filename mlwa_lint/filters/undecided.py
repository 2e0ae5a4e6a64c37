"""What is undecided, each question once, and none that a finding has settled for the repository."""

from collections.abc import Iterable, Iterator, Sequence

from mlwa_lint.files import PROGRAMS
from mlwa_lint.filters.policy import Policy
from mlwa_lint.model.findings import Finding, Undecided
from mlwa_lint.model.spans import Span

_MODULE = "module."


def without_reported(
    undecided: Sequence[Undecided], reported: Iterable[Finding], policy: Policy
) -> list[Undecided]:
    """What is undecided, without what an account lacks in a repository that a finding is reported for."""
    lacked = {(each.code, policy.project_of(each)) for each in reported if each.of_account}
    if not lacked:
        return list(undecided)
    return [each for each in undecided if (each.code, policy.repository_of(each.span.path)) not in lacked]


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
        if key in found:
            reasons = dict.fromkeys((*found[key].reasons, *each.reasons))
            found[key] = found[key]._replace(reasons=tuple(reasons))
        else:
            found[key] = each
    return list(found.values())


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
