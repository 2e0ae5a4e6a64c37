"""APIs that are open on purpose, as a document or a comment of the repository states."""

import re

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.model.resources import OPEN_BY, Project
from mlwa_lint.startup.patterns import lazy

APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
_DOCUMENTS = (".md", ".rst", ".txt")
_COMMENTED = (".tf", ".yaml", ".yml")
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
    found = files.once(_stating)
    return project.with_notes(APIS, OPEN_BY, found) if found else project


def _stating(files: ProjectFiles) -> str:
    """The first file of the repository that states that an API is open on purpose; empty where none does."""
    for steps, text in (files.texts() or {}).items():
        name = steps[-1].lower()
        if not name.endswith((*_DOCUMENTS, *_COMMENTED)):
            continue
        content = text.content.decode("utf-8", "replace").lower()
        if name.endswith(_COMMENTED):
            content = "\n".join(each[1] for each in _COMMENT.finditer(content))
        if any(map(_states, _SENTENCE.split(content))):
            return "/".join(steps)
    return ""


def _states(sentence: str) -> bool:
    if not any(each in sentence for each in _WORDS):
        return False
    words = " ".join(sentence.split())
    return _STATED.search(words) is not None and _OPEN_QUESTION.search(words) is None
