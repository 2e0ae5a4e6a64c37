"""Why a setting is as it is, where a comment beside it states what it is for."""

import re
from pathlib import Path

from mlwa_lint.files.reading import text_if_readable
from mlwa_lint.model.resources import STATED_REASON, Project, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import ListValue, MapValue, Scalar, Value
from mlwa_lint.startup.patterns import lazy

COMMENTED_SIZE_LIMIT = 1_000_000
# Tools and agents that may have a network of their own, and the steps to how they reach it.
_NETWORKED = frozenset(
    f"AWS::BedrockAgentCore::{each}"
    for each in ("BrowserCustom", "CodeInterpreterCustom", "Harness", "Runtime")
)
_STEPS = ("NetworkConfiguration", "NetworkMode")
_OF_HARNESS = ("Environment", "AgentCoreRuntimeEnvironment")
_COMMENT = lazy(r"(?:^|\s)(?:#|//)+\s*(.*)$")
# What it is for: something on the internet is wanted. What announces a change gives no reason.
_PURPOSE = lazy(
    r"\b(?:allow\w*|for|needs?|needed|required?|requires|so that|to (?:call|download|fetch|install|reach))\b",
    re.IGNORECASE,
)
_INTERNET = lazy(
    r"\b(?:internet|outbound|egress|download\w*|install\w*|pip|npm|public|external|third[- ]party|web)\b",
    re.IGNORECASE,
)
_LATER = lazy(
    r"\b(?:todo|fixme|xxx|once|later|until|yet|for now|temporar\w+|should|replace|change|will be|insecure|"
    r"production|prod)\b",
    re.IGNORECASE,
)


def with_stated_reasons(project: Project) -> Project:
    """The project with the comments that state why tools and agents have unrestricted internet access."""
    if _NETWORKED.isdisjoint(each.type for each in project.resources):
        return project
    resources = tuple(_noted(each) if each.type in _NETWORKED else each for each in project.resources)
    return project._replace(resources=resources)


def _noted(resource: Resource) -> Resource:
    value: Value = resource.properties
    for step in (*(_OF_HARNESS if resource.type.endswith("Harness") else ()), *_STEPS):
        if isinstance(value, ListValue) and len(value.items) == 1:
            value = value.items[0]
        if not isinstance(value, MapValue):
            return resource
        value = value.value(step)
    if not isinstance(value, Scalar) or value.data != "PUBLIC":
        return resource
    reason = _reason_at(value.origin or value.span)
    return resource.with_note(STATED_REASON, reason) if reason else resource


def _reason_at(span: Span) -> str:
    """The comment behind a value, or on the lines above it, if it states a reason."""
    lines = text_if_readable(Path(span.path), COMMENTED_SIZE_LIMIT).splitlines()
    if not 0 < span.line <= len(lines):
        return ""
    behind = _COMMENT.search(lines[span.line - 1][max(span.end_column - 1, 0) :])
    if behind is not None and _is_reason(behind[1]):
        return behind[1].strip()
    above: list[str] = []
    for line in reversed(lines[max(span.line - 4, 0) : span.line - 1]):
        if not line.lstrip().startswith(("#", "//")):
            break
        above.insert(0, line.lstrip("# /\t").strip())
    stated = " ".join(above)
    return stated if _is_reason(stated) else ""


def _is_reason(text: str) -> bool:
    return all(each.search(text) for each in (_PURPOSE, _INTERNET)) and _LATER.search(text) is None
