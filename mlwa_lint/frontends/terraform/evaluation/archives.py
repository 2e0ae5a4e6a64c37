"""The place of the code of functions and layers that `archive_file` packs."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from mlwa_lint.files.reading import read_text, real_path
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.python.limits import SOURCE_LIMIT
from mlwa_lint.frontends.terraform.evaluation.data_source import DataInstance
from mlwa_lint.frontends.terraform.evaluation.working_folder import path_from
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.model.values import Scalar, Unknown, Value, known_text
from mlwa_lint.startup.patterns import lazy

ARCHIVE = "archive_file"
PACKED = frozenset({"aws_lambda_function", "aws_lambda_layer_version"})
_SOURCES = ("source_dir", "source_file")
_OBJECTS = ("aws_s3_object", "aws_s3_bucket_object")
_DATA = (".txt", ".json", ".yaml", ".yml", ".md", ".csv", ".pem", ".html")
# What a template inserts where it decides what a program calls.
_INSERTED = lazy(r"(?:client|resource)\([^)\n]{0,200}[$%]\{|(?m:^[^\"'#\n]*[$%]\{)")


def with_code(
    resources: Iterable[RawResource], read: Iterable[DataInstance], folder: Path, root: Path
) -> list[RawResource]:
    """The resources, with the places of the code of functions and layers. folder: from which paths go.

    root: the repository.
    """
    resources = list(resources)
    packed = _packed((each for each in read if each.block.labels[0] == ARCHIVE), folder, root)
    uploaded = _uploaded(each for each in resources if each.type in _OBJECTS) if packed else {}
    return [
        _with_place(each, packed, uploaded, folder) if each.type in PACKED else each for each in resources
    ]


def _uploaded(objects: Iterable[RawResource]) -> dict[str, str]:
    """The files that are uploaded, by their key in S3; none for a key that several objects have."""
    found: dict[str, str] = {}
    several: set[str] = set()
    for each in objects:
        key, source = (_key_in(each, name) for name in ("key", "source"))
        if key in found:
            several.add(key)
        if key and source:
            found[key] = source
    return {key: source for key, source in found.items() if key not in several}


def _key_in(holder: RawResource, name: str) -> str:
    entry = holder.body.entries.get(name)
    return "" if entry is None else _key(entry.value)


def _packed(archives: Iterable[DataInstance], folder: Path, root: Path) -> dict[str, str]:
    """The archives by their own path: the folder or file that each is made of."""
    found: dict[str, str] = {}
    for archive in archives:
        stated = archive.block.arguments
        place = _key(archive.attribute("output_path")) if "output_path" in stated else ""
        source = next((name for name in _SOURCES if name in stated), None)
        text = _content(archive) if source is None else _path(archive.attribute(source), folder, root)
        if place and text:
            found[place] = text
    return found


def _path(source: Value, folder: Path, root: Path) -> str | None:
    return known_text(source) or path_from(source, folder, root)


def _content(archive: DataInstance) -> str | None:
    """The file whose text is all code that an archive holds: `source { content = file("app.py") }`."""
    code = [each for each in archive.block.blocks if not _is_other(each, archive)]
    if len(code) != 1 or code[0].type != "source" or "content" not in code[0].arguments:
        return None
    content = evaluate(code[0].arguments["content"].value, archive.frame)
    if not isinstance(content, (Scalar, Unknown)) or content.origin is None:
        return None
    path = content.origin.path
    if not path.endswith(".py") or content.origin[1:3] != (1, 1):
        return None
    try:
        written = read_text(Path(path), SOURCE_LIMIT)
    except (OSError, ValueError):
        return None
    is_plain = known_text(content) == written or not _INSERTED.search(written)
    return real_path(Path(path).absolute()) if is_plain else None


def _is_other(source: Block, archive: DataInstance) -> bool:
    """Whether a block puts a file into an archive that is not code, such as `requirements.txt`."""
    if source.type != "source" or "filename" not in source.arguments:
        return False
    name = known_text(evaluate(source.arguments["filename"].value, archive.frame))
    return name is not None and name.endswith(_DATA)


def _key(path: Value) -> str:
    text = known_text(path)
    return text or (path.identity if isinstance(path, Unknown) else "")


def _with_place(
    function: RawResource, packed: Mapping[str, str], uploaded: Mapping[str, str], folder: Path
) -> RawResource:
    entry = function.body.entries.get("filename")
    if entry is None:
        # What is uploaded first has the same code.
        source = packed.get(uploaded.get(_key_in(function, "s3_key"), ""))
        return function if source is None else function._replace(code=real_path(folder / source))
    # A file that nothing here packs represents its contents.
    source = packed.get(_key(entry.value)) or known_text(entry.value)
    return function if source is None else function._replace(code=real_path(folder / source))
