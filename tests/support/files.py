"""Writes the files of a test."""

from pathlib import Path


def write(folder: Path, /, **files: str) -> None:
    """Files below a folder; names have `__` for `.` and `___` for `/`, or are written as they are."""
    for name, text in files.items():
        path = folder / (name if "." in name else name.replace("___", "/").replace("__", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
