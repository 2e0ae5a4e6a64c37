"""Workflows run the jobs that their steps create, and invoke what their steps call."""

from collections.abc import Callable, Iterator

from mlwa_lint.graph.edges import Edge, EdgeKind
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import ListValue, MapValue, alternatives, references_in


def of_workflows(resource: Resource, address_of: Callable[[str], str | None]) -> Iterator[Edge]:
    """The edges of a job from its workflow, and of a workflow to what it calls without creating it."""
    yield from _from_workflow(resource, address_of)
    yield from _to_called(resource, address_of)


def _from_workflow(job: Resource, address_of: Callable[[str], str | None]) -> Iterator[Edge]:
    entry = job.attributes.entries.get("Workflow")
    for reference, guards in references_in(entry.value, job.guards) if entry is not None else ():
        source = address_of(reference.address)
        if source is not None:
            yield Edge(source, job.address, EdgeKind.RUNS, guards, job.span, ("Workflow",))


def _to_called(workflow: Resource, address_of: Callable[[str], str | None]) -> Iterator[Edge]:
    """Functions, Glue jobs and endpoints that steps call."""
    entry = workflow.attributes.entries.get("Steps")
    for option in alternatives(entry.value, workflow.guards) if entry is not None else ():
        steps = option.value.items if isinstance(option.value, ListValue) else ()
        for step in (each for item in steps for each in alternatives(item, option.guards)):
            if not isinstance(step.value, MapValue) or "Target" not in step.value.entries:
                continue
            target = step.value.entries["Target"]
            for reference, guards in references_in(target.value, step.guards):
                address = address_of(reference.address)
                if address is not None and address != workflow.address:
                    path = ("Steps", "Target")
                    yield Edge(workflow.address, address, EdgeKind.INVOKES, guards, target.key_span, path)
