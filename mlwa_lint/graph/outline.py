"""The graph in plain words, for reports."""

from collections.abc import Iterator, Sequence

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.queries.deployment import labels_of
from mlwa_lint.graph.queries.identity import is_ml_type
from mlwa_lint.graph.queries.ties import is_tied_to_ml
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import World, explore, leaves_of
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.outlines import MlTie, Outline, OutlineNode, Relation
from mlwa_lint.model.resources import Resource


def outline(graph: ResourceGraph, judged: bool = True) -> Outline:
    """All resources of a graph, and the edges between them, alike ones once.

    judged: whether it is found out what is tied to machine learning, and how endpoints are deployed.
    """
    nodes = [
        OutlineNode(
            resource.address,
            resource.type,
            resource.span.path,
            resource.span.line,
            _when(resource.guards),
            part_of(resource, graph) if judged else _by_type(resource),
            labels_of(resource, graph) if judged else (),
        )
        for resource in graph.project.resources
    ]
    return Outline(graph.project.root, tuple(nodes), tuple(_relations(graph)))


def _relations(graph: ResourceGraph) -> Iterator[Relation]:
    found: dict[tuple[str, str, EdgeKind, tuple[Guard, ...]], Edge] = {}
    for edge in graph.edges:
        if edge.source in graph.by_address and edge.target in graph.by_address:
            found.setdefault((edge.source, edge.target, edge.kind, edge.guards), edge)
    for edge in found.values():
        yield Relation(
            edge.source,
            edge.target,
            edge.kind.value,
            ".".join(edge.path),
            edge.span.path,
            edge.span.line,
            _when(edge.guards),
        )


def part_of(resource: Resource, graph: ResourceGraph) -> MlTie:
    """Whether a resource belongs to machine learning, by its type or by what it is tied to in any world."""
    if is_ml_type(resource.type):
        return "ml"

    def evaluate(world: World) -> str:
        return is_tied_to_ml(ResourceView(resource, world), GraphView(graph, world)).verdict

    tree = explore(graph.project.scenarios, resource.guards, evaluate)
    verdicts = {each.outcome for each in leaves_of(tree)} if tree is not None else set()
    if "yes" in verdicts:
        return "tied"
    return "perhaps" if verdicts & {"undecided", None} else ""


def _by_type(resource: Resource) -> MlTie:
    return "ml" if is_ml_type(resource.type) else "perhaps"


def _when(guards: Sequence[Guard]) -> str:
    return " and ".join(
        guard.condition.text if guard.holds else f"not {guard.condition.text}" for guard in guards
    )
