"""Answers about the graph as a whole, or about one resource, found once and remembered for all worlds.

Rules repeat the same query for every resource and in every possible world. What an answer rests on is
known: the conditions that were read while it was found. In another world they are read again, in the
same order; where they are answered alike, the answer is the same.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.graph.worlds import World, apart
from mlwa_lint.model.answers import Answer, possibly
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.resources import Resource

P = ParamSpec("P")
T = TypeVar("T")
Question = Callable[[ResourceView, GraphView], Answer | bool]
_SPLIT = "split"  # what is remembered where questions look whether conditions matter to them


class _Known(Generic[T]):
    """An answer, and what is left undecided in a world on the way to it."""

    __slots__ = ("undecided", "value")

    def __init__(self, value: T, undecided: tuple[str, ...]) -> None:
        self.value = value
        self.undecided = undecided


class _Branching:
    """A condition that is read on the way, and what follows from each of its answers."""

    __slots__ = ("branches", "condition")

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.branches: dict[bool, _Known[Any] | _Branching] = {}


def remembered(query: Callable[P, T]) -> Callable[P, T]:
    """Makes a query of views and a graph remember its results with the graph.

    The query must depend on its arguments alone, and its result must not hold views, which belong to one
    world: an Answer, a text or a number, or tuples of these.
    """

    @wraps(query)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        key = (query, *map(_name, args), *kwargs.items())
        graph = _graph_among(args)
        if graph.world.splits:
            known = _apart(graph, key, query, args, kwargs)
            if known is not None:
                graph.world.undecided.extend(known.undecided)
                return known.value
            key = (_SPLIT, *key)
        return _recalled(graph, key, lambda: query(*args, **kwargs))

    return wrapper


def _apart(
    graph: GraphView,
    key: tuple[Any, ...],
    query: Callable[..., T],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> _Known[T] | None:
    """The answer that a query has whatever conditions hold, if that is so.

    Where a check has too many worlds, what its parts do not depend on must not fork it.
    """
    world = graph.world
    guards = _guards_of(args)
    if guards is None or any(world.answers.get(each.condition.name) is not each.holds for each in guards):
        return None

    def look(other: World) -> tuple[T, tuple[str, ...]]:
        value = query(*(_in_world(each, other) for each in args), **kwargs)
        return value, tuple(other.undecided)

    def evaluate() -> _Known[T] | None:
        outcomes = _in_all_worlds(guards, look, graph)
        alike = outcomes and all(_frozen(each) == _frozen(outcomes[0]) for each in outcomes[1:])
        return _Known(*outcomes[0]) if outcomes and alike else None

    return _once(graph, (_apart, *key), evaluate, None)  # what asks itself is answered as before


def _in_all_worlds(guards: Sequence[Guard], look: Callable[[World], T], graph: GraphView) -> list[T] | None:
    """What is found in each world in which some guards hold; None where there are too many of them."""
    return apart(graph.graph.scenarios, {each.condition.name: each.holds for each in guards}, look)


def _once(graph: GraphView, key: tuple[Any, ...], evaluate: Callable[[], T], meanwhile: T) -> T:
    """What is evaluated once for a graph, whatever the world. meanwhile: the answer to what asks itself."""
    memory, tracer = graph.graph.memory, graph.graph.tracer
    if key not in memory:
        memory[key] = meanwhile
        with graph.graph.collecting(key):
            memory[key] = evaluate()
    elif tracer is not None:
        tracer.recall(key)
    found: T = memory[key]
    return found


def _guards_of(args: tuple[Any, ...]) -> list[Guard] | None:
    """The guards of the resources that a query is about; None where it is about parts of them."""
    found: list[Guard] = []
    for each in args:
        if each.__class__ is ResourceView:
            found += each.resource.guards
        elif isinstance(each, View):
            return None
    return found


def _in_world(argument: Any, world: World) -> Any:
    if argument.__class__ is ResourceView:
        return ResourceView(argument.resource, world)
    if argument.__class__ is GraphView:
        return GraphView(argument.graph, world, argument.required_tags)
    return argument


def _frozen(value: Any) -> Any:
    """A result with all that distinguishes it: answers are equal whatever their reasons are."""
    if isinstance(value, Answer):
        return (value.verdict, value.reasons, value.assumed)
    if isinstance(value, tuple | list):
        return tuple(map(_frozen, value))
    return value


def _graph_among(arguments: tuple[object, ...]) -> GraphView:
    for each in reversed(arguments):
        if isinstance(each, GraphView):
            return each
    raise TypeError("a query that is remembered takes a graph")


def _name(argument: Any) -> Any:
    kind = argument.__class__
    if kind is GraphView:
        return None
    if kind is ResourceView:
        return id(argument.resource)
    if isinstance(argument, View):
        return (id(argument.resource), argument.path, argument.span)
    return argument


def _recalled(graph: GraphView, key: tuple[Any, ...], evaluate: Callable[[], T]) -> T:
    world, memory = graph.world, graph.graph.memory
    found = memory.get(key)
    while isinstance(found, _Branching):
        found = found.branches.get(world.holds(found.condition))
    if found is None and (_Unordered, key) in memory:
        found = memory[_Unordered, key].found_in(world)
    if isinstance(found, _Known):
        if graph.graph.tracer is not None:
            graph.graph.tracer.recall(key)
        world.undecided.extend(found.undecided)
        value: T = found.value
        return value
    before, answers = len(world.undecided), world.answers.copy()
    with graph.graph.collecting(key):
        value, conditions = world.noting(evaluate)
    known = _Known(value, tuple(world.undecided[before:]))
    if not _remember(memory, key, conditions, known):
        memory.setdefault((_Unordered, key), _Unordered()).keep(answers, conditions, known)
    return value


class _Unordered:
    """The results of a query that reads conditions in another order where others are known already.

    Where a check has too many worlds, what is known decides what is looked into. Of two worlds with the same
    answers, the second one reads what the first one has read.
    """

    def __init__(self) -> None:
        self._known: dict[frozenset[tuple[str, bool]], tuple[_Known[Any], tuple[Condition, ...]]] = {}

    def found_in(self, world: World) -> _Known[Any] | None:
        """What is known for the answers of a world; the conditions are read in it."""
        known, conditions = self._known.get(frozenset(world.answers.items()), (None, ()))
        for condition in conditions:
            world.holds(condition)
        return known

    def keep(
        self, answers: dict[str, bool], conditions: list[tuple[Condition, bool]], known: _Known[Any]
    ) -> None:
        """Remembers what was found in a world with some answers."""
        read = tuple({condition.name: condition for condition, _ in conditions}.values())
        self._known[frozenset(answers.items())] = known, read


def _remember(
    memory: dict[Any, Any], key: tuple[Any, ...], conditions: list[tuple[Condition, bool]], known: _Known[T]
) -> bool:
    """Whether a result can be remembered by the order in which conditions are read."""
    branches: dict[Any, Any] = memory
    step: Any = key
    seen = set()
    for condition, answer in conditions:
        if condition.name in seen:
            continue  # in one world it is always answered alike
        seen.add(condition.name)
        node = branches.get(step)
        if node is None:
            node = branches[step] = _Branching(condition)
        elif not isinstance(node, _Branching) or node.condition.name != condition.name:
            return False  # it did not read them in the same order as before
        branches, step = node.branches, answer
    branches[step] = known
    return True


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
    def look(world: World) -> bool:
        view = GraphView(graph.graph, world, graph.required_tags)
        answered = question(ResourceView(resource, world), view)
        may = possibly(answered) if isinstance(answered, Answer) else answered
        return may or bool(world.undecided)

    def evaluate() -> bool:
        answers = _in_all_worlds(resource.guards, look, graph)
        return answers is None or any(answers)

    # What asks itself is looked into.
    return _once(graph, (candidates, question, id(resource)), evaluate, True)
