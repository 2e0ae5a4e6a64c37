"""From findings to the results of tools; text from files is made visible, secrets are left out."""

from collections.abc import Callable, Iterable, Iterator

from mlwa_lint.catalogue.examples import examples_of
from mlwa_lint.catalogue.lens import lens_of, practices
from mlwa_lint.errors import UserError, nearest
from mlwa_lint.fixes import edits
from mlwa_lint.fixes.rounds import Settled, key_of
from mlwa_lint.graph.edges import Edge
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.queries.deployment import labels_of
from mlwa_lint.mcp import shapes
from mlwa_lint.mcp.paging import piece
from mlwa_lint.mcp.workbench import LintedPaths
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.resources import Resource
from mlwa_lint.reporters.diffs import diff
from mlwa_lint.reporters.escaping import visible
from mlwa_lint.reporters.summary import by_severity, sentence
from mlwa_lint.review.assess import Assessment, Review
from mlwa_lint.rule import Rule
from mlwa_lint.run.pipeline import Linted

PROBLEMS_LIMIT = 50
EXAMPLE_LIMIT = 6_000
RELATIONS_LIMIT = 400
DEPTH_LIMIT = 4
DIFF_LIMIT = 100_000
FIXES_LIMIT = 100


def checked(outcome: LintedPaths, cursor: str | None, limit: int) -> shapes.Checked:
    """The findings of a run."""
    result = outcome.result
    found = piece(result.findings, cursor, limit)
    problems = [each for each in result.problems if not each.quiet][:PROBLEMS_LIMIT]
    return {
        "note": shapes.NOTE,
        "complete": outcome.complete,
        "files": result.files,
        "resources": result.resources,
        "severities": by_severity(result.findings),
        "undecided": result.causes,
        "suppressed": len(result.suppressed),
        "total": found.total,
        "findings": [_finding(each) for each in found.items],
        "problems": [
            {"path": visible(p.path), "line": p.first_line, "message": visible(p.message), "fatal": p.fatal}
            for p in problems
        ],
        "next_cursor": found.next_cursor,
    }


def _finding(finding: Finding) -> shapes.Finding:
    span = finding.span
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "pillar": finding.pillar,
        "practices": list(finding.practices),
        "message": visible(sentence(finding)),
        "path": visible(span.path),
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "address": visible(finding.address),
        "resource_type": visible(finding.resource_type),
        "property": finding.property,
        "condition": None if finding.condition is None else visible(finding.condition),
        "reason": finding.reason,
        "remedy": visible(finding.remedy),
        "help": finding.help,
        "related": [
            {
                "path": visible(each.span.path),
                "line": each.span.line,
                "column": each.span.column,
                "message": visible(each.message),
            }
            for each in finding.related
        ],
    }


def proposed(settled: Settled, fixes: Iterable[edits.Fix], linted: Linted) -> shapes.Proposed:
    """The fixes that proved good as a diff, and those that were not made."""
    text = diff(settled, linted.result.hidden)
    made = {key_of(each) for each in settled.made}
    dropped = [each.fix._replace(reason=each.reason) for each in settled.dropped]
    reported = {key_of(each) for each in dropped}
    others = [each for each in fixes if key_of(each) not in made | reported]
    return {
        "note": shapes.NOTE,
        "complete": len(text) <= DIFF_LIMIT,
        "fixes": [_fix(each) for each in settled.made[:FIXES_LIMIT]],
        "left": [_fix(each) for each in (*dropped, *others)[:FIXES_LIMIT]],
        "diff": text[:DIFF_LIMIT],
    }


def _fix(fix: edits.Fix) -> shapes.Fix:
    finding = fix.finding
    return {
        "code": fix.code,
        "address": visible(finding.address),
        "path": visible(finding.span.path),
        "line": finding.span.line,
        "safety": fix.safety,
        "description": visible(fix.description),
        "reason": visible(fix.reason),
    }


def listed(rules: Iterable[Rule], cursor: str | None, limit: int) -> shapes.Rules:
    """Rules, in short."""
    found = piece(tuple(rules), cursor, limit)
    lines: list[shapes.RuleLine] = [
        {
            "code": each.code,
            "name": each.name,
            "severity": each.severity,
            "pillar": each.pillar,
            "practices": list(each.practices),
            "summary": each.summary,
        }
        for each in found.items
    ]
    return {"total": found.total, "rules": lines, "next_cursor": found.next_cursor}


def explained(rule: Rule, sources: tuple[str, ...]) -> shapes.Explained:
    """All about one rule."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "pillar": rule.pillar,
        "practices": [_practice(each) for each in rule.practices],
        "summary": rule.summary,
        "reason": rule.reason,
        "details": list(rule.details),
        "exceptions": list(rule.exceptions),
        "references": list(rule.references),
        "remedies": {each: rule.remedy.in_language(each) for each in rule.languages},
        "controls": list(rule.controls),
        "types": list(rule.on),
        "help": rule.help,
        "examples": {each.name: each.text[:EXAMPLE_LIMIT] for each in examples_of(rule, sources)},
    }


def _practice(practice: str) -> shapes.Practice:
    known, lens = practices().get(practice), lens_of(practice)
    return {
        "id": practice,
        "title": known.title if known else "",
        "lens": lens.name if lens else "",
    }


def neighbourhood(
    outcome: LintedPaths, address: str, depth: int, cursor: str | None, limit: int
) -> shapes.Neighbourhood:
    """A resource and those around it. Raises UserError where there is none of that address."""
    for evaluated in outcome.evaluated:
        for graph in evaluated.graphs:
            if address in graph.by_address:
                return _around(graph, address, depth, cursor, limit, evaluated.secrets.scrub)
    graphs = [graph for evaluated in outcome.evaluated for graph in evaluated.graphs]
    known = [each for graph in graphs for each in graph.by_address]
    near = nearest(address, known)
    raise UserError(f"no resource has the address {visible(address[:200])!r}", near and visible(near))


def _around(
    graph: ResourceGraph,
    address: str,
    depth: int,
    cursor: str | None,
    limit: int,
    scrub: Callable[[str], str],
) -> shapes.Neighbourhood:
    distances = _distances(graph, address, min(max(depth, 1), DEPTH_LIMIT))
    found = piece(list(distances), cursor, limit)
    chosen = set(found.items)

    def clean(text: str) -> str:
        return visible(scrub(text))

    edges = [edge for each in found.items for edge in graph.edges_from(each) if edge.target in chosen]
    return {
        "note": shapes.NOTE,
        "root": clean(graph.project.root),
        "total": found.total,
        "resources": [_node(graph.by_address[each], distances[each], graph, clean) for each in found.items],
        "relations": [_relation(edge, clean) for edge in edges[:RELATIONS_LIMIT]],
        "next_cursor": found.next_cursor,
    }


def _distances(graph: ResourceGraph, address: str, depth: int) -> dict[str, int]:
    """How far away resources are, the nearest first."""
    distances = {address: 0}
    waiting = [address]
    for current in waiting:
        distance = distances[current] + 1
        if distance > depth:
            break
        beside = [edge.target for edge in graph.edges_from(current)]
        beside += [edge.source for edge in graph.edges_into(current)]
        for each in beside:
            if each in graph.by_address and each not in distances:
                distances[each] = distance
                waiting.append(each)
    return distances


def _node(
    resource: Resource, distance: int, graph: ResourceGraph, clean: Callable[[str], str]
) -> shapes.Node:
    return {
        "address": clean(resource.address),
        "type": clean(resource.type),
        "path": clean(resource.span.path),
        "line": resource.span.line,
        "distance": distance,
        "deployment": list(labels_of(resource, graph)),
    }


def _relation(edge: Edge, clean: Callable[[str], str]) -> shapes.Relation:
    when = " and ".join(
        each.condition.text if each.holds else f"not {each.condition.text}" for each in edge.guards
    )
    return {
        "source": clean(edge.source),
        "target": clean(edge.target),
        "kind": edge.kind.value,
        "property": clean(".".join(edge.path)),
        "path": clean(edge.span.path),
        "line": edge.span.line,
        "when": clean(when) if when else None,
    }


def reviewed(review: Review, complete: bool, cursor: str | None, limit: int) -> shapes.ReviewSummary:
    """Where a lens is not followed, the highest risks first, and what people have to decide."""
    from mlwa_lint.reporters.reviews.sums import by_pillar

    open_ones = list(_unfollowed(review))
    found = piece(open_ones, cursor, limit)
    return {
        "note": shapes.NOTE,
        "complete": complete,
        "lens": review.lens.name,
        "risks": {str(risk): number for risk, number in review.risks.items()},
        "pillars": {
            each.name: {str(risk): number for risk, number in each.risks.items()}
            for each in by_pillar(review)
        },
        "total": found.total,
        "practices": list(found.items),
        "next_cursor": found.next_cursor,
    }


def _unfollowed(review: Review) -> Iterator[shapes.Reviewed]:
    for wanted in ("not-followed", "open"):
        for question in review.questions:
            for each in question.practices:
                if each.verdict == wanted:
                    yield _reviewed(each, question.question.pillar.name)


def _reviewed(each: Assessment, pillar: str) -> shapes.Reviewed:
    return {
        "id": each.practice.id,
        "title": each.practice.title,
        "pillar": pillar,
        "risk": each.practice.risk or None,
        "state": each.state,
        "verdict": each.verdict,
        "findings": [
            visible(f"{one.span.path}:{one.span.line} {one.code} {one.address}")
            for one in each.evidence.findings[:20]
        ],
    }
