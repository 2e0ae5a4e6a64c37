"""Whether a property means a resource of the project, or one thing at all."""

from mlwa_lint.graph.linking.leaves import leaves
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View, same_value
from mlwa_lint.model.values import Unknown, references_in

_IAM = "AWS::IAM::"
_DOCUMENTS = ("Policy", "Policies", "PolicyDocument")


def leads_to(view: View, target: ResourceView) -> bool:
    """Whether a property certainly names a resource, by reference or by its name."""
    mentioned = {reference.address for reference, _ in references_in(view.value)}
    own = target[NAME_PROPERTIES.get(target.type, "Name")]
    return (
        bool(mentioned & {target.address, *target.resource.folded})
        or same_value(view.value, own.value).verdict == "yes"
    )


def names_one(view: View, graph: GraphView) -> bool:
    """Whether something that is not a policy has the same text, which is then no wildcard.

    A parameter that a policy allows passing, and that a function has as the role of its jobs, is one role.
    """
    value = view.value
    return isinstance(value, Unknown) and value.identity in _identities(graph)


@remembered
def _identities(graph: GraphView) -> frozenset[str]:
    """What is not known of the resources that state no policies."""
    found: set[str] = set()
    for resource in graph.graph.project.resources:
        if resource.type.startswith(_IAM):
            continue
        for leaf in leaves(resource.properties, resource.span, ()):
            if isinstance(leaf.value, Unknown) and not any(step in _DOCUMENTS for step in leaf.path):
                found.add(leaf.value.identity)
    return frozenset(found - {""})
