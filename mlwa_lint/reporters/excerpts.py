"""The lines around a finding, with the place underlined."""

from collections.abc import Iterator

from mlwa_lint.model.spans import Span
from mlwa_lint.reporters.painting import Line
from mlwa_lint.reporters.redaction import redacted

_TAB = "    "


def excerpt(lines: list[str], span: Span, style: str, width: int, secret: bool) -> Iterator[Line]:
    """The line before the place, its first line, and a line that underlines it; nothing without source.

    secret: the place holds a credential, which is not shown.
    """
    if not 1 <= span.line <= len(lines):
        return
    gutter = len(str(span.line))
    room = max(width - gutter - 5, 20)
    line = lines[span.line - 1]
    start = min(span.column - 1, len(line))
    line = redacted(line, start if secret else None)
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line.rstrip())
    shift = _shift(line, start, end, room)
    before = redacted(lines[span.line - 2]) if span.line > 1 and not shift else ""
    if before.strip():
        yield [(f"  {span.line - 1:>{gutter}} | ", "gutter"), (_cut(before, shift, room), "")]
    yield [(f"  {span.line:>{gutter}} | ", "gutter"), (_cut(line, shift, room), "")]
    indent = _columns(_expand(line[shift:start]))
    marks = max(_columns(_expand(line[start : min(max(end, start), start + room)])), 1)
    yield [
        (f"  {'':>{gutter}} | ", "gutter"),
        (" " * indent + "^" * max(min(marks, room - indent), 1), style),
    ]


def _shift(line: str, start: int, end: int, room: int) -> int:
    """How many characters to leave out at the left so that the place can be seen."""
    if end <= room and _columns(_expand(line[:end])) <= room:
        return 0
    return max(0, min(start, start - min(room // 3, 20)))


def _cut(line: str, shift: int, room: int) -> str:
    text = _expand(line[shift : shift + room + 1]).rstrip()  # a line can be as long as the file
    if _columns(text) <= room:
        return text
    kept = ""
    used = 0
    for character in text:
        used += _width(character)
        if used >= room:
            break
        kept += character
    return kept + "\N{HORIZONTAL ELLIPSIS}"


def _expand(text: str) -> str:
    return text.replace("\t", _TAB)


def _columns(text: str) -> int:
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    from unicodedata import east_asian_width

    return 2 if east_asian_width(character) in "WF" else 1
