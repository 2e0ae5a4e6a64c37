"""GitHub Actions: annotations on the lines of a pull request, and the job's summary."""

import os

from mlwa_lint.errors import UserError
from mlwa_lint.filters.result import Result
from mlwa_lint.model.findings import Finding, Severity
from mlwa_lint.reporters import markdown
from mlwa_lint.reporters.changes import as_lines
from mlwa_lint.reporters.summary import View, internal_error, others, sentence

_COMMANDS: dict[Severity, str] = {"high": "error", "medium": "warning", "low": "warning", "info": "notice"}
SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


def render(result: Result, view: View) -> str:
    """One workflow command per finding; appends the summary to the file that GitHub names."""
    lines = [_annotation(finding, view) for finding in result.findings]
    for problem in result.problems:
        command = "error" if problem.fatal else "notice" if problem.quiet else "warning"
        place = f"file={_value(problem.path)},line={max(problem.line, 1)},title=mlwa-lint"
        lines.append(f"::{command} {place}::{_text(problem.message)}")
    lines += [
        f"::error file={_value(error.path)},title=mlwa-lint::{_text(internal_error(error))}"
        for error in result.errors
    ]
    summary = os.environ.get(SUMMARY_VARIABLE)
    if summary:
        _append(summary, markdown.render(result, view))
    return "".join(f"{line}\n" for line in lines)


def _annotation(finding: Finding, view: View) -> str:
    span = finding.span
    place = [f"file={_value(span.path)}", f"line={span.line}", f"endLine={span.end_line}"]
    if span.end_line == span.line:  # GitHub refuses columns on annotations of several lines
        place += [f"col={span.column}", f"endColumn={span.end_column}"]
    place.append(f"title={_value(f'{finding.code} {finding.name}')}")
    more = others(finding)
    lines = (sentence(finding), f"and {more}" if more else "", finding.remedy)
    message = "\n".join([*(line for line in lines if line), *as_lines(finding, view), finding.help])
    return f"::{_COMMANDS[finding.severity]} {','.join(place)}::{_text(message)}"


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
