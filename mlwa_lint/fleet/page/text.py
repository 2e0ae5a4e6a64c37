"""Text of repositories in HTML: shown, and nothing else."""

from html import escape

from mlwa_lint.reporters.escaping import visible


def escaped(text: object) -> str:
    """A text in which nothing is hidden and nothing is markup."""
    return escape(visible(str(text)), quote=True)
