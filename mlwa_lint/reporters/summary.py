"""What several reports share: listings, counts and sentences."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from mlwa_lint.filters.result import Result
from mlwa_lint.model.assumptions import MAY_BE_SET
from mlwa_lint.model.findings import SEVERITIES, Finding, RuleError
from mlwa_lint.model.resources import Problem
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.fixes.proposals import Proposals

Grouping: TypeAlias = Literal["rule", "resource", "file"]
GROUPS: tuple[Grouping, ...] = ("rule", "resource", "file")
# Beyond this many findings a report on standard output is an overview, unless all are requested.
MANY = 50
# More places, roots or addresses than these are counted, not named.
_NAMED = 3
_PLACES = 3
# Messages of front ends about files with values that the user has not named.
_OFF = lazy(r"^(\d+) blocks? (?:is|are) not checked, with no instances by ")
_UNREAD_APP = lazy(r"^nothing that this .+ declares is checked\b")
_OFFER = lazy(r"(--(?:parameters|var-file) \S+) reads them$")


class ReportStyle(NamedTuple):
    """How a report is to look.

    listing: whether findings are listed, and not counted alone. notices: whether a text report lists them.
    group:   by what a text report puts findings together. brief: whether a text report of many findings is an
             overview.
    proposals: fixes by finding, for reports that list them.
    """

    color: bool = False
    width: int = 80
    quiet: bool = False
    verbose: bool = False
    show_suppressed: bool = False
    show_undecided: bool = False
    statistics: bool = False
    listing: bool = True
    notices: bool = True
    group: Grouping | None = None
    brief: bool = False
    proposals: "Proposals | None" = None


def by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each severity, all severities named."""
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in SEVERITIES}


def by_rule(findings: Iterable[Finding]) -> list[tuple[str, str, str, int]]:
    """Code, name, severity and number of findings of each rule, the most frequent first."""
    counts = Counter((finding.code, finding.name, finding.severity) for finding in findings)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(code, name, severity, number) for (code, name, severity), number in ordered]


def listed(result: Result, view: ReportStyle) -> list[Finding]:
    """The findings that a report lists: the open ones, and the suppressed ones on request."""
    if not view.show_suppressed:
        return list(result.findings)
    both = [*result.findings, *result.suppressed]
    return sorted(both, key=lambda f: (f.span, f.code, f.address, f.message))


def sentence(finding: Finding) -> str:
    """The text of a finding, with its place and condition, and why it weighs less."""
    circumstances = ", ".join(
        each for each in (_roots(finding), finding.condition, _lowered(finding)) if each
    )
    return f"{finding.message} ({circumstances})" if circumstances else finding.message


def _roots(finding: Finding) -> str:
    """What deploys the resource, where the file is shared: a module beside the root, a nested template."""
    roots = list(dict.fromkeys(each.root for each in finding.instances))
    if all(root in ("", ".") or f"{finding.span.path}/".startswith(f"{root}/") for root in roots):
        return ""
    return f"in {enumeration(roots)}"


def _lowered(finding: Finding) -> str:
    if finding.lowered is None or finding.lowered.because == MAY_BE_SET:  # its condition shows it
        return ""
    return f"lowered from {finding.lowered.severity} because {finding.lowered.because}"


def others(finding: Finding) -> str:
    """The further instances of a finding: `20 more instances: a, b, c and 17 more`, or nothing."""
    addresses = list(dict.fromkeys(each.address for each in finding.instances))
    # What a resource does to several others is about these: the message names the first of them.
    named = finding.address if finding.address in addresses else addresses[0]
    further = [address for address in addresses if address != named]
    if not further:
        return ""
    noun = "instance" if len(further) == 1 else "instances"
    return f"{len(further)} more {noun}: {enumeration(further)}"


def offers(result: Result) -> list[str]:
    """Options that read values which files beside the sources have: `--var-file env/prod.tfvars`."""
    found = (_OFFER.search(problem.message) for problem in result.notes)
    return list(dict.fromkeys(match.group(1) for match in found if match is not None))


def off_by_default(result: Result) -> int:
    """How many blocks of Terraform have no instances by the defaults of variables."""
    found = (_OFF.match(problem.message) for problem in result.notes)
    return sum(int(match.group(1)) for match in found if match is not None)


def unread_apps(result: Result) -> int:
    """How many apps there are, of the CDK and other tools, of which nothing was checked."""
    return sum(_UNREAD_APP.match(problem.message) is not None for problem in result.notices)


def enumeration(names: Iterable[str], most: int = _NAMED) -> str:
    """Some names, the first few of many: `a, b and c`, `a, b, c and 17 more`."""
    listed = list(names)
    shown, rest = listed[:most], len(listed) - most
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def notices(problems: Iterable[Problem]) -> Iterator[str]:
    """Notices as lines; equal ones together, since a hook may pass many files that are not ours."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.message, []).append(problem)
    for message, alike in found.items():
        mark = "note" if alike[0].quiet else "warning"
        if len(alike) > _PLACES:
            yield f"{mark}: {message}: {enumeration(dict.fromkeys(each.path for each in alike))}"
        else:
            yield from (f"{each.place}: {mark}: {message}" for each in alike)


def internal_error(error: RuleError) -> str:
    """The message about a rule that failed, or about an internal failure (without a code)."""
    if not error.code:
        advice = f"{error.advice}; otherwise " if error.advice else ""
        return (
            f"linting failed ({error.message}); {advice}this is a bug, "
            "please report it with the file at https://github.com/mlwa-lint/mlwa-lint/issues"
        )
    if error.package:
        return (
            f"rule {error.code} of {error.package} failed ({error.message}); this is a bug in the rule, "
            "please report it to those who maintain it" + (f": {error.help}" if error.help else "")
        )
    return (
        f"rule {error.code} failed ({error.message}); this is a bug in the rule, "
        "please report it with the file at https://github.com/mlwa-lint/mlwa-lint/issues"
    )
