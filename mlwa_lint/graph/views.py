"""What a rule sees: resources and their properties in one possible world."""

from collections.abc import Callable, Iterator

from mlwa_lint.graph.questions import Questions
from mlwa_lint.graph.resolved import (
    Resolved,
    named,
    number_of,
    one_of_these,
    same_value,
    why_unknown,
)
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import Answer, answer, every, possibly, some, undecided
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    ABSENT,
    Absent,
    Choice,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    assume,
    known_text,
)

__all__ = ["Resolved", "ResourceView", "View", "same_value", "why_unknown"]


class View(Questions):
    """A property, present or not, of a resource in one world.

    `view["A.B"]` goes to a nested property, `view.items()` through a list. Questions are answered
    YES, NO or UNDECIDED; absent properties answer NO to questions about a value.
    """

    __slots__ = ("_anchor", "_path", "_resolved", "_value", "resource", "world")

    def __init__(
        self, resource: Resource, world: World, value: Value, path: tuple[str, ...], anchor: Span
    ) -> None:
        self.resource = resource
        self.world = world
        self._value = value
        self._path = path
        self._anchor = anchor
        self._resolved: Resolved | None = None

    @property
    def value(self) -> Resolved:
        """The value that this world selects."""
        resolved = self._resolved
        if resolved is None:
            value = self._value
            resolved = self.world.resolve(value) if isinstance(value, Choice) else value
            if resolved.assumed and isinstance(resolved, Scalar) and resolved.data == "":
                resolved = self._unless_given(resolved)
            self._resolved = resolved
        return resolved

    def _unless_given(self, empty: Scalar) -> Resolved:
        """An empty default, or that something is given where this world's conditions rule the default out."""
        if self.world.allows(empty.assumed):
            return empty
        default = " and ".join(sorted(empty.assumed))
        # Whatever it is, it is the same for all that have the default of one parameter.
        identity = f"instead of {default}, {empty.origin}" if empty.origin and len(empty.assumed) == 1 else ""
        return Unknown(f"{default} does not apply there", empty.span, identity=identity, present=True)

    @property
    def span(self) -> Span:
        """Where to report this property: its key, or the nearest present thing that should contain it."""
        return self._anchor

    @property
    def path(self) -> tuple[str, ...]:
        """Canonical names from the resource down to here, list positions left out."""
        return self._path

    @property
    def holder(self) -> "ResourceView":
        """The resource that it belongs to."""
        return ResourceView(self.resource, self.world)

    @property
    def label(self) -> str:
        """The property's name in the user's language."""
        return self.resource.vocabulary.label(self.resource.type, self._path)

    @property
    def text(self) -> str | None:
        """The known text, or None."""
        return known_text(self.value)

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that it can be: the known one, or those that it is one of; none if neither is known."""
        text = self.text
        if text is not None:
            return (text,)
        return self.value.one_of if isinstance(self.value, Unknown) else ()

    @property
    def texts_anywhere(self) -> tuple[str, ...]:
        """The texts that it can be in some world, whichever alternative this one selects."""
        found, pending = dict[str, None](), [self._value]
        while pending:
            value = pending.pop()
            if isinstance(value, Choice):
                pending += (value.no, value.yes)
                continue
            text = known_text(value)
            found.update(dict.fromkeys((text,) if text is not None else getattr(value, "one_of", ())))
        return tuple(found)

    @property
    def is_given_anywhere(self) -> bool:
        """Whether it is there in some world, whichever alternative this one selects."""
        pending = [self._value]
        while pending:
            value = pending.pop()
            if isinstance(value, Choice):
                pending += (value.no, value.yes)
            elif not isinstance(value, Absent):
                return True
        return False

    @property
    def words(self) -> str:
        """The text as messages write it; one of several as "ml.g4dn.xlarge or ml.p3.2xlarge"."""
        return one_of_these(self.texts)

    @property
    def number(self) -> float | None:
        """The known number (also when written as text), or None, as for what is beyond all numbers."""
        text = self.text
        return None if text is None else number_of(text)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers that it can be, in order; none where one of its possible texts is not a number."""
        found = [number_of(text) for text in self.texts]
        known = [number for number in found if number is not None]
        return tuple(sorted(known)) if len(known) == len(found) else ()

    def __str__(self) -> str:
        return self.label

    def called(self, name: str) -> "View":
        """The same under a name that every language has in common: that of an argument of a program."""
        return _Argument(self.resource, self.world, self._value, (name,), self._anchor)

    def __getitem__(self, path: str) -> "View":
        if "." not in path:
            return self._child(path)
        view = self
        for key in path.split("."):
            view = view._child(key)
        return view

    def _child(self, key: str) -> "View":
        value = self._resolved
        if value is None:
            value = self.value
        anchor = self._anchor
        child: Value = ABSENT
        if isinstance(value, MapValue):
            entry = value.entries.get(key)
            if entry is not None:
                child = assume(entry.value, value.assumed) if value.assumed else entry.value
                anchor = entry.key_span
            elif value.rest is None and not value.assumed:
                child = ABSENT
            elif value.rest is not None:
                child = value.rest
            else:
                child = Absent(None, value.assumed)
        elif isinstance(value, Unknown):
            child = value._replace(parts=(), present=False, identity="", one_of=())
        elif isinstance(value, Reference):
            child = Unknown(why_unknown(value), value.span)
        elif isinstance(value, Absent):
            child = value
        elif isinstance(value, Scalar):
            child = Unknown("it has an unexpected form", value.span)
        elif len(value.items) == 1 and value.rest is None:
            # A block that may occur only once is a list of one in some sources.
            return View(self.resource, self.world, value.items[0], self._path, anchor)[key]
        elif value.items or value.rest is not None:
            child = Unknown("it is a list of several", value.span)
        return View(self.resource, self.world, child, (*self._path, key), anchor)

    def lacks(self, key: str) -> bool:
        """Whether this is a map that certainly has no such key, without an assumption."""
        value = self.value
        return (
            isinstance(value, MapValue)
            and key not in value.entries
            and value.rest is None
            and not value.assumed
        )

    def never(self, question: "Callable[[View], bool]") -> bool:
        """Whether this is a choice of which a question is true for no alternative.

        That is looked into only where a check has too many worlds: see `World.settles`.
        """
        value = self._value
        if not self.world.splits or not isinstance(value, Choice) or self._resolved is not None:
            return False

        def look(beside: World) -> bool:
            return not question(View(self.resource, beside, value, self._path, self._anchor))

        return self.world.settles((), look)

    # -- lists and maps

    def items(self) -> "list[View]":
        """The list's items; a list that is not wholly known leaves the rule undecided about the others.

        A single value where a list is expected counts as a list of one.
        """
        views, rest = self._items()
        if rest is not None:
            self.world.undecided.append(rest)
        return views

    def _items(self) -> "tuple[list[View], str | None]":
        value = self.value
        if isinstance(value, ListValue):
            resource, world, path, assumed = self.resource, self.world, self._path, value.assumed
            views = [
                View(
                    resource,
                    world,
                    assume(item, assumed) if assumed else item,
                    path,
                    item.span or self._anchor,
                )
                for item in value.items
            ]
            kept = [view for view in views if not isinstance(view.value, Absent)]
            return kept, None if value.rest is None else named(value.rest.reason, self)
        if isinstance(value, Absent):
            return [], None
        if isinstance(value, (Scalar, MapValue)) or (isinstance(value, Unknown) and value.one_of):
            return [self], None
        if isinstance(value, Reference):
            return [self], why_unknown(value)
        return [], named(why_unknown(value), self)

    def why_more(self) -> tuple[str, ...]:
        """Why it may have more items than the known ones; nothing where it has none for certain."""
        value = self.value
        if isinstance(value, ListValue):
            return () if value.rest is None else (value.rest.reason,)
        return (why_unknown(value),) if isinstance(value, (Unknown, Reference)) else ()

    def known_items(self) -> "list[View]":
        """The items that are known; there may be others."""
        return self._items()[0]

    def any_item(self, question: "Callable[[View], Answer]") -> Answer:
        """Whether a question is answered YES for some item."""
        views, rest = self._items_beside(question) if self.world.splits else self._items()
        answers = [answer(False, self.value.assumed), *[question(view) for view in views]]
        return some(answers if rest is None else [*answers, undecided(rest)])

    def _items_beside(self, question: "Callable[[View], Answer]") -> "tuple[list[View], str | None]":
        """The items without those for which the answer is no, whichever of their alternatives is selected."""
        value = self.value
        if not isinstance(value, ListValue):
            return self._items()

        def rejects(item: Value) -> bool:
            view = View(self.resource, self.world, item, self._path, item.span or self._anchor)
            return view.never(lambda each: not isinstance(each.value, Absent) and possibly(question(each)))

        kept = [item for item in value.items if not rejects(item)]
        shorter = value._replace(items=tuple(kept))
        rest = None if value.rest is None else named(value.rest.reason, self)
        return View(self.resource, self.world, shorter, self._path, self._anchor).known_items(), rest

    def every_item(self, question: "Callable[[View], Answer]") -> Answer:
        """Whether a question is answered YES for all items (YES for an empty list)."""
        views, rest = self._items()
        answers = [answer(True, self.value.assumed), *map(question, views)]
        return every(answers if rest is None else [*answers, undecided(rest)])

    def entries(self) -> "Iterator[tuple[str, View]]":
        """The map's keys and values; unknown further keys leave the rule undecided about them."""
        value = self.value
        if isinstance(value, MapValue):
            if value.rest is not None:
                self.world.undecided.append(named(value.rest.reason, self))
            for key in value.entries:
                yield key, self._child(key)
        elif isinstance(value, (Unknown, Reference)):
            self.world.undecided.append(named(why_unknown(value), self))

    def whichever(self, question: "Callable[[View], Answer]") -> Answer:
        """The answer of a question about this; of several texts that it can be, the one that all give."""
        value = self.value
        if not isinstance(value, Unknown) or not value.one_of:
            return question(self)
        answers = [question(self._being(text)) for text in value.one_of]
        return answers[0] if all(each == answers[0] for each in answers) else self._open(value.reason)

    def _being(self, text: str) -> "View":
        value = self.value
        known = Scalar(text, value.span or self._anchor, value.assumed)
        return View(self.resource, self.world, known, self._path, self._anchor)


class _Argument(View):
    """What a program of a resource hands to a call."""

    __slots__ = ()

    @property
    def label(self) -> str:
        """Its own name."""
        return self._path[-1]


class ResourceView(View):
    """A resource in one world; also the view of its top-level properties."""

    __slots__ = ()

    def __init__(self, resource: Resource, world: World) -> None:
        super().__init__(resource, world, resource.properties, (), resource.span)

    @property
    def address(self) -> str:
        """How the user names the resource."""
        return self.resource.address

    @property
    def type(self) -> str:
        """The canonical type."""
        return self.resource.type

    @property
    def kind(self) -> str:
        """The last part of the canonical type, for messages: `EndpointConfig`."""
        return self.resource.type.rsplit("::", 1)[-1]

    @property
    def order(self) -> tuple[bool, Span, str]:
        """By what resources are sorted: what is always there comes before what only some worlds have."""
        return bool(self.resource.guards), self.span, self.address

    @property
    def language(self) -> str:
        """`cloudformation` or `terraform`."""
        return self.resource.vocabulary.language

    @property
    def attributes(self) -> View:
        """An attribute beside the properties: DeletionPolicy, Lifecycle, Metadata …"""
        return View(self.resource, self.world, self.resource.attributes, (), self.resource.span)

    def __str__(self) -> str:
        # A Terraform type without a canonical name is part of the address.
        return self.address if self.type.startswith("aws_") else f"{self.kind} {self.address}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ResourceView) and other.resource.address == self.resource.address

    def __hash__(self) -> int:
        return hash(self.resource.address)
