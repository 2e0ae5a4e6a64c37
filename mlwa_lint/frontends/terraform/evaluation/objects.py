"""Whole resources, data sources and modules as values: maps whose entries are evaluated on demand."""

from collections.abc import Callable, Iterator, Mapping

from mlwa_lint.frontends.evaluator import ANY_KEY
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Choice, Entry, ListValue, MapValue, Reference, Unknown, Value


class Attributes(Mapping[str, Entry]):
    """Every attribute of one object; iterating gives only those that the configuration states.

    address: what a mention of the object as a whole refers to; empty for a module.
    any_key: the value of every key, where the keys are not known.
    meant: the attribute that only can be meant where the object as a whole is given, if there is one.
    """

    def __init__(
        self,
        address: str,
        span: Span,
        stated: tuple[str, ...],
        attribute: Callable[[str], Value | None],
        any_key: Value | None = None,
        meant: str = "",
    ) -> None:
        self.meant = meant
        self._any_key = any_key
        self.address = address
        self._span = span
        self._stated = stated
        self._attribute = attribute

    def changed(self, address: str, change: Callable[[Value], Value]) -> "Attributes":
        """The same object under another address, its attributes changed on demand."""

        def attribute(name: str) -> Value | None:
            value = self._attribute(name)
            return None if value is None else change(value)

        any_key = None if self._any_key is None else change(self._any_key)
        return Attributes(address, self._span, self._stated, attribute, any_key, self.meant)

    def __getitem__(self, key: str) -> Entry:
        value = self._any_key if key == ANY_KEY else self._attribute(key)
        if value is None:
            raise KeyError(key)
        return Entry(self._span, value, key)

    def __contains__(self, key: object) -> bool:
        if key == ANY_KEY:
            return self._any_key is not None
        return isinstance(key, str) and self._attribute(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._stated)

    def __len__(self) -> int:
        return len(self._stated)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def whole(attributes: Attributes, span: Span, reason: str) -> MapValue:
    """An object as a value; what it has beyond the stated attributes is not known."""
    return MapValue(attributes, span, Unknown(reason, span))


def plain(value: Value) -> Value:
    """The value without objects in it: a resource as a whole becomes a reference to it."""
    if isinstance(value, MapValue):
        if isinstance(value.entries, Attributes):
            if value.entries.address:
                return Reference(value.entries.address, "", value.span, None, value.assumed)
            if value.entries.meant:
                return plain(value.entries[value.entries.meant].value)
            return Unknown(
                "it refers to a whole module or data source, not to one of its attributes", value.span
            )
        if any(_holds(entry.value) for entry in value.entries.values()):
            return value._replace(
                entries={
                    key: entry._replace(value=plain(entry.value)) for key, entry in value.entries.items()
                }
            )
    elif isinstance(value, ListValue):
        if any(_holds(item) for item in value.items):
            return value._replace(items=tuple(plain(item) for item in value.items))
    elif isinstance(value, Choice):
        return value._replace(yes=plain(value.yes), no=plain(value.no))
    return value


def _holds(value: Value) -> bool:
    return isinstance(value, (MapValue, ListValue, Choice))
