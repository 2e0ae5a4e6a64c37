"""Who may call a function calls it: permissions that name their source make edges from there."""

from collections.abc import Iterable, Iterator

from mlwa_lint.graph import kinds
from mlwa_lint.graph.edges import Edge
from mlwa_lint.model.resources import Project

# Sources that call a function of their own accord once they may; an API calls what its methods name.
_SOURCES = frozenset({kinds.BUCKET, "AWS::SNS::Topic", kinds.EVENT_RULE, "AWS::Scheduler::Schedule"})
_CALLED = frozenset({kinds.FUNCTION, *kinds.FUNCTION_ALIASES})


def permitted(project: Project, edges: Iterable[Edge]) -> Iterator[Edge]:
    """Edges from the sources that permissions name to the functions, where nothing else shows them."""
    types = {each.address: each.type for each in project.resources}
    if kinds.PERMISSION not in types.values():
        return
    called: dict[str, list[Edge]] = {}
    sources: dict[str, list[Edge]] = {}
    known: set[tuple[str, str]] = set()
    for edge in edges:
        known.add((edge.source, edge.target))
        if types[edge.source] != kinds.PERMISSION:
            continue
        if edge.path == ("FunctionName",) and types[edge.target] in _CALLED:
            called.setdefault(edge.source, []).append(edge)
        elif edge.path == ("SourceArn",) and types[edge.target] in _SOURCES:
            sources.setdefault(edge.source, []).append(edge)
    for permission, origins in sources.items():
        for origin in origins:
            for call in called.get(permission, ()):
                if (origin.target, call.target) not in known:
                    kind = kinds.kind_of(types[origin.target], (), types[call.target])
                    guards = tuple(dict.fromkeys((*origin.guards, *call.guards)))
                    yield Edge(origin.target, call.target, kind, guards, origin.span, origin.path)
