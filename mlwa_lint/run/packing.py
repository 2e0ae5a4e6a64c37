"""Reports as plain tuples of bytes that processes and the cache can hand on, and back."""

from marshal import dumps, loads
from typing import Any

from mlwa_lint.model.findings import Checked, Finding, Place, RuleError, Undecided
from mlwa_lint.model.report import Report
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span


def packed(report: Report, *more: Any) -> bytes:
    """A report, and further plain values, as bytes."""
    texts: dict[str, str] = {}  # equal texts become one, and are written once
    return dumps((_plain(tuple(report), texts), *more))


def unpacked(data: bytes) -> tuple[Any, ...]:
    """The report and what was packed with it. Only for bytes that this program has written."""
    report, *more = loads(data)
    findings, undecided, errors, problems, resources, sources, hidden, lasting, checked = report
    return (
        Report(
            tuple(map(_finding, findings)),
            tuple(
                Undecided(code, name, address, Span(*span), reasons)
                for code, name, address, span, reasons in undecided
            ),
            tuple(RuleError(*each) for each in errors),
            tuple(Problem(*each) for each in problems),
            resources,
            sources,
            tuple(Span(*span) for span in hidden),
            lasting,
            tuple(Checked(*each) for each in checked),
        ),
        *more,
    )


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
    )
