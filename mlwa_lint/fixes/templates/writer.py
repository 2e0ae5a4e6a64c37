"""Edits of YAML and JSON templates: the smallest that give a resource what an intent wants."""

import re
from collections.abc import Iterator
from typing import Any

from mlwa_lint.fixes.edits import Edit
from mlwa_lint.fixes.source import RefusedError, SourceFile
from mlwa_lint.fixes.templates.notation import Style, block, inline, item, pretty, scalar
from mlwa_lint.fixes.templates.places import TemplateResource, item_at, plain_map, resource_of
from mlwa_lint.fixes.templates.tree import Alias, MappingNode, ScalarNode, SequenceNode, YamlNode, read
from mlwa_lint.fixes.wanted import Expression, LogicalName, is_literal
from mlwa_lint.fixes.writer import IntentWriter
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.intents import Intent

# What a configured name is, where it is a resource of the template: the attribute that the property takes.
_ATTRIBUTES = {"kms-key": "Arn", "security-groups": "GroupId"}
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def writer_of(source: SourceFile, finding: Finding, intent: Intent) -> "TemplateWriter":
    """The writer for the resource of a finding. Raises RefusedError where it is not there."""
    root = read(source.text)
    return TemplateWriter(source, intent, root, resource_of(root, finding, source))


class TemplateWriter(IntentWriter):
    """Makes the edits for one intent in one template."""

    def __init__(
        self, source: SourceFile, intent: Intent, root: YamlNode | None, resource: TemplateResource
    ) -> None:
        super().__init__(source, intent)
        self.root = root
        self.resource = resource
        self.style = _style(source, self.resource)

    def named(self, key: str, name: str) -> Any:
        """What a configured name is in this template."""
        if key == "self" or key.startswith("self."):
            return LogicalName(self.resource.key.text, key.partition(".")[2].capitalize())
        declared = self._declared(name)
        if declared == "Resources":
            return LogicalName(name, _ATTRIBUTES.get(key, ""))
        if declared == "Parameters":
            return LogicalName(name)
        if is_literal(name) or not _IDENTIFIER.fullmatch(name):
            return name
        raise RefusedError(f"the template declares no {name}, which the configuration names as {key}")

    def _declared(self, name: str) -> str:
        for section in ("Resources", "Parameters"):
            found = self.root.get(section) if isinstance(self.root, MappingNode) else None
            if isinstance(found, MappingNode) and found.get(name) is not None:
                return section
        return ""

    def edits(self, wanted: Any) -> Iterator[Edit]:
        """The edits for what is wanted."""
        resource, kind = self.resource, self.intent.kind
        if kind == "attribute":
            yield from self.beside(wanted)
        elif kind == "add":
            yield from self._insert(resource.above, self._new_resource(wanted), after=resource.body)
        else:
            found = resource.properties()
            if found is None and kind != "remove":
                yield from self._insert(plain_map(resource.body), {"Properties": wanted})
            elif found is not None:
                yield from self._into(resource.body, found[0], found[1], wanted)

    def beside(self, wanted: dict[str, Any]) -> Iterator[Edit]:
        """The edits for attributes beside the properties."""
        yield from self._merge(plain_map(self.resource.body), wanted)

    def _new_resource(self, wanted: dict[str, Any]) -> dict[str, Any]:
        kind = wanted["type"].rpartition("::")[2]
        stem = name = f"{self.resource.key.text}{kind.removeprefix(self.resource.key.text)}"
        number = 2
        while self._declared(name):
            name, number = f"{stem}{number}", number + 1
        return {name: {"Type": wanted["type"], "Properties": wanted["properties"]}}

    # -- merging what is wanted into what is written

    def _into(self, above: MappingNode, key: str, node: YamlNode, wanted: Any) -> Iterator[Edit]:
        """Edits that make the value of a key what is wanted."""
        if isinstance(wanted, dict):
            if isinstance(node, ScalarNode) and node.text in ("", "{}") and not node.style and not node.tag:
                yield self._filled(above, key, node, wanted)
                return
            if isinstance(node, SequenceNode):
                node = item_at(node, self.anchor)
            yield from self._merge(plain_map(node), wanted)
        elif self.intent.kind == "append" and isinstance(wanted, list):
            yield self._appended(node, wanted)
        else:
            yield self._replaced(node, wanted)

    def _merge(self, entries: MappingNode, wanted: dict[str, Any]) -> Iterator[Edit]:
        missing: dict[str, Any] = {}
        for key, value in wanted.items():
            pair = entries.pair(key)
            if self.intent.kind == "remove" and not isinstance(value, dict):
                if pair is not None:
                    yield self._removed(entries, pair)
            elif pair is None:
                missing[key] = value
            else:
                yield from self._into(entries, key, pair[1], value)
        if missing and self.intent.kind != "remove":
            yield from self._insert(entries, missing)

    def _replaced(self, node: YamlNode, value: Any) -> Edit:
        if isinstance(node, Alias) or node.anchored:
            raise RefusedError("it is shared through a YAML anchor")
        if isinstance(node, SequenceNode) and isinstance(value, list) and not node.tag:
            return self._edit(node.start, node.stop, self._listed(node, value))
        if not isinstance(node, ScalarNode) or node.tag or node.block_text:
            raise RefusedError("its value is not a literal")
        if node.start == node.stop:
            return self._edit(node.stop, node.stop, " " + scalar(value, self.style))
        return self._edit(node.start, node.stop, _like(node, value, self._style_at(node)))

    def _listed(self, node: SequenceNode, values: list[Any]) -> str:
        """Items that replace others, which must all be literals."""
        if not all(
            isinstance(each, ScalarNode) and not each.tag and not each.block_text for each in node.items
        ):
            raise RefusedError("it lists something else already")
        if node.flow:
            return inline(values, self._style_at(node))
        indent = " " * (self.source.place(node.start)[1] - 1)
        return f"\n{indent}".join(f"- {scalar(each, self.style)}" for each in values)

    def _filled(self, above: MappingNode, key: str, node: ScalarNode, wanted: dict[str, Any]) -> Edit:
        """A value for a key that has none yet."""
        pair = above.pair(key)
        assert pair is not None
        name = pair[0]
        if node.text:
            return self._edit(node.start, node.stop, inline(wanted, self.style))
        indent = self.source.indent(name.start)
        stop = self.source.line_stop(name.stop)
        return self._edit(stop, stop, block(wanted, indent, self.style))

    def _appended(self, node: YamlNode, values: list[Any]) -> Edit:
        if isinstance(node, Alias) or node.anchored:
            raise RefusedError("it is shared through a YAML anchor")
        if not isinstance(node, SequenceNode) or node.tag or not node.items:
            raise RefusedError("its value is not a list of literals")
        last = node.items[-1]
        style = self._style_at(node)
        if node.flow:
            separator = self._separator(last.start)
            text = "".join(separator + self._flow_value(each, last, style) for each in values)
            return self._edit(last.stop, last.stop, text)
        self._expect_line_end(last)
        column = self.source.place(node.start)[1] - 1
        stop = self.source.line_stop(last.stop)
        indent = " " * column
        return self._edit(
            stop, stop, "".join(f"\n{indent}- {item(each, indent, self.style)}" for each in values)
        )

    def _flow_value(self, value: Any, beside: YamlNode, style: Style) -> str:
        if style.is_json and self.source.begins_line(beside.start):
            return pretty(value, self.source.indent(beside.start), style)
        return inline(value, style)

    def _separator(self, start: int) -> str:
        """What goes between two items of a flow collection, as before the last one."""
        if self.source.begins_line(start):
            return ",\n" + self.source.indent(start)
        return "," if self.source.text[start - 1 : start] == "," else ", "

    # -- inserting

    def _insert(
        self, entries: MappingNode, missing: dict[str, Any], after: YamlNode | None = None
    ) -> Iterator[Edit]:
        """New keys: behind the last one, or behind a given value."""
        if entries.flow:
            yield self._insert_in_flow(entries, missing)
            return
        last = after if after is not None else entries.entries[-1][1]
        first = entries.entries[0][0]
        column = self.source.place(first.start)[1] - 1
        indent = " " * column
        lines = [
            f"{scalar(key, self.style)}:{block(value, indent, self.style)}" for key, value in missing.items()
        ]
        if last.block_text or self.source.text[first.start - 2 : first.start] == "? ":
            if after is not None:
                raise RefusedError("there is no safe place after a block scalar")
            text = "".join(f"{line}\n{indent}" for line in lines)
            yield self._edit(first.start, first.start, text)
            return
        stop = self.source.line_stop(max(last.stop, entries.entries[-1][0].stop if after is None else 0))
        yield self._edit(stop, stop, "".join(f"\n{indent}{line}" for line in lines))

    def _insert_in_flow(self, entries: MappingNode, missing: dict[str, Any]) -> Edit:
        style = self._style_at(entries)
        if not entries.entries:
            return self._edit(entries.start, entries.stop, inline(missing, style))
        key, value = entries.entries[-1]
        if self.source.text[key.stop : value.start] == ":":
            style = style._replace(compact=True)
        separator = self._separator(key.start)
        if style.compact and separator == ", ":
            separator = ","
        colon = ":" if style.compact else ": "
        text = "".join(
            f"{separator}{scalar(name, style)}{colon}{self._flow_value(wanted, key, style)}"
            for name, wanted in missing.items()
        )
        stop = max(key.stop, value.stop)
        return self._edit(stop, stop, text)

    # -- removing

    def _removed(self, entries: MappingNode, pair: tuple[YamlNode, YamlNode]) -> Edit:
        key, value = pair
        if len(entries.entries) == 1:
            raise RefusedError("nothing else would be left")
        if isinstance(value, Alias) or value.anchored or value.block_text:
            raise RefusedError("it is shared through a YAML anchor, or a block text")
        if isinstance(value, MappingNode):
            plain_map(value)
        elif value.tag:
            raise RefusedError("its value is not a literal")
        at = entries.entries.index(pair)
        stop = max(key.stop, value.stop)
        if entries.flow:
            if at:
                before = entries.entries[at - 1]
                return self._edit(max(before[0].stop, before[1].stop), stop, "")
            return self._edit(key.start, entries.entries[1][0].start, "")
        if not self.source.begins_line(key.start):
            return self._edit(key.start, entries.entries[at + 1][0].start, "")
        start, end = self.source.line_start(key.start), self.source.line_stop(stop)
        if end < len(self.source.text):
            return self._edit(start, end + 1, "")
        return self._edit(max(start - 1, 0), end, "")

    # -- style

    def _style_at(self, node: YamlNode) -> Style:
        """Inside a flow collection whose texts are in double quotes, JSON's notation."""
        if self.style.is_json or not isinstance(node, MappingNode) or not node.flow or not node.entries:
            return self.style
        key = node.entries[-1][0]
        quoted = isinstance(key, ScalarNode) and key.style == '"'
        return self.style._replace(is_json=True) if quoted else self.style

    def _expect_line_end(self, node: YamlNode) -> None:
        if node.block_text:
            raise RefusedError("there is no safe place after a block scalar")

    def _edit(self, start: int, end: int, text: str) -> Edit:
        return self.source.edit(start, end, text)


def _like(node: ScalarNode, value: Any, style: Style) -> str:
    """A value in place of another, with its quotes and its way to write a truth value."""
    if isinstance(value, (LogicalName, Expression)) or style.is_json:
        quoted = node.style == '"' and not isinstance(value, (str, LogicalName, Expression))
        return f'"{scalar(value, style)}"' if quoted else scalar(value, style)
    shown = scalar(value, style)
    if node.style and shown[:1] not in ("'", '"'):
        return f"{node.style}{shown}{node.style}"
    if isinstance(value, bool) and node.text.istitle():
        return shown.capitalize()
    if isinstance(value, bool) and node.text.isupper():
        return shown.upper()
    return shown


def _style(source: SourceFile, resource: TemplateResource) -> Style:
    """How a template is written, as its resource shows it."""
    body = resource.body
    step = "  "
    if body.entries and source.begins_line(body.entries[0][0].start):
        inner, outer = source.indent(body.entries[0][0].start), source.indent(resource.key.start)
        step = inner.removeprefix(outer) or step
    is_json = source.text.lstrip()[:1] == "{"
    doubles, singles = source.text.count('"'), source.text.count("'")
    return Style(is_json, step, "'" if singles > doubles else '"')
