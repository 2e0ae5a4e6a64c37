"""The layers of functions that are in the repository: folders from which their programs import as well."""

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from mlwa_lint.files.paths import inside
from mlwa_lint.files.reading import is_folder, names_if_listed
from mlwa_lint.frontends.archived_code import ARCHIVES
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import references_in

# Lambda takes as many for one function.
_LAYERS = 5
_TOP, _LIBRARIES, _PACKAGES = "python", "lib", "site-packages"


class LayersOfProject:
    """The layers that a project declares, by their addresses."""

    def __init__(
        self,
        resources: Iterable[Resource],
        types: Collection[str],
        code_path: Callable[[Resource], str | None],
        root: Path | None,
    ) -> None:
        """types: those of layers. code_path: where one's content is, from the file that declares it."""
        self._layers = {each.address: each for each in resources if each.type in types}
        self._code_path = code_path
        self._root = root

    def of(self, function: Resource) -> tuple[Path, ...]:
        """The folders from which a function imports what its layers have."""
        stated = function.properties.value("Layers")
        named = dict.fromkeys(reference.address for reference, _ in references_in(stated))
        layers = [self._layers[each] for each in named if each in self._layers]
        return tuple(folder for each in layers[:_LAYERS] for folder in self._folders_of(each))

    def _folders_of(self, layer: Resource) -> Sequence[Path]:
        path = self._code_path(layer)
        if path is None:
            return ()
        at = Path(os.path.normpath(Path(layer.span.path).parent / path))
        if at.suffix in ARCHIVES:
            at = at.with_suffix("")
        if not is_folder(at) or (self._root is not None and inside(at, self._root) is None):
            return ()
        top = at / _TOP
        if not is_folder(top):
            return (at,)  # what SAM builds lies in the folder itself
        versions = names_if_listed(top / _LIBRARIES)
        packages = [top / _LIBRARIES / each / _PACKAGES for each in sorted(versions) if each.startswith(_TOP)]
        return (top, *filter(is_folder, packages))
