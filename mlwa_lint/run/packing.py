"""Reports as bytes: for our own processes, which are trusted, and for the cache, which is not."""

from json import JSONDecodeError, dumps, loads
from marshal import dumps as dump_marshal
from marshal import loads as load_marshal
from typing import Any

from mlwa_lint.files.reading import Probes
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.model.findings import (
    SEVERITIES,
    Checked,
    Construct,
    Finding,
    Lowered,
    RelatedLocation,
    RuleError,
    Undecided,
    Written,
)
from mlwa_lint.model.intents import INTENT_KINDS, Intent
from mlwa_lint.model.outlines import PARTS, Outline, OutlineNode, Relation
from mlwa_lint.model.report import Outside, Report
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span

# The parts of a finding that need not be given.
_OPTIONAL = frozenset({"condition", "suppressed", "construct", "fix", "lowered", "written"})
_KINDS = frozenset(kind.value for kind in EdgeKind)


def packed(report: Report) -> bytes:
    """A report for another process of this run."""
    return dump_marshal(_plain(tuple(report), {}))  # equal texts become one, and are written once


def unpacked(data: bytes) -> Report:
    """The report that `packed` was given. Only for bytes that a process of this run has written."""
    return _report(load_marshal(data))


def stored(report: Report, probes: Probes) -> bytes:
    """A report, and what it rests on, for the cache."""
    packed = [[question, path, answer] for (question, path), answer in probes.items()]
    return dumps([report, packed], separators=(",", ":")).encode("ascii")


def restored(data: bytes) -> tuple[Report, Probes]:
    """What `stored` was given. Raises ValueError for whatever is nothing of the kind."""
    try:
        report, packed = loads(data)
        found = _report(_frozen(report))
        _expect(found)
        probes = {(question, path): answer for question, path, answer in packed}
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
    *plain, outlines, outside = fields
    findings, undecided, errors, problems, resources, sources, hidden, lasting, checked = plain
    return Report(
        tuple(map(_finding, findings)),
        tuple(
            Undecided(code, name, address, Span(*span), tuple(reasons), *rest)
            for code, name, address, span, reasons, *rest in undecided
        ),
        tuple(RuleError(*each) for each in errors),
        tuple(Problem(*each) for each in problems),
        resources,
        tuple(sources),
        tuple(Span(*span) for span in hidden),
        lasting,
        tuple(Checked(*each) for each in checked),
        tuple(map(_outline, outlines)),
        tuple(
            Outside(relation, name, address, Span(*span), root, tuple(pieces))
            for relation, name, address, span, root, pieces in outside
        ),
    )


def _outline(fields: Any) -> Outline:
    root, nodes, relations = fields
    return Outline(
        root,
        tuple(OutlineNode(*each) for each in nodes),
        tuple(Relation(*each) for each in relations),
    )


def _frozen(value: Any) -> Any:
    return tuple([_frozen(each) for each in value]) if isinstance(value, list) else value


class _Leaves:
    """The plain values of a report, by what each has to be."""

    def __init__(self) -> None:
        self._values: dict[type, list[Any]] = {str: [], int: [], bool: []}

    def take(self, kind: type, *values: Any) -> None:
        """Values that have to be of a kind."""
        self._values[kind] += values

    def take_span(self, span: Span) -> None:
        """A place: a path and numbers."""
        self.take(str, span.path)
        self.take(int, *span[1:])

    def take_finding(self, finding: Finding) -> None:
        """All fields of a finding."""
        for name, value in zip(Finding._fields, finding, strict=True):
            if isinstance(value, Span):
                self.take_span(value)
            elif isinstance(value, Construct):
                self.take(str, value.path, value.file)
                self.take(int, value.line)
                self.take(bool, value.found)
            elif isinstance(value, Intent):
                if value.kind not in INTENT_KINDS:
                    raise TypeError("a kind of change")
                self.take(str, value.wanted, value.risk, *value.properties)
                self.take_span(value.anchor)
            elif isinstance(value, Written):
                self.take(int, value.checksum)
                self.take_span(value.span)
            elif name == "related":
                for place in finding.related:
                    self.take(str, place.message)
                    self.take_span(place.span)
            elif isinstance(value, tuple):
                self.take(str, *value)
            elif name == "stated":
                self.take(bool, value)
            elif value is not None or name not in _OPTIONAL:
                self.take(str, value)

    def take_outline(self, outline: Outline) -> None:
        """All fields of an outline."""
        self.take(str, outline.root)
        for node in outline.nodes:
            self.take(str, node.address, node.type, node.path, node.when, *node.deployment)
            self.take(int, node.line)
        for relation in outline.relations:
            self.take(str, *relation[:5], relation.when)
            self.take(int, relation.line)

    def fit(self) -> bool:
        """Whether every value is exactly of its kind."""
        return all(type(value) is kind for kind, values in self._values.items() for value in values)


def _expect(report: Report) -> None:
    """Raises TypeError for a report with anything in it that reporters do not expect."""
    leaves = _Leaves()
    leaves.take(str, *report.sources)
    leaves.take(int, report.resources)
    for span in report.hidden:
        leaves.take_span(span)
    for finding in report.findings:
        if finding.severity not in SEVERITIES:
            raise TypeError("a severity")
        leaves.take_finding(finding)
    for undecided in report.undecided:
        if undecided.severity not in SEVERITIES:
            raise TypeError("a severity")
        leaves.take(str, undecided.code, undecided.name, undecided.address, *undecided.reasons)
        leaves.take_span(undecided.span)
        leaves.take(bool, undecided.failed, undecided.of_account)
    for problem in report.problems:
        leaves.take(str, problem.path, problem.message)
        leaves.take(int, problem.line)
    for checked in report.checked:
        leaves.take(str, checked.code)
        leaves.take(int, *checked[1:])
    for each in report.outside:
        leaves.take(str, each.relation, each.name, each.address, each.root, *each.pieces)
        leaves.take_span(each.span)
    for outline in report.outlines:
        if any(node.part not in PARTS for node in outline.nodes):
            raise TypeError("a part")
        if any(relation.kind not in _KINDS for relation in outline.relations):
            raise TypeError("a kind of relation")
        leaves.take_outline(outline)
    if report.errors or report.lasting is not True:
        raise TypeError("what is not kept")
    if not leaves.fit():
        raise TypeError("another type")


def _plain(value: Any, texts: dict[str, str]) -> Any:
    if isinstance(value, str):
        return texts.setdefault(value, value)
    if isinstance(value, tuple):
        return tuple([_plain(each, texts) for each in value])
    return value


# The texts of a rule come with each of its findings, and are kept once.
_SHARED: dict[Any, Any] = {}


def _shared(value: Any) -> Any:
    return _SHARED.setdefault(value, value)


def _finding(fields: Any) -> Finding:
    found = Finding(*fields)
    return found._replace(
        code=_shared(found.code),
        name=_shared(found.name),
        severity=_shared(found.severity),
        pillar=_shared(found.pillar),
        practices=_shared(found.practices),
        resource_type=_shared(found.resource_type),
        help=_shared(found.help),
        reason=_shared(found.reason),
        remedy=_shared(found.remedy),
        controls=_shared(found.controls),
        span=Span(*found.span),
        resource_span=Span(*found.resource_span),
        related=tuple(RelatedLocation(Span(*span), message) for span, message in found.related),
        construct=None if found.construct is None else Construct(*found.construct),
        fix=None if found.fix is None else _intent(*found.fix),
        lowered=None if found.lowered is None else Lowered(*found.lowered),
        written=None if found.written is None else _written(*found.written),
    )


def _written(span: Any, checksum: Any) -> Written:
    return Written(Span(*span), checksum)


def _intent(kind: Any, wanted: Any, properties: Any, anchor: Any, risk: Any) -> Intent:
    return Intent(kind, wanted, tuple(properties), Span(*anchor), risk)
