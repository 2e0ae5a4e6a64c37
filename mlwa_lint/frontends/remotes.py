"""What the repository around a project is called, by the remotes of its checkout."""

from pathlib import Path

from mlwa_lint.files.reading import is_file, text_if_readable
from mlwa_lint.startup.patterns import lazy

GIT_CONFIGURATION_SIZE_LIMIT = 100_000
_REMOTE = lazy(r"(?m)^[ \t]*url[ \t]*=[ \t]*\S*?(?<![\w.-])([\w.-]+)/([\w.-]+?)(?:\.git)?/?[ \t]*$")


def remotes_of(folder: Path) -> set[tuple[str, str]]:
    """The owners and names of the repositories that a checkout was cloned from, in small letters."""
    return {(owner.lower(), name.lower()) for owner, name in _remotes(folder)}


def names_of(folder: Path) -> list[str]:
    """The names of the repositories that a checkout was cloned from."""
    return [name for _, name in _remotes(folder)]


def _remotes(folder: Path) -> list[tuple[str, str]]:
    path = folder / ".git" / "config"
    text = text_if_readable(path, GIT_CONFIGURATION_SIZE_LIMIT) if is_file(path) else ""
    return _REMOTE.findall(text)


__all__ = ["names_of", "remotes_of"]
