"""Roles that one template declares by a name and another one names by an ARN that is written out."""

from collections.abc import Iterator, Sequence
from posixpath import dirname

from mlwa_lint.frontends.texts import changed
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import Unknown, Value, known_text
from mlwa_lint.startup.patterns import lazy

_ROLE = "AWS::IAM::Role"
_IAM = "AWS::IAM::"
_ARN = lazy(r"(?:arn:[^:]*:iam::[^:]*)?:role/(?:.*/)?([^/*]+)")
_WRITTEN = lazy(r"arn:aws[\w-]*:iam::\d{12}:role/.*")


def ties_by_roles(projects: Sequence[Project]) -> Iterator[tuple[int, int]]:
    """The positions of a project that declares a role and of another one that acts with it.

    Only where one of them alone declares a role of that name. Of a template in another folder, all of the
    ARN is written, with the account.
    """
    declared: dict[str, set[int]] = {}
    for position, project in enumerate(projects):
        for resource in project.resources:
            name = known_text(resource.properties.value("RoleName")) if resource.type == _ROLE else None
            if name:
                declared.setdefault(name, set()).add(position)
    for position, project in enumerate(projects) if declared else ():
        for name, written in dict.fromkeys(
            each for resource in project.resources for each in _acting(resource)
        ):
            givers = declared.get(name, set())
            if len(givers) == 1 and position not in givers:
                giver = next(iter(givers))
                if written or dirname(projects[giver].root) == dirname(project.root):
                    yield giver, position


def _acting(resource: Resource) -> list[tuple[str, bool]]:
    """The names of the roles whose ARNs a resource has, and whether these are wholly written.

    A policy only names what it is about.
    """
    found: list[tuple[str, bool]] = []

    def note(value: Value) -> Value | None:
        last = value.parts[-1] if isinstance(value, Unknown) and value.parts else known_text(value)
        match = _ARN.fullmatch(last) if isinstance(last, str) else None
        if match is not None:
            found.append((match.group(1), _WRITTEN.fullmatch(known_text(value) or "") is not None))
        return None

    if not resource.type.startswith(_IAM):
        changed(resource.properties, note)
    return found
