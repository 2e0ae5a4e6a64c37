"""Services and features that AWS has ended or closed to new customers."""

import datetime
from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias

from mlwa_lint.facts.tables import table
from mlwa_lint.startup.records import NamedTuple

ServiceState: TypeAlias = Literal["ended", "closed"]


class Service(NamedTuple):
    """A service or feature that no user, or no new customer, can use any more.

    properties: canonical type -> dotted property that belongs to it, where it has no types of its own.
    clients:    client of boto3 -> the canonical type as which what programs do with it counts.
    since:      the day on which that began; None where no page was found that names it.
    """

    name: str
    state: ServiceState
    since: datetime.date | None
    successor: str
    source: str
    types: tuple[str, ...] = ()
    properties: Mapping[str, str] = {}
    clients: Mapping[str, str] = {}

    def owns(self, resource_type: str) -> bool:
        """Whether resources of a canonical type belong to it."""
        return any(
            resource_type.startswith(each[:-1]) if each.endswith("*") else resource_type == each
            for each in self.types
        )


@cache
def services() -> tuple[Service, ...]:
    """All of them."""
    found = []
    for each in table("services")["service"]:
        types = tuple(each.get("types", ()))
        found.append(
            Service(
                each["name"],
                each["state"],
                each.get("since"),
                each["successor"],
                each["source"],
                types,
                each.get("properties", {}),
                each.get("clients", {}),
            )
        )
    return tuple(found)


@cache
def ended_clients() -> Mapping[str, str]:
    """The clients of ended services, each with the type as which what programs do with it counts."""
    found = (each.clients for each in services() if each.state == "ended")
    return {client: kind for clients in found for client, kind in clients.items()}


def uses_service(method: str) -> bool:
    """Whether a method makes or uses something, and neither looks at what there is nor removes it."""
    return not method.startswith(("delete_", "describe_", "get_", "list_", "untag_"))


def types_of(state: ServiceState) -> tuple[str, ...]:
    """The canonical types of ended, or of closed, services; a trailing `*` matches any."""
    return tuple(name for each in services() if each.state == state for name in each.types)
