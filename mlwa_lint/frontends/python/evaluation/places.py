"""Paths of files as texts: the folders above one, and the parts of its name."""

import posixpath
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from mlwa_lint.frontends.python.evaluation.values import ListObj, PathObj, PyValue, Site
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Scalar

_FOLDERS = 8


def folders_above(path: PathObj, span: Span) -> list[PathObj]:
    """The folders that a path is in, the nearest first; none where it is not known."""
    held = path.text
    if not isinstance(held, Scalar):
        return []
    text, found = str(held.data), []
    for _ in range(_FOLDERS):
        text = _above(text)
        found.append(PathObj(Scalar(text, span, held.assumed)))
    return found


def _above(text: str) -> str:
    text = text.rstrip("/")
    if text in ("", "."):
        return ".."
    if text == ".." or text.endswith("/.."):
        return f"{text}/.."
    return text.rpartition("/")[0] or ("/" if text.startswith("/") else ".")


_PARTS: Mapping[str, Callable[[str], str | tuple[str, str]]] = {
    "os.path.basename": posixpath.basename,
    # The text is joined with others by a slash: none begins with it alone.
    "os.path.dirname": lambda text: posixpath.dirname(text) or ".",
    "os.path.split": posixpath.split,
    "os.path.splitext": posixpath.splitext,
}
PARTS = frozenset({"name", "stem", "suffix"})


def part_of(path: str, given: PyValue, span: Span) -> PyValue | None:
    """`os.path.basename(...)` and its like; None for other functions and for what is not known."""
    held = given.text if isinstance(given, PathObj) else given
    if path not in _PARTS or not isinstance(held, Scalar):
        return None
    found = _PARTS[path](str(held.data))
    if isinstance(found, str):
        return Scalar(found, span, held.assumed)
    return ListObj([Scalar(each, span, held.assumed) for each in found], span, None, "tuple")


def named_part(path: PathObj, name: str, span: Span) -> PyValue | None:
    """A part of the name of a path, one of `PARTS`."""
    held = path.text
    if not isinstance(held, Scalar):
        return None
    return Scalar(getattr(PurePosixPath(str(held.data)), name), span, held.assumed)


def renamed(path: PathObj, method: str, site: Site) -> PyValue | None:
    """`path.with_suffix(".yaml")`, `path.with_name("a")`."""
    held, given = path.text, site.positional[0] if site.positional else None
    if not isinstance(held, Scalar) or not isinstance(given, Scalar):
        return None
    try:
        text = str(getattr(PurePosixPath(str(held.data)), method)(str(given.data)))
    except ValueError:
        return None
    return PathObj(Scalar(text, site.span, held.assumed | given.assumed))
