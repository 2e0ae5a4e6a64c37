"""Removes the secrets of its sources from everything that leaves a target."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from mlwa_lint.files.lines import SourceLines
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.report import Outside, Report
from mlwa_lint.model.resources import Problem, Project
from mlwa_lint.model.secrets import STARS, Secrets, names_secret, suspicious
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Choice, ListValue, MapValue, Scalar, Unknown, Value, plain_text
from mlwa_lint.startup.patterns import lazy

if TYPE_CHECKING:
    from mlwa_lint.model.outlines import Outline

_NAMING = ("Name", "Key", "EnvironmentKey", "ParameterKey", "name", "key")
_VALUES = frozenset({"Value", "ParameterValue", "value"})
_QUOTED = lazy(r"(?<!\w)(['\"])(?P<quoted>.+?)\1(?!\w)")
_NAME = lazy(r"[\w.-]+")
_SHORTEST_PIECE = 6
_SHORTEST_QUOTE = 4


def note_given(own: Secrets, options: LoadOptions) -> None:
    """Notes what the user states for parameters and variables that are secret."""
    own.given(options.parameters)
    own.given(options.variables)
    if options.environment_variables:
        own.given({k.removeprefix("TF_VAR_"): v for k, v in os.environ.items() if k.startswith("TF_VAR_")})
    own.settle()


def note_values(own: Secrets, projects: Iterable[Project]) -> None:
    """Notes what evaluation has put under a secret's name, whatever it was made of."""
    if not own.found:
        return
    for project in projects:
        for resource in project.resources:
            _walk(own, resource.properties, False)


def _walk(own: Secrets, top: Value, hidden: bool) -> None:
    waiting: list[tuple[Value, bool]] = [(top, hidden)]
    while waiting:
        value, hidden = waiting.pop()
        if isinstance(value, Scalar):
            if hidden and not isinstance(value.data, bool):
                own.add(plain_text(value.data), value.span)
        elif isinstance(value, MapValue):
            if not isinstance(value.entries, dict):
                continue  # evaluated on demand: what was never read is in no output
            paired = any(
                isinstance(entry.value, Scalar) and names_secret(str(entry.value.data))
                for entry in map(value.entries.get, _NAMING)
                if entry is not None
            )
            for key, entry in value.entries.items():
                named = names_secret(key) or (paired and key in _VALUES)
                waiting.append((entry.value, named and not isinstance(entry.value, MapValue)))
        elif isinstance(value, ListValue):
            waiting += [(item, hidden) for item in value.items]
        elif isinstance(value, Choice):
            waiting += [(value.yes, hidden), (value.no, hidden)]
        elif hidden and isinstance(value, Unknown):
            for part in value.parts:
                if isinstance(part, str) and len(part) >= _SHORTEST_PIECE:
                    own.add(part, value.span)


def veiled(report: Report, own: Secrets, texts: Mapping[str, str] | None = None) -> Report:
    """A report in which no text contains a secret, and which lists where the sources contain secrets."""
    clean = _remembering(own.scrub)
    lines = SourceLines(texts or {})
    findings = tuple(_clean_finding(each, clean) for each in report.findings)
    hidden = dict.fromkeys((*report.hidden, *own.places))
    if own.texts:
        # Each line once: all findings may be on the same one.
        shown = {(each.span.path, each.span.line - before) for each in findings for before in (1, 0)}
        for path, number in sorted(shown):
            hidden.update(dict.fromkeys(_places(own, lines, path, number)))
    return report._replace(
        findings=findings,
        undecided=tuple(
            each._replace(address=clean(each.address), reasons=tuple(map(clean, each.reasons)))
            for each in report.undecided
        ),
        errors=tuple(each._replace(message=clean(each.message)) for each in report.errors),
        problems=tuple(_clean_problem(each, clean, lines) for each in report.problems),
        hidden=tuple(hidden),
        outlines=_cleaned(report.outlines, clean),
        outside=tuple(_clean_outside(each, clean) for each in report.outside),
    )


def _clean_outside(outside: Outside, clean: Callable[[str], str]) -> Outside:
    return outside._replace(
        name=clean(outside.name), address=clean(outside.address), pieces=tuple(map(clean, outside.pieces))
    )


def _cleaned(outlines: "tuple[Outline, ...]", clean: Callable[[str], str]) -> "tuple[Outline, ...]":
    if not outlines:
        return ()
    from mlwa_lint.model.outlines import cleaned

    return tuple(cleaned(each, clean) for each in outlines)


def clean_problem(problem: Problem, own: Secrets, texts: Mapping[str, str] | None = None) -> Problem:
    """A problem whose message holds no secret, though it may quote the line that it is about."""
    return _clean_problem(problem, own.scrub, SourceLines(texts or {}))


def _remembering(scrub: Callable[[str], str]) -> Callable[[str], str]:
    known: dict[str, str] = {}

    def clean(text: str) -> str:
        found = known.get(text)
        if found is None:
            found = known[text] = scrub(text)
        return text if found == text else found

    return clean


def _clean_finding(finding: Finding, clean: Callable[[str], str]) -> Finding:
    message, address, condition = finding.message, finding.address, finding.condition
    if (
        clean(message) is message
        and clean(address) is address
        and (condition is None or clean(condition) is condition)
        and all(clean(each.message) is each.message for each in finding.related)
        and all(clean(each) is each for each in (finding.subject, *finding.lacking))
    ):
        return finding
    return finding._replace(
        subject=clean(finding.subject),
        lacking=tuple(map(clean, finding.lacking)),
        message=clean(message),
        address=clean(address),
        condition=None if condition is None else clean(condition),
        related=tuple(each._replace(message=clean(each.message)) for each in finding.related),
    )


def _clean_problem(problem: Problem, clean: Callable[[str], str], lines: SourceLines) -> Problem:
    message = clean(problem.message)
    if "'" in message or '"' in message:
        listed = lines.lines(problem.path)
        if 0 < problem.line <= len(listed) and suspicious(listed[problem.line - 1]):
            message = _QUOTED.sub(_unless_name, message)
    return problem._replace(message=message)


def _unless_name(match: re.Match[str]) -> str:
    """What a message quotes of a line that names a secret: only the name itself, or a sign, is shown."""
    quoted = match["quoted"]
    if len(quoted) < _SHORTEST_QUOTE or (_NAME.fullmatch(quoted) and names_secret(quoted)):
        return match.group()
    return f"{match[1]}{STARS}{match[1]}"


def _places(own: Secrets, lines: SourceLines, path: str, number: int) -> Iterable[Span]:
    listed = lines.lines(path)
    if 0 < number <= len(listed):
        for start, end in own.found_in(listed[number - 1]):
            yield Span(path, number, start + 1, number, end + 1)
