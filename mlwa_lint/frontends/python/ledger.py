"""The resources that a program makes, under the names by which its author would call them."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from mlwa_lint.files.notebooks import ENDING
from mlwa_lint.frontends.choices import choose
from mlwa_lint.frontends.python.evaluation.core import AN_ERROR, Core
from mlwa_lint.frontends.python.evaluation.values import REST, Entries, Item, PyValue, Site
from mlwa_lint.frontends.python.limits import RESOURCES_LIMIT, TURNS_LIMIT
from mlwa_lint.frontends.python.sameness import agree, have_same_properties, is_same_name
from mlwa_lint.frontends.python.vocabulary import VOCABULARY
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import (
    DELETED,
    IDLE,
    REMOVED,
    REPLACED,
    STARTED,
    UPDATED,
    Resource,
    Vocabulary,
    noun_of,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Entry,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
)
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_NAME_LIMIT = 60
_BUCKET, _BUCKET_NAME = "AWS::S3::Bucket", "BucketName"
# What can name a resource; `<ENDPOINT_NAME>` and `your-endpoint` are for a reader to replace.
_NAME = lazy(r"(?!your[-_])[\w.:/+=,@-]+", re.IGNORECASE)
_ENDPOINT = "AWS::SageMaker::Endpoint"
_REPLACES = "the program deletes the endpoint before it creates it again, which interrupts it in any case"
_CAN_DELETE = "the program can delete it again"
# What is of no use once another is deleted: its type, and the property that names it in both.
_GOES_WITH = {_ENDPOINT: ("AWS::SageMaker::EndpointConfig", "EndpointConfigName")}


class Created:
    """A resource in the making: later calls of the program may still add to it."""

    def __init__(
        self,
        address: str,
        kind: str,
        cells: Entries,
        span: Span,
        guards: tuple[Guard, ...],
        vocabulary: Vocabulary,
    ) -> None:
        self.address = address
        self.kind = kind
        self.cells = cells
        self.span = span
        self.guards = guards
        self.vocabulary = vocabulary
        self.region: str | None = None
        self.entry = 0
        # The property that names it, where this program only changes it: the rest is known elsewhere.
        self.changed_by = ""
        self.folded: tuple[str, ...] = ()
        # Whether it is only configured here, and started elsewhere.
        self.pending = False
        self.attributes: dict[str, Entry] = {}

    def value(self, key: str) -> Value | None:
        """A property, None when it is not given."""
        item = self.cells.get(key)
        value: Value | None = None if item is None else item.value
        return value

    def resource(self) -> Resource:
        """The resource as it is at the end."""
        entries = {k: Entry(i.key_span, i.value, k) for k, i in self.cells.items() if k != REST}
        properties = MapValue(entries, self.span, self.cells.get(REST))
        attributes = MapValue(self.attributes, self.span)
        return Resource(
            self.address,
            self.kind,
            properties,
            self.span,
            self.vocabulary,
            attributes,
            self.guards,
            self.folded,
            self.region,
        )


def mark_started(made: Created, span: Span, regularly: bool = False) -> None:
    """Notes that a program starts a workflow; regularly, where continuous integration runs it."""
    made.attributes[STARTED] = Entry(span, Scalar(regularly, span))


class _Deletion(NamedTuple):
    """A call that deletes what has a name: in which function and branch."""

    kind: str
    key: str
    name: Value
    entry: int
    guards: tuple[Guard, ...]
    span: Span

    def is_apart(self, made: Created) -> bool:
        """Whether it is not part of what makes a resource, as to delete the last one before is."""
        return made.entry != self.entry or _opposites(made.guards, self.guards) is not None

    def may_be(self, made: Created) -> bool:
        """Whether it may delete a resource, by their names."""
        own = made.value(self.key)
        return known_text(self.name) is None or (own is not None and is_same_name(own, self.name))


class Ledger:
    """All resources of a program, in the order in which they are made."""

    def __init__(self) -> None:
        self.created: list[Created] = []
        self.is_full = False
        # The models that are asked, by their ids, and the calls that are made with one after the other.
        self.models: dict[str, Created] = {}
        self.trying: set[Span] = set()
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._same: dict[tuple[int, str], list[Created]] = {}
        self._deletions: list[_Deletion] = []
        self._expected: list[tuple[str, str, Value]] = []

    def add(
        self,
        core: Core,
        kind: str,
        properties: Mapping[str, Entry],
        site: Site,
        name: PyValue | None,
        rest: Unknown | None = None,
        vocabulary: Vocabulary = VOCABULARY,
    ) -> Created:
        """A new resource; one that the same call has made with the same properties is not made twice."""
        cells = Entries({key: Item(entry.key_span, entry.value) for key, entry in properties.items()})
        if rest is not None:
            cells[REST] = rest
        if len(self.created) >= RESOURCES_LIMIT:
            self.is_full = True
        before = self._same.setdefault((id(site.node), kind), [])
        for other in before[-TURNS_LIMIT:]:
            if other.guards == core.guards and have_same_properties(other.cells, cells):
                return other
        if any(guard.condition.text.startswith(AN_ERROR) for guard in core.guards):
            # The call that failed is made again, after what was in its way is cleared.
            for other in self.created[-TURNS_LIMIT:]:
                if other.kind == kind and have_same_properties(other.cells, cells):
                    other.attributes.pop(DELETED, None)
                    return other
        address = self._address(kind, site, name)
        node = site.node.func if isinstance(site.node, ast.Call) else site.node
        made = Created(address, kind, cells, site.source.span(node), core.guards, vocabulary)
        made.entry = core.entry
        lacking = core.stops.before(made.entry, made.guards)
        if lacking:
            stopped = f"the program stops before, as {lacking} is not defined"
            made.attributes[IDLE] = Entry(made.span, Scalar(stopped, made.span))
        if core.recording and not self.is_full:
            core.stops.created(core.entry)
            self._note_replaced(made)
            self._taken.add(address)
            self.created.append(made)
            before.append(made)
        return made

    def _note_replaced(self, made: Created) -> None:
        """Notes of an endpoint that the program has deleted one of its name before, by no option alone."""
        own = made.value("EndpointName") if made.kind == _ENDPOINT else None
        for deletion in self._deletions[-TURNS_LIMIT:] if own is not None else ():
            usual = all(each.condition.default in (None, each.holds) for each in deletion.guards)
            if usual and deletion.kind == _ENDPOINT and is_same_name(cast(Value, own), deletion.name):
                made.attributes[REPLACED] = Entry(deletion.span, Scalar(_REPLACES, deletion.span))

    def discard(self, made: Created) -> None:
        """Takes a resource back: what was taken for a job of its own is a step of a pipeline."""
        self.created = [each for each in self.created if each is not made]

    def delete(self, core: Core, made: Created, span: Span) -> None:
        """Notes that the program deletes what it made in the same run, or else that it can.

        In a notebook a condition, `if clean_up:`, is a switch for whoever works through it.
        """
        if not core.recording:
            return
        surely = _in_notebook(span) or set(core.guards) <= set(made.guards)
        if made.entry == core.entry and surely:
            self._note(made, DELETED, Entry(span, Scalar(True, span)))
        elif not any(guard.condition.text.startswith(AN_ERROR) for guard in core.guards):
            self._note(made, REMOVED, Entry(span, Scalar(_CAN_DELETE, span)))

    def _note(self, made: Created, attribute: str, entry: Entry) -> None:
        """Notes something of a resource, and of what is of no use without it."""
        made.attributes[attribute] = entry
        kind, key = _GOES_WITH.get(made.kind, ("", ""))
        name = made.value(key)
        # A handler of errors may create one again that has the same name.
        for beside in self._all_named(kind, key, name) if name is not None else ():
            beside.attributes[attribute] = entry

    def delete_named(self, core: Core, kind: str, key: str, name: Value, span: Span) -> None:
        """Notes that the program deletes a resource of a type by its name.

        A name that could not be followed, or is a placeholder for whoever starts there, is in a notebook
        that of what it made itself.
        """
        made = self.named(kind, key, name)
        if core.recording:
            self._deletions.append(_Deletion(kind, key, name, core.entry, core.guards, span))
        if made is not None:
            self.delete(core, made, span)
        elif _is_open(name, span):
            self.delete_any(core, kind, span)

    def start_named(self, kind: str, key: str, name: Value, span: Span) -> None:
        """Notes that the program starts a workflow, which it names by a property or refers to."""
        made = self.named(kind, key, name)
        if made is not None:
            mark_started(made, span)

    def delete_any(self, core: Core, kind: str, span: Span) -> None:
        """Notes that the program deletes what it made of a type, whatever it calls it there.

        In a notebook that is what it has made; a script may be given the name of another one.
        """
        for each in self.created if core.recording else ():
            if each.kind != kind or DELETED in each.attributes:
                continue
            if _in_notebook(span):
                self.delete(core, each, span)
            else:
                self._note(each, REMOVED, Entry(span, Scalar(_CAN_DELETE, span)))

    def note_removable(self) -> None:
        """Notes of what the program makes that another branch or function of it deletes, wherever that is."""
        for each in self.created:
            if DELETED in each.attributes or REMOVED in each.attributes:
                continue
            for deletion in self._deletions:
                if deletion.kind == each.kind and deletion.is_apart(each) and deletion.may_be(each):
                    self._note(each, REMOVED, Entry(deletion.span, Scalar(_CAN_DELETE, deletion.span)))
                    break

    def expect(self, kind: str, key: str, name: Value) -> None:
        """Notes that the program looks for a resource, or updates it: it creates it where there is none."""
        self._expected.append((kind, key, name))

    def settle(self, made: Created) -> None:
        """Takes what is created where the program has not found it as there in either case."""
        for kind, key, name in self._expected:
            own = made.value(key)
            if kind == made.kind and own is not None and is_same_name(own, name):
                made.guards = tuple(
                    each for each in made.guards if not each.condition.text.startswith(AN_ERROR)
                )

    def unite(self) -> None:
        """Takes what is changed in one branch and created in another as one resource."""
        for part in [each for each in self.created if each.changed_by]:
            name = part.value(part.changed_by)
            whole = self._whole(part.kind, part.changed_by, name) if name is not None else None
            if whole is not None:
                self.discard(part)
                _unite(whole, part)
        for again in [each for each in self.created if each.kind == _BUCKET]:
            first = self._in_other_branch(again)
            if first is not None:
                self.discard(again)
                _unite(first, again)

    def _in_other_branch(self, again: Created) -> Created | None:
        """The bucket that another branch creates by the same name, before this one."""
        name = again.value(_BUCKET_NAME)
        for each in self.created:
            if name is None or each is again:
                return None
            own = each.value(_BUCKET_NAME) if each.kind == _BUCKET else None
            if own is not None and is_same_name(own, name) and are_apart(each.guards, again.guards):
                return each
        return None

    def _whole(self, kind: str, key: str, name: Value) -> Created | None:
        for each in self.created:
            own = each.value(key)
            if each.kind == kind and not each.changed_by and own is not None and is_same_name(own, name):
                return each
        return None

    def named(self, kind: str, key: str, name: Value) -> Created | None:
        """The resource of a type whose name is the same value."""
        return next(self._all_named(kind, key, name), None)

    def _all_named(self, kind: str, key: str, name: Value) -> Iterator[Created]:
        for each in reversed(self.created):
            if each.kind != kind:
                continue
            own = each.value(key)
            referred = isinstance(name, Reference) and name.address == each.address
            if referred or (own is not None and is_same_name(own, name)):
                yield each

    def _address(self, kind: str, site: Site, name: PyValue | None) -> str:
        text = _called(site, name)
        if text not in self._taken:
            return text
        found = f"{text}/{noun_of(kind)}"
        if found not in self._taken:
            return found
        number = self._numbers.get(found, 1)
        numbered = found
        while numbered in self._taken:
            number += 1
            numbered = f"{found}#{number}"
        self._numbers[found] = number
        return numbered


def _in_notebook(span: Span) -> bool:
    return span.path.endswith(ENDING)


def _is_open(name: Value, span: Span) -> bool:
    """Whether a name is not known, or one to fill in by whoever does not run a notebook from its start."""
    text = known_text(name)
    return text is None or (_in_notebook(span) and _NAME.fullmatch(text) is None)


def _unite(whole: Created, part: Created) -> None:
    """Adds to a resource what another branch changes of it."""
    whole.attributes.pop(UPDATED, None)
    if len(part.address) < len(whole.address):
        # The name that it would have, were it made at once.
        whole.address, part.address = part.address, whole.address
    whole.folded = (*whole.folded, part.address)
    common = tuple(each for each in whole.guards if each in part.guards)
    apart = _opposites(whole.guards, part.guards)
    for key in part.cells:
        if key == REST:
            continue
        given, before = part.cells[key], whole.cells.get(key)
        if before is None:
            whole.cells[key] = given
        elif apart is not None and not agree(before.value, given.value):
            yes, no = (before, given) if apart.holds else (given, before)
            value = choose(apart.condition, yes.value, no.value, before.key_span)
            whole.cells[key] = Item(before.key_span, value)
    whole.guards = common


def are_apart(ones: Iterable[Guard], others: Iterable[Guard]) -> bool:
    """Whether some guards are those of another branch than others."""
    return _opposites(ones, others) is not None


def _opposites(ones: Iterable[Guard], others: Iterable[Guard]) -> Guard | None:
    """The first of some guards whose contrary is among others."""
    contrary = {(each.condition.name, not each.holds) for each in others}
    return next((each for each in ones if (each.condition.name, each.holds) in contrary), None)


def _called(site: Site, name: PyValue | None) -> str:
    """The name that is given; else how the program calls it; else the call itself."""
    if isinstance(name, Scalar) and str(name.data).strip():
        return str(name.data)[:_NAME_LIMIT]
    if site.target:
        fallback = site.target
    else:
        node = site.node.func if isinstance(site.node, ast.Call) else site.node
        fallback = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "") or "call"
    if name is None:
        return fallback
    written = _written(site, name)
    return written or fallback


def _written(site: Site, name: PyValue) -> str:
    """The expression that gives the name, where it is a plain one."""
    if not isinstance(site.node, ast.Call):
        return ""
    for keyword in site.node.keywords:
        argument = site.named.get(keyword.arg or "")
        if argument is not None and argument.value is name:
            plain = isinstance(keyword.value, (ast.Name, ast.Attribute))
            return ast.unparse(keyword.value)[:_NAME_LIMIT] if plain else ""
    return ""
