"""The text above each endpoint: how it is deployed, what watches it, what scales it."""

from collections.abc import Callable, Iterable, Iterator

from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.kinds import ENDPOINT
from mlwa_lint.graph.queries.alarms import alarms_of
from mlwa_lint.graph.queries.deployment import labels_of
from mlwa_lint.graph.queries.hosting import scalable_targets_of, schedules_of
from mlwa_lint.graph.relations import GraphView, Links
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import World, explore, leaves_of
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.reporters.summary import enumeration
from mlwa_lint.startup.records import NamedTuple

# A placeholder for resources that may exist though they are not in the graph.
_MORE = ""
_Question = Callable[[ResourceView, GraphView], Links]


class CodeLens(NamedTuple):
    """A line of text above a place."""

    span: Span
    title: str


def lenses(graphs: Iterable[ResourceGraph], path: str, clean: Callable[[str], str]) -> Iterator[CodeLens]:
    """The lenses of the endpoints that a file declares, each once; `clean` keeps secrets out of them."""
    seen: set[CodeLens] = set()
    for graph in graphs:
        for endpoint in graph.by_type.get(ENDPOINT, ()):
            if endpoint.span.path == path:
                lens = CodeLens(endpoint.span, clean(summary(endpoint, graph)))
                if lens not in seen:
                    seen.add(lens)
                    yield lens


def summary(endpoint: Resource, graph: ResourceGraph) -> str:
    """`canary · watched by ErrorsAlarm · scaled by nothing`; `?` marks what depends or is not known."""
    strategies = ", ".join(labels_of(endpoint, graph))
    watchers = _related(endpoint, graph, (alarms_of, schedules_of))
    scalers = _related(endpoint, graph, (scalable_targets_of,))
    return f"{strategies} · watched by {watchers} · scaled by {scalers}"


def _related(endpoint: Resource, graph: ResourceGraph, questions: tuple[_Question, ...]) -> str:
    """The resources that have some relations to an endpoint, over all worlds."""

    def evaluate(world: World) -> frozenset[str]:
        view = GraphView(graph, world)
        found = [question(ResourceView(endpoint, world), view) for question in questions]
        open_ended = {_MORE} if any(links.unknown for links in found) else set()
        return frozenset({each.address for links in found for each in links} | open_ended)

    tree = explore(graph.project.scenarios, endpoint.guards, evaluate)
    outcomes = [] if tree is None else [each.outcome for each in leaves_of(tree) if each.outcome is not None]
    names = sorted({name for each in outcomes for name in each} - {_MORE})
    if names:
        return enumeration(name if all(name in each for each in outcomes) else f"{name}?" for name in names)
    return "something unresolved?" if any(_MORE in each for each in outcomes) else "nothing"
