"""The code in the repository that an archive or an image of a function is made of.

A template names `build/string-functions.zip`, which a script packs and uploads; the handler is a file of a
folder that is called after it, or lies beside it.
"""

from collections.abc import Iterable
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.reading import is_file, read_text
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

ARCHIVES = (".zip", ".jar")
# More files of a handler's name than these are not looked through.
HANDLERS_NAMED_LIMIT = 200
_TEXT_LIMIT = 100_000
PYTHON = (".py",)
# Names of files, and of folders, that do not indicate what a function does.
_USUAL = frozenset({"app", "function", "handler", "index", "lambda", "lambda_function", "main"})
_FOLDERS = _USUAL | {
    "artifacts", "backend", "build", "code", "deploy", "deployment", "dist", "functions", "lambdas", "out",
    "output", "package", "packages", "python", "source", "sources", "src", "target",
}  # fmt: skip
# A word as short as this may be in any name.
_SHORT = 4
_SEPARATORS = lazy(r"[-_. ]+")
# Between the words of `InferenceProxy`.
_HUMPS = lazy(r"(?<=[a-z0-9])(?=[A-Z])")
_HASH = lazy(r"[0-9a-f]{32,64}")


class Packed(NamedTuple):
    """A handler's file, the folder that is packed with it, and others from which it imports."""

    file: Path
    folder: Path
    beside: tuple[Path, ...] = ()


def beside(archive: Path, module: str, endings: tuple[str, ...] = PYTHON) -> Packed | None:
    """What an archive in the repository is made of: a folder of its name, or the one that it lies in."""
    for folder in (archive.with_suffix(""), archive.parent):
        for ending in endings:
            file = folder / f"{module}{ending}"
            if is_file(file):
                return Packed(file, folder)
    return None


def named_like(
    archive: str, module: str, files: ProjectFiles | None, endings: tuple[str, ...] = PYTHON
) -> Packed | None:
    """The only handler of the project in a folder called like an archive, or called so itself."""
    stem = _plain(archive.rpartition("/")[2].rpartition(".")[0])
    if files is None or files.root is None or not stem or _HASH.fullmatch(stem):
        return None
    name, paths, ends = _files_of(module, files, endings)
    if "/" in module and len(ends) == 1:
        # `src.handlers.chat` names folders as well: no other file of the repository has this path.
        return Packed(ends[0], ends[0].parents[module.count("/")])
    if "/" in module and not ends and len(paths) == 1 and len(_telling(_plain(name))) > 1:
        # A copy of the repository as a whole is packed, in a folder of its own: `fraud-main.score-claims`.
        return Packed(paths[0], paths[0].parent)
    folders = {} if stem in _FOLDERS else _folders_above(ends, module, files.root)
    found = [packed for folder, packed in folders.items() if _plain(folder.name) == stem]
    if not found:
        # `pre-label-gt.zip` of the folder `pre-label`: names of several words do not begin alike by chance.
        found = [packed for folder, packed in folders.items() if _begins(stem, _plain(folder.name))]
    if not found and stem == _plain(name) and stem not in _USUAL:
        found = [Packed(each, each.parent) for each in ends]
    if not found and _ends_alike(stem, _plain(name)):
        found = [Packed(each, each.parent) for each in ends]
    if not found:
        found = _in_folder_of(archive, module, ends, files.root)
    return found[0] if len(found) == 1 else None


def only_one(archive: Path, module: str, files: ProjectFiles | None) -> Packed | None:
    """The only handler of its name in the project, where neither an archive nor its folder tells of it.

    `lambda_package.zip` is made of what lies in `lambda_src`.
    """
    if files is None or files.root is None or not module or "/" in module or _shows_work(archive.stem):
        return None
    _, paths, _ = _files_of(module, files)
    found = [each for each in paths if not _shows_work(each.parent.name) and each.parent != files.root]
    return Packed(found[0], found[0].parent) if len(paths) == 1 and found else None


def _shows_work(name: str) -> bool:
    """Whether a name has a word that shows what a function does."""
    return any(each and each not in _FOLDERS for each in _plain(name).split("_"))


def _files_of(
    module: str, files: ProjectFiles, endings: tuple[str, ...] = PYTHON
) -> tuple[str, list[Path], list[Path]]:
    """The name of a handler without its ending, the files of the project of that name, and those at its path.

    Of what is compiled beside its source, `chat.js` of `chat.ts`, the first ending counts.
    """
    name = module.rpartition("/")[2]
    wanted = [f"{name}{ending}" for ending in endings]
    paths = files.named_like(wanted.__contains__, HANDLERS_NAMED_LIMIT)
    if len(endings) > 1:
        by_stem: dict[Path, Path] = {}
        for each in sorted(paths, key=lambda path: endings.index(path.suffix)):
            by_stem.setdefault(each.with_suffix(""), each)
        paths = sorted(by_stem.values())
    return name, paths, [each for each in paths if each.with_suffix("").as_posix().endswith(f"/{module}")]


def _in_folder_of(key: str, module: str, paths: list[Path], root: Path) -> list[Packed]:
    """The handlers in folders in which a key has its archive lie: `agent/chat/package.zip`."""
    wanted = [each for each in key.split("/")[:-1] if each]
    if not wanted or _plain(wanted[-1]) in _FOLDERS:
        return []
    folders = {each.parents[module.count("/")]: each for each in paths}
    return [
        Packed(path, folder)
        for folder, path in folders.items()
        if folder != root and _plain(folder.name) == _plain(wanted[-1])
    ]


def called_like(names: Iterable[str], module: str, files: ProjectFiles | None) -> Packed | None:
    """The only handler of the project by its path, or in a folder that is called like one of some names.

    names: those of a function, of which `InferenceProxyLambda` is made of what lies in `inference_proxy`.
    """
    if files is None or files.root is None or not module:
        return None
    _, _, ends = _files_of(module, files)
    found = [Packed(each, each.parents[module.count("/")]) for each in ends]
    if "/" not in module:
        wanted = {_words_of(each) for each in names} - {""}
        found = [
            each
            for each in found
            if each.folder != files.root and any(_ends_in(own, _words_of(each.folder.name)) for own in wanted)
        ]
    return found[0] if len(found) == 1 else None


def _words_of(name: str) -> str:
    """The words of a name of a function or a folder, without those at its end that any of them has."""
    words = _plain(_HUMPS.sub("_", name)).strip("_").split("_")
    while len(words) > 1 and words[-1] in _USUAL | {"fn"}:
        words.pop()
    return "_".join(words)


def _ends_in(own: str, folder: str) -> bool:
    return bool(_telling(folder)) and (own == folder or ("_" in folder and own.endswith(f"_{folder}")))


def is_called_like(name: str, folder: str) -> bool:
    """Whether a folder is called like an image, or like the last words of its name."""
    return _ends_in(_words_of(name), _words_of(folder))


def copied(module: str, declared: Path, files: ProjectFiles | None) -> Packed | None:
    """The only handler of the project that the file which declares a function names, with its folder.

    A command there copies it into a folder that is packed: `cp ../functions/records/index.py build/`.
    """
    text = _text_of(declared)
    if text is None or files is None:
        return None
    name, _, ends = _files_of(module, files)
    found = [each for each in ends if f"{each.parent.name}/{name}.py" in text]
    return Packed(found[0], found[0].parents[module.count("/")]) if len(found) == 1 else None


def _folders_above(paths: list[Path], module: str, root: Path) -> dict[Path, Packed]:
    """The folders that a handler lies in, directly or further below, with the only one that lies highest."""
    found: dict[Path, list[Packed]] = {}
    for path in sorted(paths):
        packed = path.parents[module.count("/")]
        for folder in (packed, *packed.parents):
            if folder == root or root not in folder.parents:
                break
            found.setdefault(folder, []).append(Packed(path, packed))
    highest: dict[Path, Packed] = {}
    for folder, below in found.items():
        depths = [len(each.file.parts) for each in below]
        if depths.count(min(depths)) == 1:
            highest[folder] = below[depths.index(min(depths))]
    return highest


def _begins(stem: str, name: str) -> bool:
    return "_" in name and stem.startswith(f"{name}_")


def _ends_alike(stem: str, module: str) -> bool:
    """Whether an archive is called after a handler's file, but for a number: `tool1-find`, `find_lambda`."""
    own, words = _telling(module), _telling(stem)
    return bool(own) and words[-len(own) :] == own and len(own[-1]) > _SHORT


def _telling(name: str) -> list[str]:
    """The words of a name that indicate what a function does."""
    return [each for each in name.split("_") if each and each not in _USUAL]


def _plain(name: str) -> str:
    return _SEPARATORS.sub("_", name).lower()


def _text_of(path: Path) -> str | None:
    try:
        return read_text(path, _TEXT_LIMIT)
    except (OSError, ValueError):
        return None
