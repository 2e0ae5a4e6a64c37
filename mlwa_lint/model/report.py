"""The result of linting, before the user's settings are applied."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mlwa_lint.model.findings import Checked, Finding, RuleError, Undecided
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.model.outlines import Outline


# What a scalable target means to its endpoint that always leaves it two instances or more.
KEEPS_SEVERAL = "keeps several instances of"
# What a template means to a program that creates the same, as its kind and name: "role churn-training".
DECLARES = "declares"
# What a log delivery source means to a resource of a kind that another stack may declare.
DELIVERS = "delivers logs of a "
# The start of the placeholder of an endpoint that a module declares.
PLACED = "@"


class Outside(NamedTuple):
    """An alarm or a scalable target that may be about an endpoint of another stack, or what the account has.

    relation: what it means to the endpoint ("monitors", "scales"), or the value of an AccountSetting.
    name:     the endpoint's, if it is known.
    root:     what it is deployed with.
    pieces:   what is known of the endpoint's name where not all is; anything may lie between the pieces.
    """

    relation: str
    name: str
    address: str
    span: Span
    root: str
    pieces: tuple[str, ...] = ()


class Report(NamedTuple):
    """What a run found, in a fixed order.

    errors are failures of rules; problems are inputs that could not be read or understood. Findings are
    single ones: equal ones of several resources are merged when all the user's settings are applied.
    hidden:  places of secrets in the sources, which excerpts leave out.
    outlines: the projects' graphs, where a report draws them.
    lasting: whether the same input certainly gives the same again, so that it may be kept.
    outside: what may be about endpoints of other stacks.
    """

    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    errors: tuple[RuleError, ...] = ()
    problems: tuple[Problem, ...] = ()
    resources: int = 0
    sources: tuple[str, ...] = ()
    hidden: tuple[Span, ...] = ()
    lasting: bool = True
    checked: tuple[Checked, ...] = ()
    outlines: "tuple[Outline, ...]" = ()
    outside: tuple[Outside, ...] = ()

    @property
    def files(self) -> int:
        """How many source files were read."""
        return len(self.sources)


def merged(reports: Sequence[Report]) -> Report:
    """Several reports as one; what two of them found (in a shared module) is reported once."""
    findings = dict.fromkeys(f for report in reports for f in report.findings)
    undecided = dict.fromkeys(u for report in reports for u in report.undecided)
    return Report(
        findings=tuple(sorted(findings, key=lambda f: (f.span, f.code, f.address, f.message))),
        undecided=tuple(sorted(undecided, key=lambda u: (u.span, u.code, u.address))),
        errors=tuple(dict.fromkeys(e for report in reports for e in report.errors)),
        problems=tuple(sorted({p for report in reports for p in report.problems})),
        resources=sum(report.resources for report in reports),
        sources=tuple(dict.fromkeys(s for report in reports for s in report.sources)),
        hidden=tuple(dict.fromkeys(h for report in reports for h in report.hidden)),
        lasting=all(report.lasting for report in reports),
        checked=_summed(each for report in reports for each in report.checked),
        outlines=tuple(each for report in reports for each in report.outlines),
        outside=tuple(dict.fromkeys(o for report in reports for o in report.outside)),
    )


def _summed(counts: Iterable[Checked]) -> tuple[Checked, ...]:
    found: dict[str, Checked] = {}
    for each in counts:
        before = found.get(each.code, Checked(each.code, 0, 0, 0))
        found[each.code] = Checked(
            each.code,
            before.passed + each.passed,
            before.failed + each.failed,
            before.undecided + each.undecided,
        )
    return tuple(found[code] for code in sorted(found))
