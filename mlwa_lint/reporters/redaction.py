"""Keeps credentials out of source excerpts: reports reach readers that sources do not."""

import re

from mlwa_lint.model.credentials import places
from mlwa_lint.startup.patterns import lazy

_NAMES = r"password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential"
_PATTERNS = (
    # The value of something that is named like a credential: in quotes, which may themselves be escaped,
    # to their end or that of the line; without quotes, unless it is a reference.
    lazy(
        rf"""(?i)(?<!resolve:)(?:{_NAMES})[\w.-]{{0,200}}\\*["']?\s*[:=]\s*(?P<quote>\\*["'])"""
        rf"""(?!\{{\{{resolve:)(?P<secret>(?:(?!(?P=quote)|(?<!\\)["']).|(?<=\\)["'])+)"""
    ),
    lazy(
        rf"""(?i)(?<!resolve:)(?:{_NAMES})[\w.-]{{0,200}}\\*["']?\s*[:=]\s*(?P<secret>[^\s"'\\,!${{}}\[*|>][^"'\\,]*?)"""
        rf"""(?=\s{{0,100}}(?:["'\\,]|\}}\s*(?:[,}}\])]|$)|\s#|$))"""
    ),
    lazy(r"(?P<secret>(?<![A-Za-z0-9+/=])[A-Za-z0-9+/=]{40,})"),
    lazy(r"://[^/\s:@]*:(?P<secret>[^/\s@]+)@"),
    # A token in place of a name: `https://TOKEN@github.com/...`.
    lazy(r"://(?P<secret>[^/\s:@]{16,})@"),
    lazy(r"(?P<secret>\bsk-[\w-]{10,})"),
)
_VALUE = lazy(r"[:=]\s*(?P<secret>\S.*)")


def hushed(text: str) -> str:
    """A message without what has a credential's format, or follows a credential's name."""
    for start, end in sorted(places(text), reverse=True):
        text = text[:start] + "*" * (end - start) + text[end:]
    for pattern in _PATTERNS[:2]:
        text = pattern.sub(_starred, text)
    return text


def redacted(line: str, start: int | None = None) -> str:
    """A line with credentials starred out, character by character, so that columns stay.

    start: where a finding about a credential begins; then whatever is assigned after it is hidden too.
    """
    line = hushed(line)
    for pattern in _PATTERNS[2:]:
        line = pattern.sub(_starred, line)
    if start is None:
        return line
    head, rest = line[:start], line[start:]
    found = _VALUE.search(rest)
    # Where nothing is assigned, the place is the credential itself.
    return head + (_VALUE.sub(_starred, rest, count=1) if found else "*" * len(rest))


def _starred(match: re.Match[str]) -> str:
    start, end = (position - match.start() for position in match.span("secret"))
    text = match.group()
    return text[:start] + "*" * (end - start) + text[end:]
