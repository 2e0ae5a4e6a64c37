"""What a check claims in one world, and what is made of that: those who only pass it on need not merge it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mlwa_lint.graph.changes import Change
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.model.findings import AccountSetting, Lowered, Severity, Written
from mlwa_lint.model.spans import Span
from mlwa_lint.rule import Claim, Remedy
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.model.weights import Weight


class WorldOutcome(NamedTuple):
    """What a check claims in one world; `judged` is false where the resource is out of scope."""

    claims: tuple[Claim, ...]
    undecided: tuple[str, ...]
    judged: bool = True


class Scales(NamedTuple):
    """How severe a claim is; and where it holds only for what is off by default, or outside of production.

    undecided: how severe an undecided claim would be at most, were it a finding.
    in_branch: where it holds only in a branch that is not known to be the default one.
    required: where it holds only for one value of a variable that has to be given.
    prompted: where it holds only if the person who runs a program answers so.
    """

    of: Callable[[Claim], "Weight"]
    undecided: Callable[[Claim], "Weight"]
    off: Callable[[Claim, "Weight"], "Weight"]
    outside_production: Callable[[Claim, "Weight"], "Weight"]
    in_branch: Callable[[Claim, "Weight"], "Weight"]
    required: Callable[[Claim, "Weight"], "Weight"]
    prompted: Callable[[Claim, "Weight"], "Weight"]


class Defect(NamedTuple):
    """What makes one finding of the claims of one resource, whatever the world."""

    address: str
    span: Span
    path: tuple[str, ...]
    message: str
    severity: Severity
    lowered: Lowered | None
    related: tuple[tuple[Span, str], ...]
    remedy: Remedy | None
    condition: str | None
    lacking: EdgeKind | AccountSetting | str | None = None
    change: Change | None = None
    written: Written | None = None


class Merged(NamedTuple):
    """What a check claims in all worlds. judged: whether the resource was in scope in any of them.

    worst: the severity of what is undecided, if it were a finding; None for that of the rule.
    of_account: whether all that is undecided is about what an account has once.
    """

    found: tuple[Defect, ...]
    undecided: tuple[str, ...]
    judged: bool
    worst: Severity | None = None
    of_account: bool = False
