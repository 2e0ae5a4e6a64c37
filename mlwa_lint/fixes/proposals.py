"""The fixes of a result, made on demand: reports list them beside findings."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from mlwa_lint.fixes.describing import preview
from mlwa_lint.fixes.edits import Edit, Fix, by_path, place_of
from mlwa_lint.fixes.propose import Choices, proposed
from mlwa_lint.fixes.source import RefusedError, SourceFiles
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.spans import Span

# So many files are kept at hand: findings come in the order of their files.
SOURCES_LIMIT = 100


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
        self._open = {each for each in findings if each.fix is not None}
        self._choices = choices
        self._texts = texts
        self._hidden = tuple(hidden)
        self._sources = SourceFiles(texts, SOURCES_LIMIT)

    def of(self, finding: Finding) -> Fix | None:
        """The fix of a finding; None where its rule has none."""
        if finding.fix is None or finding not in self._open:
            return None
        fix = proposed(finding, finding.fix, self._choices, self._sources)
        return None if self._repeats_secret(fix) else fix

    def text(self, path: str) -> str:
        """A file's text as it is, line ends and byte order mark included."""
        return self._sources.of(path).raw

    def place(self, edit: Edit) -> Span:
        """The place of an edit, in lines and columns."""
        return place_of(edit, self.text(edit.path))

    def preview(self, fix: Fix) -> list[str]:
        """The lines that a fix takes away and brings, secrets in them starred out."""
        lines = [line for path, edits in by_path([fix]).items() for line in preview(self.text(path), edits)]
        return [_without(line, self._secrets) for line in lines]

    @cached_property
    def _secrets(self) -> list[str]:
        return secrets_at(self._hidden, self._sources)

    def _repeats_secret(self, fix: Fix) -> bool:
        texts = [edit.text for edit in fix.edits if "\n" in edit.text]
        if not texts or not self._hidden:
            return False
        return any(secret in text for secret in self._secrets for text in texts)


def _without(line: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        line = line.replace(secret, "*" * len(secret))
    return line


def secrets_at(places: Iterable[Span], sources: SourceFiles) -> list[str]:
    """The texts at the places of secrets, without quotes; the longest first."""
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
