"""GitHub Actions: annotations on the lines of a pull request, and the job's summary."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator

from mlwa_lint.errors import UserError
from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import SEVERITIES, Finding, Severity
from mlwa_lint.model.resources import Problem
from mlwa_lint.reporters.changes import as_lines
from mlwa_lint.reporters.comment import folded
from mlwa_lint.reporters.summary import ReportStyle, internal_error, others, sentence
from mlwa_lint.reporters.workspace import in_repository
from mlwa_lint.startup.records import NamedTuple

_COMMANDS: dict[Severity, str] = {"high": "error", "medium": "warning", "low": "notice", "info": "notice"}
SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
# GitHub shows ten annotations of each level of a step, and drops the others silently.
SHOWN = 10
# A step's summary may have 1 MiB; a character has at most four bytes.
SUMMARY_LIMIT = 250_000


class _Annotation(NamedTuple):
    """level: error, warning or notice. where: properties of the command. line: the same for the log."""

    level: str
    where: str
    message: str
    line: str


def render(result: Result, view: ReportStyle) -> str:
    """A workflow command for each of the worst findings; what GitHub would drop is in the log.

    Appends the summary to the file that GitHub names.
    """
    shown: Counter[str] = Counter()
    lines, rest = [], []
    for each in _annotations(result, view):
        shown[each.level] += 1
        if shown[each.level] <= SHOWN:
            lines.append(f"::{each.level} {each.where}::{_text(each.message)}")
        else:
            rest.append(each.line)
    summary = os.environ.get(SUMMARY_VARIABLE)
    if summary:
        _append(summary, folded(result, SUMMARY_LIMIT))
    return "".join(f"{line}\n" for line in (*lines, *_in_log(rest)))


def _annotations(result: Result, view: ReportStyle) -> Iterator[_Annotation]:
    """All messages, the most important first."""
    yield from map(_of_problem, result.fatal)
    for error in result.errors:
        text = internal_error(error)
        where = f"file={_value(in_repository(error.path))},title=mlwa-lint"
        yield _Annotation("error", where, text, f"{error.path}: error: {text}")
    ordered = sorted(
        result.findings, key=lambda each: (SEVERITIES.index(each.severity), each.span, each.code)
    )
    yield from (_of_finding(finding, view) for finding in ordered)
    yield from (_of_problem(problem) for problem in result.problems if not problem.fatal)


def _of_problem(problem: Problem) -> _Annotation:
    level = "error" if problem.fatal else "notice" if problem.quiet else "warning"
    line = f"line={problem.line}," if problem.line else ""
    where = f"file={_value(in_repository(problem.path))},{line}title=mlwa-lint"
    return _Annotation(level, where, problem.message, f"{problem.place}: {level}: {problem.message}")


def _of_finding(finding: Finding, view: ReportStyle) -> _Annotation:
    span = finding.span
    place = [f"file={_value(in_repository(span.path))}", f"line={span.line}", f"endLine={span.end_line}"]
    if span.end_line == span.line:  # GitHub refuses columns on annotations of several lines
        place += [f"col={span.column}", f"endColumn={span.end_column}"]
    place.append(f"title={_value(f'{finding.code} {finding.name}')}")
    more = others(finding)
    text = sentence(finding)
    lines = (text, f"and {more}" if more else "", finding.remedy, *as_lines(finding, view), finding.help)
    head = f"{span.path}:{span.line}:{span.column}: {finding.severity} {finding.code} {finding.name}"
    message = "\n".join(line for line in lines if line)
    return _Annotation(_COMMANDS[finding.severity], ",".join(place), message, f"{head}: {text}")


def _in_log(lines: Iterable[str]) -> Iterator[str]:
    """Lines for the log alone, folded; none of them can be taken for a command."""
    lines = list(lines)
    if not lines:
        return
    yield f"::group::{len(lines)} more, for which GitHub has no room beside the code"
    yield from (f"- {_text(line).replace('##[', '## [')}" for line in lines)
    yield "::endgroup::"


def _text(text: str) -> str:
    """A message as workflow commands escape it: nothing in it can start another command."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return "".join(character for character in text if character.isprintable())


def _value(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")


def _append(path: str, text: str) -> None:
    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123
            file.write(text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(f"cannot write the job summary {path}: {reason}") from None
