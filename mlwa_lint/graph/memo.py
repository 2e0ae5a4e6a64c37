"""Answers about the graph as a whole, or about one resource, found once and remembered for all worlds.

Rules repeat the same query for every resource and in every possible world. What an answer rests on is
known: the conditions that were read while it was found. In another world they are read again, in the
same order; where they are answered alike, the answer is the same.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.conditions import Condition

P = ParamSpec("P")
T = TypeVar("T")


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
        return _recalled(_graph_among(args), key, lambda: query(*args, **kwargs))

    return wrapper


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
    if isinstance(found, _Known):
        if graph.graph.tracer is not None:
            graph.graph.tracer.recall(key)
        world.undecided.extend(found.undecided)
        value: T = found.value
        return value
    before = len(world.undecided)
    with graph.graph.collecting(key):
        value, conditions = world.noting(evaluate)
    known = _Known(value, tuple(world.undecided[before:]))
    _remember(memory, key, conditions, known)
    return value


def _remember(
    memory: dict[Any, Any], key: tuple[Any, ...], conditions: list[tuple[Condition, bool]], known: _Known[T]
) -> None:
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
            return  # it did not read them in the same order as before: better to evaluate each time
        branches, step = node.branches, answer
    branches[step] = known
