"""How to fix what a rule claims: a property's value, not an edit of text."""

from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.intents import Data, IntentKind
from mlwa_lint.startup.records import NamedTuple


class Change(NamedTuple):
    """One change of a resource; the writer of the user's language makes an edit of it.

    at:    the property that it is about, present or not; the resource itself for a new one beside it.
    value: the new value. A map keeps keys that it does not name; a text `${kms-key}` is what the
           configuration names so under `[tool.mlwa-lint.fix]`.
    risk:  what the user has to consider before deployment (cost, outage, changed behaviour). A
           change without a risk is made by `--fix`; others require `--unsafe-fixes`.
    type:  of a new resource, in the user's language.
    """

    kind: IntentKind
    at: View
    value: Data
    risk: str = ""
    type: str = ""


def set_to(at: View, value: Data, *, risk: str = "") -> Change:
    """Gives a property a value: `set_to(model["EnableNetworkIsolation"], True)`."""
    return Change("set", at, value, risk)


def append_to(at: View, *items: Data, risk: str = "") -> Change:
    """Adds items to a list, which need not exist yet."""
    return Change("append", at, list(items), risk)


def remove(at: View, *, risk: str = "") -> Change:
    """Deletes a property."""
    return Change("remove", at, True, risk)


def use_key(at: View) -> Change:
    """Names the KMS key that the configuration states as `kms-key`."""
    return Change("set", at, "${kms-key}", "whoever uses it needs permission to use the key")


def set_attributes(resource: ResourceView, values: "dict[str, Data]", *, risk: str = "") -> Change:
    """Sets attributes beside the properties: `set_attributes(table, {"DeletionPolicy": "Retain"})`."""
    return Change("attribute", resource, values, risk)


def add_resource(
    beside: ResourceView,
    cloudformation: "tuple[str, dict[str, Data]]",
    terraform: "tuple[str, dict[str, Data]]",
    *,
    risk: str = "",
) -> Change:
    """Declares another resource next to one, in either declarative language.

    cloudformation, terraform: its type, and its properties or arguments. A text `${self}` in them refers to
    the resource that it is declared next to, `${self.arn}` to that one's ARN.
    """
    type_, properties = terraform if beside.language == "terraform" else cloudformation
    return Change("add", beside, properties, risk, type_)
