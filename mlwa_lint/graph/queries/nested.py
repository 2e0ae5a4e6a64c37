"""Workflows that the steps of other workflows start: state machines and pipelines of the graph."""

from collections.abc import Callable, Iterable

from mlwa_lint.graph import workflows
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.workflows import Step, Steps
from mlwa_lint.model.values import Reference


def started_by(step: Step, graph: GraphView) -> ResourceView | None:
    """The workflow of the graph that a step starts."""
    target = step.at["Target"].value
    found = graph.graph.by_address.get(target.address) if isinstance(target, Reference) else None
    return (
        None if found is None or found.type not in workflows.WORKFLOWS else ResourceView(found, graph.world)
    )


def within(workflow: ResourceView, graph: GraphView) -> list[ResourceView]:
    """The workflows that a workflow starts, and those that these start."""
    return [graph.resource(each) for each in _within(workflow, graph)]


def around(workflow: ResourceView, graph: GraphView) -> list[ResourceView]:
    """The workflows that start a workflow, and those that start these."""
    return [graph.resource(each) for each in _around(workflow, graph)]


@remembered
def _within(workflow: ResourceView, graph: GraphView) -> tuple[str, ...]:
    return _all_of(workflow, lambda each: graph.targets(each, EdgeKind.INVOKES, *workflows.WORKFLOWS))


@remembered
def _around(workflow: ResourceView, graph: GraphView) -> tuple[str, ...]:
    return _all_of(workflow, lambda each: graph.sources(each, EdgeKind.INVOKES, *workflows.WORKFLOWS))


def _all_of(
    workflow: ResourceView, next_to: Callable[[ResourceView], Iterable[ResourceView]]
) -> tuple[str, ...]:
    found: dict[str, None] = {workflow.address: None}
    waiting = [workflow]
    while waiting:
        for each in next_to(waiting.pop()):
            if each.address not in found:
                found[each.address] = None
                waiting.append(each)
    return tuple(found)[1:]


def steps(workflow: ResourceView, graph: GraphView) -> Steps:
    """The steps of a workflow, and in the place of those that start others, also the steps of these."""
    own = workflows.steps(workflow)
    if not within(workflow, graph):
        return own
    unknown = [*own.unknown]
    found = _with_started(own, "", {workflow.address}, unknown, graph)
    return Steps(workflow, found, tuple(unknown))


def _with_started(own: Steps, start: str, seen: set[str], unknown: list[str], graph: GraphView) -> list[Step]:
    """Steps, each followed by those of the workflow that it starts; their names begin with its own."""
    found: list[Step] = []
    for step in own:
        named = step._replace(name=start + step.name, next=tuple(start + name for name in step.next))
        workflow = started_by(step, graph)
        if workflow is None or workflow.address in seen:
            found.append(named)
            continue
        inner = workflows.steps(workflow)
        unknown += inner.unknown
        nested = _with_started(inner, f"{named.name}/", {*seen, workflow.address}, unknown, graph)
        first = _first(nested)
        if not step.waits_for_job:
            found += [named._replace(next=(*first, *named.next)), *nested]
            continue
        found.append(named._replace(next=first or named.next))
        found += [
            each if each.next or each.kind == "Fail" else each._replace(next=named.next) for each in nested
        ]
    return found


def _first(steps: list[Step]) -> tuple[str, ...]:
    """The steps that follow no other; the first one where every step does."""
    after = {name for step in steps for name in step.next}
    return tuple(step.name for step in steps if step.name not in after) or tuple(
        step.name for step in steps[:1]
    )


def is_inside(first: Step, second: Step, workflow: ResourceView) -> bool:
    """Whether two steps belong to one workflow that another one starts, where it is checked itself."""
    one, other = first.at.resource.address, second.at.resource.address
    return one == other != workflow.address
