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
# What starts a workflow of GitHub Actions without a person who asks for it: as a key, an item or a text.
_EVENT = (
    r"(?:create|delete|deployment|issue_comment|merge_group|pull_request\w*|push|registry_package|release"
    r"|repository_dispatch|schedule|workflow_run)"
)
_BY_ITSELF = lazy(
    rf"(?m)^[ \t]{{1,8}}(?:- )?[\"']?{_EVENT}[\"']?[ \t]*(?::|$|#)"
    rf"|^[\"']?on[\"']?[ \t]*:[^\n#]{{0,200}}\b{_EVENT}\b"
)
_BY_HAND = "workflow_dispatch"


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


def is_applied_by_hand(script: str, files: ProjectFiles) -> bool:
    """Whether the configuration of continuous integration that deploys a project waits for a person.

    That is a workflow of GitHub Actions which nothing but `workflow_dispatch` starts.
    """
    return bool(script) and all(
        _BY_HAND in text and _BY_ITSELF.search(text) is None
        for name, text in files.once(_deploying)
        if name == script
    )


def is_applied_by_itself(files: ProjectFiles) -> bool:
    """Whether continuous integration deploys something of a repository without a person who asks for it."""
    return any(not is_applied_by_hand(name, files) for name, _ in files.once(_deploying))


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
