"""Whether continuous integration deploys what a repository declares."""

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import OF_INTEGRATION
from mlwa_lint.startup.patterns import lazy

_DEPLOYS = lazy(
    r"(?m)^[^#\n]*(?:\bterraform\b[^\n]{0,500}\bapply\b|\bcdk deploy\b|\bsam deploy\b"
    r"|\baws cloudformation (?:create-stack|deploy)\b)"
)


def is_deployed(files: ProjectFiles) -> bool:
    """Whether continuous integration deploys what a repository declares."""
    return files.once(_is_deployed)


def _is_deployed(files: ProjectFiles) -> bool:
    texts = files.texts()
    return texts is not None and any(
        _DEPLOYS.search(text.content.decode("utf-8", "replace"))
        for steps, text in texts.items()
        if any(step in OF_INTEGRATION for step in steps)
    )


__all__ = ["is_deployed"]
