"""Whether a property means a resource of the project."""

from mlwa_lint.graph.linking.naming import NAME_PROPERTIES
from mlwa_lint.graph.views import ResourceView, View, same_value
from mlwa_lint.model.values import references_in


def leads_to(view: View, target: ResourceView) -> bool:
    """Whether a property certainly names a resource, by reference or by its name."""
    mentioned = {reference.address for reference, _ in references_in(view.value)}
    own = target[NAME_PROPERTIES.get(target.type, "Name")]
    return (
        bool(mentioned & {target.address, *target.resource.folded})
        or same_value(view.value, own.value).verdict == "yes"
    )
