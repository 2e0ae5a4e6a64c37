"""Tags that files of the repository give to whole stacks at deployment, which no template shows."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import OF_INTEGRATION, PathSteps, is_test
from mlwa_lint.model.resources import STACK_SETTINGS, Project
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_BILLED = ("AWS::SageMaker::", "AWS::Bedrock::")
_SCRIPT = lazy(r"(?:\.(?:py|sh|bash)|^(?:Makefile|Jenkinsfile)|^buildspec.*\.ya?ml)$", re.IGNORECASE)
_SAM_TAGS = lazy(r"^[ \t]*tags\s*=\s*[\"'\[]", re.MULTILINE)
_CALL = lazy(r"\b(?:create_stack|update_stack|create_change_set)\(")
_CALL_TAGS = lazy(r"\bTags\s*=|[\"']Tags[\"']\s*:")
_COMMAND = lazy(r"\bcloudformation\s+(?:deploy|create-stack|update-stack)\b|\bsam\s+deploy\b")
_COMMAND_TAGS = lazy(r"\s--tags\b")
_ACTION = lazy(r"\baws-cloudformation-github-deploy\b")
_ACTION_TAGS = lazy(r"^[ \t]+tags\s*:", re.MULTILINE)
# The template of an action of CodePipeline and the file with its parameters and tags: `Source::dev.json`.
_SETTING = lazy(r"\bTemplate(Path|Configuration)[\"']?\s*[:=]\s*[^\n]{0,300}?::([\w./-]+)")
_PACKAGES = lazy(
    r"--template(?:-file)?[ =]+(?:\S{0,300}/)?([\w.-]+)(?:\s|\\\n)(?:(?!--template)[^\n]|\\\n){0,400}?"
    r"--output-template(?:-file)?[ =]+(?:\S{0,300}/)?([\w.-]+)"
)
# A program that writes the file with parameters and tags with which a pipeline deploys a stack.
# Both are objects there; requests have lists. What is handed to a call is no file.
_SECTIONS = tuple(lazy(rf"[\"']{each}[\"']\]?\s*[:=][ \t]*(?=[^\s\[])") for each in ("Parameters", "Tags"))
_WRITES = lazy(r"\bjson\.dump\(|\bwrite(?:_text)?\(\s*json\.dumps\(")
_CREATES = lazy(r"\.create_\w+\(")
_TOO_MANY = "the files of the repository are too many to be searched for what gives tags to the stack"


class _Sides(NamedTuple):
    """What gives tags to stacks: scripts with their texts, and files by which pipelines configure them."""

    scripts: list[tuple[PathSteps, str]]
    configured: dict[str, str]


def tagged_templates(project: Project, files: ProjectFiles | None) -> Mapping[str, str]:
    """The templates of a project whose stacks may be tagged at deployment, by path, and a phrase for how."""
    paths = {each.span.path for each in project.resources if each.type.startswith(_BILLED)}
    if not paths or files is None or files.root is None:
        return {}
    sides = files.once(_tagging)
    if sides is None:
        return dict.fromkeys(paths, _TOO_MANY)
    found: dict[str, str] = {}
    root = Path(files.root).resolve()
    for path in paths:
        template = Path(path).resolve()
        for steps, text in sides.scripts:
            is_beside = root.joinpath(*steps[:-1]) == template.parent
            of_folder = steps[-1] == STACK_SETTINGS or (is_beside and _writes_settings(steps[-1], text))
            if is_beside if of_folder else _names(text, template, is_beside, files):
                found.setdefault(path, f"{steps[-1]} gives tags to the whole stack")
        if template.name in sides.configured and _is_only(template, files):
            found.setdefault(path, sides.configured[template.name])
    return found


def _names(text: str, template: Path, is_beside: bool, files: ProjectFiles) -> bool:
    """Whether a script names a template, and no other file of that name."""
    if template.name not in text:
        return False
    if is_beside or f"{template.parent.name}/{template.name}" in text:
        return True
    return _is_only(template, files)


def _is_only(template: Path, files: ProjectFiles) -> bool:
    return len(files.named_like(lambda name: name == template.name, 2)) == 1


def _tagging(files: ProjectFiles) -> _Sides | None:
    """What gives tags to stacks; None where the texts of the repository are too many."""
    texts = files.texts()
    if texts is None:
        return None
    scripts: list[tuple[PathSteps, str]] = []
    deployments: list[str] = []
    packagings: list[str] = []
    for steps, each in sorted(texts.items()):
        if is_test(steps):
            continue
        if b"TemplateConfiguration" in each.content:
            deployments.append(_text(each.content))
        if b"--output-template" in each.content:
            packagings.append(_text(each.content))
        if (b"tags" in each.content or b"Tags" in each.content) and _gives_tags(
            steps, text := _text(each.content)
        ):
            scripts.append((steps, text))
    return _Sides(scripts, _configured(deployments, _packaged(packagings), files) if deployments else {})


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _gives_tags(steps: PathSteps, text: str) -> bool:
    name = steps[-1]
    if name == STACK_SETTINGS:
        return _SAM_TAGS.search(text) is not None
    if not _SCRIPT.search(name) and not any(step in OF_INTEGRATION for step in steps):
        return False
    by_call = _CALL.search(text) and _CALL_TAGS.search(text)
    by_action = _ACTION.search(text) and _ACTION_TAGS.search(text)
    by_command = _COMMAND.search(text) and _COMMAND_TAGS.search(text)
    return bool(by_call or by_action or by_command or _writes_settings(name, text))


def _writes_settings(name: str, text: str) -> bool:
    """Whether a program writes a stack's settings; it need not name the template."""
    writes = name.endswith(".py") and all(each.search(text) for each in (*_SECTIONS, _WRITES))
    return writes and _CREATES.search(text) is None


# -- pipelines


def _configured(deployments: list[str], packaged: Mapping[str, str], files: ProjectFiles) -> dict[str, str]:
    """The names of templates that pipelines deploy with a file that tags the stack, or that is made first."""
    found: dict[str, str] = {}
    for text in deployments:
        for template, configuration in _pairs(text):
            name = configuration.rpartition("/")[2]
            source = packaged.get(template.rpartition("/")[2], template.rpartition("/")[2])
            if reason := _reason(name, files):
                found.setdefault(source, reason)
    return found


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """The templates and configurations of actions: of those around a configuration the nearest is meant."""
    settings = [(match.start(), match[1], match[2]) for match in _SETTING.finditer(text)]
    for position, (start, kind, name) in enumerate(settings):
        around = (*settings[max(0, position - 1) : position], *settings[position + 1 : position + 2])
        paths = [(abs(each - start), path) for each, other, path in around if other == "Path"]
        if kind == "Configuration" and paths:
            yield min(paths)[1], name


def _reason(name: str, files: ProjectFiles) -> str:
    """Why a stack may have tags that is deployed with a configuration file; empty where that gives none."""
    known = [steps for steps in files.texts() or {} if steps[-1] == name]
    if not known:
        return f"its stack is deployed with {name}, which is made at deployment and may give it tags"
    texts = files.texts() or {}
    if any(_has_tags(texts[steps].content) for steps in known):
        return f"{name} gives tags to the whole stack"
    return ""


def _has_tags(content: bytes) -> bool:
    import json

    try:
        configuration = json.loads(content)
    except (ValueError, RecursionError):
        return True  # a template of it, with placeholders
    return isinstance(configuration, dict) and bool(configuration.get("Tags"))


def _packaged(texts: list[str]) -> dict[str, str]:
    """The templates that others are packaged from, by the names of what is made of them."""
    return {match[2]: match[1] for text in texts for match in _PACKAGES.finditer(text)}
