"""Patterns as in `.gitignore`; a line that git takes for none (`!`, one that ends in a backslash) is none."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mlwa_lint.startup.patterns import lazy

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# The expression that pathspec makes of a line: what is between two `*` of a name, and between two `**`.
_NAME = r"(?:\\.|\[\^/\](?!\*)|\[[^\]\[\\^]+\]|[^\\/()\[\]*?+|$^.])+?"
_STARS = lazy(rf"\[\^/\]\*({_NAME})(?=\[\^/\]\*)")
_ANYWHERE = r"\(\?:/\.\+\)\?"
_FIRST = lazy(rf"^\^\(\?:\.\+/\)\?((?:(?!{_ANYWHERE}).)+?)(?={_ANYWHERE}/)")
_FOLDERS = lazy(rf"{_ANYWHERE}(/(?:(?!{_ANYWHERE}).)+?)(?={_ANYWHERE}/)")


def spec_of(lines: Iterable[str]) -> "GitIgnoreSpec":
    """What some lines name."""
    from pathspec import GitIgnoreSpec

    lines = tuple(lines)
    try:
        spec = GitIgnoreSpec.from_lines(lines)
    except ValueError:
        spec = GitIgnoreSpec.from_lines(filter(_is_pattern, lines))
    for pattern in spec.patterns:
        found = getattr(pattern, "regex", None)
        if isinstance(found, re.Pattern) and (decided := _decided(found.pattern)) != found.pattern:
            pattern.regex = re.compile(decided, found.flags)
    return spec


def _decided(expression: str) -> str:
    """An expression that matches the same without going back.

    Where another wildcard follows, the first place at which a piece of a name fits is as good as any later
    one. Trying them all takes hours for `*a*a*a*a*a*b` and a name of a hundred letters.
    """
    expression = _STARS.sub(r"(?>[^/]*?\1)", expression)
    expression = _FIRST.sub(r"^(?>(?:.+?/)??\1(?=/))", expression)
    return _FOLDERS.sub(r"(?>(?:/.+?)??\1(?=/))", expression)


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines((line,))
    except ValueError:
        return False
    return True
