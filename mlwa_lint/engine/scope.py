"""Which resources a rule checks: of types that serve every purpose, those that belong to machine learning."""

from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import World, explore, leaves_of
from mlwa_lint.model.answers import NO, YES, Answer
from mlwa_lint.model.findings import Scope
from mlwa_lint.model.resources import Resource
from mlwa_lint.rule import Rule
from mlwa_lint.startup.records import NamedTuple


class _Verdict(NamedTuple):
    verdict: str
    reasons: tuple[str, ...]


class Scoping:
    """Whether rules check the resources of one graph, found once for each resource."""

    def __init__(self, graph: ResourceGraph, scope: Scope) -> None:
        self._graph = graph
        self._scope = scope
        self._known: dict[str, Answer | None] = {}

    def of(self, rule: Rule, resource: Resource) -> Answer | None:
        """Whether a rule checks a resource; None when `within` decides it in each world."""
        if self._scope == "all" or rule.scope == "all":
            return YES
        from mlwa_lint.graph.queries.ties import is_general

        if not is_general(resource.type):
            return YES
        name = (Scoping, resource.address)
        if resource.address not in self._known:
            with self._graph.collecting(name):
                self._known[resource.address] = self._found(resource)
        elif self._graph.tracer is not None:
            self._graph.tracer.recall(name)
        return self._known[resource.address]

    def judges(self, resource: Resource) -> bool:
        """Whether a resource is certainly checked in some world, whatever the rule."""
        if self._scope == "all":
            return True
        if resource.address not in self._known:
            self._known[resource.address] = self._found(resource)
        answer = self._known[resource.address]
        return answer is None or answer.verdict == "yes"

    def within(self, resource: ResourceView, graph: GraphView) -> Answer:
        """Whether ML rules check a resource in one world."""
        from mlwa_lint.graph.queries.generated import is_generated
        from mlwa_lint.graph.queries.ties import is_tied_to_ml

        return is_tied_to_ml(resource, graph) & ~is_generated(resource, graph)

    def _found(self, resource: Resource) -> Answer | None:
        """The answer that holds in every world; None when worlds differ."""

        first: _Verdict | None = None

        def evaluate(world: World) -> _Verdict:
            nonlocal first
            answer = self.within(ResourceView(resource, world), GraphView(self._graph, world))
            found = _Verdict(answer.verdict, answer.reasons)
            first = first or found
            if found != first:
                raise _DifferentError  # at once: no other world is read
            return found

        try:
            tree = explore(self._graph.scenarios, resource.guards, evaluate)
        except _DifferentError:
            return None
        only = first if tree is not None and all(each.outcome for each in leaves_of(tree)) else None
        if only is None:
            return None
        verdict, reasons = only
        if verdict == "undecided":
            return Answer("undecided", reasons)
        return YES if verdict == "yes" else NO if verdict == "no" else None


class _DifferentError(Exception):
    """Whether a resource is checked is not the same in each world."""
