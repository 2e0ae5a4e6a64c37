"""Where the code of functions lies in the repository: in templates, folders, archives and images."""

import os
from collections.abc import Mapping, Sequence
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
    named_like,
    only_one,
)
from mlwa_lint.frontends.choices import is_same
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import CODE_PATH, Resource
from mlwa_lint.model.values import (
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
    references_in,
)
from mlwa_lint.startup.records import NamedTuple

# What CDK writes beside a function whose code is a folder of the assembly.
_ASSET_PATH, _ASSET_PROPERTY = "aws:asset:path", "aws:asset:property"
# What follows the language in the name of a runtime: `nodejs22.x`.
_VERSION = "0123456789.x"
# Takes the place, in an inline program, of what only deployment inserts.
UNKNOWN_TEXT = "__unknown__"
# The file that inline text becomes.
_INLINE = "index"
# What a program for Node.js may be written in; of what is compiled, the source comes first.
_NODE = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs")


class CodePlace(NamedTuple):
    """The place of a function's code: a file, and the folder that is deployed with it, or the text itself.

    beside: further folders from which it imports.
    """

    file: Path
    folder: Path
    text: Scalar | None = None
    is_node: bool = False
    beside: tuple[Path, ...] = ()


def place_of(
    function: Resource, options: LoadOptions, is_only: bool, repositories: Mapping[str, Value]
) -> CodePlace | None:
    """Where a function's code lies, if it is Python or JavaScript as far as is known.

    is_only: whether no more than one function of the project is an image. repositories: the names of those
    of images, by their addresses.
    """
    runtime, handler = runtime_of(function), _text(function.properties, "Handler")
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
    if is_image(function):
        return _image_of(function, folder, options, is_only, repositories)
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
        return _packed(at.as_posix(), at, module, options) or _archived(function, at, module, options)
    module = _without_folder(module, at, (".py",))
    if not is_file(at / f"{module}.py"):
        found = copied(module, Path(function.span.path), options.listing_files().files)
        if found is not None:
            return CodePlace(found.file, found.folder)
    return CodePlace(at / f"{module}.py", at)


def runtime_of(function: Resource) -> str | None:
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
    if at.suffix:
        return CodePlace(at, at.parent, is_node=True)
    return CodePlace(at / _without_folder(module, at, _NODE), at, is_node=True)


def _without_folder(module: str, packed: Path, endings: Sequence[str]) -> str:
    """The path of a handler's file below the folder that is packed, where the handler names that as well."""
    first, _, rest = module.partition("/")
    if not rest or first != packed.name or any(is_file(packed / f"{module}{each}") for each in endings):
        return module
    return rest if any(is_file(packed / f"{rest}{each}") for each in endings) else module


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


def _archived(function: Resource, at: Path, module: str, options: LoadOptions) -> CodePlace | None:
    """The program in an archive itself, as a text that the template holds."""
    if not is_file(at):
        return None
    from mlwa_lint.frontends.archived_programs import program_in

    text = program_in(at, f"{module}.py", options.listing_files().files)
    if text is None:
        return None
    declared, first = Path(function.span.path), function.span
    place = first._replace(end_line=first.line, end_column=first.column + 1)
    return CodePlace(declared, declared.parent, Scalar(text, place))


def is_image(function: Resource) -> bool:
    """Whether a function's code is a container image."""
    return _text(function.properties, "PackageType") == "Image"


def _replaced(function: Resource, module: str, options: LoadOptions) -> CodePlace | None:
    """The code that takes the place of inline text, which has no such handler: a text is `index.py`."""
    name = function.properties.value("FunctionName")
    own = known_text(name) or (name.parts[-1] if isinstance(name, Unknown) and name.parts else "")
    names = [function.address.rpartition(".")[2], own if isinstance(own, str) else ""]
    found = called_like(names, module, options.listing_files().files)
    return None if found is None else CodePlace(found.file, found.folder)


def _image_of(
    function: Resource, folder: Path, options: LoadOptions, is_only: bool, repositories: Mapping[str, Value]
) -> CodePlace | None:
    """The code of an image that SAM builds, or a Dockerfile of the project."""
    from mlwa_lint.frontends.image_code import in_image

    root = options.root or folder
    metadata = function.attributes.value("Metadata")
    context = _text(metadata, "DockerContext") if isinstance(metadata, MapValue) else None
    if not isinstance(metadata, MapValue) or context is None:
        found = _built_image_of(function, options, is_only, repositories)
        return None if found is None else CodePlace(found.file, found.folder, beside=found.beside)
    at = Path(os.path.normpath(folder / context))
    name = _text(metadata, "Dockerfile") or "Dockerfile"
    if any(inside(place / name, root) is None for place in (at, folder)):
        return None
    found = in_image(at, name, folder)
    return None if found is None else CodePlace(found.file, found.folder, beside=found.beside)


def _built_image_of(
    function: Resource, options: LoadOptions, is_only: bool, repositories: Mapping[str, Value]
) -> Packed | None:
    """The code of an image that is built elsewhere, by its handler or by what its repository is called."""
    from mlwa_lint.frontends.image_code import in_images

    files = options.listing_files().files
    stated = function.properties.value("ImageConfig")
    command = stated.value("Command") if isinstance(stated, MapValue) else None
    if isinstance(command, ListValue) and command.items:
        return called_like((), _module_of(known_text(command.items[0])), files)
    code = function.properties.value("Code")
    image = code.value("ImageUri") if isinstance(code, MapValue) else None
    name = _last_of(image)
    for reference, _ in references_in(image) if image is not None and not name else ():
        if reference.address in repositories:
            name = _last_of(repositories[reference.address]) or reference.address.rpartition(".")[2]
    return in_images(name, is_only, files)


def _last_of(name: Value | None) -> str:
    """The last part of the name of an image or a repository; empty where it is not known."""
    parts = name.parts if isinstance(name, Unknown) else ()
    text = known_text(name) if name is not None else None
    known = [text if text is None or "/" in text else f"/{text}", *reversed(parts)]
    last = next((each for each in known if isinstance(each, str) and "/" in each), "")
    return last.rpartition("/")[2].partition(":")[0].partition("@")[0]


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


def path_of_layer(layer: Resource) -> str | None:
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
