"""Data sources that find one of the configuration's own resources by its literal name: they are that one.

What they give is known only when all resources are: their unknown values become references afterwards.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from mlwa_lint.frontends.terraform.evaluation.data_source import DataInstance
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.vocabulary.attributes import (
    found_by,
    names_itself,
    own_argument,
    repeated,
)
from mlwa_lint.model.values import (
    NO_ASSUMPTIONS,
    Choice,
    ListValue,
    MapValue,
    Reference,
    TextPart,
    Unknown,
    Value,
    assume,
    known_text,
)

_DEPTH_LIMIT = 60


def read_back(
    resources: list[RawResource], read: Iterable[DataInstance], others: Sequence[RawResource] = ()
) -> list[RawResource]:
    """The resources, with references where data sources read one of them back.

    others: those of configurations that are linted together with this one.
    """
    sources = [each for each in read if found_by(each.block.labels[0])]
    if not sources:
        return resources
    every = [*resources, *others]
    same = _same(every, sources)
    if not same:
        return resources
    owners = set(same.values())
    outside = {each.address for each in others}
    place = _Placer(same, {each.address: each for each in every if each.address in owners}, outside)
    return [each._replace(body=place.map(each.body, 0)) for each in resources]


def _same(resources: Sequence[RawResource], sources: Sequence[DataInstance]) -> dict[str, str]:
    """Data sources -> the one resource with the name that they look up."""
    wanted = {source.block.labels[0] for source in sources}
    named: dict[tuple[str, str, str], list[str]] = {}
    for each in resources:
        if each.type not in wanted:
            continue
        for argument in found_by(each.type):
            entry = each.body.entries.get(own_argument(each.type, argument))
            text = known_text(entry.value) if entry is not None else None
            if text:
                named.setdefault((each.type, argument, text), []).append(each.address)
    found: dict[str, str] = {}
    for source in sources if named else ():
        kind = source.block.labels[0]
        for argument in found_by(kind):
            if argument in source.block.arguments:
                text = known_text(source.attribute(argument)) or ""
                owners = named.get((kind, argument, text), [])
                if len(owners) == 1:
                    found[source.address] = owners[0]
    return found


class _Placer:
    """Puts what was set in the place of what is read back.

    same: data source -> the resource that it reads; owners: those resources, by their addresses, of which
    some are of the configurations outside.
    """

    def __init__(
        self, same: Mapping[str, str], owners: Mapping[str, RawResource], outside: Collection[str] = ()
    ) -> None:
        self._same = same
        self._owners = owners
        self._outside = outside

    def map(self, value: MapValue, depth: int) -> MapValue:
        if not isinstance(value.entries, dict) or depth > _DEPTH_LIMIT:
            return value
        entries = {}
        changed = False
        for key, entry in value.entries.items():
            inner = self._value(entry.value, depth + 1)
            changed = changed or inner is not entry.value
            entries[key] = entry if inner is entry.value else entry._replace(value=inner)
        return value._replace(entries=entries) if changed else value

    def _value(self, value: Value, depth: int) -> Value:
        if depth > _DEPTH_LIMIT:
            return value
        if isinstance(value, MapValue):
            return self.map(value, depth)
        if isinstance(value, ListValue):
            items = tuple(self._value(item, depth + 1) for item in value.items)
            same = all(one is other for one, other in zip(items, value.items, strict=True))
            return value if same else value._replace(items=items)
        if isinstance(value, Choice):
            yes, no = self._value(value.yes, depth + 1), self._value(value.no, depth + 1)
            return value if yes is value.yes and no is value.no else value._replace(yes=yes, no=no)
        return self._unknown(value) if isinstance(value, Unknown) else value

    def _unknown(self, value: Unknown) -> Value:
        first = value.parts[0] if value.parts else None
        whole = first if isinstance(first, Unknown) and first.identity.endswith(".arn") else value
        found = self._read(whole, value)
        if found is not None:
            return found
        parts = tuple(self._piece(part) if isinstance(part, Unknown) else part for part in value.parts)
        return value if parts == value.parts else value._replace(parts=parts)

    def _piece(self, part: Unknown) -> TextPart:
        found = self._read(part, part)
        text = known_text(found) if found is not None and not found.assumed else None
        if text is not None:
            return text
        return found if isinstance(found, (Unknown, Reference)) else part

    def _read(self, named: Unknown, value: Unknown) -> Value | None:
        """What the attribute of the resource was set to, or a reference to it; None where it is none."""
        source, _, attribute = named.identity.rpartition(".")
        address = self._same.get(source)
        if address is None:
            return None
        owner = self._owners[address]
        stated = [name for name in (attribute, repeated(owner.type, attribute)) if name in owner.body.entries]
        if stated and not names_itself(owner.type, stated[0]):
            found = owner.body.entries[stated[0]].value
            found = assume(found, self._assumed(owner))
            return found._replace(span=value.span, assumed=found.assumed | value.assumed)
        return Reference(address, attribute, value.span, None, value.assumed)

    def _assumed(self, owner: RawResource) -> frozenset[str]:
        """What others may have written since another configuration did."""
        if owner.type != "aws_ssm_parameter" or owner.address not in self._outside:
            return NO_ASSUMPTIONS
        named = known_text(owner.body.value("name")) or owner.address
        return frozenset({f"the value of {named} as its configuration writes it"})
