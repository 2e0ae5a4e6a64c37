"""What the reports of many targets have in common is kept once, until all of them are reported together."""

from typing import Any

from mlwa_lint.model.findings import Finding
from mlwa_lint.model.report import Report


def shared(report: Report, known: dict[Any, Any]) -> Report:
    """An equal report, of which the parts that other reports are likely to have, too, are those in `known`.

    Messages, places and addresses are of this report alone, and are left as they are.
    """
    own = {each: each for finding in report.findings for each in (finding.resource_span, finding.span)}
    return report._replace(
        findings=tuple([_finding(each, known, own) for each in report.findings]),
        checked=_once(tuple([_once(each, known) for each in report.checked]), known),
    )


def _finding(finding: Finding, known: dict[Any, Any], own: dict[Any, Any]) -> Finding:
    fix = finding.fix
    if fix is not None:
        anchor = own.setdefault(fix.anchor, fix.anchor)
        wanted, properties = _once(fix.wanted, known), _once(fix.properties, known)
        fix = fix._replace(wanted=wanted, properties=properties, anchor=anchor)
    return finding._replace(
        span=own[finding.span],
        resource_span=own[finding.resource_span],
        resource_type=_once(finding.resource_type, known),
        remedy=_once(finding.remedy, known),
        property=_once(finding.property, known),
        fix=fix,
    )


def _once(value: Any, known: dict[Any, Any]) -> Any:
    return known.setdefault(value, value)
