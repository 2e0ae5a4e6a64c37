"""Tags that scripts of the repository give to whole stacks, which no template shows."""

import re
from collections.abc import Mapping
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.model.resources import Project
from mlwa_lint.startup.patterns import lazy

SIZE_LIMIT = 200_000
# So many files are read at most; a repository has a few that deploy.
SCRIPTS_LIMIT = 100
_BILLED = ("AWS::SageMaker::", "AWS::Bedrock::")
_SCRIPT = lazy(r"(?:\.(?:py|sh|bash)|^(?:Makefile|Jenkinsfile)|^buildspec.*\.ya?ml)$", re.IGNORECASE)
_SAM = "samconfig.toml"
_SAM_TAGS = lazy(r"^\s*tags\s*=\s*[\"'\[]", re.MULTILINE)
_CALL = lazy(r"\b(?:create_stack|update_stack|create_change_set)\(")
_CALL_TAGS = lazy(r"\bTags\s*=|[\"']Tags[\"']\s*:")
_COMMAND = lazy(r"\bcloudformation\s+(?:deploy|create-stack|update-stack)\b|\bsam\s+deploy\b")
_COMMAND_TAGS = lazy(r"\s--tags\b")


def tagged_templates(project: Project, files: ProjectFiles | None) -> Mapping[str, str]:
    """The templates of a project whose stacks a script tags, by path, and the script's name."""
    paths = {each.span.path for each in project.resources if each.type.startswith(_BILLED)}
    if not paths or files is None or files.root is None:
        return {}
    found: dict[str, str] = {}
    for script, text in files.once(_tagging_scripts):
        for path in paths:
            template = Path(path).resolve()
            is_beside = script.resolve().parent == template.parent
            if is_beside if script.name == _SAM else _names(text, template, is_beside, files):
                found.setdefault(path, script.name)
    return found


def _names(text: str, template: Path, is_beside: bool, files: ProjectFiles) -> bool:
    """Whether a script names a template, and no other file of that name."""
    if template.name not in text:
        return False
    if is_beside or f"{template.parent.name}/{template.name}" in text:
        return True
    return len(files.named_like(lambda name: name == template.name, 2)) == 1


def _tagging_scripts(files: ProjectFiles) -> list[tuple[Path, str]]:
    """The scripts that give tags, with their texts."""
    scripts = files.texts_like(lambda name: name == _SAM or _SCRIPT.search(name), SCRIPTS_LIMIT, SIZE_LIMIT)
    return [(script, text) for script, text in scripts if _gives_tags(script.name, text)]


def _gives_tags(name: str, text: str) -> bool:
    if name == _SAM:
        return _SAM_TAGS.search(text) is not None
    by_call = _CALL.search(text) and _CALL_TAGS.search(text)
    return bool(by_call or (_COMMAND.search(text) and _COMMAND_TAGS.search(text)))
