"""Which resources a block mentions: Terraform creates these before it, whatever is made of their values."""

from collections.abc import Callable, Iterator

from mlwa_lint.frontends.expressions import Attribute, Expr, Index, Lookup, Splat
from mlwa_lint.frontends.terraform.syntax.blocks import Argument, Block
from mlwa_lint.frontends.terraform.syntax.folder import ModuleDeclarations
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Value, references_in

# A type that only data sources have.
_DOCUMENT = "aws_iam_policy_document"


def stated(block: Block) -> Iterator[str]:
    """The addresses in `depends_on`; one of an instance counts for the whole, as Terraform waits for that."""
    argument = block.arguments.get("depends_on")
    for item in getattr(argument.value, "items", ()) if argument is not None else ():
        while isinstance(item, (Attribute, Index, Splat)):
            item = item.base
        if isinstance(item, Lookup):
            yield ".".join(item.path)


def lost(mentioned: tuple[str, ...], body: Value, prefix: str) -> Iterator[str]:
    """What a block mentions, `aws_iam_role_policy.read`, for something that became known text.

    body: what one of its instances gives; its references show the rest.
    """
    if not mentioned:
        return
    kept = {each.address.partition("[")[0] for each, _ in references_in(body)}
    yield from (name for name in mentioned if f"{prefix}{name}" not in kept)


def mentioned_in(block: Block, local: Callable[[str], Expr | None]) -> Iterator[str]:
    """What the expressions of a block mention. local: how a local value is defined."""
    seen: set[tuple[str, ...]] = set()
    # All parts of expressions are records and tuples of them.
    waiting: list[object] = [argument.value for argument in _arguments(block)]
    while waiting:
        part = waiting.pop()
        if not isinstance(part, Lookup):
            if isinstance(part, tuple) and part.__class__ is not Span:
                waiting += part
            continue
        name = part.path[:2]
        if len(name) < 2 or name in seen:
            continue
        seen.add(name)
        if name[0] == "local":
            waiting.append(local(name[1]))
        else:
            yield ".".join(name)


def _arguments(block: Block) -> Iterator[Argument]:
    yield from (argument for name, argument in block.arguments.items() if name != "depends_on")
    for inner in block.blocks:
        yield from _arguments(inner)


def alike(key: tuple[str, ...], folder: ModuleDeclarations) -> str:
    """What a reference may mean that takes a data source for a resource, or the reverse; else empty."""
    if key[0] == "data":
        return ".".join(key[1:]) if key[1:] in folder.resources else ""
    return f"data.{'.'.join(key)}" if key in folder.data else ""


def meant(key: tuple[str, ...], folder: ModuleDeclarations) -> tuple[str, ...]:
    """What a reference leads to: of a type that only data sources have, `data.` is left out by mistake."""
    return ("data", *key) if key[0] == _DOCUMENT and key in folder.data else key
