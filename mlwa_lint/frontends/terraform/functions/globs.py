"""Which files of a folder match a pattern of `fileset`."""

import os
from collections.abc import Iterator
from pathlib import Path

from mlwa_lint.files.reading import names_in
from mlwa_lint.frontends.re2.machine import Machine, TooMuchError
from mlwa_lint.frontends.re2.program import Pattern, read_pattern
from mlwa_lint.frontends.re2.syntax import PatternError
from mlwa_lint.frontends.terraform.functions.data import CannotError, undecided

_SPECIAL = "\\.+()|^$[]{}*?"


def matching(folder: Path, pattern: str, limit: int) -> list[str]:
    """The files below a folder that match, relative to it, with forward slashes."""
    try:
        compiled = read_pattern(_expression(pattern))
    except PatternError:
        raise CannotError(f"read the pattern {pattern!r}") from None
    return [path for path in _files(folder, limit) if _matches(compiled, path)]


def _matches(pattern: Pattern, path: str) -> bool:
    try:
        return Machine(pattern, path).search(0) is not None
    except TooMuchError:
        raise undecided("a pattern of files takes too long") from None


def _files(folder: Path, limit: int) -> Iterator[str]:
    count = 0
    for base, folders, names in os.walk(folder):
        names_in(base)  # so that the run knows that its result rests on this folder
        folders.sort()
        for name in names:
            count += 1
            if count > limit:
                raise undecided(f"a folder holds more than {limit} files")
            yield (Path(base) / name).relative_to(folder).as_posix()


def _expression(pattern: str) -> str:
    """The pattern as a regular expression: `**/` any folders, `*` and `?` within a name, `[ab]`, `{a,b}`."""
    found: list[str] = []
    at = depth = 0
    while at < len(pattern):
        point = pattern[at]
        if pattern.startswith("**/", at) and (at == 0 or pattern[at - 1] == "/"):
            found.append("(?:[^/]*/)*")
            at += 3
            continue
        if pattern.startswith("**", at) and at + 2 == len(pattern) and (at == 0 or pattern[at - 1] == "/"):
            found.append(".*")
            at += 2
            continue
        if point == "*":
            found.append("[^/]*")
        elif point == "?":
            found.append("[^/]")
        elif point == "[":
            end = pattern.find("]", at + 2)
            if end < 0:
                raise CannotError(f"read the pattern {pattern!r}")
            inner = pattern[at + 1 : end]
            found.append(f"[^{inner[1:]}]" if inner[0] in "!^" else f"[{inner}]")
            at = end
        elif point == "{":
            depth += 1
            found.append("(?:")
        elif point == "}" and depth:
            depth -= 1
            found.append(")")
        elif point == "," and depth:
            found.append("|")
        elif point == "\\" and at + 1 < len(pattern):
            at += 1
            found.append(_literal(pattern[at]))
        else:
            found.append(_literal(point))
        at += 1
    return f"(?s)\\A(?:{''.join(found)})\\z"


def _literal(point: str) -> str:
    return f"\\{point}" if point in _SPECIAL else point
