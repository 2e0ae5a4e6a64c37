"""The planned values of a resource that the user states."""

from collections.abc import Mapping, Sequence
from typing import Any

from mlwa_lint.frontends.terraform.plan.references import (
    PlanConfiguration,
    ReferencedAttribute,
    ReferenceScope,
    mapping,
    maps,
    references_of,
)
from mlwa_lint.frontends.terraform.vocabulary.attributes import type_in
from mlwa_lint.frontends.terraform.vocabulary.blocks import COMPUTED_BLOCKS, is_block
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
)
from mlwa_lint.startup.patterns import lazy

_DEPTH_LIMIT = 60
_LATER = "known only after apply"
_SURROGATE = lazy("[\ud800-\udfff]")
# Maps that the provider knows only as a whole, so that one unknown value hides them.
_COLLECTIONS = frozenset({"dimensions", "environment", "tags", "variables", "default_arguments"})
# What may be a dimension of an alarm -> the dimension's name.
_DIMENSIONS = {"aws_sagemaker_endpoint": "EndpointName"}
# Attributes that texts begin with rather than consist of.
_BEGINNINGS = frozenset({"repository_url"})


class Values:
    """A resource's planned values that the user states."""

    def __init__(
        self,
        configuration: PlanConfiguration,
        scope: ReferenceScope,
        after: Mapping[str, Mapping[str, Any]],
        span: Span,
        kind: str,
    ) -> None:
        self._configuration = configuration
        self._scope = scope
        self._after = after
        self._span = span
        self._kind = kind

    def body(
        self,
        values: Mapping[str, Any],
        unknown: Any,
        sensitive: Any,
        expressions: Mapping[str, Any] | None,
        depth: int,
    ) -> MapValue:
        """A block's arguments: what its expressions state; what the provider adds itself is left out."""
        entries: dict[str, Entry] = {}
        unknowns, secrets = mapping(unknown), mapping(sensitive)
        for key in dict.fromkeys((*values, *unknowns)):
            expression = expressions.get(key) if expressions is not None else None
            data = values.get(key)
            stated = expressions is None or key in expressions or self._is_known_name(key, data, depth)
            open_ = unknowns.get(key)
            if not stated and not self._comes_from_dynamic(key, data, open_):
                continue
            if data is None and not _any_true(open_):
                continue
            value = self._value(data, open_, secrets.get(key), expression, depth, key)
            entries[key] = Entry(self._span, value, key)
        return MapValue(entries, self._span)

    def _is_known_name(self, key: str, data: Any, depth: int) -> bool:
        """Whether it is the name that a bucket got of its prefix: texts all over the plan name it so."""
        return depth == 0 and self._kind == "aws_s3_bucket" and key == "bucket" and isinstance(data, str)

    def _comes_from_dynamic(self, key: str, data: Any, unknown: Any) -> bool:
        """Dynamic blocks do not show in a plan's expressions, only in its values."""
        if isinstance(data, list) and data and isinstance(data[0], dict):
            return True
        if unknown is not True or not is_block(self._kind, key):
            return False
        return key not in COMPUTED_BLOCKS.get(self._kind, ())

    def _value(
        self, data: Any, unknown: Any, sensitive: Any, expression: Any, depth: int, key: str = ""
    ) -> Value:
        span = self._span
        if depth > _DEPTH_LIMIT:
            return Unknown(f"nested deeper than {_DEPTH_LIMIT} levels", span)
        if sensitive is True:
            return self._sensitive(data, expression)
        if unknown is True:
            return self._later(key, expression)
        if isinstance(data, list):
            return self._list(data, unknown, sensitive, expression, depth)
        if isinstance(data, dict):
            return self._map(data, unknown, sensitive, expression, depth)
        if data is None:
            return Absent(span)
        if isinstance(data, str):
            return self._text(_SURROGATE.sub("\ufffd", data), expression)
        return Scalar(data, span)

    def _sensitive(self, data: Any, expression: Any) -> Value:
        """What the plan hides; where it is another resource's attribute, a reference to that."""
        found = self._configuration.resolve(list(references_of(expression)), self._scope)
        if len(found.targets) == 1 and not found.opaque and found.targets[0].attribute:
            target = found.targets[0]
            return Reference(target.address, target.attribute, self._span)
        return Unknown("it is marked as sensitive", self._span, present=data is not None, secret=True)

    def _list(self, data: list[Any], unknown: Any, sensitive: Any, expression: Any, depth: int) -> Value:
        unknowns = unknown if isinstance(unknown, list) else []
        secrets = sensitive if isinstance(sensitive, list) else []
        stated = expression if isinstance(expression, list) else []
        items: list[Value] = []
        for position, item in enumerate(data):
            inner = stated[position] if len(stated) == len(data) else None
            open_ = unknowns[position] if position < len(unknowns) else None
            secret = secrets[position] if position < len(secrets) else None
            if isinstance(item, dict):
                block = mapping(inner) if isinstance(inner, dict) else None
                made = self.body(item, open_, secret, block, depth + 1)
                items.append(made if block is not None else self._within(made, expression))
            else:
                alone = len(data) == 1 or isinstance(item, str)
                whole = inner if inner is not None else expression if alone else None
                items.append(self._value(item, open_, secret, whole, depth + 1))
        if isinstance(expression, dict) and any(isinstance(each, Unknown) for each in items):
            items = self._matched(items, expression)
        return ListValue(tuple(items), self._span)

    def _within(self, block: MapValue, expression: Any) -> MapValue:
        """A block of which only the whole shows what it refers to: any unknown value of it may be that."""
        references = list(references_of(expression))
        found = self._configuration.resolve(references, self._scope)
        if found.opaque or not found.targets:
            return block
        parts = tuple(Reference(each.address, each.attribute, self._span) for each in found.targets)
        entries = {
            key: entry._replace(value=entry.value._replace(parts=parts))
            if isinstance(entry.value, Unknown) and not entry.value.parts and not entry.value.secret
            else entry
            for key, entry in block.entries.items()
        }
        return block._replace(entries=entries)

    def _matched(self, items: list[Value], expression: Mapping[str, Any]) -> list[Value]:
        """Unknown items of a list, when the expression names exactly one resource for each."""
        found = self._configuration.resolve(list(references_of(expression)), self._scope)
        positions = [position for position, each in enumerate(items) if isinstance(each, Unknown)]
        if found.opaque or len(found.targets) != len(positions):
            return items
        for position, target in zip(positions, found.targets, strict=True):
            items[position] = Reference(target.address, target.attribute, self._span)
        return items

    def _map(
        self, data: Mapping[str, Any], unknown: Any, sensitive: Any, expression: Any, depth: int
    ) -> MapValue:
        unknowns, secrets = mapping(unknown), mapping(sensitive)
        stated = mapping(expression) if "references" not in mapping(expression) else {}
        open_keys = [
            key for key in dict.fromkeys((*unknowns, *secrets)) if True in _of(key, unknowns, secrets)
        ]
        if not stated and len(open_keys) == 1:
            # All that the expression refers to can only be about the one value that is not known.
            stated = {open_keys[0]: expression}
        entries = {
            str(key): Entry(
                self._span,
                self._value(
                    data.get(key),
                    unknowns.get(key),
                    secrets.get(key),
                    # A known text is compared with all that the map refers to.
                    stated.get(key, expression if isinstance(data.get(key), str) else None),
                    depth + 1,
                ),
                str(key),
            )
            for key in dict.fromkeys((*data, *unknowns))
        }
        return MapValue(entries, self._span)

    def _text(self, text: str, expression: Any) -> Value:
        """A known text; where it is another resource's attribute, a reference that makes an edge."""
        references = list(references_of(expression))
        if references:
            found = self._configuration.resolve(references, self._scope)
            same = [
                target
                for target in found.targets
                if self._after.get(target.address, {}).get(target.attribute) == text
            ]
            if len(same) == 1:
                return Reference(same[0].address, same[0].attribute, self._span, text)
        return Scalar(text, self._span)

    def _later(self, key: str, expression: Any) -> Value:
        """What only apply gives: a reference if it can be nothing but one resource's attribute."""
        references = list(references_of(expression))
        found = self._configuration.resolve(references, self._scope)
        alone = len(found.targets) == 1 and not found.opaque and not found.inside
        if alone and found.targets[0].attribute in _BEGINNINGS:
            # A plan does not distinguish `"${repository_url}:1.2"` from the URL alone, which is never meant.
            first = Reference(found.targets[0].address, found.targets[0].attribute, self._span)
            return Unknown(_LATER, self._span, (first, Unknown(_LATER, self._span)))
        if alone and found.targets[0].attribute and key not in _COLLECTIONS:
            target = found.targets[0]
            return Reference(target.address, target.attribute, self._span)
        if key == "dimensions":
            return self._dimensions(found.targets)
        parts = tuple(Reference(each.address, each.attribute, self._span) for each in found.targets)
        return Unknown(_LATER, self._span, parts if not found.opaque else ())

    def _dimensions(self, targets: Sequence[ReferencedAttribute]) -> Value:
        """An alarm's dimensions, known only as a whole: an endpoint in them can be but one thing."""
        entries = {
            name: Entry(self._span, Reference(target.address, target.attribute, self._span), name)
            for target in targets
            if (name := _DIMENSIONS.get(type_in(target.address), ""))
        }
        rest = Unknown(_LATER, self._span)
        return MapValue(entries, self._span, rest) if entries else rest

    def default_tags(self, after: Mapping[str, Any], provider: Mapping[str, Any]) -> MapValue | None:
        """The provider's default tags: what `tags_all` has beyond `tags`."""
        everything, own = after.get("tags_all"), mapping(after.get("tags"))
        if isinstance(everything, dict):
            added = {key: value for key, value in everything.items() if key not in own}
            return self._map(added, None, None, None, 0) if added else None
        if any(mapping(each).get("tags") is not None for each in maps(provider.get("default_tags"))):
            return MapValue({}, self._span, Unknown(_LATER, self._span))
        return None


def _of(key: Any, *tables: Mapping[str, Any]) -> list[Any]:
    return [table.get(key) for table in tables]


def _any_true(unknown: Any, depth: int = 0) -> bool:
    if depth > _DEPTH_LIMIT:
        return False
    if isinstance(unknown, dict):
        return any(_any_true(each, depth + 1) for each in unknown.values())
    if isinstance(unknown, list):
        return any(_any_true(each, depth + 1) for each in unknown)
    return unknown is True
