"""Files beside a template that have values for its parameters; only the user knows which one applies."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import names_in
from mlwa_lint.frontends.options import Json
from mlwa_lint.startup.patterns import lazy

_FOLDERS = ("", "config", "configs", "env", "parameters", "params")
_FILES = lazy(
    r"samconfig\.toml|(?:.*[-_.])?(?:config|configuration|parameters?|params)(?:[-_.].*)?\.(?:json|ya?ml)"
)
_IN_FOLDER = lazy(r".*\.(?:json|ya?ml)")
_LISTED = 3


class ParameterOffers:
    """The files beside one template, read when they are first asked for."""

    def __init__(self, template: Path, root: Path) -> None:
        self._template = template
        self._root = root
        self._files: list[tuple[str, Mapping[str, Json]]] | None = None

    def __repr__(self) -> str:
        return f"ParameterOffers({self._read()})"

    def notice(self, parameters: Collection[str]) -> str:
        """What to report of values for some parameters of the template; empty where there are none."""
        found = [file for file, values in self._read() if set(values) & set(parameters)]
        if not found:
            return ""
        more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        listed = ", ".join(found[:_LISTED]) + more
        verb = "has" if len(found) == 1 else "have"
        return (
            f"{listed} {verb} values for its parameters, which are not read: "
            f"--parameters {found[0]} reads them"
        )

    def _read(self) -> list[tuple[str, Mapping[str, Json]]]:
        if self._files is None:
            # A link may lead out of the project.
            kept = (each for each in _candidates(self._template) if inside(each, self._root) is not None)
            self._files = list(_values_in(kept))
        return self._files


def _values_in(paths: Iterable[Path]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """The values in each of some files that can be read."""
    for path in paths:
        from mlwa_lint.frontends.cloudformation.parameter_files import ParameterFileError, read_parameters

        try:
            yield shown(path), read_parameters(path)
        except ParameterFileError:
            continue


def _candidates(template: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        try:
            names = names_in(template.parent / folder)
        except (OSError, ValueError):
            continue
        pattern = _IN_FOLDER if folder in ("env", "parameters", "params") else _FILES
        for name in names:
            if name != template.name and pattern.fullmatch(name):
                yield template.parent / folder / name
