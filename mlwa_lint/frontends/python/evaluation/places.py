"""Paths of files as texts: the folders above one."""

from mlwa_lint.frontends.python.evaluation.values import PathObj
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
