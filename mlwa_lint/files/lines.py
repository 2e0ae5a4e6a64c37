"""Source text for excerpts and comments, read once per file."""

from collections.abc import Mapping

from mlwa_lint.files.reading import read_text

SIZE_LIMIT = 200_000_000


class Sources:
    """The lines of source files by the path that reports show; empty where a file cannot be read."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)
        self._lines: dict[str, list[str]] = {}

    def text(self, path: str) -> str:
        """The whole text of a file."""
        if path not in self._texts:
            try:
                self._texts[path] = read_text(path, SIZE_LIMIT, "replace")
            except (OSError, ValueError):
                self._texts[path] = ""
        return self._texts[path]

    def lines(self, path: str) -> list[str]:
        """The lines of a file, without their ends; only line feeds end one, as the parsers count."""
        if path not in self._lines:
            text = self.text(path).replace("\r\n", "\n").replace("\r", "\n")
            self._lines[path] = text.split("\n")
        return self._lines[path]
