"""`aws_iam_policy_document` as the policy that it generates, in IAM's JSON."""

from collections.abc import Sequence

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.terraform.evaluation.bodies import grouped, nested
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Assumptions,
    Entry,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
)

_LISTS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}
_SOURCES = ("source_json", "source_policy_documents")
_OVERRIDES = ("override_policy_documents", "override_json")
# IAM takes no policy longer than some hundred statements; documents that include each other twice would come
# to billions.
_STATEMENTS_LIMIT = 1_000
_VERSION = "2012-10-17"


def policy(block: Block, frame: TerraformFrame) -> Value:
    """The document's `json`, kept as a structure."""
    from mlwa_lint.frontends.terraform.functions.encoded import WrittenMap

    span = block.span
    blocks = grouped(block, top=True).get("statement")
    own = nested("statement", blocks, frame) if blocks else ListValue((), span)
    sources, overrides = _documents(block, frame, _SOURCES), _documents(block, frame, _OVERRIDES)
    version = _argument(block, "version", frame)
    if isinstance(version, Absent):
        version = Scalar(_VERSION, span)
    documents = [*sources, *overrides]

    def merged(values: Sequence[Value]) -> Value:
        statements = _Statements(span)
        for document in values[1 : 1 + len(sources)]:
            statements.add_document(document)
        statements.add_own(values[0])
        for document in values[1 + len(sources) :]:
            statements.add_document(document)
        entries = {"Version": Entry(version.span or span, version, "version")}
        name = _argument(block, "policy_id", frame)
        if not isinstance(name, Absent):
            entries["Id"] = Entry(name.span or span, name, "policy_id")
        entries["Statement"] = Entry(span, statements.value(), "statement")
        return WrittenMap(entries, span, None, statements.assumed)

    return over_alternatives([own, *documents], merged, span)


def _argument(block: Block, name: str, frame: TerraformFrame) -> Value:
    argument = block.arguments.get(name)
    return evaluate(argument.value, frame) if argument is not None else Absent(block.span)


def _documents(block: Block, frame: TerraformFrame, names: tuple[str, ...]) -> list[Value]:
    """The documents that some arguments name, each a structure or not known."""
    found: list[Value] = []
    for name in names:
        value = _argument(block, name, frame)
        if isinstance(value, Absent):
            continue
        items: tuple[Value, ...] = (value,)
        if isinstance(value, ListValue):
            items = value.items if value.rest is None else (*value.items, value.rest)
        found += [
            over_alternatives([item], lambda given: _parsed(given[0], frame), block.span) for item in items
        ]
    return found


def _parsed(value: Value, frame: TerraformFrame) -> Value:
    if isinstance(value, Scalar) and isinstance(value.data, str):
        if not value.data.strip():
            return Absent(value.span)
        return frame.module.function("jsondecode", [value], value.span)
    return value


class _Statements:
    """Statements in order; one with the Sid of an earlier one takes its place."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._items: list[Value] = []
        self._places: dict[str, int] = {}
        self._rest: Unknown | None = None
        self.assumed: Assumptions = frozenset()

    def value(self) -> ListValue:
        """All of them."""
        return ListValue(tuple(self._items), self._span, self._rest)

    def add_own(self, value: Value) -> None:
        """The document's own `statement` blocks."""
        if not isinstance(value, ListValue):
            self._leave_open(value)
            return
        self.assumed |= value.assumed
        for item in value.items:
            if isinstance(item, MapValue):
                self._add(_statement(item))
            else:
                self._leave_open(item)
        self._rest = self._rest or value.rest

    def add_document(self, value: Value) -> None:
        """The statements of another document."""
        if isinstance(value, Absent):
            return
        if not isinstance(value, MapValue):
            self._leave_open(value)
            return
        self.assumed |= value.assumed
        entry = value.entries.get("Statement")
        if entry is None:
            self._rest = self._rest or value.rest
            return
        held = entry.value
        if isinstance(held, MapValue):
            self._add(held)
        elif isinstance(held, ListValue):
            for item in held.items:
                self._add(item)
            self._rest = self._rest or held.rest
        else:
            self._leave_open(held)

    def _add(self, item: Value) -> None:
        if len(self._items) >= _STATEMENTS_LIMIT:
            reason = f"it has more than {_STATEMENTS_LIMIT:,} statements"
            self._rest = self._rest or Unknown(reason, self._span)
            return
        sid = item.entries.get("Sid") if isinstance(item, MapValue) else None
        text = known_text(sid.value) if sid is not None else None
        if text and text in self._places:
            self._items[self._places[text]] = item
            return
        if text:
            self._places[text] = len(self._items)
        self._items.append(item)

    def _leave_open(self, value: Value) -> None:
        reason = reason_of(value, "a policy document is not known")
        self._rest = self._rest or Unknown(reason, value.span or self._span)


def _statement(item: MapValue) -> MapValue:
    """One `statement` block in IAM's words."""
    entries: dict[str, Entry] = {}
    for name, entry in item.entries.items():
        if isinstance(entry.value, Absent):
            continue
        if name == "sid":
            if known_text(entry.value) != "":
                entries["Sid"] = entry
        elif name == "effect":
            entries["Effect"] = entry
        elif name in _LISTS:
            entries[_LISTS[name]] = entry
        elif name in _PRINCIPALS:
            made = over_alternatives([entry.value], lambda given: _principals(given[0], item.span), item.span)
            entries[_PRINCIPALS[name]] = entry._replace(value=made)
        elif name == "condition":
            made = over_alternatives([entry.value], lambda given: _conditions(given[0], item.span), item.span)
            entries["Condition"] = entry._replace(value=made)
    if "Effect" not in entries:
        entries["Effect"] = Entry(item.span, Scalar("Allow", item.span), "effect")
    return MapValue(entries, item.span, item.rest, item.assumed)


def _principals(value: Value, span: Span) -> Value:
    if not isinstance(value, ListValue):
        return Unknown(reason_of(value, "the principals are not known"), span)
    entries: dict[str, Entry] = {}
    rest = value.rest
    for item in value.items:
        kind = _entry(item, "type")
        text = known_text(kind)
        identifiers = _entry(item, "identifiers")
        if text is None:
            rest = rest or Unknown(reason_of(kind, "the kind of principal is not known"), span)
        elif text == "*" and len(value.items) == 1 and rest is None and _is_anyone(identifiers):
            return Scalar("*", item.span or span, identifiers.assumed)
        else:
            entries[text] = _extended(entries.get(text), identifiers, item.span or span, "identifiers")
    return MapValue(entries, span, rest, value.assumed)


def _is_anyone(identifiers: Value) -> bool:
    return isinstance(identifiers, ListValue) and [known_text(item) for item in identifiers.items] == ["*"]


def _conditions(value: Value, span: Span) -> Value:
    if not isinstance(value, ListValue):
        return Unknown(reason_of(value, "the conditions are not known"), span)
    operators: dict[str, dict[str, Entry]] = {}
    spans: dict[str, Span] = {}
    rest = value.rest
    for item in value.items:
        test, variable = known_text(_entry(item, "test")), known_text(_entry(item, "variable"))
        if test is None or variable is None:
            unknown = _entry(item, "test" if test is None else "variable")
            rest = rest or Unknown(reason_of(unknown, "a condition is not known"), span)
            continue
        keys = operators.setdefault(test, {})
        spans.setdefault(test, item.span or span)
        keys[variable] = _extended(keys.get(variable), _entry(item, "values"), item.span or span, "values")
    made = {
        test: Entry(spans[test], MapValue(keys, spans[test]), "condition") for test, keys in operators.items()
    }
    return MapValue(made, span, rest, value.assumed)


def _extended(before: Entry | None, value: Value, span: Span, label: str) -> Entry:
    """The entry with further items."""
    if before is None:
        return Entry(span, value, label)
    first = before.value
    if isinstance(first, ListValue) and isinstance(value, ListValue):
        rest = first.rest or value.rest
        return before._replace(value=ListValue((*first.items, *value.items), first.span, rest, first.assumed))
    rest = Unknown("further items are not known", span)
    items = tuple(item for each in (first, value) if isinstance(each, ListValue) for item in each.items)
    return before._replace(value=ListValue(items, before.key_span, rest))


def _entry(item: Value, name: str) -> Value:
    options = alternatives(item)
    holder = options[0].value
    if len(options) == 1 and isinstance(holder, MapValue) and name in holder.entries:
        return holder.entries[name].value
    return Absent(item.span)
