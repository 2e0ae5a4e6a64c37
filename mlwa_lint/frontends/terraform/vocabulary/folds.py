"""Folds split resources into the resource whose properties they state."""

from collections.abc import Iterator, Sequence

from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.vocabulary.attributes import ELSEWHERE
from mlwa_lint.frontends.terraform.vocabulary.awscc import PREFIX
from mlwa_lint.frontends.terraform.vocabulary.index import table_of
from mlwa_lint.frontends.terraform.vocabulary.spec import Field, Fold, Table, pascal
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
)
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_OUTSIDE = lazy(r"(?:module\.[^.]+\.)*data\.([\w-]+)\.")


class Draft:
    """A resource in the making."""

    def __init__(
        self, raw: RawResource, table: Table, entries: dict[str, Entry], rest: Unknown | None
    ) -> None:
        self.raw = raw
        self.table = table
        self.entries = entries
        self.rest = rest
        self.folded: list[str] = []


class _Match(NamedTuple):
    """A resource that a split one belongs to, and the guards under which it does.

    `sure` is None when it belongs there; otherwise why it may.
    """

    target: Draft
    guards: tuple[Guard, ...]
    doubt: str | None = None


# As many resources of one literal name are configured by one split resource: no account has two of them.
NAMESAKES_LIMIT = 100


def fold(drafts: Sequence[Draft]) -> list[Draft]:
    """The resources that remain; split ones have become properties of theirs, or are left out."""
    return _Folder(drafts).fold()


class _Folder:
    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._drafts = drafts
        self._by_address = {draft.raw.address: draft for draft in drafts}
        self._by_type: dict[str, list[Draft]] = {}
        self._by_base: dict[str, list[Draft]] = {}
        self._names: dict[tuple[str, str], dict[str | None, list[Draft]]] = {}
        for draft in drafts:
            self._by_type.setdefault(draft.raw.type, []).append(draft)
            if draft.raw.type.startswith(PREFIX):
                # What the other provider makes of the same type can be configured by split resources too.
                self._by_type.setdefault(draft.table.type, []).append(draft)
            self._by_base.setdefault(_base(draft.raw.address), []).append(draft)

    def fold(self) -> list[Draft]:
        for draft in self._drafts:
            rule = draft.table.fold
            if rule is not None:
                for match in self._matches(draft, rule):
                    _merge(match, draft, rule)
        return [draft for draft in self._drafts if draft.table.fold is None]

    # -- which resources a split one belongs to

    def _matches(self, draft: Draft, rule: Fold) -> list[_Match]:
        candidates = self._candidates(draft, rule)
        if not candidates:
            return []
        direct = self._referenced(draft, rule)
        if direct is not None:
            return direct
        found: list[_Match] = []
        for candidate in self._likely(draft, rule, candidates):
            match = self._compared(draft, candidate, rule)
            if match is not None:
                found.append(match)
        sure = [match for match in found if match.doubt is None]
        return sure or found

    def _candidates(self, draft: Draft, rule: Fold) -> list[Draft]:
        return [*self._by_type.get(rule.into, ()), *self._by_type.get(draft.table.type, ())]

    def _likely(self, draft: Draft, rule: Fold, candidates: list[Draft]) -> list[Draft]:
        """Those that a known name leaves: comparing everything with everything takes too long."""
        here, there = next(iter(rule.keys.items()))
        entry = draft.raw.body.entries.get(here)
        text = known_text(entry.value) if entry is not None else None
        if text is None:
            return candidates
        if (rule.into, there) not in self._names:
            named: dict[str | None, list[Draft]] = {}
            for candidate in candidates:
                name = known_text(_argument(candidate, there, rule))
                named.setdefault(name, []).append(candidate)
            self._names[rule.into, there] = named
        found = self._names[rule.into, there]
        return [*found.get(text, [])[:NAMESAKES_LIMIT], *found.get(None, ())]

    def _referenced(self, draft: Draft, rule: Fold) -> list[_Match] | None:
        """Targets that any of the key arguments refers to; None when none refers to one."""
        for argument in rule.keys:
            entry = draft.raw.body.entries.get(argument)
            if entry is None:
                continue
            found: list[_Match] = []
            for value, guards in _single_values(entry.value):
                for address in _mentions(value):
                    found += [_Match(t, guards, d) for t, d in self._targets(address, draft, rule, 0)]
            if found:
                return found + self._by_name(entry.value, draft, rule, argument)
        return None

    def _by_name(self, value: Value, draft: Draft, rule: Fold, argument: str) -> list[_Match]:
        """Further targets of a list or choice of which some were references."""
        found: list[_Match] = []
        for each, guards in _single_values(value):
            if isinstance(each, Scalar):
                found += [
                    _Match(candidate, guards)
                    for candidate in self._candidates(draft, rule)
                    if _same(each, _argument(candidate, rule.keys[argument], rule)) is True
                ]
        return found

    def _targets(self, address: str, draft: Draft, rule: Fold, depth: int) -> list[tuple[Draft, str | None]]:
        """The resources of a type behind an address, also through another split resource."""
        if depth > 8:
            return []
        exact = self._by_address.get(address)
        group = [exact] if exact is not None else self._by_base.get(_base(address), [])
        if exact is None and address != _base(address):
            # An instance that is not there by this key: only the uncounted or sole one can be meant.
            group = [each for each in group if each.raw.address == _base(address)] or (
                group if "[" not in address.removeprefix(_base(address)) else []
            )
        doubt = None if len(group) == 1 else f"{address} may be any of its instances"
        found: list[tuple[Draft, str | None]] = []
        for each in group:
            if each.raw.type == rule.into or (
                each.raw.type.startswith(PREFIX) and each.table.type == draft.table.type
            ):
                found.append((each, doubt))
            elif each.table.fold is not None and each.table.fold.into == rule.into:
                for argument in each.table.fold.keys:
                    entry = each.raw.body.entries.get(argument)
                    for value, _ in _single_values(entry.value) if entry is not None else ():
                        for further in _mentions(value):
                            found += self._targets(further, draft, rule, depth + 1)
        return found

    def _compared(self, draft: Draft, candidate: Draft, rule: Fold) -> _Match | None:
        """Whether the key arguments of both are the same."""
        guards: tuple[Guard, ...] = ()
        doubt: str | None = None
        for here, there in rule.keys.items():
            entry = draft.raw.body.entries.get(here)
            if entry is None:
                continue
            own = _argument(candidate, there, rule)
            if _always_same(entry.value, own):
                continue
            verdicts = [(_same(value, own), guards_of) for value, guards_of in _single_values(entry.value)]
            yes = [guards_of for verdict, guards_of in verdicts if verdict is True]
            if yes:
                guards += yes[0]
            elif any(verdict is None for verdict, _ in verdicts):
                doubt = f"{draft.raw.address} may configure it"
            else:
                return None
        return _Match(candidate, guards, doubt)


# How many characters a made up name ends in, at least.
_MADE_UP = 12


def _base(address: str) -> str:
    """An address without the key of the resource's own instance."""
    if not address.endswith("]"):
        return address
    opening = address.rfind('["')
    return address[: opening if opening >= 0 else address.rfind("[")]


def _mentions(value: Value) -> Iterator[str]:
    """Addresses that a single value names as a whole."""
    if isinstance(value, Reference):
        yield value.address
    elif isinstance(value, Unknown) and len(value.parts) == 1 and isinstance(value.parts[0], Reference):
        yield value.parts[0].address


def _single_values(value: Value) -> Iterator[tuple[Value, tuple[Guard, ...]]]:
    """The values of a choice or list, one by one."""
    for option in alternatives(value):
        if isinstance(option.value, ListValue):
            for item in option.value.items:
                for inner in alternatives(item, option.guards):
                    yield inner.value, inner.guards
            if option.value.rest is not None:
                yield option.value.rest, option.guards
        elif not isinstance(option.value, Absent):
            yield option.value, option.guards


def _argument(candidate: Draft, name: str, rule: Fold) -> Value:
    """The argument by which a resource is named, also where the other provider calls it otherwise."""
    if candidate.raw.type.startswith(PREFIX):
        table = table_of(rule.into)
        field = table.fields.get(name, pascal(name)) if table is not None else pascal(name)
        name = (field.target if isinstance(field, Field) else field) or name
        entry = candidate.entries.get(name)
    else:
        entry = candidate.raw.body.entries.get(name)
    return entry.value if entry is not None else Absent()


def _same(one: Value, other: Value) -> bool | None:
    """Whether two texts are the same; None when that is known only at deployment."""
    verdicts = {_equal(one, option.value) for option in alternatives(other)}
    return verdicts.pop() if len(verdicts) == 1 else None


def _always_same(one: Value, other: Value) -> bool:
    """Whether two texts are the same whatever the conditions between their alternatives."""
    return isinstance(one, Choice) and all(
        _equal(mine.value, theirs.value) is True
        for mine in alternatives(one)
        for theirs in alternatives(other, mine.guards)
    )


def _equal(one: Value, other: Value) -> bool | None:
    """Whether one text names what another one does; None where only deployment shows that."""
    left, right = known_text(one), known_text(other)
    if left is not None and right is not None:
        return left == right
    if isinstance(one, Reference):
        # Another resource's attribute may be any text, but it is the same wherever it is used.
        return True if isinstance(other, Reference) and one[:2] == other[:2] else None
    if isinstance(one, Unknown):
        if one.identity and isinstance(other, Unknown) and one.identity == other.identity:
            return True
        match = _OUTSIDE.match(one.identity)
        if match is not None and match.group(1) in ELSEWHERE:
            return False  # what another configuration declares is none of this one's resources
        return _compatible(one, right, other)
    return None if isinstance(other, (Unknown, Reference)) else False


def _compatible(pattern: Unknown, text: str | None, other: Value) -> bool | None:
    """Whether partly known text can be another one, which may be partly known as well or left out."""
    if not pattern.parts:
        return None
    first, last = (part if isinstance(part, str) else "" for part in (pattern.parts[0], pattern.parts[-1]))
    if text is not None:
        return None if text.startswith(first) and text.endswith(last) else False
    if isinstance(other, Absent):
        # The end of a name that is made up has letters and digits alone.
        return None if last[-_MADE_UP:].isalnum() or not last else False
    if isinstance(other, Unknown) and other.parts:
        head, tail = (part if isinstance(part, str) else "" for part in (other.parts[0], other.parts[-1]))
        alike = head.startswith(first) or first.startswith(head)
        return None if alike and (tail.endswith(last) or last.endswith(tail)) else False
    return None


# -- what it states there


def _merge(match: _Match, draft: Draft, rule: Fold) -> None:
    target = match.target
    if match.doubt is not None:
        _cast_doubt(target, draft, rule, match.doubt)
        return
    given = {guard.condition.name for guard in target.raw.guards}
    guards = [guard for guard in (*draft.raw.guards, *match.guards) if guard.condition.name not in given]
    target.folded.append(draft.raw.address)
    for name, entry in draft.entries.items():
        present = target.entries.get(name)
        if name in rule.append:
            target.entries[name] = _appended(present, entry, guards)
        else:
            target.entries[name] = _set(present, entry, guards)
    if draft.rest is not None and target.rest is None:
        target.rest = draft.rest


def _set(present: Entry | None, entry: Entry, guards: Sequence[Guard]) -> Entry:
    old: Value = present.value if present is not None else Absent()
    new = entry.value
    if isinstance(old, MapValue) and isinstance(new, MapValue):
        both = {**old.entries, **new.entries}
        new = new._replace(entries=both, rest=new.rest or old.rest, assumed=old.assumed | new.assumed)
    return entry._replace(value=_guarded(new, old, guards))


def _appended(present: Entry | None, entry: Entry, guards: Sequence[Guard]) -> Entry:
    old: Value = present.value if present is not None else Absent()
    new = entry.value
    items: tuple[Value, ...] = new.items if isinstance(new, ListValue) else (new,)
    rest = new.rest if isinstance(new, ListValue) else None
    added = tuple(_guarded(item, Absent(item.span), guards) for item in items)
    if isinstance(old, ListValue):
        grown = old._replace(items=old.items + added, rest=old.rest or rest)
        return (present or entry)._replace(value=grown)
    if isinstance(old, Unknown):
        return (present or entry)._replace(value=ListValue(added, entry.key_span, old))
    if isinstance(old, Choice):
        kept = Unknown("it depends on a condition", old.span)
        return (present or entry)._replace(value=ListValue(added, entry.key_span, kept))
    return entry._replace(value=ListValue(added, new.span or entry.key_span, rest))


def _guarded(value: Value, otherwise: Value, guards: Sequence[Guard]) -> Value:
    span = value.span
    if span is None:
        return value
    for guard in reversed(guards):
        yes, no = (value, otherwise) if guard.holds else (otherwise, value)
        value = Choice(guard.condition, yes, no, span)
    return value


def _cast_doubt(target: Draft, draft: Draft, rule: Fold, reason: str) -> None:
    """What a split resource may state here is not known, unless it is stated already."""
    for name, entry in draft.entries.items():
        present = target.entries.get(name)
        unknown = Unknown(reason, entry.key_span)
        if name in rule.append:
            if present is None or isinstance(present.value, Absent):
                target.entries[name] = entry._replace(value=ListValue((), entry.key_span, unknown))
            elif isinstance(present.value, ListValue) and present.value.rest is None:
                grown = present.value._replace(rest=unknown)
                target.entries[name] = present._replace(value=grown)
        elif present is None or isinstance(present.value, Absent):
            target.entries[name] = entry._replace(value=unknown)
