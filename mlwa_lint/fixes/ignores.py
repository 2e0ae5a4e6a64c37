"""Suppressions as fixes: a comment where the finding is, or an entry in a JSON template's metadata."""

from collections.abc import Mapping, Sequence

from mlwa_lint.discovery.search import is_python
from mlwa_lint.fixes.comments import commented
from mlwa_lint.fixes.edits import Edit, Fix
from mlwa_lint.fixes.everywhere import everywhere
from mlwa_lint.fixes.propose import Choices
from mlwa_lint.fixes.source import RefusedError, SourceFile, SourceFiles
from mlwa_lint.model.findings import Finding

_UNUSED = "MLO901"


class Ignores:
    """Proposes suppressions with one reason, as `propose` does fixes."""

    def __init__(self, reason: str) -> None:
        self._reason = " ".join(reason.split())

    def __call__(self, findings: Sequence[Finding], choices: Choices, texts: Mapping[str, str]) -> list[Fix]:
        """A suppression of each finding, at all its places; what is at one place shares a comment."""
        sources = SourceFiles(texts)
        codes: dict[tuple[str, int], set[str]] = {}
        for each in findings:
            for single in each.singles:
                codes.setdefault(_line(single), set()).add(each.code)
        return [self._made(each, codes, sources) for each in findings]

    def _made(self, finding: Finding, codes: Mapping[tuple[str, int], set[str]], sources: SourceFiles) -> Fix:
        def edits_of(single: Finding) -> list[Edit]:
            together = sorted(codes[_line(single)] - {_UNUSED})
            return _edits(sources.of(single.span.path), single, together, self._reason)

        title = f"Suppress {finding.code} with the reason {self._reason!r}"
        try:
            about, edits = everywhere(finding, edits_of)
        except RefusedError as refusal:
            return Fix(finding.code, "shown", (), title, finding, str(refusal))
        return Fix(finding.code, "safe", edits, title, about)


def _line(finding: Finding) -> tuple[str, int]:
    return finding.span.path, finding.span.line


def ignores(reason: str) -> Ignores:
    """What proposes suppressions with a reason."""
    return Ignores(reason)


def ignore(finding: Finding, reason: str, texts: Mapping[str, str] | None = None) -> Fix:
    """A suppression of one finding, with a reason; `shown` where no comment can express it.

    texts: unsaved texts, by the paths that findings name; the others are read.
    """
    return Ignores(reason)([finding], lambda path: {}, texts or {})[0]


def _edits(source: SourceFile, finding: Finding, codes: Sequence[str], reason: str) -> list[Edit]:
    path = source.path
    if finding.code == _UNUSED:
        raise RefusedError("a suppression that hides nothing is to be deleted")
    if finding.construct is not None:
        raise RefusedError('the CDK generates the template: addMetadata("mlwa-lint", …) there')
    if finding.address == finding.root:
        raise RefusedError(
            "it is about the project as a whole: list the rule under `ignore` in the configuration"
        )
    if path.endswith((".ipynb", ".tf.json", ".tfplan", ".tfplan.json")):
        raise RefusedError("files of this kind cannot contain it")
    if not is_python(path) and source.text.lstrip()[:1] == "{" and not path.endswith((".tf", ".tofu")):
        from mlwa_lint.fixes.templates.metadata import suppressed

        return suppressed(source, finding, codes, reason)
    return [commented(source, finding.span, codes, reason)]
