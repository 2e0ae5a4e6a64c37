"""One call of a well-known module: its inputs, and the resources built from them."""

from collections.abc import Mapping

from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.vocabulary.converters import over
from mlwa_lint.frontends.terraform.vocabulary.releases import Release
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Plain,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
)
from mlwa_lint.startup.records import NamedTuple


class Contents(NamedTuple):
    """The resources of a module call, and its outputs."""

    resources: list[RawResource]
    outputs: Mapping[str, Value]


class ModuleCall:
    """A module call. Inputs keep the places where the user wrote them."""

    def __init__(
        self, name: str, address: str, inputs: MapValue, span: Span, release: Release | None
    ) -> None:
        self.name = name
        self.address = address
        self.inputs = inputs
        self.span = span
        self.release = release

    def has_since(self, *release: int) -> bool | None:
        """Whether the installed release has what came with one; None when it is not known."""
        return None if self.release is None else self.release >= release

    def has(self, name: str) -> bool:
        """Whether an input is given, perhaps as something unknown."""
        return not isinstance(self.value(name), Absent)

    def value(self, name: str) -> Value:
        """An input's value; absent if it is not given."""
        return self.inputs.value(name) if name in self.inputs.entries else Absent(self.span)

    def entry(self, name: str, default: Plain | None = None) -> Entry | None:
        """An input as an argument; the default, if there is one, is placed where the module is called."""
        entry = self.inputs.entries.get(name)
        if entry is not None and not isinstance(entry.value, Absent):
            return entry
        return None if default is None else Entry(self.span, Scalar(default, self.span), name)

    def truth(self, name: str, default: bool) -> bool | None:
        """A yes/no input; None when it is not known."""
        value = self.value(name)
        if isinstance(value, Absent):
            return default
        text = known_text(value)
        return None if text not in ("true", "false") else text == "true"

    def arguments(self, names: Mapping[str, str]) -> dict[str, Entry]:
        """Inputs that are handed on: argument -> input."""
        found = {argument: self.entry(name) for argument, name in names.items()}
        return {argument: entry for argument, entry in found.items() if entry is not None}

    def address_of(self, resource: str) -> str:
        """The address of a resource in the module."""
        return f"{self.address}.{resource}"

    def reference(self, resource: str, attribute: str, known: Value | None = None) -> Reference:
        """An attribute of a resource in the module."""
        text = known_text(known) if known is not None else None
        return Reference(self.address_of(resource), attribute, self.span, text)

    def refers(self, resource: str, attribute: str) -> Entry:
        """A reference as an argument."""
        return Entry(self.span, self.reference(resource, attribute), attribute)

    def text(self, data: Plain) -> Entry:
        """A fixed value as an argument."""
        return Entry(self.span, Scalar(data, self.span))

    def unknown(self, reason: str) -> Entry:
        """An argument that the module builds in a way that is not followed here."""
        return Entry(self.span, Unknown(reason, self.span))

    def block(self, entries: Mapping[str, Entry]) -> Entry:
        """A nested block."""
        return Entry(self.span, ListValue((MapValue(entries, self.span),), self.span))

    def resource(self, resource: str, entries: Mapping[str, Entry], span: Span | None = None) -> RawResource:
        """A resource of the module."""
        place = span or self.span
        return RawResource(
            address=self.address_of(resource),
            type=resource.split(".")[0],
            body=MapValue(entries, self.inputs.span),
            span=place,
            lifecycle=MapValue({}, self.span),
        )

    def document(self, statements: Entry) -> MapValue:
        """A policy document."""
        version = Entry(self.span, Scalar("2012-10-17", self.span))
        return MapValue({"Version": version, "Statement": statements}, self.span)


def filled(value: Value) -> Value:
    """An empty map or list counts as not given."""

    def convert(each: Value) -> Value:
        if isinstance(each, MapValue) and not each.entries and each.rest is None:
            return Absent(each.span)
        if isinstance(each, ListValue) and not each.items and each.rest is None:
            return Absent(each.span)
        return each

    return over(value, convert)


def items(value: Value) -> list[tuple[str, Entry]] | None:
    """The entries of a map, or of a list by position; None when they are not all known."""
    if isinstance(value, Absent):
        return []
    if isinstance(value, MapValue) and value.rest is None:
        return list(value.entries.items())
    if isinstance(value, ListValue) and value.rest is None:
        return [(str(i), Entry(item.span or value.span, item)) for i, item in enumerate(value.items)]
    return None


def member(value: Value, name: str) -> Value:
    """An attribute of an object-like input."""

    def convert(each: Value) -> Value:
        if isinstance(each, MapValue):
            if name in each.entries:
                return each.entries[name].value
            return each.rest or Absent(each.span)
        if isinstance(each, Unknown):
            return Unknown(each.reason, each.span)
        return Absent(each.span)

    return over(value, convert)


def statements(value: Value, span: Span) -> Value:
    """Statements given as a map or list of `aws_iam_policy_document` statements, as a policy has them."""
    given = items(value)
    if given is None or isinstance(value, Choice):
        reason = value.reason if isinstance(value, Unknown) else "the statements are not all known"
        return Unknown(reason, span)
    return ListValue(tuple(over(entry.value, _statement) for _, entry in given), span)


_NAMES = {
    "sid": "Sid",
    "effect": "Effect",
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def _statement(value: Value) -> Value:
    if not isinstance(value, MapValue):
        return value
    entries = {
        target: value.entries[name]
        for name, target in _NAMES.items()
        if name in value.entries and not isinstance(value.entries[name].value, Absent)
    }
    entries.setdefault("Effect", Entry(value.span, Scalar("Allow", value.span)))
    principals = value.entries.get("principals")
    if principals is not None:
        entries["Principal"] = principals._replace(value=_principals(principals.value))
    conditions = value.entries.get("condition") or value.entries.get("conditions")
    if conditions is not None and not isinstance(filled(conditions.value), Absent):
        # That there is a condition matters more than its content.
        entries["Condition"] = conditions._replace(value=_conditions(conditions.value))
    return MapValue(entries, value.span, value.rest)


def _principals(value: Value) -> Value:
    given = items(value)
    if given is None:
        return Unknown("the principals are not all known", value.span) if value.span else value
    entries: dict[str, Entry] = {}
    for _, entry in given:
        kind = known_text(member(entry.value, "type"))
        if kind is None or value.span is None:
            return Unknown("a principal's type is not known", entry.key_span)
        entries[kind] = entry._replace(value=member(entry.value, "identifiers"))
    span = value.span
    return MapValue(entries, span) if span is not None else value


def _conditions(value: Value) -> Value:
    given = items(value)
    span = value.span
    if given is None or span is None:
        return Unknown("the conditions are not all known", span) if span is not None else value
    tests: dict[str, Entry] = {}
    for _, entry in given:
        test = known_text(member(entry.value, "test"))
        variable = known_text(member(entry.value, "variable"))
        if test is None or variable is None:
            return Unknown("a condition is not known", span)
        inner = tests[test].value if test in tests else MapValue({}, span)
        named = {variable: entry._replace(value=member(entry.value, "values"))}
        if isinstance(inner, MapValue):
            tests[test] = entry._replace(value=MapValue({**inner.entries, **named}, span))
    return MapValue(tests, span)
