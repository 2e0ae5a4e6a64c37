"""The title of a README that is no Markdown heading, and how the files of a package describe a repository."""

import re
from pathlib import Path

from mlwa_lint.files.reading import text_if_readable
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

PACKAGE_SIZE_LIMIT = 200_000
_LONGEST = 120
# How much may come before a title: comments, badges, pictures.
_START = 6_000
_NOISE = lazy(
    r"(?m)<!--[\s\S]*?-->|\[?!\[[^\]\n]*\]\([^)\n]*\)(?:\]\([^)\n]*\))?|<(?:img|br|hr)\b[^>]*>"
    r"|</?(?:a|center|div|p|picture|source)\b[^>]*>"
    # Directives of reStructuredText, attributes and comments of AsciiDoc.
    r"|^\.\. .*(?:\n[ \t]+\S.*)*|^:[\w-]+:.*$|^image::?\S.*$|^//.*$"
)
_HEADING = lazy(r"<h[1-3]\b[^>]*>(?P<heading>[\s\S]{1,400}?)</h[1-3]>")
_TAG = lazy(r"<[^<>]{0,300}>")
_BOLD = lazy(r"(?:\*\*|__|<b>|<strong>)(?P<bold>[^*_<\n]{2,120})(?:\*\*|__|</b>|</strong>):?")
_OF_ASCIIDOC = lazy(r"= +(?P<title>\S.*)")
_RULE = lazy(r"([=\-~^\"'*+#`:.])\1{2,}")
_PLAIN = lazy(r"[\w(][^.!?|{}<>=]*\w\)?")
_DESCRIPTION = {
    "package.json": lazy(r"\"description\"\s*:\s*\"(?P<text>[^\"\n]{3,400})\""),
    "pyproject.toml": lazy(r"(?m)^description\s*=\s*[\"'](?P<text>[^\"'\n]{3,400})[\"']"),
}


class Title(NamedTuple):
    """A title, and where what is below it begins."""

    words: str
    end: int


def title_before(text: str, heading: int) -> Title | None:
    """What a README begins with that is a title, before its first Markdown heading; None where that is none.

    heading: where that begins; the length of the text without one.
    """
    start = text[: min(heading, _START)]
    # What is no text is left out by spaces, so that places stay.
    shown = _NOISE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), start)
    written = re.search(r"\S", shown)
    if written is None:
        return None
    at = written.start()
    found = _HEADING.match(shown, at)
    if found is not None:
        return Title(" ".join(_TAG.sub(" ", found["heading"]).split()), found.end())
    lines = shown[at:].split("\n")
    first = lines[0].strip()
    end = at + len(lines[0])
    for pattern, group in ((_BOLD, "bold"), (_OF_ASCIIDOC, "title")):
        match = pattern.fullmatch(first)
        if match is not None:
            return Title(match[group], end)
    following = [each.strip() for each in (*lines[1:3], "", "")]
    if _RULE.fullmatch(first) and _RULE.fullmatch(following[1]):
        return Title(following[0], at + sum(len(each) + 1 for each in lines[:3]))
    if first and _RULE.fullmatch(following[0]):
        return Title(first, end + 1 + len(lines[1]))
    alone = not following[0] and len(first) <= _LONGEST and _PLAIN.fullmatch(first) is not None
    return Title(first, end) if alone else None


def description_of(folder: Path, names: frozenset[str]) -> str:
    """How the first file of a package in a folder describes it, in small letters; empty where none does."""
    for name, pattern in _DESCRIPTION.items():
        found = pattern.search(text_if_readable(folder / name, PACKAGE_SIZE_LIMIT)) if name in names else None
        if found is not None:
            return found["text"].lower()
    return ""


__all__ = ["Title", "description_of", "title_before"]
