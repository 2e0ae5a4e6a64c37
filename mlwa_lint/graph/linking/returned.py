"""What a program returns at deployment is not certainly something else than any resource of the project."""

from mlwa_lint.graph.kinds import returns
from mlwa_lint.model.resources import Project
from mlwa_lint.model.values import Choice, ListValue, MapValue, Reference, Scalar, Value, returned

_DEPTH_LIMIT = 60


def opened(project: Project) -> Project:
    """The project with what programs return as unknown values, where front ends left references."""
    addresses = {each.address for each in project.resources if returns(each.type)}
    if not addresses:
        return project
    resources = []
    for resource in project.resources:
        properties = _opened(resource.properties, addresses, 0)
        if isinstance(properties, MapValue) and properties is not resource.properties:
            resource = resource._replace(properties=properties)
        resources.append(resource)
    return project._replace(resources=tuple(resources))


def _opened(value: Value, addresses: set[str], depth: int) -> Value:
    """The value, or the same one where nothing changes."""
    if isinstance(value, Scalar):
        return value  # as most are
    if isinstance(value, Reference):
        return returned(value) if value.known is None and value.address in addresses else value
    if depth > _DEPTH_LIMIT:
        return value
    if isinstance(value, Choice):
        yes, no = _opened(value.yes, addresses, depth + 1), _opened(value.no, addresses, depth + 1)
        return value if yes is value.yes and no is value.no else value._replace(yes=yes, no=no)
    if isinstance(value, ListValue):
        items = tuple(_opened(item, addresses, depth + 1) for item in value.items)
        same = all(one is other for one, other in zip(items, value.items, strict=True))
        return value if same else value._replace(items=items)
    if isinstance(value, MapValue):
        changed = {
            key: entry._replace(value=inner)
            for key, entry in value.entries.items()
            if (inner := _opened(entry.value, addresses, depth + 1)) is not entry.value
        }
        return value if not changed else value._replace(entries={**value.entries, **changed})
    return value
