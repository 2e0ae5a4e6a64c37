"""Finds and reads the project's own modules, for what other files import of them."""

from collections.abc import Mapping
from pathlib import Path

from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import is_file, is_folder, read_text
from mlwa_lint.frontends.python.evaluation.values import Module
from mlwa_lint.frontends.python.limits import MODULES_LIMIT, SOURCE_LIMIT
from mlwa_lint.frontends.python.syntax.parse import parse
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError, Source, Unit


class Modules:
    """The modules below a project's root, each read once for a target."""

    def __init__(self, path: Path, root: Path, written: Mapping[str, Unit]) -> None:
        self._root = root
        self._start = path
        self._found: dict[str, Module | None] = {}
        self.sources: list[str] = []
        self._written = written

    def find(self, name: str, level: int, path: str) -> "Module | tuple[Module, Unit | None] | None":
        """A module that is known already, or one and what to evaluate for it; None for a stranger."""
        if name in self._written and not level:
            if name not in self._found:
                module = Module(name)
                self._found[name] = module
                return module, self._written[name]
            return self._found[name]
        for candidate in self._candidates(name, level, Path(path)):
            key = str(candidate)
            if key in self._found:
                return self._found[key]
            found = self._read(candidate, name)
            if found is not None:
                self._found[key] = found[0]
                return found
        return None

    def _candidates(self, name: str, level: int, path: Path) -> list[Path]:
        steps = [step for step in name.split(".") if step]
        here = path.parent
        if level:
            for _ in range(level - 1):
                here = here.parent
            return [here.joinpath(*steps)]
        if not steps:
            return []
        folders = [self._start.parent, here]
        if here != self._root:
            folders += [parent for parent in here.parents if self._is_inside(parent)][:6]
        folders += [self._root, self._root / "src"]
        return [folder.joinpath(*steps) for folder in dict.fromkeys(folders)]

    def _is_inside(self, folder: Path) -> bool:
        return folder == self._root or self._root in folder.parents or str(folder) in (".", "")

    def _read(self, candidate: Path, name: str) -> tuple[Module, Unit | None] | None:
        if len(self._found) >= MODULES_LIMIT:
            return None
        file = candidate.with_suffix(".py") if candidate.name else candidate / "__init__.py"
        if not is_file(file):
            file = candidate / "__init__.py"
            if not is_file(file):
                # A folder without __init__.py is a package too, but one that says nothing itself.
                return (Module(name), None) if self._is_package(candidate) else None
        real = inside(file, self._root)
        if real is None:
            return None
        try:
            text = read_text(file, SOURCE_LIMIT)
            unit = Unit(parse(text), Source(shown(file), text))
        except (OSError, ValueError, PythonSyntaxError):
            return Module(name), None
        self.sources.append(shown(file))
        return Module(name), unit

    def _is_package(self, candidate: Path) -> bool:
        return bool(candidate.name) and is_folder(candidate) and inside(candidate, self._root) is not None
