"""Which choices comments beside resources and their settings state on purpose, or with a reason.

A comment counts inside of a resource, directly above it, and at a value or a block elsewhere that it takes:
the default of a variable, an attachment (docs/decisions/0670).
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path

from mlwa_lint.files.reading import text_if_readable
from mlwa_lint.model.findings import StatedSubject
from mlwa_lint.model.resources import STATED_REASON, Project, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Choice, ListValue, MapValue, Scalar, Unknown, Value
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

COMMENTED_SIZE_LIMIT = 1_000_000
_COMMENTED = (".py", ".tf", ".yaml", ".yml", ".template")
_ALONE = ("#", "//")
_COMMENT = lazy(r"(?:^|(?<=\s))(?:#|//)+[ \t]*(.*)$")
_CLOSING = (")", "]", "}")


class _Stated(NamedTuple):
    """A comment that states choices. first: its first line. target: the line of code that it is about."""

    first: int
    target: int
    subjects: frozenset[StatedSubject]


class _Comment(NamedTuple):
    """A comment with its first line and the line of code that it is above of, or behind."""

    first: int
    target: int
    text: str


class _File(NamedTuple):
    """A file with such comments. headers: the lines where resources begin."""

    lines: Sequence[str]
    stated: Sequence[_Stated]
    headers: Set[int]


def with_stated_reasons(project: Project) -> Project:
    """The project with the subjects of the choices that comments state, as a note of each resource."""
    headers: dict[str, set[int]] = {path: set() for path in project.sources}
    for each in project.resources:
        headers.setdefault(each.span.path, set()).add(each.span.line)
    read = ((path, _file_at(path, lines)) for path, lines in headers.items() if path.endswith(_COMMENTED))
    files = {path: file for path, file in read if file is not None}
    if not files:
        return project
    return project._replace(resources=tuple(_noted(each, files) for each in project.resources))


def _file_at(path: str, headers: Set[int]) -> _File | None:
    lines = text_if_readable(Path(path), COMMENTED_SIZE_LIMIT).splitlines()
    comments = [*_comments_in(lines)]
    if not comments:
        return None
    from mlwa_lint.frontends.choice_words import subjects_of

    stated = [
        _Stated(each.first, each.target, subjects_of(each.text, lines[each.target - 1])) for each in comments
    ]
    stated = [each for each in stated if each.subjects]
    return _File(lines, stated, headers) if stated else None


def _comments_in(lines: Sequence[str]) -> Iterator[_Comment]:
    first, parts = 0, list[str]()
    for number, line in enumerate(lines, 1):
        text = line.lstrip()
        if text.startswith(_ALONE):
            first = first if parts else number
            parts.append(text.lstrip("#/ \t"))
            continue
        if parts:
            yield _Comment(first, number, " ".join(parts))
            parts = []
        if "#" in text or "//" in text:
            behind = _COMMENT.search(line)
            if behind is not None:
                yield _Comment(number, number, behind[1])


def _noted(resource: Resource, files: Mapping[str, _File]) -> Resource:
    header = resource.span
    found = set[StatedSubject]()
    for path, file in files.items():
        own = _block(file.lines, header.line) if path == header.path else range(0)
        places: list[int] | None = None
        for each in file.stated:
            if each.first in own or (path == header.path and each.target == header.line):
                found |= each.subjects
                continue
            target = _block(file.lines, each.target)
            if file.headers.isdisjoint(target):
                places = _lines_in(resource, path) if places is None else places
                if any(line in target for line in places):
                    found |= each.subjects
    return resource.with_note(STATED_REASON, " ".join(sorted(found))) if found else resource


def _block(lines: Sequence[str], header: int) -> range:
    """The lines of a block, which are further to the right than its first one, or close it."""
    if not 0 < header <= len(lines):
        return range(0)
    margin = _margin(lines[header - 1])
    end = header + 1
    for number in range(header + 1, len(lines) + 1):
        line = lines[number - 1]
        text = line.strip()
        inside = _margin(line) > margin
        if text and not inside and not text.startswith(_ALONE):
            return range(header, number + 1 if text.startswith(_CLOSING) else end)
        end = number + 1 if text and inside else end
    return range(header, end)


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def _lines_in(resource: Resource, path: str) -> list[int]:
    """The lines of a file in which values of a resource are written."""
    return [each.line for each in _places_of(resource.properties) if each.path == path]


def _places_of(value: Value) -> Iterator[Span]:
    if isinstance(value, MapValue):
        for each in value.entries.values():
            yield each.key_span
            yield from _places_of(each.value)
    elif isinstance(value, ListValue):
        for item in value.items:
            yield from _places_of(item)
    elif isinstance(value, Choice):
        yield from _places_of(value.yes)
        yield from _places_of(value.no)
    elif value.span is not None:
        yield value.span
        if isinstance(value, (Scalar, Unknown)) and value.origin is not None:
            yield value.origin


__all__ = ["with_stated_reasons"]
