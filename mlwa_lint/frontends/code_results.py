"""What functions that state machines call return, where their programs are in the repository."""

from mlwa_lint.frontends.code import handler_of, place_of, variables_of
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import RETURNS, Project, Resource
from mlwa_lint.model.values import Entry

_FUNCTION = "AWS::Lambda::Function"


def with_results(project: Project, options: LoadOptions) -> Project:
    """The project with what its functions return, which later states of its state machines read."""
    resources = tuple(
        _with_result(each, options) if each.type == _FUNCTION else each for each in project.resources
    )
    return project._replace(resources=resources)


def _with_result(function: Resource, options: LoadOptions) -> Resource:
    from mlwa_lint.frontends.python import handlers
    from mlwa_lint.frontends.python.handler_results import returned

    place = place_of(function, options, is_only=False)
    handler = handler_of(function)
    if place is None or place.is_node or not handler:
        return function
    inline = place.text
    text = handlers.text_of(place.file) if inline is None else str(inline.data)
    at = place.file.as_posix() if inline is None else inline.span or function.span
    found = None if text is None else returned(text, handler, at, variables_of(function))
    if found is None or not found.entries:
        return function
    entries = {**function.attributes.entries, RETURNS: Entry(function.span, found, RETURNS)}
    return function._replace(attributes=function.attributes._replace(entries=entries))
