"""Resource graphs as Mermaid, Graphviz and JSON."""

from collections.abc import Callable, Iterator, Sequence

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.queries.deployment import labels_of
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Resource
from mlwa_lint.reporters.escaping import json_text, visible


def render(
    graphs: Sequence[ResourceGraph], form: str, all_edges: bool, clean: Callable[[str], str] = str
) -> str:
    """Some projects' graphs in one document; `clean` keeps secrets out of what it says."""
    if form == "json":
        return _json(graphs, clean)
    write = _dot if form == "dot" else _mermaid
    return "".join(f"{line}\n" for line in write(graphs, all_edges, clean))


def _shown(graph: ResourceGraph, all_edges: bool) -> list[Edge]:
    """Edges between resources; mere mentions only where asked for, and alike ones once."""
    found: dict[tuple[str, str, EdgeKind, tuple[Guard, ...]], Edge] = {}
    for edge in graph.edges:
        known = edge.source in graph.by_address and edge.target in graph.by_address
        if known and (all_edges or edge.kind is not EdgeKind.REFERS_TO):
            found.setdefault((edge.source, edge.target, edge.kind, edge.guards), edge)
    return list(found.values())


def _when(guards: Sequence[Guard]) -> str:
    return " and ".join(
        guard.condition.text if guard.holds else f"not {guard.condition.text}" for guard in guards
    )


def _mermaid(graphs: Sequence[ResourceGraph], all_edges: bool, clean: Callable[[str], str]) -> Iterator[str]:
    yield "flowchart LR"
    for position, graph in enumerate(graphs):
        names = _names(graph, position)
        yield f'  subgraph p{position}["{_mermaid_text(graph.project.root)}"]'
        for resource in graph.project.resources:
            label = "<br/>".join(_mermaid_text(clean(line)) for line in _lines(resource, graph))
            yield f'    {names[resource.address]}["{label}"]'
        yield "  end"
        for edge in _shown(graph, all_edges):
            label = _mermaid_text(clean(_label(edge)))
            arrow = "-." if edge.guards or edge.kind is EdgeKind.REFERS_TO else "--"
            end = ".->" if arrow == "-." else "-->"
            yield f'  {names[edge.source]} {arrow} "{label}" {end} {names[edge.target]}'


def _mermaid_text(text: str) -> str:
    """Text that ends no label: Mermaid writes special characters as entities."""
    special = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "`": "#96;"}
    return "".join(special.get(character, character) for character in text if character.isprintable())


def _dot(graphs: Sequence[ResourceGraph], all_edges: bool, clean: Callable[[str], str]) -> Iterator[str]:
    yield "digraph resources {"
    yield "  rankdir=LR;"
    yield '  node [shape=box, fontname="Helvetica"];'
    for position, graph in enumerate(graphs):
        names = _names(graph, position)
        yield f"  subgraph cluster_{position} {{"
        yield f"    label={_dot_text(graph.project.root)};"
        for resource in graph.project.resources:
            style = ", style=dashed" if resource.guards else ""
            label = _dot_text("\n".join(map(clean, _lines(resource, graph))))
            yield f"    {names[resource.address]} [label={label}{style}];"
        yield "  }"
        for edge in _shown(graph, all_edges):
            style = ", style=dashed" if edge.guards else ""
            label = _dot_text(clean(_label(edge)))
            yield f"  {names[edge.source]} -> {names[edge.target]} [label={label}{style}];"
    yield "}"


def _dot_text(text: str) -> str:
    lines = [visible(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n")]
    return '"' + "\\n".join(lines) + '"'


def _names(graph: ResourceGraph, position: int) -> dict[str, str]:
    """Short identifiers for addresses, which may hold any character."""
    return {address: f"r{position}_{number}" for number, address in enumerate(graph.by_address)}


def _lines(resource: Resource, graph: ResourceGraph) -> list[str]:
    """What a node says: address, type, and how an endpoint is deployed."""
    lines = [resource.address, resource.type.removeprefix("AWS::")]
    strategies = labels_of(resource, graph)
    return [*lines, ", ".join(strategies)] if strategies else lines


def _label(edge: Edge) -> str:
    return f"{edge.kind.value} if {_when(edge.guards)}" if edge.guards else edge.kind.value


def _json(graphs: Sequence[ResourceGraph], clean: Callable[[str], str]) -> str:
    """One node-link document per project, as networkx.node_link_graph reads it."""
    projects = [_node_link(graph, clean) for graph in graphs]
    return json_text({"version": 1, "projects": projects})


def _node_link(graph: ResourceGraph, clean: Callable[[str], str]) -> dict[str, object]:
    nodes = [
        {
            "id": clean(resource.address),
            "type": resource.type,
            "path": resource.span.path,
            "line": resource.span.line,
            "when": clean(_when(resource.guards)) or None,
            "deployment": list(labels_of(resource, graph)),
        }
        for resource in graph.project.resources
    ]
    edges = [
        {
            "source": clean(edge.source),
            "target": clean(edge.target),
            "key": position,
            "kind": edge.kind.value,
            "property": ".".join(edge.path),
            "path": edge.span.path,
            "line": edge.span.line,
            "when": clean(_when(edge.guards)) or None,
        }
        for position, edge in enumerate(_shown(graph, all_edges=True))
    ]
    return {
        "directed": True,
        "multigraph": True,
        "graph": {"root": graph.project.root},
        "nodes": nodes,
        "edges": edges,
    }
