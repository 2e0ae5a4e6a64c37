"""What a rule would change to fix a finding, before the source text is read."""

from typing import Literal, TypeAlias, Union

from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

# What a property is set to: JSON's values. A text `${kms-key}` is whatever the configuration names so.
Data: TypeAlias = Union[str, int, float, bool, list["Data"], dict[str, "Data"]]
IntentKind: TypeAlias = Literal["set", "append", "remove", "attribute", "add"]
INTENT_KINDS: tuple[IntentKind, ...] = ("set", "append", "remove", "attribute", "add")


class Intent(NamedTuple):
    """One change of one resource.

    kind:       `set` gives properties values and leaves the others; `append` adds an item to a
                list; `remove` deletes a property; `attribute` sets what is beside the properties
                (DeletionPolicy); `add` declares another resource.
    wanted:     the new value, from the resource downwards, as JSON in the user's names.
    properties: dotted canonical paths of the properties that it gives a value, or deletes.
    anchor:     the nearest thing that is written: a property's key, a list's item, the resource itself.
    risk:       what has to be considered before it is deployed; empty where there is no risk.
    """

    kind: IntentKind
    wanted: str
    properties: tuple[str, ...]
    anchor: Span
    risk: str = ""
