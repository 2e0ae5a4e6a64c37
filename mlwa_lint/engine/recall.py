"""Remembers the results of rules for a graph, for the next graph of the same project: after a keystroke.

What each result depends on is traced while the rule runs (`graph/tracing.py`). For the next graph, those
results hold that depend on nothing that has changed; where lines came or went, their spans move along.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mlwa_lint.engine.moves import Moves
from mlwa_lint.engine.weighing import practices_of
from mlwa_lint.files.keeping import continues
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.traced import TracedGraph
from mlwa_lint.graph.tracing import (
    ALL,
    EDGES,
    OPEN_ENDS,
    TYPES,
    TraceKey,
    edges_key,
    resource_key,
    towards_key,
    type_key,
)
from mlwa_lint.model.conditions import Scenarios
from mlwa_lint.model.findings import Finding, Undecided
from mlwa_lint.model.resources import Project
from mlwa_lint.startup.records import NamedTuple


class Recorded(NamedTuple):
    """The results of a rule for one resource, or for a project as a whole.

    counted: 0 passed, 1 failed, 2 undecided; None where it was out of scope.
    """

    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    counted: int | None
    depends_on: frozenset[TraceKey]


class Recall:
    """The results of rules for the last graph."""

    def __init__(self) -> None:
        self._graph: ResourceGraph | None = None
        self._texts: Mapping[str, str] = {}
        self._results: dict[str, dict[str, Recorded]] = {}

    def begin(self, graph: ResourceGraph, texts: Mapping[str, str]) -> ResourceGraph:
        """The next graph, to be queried from here on; what no longer holds is forgotten.

        texts: of the sources that may change, by path, as this graph was made of them. They are kept beside
               the graph: whoever gives up half-way begins the next one with the texts after these.
        """
        if graph.project.partial and not graph.by_address:
            return graph  # a text that cannot be read for now: soon it is like the one before again
        before, self._graph = self._graph, graph
        known, self._texts = self._texts, dict(texts)
        if len(graph.by_address) != len(graph.project.resources):
            self.forget()  # an address shared by two resources does not show which one a result is for
            return graph
        moves = Moves({path: (known[path], text) for path, text in texts.items() if path in known})
        changed = None if before is None else changes(before, graph, moves)
        if changed is None:
            self._results = {}
        else:
            self._results = {code: _kept(result, changed, moves) for code, result in self._results.items()}
        return TracedGraph(graph)

    def forget(self) -> None:
        """Forgets everything: the results are not to be relied on."""
        self._graph = None
        self._texts = {}
        self._results = {}

    def of_rule(self, code: str) -> Mapping[str, Recorded]:
        """The results of a rule that still hold, by address."""
        return self._results.get(code, {})

    def keep(self, code: str, address: str, result: Recorded) -> None:
        """Remembers the results of a rule for a resource."""
        self._results.setdefault(code, {})[address] = result


def changes(before: ResourceGraph, now: ResourceGraph, moves: Moves) -> frozenset[TraceKey] | None:
    """What is different in a graph than before; None where everything may be."""
    old, new = before.project, now.project
    alike = (
        old.root == new.root
        and _shared(before, now) == _shared(now, before)
        and old.partial == new.partial
        and _weighed_by(old) == _weighed_by(new)
        and moves.same(_frame(before), _frame(now))
        and moves.same(tuple(old.exports.items()), tuple(new.exports.items()))
    )
    if not alike:
        return None
    changed: set[TraceKey] = set()
    for address in {**before.by_address, **now.by_address}:
        one, other = before.by_address.get(address), now.by_address.get(address)
        if not (_continues(one, other) or moves.same(one, other)):
            changed.update((resource_key(address), ALL))
            changed.update(type_key(each.type) for each in (one, other) if each is not None)
    if list(before.by_type) != list(now.by_type):
        changed.add(TYPES)
    changed.update(_changed_relations(before, now, moves))
    return frozenset(changed)


def _continues(before: Any, now: Any) -> bool:
    """Whether something is known to be what was there before, moved at most."""
    if before is now:
        return True
    known = continues(now)
    return known is not None and known.old is before


def _shared(graph: ResourceGraph, other: ResourceGraph) -> list[str]:
    """The resources that another graph has too, in their order."""
    return [address for address in graph.by_address if address in other.by_address]


def _changed_relations(before: ResourceGraph, now: ResourceGraph, moves: Moves) -> Iterable[TraceKey]:
    for address in {**before.by_address, **now.by_address}:
        one, other = before.edges_from(address), now.edges_from(address)
        alike = len(one) == len(other) and all(map(_continues, one, other))
        if not alike and not moves.same(one, other):
            yield EDGES
            yield edges_key("from", address)
            # The order of edges is that of the resources that they leave: the others keep their place.
            yield from (edges_key("into", edge.target) for edge in (*one, *other))
        if before.open_ends_of(address) != now.open_ends_of(address):
            yield edges_key("open", address)
    if before.open_ends != now.open_ends:
        yield OPEN_ENDS
        for kind, target in {(each.kind, each.target_type) for each in before.open_ends + now.open_ends}:
            if before.open_ends_towards(kind, target) != now.open_ends_towards(kind, target):
                yield towards_key(kind, target)


def _weighed_by(project: Project) -> tuple[object, ...]:
    """What the findings of a project weigh by, whichever resource they are about."""
    return (
        *(project.purpose, project.operated, project.refused, project.description),
        *(project.needs_no_key, project.names_keys, project.needs_no_network),
        project.keyed_buckets,
        *(tuple(project.given.items()), project.applied, project.applied_by_hand),
        tuple(sorted(project.set_by_callers)),
        practices_of(project),
    )


def _frame(graph: ResourceGraph) -> Any:
    """What every result may depend on: parts that could not be analysed, and what can hold together."""
    project = graph.project
    beside = project.called_for_ml, project.queried_for_ml
    return _stated(graph.scenarios), graph.gaps, project.credentials, tuple(project.left_out.items()), beside


def _stated(scenarios: Scenarios) -> Any:
    """What the sources state of scenarios, and not what was derived from it."""
    stated = vars(scenarios)
    members = [_stated(each) for each in stated.get("_members", ())]
    return type(scenarios), stated.get("formulas"), stated.get("_subjects"), members


def _kept(known: Mapping[str, Recorded], changed: frozenset[TraceKey], moves: Moves) -> dict[str, Recorded]:
    """The results that still hold, at their new spans."""
    kept = {address: result for address, result in known.items() if result.depends_on.isdisjoint(changed)}
    return {address: _moved(result, moves) for address, result in kept.items()} if moves else kept


def _moved(result: Recorded, moves: Moves) -> Recorded:
    if not result.findings and not result.undecided:
        return result
    findings = tuple([_moved_finding(each, moves) for each in result.findings])
    undecided = tuple(each._replace(span=moves.of(each.span)) for each in result.undecided)
    return result._replace(findings=findings, undecided=undecided)


def _moved_finding(finding: Finding, moves: Moves) -> Finding:
    """The finding at its new place; the same one where it has not moved."""
    span, resource_span = moves.of(finding.span), moves.of(finding.resource_span)
    fix, related, written = finding.fix, finding.related, finding.written
    if written is not None:
        written = written._replace(span=moves.of(written.span))
    if fix is not None:
        anchor = moves.of(fix.anchor)
        fix = fix if anchor is fix.anchor else fix._replace(anchor=anchor)
    if related and any(moves.of(place.span) is not place.span for place in related):
        related = tuple(place._replace(span=moves.of(place.span)) for place in related)
    if (
        span is finding.span
        and resource_span is finding.resource_span
        and fix is finding.fix
        and related is finding.related
        and (written is None or written == finding.written)
    ):
        return finding
    return finding._replace(span=span, resource_span=resource_span, fix=fix, related=related, written=written)
