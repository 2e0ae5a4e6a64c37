"""What can be done about findings: fix them, suppress them with a reason, read about them."""

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol import types

from mlwa_lint.fixes import Edit, Fix, by_path, choices_of, compatible, ignore, place_of, propose
from mlwa_lint.fixes.source import SourceFiles
from mlwa_lint.model.findings import Finding
from mlwa_lint.server.desk import DocumentState
from mlwa_lint.server.diagnostics import SOURCE, Shown
from mlwa_lint.server.positions import Lines, lines_of

OPEN_PAGE = "mlwa-lint.openPage"
SUPPRESS = "mlwa-lint.suppress"
FIX_ALL = "source.fixAll.mlwa-lint"
QUICK_FIX = types.CodeActionKind.QuickFix


class Actions:
    """The actions for one document, once it was evaluated."""

    def __init__(self, known: DocumentState, versioned: bool) -> None:
        """versioned: whether the client takes edits for a version of a document only."""
        self._known = known
        self._versioned = versioned
        self._texts = known.folder.texts
        self._sources = SourceFiles(self._texts)

    def about(
        self, found: Sequence[Shown], diagnostics: Sequence[types.Diagnostic]
    ) -> Iterator[types.CodeAction]:
        """Fixes first, the safe ones before others; then suppressions, then pages."""
        findings = [each.finding for each in found]
        fixes = propose(findings, choices_of(self._known.folder.session), self._texts)
        for fix in sorted(fixes, key=lambda each: each.safety != "safe"):
            edit = self._edit([fix]) if fix.edits else None
            if edit is not None:
                safe = fix.safety == "safe"
                title = (
                    fix.description.rstrip(".") if safe else f"{fix.description.rstrip('.')} ({fix.reason})"
                )
                concerned = _of_rule(diagnostics, fix.code)
                yield types.CodeAction(title, QUICK_FIX, concerned, is_preferred=safe, edit=edit)
        for finding in _one_of_each(findings):
            if self.suppression(finding, "a reason") is not None:
                title = f"Suppress {finding.code} ({finding.name}) here, with a reason"
                where = {
                    "uri": self._known.document.uri,
                    "code": finding.code,
                    "address": finding.address,
                    "property": finding.property,
                }
                command = types.Command(title, SUPPRESS, arguments=[where])
                yield types.CodeAction(title, QUICK_FIX, _of_rule(diagnostics, finding.code), command=command)
        for finding in _one_of_each([each for each in findings if each.help]):
            title = f"Open the page of {finding.code} ({finding.name})"
            command = types.Command(title, OPEN_PAGE, arguments=[finding.help])
            yield types.CodeAction(title, QUICK_FIX, _of_rule(diagnostics, finding.code), command=command)

    def all_at_once(self) -> Iterator[types.CodeAction]:
        """One action that makes all safe fixes of the document that fit together."""
        findings = [each.finding for each in self._known.shown]
        fixes = propose(findings, choices_of(self._known.folder.session), self._texts)
        chosen = compatible(fix for fix in fixes if fix.safety == "safe" and fix.edits).now
        edit = self._edit(chosen) if chosen else None
        if edit is not None:
            yield types.CodeAction("Make all safe fixes of mlwa-lint", FIX_ALL, edit=edit)

    def suppression(self, finding: Finding, reason: str) -> types.WorkspaceEdit | None:
        """The edit that suppresses a finding; None where no comment can."""
        fix = ignore(finding, reason, self._texts)
        return self._edit([fix]) if fix.edits else None

    def _edit(self, fixes: Sequence[Fix]) -> types.WorkspaceEdit | None:
        """The edits of fixes as the client makes them; None where it counts lines in another way."""
        changes: list[tuple[str, int | None, list[types.TextEdit]]] = []
        for path, edits in by_path(fixes).items():
            text = self._sources.of(path).raw
            if text.count("\r") != text.count("\r\n"):
                return None
            lines = Lines(lines_of(text.removeprefix("\ufeff")), self._known.writer.encoding)
            made = [_text_edit(edit, text, lines) for edit in edits]
            own = path == self._known.name
            changes.append(
                (self._known.writer.address(path), self._known.document.version if own else None, made)
            )
        if not self._versioned:
            return types.WorkspaceEdit(changes={uri: edits for uri, _, edits in changes})
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, version), edits)
                for uri, version, edits in changes
            ]
        )


def _text_edit(edit: Edit, text: str, lines: Lines) -> types.TextEdit:
    return types.TextEdit(lines.range(place_of(edit, text)), edit.text)


def _one_of_each(findings: Iterable[Finding]) -> list[Finding]:
    """The first finding of each rule."""
    found: dict[str, Finding] = {}
    for each in findings:
        found.setdefault(each.code, each)
    return list(found.values())


def _of_rule(diagnostics: Iterable[types.Diagnostic], code: str) -> list[types.Diagnostic]:
    return [each for each in diagnostics if each.source == SOURCE and each.code == code]
