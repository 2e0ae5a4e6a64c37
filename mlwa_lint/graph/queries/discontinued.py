"""Resources of services and features that AWS has ended or closed to new customers."""

from collections.abc import Iterator

from mlwa_lint.facts.services import Service, ServiceState, services, uses_service
from mlwa_lint.facts.today import has_passed
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import certainly
from mlwa_lint.model.resources import REQUESTS


def types_of(state: ServiceState) -> tuple[str, ...]:
    """The types of services in a state, and those with a property that belongs to one."""
    found = [each for each in services() if each.state == state]
    return tuple(dict.fromkeys(kind for each in found for kind in (*each.types, *each.properties)))


def uses(resource: ResourceView, state: ServiceState) -> Iterator[tuple[Service, View]]:
    """The services in a state that a resource belongs to, or that a property of it does."""
    for service in services():
        if service.state != state or not _is_over(service):
            continue
        if service.owns(resource.type):
            yield service, resource
        path = service.properties.get(resource.type)
        for view in _at(resource, path.split(".")) if path is not None else ():
            yield service, view


def calls(function: ResourceView, state: ServiceState) -> Iterator[tuple[Service, View]]:
    """The services in a state whose clients the code of a function calls, each with the method of a call.

    A call that makes or uses something comes before one that merely may.
    """
    requests = function.attributes[REQUESTS].known_items()
    made = [(each["Service"].text, each["Method"]) for each in requests]
    for service in services():
        if service.state == state and _is_over(service) and service.clients:
            called = [method for client, method in made if client is None or client in service.clients]
            found = [each for each in called if certainly(each.test(uses_service))] or called
            yield from ((service, each) for each in found[:1])


def _is_over(service: Service) -> bool:
    return service.since is None or has_passed(service.since)


def _at(view: View, path: list[str]) -> list[View]:
    """The properties at a path that may lead through lists."""
    found = view[path[0]]
    if len(path) == 1:
        return [found]
    return [each for item in found.items() for each in _at(item, path[1:])]
