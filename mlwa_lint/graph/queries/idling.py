"""Single accelerated instances: whether they should rest, or have a second one beside them."""

from collections.abc import Callable

from mlwa_lint.files import NOTEBOOK
from mlwa_lint.graph.machines.instances import accelerator
from mlwa_lint.graph.queries import hosting, purposes
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer, certainly
from mlwa_lint.model.resources import EXAMPLE, REMOVED, UNOPERATED


def never_rests(kind: View, variant: Variant, graph: GraphView) -> Answer:
    """Whether a variant keeps its accelerated instances when nothing uses them.

    kind: one of its instance types.
    """
    managed = variant["ManagedInstanceScaling.Status"].equals("ENABLED")
    fixed = hosting.endpoints_of(variant.config, graph).any(_never_shrinks(variant, graph))
    waiting = hosting.is_asynchronous(variant.config)
    return kind.test(lambda text: accelerator(text) is not None) & fixed & ~managed & ~waiting


def is_single(variant: Variant) -> bool:
    """Whether a variant certainly starts with one instance."""
    return certainly(variant["InitialInstanceCount"].less_than(2, default=1))


def may_rest(config: ResourceView, graph: GraphView) -> bool:
    """Whether nothing shows that a configuration is operated: it may rest rather than have a spare.

    Programs make what is tried out as well as what is deployed: there, something has to show it.
    """
    if not purposes.is_operated(graph) or config.span.path.endswith(NOTEBOOK):
        return True
    return config.language == "python" and any(
        certainly(config.attributes[each].is_present()) for each in (EXAMPLE, REMOVED, UNOPERATED)
    )


def _never_shrinks(variant: Variant, graph: GraphView) -> Callable[[ResourceView], Answer]:
    """A question to an endpoint: whether nothing lowers the number of a variant's instances."""

    def is_fixed(endpoint: ResourceView) -> Answer:
        return ~hosting.targets_scaling(variant, endpoint, graph).any(hosting.lowers_capacity)

    return is_fixed
