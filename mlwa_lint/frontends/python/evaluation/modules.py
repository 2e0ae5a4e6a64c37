"""Finds and reads the project's own modules, for what other files import of them."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from mlwa_lint.files.endings import files_of
from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import is_file, is_folder, read_text
from mlwa_lint.frontends.python.evaluation.values import PythonModule
from mlwa_lint.frontends.python.limits import MODULES_LIMIT, SOURCE_LIMIT
from mlwa_lint.frontends.python.syntax.reader import unit_of
from mlwa_lint.frontends.python.syntax.secrets import note_secrets
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError, Unit
from mlwa_lint.model.secrets import suspicious

# Modules that are surely none of a project's own: what is called like them is not looked for.
_NOT_OURS = sys.stdlib_module_names | {
    *("boto3", "botocore", "sagemaker", "sagemaker_core", "numpy", "pandas", "sklearn", "torch", "yaml"),
    *("tensorflow", "matplotlib", "requests", "transformers", "datasets", "xgboost", "IPython", "dotenv"),
    *("pydantic", "pydantic_core", "pydantic_settings", "fastapi", "typing_extensions"),
}

# How many folders a program may add to those in which modules are looked for.
_ADDED = 8


class Modules:
    """The modules below a project's root, each read once for a target."""

    def __init__(
        self,
        path: Path,
        root: Path,
        written: Mapping[str, Unit],
        own: Path | None = None,
        layers: Sequence[Path] = (),
    ) -> None:
        """root: nothing outside of it is read. own: the top of the program's own project in it.

        layers: folders of modules that are deployed with the program.
        """
        self._root = root
        self._own = own or root
        self._files = files_of(root)
        self._start = path
        self._found: dict[str, PythonModule | None] = {}
        self._searched: dict[Path, Sequence[Path]] = {}
        self._holders: dict[tuple[str, Path], Sequence[Path]] = {}
        self.sources: list[str] = []
        self._added: list[Path] = []
        self._layers = tuple(filter(self._is_inside, layers))
        self._written = written

    def find(
        self, name: str, level: int, path: str
    ) -> "PythonModule | tuple[PythonModule, Unit | None] | None":
        """A module that is known already, or one and what to evaluate for it; None for an external one."""
        if name in self._written and not level:
            if name not in self._found:
                module = PythonModule(name)
                self._found[name] = module
                return module, self._written[name]
            return self._found[name]
        if not level and name.partition(".")[0] in _NOT_OURS:
            return None
        for candidate in self._candidates(name, level, Path(path)):
            key = str(candidate)
            if key in self._found:
                return self._found[key]
            found = self._read(candidate, name)
            if found is not None:
                self._found[key] = found[0]
                return found
        return None

    def _candidates(self, name: str, level: int, path: Path) -> Iterator[Path]:
        steps = [step for step in name.split(".") if step]
        here = path.parent
        if level:
            for _ in range(level - 1):
                here = here.parent
            yield here.joinpath(*steps)
            return
        if not steps:
            return
        for folder in self._having(steps[0], here):
            yield folder.joinpath(*steps)

    def _having(self, first: str, here: Path) -> Sequence[Path]:
        """The folders in which there is a module or package of a name."""
        found = self._holders.get((first, here))
        if found is None:
            # The programs of a folder look for the same modules in the same folders.
            key = (
                "modules",
                first,
                str(here),
                str(self._start.parent),
                *map(str, (*self._added, *self._layers)),
            )
            found = self._holders[first, here] = self._files.kept(key, partial(self._holding, first, here))
        return found

    def _holding(self, first: str, here: Path) -> Sequence[Path]:
        found: list[Path] = []
        for folder in self._folders(here):
            top = folder / first
            if not is_folder(top):
                if is_file(top.with_suffix(".py")):
                    found.append(folder)
                continue
            if not is_file(top / "__init__.py") and is_folder(top / first):
                found.append(top)  # the folder that a package of the same name is installed from
            found.append(folder)
        return found

    def search(self, name: str) -> None:
        """Looks for modules in a folder as well, before all others: `sys.path.append("../src")`."""
        for folder in dict.fromkeys((self._start.parent / name, Path(name))):
            if not is_folder(folder) or not self._is_inside(folder):
                continue
            if folder not in self._added and len(self._added) < _ADDED:
                self._added.append(folder)
                self._searched.clear()
                self._holders.clear()
            return

    def _folders(self, here: Path) -> Sequence[Path]:
        """Where the modules that a file imports may lie: beside the program, beside the file, above it."""
        if here not in self._searched:
            folders = [*self._added, self._start.parent, here, *self._layers]
            folders += [parent for parent in here.parents if self._is_inside(parent)][:6]
            folders += [self._own, self._own / "src"]
            self._searched[here] = tuple(dict.fromkeys(folders))
        return self._searched[here]

    def _is_inside(self, folder: Path) -> bool:
        real = Path(os.path.realpath(folder))  # files are named from the working folder
        return real == self._root or self._root in real.parents

    def _read(self, candidate: Path, name: str) -> tuple[PythonModule, Unit | None] | None:
        if len(self._found) >= MODULES_LIMIT:
            return None
        known = self._files.kept(("module", str(candidate)), partial(self._content_at, candidate))
        if known is None:
            return None
        path, text = known
        try:
            unit = unit_of(path, text) if text is not None else None
        except (ValueError, PythonSyntaxError):
            unit = None
        if unit is not None:
            self.sources.append(path)
            if suspicious(text or ""):
                note_secrets(unit.body)
        return PythonModule(name), unit

    def _content_at(self, candidate: Path) -> tuple[str, str | None] | None:
        """The path and text of a module; without a text where it cannot be read, or is a folder alone."""
        file = candidate.with_suffix(".py") if candidate.name else candidate / "__init__.py"
        if not is_file(file):
            file = candidate / "__init__.py"
            if not is_file(file):
                # A folder without __init__.py is a package too, but one without content of its own.
                return ("", None) if self._is_package(candidate) else None
        if inside(file, self._root) is None:
            return None
        try:
            return shown(file), read_text(file, SOURCE_LIMIT)
        except (OSError, ValueError):
            return "", None

    def _is_package(self, candidate: Path) -> bool:
        return bool(candidate.name) and is_folder(candidate) and inside(candidate, self._root) is not None
