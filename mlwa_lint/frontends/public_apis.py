"""APIs that are open on purpose, as a document or a comment of the repository states."""

import re
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.paths import inside
from mlwa_lint.files.reading import real_path
from mlwa_lint.files.texts import PathSteps
from mlwa_lint.model.resources import OPEN_BY, Project
from mlwa_lint.startup.patterns import lazy

APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
_DOCUMENTS = (".md", ".rst", ".txt")
_COMMENTED = (".tf", ".yaml", ".yml")
_TEMPLATES = (".yaml", ".yml", ".json", ".template")
_RESOURCES = re.compile(rb"(?m)^[ \t]*\"?Resources\"?[ \t]*:")
_STATED = lazy(
    r"\b(?:deliberately|intentionally|purposely) (?:left |kept |made )?"
    r"(?:anonymous|open\b|public|un-?authenticated|without auth)"
    r"|\b(?:anonymous|open|public|un-?authenticated) (?:by design|by intent|intentionally|on purpose)\b"
    r"|\bpublic (?:[\w-]+ )?api\b(?! (?:gateway|key))|\bpublic (?:chat ?bot|demo)\b"
    r"|\bun-?authenticated (?:[\w-]+ )?api (?:only|is acceptable)\b"
    r"|\b(?:no|without) (?:account|api key|auth(?:entication)?|login|sign-?up) (?:is )?(?:needed|required)\b"
    r"|公開(?:サービス|api)|認証(?:なし|不要)|p[uú]blic[oa] (?:a|de) prop[oó]sito"
)
# One of these is in each of them.
_WORDS = (
    "public",
    "authenticat",
    "open",
    "anonymous",
    "required",
    "needed",
    "公開",
    "認証",
    "público",
    "pública",
)
# What is still to be done, or is about others.
_OPEN_QUESTION = lazy(r"\b(?:todo|fixme|before production|must not|never|should|yet)\b|本番")
_COMMENT = re.compile(r"(?m)#[ \t]*(.*)$")
_SENTENCE = lazy(r"[.!?]\s|\n\s*\n|\n\s*[-*+|] |。")


def with_statements(project: Project, files: ProjectFiles | None) -> Project:
    """The project with a note at each API of the file that states that it is open on purpose."""
    if files is None or files.root is None or not any(each.type in APIS for each in project.resources):
        return project
    stating = files.once(_stating)
    found = _about(project, stating, files) if stating else ""
    return project.with_notes(APIS, OPEN_BY, found) if found else project


def _about(project: Project, stating: tuple[PathSteps, ...], files: ProjectFiles) -> str:
    """The first of some files that is about a project: a document of it or around it, or one of its sources.

    A document beside it counts unless its folder has a stack or a configuration of its own.
    """
    own = frozenset(filter(None, (_below(Path(each), files) for each in project.sources)))
    top = _below(Path(project.root), files) or ()
    folder = top[:-1] if project.root.endswith(_COMMENTED) else top
    others = frozenset(files.once(_declaring)) - own
    for steps in stating:
        if steps[-1].lower().endswith(_COMMENTED):
            about = steps in own
        else:
            apart = _step_apart(steps[:-1], folder)
            about = not apart or not any(each[: len(apart)] == apart for each in others)
        if about:
            return "/".join(steps)
    return ""


def _step_apart(place: PathSteps, folder: PathSteps) -> PathSteps:
    """The folder by which a place lies apart from another one; nothing where it is around that."""
    for depth, step in enumerate(place):
        if depth >= len(folder) or folder[depth] != step:
            return place[: depth + 1]
    return ()


def _below(path: Path, files: ProjectFiles) -> PathSteps | None:
    found = inside(path, files.root or Path())
    return None if found is None else found.relative_to(real_path(files.root or Path())).parts


def _declaring(files: ProjectFiles) -> tuple[PathSteps, ...]:
    """The templates and Terraform files of a repository."""
    return tuple(
        steps
        for steps, text in (files.texts() or {}).items()
        if steps[-1].endswith(".tf") or (steps[-1].endswith(_TEMPLATES) and _RESOURCES.search(text.content))
    )


def _stating(files: ProjectFiles) -> tuple[PathSteps, ...]:
    """The files of the repository that state that an API is open on purpose."""
    found: list[PathSteps] = []
    for steps, text in (files.texts() or {}).items():
        name = steps[-1].lower()
        if not name.endswith((*_DOCUMENTS, *_COMMENTED)):
            continue
        content = text.content.decode("utf-8", "replace").lower()
        if name.endswith(_COMMENTED):
            content = "\n".join(each[1] for each in _COMMENT.finditer(content))
        if any(map(_states, _SENTENCE.split(content))):
            found.append(steps)
    return tuple(found)


def _states(sentence: str) -> bool:
    if not any(each in sentence for each in _WORDS):
        return False
    words = " ".join(sentence.split())
    return _STATED.search(words) is not None and _OPEN_QUESTION.search(words) is None
