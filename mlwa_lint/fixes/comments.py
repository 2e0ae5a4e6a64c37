"""Comments that suppress: at the end of the line that a finding is on, or on a line of their own above it."""

import ast
import re
from collections.abc import Sequence

from mlwa_lint.discovery.modules import is_terraform
from mlwa_lint.discovery.search import is_python
from mlwa_lint.fixes.edits import Edit
from mlwa_lint.fixes.source import RefusedError, SourceFile
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy

_OURS = lazy(r"#\s*mlwa(?:-lint)?:\s*ignore\[(?P<codes>[^\]]{0,1000})\](?P<rest>.*)$")
_ANY = lazy(r"(?:^|\s)(?:#|//|/\*)")


def commented(source: SourceFile, span: Span, codes: Sequence[str], reason: str) -> Edit:
    """The comment that suppresses some rules on a line. Raises RefusedError where none fits."""
    start = source.offset(span.line, 1)
    if start < 0 or not source.text:
        raise RefusedError("the line is not there any more")
    stop = source.line_stop(start)
    line = source.text[start:stop]
    inside = _inside_text(source, stop)
    ours = None if inside else _OURS.search(line)
    if ours is not None:
        return _extended(source, start, ours, codes, reason)
    marker = f"# mlwa: ignore[{', '.join(codes)}] -- {reason}"
    stuck = inside or line.rstrip().endswith("\\") or "<<" in line
    if stuck or (is_terraform(source.path) and (_ANY.search(line) or _beside_comment(source, start, stop))):
        if _inside_text(source, start):
            raise RefusedError("it is inside a text")
        return source.edit(start, start, f"{source.indent(start)}{marker}\n")
    gap = " " if is_terraform(source.path) else "  "
    end = start + len(line.rstrip())
    return source.edit(end, end, f"{gap}{marker}")


def _extended(source: SourceFile, start: int, ours: re.Match[str], codes: Sequence[str], reason: str) -> Edit:
    """A suppression that is there already, with further rules."""
    rest = ours["rest"].rstrip()
    if "until" in rest.partition("--")[0]:
        raise RefusedError("the suppression on its line ends some day")
    known = [each for each in re.split(r"[\s,]+", ours["codes"]) if each]
    listed = ", ".join((*known, *(each for each in codes if each not in known)))
    old = rest.partition("--")[2].strip()
    reasons = old if reason in old else f"{old}; {reason}" if old else reason
    at = start + ours.start()
    return source.edit(at, start + ours.end(), f"# mlwa: ignore[{listed}] -- {reasons}")


def _beside_comment(source: SourceFile, start: int, stop: int) -> bool:
    """Whether a line above or below ends in a comment, which `terraform fmt` would align with another."""
    above = source.text[source.line_start(max(start - 1, 0)) : max(start - 1, 0)]
    below = source.text[stop + 1 : source.line_stop(stop + 1)] if stop < len(source.text) else ""
    return any(_ANY.search(each) and not each.lstrip().startswith(("#", "//")) for each in (above, below))


def _inside_text(source: SourceFile, offset: int) -> bool:
    """Whether an offset is inside a text, where `#` starts no comment."""
    if is_python(source.path):
        return _inside_string(source, offset)
    if is_terraform(source.path):
        return _inside_template(source, offset)
    from mlwa_lint.fixes.templates.tree import texts_of

    return any(each.start < offset < each.stop for each in texts_of(source.text))


def _inside_string(source: SourceFile, offset: int) -> bool:
    line, _ = source.place(offset)
    return any(
        isinstance(node, (ast.Constant, ast.JoinedStr)) and node.lineno <= line < (node.end_lineno or 0)
        for node in ast.walk(source.program)
    )


def _inside_template(source: SourceFile, offset: int) -> bool:
    from mlwa_lint.fixes.hcl.tree import document_of

    return document_of(source).in_text(offset)
