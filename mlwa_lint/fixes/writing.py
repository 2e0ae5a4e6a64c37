"""What the writers of all languages share: the text that they look at, and why they refuse."""

from collections.abc import Mapping
from typing import Any

from mlwa_lint.files.reading import read_bytes
from mlwa_lint.startup.records import NamedTuple

SIZE_LIMIT = 20_000_000


class RefusedError(Exception):
    """A change that no writer should make in this text; the message says why, as a phrase."""


class Text(NamedTuple):
    """A source file as it is: with its line ends and its byte order mark."""

    path: str
    text: str

    @property
    def line_end(self) -> str:
        """How its lines end; as its first one does."""
        first = self.text.find("\n")
        return "\r\n" if first > 0 and self.text[first - 1] == "\r" else "\n"


class Request(NamedTuple):
    """What a writer is asked for.

    names:  what the configuration states for `${kms-key}` and its like.
    """

    wanted: Any
    names: Mapping[str, str]


class Texts:
    """Source texts by path: those that are given (unsaved ones), else the files."""

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        self._given = given or {}
        self._read: dict[str, Text] = {}

    def of(self, path: str) -> Text:
        """A file's text. Raises RefusedError where it cannot be read."""
        if path not in self._read:
            self._read[path] = Text(path, self._given[path] if path in self._given else _content(path))
        return self._read[path]


def _content(path: str) -> str:
    try:
        return read_bytes(path, SIZE_LIMIT).decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError("the file is not UTF-8") from None
    except OSError as error:
        raise RefusedError(f"the file cannot be read: {error.strerror or error}") from None
