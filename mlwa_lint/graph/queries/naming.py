"""Names by which resources of hosting are linked, and names that lead to none."""

from collections.abc import Iterator
from itertools import islice

from mlwa_lint.graph.kinds import (
    ALARM,
    ENDPOINT,
    ENDPOINT_CONFIG,
    INFERENCE_COMPONENT,
    MODEL,
    SCALABLE_TARGET,
)
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES, mention_in
from mlwa_lint.graph.queries import alarm_metrics
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View, same_value
from mlwa_lint.model.answers import NO, YES, Answer, certainly, every, possibly
from mlwa_lint.model.values import Reference, Scalar, Unknown

__all__ = [
    "NAME_PROPERTIES",
    "Name",
    "hosting_names",
    "is_linked",
    "is_only_name_of",
    "meant_by_logical_name",
    "mistaken_for",
]

_NAMED = (ENDPOINT, ENDPOINT_CONFIG, MODEL, INFERENCE_COMPONENT)


class Name:
    """A name inside of a property: its known text, or the resource that it refers to."""

    __slots__ = ("reference", "text")

    def __init__(self, text: str | None, reference: Reference | None) -> None:
        self.text = text
        self.reference = reference


def is_linked(resource: ResourceView, name: View, wanted: str, graph: GraphView) -> bool:
    """Whether a name certainly leads to a resource of the type that it must name."""
    return any(
        edge.span == name.span and graph.resource(edge.target).type == wanted
        for edge in graph.graph.edges_from(resource.address)
        if graph.world.admits(edge.guards)
    )


def hosting_names(resource: ResourceView) -> Iterator[tuple[View, Name, str]]:
    """The names of endpoints and configurations that a resource gives, and the type that each must name."""
    if resource.type == ENDPOINT:
        view = resource["EndpointConfigName"]
        yield view, _name_in(view), ENDPOINT_CONFIG
    elif resource.type == SCALABLE_TARGET:
        view = resource["ResourceId"]
        mention = mention_in(view.value) if not isinstance(view.value, Reference) else None
        if isinstance(view.value, Unknown) and not view.value.parts:
            yield view, Name(None, None), ENDPOINT
        elif mention is not None and mention.target_type == ENDPOINT:
            value = mention.name.value
            literal = mention.name.literal
            yield view, Name(literal, value if isinstance(value, Reference) else None), ENDPOINT
    elif resource.type == ALARM:
        for metric in alarm_metrics.metrics_of(resource)[0]:
            named = metric.dimension("EndpointName")
            if named is not None and possibly(metric.is_of_endpoint()):
                yield named, _name_in(named), ENDPOINT


def _name_in(view: View) -> Name:
    value = view.value
    return Name(view.text, value if isinstance(value, Reference) else None)


def mistaken_for(name: Name, wanted: str, graph: GraphView) -> list[ResourceView]:
    """The resources of other types whose name may have been given in place of one of the wanted type."""
    if name.reference is not None:
        found = graph.graph.by_address.get(name.reference.address)
        if found is None or found.type == wanted or found.type not in _NAMED:
            return []
        return [graph.resource(found.address)]
    if not name.text:
        return []
    kinds = [kind for kind in _NAMED if kind != wanted]
    others = [each for kind in kinds for each in graph.with_text(kind, NAME_PROPERTIES[kind], name.text)]
    return [each for each in others if each[NAME_PROPERTIES[each.type]].text == name.text]


def is_only_name_of(name: Name, other: ResourceView, wanted: str, graph: GraphView) -> Answer:
    """Whether a name is that of a resource of another type and of none of the wanted type."""
    if name.reference is not None:
        return YES
    declared = graph.of_type(wanted)
    if not declared:
        return NO  # what is declared elsewhere may have this name
    return every(~each[NAME_PROPERTIES[wanted]].equals(name.text or "") for each in declared)


def meant_by_logical_name(name: Name, wanted: str, graph: GraphView) -> tuple[ResourceView, Answer] | None:
    """The one resource whose logical name was given as its name, and whether its name is another."""
    if name.text is None or name.reference is not None:
        return None
    certain = (each for each in graph.graph.by_type.get(wanted, ()) if not each.guards)
    if len(list(islice(certain, 2))) == 2:
        return None
    declared = graph.of_type(wanted)
    if len(declared) != 1:
        return None
    meant = declared[0]
    if meant.address.rpartition(".")[2].partition("[")[0] != name.text:
        return None
    own = meant[NAME_PROPERTIES[wanted]]
    if certainly(own.is_absent()):
        return meant, own.is_absent()
    return meant, ~same_value(own.value, Scalar(name.text, meant.span))
