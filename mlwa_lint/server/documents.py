"""The documents that the client has open, by their files."""

import os
from collections.abc import Iterable, Mapping

from pygls.uris import from_fs_path, to_fs_path

from mlwa_lint.discovery.modules import is_terraform
from mlwa_lint.discovery.search import is_python
from mlwa_lint.files.reading import is_path
from mlwa_lint.startup.records import NamedTuple

# Larger documents are neither kept nor linted: what editors hold is far below that.
SIZE_LIMIT = 20_000_000
_OTHERS = (".yaml", ".yml", ".json", ".template", ".templ", ".tmpl", ".tfvars", ".toml")


class OpenDocument(NamedTuple):
    """One open document.

    uri:  as the client writes it. path: the real path of its file, which need not exist.
    text: what the client holds; empty for one that is too large.
    cells: the addresses of a notebook's cells, where the client holds these as documents of their own.
    """

    uri: str
    path: str
    version: int | None
    text: str
    too_large: bool = False
    cells: tuple[str, ...] = ()


class Documents:
    """The open documents. Only the thread of the event loop changes them; `snapshot` is for others."""

    def __init__(self) -> None:
        self._open: dict[str, OpenDocument] = {}

    def put(
        self, uri: str, version: int | None, text: str, cells: tuple[str, ...] = ()
    ) -> OpenDocument | None:
        """Records the content of a document; None for what is not a file that could matter."""
        path = path_of(uri)
        if path is None or not matters(path):
            return None
        too_large = len(text) > SIZE_LIMIT
        document = OpenDocument(uri, path, version, "" if too_large else text, too_large, cells)
        self._open = {**self._open, path: document}
        return document

    def close(self, uri: str) -> OpenDocument | None:
        """Forgets a document; None where it was not open."""
        path = path_of(uri)
        document = None if path is None else self._open.get(path)
        if document is not None:
            self._open = {path: each for path, each in self._open.items() if each is not document}
        return document

    def snapshot(self) -> Mapping[str, OpenDocument]:
        """The documents by path; later changes do not show in it."""
        return self._open


def contents(documents: Iterable[OpenDocument]) -> dict[str, bytes]:
    """What is read in place of the files of some documents."""
    return {each.path: each.text.encode("utf-8", "surrogatepass") for each in documents if not each.too_large}


def matters(path: str) -> bool:
    """Whether a file's name shows that it can affect what is linted."""
    return is_python(path) or is_terraform(path) or path.endswith(_OTHERS)


def path_of(uri: str) -> str | None:
    """The real path of a file's address; None for other addresses and for what is none."""
    try:
        path = to_fs_path(uri) if uri.startswith("file:") else None
    except ValueError:
        return None
    if not path or not os.path.isabs(path) or not is_path(path):
        return None
    return os.path.realpath(path)


def uri_of(path: str) -> str:
    """The address of a file."""
    return from_fs_path(path) or ""
