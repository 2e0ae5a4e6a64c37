"""Files beside a template that have values for its parameters; only the user knows which one applies."""

from collections.abc import Collection, Iterator
from pathlib import Path

from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import names_if_listed
from mlwa_lint.frontends.options import unread_values
from mlwa_lint.startup.patterns import lazy

_FOLDERS = ("config", "configs", "env", "parameters", "params")
_FILES = lazy(
    r"samconfig\.toml|(?:.*[-_.])?(?:config|configuration|parameters?|params)(?:[-_.].*)?\.(?:json|ya?ml)"
)
_IN_FOLDER = lazy(r".*\.(?:json|ya?ml)")


def offered(template: Path, root: Path, parameters: Collection[str]) -> str:
    """A notice about files with values for some parameters of a template; empty where there are none."""
    # A link may lead out of the project.
    candidates = [each for each in _candidates(template) if inside(each, root) is not None]
    if not candidates:
        return ""
    from mlwa_lint.frontends.cloudformation.parameter_files import ParameterFileError, read_parameters

    found: list[str] = []
    for path in candidates:
        try:
            values = read_parameters(path)
        except ParameterFileError:
            continue
        if set(values) & set(parameters):
            found.append(shown(path))
    return unread_values(found, "parameters", "--parameters")


def _candidates(template: Path) -> Iterator[Path]:
    beside = names_if_listed(template.parent)
    yield from (template.parent / each for each in beside if each != template.name and _FILES.fullmatch(each))
    for folder in filter(beside.__contains__, _FOLDERS):
        pattern = _IN_FOLDER if folder in ("env", "parameters", "params") else _FILES
        for name in names_if_listed(template.parent / folder):
            if name != template.name and pattern.fullmatch(name):
                yield template.parent / folder / name
