"""Templates that Terraform of the same repository replaced: it declares the same names.

docs/decisions/0607 gives the reasons.
"""

import re
from pathlib import Path

from mlwa_lint.files import TERRAFORM
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.reading import is_file, is_folder, is_path, text_if_readable
from mlwa_lint.files.texts import PathSteps

_SIZE_LIMIT = 1_000_000
_GONE = "the code that it names is not in the repository, where Terraform declares the same"
_PORTED = "Terraform in the repository declares the same, and documents deploy that"
# What the resources of a template are called for good, and what functions start.
_NAMES = re.compile(
    r"(?m)^[ \t]*[\"']?(?:Handler"
    r"|(?!(?:Attribute|Container|Device|Index|Key|Metric|Parameter|Policy)Name)[A-Z]\w*Name)"
    r"[\"']?[ \t]*:[ \t]*[\"']?([A-Za-z][\w.-]{5,80})[\"']?[ \t,]*$"
)
# The same in the flow style of a line: `{CodeUri: labels/, Handler: labels.handler}`.
_FLOW = re.compile(r"[{,][ \t]*(Handler|CodeUri)[ \t]*:[ \t]*[\"']?([\w./-]{2,80})")
_CODE = re.compile(r"(?m)^[ \t]*[\"']?CodeUri[\"']?[ \t]*:[ \t]*[\"']?([\w./-]{1,200})[\"']?[ \t,]*$")
_QUOTED = re.compile(r"\"([A-Za-z][\w.-]{5,80})\"")
# What a build makes is not in a repository.
_BUILT = re.compile(r"(?:^|/)(?:\.aws-sam|bin|build|dist|out|packages?|target)(?:/|$)|\.(?:jar|zip)$")
_DEPLOYS = re.compile(rb"\bterraform(?:[ \t]+-\S+){0,3}[ \t]+(?:apply|init|plan)\b")
_DEPLOYING = re.compile(
    rb"(?i)\bdeploy\b|\b(?:create|update)-(?:stack|change-set)\b|\b(?:create|update)_stack\b"
)
_DOCUMENTS = (".md", ".rst", ".txt")


def why_ported(steps: PathSteps, files: ProjectFiles) -> tuple[str, bool] | None:
    """Why Terraform has replaced a template, and whether that certainly fails; None where it may not have."""
    root = files.root or Path()
    text = text_if_readable(root.joinpath(*steps), _SIZE_LIMIT)
    names = {*_NAMES.findall(text), *(value for key, value in _FLOW.findall(text) if key == "Handler")}
    if len(names) < 2:
        return None
    declared = files.once(_declared)
    if 2 * len(names & declared) < len(names):
        return None
    code = [*_CODE.findall(text), *(value for key, value in _FLOW.findall(text) if key == "CodeUri")]
    if code and not any(_may_be(each, steps, root) for each in code):
        return _GONE, True
    return (_PORTED, False) if _documents_deploy_terraform(steps, files) else None


def only_built(steps: PathSteps, files: ProjectFiles) -> bool:
    """Whether only files beside a template name it, and none of these deploys anything: they pack it."""
    name, folder = steps[-1].encode("utf-8", "replace"), steps[:-1]
    return bool(folder) and not any(
        each[: len(folder)] != folder or _DEPLOYING.search(text.content) is not None
        for each, text in (files.texts() or {}).items()
        if each != steps and name in text.content
    )


def _may_be(path: str, steps: PathSteps, root: Path) -> bool:
    """Whether the code of a function may lie at a path, seen from the template or the top."""
    if _BUILT.search(path) or not is_path(path):
        return True
    places = [folder / path for folder in (root.joinpath(*steps[:-1]), root)]
    return any(is_folder(each) or is_file(each) for each in places)


def _declared(files: ProjectFiles) -> frozenset[str]:
    """The texts in Terraform that may be names."""
    texts = files.texts_like(lambda name: name.endswith(TERRAFORM), _SIZE_LIMIT)
    return frozenset(each for _, text in texts or () for each in _QUOTED.findall(text))


def _documents_deploy_terraform(steps: PathSteps, files: ProjectFiles) -> bool:
    """Whether documents show how Terraform is applied, and none names the template."""
    name, found = steps[-1].encode("utf-8", "replace"), False
    for each, text in (files.texts() or {}).items():
        if each[-1].lower().endswith(_DOCUMENTS):
            if name in text.content:
                return False
            found = found or _DEPLOYS.search(text.content) is not None
    return found
