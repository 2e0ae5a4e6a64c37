"""Edits of Terraform files: the smallest that give a resource what an intent wants."""

from collections.abc import Iterator
from typing import Any

from mlwa_lint.fixes.edits import Edit
from mlwa_lint.fixes.hcl.alignment import is_aligned, run_around
from mlwa_lint.fixes.hcl.notation import JsonEncoded, Notation, blocks_of, is_block
from mlwa_lint.fixes.hcl.objects import grown, state_at
from mlwa_lint.fixes.hcl.tree import HclArgument, HclBlock, Object, document_of
from mlwa_lint.fixes.known import argument_kind
from mlwa_lint.fixes.source import RefusedError, SourceFile
from mlwa_lint.fixes.wanted import Expression, is_literal
from mlwa_lint.fixes.writer import IntentWriter
from mlwa_lint.frontends.terraform.vocabulary.spec import snake
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.intents import Intent
from mlwa_lint.startup.patterns import lazy

_ROOTS = lazy(r"(?:aws_\w+|awscc_\w+|var|local|data|module|each)\.[\w.\[\]\"-]+")
# Arguments that by convention come last in a block: new arguments go before them.
_LAST = frozenset({"tags", "depends_on"})
# Arguments that take JSON text.
_DOCUMENTS = frozenset({"policy"})
_TASK_INPUTS = ("Parameters", "Arguments")


class ModuleWriter(IntentWriter):
    """Makes the edits for one intent in one file of a Terraform module."""

    def __init__(self, source: SourceFile, finding: Finding, intent: Intent) -> None:
        super().__init__(source, intent)
        self.document = document_of(source)
        start = source.offset(finding.resource_span.line, finding.resource_span.column)
        self.block = next((each for each in self.document.blocks if each.start == start), None)
        self.notation = Notation(_step(self.block, source))
        self.state = None if self.block is not None else state_at(self.document, start)

    def named(self, key: str, name: str) -> Any:
        """What a configured name is in this module."""
        if key == "self" or key.startswith("self."):
            block = self._resource()
            return Expression(".".join((*block.labels, key.partition(".")[2] or "id")))
        if _ROOTS.fullmatch(name):
            return Expression(name)
        if is_literal(name) or key == "log-bucket":
            return name
        raise RefusedError(f"{key} = {name!r} in the configuration is not an expression of Terraform")

    def edits(self, wanted: Any) -> Iterator[Edit]:
        """The edits for what is wanted."""
        if self.intent.kind == "add":
            values = {
                name: JsonEncoded(value) if isinstance(value, dict) and name in _DOCUMENTS else value
                for name, value in wanted["properties"].items()
            }
            yield self._beside(self._resource(), wanted["type"], values)
            return
        if self.state is not None:
            found = next((each for name in _TASK_INPUTS if (each := self.state.get(name))), None)
            inputs = None if found is None else found.value.object()
            if inputs is None:
                raise RefusedError("the task's input is not written out")
            yield from self._into_object(inputs, wanted)
            return
        resource = self._resource()
        for name in [each for each in wanted if each.startswith("aws_")]:
            yield from self._folded(resource, name, wanted.pop(name))
        if wanted:
            yield from self._into_block(resource, wanted, resource.labels[:1])

    def _resource_type(self) -> str:
        return self.block.labels[0] if self.block is not None and self.block.labels else ""

    def _resource(self) -> HclBlock:
        if self.block is None or len(self.block.labels) != 2:
            raise RefusedError("the resource is not declared in a block of its own")
        return self.block

    # -- what a separate resource states

    def _folded(self, resource: HclBlock, kind: str, wanted: dict[str, Any]) -> Iterator[Edit]:
        """A property that another resource holds: that one is changed, or declared."""
        for each in self.document.blocks:
            if each.labels[:1] == (kind,) and each.start <= self.anchor < each.stop:
                yield from self._into_block(each, wanted, (kind,))
                return
        if self.intent.kind == "remove" or resource.get("for_each") or resource.get("count"):
            raise RefusedError(f"it needs an {kind} for each instance of the resource")
        owner = _OWNERS.get(kind)
        if owner is None:
            raise RefusedError(f"it needs an {kind}")
        for each in self.document.blocks:
            named = each.get(owner)
            if each.labels[:1] == (kind,) and named and ".".join(resource.labels) in named.value.text:
                raise RefusedError(f"an {kind} of it is there, but does not count")
        values = {owner: Expression(".".join((*resource.labels, "id"))), **wanted}
        yield self._beside(resource, kind, values)

    def _beside(self, resource: HclBlock, kind: str, values: dict[str, Any]) -> Edit:
        name = resource.labels[1]
        taken = {each.labels for each in self.document.blocks}
        number = 2
        while (kind, name) in taken:
            name, number = f"{resource.labels[1]}_{number}", number + 1
        text = self.notation.block(f'resource "{kind}" "{name}"', values, "")
        stop = self.source.line_stop(resource.stop)
        return self.source.edit(stop, stop, f"\n\n{text}")

    # -- blocks

    def _into_block(self, at: HclBlock, wanted: dict[str, Any], path: tuple[str, ...]) -> Iterator[Edit]:
        """Edits of a block. path: its resource's type, and the names of the blocks down to it."""
        replaced: dict[str, Any] = {}
        edits: list[Edit] = []
        new_arguments: dict[str, Any] = {}
        new_blocks: dict[str, list[dict[str, Any]]] = {}
        for name, value in wanted.items():
            argument, inner = at.get(name), (*path, name)
            if argument is not None:
                if self.intent.kind == "remove" and not isinstance(value, dict):
                    edits.append(self._removed(at, argument))
                else:
                    edits += self._into_value(argument, value)
                    replaced[argument.written_name] = value
                continue
            nested = at.named(name)
            if self.intent.kind == "remove" and not isinstance(value, dict):
                edits += map(self._without, nested)
            elif nested and not (self.intent.kind == "append" and isinstance(value, list)):
                if not is_block(value):
                    raise RefusedError("its value is not a literal")
                for each in blocks_of(value):
                    edits += self._into_block(self._one_of(nested), each, inner)
            elif self.intent.kind != "remove":
                if is_block(value) and not self._is_argument(inner):
                    new_blocks[name] = blocks_of(value)
                else:
                    new_arguments[name] = self._with_own_keys(value)
        if not new_arguments and not new_blocks:
            yield from edits
        elif self._is_closed(at):
            yield self._opened(at, {**replaced, **new_arguments}, new_blocks)
        else:
            yield from edits
            yield from self._grown(at, new_arguments, new_blocks)

    def _is_closed(self, at: HclBlock) -> bool:
        """Whether a block has to be opened before it can contain anything more."""
        return self.source.place(at.opens)[0] == self.source.place(at.closes)[0] or not at.children()

    def _is_argument(self, path: tuple[str, ...]) -> bool:
        """Whether a map is written as an argument. Raises RefusedError where the provider has none."""
        if path[0].startswith("awscc_"):
            return True
        kind = argument_kind(path[0], path[1:]) if self.intent.kind != "attribute" else "block"
        if kind == "none":
            raise RefusedError(f"the provider has no {'.'.join(path[1:])}")
        return kind == "argument"

    def _with_own_keys(self, value: Any) -> Any:
        """A map whose keys are the user's own, as canonical properties write them."""
        if not isinstance(value, dict) or self._resource_type().startswith("awscc_"):
            return value
        own = {snake(last): last for each in self.intent.properties for last in (each.rpartition(".")[2],)}
        return {own.get(key, key): each for key, each in value.items()}

    def _without(self, nested: HclBlock) -> Edit:
        """A block taken away, with its line and one empty line above it."""
        start, stop = self.source.line_start(nested.start), self.source.line_stop(nested.stop)
        if not self.source.begins_line(nested.start) or self.source.text[nested.stop : stop].strip():
            raise RefusedError("the block is not on lines of its own")
        if self.source.text[:start].endswith("\n\n"):
            start -= 1
        return self.source.edit(start, min(stop + 1, len(self.source.text)), "")

    def _one_of(self, blocks: list[HclBlock]) -> HclBlock:
        for each in blocks:
            if each.start <= self.anchor < each.stop:
                return each
        if len(blocks) == 1:
            return blocks[0]
        raise RefusedError("it is one of several blocks")

    def _into_value(self, argument: HclArgument, value: Any) -> Iterator[Edit]:
        found = argument.value
        if isinstance(value, dict):
            inner = found.object()
            if inner is None:
                raise RefusedError("its value is not a literal")
            yield from self._into_object(inner, self._with_own_keys(value))
            return
        items = found.items() if isinstance(value, list) else None
        if items is not None and self.intent.kind == "append":
            if not items:
                yield self.source.edit(found.start, found.stop, self.notation.literal(value, ""))
                return
            last = items[-1]
            apart = self.source.begins_line(last.start)
            separator = ",\n" + self.source.indent(last.start) if apart else ", "
            text = "".join(
                separator + self.notation.literal(each, self.source.indent(last.start)) for each in value
            )
            yield self.source.edit(last.stop, last.stop, text)
            return
        if not found.is_literal() and not (items is not None and all(each.is_literal() for each in items)):
            raise RefusedError("its value is not a literal")
        yield self.source.edit(
            found.start, found.stop, self.notation.literal(value, self.source.indent(argument.start))
        )

    def _grown(
        self, at: HclBlock, new_arguments: dict[str, Any], new_blocks: dict[str, list[dict[str, Any]]]
    ) -> Iterator[Edit]:
        children = at.children()
        inside = self.source.indent(children[0].start)
        if new_arguments:
            yield from self._new_arguments(at, new_arguments, inside)
        if new_blocks:
            stop = self.source.line_stop(children[-1].stop)
            text = "".join(
                f"\n\n{self.notation.block(name, each, inside)}"
                for name, values in new_blocks.items()
                for each in values
            )
            yield self.source.edit(stop, stop, text)

    def _opened(
        self, at: HclBlock, new_arguments: dict[str, Any], new_blocks: dict[str, list[dict[str, Any]]]
    ) -> Edit:
        """A block on one line, or an empty one, over several lines."""
        indent = self.source.indent(at.start)
        inside = indent + self.notation.step
        if at.blocks or len(at.arguments) > 1:
            raise RefusedError("the block is on one line")
        kept = {each.written_name: Expression(each.value.text) for each in at.arguments}
        between = self.source.text[at.opens : at.closes]
        if not at.arguments and between.strip():
            raise RefusedError("the block holds nothing but comments")
        parts = [self.notation.arguments({**kept, **new_arguments}, inside)] if kept or new_arguments else []
        parts += [
            self.notation.block(name, each, inside) for name, values in new_blocks.items() for each in values
        ]
        text = "\n" + "\n\n".join(parts) + f"\n{indent}"
        return self.source.edit(at.opens, at.closes, text)

    def _new_arguments(self, at: HclBlock, values: dict[str, Any], indent: str) -> Iterator[Edit]:
        ordered = sorted(at.arguments, key=lambda each: each.start)
        if not ordered:
            start = self.source.line_start(at.children()[0].start)
            yield self.source.edit(start, start, f"{self.notation.arguments(values, indent)}\n\n")
            return
        usual = [each for each in ordered if each.name not in _LAST]
        before = usual[-1] if usual else ordered[-1]
        run = run_around(at.arguments, before, self.source)
        shown = {name: self.notation.literal(value, indent) for name, value in values.items()}
        single = [name for name, text in shown.items() if "\n" not in text]
        stop = self.source.line_stop(before.stop)
        if not run or not is_aligned(run, self.source) or len(single) < len(values):
            yield self.source.edit(stop, stop, "\n" + self.notation.arguments(values, indent))
            return
        old = max(len(each.written_name) for each in run)
        width = max(old, *(len(name) for name in values))
        if width > old:
            pad = " " * (width - old)
            for each in run:
                yield self.source.edit(each.sign, each.sign, pad)
        lines = "".join(f"\n{indent}{name.ljust(width)} = {text}" for name, text in shown.items())
        yield self.source.edit(stop, stop, lines)

    def _removed(self, at: HclBlock, argument: HclArgument) -> Edit:
        if not self.source.begins_line(argument.start):
            raise RefusedError("the block is on one line")
        if not argument.value.is_literal() and argument.value.object() is None:
            raise RefusedError("its value is not a literal")
        run = run_around(at.arguments, argument, self.source)
        rest = [len(each.written_name) for each in run if each is not argument]
        if rest and len(argument.written_name) > max(rest) and is_aligned(run, self.source):
            return self._removed_and_aligned(run, argument, max(rest))
        start = self.source.line_start(argument.start)
        return self.source.edit(
            start, min(self.source.line_stop(argument.stop) + 1, len(self.source.text)), ""
        )

    def _removed_and_aligned(self, run: list[HclArgument], argument: HclArgument, width: int) -> Edit:
        start, stop = self.source.line_start(run[0].start), self.source.line_stop(run[-1].stop)
        lines = []
        for each in run:
            if each is argument:
                continue
            line = self.source.text[self.source.line_start(each.start) : self.source.line_stop(each.start)]
            name_end = each.name_stop - self.source.line_start(each.start)
            sign = each.sign - self.source.line_start(each.start)
            lines.append(line[:name_end].ljust(len(self.source.indent(each.start)) + width + 1) + line[sign:])
        return self.source.edit(start, stop, "\n".join(lines))

    # -- objects

    def _into_object(self, at: Object, wanted: dict[str, Any]) -> Iterator[Edit]:
        missing: dict[str, Any] = {}
        for name, value in wanted.items():
            argument = at.get(name)
            if argument is None:
                missing[name] = value
            else:
                yield from self._into_value(argument, value)
        if missing and self.intent.kind != "remove":
            yield from grown(at, missing, self.source, self.notation)


def _step(block: HclBlock | None, source: SourceFile) -> str:
    """What a file indents one level by, as a resource's block shows."""
    children = block.children() if block is not None else []
    first = source.indent(children[0].start) if children and source.begins_line(children[0].start) else ""
    return first or "  "


# The argument of a separate resource that names what it belongs to.
_OWNERS = {
    "aws_s3_bucket_versioning": "bucket",
    "aws_s3_bucket_public_access_block": "bucket",
    "aws_s3_bucket_server_side_encryption_configuration": "bucket",
    "aws_s3_bucket_logging": "bucket",
    "aws_s3_bucket_lifecycle_configuration": "bucket",
    "aws_s3_bucket_policy": "bucket",
}
