"""Which module call a Terraform resource comes from: a suppression at the call holds for it."""

import posixpath
from collections.abc import Iterable, Iterator

from mlwa_lint.discovery.modules import is_terraform
from mlwa_lint.files.lines import SourceLines
from mlwa_lint.startup.patterns import lazy

# Where several roots are linted together, the folder's name may precede it.
_FIRST = lazy(r"[^\[\]]*?\b(module\.)[^.\[\]]+[.\[]")
_STEP = lazy(r"module\.([^.\[\]]+)(?:\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\])?\.")
_CALL = lazy(r"^\s*module\s+\"?([\w-]+)\"?\s*\{")
_SOURCE = lazy(r"^\s*source\s*=\s*\"(\.\.?/[^\"]*|\.\.?)\"")


class ModuleCalls:
    """The module calls in the sources of a run."""

    def __init__(self, sources: SourceLines, paths: Iterable[str]) -> None:
        self._sources = sources
        self._files: dict[str, list[str]] = {}
        self._found: dict[str, dict[str, str]] = {}
        for path in paths:
            if is_terraform(path):
                self._files.setdefault(posixpath.dirname(path) or ".", []).append(path)

    def of(self, root: str, address: str) -> Iterator[tuple[str, str]]:
        """Folder and name of each call on the path from a root to a resource, for local modules."""
        folder = root or "."
        first = _FIRST.match(address)
        position = 0 if first is None else first.start(1)
        while (step := _STEP.match(address, position)) is not None:
            name = step.group(1)
            yield folder, name
            source = self._in(folder).get(name)
            if source is None:
                return
            folder = posixpath.normpath(posixpath.join(folder, source))
            position = step.end()

    def _in(self, folder: str) -> dict[str, str]:
        """Name and source of the local modules that a folder calls."""
        if folder not in self._found:
            found: dict[str, str] = {}
            for path in self._files.get(folder, ()):
                name = ""
                for line in self._sources.lines(path):
                    call = _CALL.match(line)
                    name = call.group(1) if call is not None else name
                    source = _SOURCE.match(line)
                    if name and source is not None:
                        found.setdefault(name, source.group(1))
            self._found[folder] = found
        return self._found[folder]
