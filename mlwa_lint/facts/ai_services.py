"""AWS services for AI and ML: their actions, clients, managed policies, types and principals."""

from functools import cache

from mlwa_lint.facts.tables import table
from mlwa_lint.startup.records import NamedTuple

_LISTS = ("types", "clients", "policies", "infers", "works", "trains", "runs")


class AiService(NamedTuple):
    """A service for AI or ML, and what shows that a policy, a role or a program uses it.

    infers:          its actions that invoke a model; empty: all that neither administer nor list.
    works:           its actions at run time that invoke no model: features, events, reviews by people.
    dedicated:       whether a role that it may assume is certainly for machine learning.
    confused_deputy: the page that recommends a condition on the source in its roles; empty for none.
    """

    name: str
    prefix: str
    types: tuple[str, ...]
    clients: tuple[str, ...]
    policies: tuple[str, ...]
    infers: tuple[str, ...]
    works: tuple[str, ...]
    trains: tuple[str, ...]
    runs: tuple[str, ...]
    principals: tuple[str, ...]
    dedicated: bool
    confused_deputy: str

    def actions(self, *kinds: str) -> tuple[str, ...]:
        """Its actions of some kinds (`infers`, `trains`, …) as IAM names them."""
        return tuple(f"{self.prefix}:{name}" for kind in kinds for name in getattr(self, kind))


@cache
def ai_services() -> tuple[AiService, ...]:
    """All of them."""
    found = []
    for each in table("ai_services")["service"]:
        listed = {key: tuple(each.get(key, ())) for key in _LISTS}
        found.append(
            AiService(
                name=each["name"],
                prefix=each["prefix"],
                principals=tuple(each.get("principals", (each["prefix"],))),
                dedicated=each.get("dedicated", False),
                confused_deputy=each.get("confused_deputy", ""),
                **listed,
            )
        )
    return tuple(found)


def actions_that(*kinds: str) -> tuple[str, ...]:
    """The actions of some kinds (`infers`, `works`, `trains`, `runs`) of all services."""
    return tuple(dict.fromkeys(action for each in ai_services() for action in each.actions(*kinds)))


def prefixes() -> tuple[str, ...]:
    """What the actions of all services begin with."""
    return tuple(dict.fromkeys(each.prefix for each in ai_services()))


def principals() -> tuple[str, ...]:
    """The service principals that assume roles for AI and ML: `sagemaker` for sagemaker.amazonaws.com."""
    return tuple(dict.fromkeys(name for each in ai_services() for name in each.principals))


def principals_with_source() -> tuple[str, ...]:
    """Those whose documentation recommends a condition on the source in the trust policies of their roles."""
    found = (name for each in ai_services() if each.confused_deputy for name in each.principals)
    return tuple(sorted(set(found)))
