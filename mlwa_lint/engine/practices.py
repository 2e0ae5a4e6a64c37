"""What a project does of its own accord, so that what is missing beside it was overlooked."""

from collections.abc import Set as AbstractSet

from mlwa_lint.model.resources import Project
from mlwa_lint.model.values import Absent
from mlwa_lint.rule import Claim, Rule

# A type, and one of its properties that a resource of it sets.
Practices = AbstractSet[tuple[str, str]]


def practices_of(project: Project) -> Practices:
    """Which properties the resources of a project set, by type."""
    return frozenset(
        (resource.type, key)
        for resource in project.resources
        for key, entry in resource.properties.entries.items()
        if not isinstance(entry.value, Absent)
    )


def is_optional(rule: Rule, claim: Claim, practices: Practices) -> bool:
    """Whether a claim is about a practice of those who operate something, which a project follows nowhere.

    Where another resource of the type sets the property, or the resource sets a part of it, it was forgotten.
    """
    operational = rule.operational if claim.operational is None else claim.operational
    at = claim.at
    if not operational or not at.path:
        return operational
    left_out = at.span == at.resource.span or isinstance(at.value, Absent)
    return not left_out or (at.resource.type, at.path[0]) not in practices


__all__ = ["Practices", "is_optional", "practices_of"]
