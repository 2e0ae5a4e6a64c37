"""The instances of a resource, a data source or a called module as one value, as expressions see them."""

from collections.abc import Mapping, Sequence

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.terraform.evaluation.instances import Slots, outlined
from mlwa_lint.frontends.terraform.evaluation.objects import Attributes, whole
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Unknown, Value, known_text


def gathered(slots: Slots, values: Mapping[str, Value], block: Block, name: str) -> Value:
    """Instances as a list, a map, or the only one; per alternative of `count` or `for_each`."""
    span = block.span
    if not slots.repeated or slots.value is None:
        return values.get("", Unknown(f"{name} is not known", span))

    def of(given: Sequence[Value]) -> Value:
        value = given[0]
        if slots.repeated == "enabled":
            off = known_text(value) == "false"
            return Absent(span) if off else values.get("", Unknown(f"{name} is not known", span))
        if slots.repeated == "count":
            number = 0 if slots.excessive else _number(known_text(value))
            keys = [f"[{index}]" for index in range(number or 0)]
            if number is not None and (keys or not slots.excessive):
                return ListValue(tuple(values[key] for key in keys if key in values), span)
        elif isinstance(value, (ListValue, MapValue)) and not slots.excessive:
            entries: dict[str, Entry] = {}
            for key in _keys(value):
                slot = f'["{key}"]'
                if slot in values:
                    entries[key] = Entry(span, values[slot], key)
            rest = value.rest or next(iter(_open_keys(value)), None)
            # Which default leaves it empty is why an instance of it is missing.
            found = MapValue(entries, span, rest)
            return found if entries else found._replace(assumed=value.assumed)
        reason = slots.open.reason if slots.open is not None else f"the instances of {name} are not known"
        return _open_whole(slots, values, block, reason)

    return over_alternatives([slots.value], of, span)


def _number(text: str | None) -> int | None:
    try:
        return int(float(text)) if text is not None else None
    except (ValueError, OverflowError):  # no number, or infinite
        return None


def _keys(value: ListValue | MapValue) -> list[str]:
    if isinstance(value, MapValue):
        return sorted(value.entries)
    found = (known_text(each) or outlined(each) for each in value.items)
    return [text for text in found if text]


def _open_keys(value: ListValue | MapValue) -> list[Unknown]:
    """The keys of which only a part is known."""
    items = value.items if isinstance(value, ListValue) else ()
    return [each for each in items if isinstance(each, Unknown)]


def _open_whole(slots: Slots, values: Mapping[str, Value], block: Block, reason: str) -> Value:
    """Instances of unknown number and keys: any key leads to the one that represents all."""
    one = values.get("")
    if one is None:
        return Unknown(reason, block.span)

    def any_key(key: str) -> Value | None:
        if slots.repeated == "for_each" or key.isdigit():
            return one
        return one.entries[key].value if isinstance(one, MapValue) and key in one.entries else None

    return whole(Attributes("", block.span, (), any_key, one), block.span, reason)
