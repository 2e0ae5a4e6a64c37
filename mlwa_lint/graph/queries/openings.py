"""What is behind an API that anyone may call, where that decides how much it matters."""

from mlwa_lint.graph.asides import aside
from mlwa_lint.graph.queries import apis, invokers
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import certainly

_TEXTS = "only AI services for texts are behind it, which cost little and hold nothing of the project"


@aside
def why_harmless(resource: ResourceView, graph: GraphView) -> str:
    """Why requests of others only cost: AI services get them, and nothing of the project is behind them."""
    ways = apis.ways_in(resource, graph) if resource.type in apis.APIS else apis.entrances(resource, graph)
    opened = [each for each in ways if certainly(each.is_open & each.serves)]
    if not opened or not all(each.behind for each in opened):
        return ""
    functions = dict.fromkeys(function for each in opened for function in each.behind)
    return _TEXTS if all(invokers.only_analyses(each, graph) for each in functions) else ""
