"""Configurations of continuous integration that deploy what a project declares."""

from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.paths import inside
from mlwa_lint.files.reading import real_path
from mlwa_lint.files.texts import OF_INTEGRATION
from mlwa_lint.startup.patterns import lazy

_DEPLOYS = lazy(
    r"\b(?:terraform|tofu|terragrunt)\b[^\n#]{0,500}\bapply\b|\bsam deploy\b"
    r"|\bcloudformation (?:deploy|(?:create|update)-stack)\b"
)


def applied_by(within: Path, files: ProjectFiles | None) -> str:
    """The configuration of continuous integration that deploys a project; empty where none names it.

    within: a template, or a file of the folder of Terraform.
    """
    if files is None or files.root is None:
        return ""
    is_template = within.suffix != ""
    for script, text in files.once(_deploying):
        if within.name in text if is_template else is_named(within.parent, text, files):
            return script
    return ""


def is_named(folder: Path, text: str, files: ProjectFiles) -> bool:
    """Whether a script names a folder; that of the whole repository need not be named."""
    below = None if files.root is None else inside(folder, files.root)
    is_top = below is None or real_path(below) == real_path(files.root or folder)
    return is_top or folder.resolve().name in text


def _deploying(files: ProjectFiles) -> tuple[tuple[str, str], ...]:
    found = []
    for steps, content in sorted((files.texts() or {}).items()):
        if steps[0] in OF_INTEGRATION or steps[-1] in OF_INTEGRATION:
            text = content.content.decode("utf-8", "replace")
            if _DEPLOYS.search(text):
                found.append((steps[-1], text))
    return tuple(found)
