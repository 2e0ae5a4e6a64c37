"""The code that the SDK hands to a container: whether it needs the network, which isolation would cut off."""

from collections.abc import Iterable, Iterator

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.truth import truth_of
from mlwa_lint.frontends.python.evaluation.values import DictObj, ListObj, PathObj, PyValue, options
from mlwa_lint.frontends.python.network_use import network_need, without_comments
from mlwa_lint.frontends.python.sdk.objects import Arguments, SdkObject, sdk_objects
from mlwa_lint.frontends.python.sdk.requests import Properties, put
from mlwa_lint.model.resources import FETCHES, SCRIPT
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, Scalar, Unknown, Value
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_REQUIREMENTS = "requirements.txt"
# What names the script, in the order in which the SDK looks.
_SCRIPTS = ("entry_point", "entry_script", "code", "submit_app")
# Packages from the network: not those beside the file, nor with an index that is switched off.
_PACKAGE = lazy(r"(?m)^[ \t]*(?:[A-Za-z]|git\+|https?:|-r\b|--requirement\b)")
_OFFLINE = "--no-index"
# What a builder of models takes as dependencies: a file, a list, or whatever it finds imported.
_CAPTURED = ("requirements", "custom", "auto")
# Where the code of a model is kept that names only its script: "code/inference.py".
_FOLDERS = ("", "code", "src", "source_dir")
_LOCAL_IMPORT = lazy(
    r"(?m)^[ \t]*(?:from\s+\.?(\w+(?:\.\w+)*)\s+import\s+(?:\(\s*)?(\w+)|import\s+(\w+(?:\.\w+)*))"
)
_MODULES_LIMIT = 20
# Folders in which the modules of a project begin.
_IMPORT_ROOTS = ("", "src")


def note_sources(core: Core, properties: Properties, owner: SdkObject, call: Arguments | None = None) -> None:
    """Notes in a request why its container needs the network, as far as its code lies in the project."""
    span = owner.site.span
    found = _why(core, owner, call, span)
    if found is not None:
        put(properties, FETCHES, Entry(span, found), span)


def note_script(properties: Properties, owner: SdkObject, call: Arguments | None = None) -> None:
    """Notes in a request which script a job runs, where that is known."""
    span, source = owner.site.span, _given(owner, call)
    if source.scripts:
        path = _below(source.folder, source.scripts[0])
        put(properties, SCRIPT, Entry(span, Scalar(path, span)), span)


def _why(core: Core, owner: SdkObject, call: Arguments | None, span: Span) -> Value | None:
    source = _found(core, _given(owner, call))
    text = core.project_text(_below(source.folder, source.requirements)) if source.requirements else None
    if text is not None and _installs(text):
        return Scalar(f"{source.requirements} is installed when the container starts", span)
    captured = _captured(owner)
    if captured:
        return Scalar(f"{captured} of its dependencies are installed when the container starts", span)
    for given in _dependencies(owner):
        if given.rpartition("/")[2] == _REQUIREMENTS:
            # Where the SDK puts it depends on its version, and whether it is then installed.
            return Unknown(f"{given} may be installed when the container starts", span)
    for script in source.scripts:
        for name, text, inside in _code(core, source.folder, script):
            need = network_need(text)
            if need == "yes" and not inside:
                # It is handed over in another way, or is not the one that is meant.
                return Unknown(f"{name}, which it imports, uses the network", span)
            if need == "yes":
                return Scalar(f"{name} uses the network", span)
            if need == "perhaps":
                return Unknown(f"{name} may load a model from a hub", span)
    if source.scripts and _is_local(source.folder) and not _is_there(core, source):
        return Unknown(f"{source.folder}, with the code of the container, is not in the project", span)
    return None


def _is_local(folder: str) -> bool:
    """Whether a folder is one of the machine that runs the program."""
    return folder != "" and "://" not in folder


def _is_there(core: Core, source: "_Source") -> bool:
    """Whether one of the scripts lies in the folder that is given."""
    return any(core.project_text(_below(source.folder, each)) is not None for each in source.scripts)


class _Source(NamedTuple):
    """Where the code is, as far as known: its folder, scripts, and the file of requirements."""

    folder: str
    scripts: tuple[str, ...]
    requirements: str


def _given(owner: SdkObject, call: Arguments | None) -> _Source:
    places = [each for each in (call, owner.arguments) if each is not None]
    # The third version of the SDK installs requirements only where they are named.
    inner = [value for each in places if (value := each.value("source_code")) is not None]
    sources = [each.arguments for value in inner for each in sdk_objects(value)]
    folder, named = _first("source_dir", places + sources), _first("requirements", places + sources)
    usual = _REQUIREMENTS if _first("source_dir", places) else ""
    scripts = dict.fromkeys(each for name in _SCRIPTS for each in _texts_of(name, places + sources))
    return _Source(folder, tuple(scripts), named or usual)


def _found(core: Core, source: _Source) -> _Source:
    """The source with the usual folder in which its script is, where none is given.

    The archive of a model has its requirements in `code` as well.
    """
    for folder in _FOLDERS if not source.folder else ():
        if any(core.project_text(_below(folder, each)) is not None for each in source.scripts):
            return _Source(
                folder, source.scripts, source.requirements or (_REQUIREMENTS if folder == "code" else "")
            )
    return source


def _first(name: str, places: Iterable[Arguments]) -> str:
    """The first text that is given for a parameter; empty where none is known."""
    return next(iter(_texts_of(name, places)), "")


def _texts_of(name: str, places: Iterable[Arguments]) -> list[str]:
    """The texts that the first place that has any gives for a parameter, one for each of its alternatives."""
    for each in places:
        value = each.value(name)
        texts = [text for option, _ in options(value) if (text := _text(option))] if value is not None else []
        if texts:
            return texts
    return []


def _captured(owner: SdkObject) -> str:
    """What a builder of models writes down for its container to install; empty where it is nothing."""
    given = owner.arguments.value("dependencies")
    if not isinstance(given, DictObj):
        return ""
    kinds = [key for key, item in given.items() if key != "auto" or truth_of(item.value)]
    return next((key for key in kinds if key in _CAPTURED), "")


def _dependencies(owner: SdkObject) -> list[str]:
    """The files and folders that are handed over beside the script, as far as known."""
    given = owner.arguments.value("dependencies")
    return [_text(each) for each in given.values] if isinstance(given, ListObj) else []


def _text(value: PyValue | None) -> str:
    held = value.text if isinstance(value, PathObj) else value
    return held.data if isinstance(held, Scalar) and isinstance(held.data, str) else ""


def _below(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}" if folder else name


def _installs(text: str) -> bool:
    return _OFFLINE not in text and _PACKAGE.search(without_comments(text)) is not None


def _code(core: Core, folder: str, script: str) -> Iterator[tuple[str, str, bool]]:
    """A script, and the modules that it imports: whether they certainly are in the container, beside it."""
    text = core.project_text(_below(folder, script))
    if text is None:
        return
    pending = [(script, without_comments(text), True)]
    seen = {script}
    while pending:
        name, text, inside = pending.pop(0)
        yield name, text, inside
        for each in _imported(core, folder, name, text, inside):
            if each[0] not in seen and len(seen) <= _MODULES_LIMIT:
                seen.add(each[0])
                pending.append(each)


def _imported(core: Core, folder: str, name: str, text: str, inside: bool) -> Iterator[tuple[str, str, bool]]:
    """The modules that a file imports: beside it, or in the folders that programs of the project begin at."""
    head = name.rpartition("/")[0]
    imports = [(one or other, named) for one, named, other in _LOCAL_IMPORT.findall(text)]
    for module, named in list(dict.fromkeys(imports))[:_MODULES_LIMIT]:
        files = _files_of(module, named)
        beside = [_below(head, each) for each in files] if (folder or head) and inside else []
        places = [(each, _below(folder, each), True) for each in beside]
        others = [_below(root, each) for root in _IMPORT_ROOTS for each in files]
        for found, path, is_beside in [*places, *((each, each, False) for each in others)]:
            content = core.project_text(path)
            if content is not None:
                yield found, without_comments(content), is_beside
                break


def _files_of(module: str, named: str) -> list[str]:
    """The files that an import may mean: `from libs.events import send` libs/events.py and more."""
    path = module.replace(".", "/")
    within = [f"{path}/{named}.py"] if named else []
    return [f"{path}.py", *within, f"{path}/__init__.py"]
