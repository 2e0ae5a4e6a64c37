"""What one stack lacks and another of the repository may have: alarms, scaling, what starts a workflow."""

from collections.abc import Callable, Hashable, Sequence

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.model.alternatives import consists_of
from mlwa_lint.model.findings import Checked, Finding, Undecided
from mlwa_lint.model.report import DECLARES, DELIVERS, PLACED, Outside, Report


def left_open(reports: Sequence[Report], project_of: Callable[[str], Hashable]) -> list[Report]:
    """Reports without the findings about something that another stack of the project may declare.

    project_of: the project of what is deployed together, by its path.
    """
    elsewhere = dict.fromkeys(each for report in reports for each in report.outside)
    if not elsewhere:
        return list(reports)
    reported = frozenset(_key(each.code, each.root, each.address) for it in reports for each in it.findings)
    return [_without_lacking(report, tuple(elsewhere), project_of, reported) for report in reports]


def _key(code: str, root: str, address: str) -> tuple[str, str, str]:
    """What a finding is about: one rule, and one resource of one stack."""
    return code, root, address


def _without_lacking(
    report: Report,
    elsewhere: tuple[Outside, ...],
    project_of: Callable[[str], Hashable],
    reported: frozenset[tuple[str, str, str]],
) -> Report:
    kept: list[Finding] = []
    opened: list[Undecided] = []
    moot: set[tuple[str, str]] = set()
    for finding in report.findings:
        among = elsewhere if finding.lacking else ()
        found = next((each for each in among if _may_have(each, finding, project_of)), None)
        if found is None:
            kept.append(finding)
        elif found.relation == DECLARES and _key(finding.code, found.root, found.address) in reported:
            moot.add((finding.code, finding.address))  # it is one resource, and reported where it is declared
        else:
            opened.append(_undecided(finding, found))
    if not opened and not moot:
        return report
    still = {(each.code, each.address) for each in kept}
    moved = {*moot, *((each.code, each.address) for each in opened)} - still
    undecided = (
        each._replace(failed=each.failed and (each.code, each.address) not in moved)
        for each in report.undecided
    )
    opened = [each._replace(failed=(each.code, each.address) in still) for each in opened]
    gone = moot - still - {(each.code, each.address) for each in opened}
    counts = tuple(
        each._replace(failed=each.failed - min(each.failed, sum(code == each.code for code, _ in gone)))
        for each in report.checked
    )
    return report._replace(
        findings=tuple(kept),
        undecided=(*undecided, *opened),
        checked=_recounted(counts, [each for each in opened if not each.failed]),
    )


def _may_have(other: Outside, finding: Finding, project_of: Callable[[str], Hashable]) -> bool:
    """Whether something in another stack may be what a finding reports as missing."""
    if not finding.lacking or finding.lacking[0] != other.relation or finding.root == other.root:
        return False
    names = [name for name in finding.lacking[1:] if not name.startswith(PLACED)]
    named = not other.name or not names or other.name in names
    if names and other.pieces and not any(consists_of(other.pieces, name) for name in names):
        return False
    if other.name.startswith(PLACED):
        named = other.name in finding.lacking[1:]
    return named and project_of(other.root) == project_of(finding.root)


def _undecided(finding: Finding, other: Outside) -> Undecided:
    place = f"{other.span.path}:{other.span.line}"
    article, what = ("a", "workflow") if other.relation == EdgeKind.TRIGGERS.value else ("an", "endpoint")
    known = f"the {what} {other.name}"
    if finding.of_account or other.relation.startswith((DECLARES, DELIVERS)):
        reason = f"{other.address} ({place}) {other.relation} {other.name}".rstrip()
        return _open(finding, reason)
    if other.name.startswith(PLACED):
        known = "the endpoint where the module is called"
    elif not other.name:
        known = f"{article} {what} that is not known before deployment"
    reason = f"{other.address} ({place}) {other.relation} {known}"
    return _open(finding, reason)


def _open(finding: Finding, reason: str) -> Undecided:
    about = finding.code, finding.name, finding.address, finding.span
    return Undecided(*about, (reason,), False, finding.severity, finding.of_account)


def _recounted(counts: tuple[Checked, ...], opened: Sequence[Undecided]) -> tuple[Checked, ...]:
    moved: dict[str, set[str]] = {}
    for undecided in opened:
        moved.setdefault(undecided.code, set()).add(undecided.address)
    found = []
    for each in counts:
        number = min(len(moved.get(each.code, ())), each.failed)
        found.append(each._replace(failed=each.failed - number, undecided=each.undecided + number))
    return tuple(found)
