"""The result for a scanned repository, as plain rows: one dictionary a row, one list a table.

Messages, addresses and reasons have passed the veil of their target; here nothing is added that has not, and
what comes from elsewhere (git, the system) is scrubbed of credentials.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, TypeAlias

from mlwa_lint.filters.result import Result
from mlwa_lint.fleet.failures import Failure
from mlwa_lint.fleet.git import is_address, without_credentials
from mlwa_lint.fleet.plan import Repository
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.secrets import without_formats
from mlwa_lint.reporters.fingerprints import fingerprinted
from mlwa_lint.reporters.redaction import hushed
from mlwa_lint.reporters.summary import internal_error
from mlwa_lint.run.inventory import Listed

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[str, list[Row]]

_DIGITS = 40
_LONGEST_MESSAGE = 1_000


def rows_of(
    repository: Repository,
    commit: str | None,
    result: Result,
    resources: Iterable[Listed],
    notes: Sequence[str],
) -> Rows:
    """The rows of a repository that was linted.

    notes: what the user should know of how it was fetched and configured.
    """
    head = _head(repository, commit)
    findings = [head | row for row in _findings(result)]
    undecided = [head | _undecided(each) for each in result.undecided]
    listed = [head | _resource(each) for each in sorted(set(resources), key=_place)]
    problems = [
        *({"path": ".", "line": 1, "message": clean(note), "fatal": False} for note in notes),
        *map(_problem, result.problems),
        *(
            {"path": each.path, "line": 1, "message": clean(internal_error(each)), "fatal": True}
            for each in result.errors
        ),
    ]
    row = head | {
        "source": shown_address(repository.address),
        "kind": repository.kind,
        "status": "partial" if result.fatal or result.errors else "ok",
        "failure": "internal" if result.errors else None,
        "message": None,
        "files": result.files,
        "resources": len(listed),
        "findings": sum(each["status"] == "open" for each in findings),
        "undecided": len(undecided),
        "suppressed": sum(each["status"] == "suppressed" for each in findings),
        "baselined": sum(each["status"] == "baselined" for each in findings),
        "rules": [rule.code for rule in result.rules],
        "checked": [each._asdict() for each in result.checked],
        "problems": problems,
    }
    return {"findings": findings, "undecided": undecided, "resources": listed, "repositories": [row]}


def rows_of_failure(repository: Repository, failure: Failure) -> Rows:
    """The one row of a repository that could not be scanned."""
    row = _head(repository, repository.commit) | {
        "source": shown_address(repository.address),
        "kind": repository.kind,
        "status": "failed",
        "failure": failure.kind,
        "message": clean(failure.message),
        **dict.fromkeys(("files", "resources", "findings", "undecided", "suppressed", "baselined"), 0),
        "rules": [],
        "checked": [],
        "problems": [],
    }
    return {"findings": [], "undecided": [], "resources": [], "repositories": [row]}


def shown_address(address: str) -> str:
    """Where a repository, or a list of them, comes from, without credentials."""
    if is_address(address):
        return without_credentials(address)
    return without_formats(address.partition("?")[0] if "://" in address else address)


def clean(text: str) -> str:
    """One line of a message from elsewhere, without what looks like a credential."""
    return hushed(without_formats(" ".join(text.split())))[:_LONGEST_MESSAGE]


def _head(repository: Repository, commit: str | None) -> Row:
    return {
        "repository": repository.name,
        "commit": commit,
        "owner": repository.owner,
        "labels": sorted(repository.labels),
    }


def _findings(result: Result) -> list[Row]:
    """Open, suppressed and baselined findings, by place; all of one repository have different identities."""
    status = {id(each): "suppressed" for each in result.suppressed}
    status |= {id(each): "baselined" for each in result.baselined or ()}
    every = [*result.findings, *result.suppressed, *(result.baselined or ())]
    every.sort(key=lambda f: (f.span, f.code, f.address, f.message))
    seen: dict[tuple[str, ...], int] = {}
    return [
        _finding(finding, status.get(id(finding), "open"))
        | {"fingerprint": fingerprint, "identity": _identity(finding, seen)}
        for finding, fingerprint in fingerprinted(every)
    ]


def _identity(finding: Finding, seen: dict[tuple[str, ...], int]) -> str:
    """What stays the same from scan to scan while the finding stays in its file; `seen` counts alike ones."""
    about = (finding.code, finding.resource_type, finding.address, finding.property, finding.span.path)
    seen[about] = seen.get(about, 0) + 1
    text = "\0".join((*about, str(seen[about])))
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_DIGITS]


def _finding(finding: Finding, status: str) -> Row:
    span = finding.span
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "pillar": finding.pillar,
        "practices": list(finding.practices),
        "message": finding.message,
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "address": finding.address,
        "type": finding.resource_type,
        "property": finding.property or None,
        "condition": finding.condition,
        "instances": len(finding.instances),
        "status": status,
        "reason": clean(finding.suppressed) if finding.suppressed else None,
        "controls": list(finding.controls),
        "help": finding.help,
    }


def _undecided(undecided: Any) -> Row:
    return {
        "code": undecided.code,
        "name": undecided.name,
        "path": undecided.span.path,
        "line": undecided.span.line,
        "column": undecided.span.column,
        "address": undecided.address,
        "reasons": list(undecided.reasons),
    }


def _place(listed: Listed) -> tuple[Any, ...]:
    return (listed.span, listed.root, listed.address, listed.type)


def _resource(listed: Listed) -> Row:
    return {
        "type": listed.type,
        "address": listed.address,
        "language": listed.language,
        "region": listed.region,
        "root": listed.root,
        "path": listed.span.path,
        "line": listed.span.line,
    }


def _problem(problem: Problem) -> Row:
    return {
        "path": problem.path,
        "line": problem.first_line,
        "message": clean(problem.message),
        "fatal": problem.fatal,
    }
