"""The README of a folder of Terraform: it may show how the folder is called as a module."""

from pathlib import Path

from mlwa_lint.files.reading import names_if_listed, text_if_readable
from mlwa_lint.startup.patterns import lazy

README_SIZE_LIMIT = 500_000
_README = lazy(r"(?i)readme\.(?:md|rst|txt)")


def readme_of(folder: Path) -> str:
    """What the README of a folder states, in all of its files; empty where it has none that can be read."""
    names = (each for each in names_if_listed(folder) if _README.fullmatch(each) is not None)
    return "\n".join(text_if_readable(folder / each, README_SIZE_LIMIT) for each in names)
