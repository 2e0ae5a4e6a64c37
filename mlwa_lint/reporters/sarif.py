"""SARIF 2.1.0, for code scanning."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from mlwa_lint import __version__
from mlwa_lint.files.lines import SourceLines
from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Finding, RelatedLocation, Severity
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters.cells import cell_place, described
from mlwa_lint.reporters.changes import as_sarif
from mlwa_lint.reporters.escaping import json_pieces
from mlwa_lint.reporters.fingerprints import fingerprinted
from mlwa_lint.reporters.markdown import linked
from mlwa_lint.reporters.summary import ReportStyle, internal_error, others, sentence
from mlwa_lint.reporters.workspace import in_repository
from mlwa_lint.rule import TITLES, Rule
from mlwa_lint.startup.patterns import lazy

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
INFORMATION = "https://mlwa-lint.readthedocs.io/"
_LEVELS: dict[Severity, str] = {"high": "error", "medium": "warning", "low": "warning", "info": "note"}
# GitHub sorts security alerts by this number, as it does CVSS scores.
_SCORES: dict[Severity, str] = {"high": "8.0", "medium": "5.5", "low": "3.0", "info": "0.0"}


# A message links to no more related locations than these; the list of them has all.
_LINKS = 5
# What would begin or end a link in a message.
_LINK = lazy(r"[\\\[\]]")


def pieces(result: Result, view: ReportStyle) -> Iterator[str]:
    """The report as a SARIF log with one run, piece by piece; suppressed findings are marked as such."""
    suppressed = [(finding, "external") for finding in result.baselined or ()]
    suppressed += [(finding, "inSource") for finding in result.suppressed]
    kinds = {id(finding): kind for finding, kind in suppressed}
    findings = sorted(
        [*result.findings, *(finding for finding, _ in suppressed)],
        key=lambda f: (f.span, f.code, f.address, f.message),
    )
    known = {rule.code for rule in result.rules}
    extra = {f.code: f for f in findings if f.code not in known}
    descriptors = [*map(_rule, result.rules), *map(_rule_of_finding, extra.values())]
    index = {descriptor["id"]: position for position, descriptor in enumerate(descriptors)}
    sources = SourceLines(result.texts)
    run = {
        "tool": {
            "driver": {
                "name": "mlwa-lint",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": INFORMATION,
                "rules": descriptors,
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The working directory of mlwa-lint."}}},
        "invocations": [_invocation(result)],
        "results": (
            _result(finding, mark, index[finding.code], kinds.get(id(finding)), sources, view)
            for finding, mark in fingerprinted(findings)
        ),
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json_pieces(log)


def _rule(rule: Rule) -> dict[str, Any]:
    remedy = "\n\n".join(f"{TITLES[each]}: {rule.remedy.in_language(each)}" for each in rule.languages)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(part for part in (rule.summary, rule.reason) if part)},
        "help": {
            "text": f"{rule.documentation.strip()}\n\n{remedy}",
            "markdown": f"{rule.documentation.strip()}\n\n{remedy}\n\n{linked(rule.code, rule.help)}",
        },
        **({"helpUri": rule.help} if rule.help else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": _properties(rule.severity, rule.pillar, (*rule.practices, *rule.controls)),
    }


def _rule_of_finding(finding: Finding) -> dict[str, Any]:
    """A rule that only a part of the run selected, described by what its finding contains."""
    text = finding.name.replace("-", " ")
    return {
        "id": finding.code,
        "name": finding.name,
        "shortDescription": {"text": text},
        "help": {"text": finding.reason or text},
        **({"helpUri": finding.help} if finding.help else {}),
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": _properties(finding.severity, finding.pillar, (*finding.practices, *finding.controls)),
    }


def _properties(severity: Severity, pillar: str, tags: Sequence[str]) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "tags": [pillar, *tags],
        "problem.severity": "recommendation" if severity == "info" else _LEVELS[severity],
        "precision": "high",
    }
    if pillar == "security":
        properties["tags"] = ["security", *tags]
        properties["security-severity"] = _SCORES[severity]
    return properties


def _result(
    finding: Finding, mark: str, index: int, suppressed: str | None, sources: SourceLines, view: ReportStyle
) -> dict[str, Any]:
    place = cell_place(sources, finding.span)
    related = finding.related
    if _first_place(finding) != finding.span:
        related = (
            RelatedLocation(finding.span, "the property in the template that the program made"),
            *related,
        )
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding, related)},
        "locations": [
            {
                **_location(_first_place(finding)),
                "logicalLocations": [*_logical(finding)],
                **({} if place is None else {"message": {"text": described(place)}}),
            }
        ],
        "partialFingerprints": {"mlwaLint/v1": mark, "primaryLocationLineHash": f"{mark}:1"},
        "properties": {"severity": finding.severity, "resourceType": finding.resource_type},
    }
    if related:
        result["relatedLocations"] = [
            {"id": number, **_location(place.span), "message": {"text": _plain(place.message)}}
            for number, place in enumerate(related, start=1)
        ]
    fixes = as_sarif(finding, view, _artifact)
    if fixes:
        result["fixes"] = fixes
    if finding.condition:
        result["properties"]["condition"] = finding.condition
    if len(finding.instances) > 1:
        result["properties"]["instances"] = [
            {"address": each.address, "root": each.root, "condition": each.condition}
            for each in finding.instances
        ]
    result["suppressions"] = []
    if suppressed is not None:
        suppression: dict[str, Any] = {"kind": suppressed, "status": "accepted"}
        justification = finding.suppressed if suppressed == "inSource" else "known to the baseline"
        if justification:
            suppression["justification"] = justification
        result["suppressions"] = [suppression]
    return result


def _first_place(finding: Finding) -> Span:
    """Where the mistake is to be fixed: in the program of the CDK that made it, if that exists."""
    construct = finding.construct
    if construct is None or not construct.found:
        return finding.span
    return Span(construct.file, construct.line, 1, construct.line, 1)


def _logical(finding: Finding) -> Iterator[dict[str, str]]:
    for each in finding.instances:
        yield {"fullyQualifiedName": each.address, "kind": "resource"}
    if finding.construct is not None:
        construct = {"fullyQualifiedName": finding.construct.path, "kind": "construct"}
        yield construct | ({"decoratedName": finding.construct.source} if finding.construct.source else {})


def _message(finding: Finding, related: Sequence[RelatedLocation]) -> str:
    """What is wrong and how to fix it, with links to the related locations by their ids."""
    more = others(finding)
    parts = (sentence(finding), f"And {more}" if more else "", finding.remedy)
    text = _plain(" ".join(f"{part.rstrip('.')}." for part in parts if part))
    links = [
        f"[{_plain(place.message)}]({number})" for number, place in enumerate(related, 1) if place.message
    ]
    shown = ", ".join(links[:_LINKS])
    left = len(links) - _LINKS
    return text + (f" See {shown}" + (f" and {left} more." if left > 0 else ".") if links else "")


def _plain(text: str) -> str:
    """Text in which nothing begins or ends a link."""
    return _LINK.sub(r"\\\g<0>", text)


def _location(span: Span) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(span.path),
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": max(span.end_line, span.line),
                "endColumn": max(span.end_column, 1),
            },
        }
    }


def _artifact(path: str) -> dict[str, Any]:
    """Paths below the working folder, in a GitHub job the checkout, are relative to it; others absolute."""
    path = in_repository(path)
    try:
        address = quote(path.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:  # half a character, which is not a byte of a name
        address = quote(path.encode("utf-8", "replace"))
    if path.startswith("/"):
        return {"uri": f"file://{address}"}
    return {"uri": address, "uriBaseId": "SRCROOT"}


def _invocation(result: Result) -> dict[str, Any]:
    invocation: dict[str, Any] = {"executionSuccessful": not result.fatal and not result.errors}
    notifications = [
        {
            "level": "error" if problem.fatal else "note" if problem.quiet else "warning",
            "message": {"text": problem.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": _artifact(problem.path),
                        **({"region": {"startLine": problem.line}} if problem.line else {}),
                    }
                }
            ],
        }
        for problem in result.problems
    ]
    notifications += [
        {"level": "error", "message": {"text": f"{error.path}: {internal_error(error)}"}}
        for error in result.errors
    ]
    if notifications:
        invocation["toolExecutionNotifications"] = notifications
    return invocation
