"""A block's arguments and nested blocks into a map, dynamic blocks included."""

from collections.abc import Mapping, Sequence

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.expressions import Lookup
from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.terraform.evaluation.limits import bounded
from mlwa_lint.frontends.terraform.evaluation.objects import plain
from mlwa_lint.frontends.terraform.evaluation.open_conditions import evaluated
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame, is_set, items_of, pair
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Entry, ListValue, MapValue, Unknown, Value

DEPTH_LIMIT = 30
META = frozenset({"count", "for_each", "provider", "providers", "depends_on", "lifecycle"})
_META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection"})


def body_of(block: Block, frame: TerraformFrame, meta: frozenset[str] = META) -> MapValue:
    """The whole of a block, without its meta-arguments."""
    entries: dict[str, Entry] = {}
    for name, argument in block.arguments.items():
        if name not in meta:
            value = bounded(plain(evaluated(argument.value, frame)), argument.span)
            entries[name] = Entry(argument.span, value, name)
    for name, blocks in grouped(block, bool(meta)).items():
        entries[name] = Entry(blocks[0].span, nested(name, blocks, frame), name)
    return MapValue(entries, block.span)


def grouped(block: Block, top: bool) -> dict[str, list[Block]]:
    """Nested blocks by the type that they represent."""
    groups: dict[str, list[Block]] = {}
    for inner in block.blocks:
        if top and inner.type in _META_BLOCKS:
            continue
        name = inner.labels[0] if inner.type == "dynamic" and inner.labels else inner.type
        groups.setdefault(name, []).append(inner)
    return groups


def nested(name: str, blocks: Sequence[Block], frame: TerraformFrame, depth: int = 0) -> Value:
    """All nested blocks of a type as a list of maps."""
    span = blocks[0].span
    if depth > DEPTH_LIMIT:
        return Unknown("blocks are nested too deeply", span)
    parts: list[Value] = []
    for block in blocks:
        if block.type == "dynamic":
            parts.append(_dynamic(name, block, frame, depth))
        else:
            parts.append(ListValue((_inner(block, frame, depth),), block.span))
    if len(parts) == 1:
        return parts[0]
    return over_alternatives(parts, lambda values: _concatenated(values, span), span)


def _inner(block: Block, frame: TerraformFrame, depth: int) -> MapValue:
    entries: dict[str, Entry] = {}
    for name, argument in block.arguments.items():
        entries[name] = Entry(argument.span, plain(evaluated(argument.value, frame)), name)
    for name, blocks in grouped(block, top=False).items():
        entries[name] = Entry(blocks[0].span, nested(name, blocks, frame, depth + 1), name)
    return MapValue(entries, block.span)


def _concatenated(values: Sequence[Value], span: Span) -> Value:
    items: list[Value] = []
    rest: Unknown | None = None
    for value in values:
        if isinstance(value, ListValue):
            items += value.items
            rest = rest or value.rest
        else:
            rest = rest or Unknown(reason_of(value, "a dynamic block is not known"), span)
    return ListValue(tuple(items), span, rest)


def _dynamic(name: str, block: Block, frame: TerraformFrame, depth: int) -> Value:
    """One block for every item of `for_each`."""
    collection = block.arguments.get("for_each")
    content = block.first("content")
    span = block.span
    if collection is None or content is None:
        return ListValue((), span, Unknown("a dynamic block without for_each or content", span))
    iterator = name
    named = block.arguments.get("iterator")
    if named is not None and isinstance(named.value, Lookup):
        iterator = named.value.path[0]

    keyless = is_set(collection.value, frame.module)

    def expand(values: Sequence[Value]) -> Value:
        value = values[0]
        pairs = items_of(value)
        if pairs is None or not frame.admits(len(pairs)):
            reason = "for_each of a dynamic block has too many items" if pairs else ""
            reason = reason or reason_of(value, "for_each of a dynamic block is not a collection")
            return ListValue((), span, Unknown(reason, span))
        rest = value.rest if isinstance(value, (ListValue, MapValue)) else None
        items: list[Value] = []
        for key, item in pairs:
            names: Mapping[str, Value] = {
                iterator: pair(item if keyless else key, item, span),
            }
            inner = _inner(content, frame.bound(names, len(pairs)), depth + 1)
            items.append(inner._replace(assumed=value.assumed))
        return ListValue(tuple(items), span, rest, value.assumed)

    return over_alternatives([evaluate(collection.value, frame)], expand, span)
