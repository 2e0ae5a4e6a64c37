"""Questions on which only the weight of a finding depends, not whether there is one.

Whatever a rule reads of the project makes worlds, one for each answer to a condition, and may leave the check
undecided. A finding must not be lost because it is not known how much it weighs. Such questions look at the
project as it is in the world of the check, with all further conditions as by default.
"""

from collections.abc import Callable
from functools import wraps

from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import UnsettledError
from mlwa_lint.model.conditions import TooManyScenariosError


def aside(reason: Callable[[ResourceView, GraphView], str]) -> Callable[[ResourceView, GraphView], str]:
    """Makes a query of a reason answer aside: empty as well where it depends on what is not known.

    Never to be used within a query that is remembered: it depends on what the check has read before.
    """

    @wraps(reason)
    def wrapper(resource: ResourceView, graph: GraphView) -> str:
        world = graph.world.beside()
        try:
            return reason(
                ResourceView(resource.resource, world), GraphView(graph.graph, world, graph.required_tags)
            )
        except (TooManyScenariosError, UnsettledError):
            return ""

    return wrapper
