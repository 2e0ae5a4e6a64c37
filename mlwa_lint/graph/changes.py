"""What a rule says about how to put right what it claims: a property's value, not an edit of text."""

from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.intents import Data, IntentKind
from mlwa_lint.startup.records import NamedTuple


class Change(NamedTuple):
    """One change of a resource; the writer of the user's language makes an edit of it.

    at:    the property that it is about, present or not; the resource itself for a new one beside it.
    value: what it shall be. A map leaves what stands beside its keys; a text `${kms-key}` is what the
           configuration names so under `[tool.mlwa-lint.fix]`.
    risk:  what somebody has to think about before it is deployed (cost, outage, a changed behaviour). Only a
           change without any is made by `--fix`; others ask for `--unsafe-fixes`.
    name:  of a new resource, or of what stands beside the properties.
    """

    kind: IntentKind
    at: View
    value: Data
    risk: str = ""
    name: str = ""


def set_to(at: View, value: Data, *, risk: str = "") -> Change:
    """Gives a property a value: `set_to(model["EnableNetworkIsolation"], True)`."""
    return Change("set", at, value, risk)


def append_to(at: View, item: Data, *, risk: str = "") -> Change:
    """Adds an item to a list, which need not exist yet."""
    return Change("append", at, [item], risk)


def remove(at: View, *, risk: str = "") -> Change:
    """Deletes a property."""
    return Change("remove", at, True, risk)


def set_attribute(resource: ResourceView, name: str, value: Data, *, risk: str = "") -> Change:
    """Sets what stands beside the properties: `set_attribute(table, "DeletionPolicy", "Retain")`."""
    return Change("attribute", resource, value, risk, name)


def add_resource(beside: ResourceView, type_: str, properties: dict[str, Data], *, risk: str = "") -> Change:
    """Declares another resource next to one; a text `${self}` in its properties refers to that one.

    Only the declarative languages can express it.
    """
    return Change("add", beside, properties, risk, type_)
