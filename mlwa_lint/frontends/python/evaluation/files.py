"""Files of the same project that a program opens by a name that is known: JSON, YAML and lines of text."""

from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import is_file, read_text
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.data import as_value, places_in
from mlwa_lint.frontends.python.evaluation.operators import joined
from mlwa_lint.frontends.python.evaluation.outputs import State, StateText, is_state
from mlwa_lint.frontends.python.evaluation.places import part_of, renamed
from mlwa_lint.frontends.python.evaluation.subscripts import resting_on
from mlwa_lint.frontends.python.evaluation.values import (
    Handle,
    ListObj,
    PathObj,
    PyValue,
    Site,
    assumptions_of,
)
from mlwa_lint.frontends.python.limits import DATA_LIMIT, ITEMS_LIMIT
from mlwa_lint.frontends.secret_texts import note_text
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import Assumptions, Choice, Scalar, known_text
from mlwa_lint.startup.patterns import lazy

_PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"})
_YAML = frozenset({"yaml.safe_load", "yaml.load", "yaml.full_load"})
_ALIAS = lazy(r"(?m)(?:^|[\s,\[{:-])\*\w")
_EXIST = frozenset({"os.path.exists", "os.path.isfile"})
# How many folders above a program are looked through for a file.
_UPWARDS = 20
# How many conditions a file's name may depend on.
_ALTERNATIVES = 8
_SAME = frozenset({"resolve", "absolute", "expanduser", "as_posix", "__str__"})


class Files:
    """The files of a project that programs may read; `sources` are those that were read."""

    def __init__(self, path: Path, root: Path, own: Path | None = None) -> None:
        """root: nothing outside of it is read. own: the top of the program's own project in it."""
        self._folder = path.parent
        self._root = root
        self._own = own or root
        self.sources: dict[str, None] = {}

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """The result of a call that opens or parses a file."""
        first = _by_default(core, site.positional[0]) if site.positional else None
        if path in _PATHS:
            pieces: list[PyValue] = []
            for each in site.positional:
                pieces += [Scalar("/", site.span), each] if pieces else [each]
            return PathObj(joined(core, pieces, site.span) if pieces else Scalar(".", site.span))
        if path == "open" and first is not None:
            return Opened(self, first)
        if path == "json.load" and isinstance(first, Opened):
            return first.parsed(site, ".json") or (State(core) if is_state(first.path) else None)
        if path in _YAML and first is not None:
            if isinstance(first, Opened):
                return first.parsed(site, ".yaml")
            if not isinstance(first, Scalar) or (text := known_text(first)) is None:
                return None
            return parsed(text, first, site, ".yaml", path_read(first))
        # What depends on the result rests on the path itself, with all that it assumes.
        if path == "os.path.isabs" and isinstance(first, Scalar):
            return Scalar(str(first.data).startswith("/"), site.span)
        if path in _EXIST and first is not None and self.located(first) is not None:
            return Scalar(True, site.span)
        if path in ("os.path.abspath", "os.path.realpath", "os.path.normpath"):
            held = first.text if isinstance(first, PathObj) else first
            return held if isinstance(held, Scalar) else None
        return None if first is None else part_of(path, first, site.span)

    def text(self, name: PyValue) -> str | None:
        """The text of a file by its name, looked for beside the program and at the project's root."""
        found = self.located(name)
        return None if found is None else self.content(found)

    def origin(self, name: PyValue) -> Span | None:
        """The beginning of a file, by its name: where its text is written."""
        found = self.located(name)
        return None if found is None else start_of(shown(found))

    def located(self, name: PyValue) -> Path | None:
        """The file of a name, if it is known and one of the project's."""
        held = name.text if isinstance(name, PathObj) else name
        known = str(held.data) if isinstance(held, Scalar) else None
        if not known or "\0" in known:
            return None
        for folder in dict.fromkeys((self._folder, Path(), self._own)):
            if self._has(folder, known):
                return folder / known
        # A program can be run from any folder above it: the only one that has such a file is meant.
        holding = [folder for folder in self._above if self._has(folder, known)]
        return holding[0] / known if len(holding) == 1 else None

    @cached_property
    def _above(self) -> tuple[Path, ...]:
        return _around(self._folder, self._root)

    def _has(self, folder: Path, name: str) -> bool:
        return is_file(folder / name) and inside(folder / name, self._root) is not None

    def nearest(self, folder: Path, name: str) -> Path | None:
        """The file of a name in a folder, or in the next one around it that has one, up to the project's."""
        around = _around(folder, self._root)
        return next((each / name for each in around if self._has(each, name)), None)

    def content(self, file: Path) -> str | None:
        """The text of a file; what it calls a secret is noted as one."""
        try:
            text = read_text(file, DATA_LIMIT)
        except (OSError, ValueError):
            return None
        self.sources[shown(file)] = None
        note_text(text)
        return text

    def of_path(self, core: Core, base: PathObj, name: str, site: Site) -> PyValue | None:
        """A method of a path."""
        if name == "read_text":
            text = self.text(base)
            if text is None:
                return StateText(core) if is_state(base.text) else None
            return Scalar(text, site.span, _assumed(base), self.origin(base))
        if name == "open":
            return Opened(self, base)
        if name in ("exists", "is_file") and self.located(base) is not None:
            return Scalar(True, site.span)
        if name == "joinpath":
            pieces: list[PyValue] = [base.text]
            for each in site.positional:
                pieces += [Scalar("/", site.span), each]
            return PathObj(joined(core, pieces, site.span))
        if name in ("with_suffix", "with_name"):
            return renamed(base, name, site)
        return base if name in _SAME else None


def _around(folder: Path, root: Path) -> tuple[Path, ...]:
    """A folder and those around it, up to the project's."""
    found: list[Path] = []
    while len(found) < _UPWARDS and inside(folder, root) is not None:
        found.append(folder)
        folder = folder.parent if folder.name not in ("", "..") else folder / ".."
    return tuple(found)


class Opened(Handle):
    """A file that is open."""

    __slots__ = ("files", "name")

    def __init__(self, files: Files, name: PyValue) -> None:
        self.files = files
        self.name = name

    @property
    def path(self) -> PyValue:
        """The text of its path."""
        return self.name.text if isinstance(self.name, PathObj) else self.name

    def call(self, name: str, site: Site) -> PyValue | None:
        """`read` and `readlines`."""
        if name == "readlines":
            return self.items(site.span)
        text = self.files.text(self.name) if name == "read" else None
        if text is None:
            return None
        return Scalar(text, site.span, _assumed(self.name), self.files.origin(self.name))

    def items(self, span: Span) -> ListObj | None:
        """Its lines."""
        text = self.files.text(self.name)
        if text is None or text.count("\n") > ITEMS_LIMIT:
            return None
        assumed = _assumed(self.name)
        lines = StringIO(text.replace("\r\n", "\n"))
        return ListObj([Scalar(line, span, assumed) for line in lines], span, assumed=assumed)

    def described(self) -> str:
        """Why its content is not known."""
        path = known_text(self.path) if isinstance(self.path, Scalar) else None
        return f"{path or 'a file'} is read only when the program runs"

    def parsed(self, site: Site, kind: str) -> PyValue | None:
        """The data in the file."""
        text, origin = self.files.text(self.name), self.files.origin(self.name)
        path = "" if origin is None else origin.path
        return None if text is None else parsed(text, self.name, site, kind, path)


def _by_default(core: Core, value: PyValue) -> PyValue:
    """A name that depends on what is given, as it is by default: `if path is None: path = …`."""
    for _ in range(_ALTERNATIVES):
        if not isinstance(value, Choice) or value.condition.default is None:
            break
        default, assumed = core.defaults.get(value.condition.name, (value.condition.default, frozenset()))
        chosen: PyValue = value.yes if default else value.no
        value = (
            PathObj(_resting(chosen.text, assumed))
            if isinstance(chosen, PathObj)
            else _resting(chosen, assumed)
        )
    return value


def _resting(value: PyValue, assumed: Assumptions) -> PyValue:
    return resting_on(value, Scalar("", start_of(""), assumed)) if assumed else value


def _assumed(name: PyValue) -> Assumptions:
    """What it rests on that a file is the one of this name."""
    return assumptions_of(name.text if isinstance(name, PathObj) else name)


def path_read(text: Scalar) -> str:
    """The file whose whole text a value is; empty where it is none's."""
    origin = text.origin
    return origin.path if origin is not None and origin == start_of(origin.path) else ""


def parsed(text: str, name: PyValue, site: Site, kind: str, path: str = "") -> PyValue | None:
    """The data in a text, which rests on what a name or a text does; None where it cannot be read.

    path: the file of the text, where that is known.
    """
    if len(text) > DATA_LIMIT:
        return None
    data: Any
    try:
        if kind == ".json":
            import json

            data = json.loads(text)
        elif kind == ".toml":
            from mlwa_lint.files.toml import loads

            data = loads(text)
        else:
            if "&" in text and _ALIAS.search(text):
                return None  # aliases can make a small file a large structure
            import yaml

            data = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except Exception:  # noqa: BLE001 - whatever a parser makes of a file: its content is not known
        return None
    places = places_in(text, path if kind != ".toml" else "")
    return resting_on(as_value(data, site.span, places), Scalar("", site.span, _assumed(name)))
