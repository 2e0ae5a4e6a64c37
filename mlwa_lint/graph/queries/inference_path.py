"""Alarms on what leads to a model: functions that invoke one, and the streams and queues that start them."""

from collections.abc import Callable, Iterable

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import FUNCTION
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries.invokers import invokes_models
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import certainly
from mlwa_lint.model.values import Reference

_POLLING = "AWS::Lambda::EventSourceMapping"
# Namespace of metrics -> the dimension that names what they are about, its type, and where its name is.
_WATCHED = {
    "AWS/Kinesis": ("StreamName", "AWS::Kinesis::Stream", "Name"),
    "AWS/Lambda": ("FunctionName", FUNCTION, "FunctionName"),
    "AWS/SQS": ("QueueName", "AWS::SQS::Queue", "QueueName"),
}


def is_watched(metrics: Iterable[tuple[str, Callable[[str], View | None]]], graph: GraphView) -> bool:
    """Whether metrics are certainly of a function that invokes a model, or of what hands records to one.

    metrics: the namespace of each, and its dimensions by their names.
    """
    for namespace, dimension_of in metrics:
        dimension, kind, name = _WATCHED.get(namespace, ("", "", ""))
        view = dimension_of(dimension) if dimension else None
        resource = _meant(view, kind, name, graph) if view is not None else None
        if resource is not None and _leads_to_model(resource, graph):
            return True
    return False


def _meant(view: View, kind: str, name: str, graph: GraphView) -> ResourceView | None:
    """The resource of a type that a dimension names, by a reference or by its literal name."""
    value = view.value
    if isinstance(value, Reference):
        found = graph.graph.by_address.get(value.address)
        exists = found is not None and found.type == kind and graph.world.admits(found.guards)
        return ResourceView(found, graph.world) if found is not None and exists else None
    named = [each for each in graph.with_text(kind, name, view.text) if each[name].text] if view.text else []
    return named[0] if len(named) == 1 else None


@remembered
def _leads_to_model(resource: ResourceView, graph: GraphView) -> bool:
    if resource.type == FUNCTION:
        return certainly(invokes_models(resource, graph))
    for edge in graph.graph.edges_into(resource.address):
        source = graph.graph.by_address[edge.source]
        if source.type == _POLLING and graph.world.admits((*edge.guards, *source.guards)):
            started = graph.targets(ResourceView(source, graph.world), EdgeKind.TRIGGERS, FUNCTION)
            if any(certainly(invokes_models(each, graph)) for each in started):
                return True
    return False
