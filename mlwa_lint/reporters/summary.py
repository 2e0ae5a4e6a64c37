"""What several reports say in the same way: listings, counts and sentences."""

from collections import Counter
from collections.abc import Iterable

from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import SEVERITIES, Finding, RuleError
from mlwa_lint.startup.records import NamedTuple


class View(NamedTuple):
    """How a report is to look."""

    color: bool = False
    width: int = 80
    quiet: bool = False
    verbose: bool = False
    show_suppressed: bool = False
    show_undecided: bool = False
    statistics: bool = False


def by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each severity, all severities named."""
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in SEVERITIES}


def by_rule(findings: Iterable[Finding]) -> list[tuple[str, str, str, int]]:
    """Code, name, severity and number of findings of each rule, the most frequent first."""
    counts = Counter((finding.code, finding.name, finding.severity) for finding in findings)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(code, name, severity, number) for (code, name, severity), number in ordered]


def listed(result: Result, view: View) -> list[Finding]:
    """The findings that a report lists: the open ones, and the silenced ones if asked for."""
    if not view.show_suppressed:
        return list(result.findings)
    both = [*result.findings, *result.suppressed]
    return sorted(both, key=lambda f: (f.span, f.code, f.address, f.message))


def sentence(finding: Finding) -> str:
    """What a finding says, with the condition under which it holds."""
    return f"{finding.message} ({finding.condition})" if finding.condition else finding.message


def internal_error(error: RuleError) -> str:
    """What is said about a rule that failed, or about a failure of our own (without a code)."""
    if not error.code:
        return (
            f"linting failed ({error.message}); this is a bug, "
            "please report it with the file at https://github.com/mlwa-lint/mlwa-lint/issues"
        )
    if error.package:
        return (
            f"rule {error.code} of {error.package} failed ({error.message}); this is a bug in the rule, "
            "please report it to those who maintain it"
        )
    return (
        f"rule {error.code} failed ({error.message}); this is a bug in the rule, "
        "please report it with the file at https://github.com/mlwa-lint/mlwa-lint/issues"
    )
