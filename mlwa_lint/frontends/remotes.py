"""What the repository around a project is called: by the remotes of its checkout, or by its folder."""

from pathlib import Path

from mlwa_lint.files.reading import is_file, real_path, text_if_readable
from mlwa_lint.model.purpose import is_named_for_learning
from mlwa_lint.startup.patterns import lazy

GIT_CONFIGURATION_SIZE_LIMIT = 100_000
_REMOTE = lazy(r"(?m)^[ \t]*url[ \t]*=[ \t]*\S*?([\w.-]+)/([\w.-]+?)(?:\.git)?/?[ \t]*$")
_SEVERAL_WORDS = lazy(r"[A-Za-z0-9][-_+. ]+[A-Za-z0-9]")


def remotes_of(folder: Path) -> set[tuple[str, str]]:
    """The owners and names of the repositories that a checkout was cloned from, in small letters."""
    return {(owner.lower(), name.lower()) for owner, name in _remotes(folder)}


def _remotes(folder: Path) -> list[tuple[str, str]]:
    path = folder / ".git" / "config"
    text = text_if_readable(path, GIT_CONFIGURATION_SIZE_LIMIT) if is_file(path) else ""
    return _REMOTE.findall(text)


def is_called_for_learning(root: Path) -> bool:
    """Whether a repository is called after a workshop, a tutorial or their like: `ml-tutorial`.

    Without a remote, its folder counts if it has several words: `workshop` may be where someone works.
    """
    remotes = _remotes(root)
    if remotes:
        return any(is_named_for_learning(name) for _, name in remotes)
    folder = Path(real_path(root)).name
    return _SEVERAL_WORDS.search(folder) is not None and is_named_for_learning(folder)


__all__ = ["is_called_for_learning", "remotes_of"]
