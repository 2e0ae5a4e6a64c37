"""What a rule would change to put a finding right, before anyone looks at the source text."""

from typing import Literal, TypeAlias, Union

from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

# What a property is set to: JSON's values. A text `${kms-key}` is whatever the configuration names so.
Data: TypeAlias = Union[str, int, float, bool, list["Data"], dict[str, "Data"]]
IntentKind: TypeAlias = Literal["set", "append", "remove", "attribute", "add"]
INTENT_KINDS: tuple[IntentKind, ...] = ("set", "append", "remove", "attribute", "add")


class Intent(NamedTuple):
    """One change of one resource.

    kind:       `set` gives properties values and leaves what stands beside them; `append` adds an item to a
                list; `remove` deletes a property; `attribute` sets what stands beside the properties
                (DeletionPolicy); `add` declares another resource.
    wanted:     what shall stand there, from the resource downwards, as JSON in the user's names.
    properties: dotted canonical paths of the properties that it gives a value, or deletes.
    anchor:     the nearest thing that is written: a property's key, a list's item, the resource itself.
    risk:       what somebody has to think about before it is deployed; empty where nothing speaks against it.
    """

    kind: IntentKind
    wanted: str
    properties: tuple[str, ...]
    anchor: Span
    risk: str = ""
