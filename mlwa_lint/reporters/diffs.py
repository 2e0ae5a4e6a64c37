"""What fixes change, as a unified diff."""

import difflib
from collections.abc import Sequence

from mlwa_lint.fixes.proposals import secrets_at
from mlwa_lint.fixes.rounds import Settled
from mlwa_lint.fixes.source import SourceFiles
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters.redaction import redacted


def diff(settled: Settled, hidden: Sequence[Span] = ()) -> str:
    """A unified diff of all texts, as `patch -p0` and reviewers read it; secrets in it are starred out."""
    pieces: list[str] = []
    secrets = secrets_at(hidden, SourceFiles(settled.old))
    for path in sorted(settled.texts):
        old, new = settled.old[path].splitlines(keepends=True), settled.texts[path].splitlines(keepends=True)
        pieces += [
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in difflib.unified_diff(old, new, path, path)
        ]
    text = "".join(pieces)
    for secret in secrets:
        text = text.replace(secret, "*" * len(secret))
    return "".join(map(redacted, text.splitlines(keepends=True)))
