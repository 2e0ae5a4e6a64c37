"""Fixes in reports: as JSON's edits, as SARIF's replacements, and as lines of a suggestion."""

from typing import Any

from mlwa_lint.model.findings import Finding
from mlwa_lint.reporters.redaction import redacted
from mlwa_lint.reporters.summary import ReportStyle

# A suggestion of more lines hides more than it shows.
_LINES = 12


def as_json(finding: Finding, view: ReportStyle) -> dict[str, Any] | None:
    """`{"safe", "description", "reason", "edits"}`; None where nothing can be edited."""
    fix = None if view.proposals is None else view.proposals.of(finding)
    if view.proposals is None or fix is None or not fix.edits:
        return None
    edits = []
    for edit in fix.edits:
        place = view.proposals.place(edit)
        edits.append(
            {
                "path": edit.path,
                "line": place.line,
                "column": place.column,
                "end_line": place.end_line,
                "end_column": place.end_column,
                "text": edit.text,
            }
        )
    return {
        "safe": fix.safety == "safe",
        "description": fix.description,
        "reason": fix.reason or None,
        "edits": edits,
    }


def as_sarif(finding: Finding, view: ReportStyle, artifact: Any) -> list[dict[str, Any]]:
    """SARIF's `fixes`: none, or one. artifact: what makes an artifact's location of a path."""
    fix = None if view.proposals is None else view.proposals.of(finding)
    if view.proposals is None or fix is None or not fix.edits:
        return []
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        place = view.proposals.place(edit)
        region = {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        }
        replacement = {"deletedRegion": region, "insertedContent": {"text": edit.text}}
        changes.setdefault(edit.path, []).append(replacement)
    text = f"{fix.description} (not safe: {fix.reason})." if fix.reason else f"{fix.description}."
    return [
        {
            "description": {"text": text},
            "artifactChanges": [
                {"artifactLocation": artifact(path), "replacements": replacements}
                for path, replacements in changes.items()
            ],
        }
    ]


def as_lines(finding: Finding, view: ReportStyle) -> list[str]:
    """A suggestion as the lines that it takes away (`-`) and brings (`+`); none where it is long."""
    fix = None if view.proposals is None else view.proposals.of(finding)
    if view.proposals is None or fix is None or not fix.edits:
        return []
    lines = view.proposals.preview(fix)
    if len(lines) > _LINES:
        return []
    title = "Suggested change" if fix.safety == "safe" else f"Suggested change (not safe: {fix.reason})"
    return [f"{title}:", *map(redacted, lines)]
