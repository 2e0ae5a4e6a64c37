"""Patterns as in `.gitignore`; a line that git takes for none (`!`, one that ends in a backslash) is none."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def spec_of(lines: Iterable[str]) -> "GitIgnoreSpec":
    """What some lines name."""
    from pathspec import GitIgnoreSpec

    lines = tuple(lines)
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines(filter(_is_pattern, lines))


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines((line,))
    except ValueError:
        return False
    return True
