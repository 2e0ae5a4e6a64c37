"""What makes a finding the same from run to run: rule, resource, file and words, never its line."""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from mlwa_lint.model.findings import Finding


def fingerprinted(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Each finding with its fingerprint; alike findings are told apart by their order."""
    seen: dict[tuple[str, ...], int] = {}
    for finding in findings:
        key = (finding.code, finding.resource_type, finding.address, finding.span.path, finding.message)
        seen[key] = seen.get(key, 0) + 1
        text = "\0".join((*key, str(seen[key])))
        yield finding, sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:40]
