"""Reports as bytes: for processes of ours, which trust each other, and for the cache, which nobody trusts."""

from json import JSONDecodeError, dumps, loads
from marshal import dumps as dump_marshal
from marshal import loads as load_marshal
from typing import Any

from mlwa_lint.files.reading import Probes
from mlwa_lint.model.findings import (
    SEVERITIES,
    Checked,
    Construct,
    Finding,
    Place,
    RuleError,
    Undecided,
)
from mlwa_lint.model.report import Report
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span


def packed(report: Report) -> bytes:
    """A report for another process of this run."""
    return dump_marshal(_plain(tuple(report), {}))  # equal texts become one, and are written once


def unpacked(data: bytes) -> Report:
    """The report that `packed` was given. Only for bytes that a process of this run has written."""
    return _report(load_marshal(data))


def stored(report: Report, probes: Probes) -> bytes:
    """A report, and what it rests on, for the cache."""
    asked = [[question, path, answer] for (question, path), answer in probes.items()]
    return dumps([report, asked], separators=(",", ":")).encode("ascii")


def restored(data: bytes) -> tuple[Report, Probes]:
    """What `stored` was given. Raises ValueError for whatever is nothing of the kind."""
    try:
        report, asked = loads(data)
        found = _report(_frozen(report))
        _expect(found)
        probes = {(question, path): answer for question, path, answer in asked}
        if not all(isinstance(text, str) for key, answer in probes.items() for text in (*key, answer)):
            raise ValueError("a probe is no text")
    except (
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
        JSONDecodeError,
        UnicodeDecodeError,
    ) as error:
        raise ValueError(f"no entry: {error}") from None
    return found, probes


def _report(fields: Any) -> Report:
    findings, undecided, errors, problems, resources, sources, hidden, lasting, checked = fields
    return Report(
        tuple(map(_finding, findings)),
        tuple(
            Undecided(code, name, address, Span(*span), tuple(reasons))
            for code, name, address, span, reasons in undecided
        ),
        tuple(RuleError(*each) for each in errors),
        tuple(Problem(*each) for each in problems),
        resources,
        tuple(sources),
        tuple(Span(*span) for span in hidden),
        lasting,
        tuple(Checked(*each) for each in checked),
    )


def _frozen(value: Any) -> Any:
    return tuple([_frozen(each) for each in value]) if isinstance(value, list) else value


def _expect(report: Report) -> None:
    """Raises TypeError for a report with anything in it that reporters do not expect."""
    texts: list[Any] = [*report.sources]
    numbers: list[Any] = [report.resources]
    spans = list(report.hidden)
    for finding in report.findings:
        for name, value in zip(Finding._fields, finding, strict=True):
            if isinstance(value, Span):
                spans.append(value)
            elif name == "related":
                texts += [place.message for place in finding.related]
                spans += [place.span for place in finding.related]
            elif isinstance(value, tuple):
                texts += value
            elif value is not None or name not in ("condition", "suppressed"):
                texts.append(value)
        if finding.severity not in SEVERITIES:
            raise TypeError("a severity")
    for undecided in report.undecided:
        texts += [undecided.code, undecided.name, undecided.address, *undecided.reasons]
        spans.append(undecided.span)
    for problem in report.problems:
        texts += [problem.path, problem.message]
        numbers.append(problem.line)
    for checked in report.checked:
        texts.append(checked.code)
        numbers += checked[1:]
    for span in spans:
        texts.append(span.path)
        numbers += span[1:]
    if report.errors or report.lasting is not True:
        raise TypeError("what is not kept")
    if not all(type(text) is str for text in texts) or not all(type(number) is int for number in numbers):
        raise TypeError("another type")


def _plain(value: Any, texts: dict[str, str]) -> Any:
    if isinstance(value, str):
        return texts.setdefault(value, value)
    if isinstance(value, tuple):
        return tuple([_plain(each, texts) for each in value])
    return value


def _finding(fields: Any) -> Finding:
    found = Finding(*fields)
    return found._replace(
        span=Span(*found.span),
        resource_span=Span(*found.resource_span),
        related=tuple(Place(Span(*span), message) for span, message in found.related),
        construct=None if found.construct is None else Construct(*found.construct),
    )
