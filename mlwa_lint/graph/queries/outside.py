"""What may be about an endpoint of another stack: alarms and scaling of endpoints not declared here."""

from collections.abc import Iterator

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.kinds import ALARM, ENDPOINT, SCALABLE_TARGET
from mlwa_lint.model.report import Outside
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import known_text

# What has the relation, and the property that says of which service its endpoint is.
_RELATIONS = {
    (EdgeKind.MONITORS, ALARM): "Namespace",
    (EdgeKind.SCALES, SCALABLE_TARGET): "ServiceNamespace",
}


def outside(graph: ResourceGraph) -> Iterator[Outside]:
    """Alarms and scalable targets of endpoints that are named or built elsewhere."""
    for end in graph.open_ends:
        source = graph.by_address[end.source]
        service = _RELATIONS.get((end.kind, source.type))
        if end.target_type == ENDPOINT and service and _may_be_of_sagemaker(source, service):
            yield Outside(end.kind.value, end.name, source.address, source.span, graph.project.root)


def names_of_endpoints(resource: Resource, graph: ResourceGraph) -> tuple[str, ...]:
    """The known names of an endpoint, or of those that a configuration serves."""
    endpoints = [resource] if resource.type == ENDPOINT else _served_by(resource, graph)
    names = (each.properties.entries.get("EndpointName") for each in endpoints)
    found = (known_text(entry.value) for entry in names if entry is not None)
    return tuple(dict.fromkeys(name for name in found if name))


def _served_by(config: Resource, graph: ResourceGraph) -> list[Resource]:
    sources = (
        graph.by_address[edge.source] for edge in graph.edges_into(config.address, EdgeKind.CONFIGURES)
    )
    return [each for each in sources if each.type == ENDPOINT]


def _may_be_of_sagemaker(source: Resource, key: str) -> bool:
    entry = source.properties.entries.get(key)
    text = known_text(entry.value) if entry is not None else None
    return text is None or "sagemaker" in text.lower()
