"""Files beside a root module, or around it, with values for its variables; which hold only the user knows."""

from collections.abc import Collection, Iterator
from pathlib import Path

from mlwa_lint.files.paths import inside
from mlwa_lint.files.reading import names_if_listed
from mlwa_lint.frontends.options import unread_values
from mlwa_lint.frontends.terraform.syntax.folder import read_file

_FOLDERS = (
    "",
    "config",
    "configs",
    "env",
    "envs",
    "environment",
    "environments",
    "tfvars",
    "vars",
    "variables",
)
_ENDINGS = (".tfvars", ".tfvars.json")
_READ = (".auto.tfvars", ".auto.tfvars.json")
_FILES_LIMIT = 50


def offered(folder: Path, root: Path, variables: Collection[str]) -> str:
    """A notice about files with values for some variables; empty where there are none."""
    above = folder.absolute().parent
    places = [folder] if _has_configuration(above) else [folder, above]
    candidates = (each for place in places for each in _candidates(place, place != folder))
    paths = [each for each in candidates if inside(each, root) is not None][:_FILES_LIMIT]
    read = (read_file(each, root) for each in paths)
    found = [file.path for file in read if set(file.arguments) & set(variables)]
    return unread_values(found, "variables", "--var-file")


def _has_configuration(folder: Path) -> bool:
    """Whether a folder is a configuration itself, whose values those beside it are."""
    return any(name.endswith((".tf", ".tf.json")) for name in names_if_listed(folder))


def _candidates(folder: Path, above: bool) -> Iterator[Path]:
    """Variable files that are not loaded automatically, also one folder deeper (`env/prod/x.tfvars`).

    above: whether it is the folder around that of the configuration, from which Terraform loads nothing.
    """
    for name in _FOLDERS:
        place = folder / name if name else folder
        for path in _entries(place):
            if name and path.suffix == "":
                yield from (each for each in _entries(path) if _is_values(each.name, above))
            elif _is_values(path.name, above):
                yield path


def _entries(folder: Path) -> list[Path]:
    return [folder / name for name in names_if_listed(folder)]


def _is_values(name: str, above: bool) -> bool:
    if above:
        return name.endswith(_ENDINGS)
    if name.startswith("terraform.tfvars"):
        return False
    return name.endswith(_ENDINGS) and not name.endswith(_READ)
