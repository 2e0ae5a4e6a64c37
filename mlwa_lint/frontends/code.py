"""The code of functions that is in the repository: what it calls in AWS is attached to the function."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from mlwa_lint.files.paths import inside
from mlwa_lint.files.reading import is_file
from mlwa_lint.frontends.archived_code import (
    ARCHIVES,
    PYTHON,
    Packed,
    beside,
    called_like,
    copied,
    in_image,
    in_images,
    named_like,
    only_one,
)
from mlwa_lint.frontends.choices import is_same
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import (
    CATCHES_ALL,
    CHECKS_CALLERS,
    CODE_PATH,
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
    Unknown,
    Value,
    alternatives,
    known_text,
)
from mlwa_lint.startup.records import NamedTuple

_FUNCTION = "AWS::Lambda::Function"
_LAYERS = frozenset({"AWS::Lambda::LayerVersion", "aws_lambda_layer_version"})
_STATE_MACHINE = "AWS::StepFunctions::StateMachine"
# What runs programs of other kinds: scripts in S3, and containers.
_PROGRAMS = frozenset({"AWS::Batch::JobDefinition", "AWS::ECS::TaskDefinition", "AWS::Glue::Job"})
# What CDK writes beside a function whose code is a folder of the assembly.
_ASSET_PATH, _ASSET_PROPERTY = "aws:asset:path", "aws:asset:property"
# What follows the language in the name of a runtime: `nodejs22.x`.
_VERSION = "0123456789.x"
# Takes the place, in an inline program, of what only deployment inserts.
UNKNOWN_TEXT = "__unknown__"


# The file that inline text becomes.
_INLINE = "index"


class CodePlace(NamedTuple):
    """The place of a function's code: a file, and the folder that is deployed with it, or the text itself."""

    file: Path
    folder: Path
    text: Scalar | None = None
    is_node: bool = False


def with_code(project: Project, options: LoadOptions) -> Project:
    """The project with what its functions, jobs and tasks call, if their programs are in the repository.

    Beside state machines, which are read afterwards, also with what functions return.
    """
    types = {each.type for each in project.resources}
    if not types.isdisjoint(_PROGRAMS):
        from mlwa_lint.frontends.program_code import with_program_code

        project = with_program_code(project, options)
    if _FUNCTION not in types:
        return project
    from mlwa_lint.frontends.python.limits import HANDLERS_LIMIT

    sources = dict.fromkeys(project.sources)
    resources: list[Resource] = []
    left = HANDLERS_LIMIT
    layers_of = _layers_of(project, options)
    is_only = sum(each.type == _FUNCTION and _is_image(each) for each in project.resources) == 1
    for each in project.resources:
        place = _place_of(each, options, is_only) if each.type == _FUNCTION and left else None
        if place is not None:
            left -= 1
            each = _with_requests(
                each, place, options.root or place.folder, sources, layers_of(each, place.is_node)
            )
            if _STATE_MACHINE in types:
                each = _with_result(each, place)
        elif each.type == _FUNCTION:
            each = _with_checks(each, options, sources)
        resources.append(each)
    return project._replace(resources=tuple(resources), sources=tuple(sources))


def _layers_of(project: Project, options: LoadOptions) -> Callable[[Resource, bool], Sequence[Path]]:
    """A function's layers: the folders from which it imports what they have."""
    if all(each.type not in _LAYERS for each in project.resources):
        return lambda function, is_node: ()
    from mlwa_lint.frontends.layers import LayersOfProject

    return LayersOfProject(project.resources, _LAYERS, _path_of_layer, options.root).of


def _with_requests(
    function: Resource, place: CodePlace, root: Path, sources: dict[str, None], layers: Sequence[Path]
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


def _with_result(function: Resource, place: CodePlace) -> Resource:
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


def _program_at(place: CodePlace) -> str | None:
    from mlwa_lint.frontends.python import handlers

    return handlers.text_of(place.file) if place.text is None else str(place.text.data)


def _handler_of(function: Resource) -> str:
    """The name of a function's handler in its module; empty where it is not known."""
    return (_text(function.properties, "Handler") or "").rpartition(".")[2]


def _with_checks(function: Resource, options: LoadOptions, sources: dict[str, None]) -> Resource:
    """A function whose program for .NET certainly checks its callers, with that; any other as it is."""
    runtime, handler = _runtime_of(function), _text(function.properties, "Handler")
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


def _of_handler(function: Resource, place: CodePlace) -> Iterator[str]:
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


# What a program for Node.js may be written in; of what is compiled, the source comes first.
_NODE = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs")


def _place_of(function: Resource, options: LoadOptions, is_only: bool) -> CodePlace | None:
    """Where a function's code lies, if it is Python or JavaScript as far as is known.

    is_only: whether no more than one function of the project is an image.
    """
    runtime, handler = _runtime_of(function), _text(function.properties, "Handler")
    if runtime is not None and runtime.startswith("nodejs"):
        return _node_of(function, handler, options)
    if runtime is not None and not runtime.startswith("python"):
        return None
    folder = Path(function.span.path).parent
    code, module = _code_of(function), _module_of(handler)
    packed = _text(function.attributes, CODE_PATH) is not None  # by a program
    if isinstance(code, MapValue) and "ZipFile" in code.entries and not packed:
        text = _inline(code.value("ZipFile")) if runtime is not None else None
        if module and module != _INLINE and (replaced := _replaced(function, module, options)) is not None:
            return replaced
        return None if text is None else CodePlace(Path(function.span.path), folder, text)
    if _is_image(function):
        return _image_of(function, folder, options, is_only)
    path = _code_path(function, code)
    if path is None:
        key = _key_of(code)
        return _packed(key, None, module, options) if key and module else None
    at = Path(os.path.normpath(folder / path))
    if at.suffix == ".py":
        return CodePlace(at, at)
    if not module:
        return None
    if at.suffix in ARCHIVES:
        return _packed(at.as_posix(), at, module, options)
    if not is_file(at / f"{module}.py"):
        found = copied(module, Path(function.span.path), options.listing_files().files)
        if found is not None:
            return CodePlace(found.file, found.folder)
    return CodePlace(at / f"{module}.py", at)


def _runtime_of(function: Resource) -> str | None:
    """A runtime of a function; None where it is not known, or may be one of another language."""
    found: list[str | None] = []
    for each in alternatives(function.properties.value("Runtime")):
        several = each.value.one_of if isinstance(each.value, Unknown) else ()
        found += several or (known_text(each.value),)
    languages = {text and text.rstrip(_VERSION) for text in found}
    return found[0] if len(languages) == 1 else None


def _code_of(function: Resource) -> Value:
    """Where the code of a function comes from; what is the same under any condition is so without it."""
    code = function.properties.value("Code")
    first, *others = alternatives(code)
    return first.value if all(is_same(first.value, each.value) for each in others) else code


def _node_of(function: Resource, handler: str | None, options: LoadOptions) -> CodePlace | None:
    """Where a program for Node.js lies: in the template, or in a folder that is packed."""
    folder = Path(function.span.path).parent
    code = _code_of(function)
    if isinstance(code, MapValue) and "ZipFile" in code.entries:
        text = _inline(code.value("ZipFile"))
        return None if text is None else CodePlace(Path(function.span.path), folder, text, is_node=True)
    path, module = _code_path(function, code), _module_of(handler)
    if not module:
        return None
    if path is None:
        key = _key_of(code)
        return _packed(key, None, module, options, is_node=True) if key else None
    at = Path(os.path.normpath(folder / path))
    if at.suffix in ARCHIVES:
        return _packed(at.as_posix(), at, module, options, is_node=True)
    return CodePlace(at, at.parent, is_node=True) if at.suffix else CodePlace(at / module, at, is_node=True)


def _module_of(handler: str | None) -> str:
    """The path of a handler's file in what is packed, without its ending."""
    module = (handler or "").replace("\\", "/").rpartition(".")[0]
    return module if "/" in module else module.replace(".", "/")


def _inline(text: Value) -> Scalar | None:
    """An inline program; what is not known of it, a name or a Region, is a text of its own."""
    if isinstance(text, Scalar):
        return text if isinstance(text.data, str) else None
    if not isinstance(text, Unknown) or not any(isinstance(part, str) for part in text.parts):
        return None
    known = "".join(part if isinstance(part, str) else UNKNOWN_TEXT for part in text.parts)
    return Scalar(known, text.span)


def _packed(
    archive: str, at: Path | None, module: str, options: LoadOptions, is_node: bool = False
) -> CodePlace | None:
    """The code that an archive is made of, by where it lies and by its name."""
    endings = _NODE if is_node else PYTHON
    found = beside(at, module, endings) if at is not None else None
    if found is None:
        found = named_like(archive, module, options.listing_files().files, endings)
    if found is None and at is not None and not is_node:
        found = only_one(at, module, options.listing_files().files)
    return None if found is None else CodePlace(found.file, found.folder, is_node=is_node)


def _is_image(function: Resource) -> bool:
    return _text(function.properties, "PackageType") == "Image"


def _replaced(function: Resource, module: str, options: LoadOptions) -> CodePlace | None:
    """The code that takes the place of inline text, which has no such handler: a text is `index.py`."""
    name = function.properties.value("FunctionName")
    own = known_text(name) or (name.parts[-1] if isinstance(name, Unknown) and name.parts else "")
    names = [function.address.rpartition(".")[2], own if isinstance(own, str) else ""]
    found = called_like(names, module, options.listing_files().files)
    return None if found is None else CodePlace(found.file, found.folder)


def _image_of(function: Resource, folder: Path, options: LoadOptions, is_only: bool) -> CodePlace | None:
    """The code of an image that SAM builds, or a Dockerfile of the project."""
    root = options.root or folder
    metadata = function.attributes.value("Metadata")
    context = _text(metadata, "DockerContext") if isinstance(metadata, MapValue) else None
    if not isinstance(metadata, MapValue) or context is None:
        found = _built_image_of(function, options, is_only)
        return None if found is None else CodePlace(found.file, found.folder)
    at = Path(os.path.normpath(folder / context))
    name = _text(metadata, "Dockerfile") or "Dockerfile"
    if any(inside(place / name, root) is None for place in (at, folder)):
        return None
    found = in_image(at, name, folder)
    return None if found is None else CodePlace(found.file, found.folder)


def _built_image_of(function: Resource, options: LoadOptions, is_only: bool) -> Packed | None:
    """The code of an image that is built elsewhere, by its handler or by what its repository is called."""
    files = options.listing_files().files
    stated = function.properties.value("ImageConfig")
    command = stated.value("Command") if isinstance(stated, MapValue) else None
    if isinstance(command, ListValue) and command.items:
        return called_like((), _module_of(known_text(command.items[0])), files)
    code = function.properties.value("Code")
    image = code.value("ImageUri") if isinstance(code, MapValue) else None
    parts = image.parts if isinstance(image, Unknown) else ()
    known = [known_text(image) if image is not None else None, *reversed(parts)]
    last = next((each for each in known if isinstance(each, str) and "/" in each), "")
    name = last.rpartition("/")[2].partition(":")[0].partition("@")[0]
    return in_images(name, is_only, files)


def _key_of(code: Value) -> str:
    """The known end of the key of an archive in S3; empty where its name is not known."""
    key = code.value("S3Key") if isinstance(code, MapValue) else None
    if key is None:
        return ""
    text = known_text(key)
    if text is None and isinstance(key, Unknown) and key.parts:
        last = key.parts[-1]
        text = last if isinstance(last, str) and "/" in last else None
    return text if text is not None and text.endswith(ARCHIVES) else ""


def _path_of_layer(layer: Resource) -> str | None:
    """The path of what a layer has, from the file that declares it."""
    return _code_path(layer, layer.properties.value("Content"), "Content")


def _code_path(function: Resource, code: Value, asset_property: str = "Code") -> str | None:
    """The path of a function's code from the file that declares it."""
    stated = _text(function.attributes, CODE_PATH)
    if stated is not None:
        return stated
    metadata = function.attributes.value("Metadata")
    if isinstance(metadata, MapValue):
        asset = _text(metadata, _ASSET_PATH)
        if asset is not None and _text(metadata, _ASSET_PROPERTY) == asset_property:
            return asset
    text = known_text(code)
    return None if text is None or "://" in text else text


def _text(holder: MapValue, name: str) -> str | None:
    return known_text(holder.value(name))
