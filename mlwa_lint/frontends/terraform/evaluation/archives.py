"""The place of the functions' code that `archive_file` packs."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from mlwa_lint.files.reading import real_path
from mlwa_lint.frontends.terraform.evaluation.resource import DataInstance
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.model.values import Unknown, Value, known_text

_FUNCTION = "aws_lambda_function"
_SOURCES = ("source_dir", "source_file")


def with_code(
    resources: Iterable[RawResource], read: Iterable[DataInstance], folder: Path
) -> list[RawResource]:
    """The resources, with the places of the code of functions. folder: from which paths go."""
    packed = _packed(each for each in read if each.block.labels[0] == "archive_file")
    return [_with_place(each, packed, folder) if each.type == _FUNCTION else each for each in resources]


def _packed(archives: Iterable[DataInstance]) -> dict[str, str]:
    """The archives by their own path: the folder or file that each is made of."""
    found: dict[str, str] = {}
    for archive in archives:
        stated = archive.block.arguments
        place = _key(archive.attribute("output_path")) if "output_path" in stated else ""
        source = next((name for name in _SOURCES if name in stated), None)
        text = known_text(archive.attribute(source)) if source is not None else None
        if place and text:
            found[place] = text
    return found


def _key(path: Value) -> str:
    text = known_text(path)
    return text or (path.identity if isinstance(path, Unknown) else "")


def _with_place(function: RawResource, packed: Mapping[str, str], folder: Path) -> RawResource:
    entry = function.body.entries.get("filename")
    if entry is None:
        return function
    # A file that nothing here packs stands for what it was made of.
    source = packed.get(_key(entry.value)) or known_text(entry.value)
    return function if source is None else function._replace(code=real_path(folder / source))
