"""Resources of services and features that AWS has ended or closed to new customers."""

from collections.abc import Iterator

from mlwa_lint.facts.services import Service, ServiceState, services
from mlwa_lint.facts.today import has_passed
from mlwa_lint.graph.views import ResourceView, View


def types_of(state: ServiceState) -> tuple[str, ...]:
    """The types of services in a state, and those with a property that belongs to one."""
    found = [each for each in services() if each.state == state]
    return tuple(dict.fromkeys(kind for each in found for kind in (*each.types, *each.properties)))


def uses(resource: ResourceView, state: ServiceState) -> Iterator[tuple[Service, View]]:
    """The services in a state that a resource belongs to, or that a property of it does."""
    for service in services():
        if service.state != state or not (service.since is None or has_passed(service.since)):
            continue
        if service.owns(resource.type):
            yield service, resource
        path = service.properties.get(resource.type)
        for view in _at(resource, path.split(".")) if path is not None else ():
            yield service, view


def _at(view: View, path: list[str]) -> list[View]:
    """The properties at a path that may lead through lists."""
    found = view[path[0]]
    if len(path) == 1:
        return [found]
    return [each for item in found.items() for each in _at(item, path[1:])]
