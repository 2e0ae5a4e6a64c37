"""`count` and `for_each`: which instances of a block exist, and under which conditions."""

from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.failures import is_failure, reason_of
from mlwa_lint.frontends.terraform.evaluation.limits import INSTANCES_LIMIT
from mlwa_lint.frontends.terraform.evaluation.open_conditions import worded
from mlwa_lint.frontends.terraform.evaluation.scenarios import TerraformScenarios
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame, items_of, pair
from mlwa_lint.frontends.terraform.syntax.blocks import Argument, Block
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    NO_ASSUMPTIONS,
    Absent,
    Alternative,
    Assumptions,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
    plain_text,
)
from mlwa_lint.startup.records import NamedTuple

# What stands for the rest of a key.
_GAP = "…"


class Slot(NamedTuple):
    """One instance to be: its key as in the address (`[0]`, `["k"]`, empty), its names and conditions."""

    key: str
    names: dict[str, Value]
    guards: tuple[Guard, ...]
    assumed: Assumptions


class Slots(NamedTuple):
    """All instances of a block.

    repeated: "count", "for_each", "enabled", or empty.
    open:     why further instances may exist; None when all are known.
    """

    repeated: str
    slots: tuple[Slot, ...]
    value: Value | None = None
    open: Unknown | None = None
    excessive: int = 0


def slots_of(
    block: Block,
    frame: TerraformFrame,
    address: str,
    scenarios: TerraformScenarios,
    limit: int = INSTANCES_LIMIT,
) -> Slots:
    """The instances that a block's `count` or `for_each` creates; beyond the limit they are left open."""
    for name, read in (("count", _counted), ("for_each", _each)):
        argument = block.arguments.get(name)
        if argument is None:
            continue
        value = evaluate(argument.value, frame)
        found: dict[str, list[tuple[Alternative, Slot]]] = {}
        options = alternatives(value)
        unknown: Unknown | None = None
        excessive = 0
        for option in options:
            slots, rest, size = read(option, block, min(limit, INSTANCES_LIMIT))
            excessive = max(excessive, size)
            unknown = unknown or rest
            for slot in slots:
                found.setdefault(slot.key, []).append((option, slot))
        kept = [_guarded(each, len(options), scenarios) for each in found.values()]
        if unknown is not None:
            # What a module repeats by the same expression exists together.
            prefix = address.removesuffix(".".join(block.labels[:2])).removesuffix("data.")
            same = f"{prefix}{name} = {_shape(argument.value)}"
            exists = Condition(same, f"{name} = {worded(argument.value)}", None, opaque=True)
            kept.append(_open(name, block, unknown, Guard(exists, True)))
        return Slots(name, tuple(kept), value, unknown, excessive)
    switch = _switch(block)
    if switch is not None:
        return _switched(block, frame, switch, scenarios)
    return Slots("", (Slot("", {}, (), NO_ASSUMPTIONS),))


def _shape(expression: object) -> str:
    """What equal expressions have in common, wherever they are written."""
    if isinstance(expression, Span):
        return ""
    if isinstance(expression, tuple):
        return f"{type(expression).__name__}({','.join(map(_shape, expression))})"
    return repr(expression)


def absent_by_default(slot: Slot) -> Slot:
    """The same, which does not exist by default, whatever its conditions are."""
    guards = [
        each._replace(condition=each.condition._replace(default=not each.holds))
        if each.condition.opaque
        else each
        for each in slot.guards
    ]
    return slot._replace(guards=tuple(guards))


def _switch(block: Block) -> Argument | None:
    """OpenTofu's `lifecycle { enabled = … }`."""
    lifecycle = block.first("lifecycle")
    return lifecycle.arguments.get("enabled") if lifecycle is not None else None


def _switched(block: Block, frame: TerraformFrame, switch: Argument, scenarios: TerraformScenarios) -> Slots:
    """One instance, or none where it is switched off."""
    value = evaluate(switch.value, frame)
    if isinstance(value, Unknown) and not is_failure(value):
        guard = frame.condition(switch.value, value)
        yes, no = Scalar(True, block.span), Scalar(False, block.span)
        if isinstance(guard, Guard):
            first, second = (yes, no) if guard.holds else (no, yes)
            value = Choice(guard.condition, first, second, block.span)
        else:
            value = guard
    options = alternatives(value)
    on = [option for option in options if known_text(option.value) != "false"]
    found = [(option, Slot("", {}, (), option.value.assumed)) for option in on]
    slots = (_guarded(found, len(options), scenarios),) if found else ()
    return Slots("enabled", slots, value)


def _guarded(found: list[tuple[Alternative, Slot]], options: int, scenarios: TerraformScenarios) -> Slot:
    """A slot that some alternatives have, under the conditions that lead to them."""
    first = found[0][1]
    if len(found) == options:
        return first
    if len(found) == 1:
        return first._replace(guards=found[0][0].guards)
    shared = tuple(
        guard for guard in found[0][0].guards if all(guard in option.guards for option, _ in found[1:])
    )
    # Several alternatives have it, but not all: no single row of conditions expresses that exactly. Whatever
    # else exists by the same rows exists together with it.
    name = scenarios.one_of([option.guards for option, _ in found])
    exists = Condition(name, "one of several conditions", None, opaque=True)
    return first._replace(guards=(*shared, Guard(exists, True)))


def _open(name: str, block: Block, unknown: Unknown, guard: Guard) -> Slot:
    span = block.span
    if name == "count":
        index = Unknown("count is not known", span)
        names: dict[str, Value] = {"count": MapValue({"index": Entry(span, index)}, span)}
    else:
        key = Unknown(unknown.reason, span, present=True)
        names = {"each": pair(key, Unknown(unknown.reason, span, secret=unknown.secret), span)}
    return Slot("", names, (guard,), unknown.assumed)


def _counted(option: Alternative, block: Block, limit: int) -> tuple[list[Slot], Unknown | None, int]:
    value = option.value
    text = known_text(value)
    if isinstance(value, Absent):
        return [], Unknown("count is null", block.span), 0
    if text is None:
        return [], _unknown(value, block), 0
    try:
        number = int(float(text))
    except (ValueError, OverflowError):
        return [], Unknown(f"count is {text[:40]!r}, no number", block.span), 0
    if number > limit:
        return [], Unknown(f"count is larger than {limit:,}", block.span), number
    return [_numbered(index, block, value.assumed) for index in range(number)], None, 0


def _numbered(index: int, block: Block, assumed: Assumptions) -> Slot:
    span = block.span
    names: dict[str, Value] = {"count": MapValue({"index": Entry(span, Scalar(index, span))}, span)}
    return Slot(f"[{index}]", names, (), assumed)


def _each(option: Alternative, block: Block, limit: int) -> tuple[list[Slot], Unknown | None, int]:
    value = option.value
    if not isinstance(value, (ListValue, MapValue)):
        return [], _unknown(value, block), 0
    pairs = items_of(value) or []
    if len(pairs) > limit:
        return [], Unknown(f"for_each has more than {limit:,} items", block.span), len(pairs)
    slots: dict[str, Slot] = {}
    rest = value.rest
    for key, item in pairs:
        if isinstance(value, ListValue):
            key = item
        text = known_text(key)
        shown = outlined(key) if text is None else text
        slot = f'["{_quoted(shown)}"]'
        if not shown or slot in slots:
            rest = rest or Unknown(reason_of(key, "a key of for_each is not known"), block.span)
            continue
        given = key if text is None else Scalar(text, key.span or block.span)
        names: dict[str, Value] = {"each": pair(given, item, block.span)}
        slots[slot] = Slot(slot, names, (), value.assumed)
    return list(slots.values()), rest, 0


def outlined(key: Value) -> str:
    """A key of which the configuration writes a part: `com.amazonaws.….s3`; empty for others.

    Whatever the rest is, there is an instance for each such key.
    """
    parts = key.parts if isinstance(key, Unknown) else ()
    known = any(isinstance(part, str) for part in parts)
    return "".join(part if isinstance(part, str) else _GAP for part in parts) if known else ""


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _unknown(value: Value, block: Block) -> Unknown:
    secret = isinstance(value, Unknown) and value.secret
    otherwise = (
        "it is not a collection"
        if not isinstance(value, Scalar)
        else f"it is {plain_text(value.data)[:40]!r}"
    )
    return Unknown(reason_of(value, otherwise), block.span, secret=secret)
