"""Parts of drawn graphs: the neighbourhood of a resource, the ways between two, and components."""

from collections.abc import Iterable, Sequence

import networkx

from mlwa_lint.errors import UserError, nearest
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.phrases import phrase
from mlwa_lint.model.outlines import Outline, Relation

_MENTION = EdgeKind.REFERS_TO.value


def without_mentions(outline: Outline) -> Outline:
    """An outline without relations of which it is not known what they mean."""
    kept = tuple(each for each in outline.relations if each.kind != _MENTION)
    return outline._replace(relations=kept)


def to_networkx(outline: Outline) -> "networkx.MultiDiGraph[str]":
    """The outline as networkx knows it: nodes by address, edges with `relation`."""
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(root=outline.root)
    for node in outline.nodes:
        graph.add_node(node.address, node=node)
    for number, relation in enumerate(outline.relations):
        graph.add_edge(relation.source, relation.target, key=number, relation=relation)
    return graph


def ml_parts(outline: Outline) -> Outline:
    """What belongs to machine learning, or is or may be tied to it."""
    return outline.only({each.address for each in outline.nodes if each.part})


def around(outlines: Sequence[Outline], address: str, depth: int) -> list[Outline]:
    """What is within a number of edges of a resource, in either direction. Raises UserError."""
    found = []
    for outline in holding(outlines, address):
        near = networkx.ego_graph(to_networkx(outline).to_undirected(), address, radius=depth)
        found.append(outline.only(set(near)))
    return found


def between(outlines: Sequence[Outline], start: str, end: str) -> list[Outline]:
    """The shortest ways between two resources. Raises UserError where there is none.

    Ways along the arrows, read from left to right, come first; where there is none, ways against them do.
    """
    found = []
    for outline in holding(outlines, start):
        if all(each.address != end for each in outline.nodes):
            continue
        graph = _reading(outline)
        ways = (
            _ways(graph, start, end) or _ways(graph, end, start) or _ways(graph.to_undirected(), start, end)
        )
        if ways:
            found.append(outline.only(ways))
    if not found:
        holding(outlines, end)
        raise UserError(
            f"--path: no way leads from {start} to {end}",
            "--all-edges also follows mentions that have no known meaning",
        )
    return found


def components(outline: Outline) -> list[Outline]:
    """The parts of an outline between which no relation leads, the largest first."""
    parts = networkx.weakly_connected_components(to_networkx(outline))
    order = {node.address: number for number, node in enumerate(outline.nodes)}
    ordered = sorted(parts, key=lambda part: (-len(part), min(order[each] for each in part)))
    return [outline.only(part) for part in ordered]


def holding(outlines: Iterable[Outline], address: str) -> list[Outline]:
    """The outlines that hold a resource. Raises UserError with a suggestion where there is none."""
    every = list(outlines)
    found = [each for each in every if any(node.address == address for node in each.nodes)]
    if not found:
        known = [node.address for each in every for node in each.nodes]
        hint = nearest(address, known) or _same_name(address, known)
        raise UserError(
            f"no resource is called {address!r}", hint or "`mlwa-lint graph --format json` lists them"
        )
    return found


def _same_name(address: str, known: Iterable[str]) -> str:
    """A suggestion for a part of an address, or for one that is written in another case."""
    wanted = address.lower()
    return next((f"did you mean {each!r}?" for each in known if wanted in each.lower()), "")


def _reading(outline: Outline) -> "networkx.DiGraph[str]":
    """Which resource precedes which when edges are read from left to right."""
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(node.address for node in outline.nodes)
    graph.add_edges_from(map(ends, outline.relations))
    return graph


def ends(relation: Relation) -> tuple[str, str]:
    """The left and the right end of a relation."""
    turned = phrase(relation.kind).turned
    return (relation.target, relation.source) if turned else (relation.source, relation.target)


def _ways(graph: "networkx.DiGraph[str] | networkx.Graph[str]", start: str, end: str) -> set[str]:
    """The resources on any shortest way."""
    try:
        before = networkx.single_source_shortest_path_length(graph, start)
        after = networkx.single_source_shortest_path_length(
            graph.reverse(copy=False) if isinstance(graph, networkx.DiGraph) else graph, end
        )
    except networkx.NodeNotFound:
        return set()
    if end not in before:
        return set()
    return {each for each, steps in before.items() if each in after and steps + after[each] == before[end]}


def generations(outline: Outline) -> dict[str, int]:
    """How far to the right each resource is: by the longest path that leads to it, circles being one."""
    graph = _reading(outline)
    condensed = networkx.condensation(graph)
    found: dict[str, int] = {}
    for number, layer in enumerate(networkx.topological_generations(condensed)):
        for component in layer:
            for address in condensed.nodes[component]["members"]:
                found[address] = number
    return found
