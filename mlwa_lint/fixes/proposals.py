"""The fixes of a result, made when somebody asks for them: reports list them beside findings."""

from collections.abc import Iterable, Mapping

from mlwa_lint.fixes.describing import preview
from mlwa_lint.fixes.edits import Edit, Fix, by_path, place_of
from mlwa_lint.fixes.propose import Choices, propose
from mlwa_lint.fixes.source import RefusedError, Sources
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span


class Proposals:
    """Fixes by finding, in texts as they are now.

    hidden: places of secrets; a fix whose text would repeat one is left out.
    """

    def __init__(
        self,
        findings: Iterable[Finding],
        choices: Choices,
        texts: Mapping[str, str],
        hidden: Iterable[Span] = (),
    ) -> None:
        self._findings = [each for each in findings if each.fix is not None]
        self._choices = choices
        self._texts = texts
        self._hidden = tuple(hidden)
        self._sources = Sources(texts)
        self._found: dict[Finding, Fix] | None = None

    def of(self, finding: Finding) -> Fix | None:
        """The fix of a finding; None where its rule has none."""
        if finding.fix is None:
            return None
        if self._found is None:
            fixes = propose(self._findings, self._choices, self._texts)
            self._found = {fix.finding: fix for fix in fixes}
        fix = self._found.get(finding)
        return None if fix is None or self._repeats_secret(fix) else fix

    def text(self, path: str) -> str:
        """A file's text as it is, line ends and byte order mark included."""
        return self._sources.of(path).raw

    def place(self, edit: Edit) -> Span:
        """Where an edit stands, in lines and columns."""
        return place_of(edit, self.text(edit.path))

    def preview(self, fix: Fix) -> list[str]:
        """The lines that a fix takes away and brings, secrets in them starred out."""
        lines = [line for path, edits in by_path([fix]).items() for line in preview(self.text(path), edits)]
        secrets = secrets_at(self._hidden, self._sources) if self._hidden else []
        return [_without(line, secrets) for line in lines]

    def _repeats_secret(self, fix: Fix) -> bool:
        texts = [edit.text for edit in fix.edits if "\n" in edit.text]
        if not texts or not self._hidden:
            return False
        secrets = secrets_at(self._hidden, self._sources)
        return any(secret in text for secret in secrets for text in texts)


def _without(line: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        line = line.replace(secret, "*" * len(secret))
    return line


def secrets_at(places: Iterable[Span], sources: Sources) -> list[str]:
    """What stands at the places of secrets, without quotes; the longest first."""
    found = set()
    for span in places:
        try:
            source = sources.of(span.path)
        except RefusedError:
            continue
        start, stop = source.offset(span.line, span.column), source.offset(span.end_line, span.end_column)
        text = source.text[start:stop].strip("\"' \n") if 0 <= start < stop else ""
        if len(text) > 3:
            found.add(text)
    return sorted(found, key=len, reverse=True)
