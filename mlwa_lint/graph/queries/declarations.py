"""Buckets, roles and repositories that a program creates and a template of the repository declares."""

from collections.abc import Iterator

from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.kinds import BUCKET, REPOSITORY, ROLE
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES
from mlwa_lint.model.report import DECLARES, Outside
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import known_text

_TRUST = "AssumeRolePolicyDocument"
# How a finding calls what is declared.
_NOUNS = {BUCKET: "bucket", REPOSITORY: "repository", ROLE: "role"}


def declarations(graph: ResourceGraph) -> Iterator[Outside]:
    """What templates and Terraform declare by a known name: a program only creates it where it is missing."""
    for kind in _NOUNS:
        for resource in graph.by_type.get(kind, ()):
            name = _named(resource)
            if name and resource.vocabulary.language != "python":
                yield Outside(DECLARES, name, resource.address, resource.span, graph.project.root)


def declared_as(resource: Resource, path: tuple[str, ...], span: Span) -> tuple[str, ...]:
    """The name by which a template may declare what a program creates, where it would decide on a property.

    That is what the call that creates it leaves out or states, and nothing that the program adds or changes
    whoever has created it: the policies of a role.
    """
    if resource.vocabulary.language != "python" or resource.type not in _NOUNS:
        return ()
    by_call = {
        BUCKET: span == resource.span,
        REPOSITORY: True,
        ROLE: path[:1] == (_TRUST,),
    }
    name = _named(resource) if by_call[resource.type] else ""
    return (DECLARES, name) if name else ()


def _named(resource: Resource) -> str:
    """The noun and the known name of a resource, `role churn-training`; empty where it is not known."""
    entry = resource.properties.entries.get(NAME_PROPERTIES[resource.type])
    name = None if entry is None else known_text(entry.value)
    return f"{_NOUNS[resource.type]} {name}" if name else ""
