"""The code of functions that is in the repository: what it calls in AWS is attached to the function."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import (
    CATCHES_ALL,
    CHECKS_CALLERS,
    COMPLETE,
    EMPTIES,
    NAMES_SECRETS,
    NEEDS_RECORDS,
    QUERIES,
    READ_VARIABLES,
    REQUESTS,
    RETURNS,
    SILENT,
    VERIFIES_SIGNATURES,
    Project,
    Resource,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Entry,
    ListValue,
    MapValue,
    Scalar,
    Value,
    known_text,
)

if TYPE_CHECKING:
    from mlwa_lint.frontends.code_places import CodePlace

_FUNCTION = "AWS::Lambda::Function"
_REPOSITORY = "AWS::ECR::Repository"
_LAYERS = frozenset({"AWS::Lambda::LayerVersion", "aws_lambda_layer_version"})
_STATE_MACHINE = "AWS::StepFunctions::StateMachine"
# What runs programs of other kinds: scripts in S3, and containers.
_PROGRAMS = frozenset({"AWS::Batch::JobDefinition", "AWS::ECS::TaskDefinition", "AWS::Glue::Job"})

# What runs containers, and is given environment variables for them.
_CONTAINERS = frozenset({"AWS::AppRunner::Service", "AWS::ECS::TaskDefinition"})


def with_code(project: Project, options: LoadOptions) -> Project:
    """The project with what its functions, jobs and tasks call, if their programs are in the repository.

    Beside state machines, which are read afterwards, also with what functions return.
    """
    types = {each.type for each in project.resources}
    if not types.isdisjoint(_PROGRAMS):
        from mlwa_lint.frontends.program_code import with_program_code

        project = with_program_code(project, options)
    if not types.isdisjoint(_CONTAINERS):
        from mlwa_lint.frontends.container_variables import with_variables_read

        project = with_variables_read(project, options)
    if _FUNCTION not in types:
        return project
    from mlwa_lint.frontends.code_places import is_image, place_of

    sources = dict.fromkeys(project.sources)
    resources: list[Resource] = []
    evaluated, limit = 0, None
    layers_of = _layers_of(project, options)
    is_only = sum(each.type == _FUNCTION and is_image(each) for each in project.resources) == 1
    names = {
        each.address: each.properties.value("RepositoryName")
        for each in project.resources
        if each.type == _REPOSITORY
    }
    for each in project.resources:
        is_read = each.type == _FUNCTION and evaluated != limit
        place = place_of(each, options, is_only, names) if is_read else None
        if place is not None:
            evaluated, limit = evaluated + 1, _limit()
            imported = (*place.beside, *layers_of(each, place.is_node))
            each = _with_requests(each, place, options.root or place.folder, sources, imported)
            if _STATE_MACHINE in types:
                each = _with_result(each, place)
        elif each.type == _FUNCTION:
            each = _with_checks(each, options, sources)
        resources.append(each)
    return project._replace(resources=tuple(resources), sources=tuple(sources))


def _limit() -> int:
    """How many functions are read; loaded where one is."""
    from mlwa_lint.frontends.python.limits import HANDLERS_LIMIT

    return HANDLERS_LIMIT


def _layers_of(project: Project, options: LoadOptions) -> Callable[[Resource, bool], Sequence[Path]]:
    """A function's layers: the folders from which it imports what they have."""
    if all(each.type not in _LAYERS for each in project.resources):
        return lambda function, is_node: ()
    from mlwa_lint.frontends.code_places import path_of_layer
    from mlwa_lint.frontends.layers import LayersOfProject

    return LayersOfProject(project.resources, _LAYERS, path_of_layer, options.root).of


def _with_requests(
    function: Resource, place: "CodePlace", root: Path, sources: dict[str, None], layers: Sequence[Path]
) -> Resource:
    """A function with what its program calls; the files that were read become sources."""
    from mlwa_lint.frontends.python import handlers

    variables = _variables_of(function)
    handler = _handler_of(function)
    if place.is_node:
        from mlwa_lint.frontends import node_code

        if place.text is not None:
            found: handlers.HandlerCalls | None = node_code.calls_of_inline_node(
                str(place.text.data), function.span.path, place.text.span, variables, handler
            )
        else:
            found = node_code.calls_of_node(place.file, place.folder, root, variables, handler, layers)
    elif place.text is not None:
        text = str(place.text.data)
        found = handlers.calls_inline(text, place.file, place.text.span, root, variables, handler, layers)
    else:
        found = handlers.calls_of_file(place.file, place.folder, root, variables, handler, layers)
    if found is None:
        return function
    span = function.span if place.text is None else place.text.span
    entries = {
        **function.attributes.entries,
        REQUESTS: Entry(span, ListValue(tuple(each.as_value() for each in found.calls), span), REQUESTS),
        COMPLETE: Entry(span, Scalar(found.complete, span), COMPLETE),
        SILENT: Entry(span, _texts(found.silent, span), SILENT),
    }
    if found.read is not None:
        entries[READ_VARIABLES] = Entry(span, _texts(found.read, span), READ_VARIABLES)
    if found.empties:
        entries[EMPTIES] = Entry(span, _texts(found.empties, span), EMPTIES)
    if found.catches:
        entries[CATCHES_ALL] = Entry(span, Scalar(True, span), CATCHES_ALL)
    if found.naming:
        entries[NAMES_SECRETS] = Entry(span, _texts(found.naming, span), NAMES_SECRETS)
    if found.checks is not None:
        entries[CHECKS_CALLERS] = Entry(span, Scalar(found.checks, span), CHECKS_CALLERS)
    if found.queries:
        entries[QUERIES] = Entry(span, Scalar(True, span), QUERIES)
    if found.signed:
        entries[VERIFIES_SIGNATURES] = Entry(span, Scalar(True, span), VERIFIES_SIGNATURES)
    for attribute in () if place.is_node else _of_handler(function, place):
        entries[attribute] = Entry(span, Scalar(True, span), attribute)
    sources.update(dict.fromkeys(found.sources))
    return function._replace(attributes=function.attributes._replace(entries=entries))


def _with_result(function: Resource, place: "CodePlace") -> Resource:
    """A function with what it returns, which later states of state machines read."""
    handler, text = _handler_of(function), None if place.is_node else _program_at(place)
    if text is None or not handler:
        return function
    from mlwa_lint.frontends.python.handler_results import returned

    at = place.file.as_posix() if place.text is None else place.text.span or function.span
    found = returned(text, handler, at, _variables_of(function))
    if found is None or not found.entries:
        return function
    entries = {**function.attributes.entries, RETURNS: Entry(function.span, found, RETURNS)}
    return function._replace(attributes=function.attributes._replace(entries=entries))


def _program_at(place: "CodePlace") -> str | None:
    from mlwa_lint.frontends.python import handlers

    return handlers.text_of(place.file) if place.text is None else str(place.text.data)


def _handler_of(function: Resource) -> str:
    """The name of a function's handler in its module; empty where it is not known."""
    return (known_text(function.properties.value("Handler")) or "").rpartition(".")[2]


def _with_checks(function: Resource, options: LoadOptions, sources: dict[str, None]) -> Resource:
    """A function whose program for .NET certainly checks its callers, with that; any other as it is."""
    from mlwa_lint.frontends.code_places import runtime_of

    runtime, handler = runtime_of(function), known_text(function.properties.value("Handler"))
    if runtime is None or handler is None or not runtime.startswith("dotnet"):
        return function
    from mlwa_lint.frontends.dotnet_code import program_of

    found = program_of(handler, options.listing_files().files)
    if found is None:
        return function
    sources.update(dict.fromkeys(found.sources))
    if not found.checks:
        return function
    checks = Entry(function.span, Scalar(True, function.span), CHECKS_CALLERS)
    entries = {**function.attributes.entries, CHECKS_CALLERS: checks}
    return function._replace(attributes=function.attributes._replace(entries=entries))


def _of_handler(function: Resource, place: "CodePlace") -> Iterator[str]:
    """The attributes that show what a function's handler does with events."""
    from mlwa_lint.frontends.python import events

    handler, text = _handler_of(function), _program_at(place)
    if text is None:
        return
    if events.needs_records(text, handler):
        yield NEEDS_RECORDS
    if events.catches_everything(text, handler):
        yield CATCHES_ALL


def _texts(texts: Iterable[str], span: Span) -> ListValue:
    return ListValue(tuple(Scalar(each, span) for each in texts), span)


def _variables_of(function: Resource) -> Mapping[str, Value]:
    """The environment variables of a function that are known to be set."""
    environment = function.properties.value("Environment")
    variables = environment.value("Variables") if isinstance(environment, MapValue) else None
    if not isinstance(variables, MapValue):
        return {}
    return {name: entry.value for name, entry in variables.entries.items()}
