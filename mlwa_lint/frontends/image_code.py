"""The code of functions that are container images, by the Dockerfile of the project that builds them.

docs/decisions/0592 describes how the file of a handler is found that a Dockerfile copies from elsewhere.
"""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.reading import is_file, is_path, text_if_readable
from mlwa_lint.files.texts import is_dockerfile
from mlwa_lint.frontends.archived_code import HANDLERS_NAMED_LIMIT, Packed, is_called_like
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_DOCKERFILE_LIMIT = 100_000
# So many lines of a Dockerfile that copy something are read.
_COPIES_LIMIT = 50
# The handler in the last command of a Dockerfile: `CMD ["app.lambda_handler"]`.
_COMMAND = lazy(r"(?im)^[ \t]*CMD\s+\[\s*[\"']([\w./-]+)\.\w+[\"']\s*\]")
# What begins a stage, and what copies files into it.
_STAGE = lazy(r"(?im)^[ \t]*FROM\s")
_COPY = lazy(r"(?im)^[ \t]*(?:COPY|ADD)[ \t]([^\n]*)")
# Where Lambda's images have the code of a function: `${LAMBDA_TASK_ROOT}`, or a variable of the Dockerfile.
_TASK_ROOT = lazy(r"(?:\$\{?\w+\}?|/var/task|\.)(?:/|$)")


class _Copied(NamedTuple):
    """A path of the build context that an image has at a path below the folder of its code."""

    source: str
    at: str


def in_images(name: str, is_only: bool, files: ProjectFiles | None) -> Packed | None:
    """The handler of the image of a function that a Dockerfile of the project builds.

    name: that of the image's repository, or empty. A Dockerfile in a folder called like it builds the image;
    so does the only one that starts a handler, of the only function that is an image.
    """
    if files is None or files.root is None:
        return None
    built = files.once(_built)
    named = [each for path, each in built.items() if name and is_called_like(name, path.parent.name)]
    if named:
        return named[0] if len(named) == 1 else None
    found = [each for each in built.values() if each is not None]
    return found[0] if is_only and len(found) == 1 else None


def _built(files: ProjectFiles) -> dict[Path, Packed | None]:
    """The Dockerfiles of a project that start something like a handler, with its file where it is found."""
    paths = files.named_like(is_dockerfile, HANDLERS_NAMED_LIMIT)
    starting = (each for each in paths if _COMMAND.search(_text_of(each)))
    return {each: in_image(each.parent, each.name, each.parent, files.root) for each in starting}


def in_image(context: Path, dockerfile: str, beside: Path, root: Path | None = None) -> Packed | None:
    """The handler that a Dockerfile starts, in the folder that the image is built from.

    beside: the template's folder, which is that folder itself where a build moves the template up. root: up
    to which folder images may be built from, where nothing states it.
    """
    text = _text_of(context / dockerfile)
    if not text and beside.name == context.name:
        context = beside
        text = _text_of(context / dockerfile)
    commands = _COMMAND.findall(text)
    if not commands:
        return None
    module = commands[-1].replace(".", "/").strip("/")
    file = context / f"{module}.py"
    if is_file(file):
        return Packed(file, context)
    copied = list(_copied(text))
    for folder in _contexts(context, root):
        found = _brought(folder, f"{module}.py", copied)
        if found is not None:
            return found
    return None


def _contexts(folder: Path, root: Path | None) -> Iterator[Path]:
    """The folders that an image may be built from: that of its Dockerfile, and those above it."""
    yield folder
    if root is not None and root in folder.parents:
        for above in folder.parents:
            yield above
            if above == root:
                return


def _copied(text: str) -> Iterator[_Copied]:
    """What the last stage of a Dockerfile copies from the build context into the folder of the code."""
    stage = _STAGE.split(text.replace("\\\n", " "))[-1]
    for line in _COPY.findall(stage)[:_COPIES_LIMIT]:
        words = [each.strip("\"',[]") for each in line.split()]
        paths = [each for each in words if each and not each.startswith("--")]
        if "--from" in line or len(paths) < 2:
            continue
        *sources, target = paths
        inside = _below_task_root(target)
        if inside is None or any("$" in each for each in sources):
            continue
        for source in sources:
            plain = posixpath.normpath(source.removesuffix("/*")).lstrip("/")
            if plain.startswith(".."):
                continue
            renames = bool(inside) and not target.endswith("/") and len(sources) == 1
            is_program = plain.endswith(".py")
            at = inside if renames or not is_program else posixpath.join(inside, posixpath.basename(plain))
            yield _Copied("" if plain == "." else plain, at)


def _below_task_root(target: str) -> str | None:
    """A path of an image below the folder of its code; None for one elsewhere."""
    found = _TASK_ROOT.match(target)
    rest = target[found.end() :] if found is not None else target
    if rest.startswith("/"):
        return None
    plain = posixpath.normpath(rest) if rest else ""
    return None if plain.startswith("..") else plain.removeprefix(".").strip("/")


def _brought(context: Path, handler: str, copied: Sequence[_Copied]) -> Packed | None:
    """The file of a handler that lines of a Dockerfile copy, and the folders that it imports from.

    None where it is not found, and where it may import a file that has another name in the image.
    """
    file = next((each for each in _places(context, handler, copied) if is_file(each)), None)
    if file is None:
        return None
    folders = [file.parents[handler.count("/")]]
    for each in copied:
        place = context / each.source
        if each.source.endswith(".py"):
            if place != file and posixpath.basename(each.source) != posixpath.basename(each.at):
                return None
            place, within = place.parent, posixpath.dirname(each.at)
        else:
            within = each.at
        if within and within != "/".join(place.parts[-within.count("/") - 1 :]):
            continue
        folders.append(place.parents[within.count("/")] if within else place)
    first, *others = dict.fromkeys(folders)
    return Packed(file, first, tuple(others))


def _places(context: Path, handler: str, copied: Iterable[_Copied]) -> Iterator[Path]:
    """Where the file of a handler may lie in the build context."""
    for source, at in copied:
        if source.endswith(".py"):
            if at == handler:
                yield context / source
        elif not at:
            yield context / source / handler
        elif handler.startswith(f"{at}/"):
            yield context / source / handler.removeprefix(f"{at}/")


def _text_of(path: Path) -> str:
    return text_if_readable(path, _DOCKERFILE_LIMIT) if is_path(path) else ""
