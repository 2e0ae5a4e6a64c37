"""Callers of endpoints and models, and what their environment passes to them."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import ENDPOINT, FUNCTION
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import Resolved, ResourceView, View
from mlwa_lint.model.answers import Answer, answer
from mlwa_lint.model.values import Reference, Scalar, Unknown


def environment_of(consumer: ResourceView) -> Iterator[View]:
    """The literal values of the environment variables of a function or a task definition."""
    if consumer.type == FUNCTION:
        variables = consumer["Environment.Variables"]
        if not _is_reference(variables.value):
            yield from (view for _, view in variables.entries())
        return
    containers = consumer["ContainerDefinitions"]
    for container in () if _is_reference(containers.value) else containers.items():
        environment = container["Environment"]
        for variable in () if _is_reference(environment.value) else environment.items():
            yield variable["Value"]


def _is_written_there(value: Scalar) -> bool:
    """Whether a text is written literally in its place, with or without quotes."""
    length = value.span.end_column - value.span.column - len(str(value.data))
    return not value.assumed and value.span.line == value.span.end_line and length in (0, 2)


def _is_reference(value: Resolved) -> bool:
    """Whether it comes from elsewhere: a parameter, a data source, a resource, the output of a module."""
    return isinstance(value, Reference) or (
        isinstance(value, Unknown) and bool(value.identity or value.parts)
    )


def endpoints_named(variable: View, graph: GraphView) -> Iterator[tuple[ResourceView, Answer]]:
    """The endpoints whose literal name a variable may repeat, and whether it does.

    A text that both take from one place (a local value, a parameter) is not a repetition.
    """
    value = variable.value
    for endpoint in graph.of_type(ENDPOINT):
        name = endpoint["EndpointName"]
        own = name.value
        if not isinstance(own, Scalar) or own.assumed:
            continue
        if isinstance(value, Scalar):
            yield endpoint, answer(_is_written_there(value) and variable.text == name.text)
        elif not _is_reference(value):
            yield endpoint, variable.is_open()
