"""What makes a finding the same from run to run: rule, resource and property; no line, file or words."""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from mlwa_lint.filters.grouping import declared
from mlwa_lint.model.findings import Finding


def fingerprinted(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Each finding with its fingerprint; alike findings are distinguished by their order."""
    seen: dict[tuple[str, ...], int] = {}
    for finding in findings:
        key = (finding.code, finding.resource_type, _resource(finding), finding.property)
        seen[key] = seen.get(key, 0) + 1
        text = "\0".join((*key, str(seen[key])))
        yield finding, sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:40]


def _resource(finding: Finding) -> str:
    """The resource as its source declares it, whichever of its instances the finding names."""
    if finding.address == finding.span.path:
        return ""  # the finding is about a source file, which may be renamed
    return min(declared(each.address) for each in finding.instances)
