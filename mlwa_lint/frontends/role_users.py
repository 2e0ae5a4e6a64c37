"""Roles that programs and other configurations for machine learning name by ARNs that are written out.

A literal ARN of the only role of its name that a project declares is that of this role, wherever in the
project it is written.
"""

import os
from bisect import bisect
from collections.abc import Iterator, Mapping

from mlwa_lint.files import PROGRAMS
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.model.resources import NAMED_BY, Project, Resource
from mlwa_lint.model.values import known_text
from mlwa_lint.startup.patterns import lazy

_ROLE = "AWS::IAM::Role"
_CONFIGURATIONS = (".yaml", ".yml", ".json", ".tf")
# A program that trains, hosts or invokes models names the role for that.
_ML = lazy(
    r"(?m)^[ \t\"]*(?:import|from) sagemaker\b"
    r"|\bclient\(\s*(?:service_name=)?\\?[\"'](?:sagemaker|bedrock-agent)\\?[\"']"
)
_ARN = lazy(r"\barn:aws[\w-]*:iam::\d{12}:role/(?:[\w+=,.@-]+/)*([\w+=,.@-]{4,64})(?![\w+=,.@/*?-])")
# What an ARN is given to: `ExecutionRoleArn: `, `role_arn = "`, `role="`.
_GIVEN_TO = lazy(r"(?i)role(?:_?arn)?\\?[\"']?\s{0,20}[:=]\s{0,20}(?:f?\\?[\"'])?$")
_KEY_LENGTH = 80
# The resource or the call that precedes it.
_TYPES = lazy(
    r"Type[\"']?\s{0,5}:\s{0,5}[\"']?(AWS::\w+)::|\bresource\s{1,5}\"(aws(?:cc)?_[a-z]+)|states:::(?:aws-sdk:)?([a-z]+):"
)
_OF_ML = frozenset({"AWS::Bedrock", "AWS::BedrockAgentCore", "AWS::SageMaker", "bedrock", "sagemaker"})
_OF_ML |= {f"{cloud}_{service}" for cloud in ("aws", "awscc") for service in ("bedrock", "sagemaker")}
_DECLARED = (
    lazy(r"\bRoleName[\"']?\s{0,5}:\s{0,5}[\"']?([\w+=,.@-]{4,64})"),
    lazy(
        r"\bresource\s+\"aws_iam_role\"[^{}]{0,100}\{[^{}]{0,500}?\bname\s{0,20}=\s{0,5}\"([\w+=,.@-]{4,64})\""
    ),
    lazy(r"\bcreate_role\([^()]{0,500}?\bRoleName\s{0,5}=\s{0,5}\\?[\"']([\w+=,.@-]{4,64})"),
)


def with_role_users(project: Project, files: ProjectFiles | None) -> Project:
    """The project with what names each of its roles for machine learning in other files of the repository."""
    named = {each.address: _name_of(each) for each in project.resources if each.type == _ROLE}
    if files is None or files.root is None or not any(named.values()):
        return project
    acting = files.once(_acting)
    if acting.keys().isdisjoint(named.values()):
        return project
    own = {os.path.realpath(each) for each in project.sources}
    declared = files.once(_declared)
    root = files.root

    def noted(role: Resource) -> Resource:
        name = named.get(role.address, "")
        if not name or declared.get(name, 0) > 1:
            return role
        others = (each for each in acting.get(name, ()) if os.path.realpath(root.joinpath(*each)) not in own)
        user = next(others, None)
        return role if user is None else role.with_note(NAMED_BY, user[-1])

    return project._replace(resources=tuple(map(noted, project.resources)))


def _name_of(role: Resource) -> str:
    entry = role.properties.entries.get("RoleName")
    return "" if entry is None else known_text(entry.value) or ""


def _acting(files: ProjectFiles) -> Mapping[str, list[PathSteps]]:
    """The names of roles whose ARNs are given to what works for machine learning, with the files."""
    found: dict[str, list[PathSteps]] = {}
    for steps, each in sorted((files.texts() or {}).items()):
        if b":role/" not in each.content or is_test(steps):
            continue
        text = each.content.decode("utf-8", "replace")
        for name in dict.fromkeys(_names_in(text, steps[-1])):
            found.setdefault(name, []).append(steps)
    return found


def _names_in(text: str, file: str) -> Iterator[str]:
    program = file.endswith(PROGRAMS)
    if (program and _ML.search(text) is None) or not file.endswith((*PROGRAMS, *_CONFIGURATIONS)):
        return
    types = (
        []
        if program
        else [(each.start(), next(filter(None, each.groups()))) for each in _TYPES.finditer(text)]
    )
    starts = [start for start, _ in types]
    for match in _ARN.finditer(text):
        if _GIVEN_TO.search(text[max(0, match.start() - _KEY_LENGTH) : match.start()]) is None:
            continue
        before = bisect(starts, match.start())
        if program or (before and types[before - 1][1] in _OF_ML):
            yield match[1]


def _declared(files: ProjectFiles) -> Mapping[str, int]:
    """How many files of the project declare a role of each name."""
    found: dict[str, int] = {}
    for steps, each in (files.texts() or {}).items():
        if not steps[-1].endswith((*_CONFIGURATIONS, *PROGRAMS)) or is_test(steps):
            continue
        text = each.content.decode("utf-8", "replace")
        for name in {name for pattern in _DECLARED for name in pattern.findall(text)}:
            found[name] = found.get(name, 0) + 1
    return found
