"""The resources that can answer a question with more than NO, whatever holds: only their guards are read."""

from collections.abc import Callable, Iterator
from typing import Any

from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import World, apart
from mlwa_lint.model.answers import Answer, possibly
from mlwa_lint.model.resources import Resource

Question = Callable[[ResourceView, GraphView], Answer | bool]


def candidates(question: Question, graph: GraphView, *types: str) -> Iterator[ResourceView]:
    """The resources of some types in this world for which a question may be answered YES in some world.

    For a search that ends with what it finds: what is always there comes first, and the guard of a resource
    is read when its turn comes. Roles and functions under many conditions, none of which has to do with a
    question, do not multiply its worlds. What is found out is remembered with the graph, so the question must
    be a function of a module, and depend on its arguments alone.
    """
    found = [resource for each in types for resource in graph.graph.by_type.get(each, ())]
    for resource in sorted(found, key=lambda each: bool(each.guards)):
        if resource.guards and not _may_answer(question, resource, graph):
            continue
        if graph.world.admits(resource.guards):
            yield ResourceView(resource, graph.world)


def _may_answer(question: Question, resource: Resource, graph: GraphView) -> bool:
    key: tuple[Any, ...] = (candidates, question, id(resource))
    memory, tracer = graph.graph.memory, graph.graph.tracer
    if key in memory:
        if tracer is not None:
            tracer.recall(key)
        return bool(memory[key])

    def look(world: World) -> bool:
        view = GraphView(graph.graph, world, graph.required_tags)
        answered = question(ResourceView(resource, world), view)
        may = possibly(answered) if isinstance(answered, Answer) else answered
        return may or bool(world.undecided)

    memory[key] = True  # what asks itself is looked into
    with graph.graph.collecting(key):
        start = {each.condition.name: each.holds for each in resource.guards}
        answers = apart(graph.graph.scenarios, start, look)
    memory[key] = answers is None or any(answers)
    return bool(memory[key])
