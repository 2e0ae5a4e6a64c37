"""Templates that a tool has generated from others that are linted as well, and that add nothing to them."""

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from mlwa_lint.files.reading import read_bytes
from mlwa_lint.frontends.cloudformation.syntax.nodes import Node
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

# The types of a template's resources, in whatever notation: generated templates keep them all.
# It begins with letters, which are found many times as fast as the edge of a word is.
_TYPES = lazy(r"""Type(?<=\bType)["']?[ \t]*:[ \t]*["']?((?:AWS|Custom|Alexa)::[\w:@<>-]+)""")
# What is larger is linted like any other template: comparing it would take as long.
SIZE_LIMIT = 1_000_000
# So many templates with the same resources are compared with one at most, so that copies in great number cost
# no more than their number.
COMPARED_LIMIT = 50
_ASSEMBLED = ".template.json"

_Types: TypeAlias = tuple[str, ...]
_Folder: TypeAlias = tuple[str, ...]


class Twin(NamedTuple):
    """What a template was generated from, and how: `packaged`, `synthesized`."""

    source: str
    how: str

    def __str__(self) -> str:
        if self.how == "packaged":
            return f"is {self.source} as it was packaged: only the places of artefacts differ"
        return f"is what {self.source} has as well: nothing differs"


def generated(
    suspects: Collection[str], templates: Iterable[str], assemblies: Iterable[str]
) -> dict[str, Twin]:
    """Path -> what it was generated from, for those suspects that certainly were.

    templates:  the paths of all templates. assemblies: the folders of CDK assemblies. Only files of folders
                around one another are compared.
    """
    read = _Reader()
    linted = _Places(templates, suspects, read)
    synthesized = _Places((each for folder in assemblies for each in _templates_of(folder)), suspects, read)
    found: dict[str, Twin] = {}
    for path in suspects:
        others = islice((each for each in linted.around(path) if each not in found), COMPARED_LIMIT)
        source = next((each for each in others if read.is_packaged_from(path, each)), None)
        if source is not None:
            found[path] = Twin(source, "packaged")
            continue
        same = islice(synthesized.around(path), COMPARED_LIMIT)
        source = next((each for each in same if read.is_same(path, each)), None)
        if source is not None:
            found[path] = Twin(source, "synthesized")
    return found


class _Places:
    """Templates by the types of their resources and by the folders that they are in or below."""

    def __init__(self, templates: Iterable[str], suspects: Iterable[str], read: "_Reader") -> None:
        self._read = read
        self._in: dict[tuple[_Types, _Folder], list[str]] = {}
        self._below: dict[tuple[_Types, _Folder], list[str]] = {}
        own = {_folder(each) for each in suspects}
        above = {each for folder in own for each in _upwards(folder)}
        for path in sorted(templates, key=lambda each: (-len(_folder(each)), each)):
            folder = _folder(path)
            over = [each for each in _upwards(folder) if each != folder and each in own]
            if folder in above or over:
                types = read.types(path)
                self._in.setdefault((types, folder), []).append(path)
                for each in over:
                    self._below.setdefault((types, each), []).append(path)

    def around(self, path: str) -> Iterator[str]:
        """The other templates with the same resources in a folder that contains a file's, or that is in it.

        Those that are nested deepest come first.
        """
        types, folder = self._read.types(path), _folder(path)
        if types:
            yield from self._below.get((types, folder), ())
            for each in _upwards(folder):
                yield from (other for other in self._in.get((types, each), ()) if other != path)


class _Reader:
    """Reads templates, each once."""

    def __init__(self) -> None:
        self._types: dict[str, _Types] = {}
        self._trees: dict[str, Node | None] = {}

    def types(self, path: str) -> _Types:
        """The types of a template's resources; none for what cannot be read."""
        if path not in self._types:
            try:
                content = read_bytes(path, SIZE_LIMIT)
            except OSError:
                content = b""
            self._types[path] = tuple(sorted(_TYPES.findall(content.decode("latin-1"))))
        return self._types[path]

    def is_packaged_from(self, path: str, source: str) -> bool:
        """Whether a template is what packaging another one gave."""
        from mlwa_lint.frontends.cloudformation.syntax.twins import is_packaged_from

        return is_packaged_from(self._tree(path), self._tree(source))

    def is_same(self, path: str, other: str) -> bool:
        """Whether two templates mean the same."""
        from mlwa_lint.frontends.cloudformation.syntax.twins import is_same

        return is_same(self._tree(path), self._tree(other))

    def _tree(self, path: str) -> Node | None:
        if path not in self._trees:
            from mlwa_lint.frontends.cloudformation.syntax.nodes import TemplateSyntaxError
            from mlwa_lint.frontends.cloudformation.syntax.parsing import parse

            try:
                text = read_bytes(path, SIZE_LIMIT).decode("utf-8-sig")
                self._trees[path] = parse(text, path, only=True)
            except (OSError, UnicodeDecodeError, TemplateSyntaxError, RecursionError):
                self._trees[path] = None
        return self._trees[path]


def _folder(path: str) -> _Folder:
    return tuple(path.split("/")[:-1])


def _upwards(folder: _Folder) -> Iterator[_Folder]:
    """A folder and all that contain it, the nearest first."""
    return (folder[:depth] for depth in range(len(folder), -1, -1))


def _templates_of(assembly: str) -> Sequence[str]:
    try:
        names = sorted(os.listdir(assembly))
    except OSError:
        return ()
    return [f"{assembly}/{name}" for name in names if name.endswith(_ASSEMBLED)]
