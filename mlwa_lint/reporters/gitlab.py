"""GitLab code quality."""

import json

from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Severity
from mlwa_lint.reporters.fingerprints import fingerprinted
from mlwa_lint.reporters.summary import View, sentence

_SEVERITIES: dict[Severity, str] = {"high": "critical", "medium": "major", "low": "minor", "info": "info"}


def render(result: Result, view: View) -> str:
    """The open findings as code-quality issues."""
    issues = [
        {
            "type": "issue",
            "description": f"{finding.code} {finding.name}: {sentence(finding)}",
            "check_name": finding.code,
            "fingerprint": mark,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": finding.span.path,
                "lines": {"begin": finding.span.line, "end": max(finding.span.end_line, finding.span.line)},
            },
            "content": {
                "body": " ".join(part for part in (finding.reason, finding.remedy, finding.help) if part)
            },
        }
        for finding, mark in fingerprinted(result.findings)
    ]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"
