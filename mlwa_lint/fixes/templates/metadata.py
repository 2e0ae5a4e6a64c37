"""Suppressions in a JSON template: entries of a resource's `Metadata`."""

from collections.abc import Sequence
from typing import Any

from mlwa_lint.fixes.edits import Edit
from mlwa_lint.fixes.source import RefusedError, SourceFile
from mlwa_lint.fixes.templates.places import resource_around
from mlwa_lint.fixes.templates.tree import read
from mlwa_lint.fixes.templates.writer import TemplateWriter
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.intents import Intent


def suppressed(source: SourceFile, finding: Finding, codes: Sequence[str], reason: str) -> list[Edit]:
    """What adds entries for some rules. Raises RefusedError where the template has no place for them."""
    root = read(source.text)
    start = source.offset(finding.span.line, finding.span.column)
    resource = resource_around(root, start)
    if resource is None:
        raise RefusedError("it is not in a resource of the template")
    entries: list[Any] = [{"rule": code, "reason": reason} for code in codes]
    intent = Intent("append", "", (), finding.span)
    writer = TemplateWriter(source, intent, root, resource)
    return list(writer.beside({"Metadata": {"mlwa-lint": {"ignore": entries}}}))
