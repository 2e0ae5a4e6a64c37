"""The rules' evidence for each practice of a lens."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from mlwa_lint.catalogue.lens import Practice
from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import SEVERITIES, Checked, Finding, Severity, Undecided
from mlwa_lint.rule import Rule
from mlwa_lint.startup.records import NamedTuple

# failed:    at least one finding that is more than info.
# met:       rules ran on at least one resource, and none failed or stayed undecided.
# undecided: some answer is known only after deployment, a finding was suppressed, or one of severity info
#            requires people to look.
# not-seen:  there are rules, but no resource that they apply to.
# no-rule:   only people can decide.
EvidenceKind: TypeAlias = Literal["failed", "met", "undecided", "not-seen", "no-rule"]


class Doubt(NamedTuple):
    """Why a practice could not be decided, and where."""

    path: str
    line: int
    address: str
    code: str
    reason: str


class Evidence(NamedTuple):
    """What the rules found out about one practice.

    hints:    findings of severity info, which make a practice neither failed nor met.
    accepted: findings that the user suppressed.
    """

    kind: EvidenceKind
    rules: tuple[str, ...] = ()
    passed: int = 0
    failed: int = 0
    undecided: int = 0
    findings: tuple[Finding, ...] = ()
    hints: tuple[Finding, ...] = ()
    accepted: tuple[Finding, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def by_severity(self) -> dict[Severity, int]:
        """How many findings of each severity there are, the worst first."""
        counts = dict.fromkeys(SEVERITIES, 0)
        for finding in (*self.findings, *self.hints):
            counts[finding.severity] += 1
        return {severity: number for severity, number in counts.items() if number}


def gather(practices: Iterable[Practice], result: Result) -> dict[str, Evidence]:
    """The evidence for each practice in the result of a run."""
    checked = {each.code: each for each in result.checked}
    failures = _failures(result)
    rules: dict[str, list[Rule]] = {}
    for rule in result.rules:
        for practice in dict.fromkeys(rule.practices):
            rules.setdefault(practice, []).append(rule)
    return {each.id: _evidence(rules.get(each.id, []), checked, failures, result) for each in practices}


def _evidence(
    rules: list[Rule], checked: Mapping[str, Checked], failures: Mapping[str, str], result: Result
) -> Evidence:
    if not rules:
        return Evidence("no-rule")
    codes = {rule.code for rule in rules}
    counts = [checked[code] for code in sorted(codes) if code in checked]
    found = _of(codes, (*result.findings, *result.milder))
    accepted = _of(codes, result.suppressed)
    undecided = (*result.undecided, *result.milder_undecided)
    doubts = (
        *_doubts(each for each in undecided if each.code in codes),
        *(_doubt(finding, f"info: {finding.message}") for finding in found if finding.severity == "info"),
        *(_doubt(finding, _acceptance(finding)) for finding in accepted),
        *(Doubt("", 0, "", code, failures[code]) for code in sorted(codes & failures.keys())),
    )
    findings = tuple(each for each in found if each.severity != "info")
    hints = tuple(each for each in found if each.severity == "info")
    passed = sum(each.passed for each in counts)
    kind: EvidenceKind = "failed" if findings else "undecided" if doubts else "met" if counts else "not-seen"
    return Evidence(
        kind=kind,
        rules=tuple(sorted(codes)),
        passed=passed,
        failed=sum(each.failed for each in counts),
        undecided=sum(each.undecided for each in counts),
        findings=findings,
        hints=hints,
        accepted=accepted,
        doubts=doubts,
    )


def _of(codes: set[str], findings: Iterable[Finding]) -> tuple[Finding, ...]:
    chosen = (each for each in findings if each.code in codes)
    return tuple(
        sorted(chosen, key=lambda each: (SEVERITIES.index(each.severity), each.span, each.code, each.address))
    )


def _doubts(undecided: Iterable[Undecided]) -> Iterable[Doubt]:
    for each in undecided:
        for reason in each.reasons:
            yield Doubt(each.span.path, each.span.line, each.address, each.code, reason)


def _doubt(finding: Finding, reason: str) -> Doubt:
    return Doubt(finding.span.path, finding.span.line, finding.address, finding.code, reason)


def _acceptance(finding: Finding) -> str:
    """A finding was suppressed: people have to answer whether the practice is followed nevertheless."""
    return f"suppressed: {finding.suppressed}" if finding.suppressed else "suppressed without a reason"


def _failures(result: Result) -> dict[str, str]:
    """Rules that could not do their work, and so prove nothing."""
    return {error.code: "the rule failed; see the errors" for error in result.errors if error.code}
