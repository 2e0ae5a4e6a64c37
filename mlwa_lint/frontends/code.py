"""The code of functions that is in the repository: what it calls in AWS is attached to the function."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import CODE_PATH, COMPLETE, REQUESTS, Project, Resource
from mlwa_lint.model.values import Entry, ListValue, MapValue, Scalar, Value, known_text
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.frontends.python.service_calls import ServiceCall

_FUNCTION = "AWS::Lambda::Function"
# What CDK writes beside a function whose code is a folder of the assembly.
_ASSET_PATH, _ASSET_PROPERTY = "aws:asset:path", "aws:asset:property"


class _Place(NamedTuple):
    """The place of a function's code: a file, and the folder that is deployed with it, or the text itself."""

    file: Path
    folder: Path
    text: Scalar | None = None


def with_code(project: Project, options: LoadOptions) -> Project:
    """The project with what its functions call, if their programs are Python in the repository."""
    if not any(each.type == _FUNCTION for each in project.resources):
        return project
    from mlwa_lint.frontends.python.limits import HANDLERS_LIMIT

    sources = dict.fromkeys(project.sources)
    resources: list[Resource] = []
    left = HANDLERS_LIMIT
    for each in project.resources:
        place = _place_of(each) if each.type == _FUNCTION and left else None
        if place is not None:
            left -= 1
            each = _with_requests(each, place, options.root or place.folder, sources)
        resources.append(each)
    return project._replace(resources=tuple(resources), sources=tuple(sources))


def _with_requests(function: Resource, place: _Place, root: Path, sources: dict[str, None]) -> Resource:
    """A function with what its program calls; the files that were read become sources."""
    from mlwa_lint.frontends.python import handlers

    variables = _variables(function)
    if place.text is not None:
        text = str(place.text.data)
        found: handlers.HandlerCalls | None = handlers.calls_inline(
            text, place.file, place.text.span, root, variables
        )
    else:
        found = handlers.calls_of_file(place.file, place.folder, root, variables)
    if found is None:
        return function
    span = function.span if place.text is None else place.text.span
    entries = {
        **function.attributes.entries,
        REQUESTS: Entry(span, ListValue(tuple(map(_request, found.calls)), span), REQUESTS),
        COMPLETE: Entry(span, Scalar(found.complete, span), COMPLETE),
    }
    sources.update(dict.fromkeys(found.sources))
    return function._replace(attributes=function.attributes._replace(entries=entries))


def _request(call: "ServiceCall") -> MapValue:
    span = call.span
    arguments = {name: Entry(place, value, name) for name, (place, value) in call.arguments.items()}
    return MapValue(
        {
            "Service": Entry(span, Scalar(call.service, span), "Service"),
            "Method": Entry(span, Scalar(call.method, span), "Method"),
            "Arguments": Entry(span, MapValue(arguments, span), "Arguments"),
        },
        span,
    )


def _variables(function: Resource) -> Mapping[str, Value]:
    """The environment variables of a function that are known to be set."""
    environment = function.properties.value("Environment")
    variables = environment.value("Variables") if isinstance(environment, MapValue) else None
    if not isinstance(variables, MapValue):
        return {}
    return {name: entry.value for name, entry in variables.entries.items()}


def _place_of(function: Resource) -> _Place | None:
    """The place of a function's code, if it is known to be Python."""
    runtime, handler = _text(function.properties, "Runtime"), _text(function.properties, "Handler")
    if runtime is not None and not runtime.startswith("python"):
        return None
    folder = Path(function.span.path).parent
    code = function.properties.value("Code")
    if isinstance(code, MapValue) and "ZipFile" in code.entries:
        text = code.value("ZipFile")
        if not isinstance(text, Scalar) or not isinstance(text.data, str) or runtime is None:
            return None
        return _Place(Path(function.span.path), folder, text)
    path = _code_path(function, code)
    if path is None:
        return None
    at = Path(os.path.normpath(folder / path))
    if at.suffix == ".py":
        return _Place(at, at)
    module = (handler or "").replace("\\", "/").rpartition(".")[0]
    if not module:
        return None
    below = module if "/" in module else module.replace(".", "/")
    return _Place(at / f"{below}.py", at)


def _code_path(function: Resource, code: Value) -> str | None:
    """The path of a function's code from the file that declares it."""
    stated = _text(function.attributes, CODE_PATH)
    if stated is not None:
        return stated
    metadata = function.attributes.value("Metadata")
    if isinstance(metadata, MapValue):
        asset = _text(metadata, _ASSET_PATH)
        if asset is not None and _text(metadata, _ASSET_PROPERTY) == "Code":
            return asset
    text = known_text(code)
    return None if text is None or "://" in text else text


def _text(holder: MapValue, name: str) -> str | None:
    return known_text(holder.value(name))
