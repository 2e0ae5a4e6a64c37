"""`.tf.json` and `.tfvars.json` files into the same blocks and expressions as HCL."""

import json
from collections.abc import Iterator

from mlwa_lint.frontends.cloudformation.syntax.nodes import (
    ListNode,
    MapNode,
    Node,
    TemplateSyntaxError,
    TextNode,
)
from mlwa_lint.frontends.cloudformation.syntax.parsing import parse
from mlwa_lint.frontends.expressions import EntryExpr, Expr, ListExpr, Literal, MapExpr
from mlwa_lint.frontends.terraform.syntax.blocks import Argument, Block, File, HclSyntaxError
from mlwa_lint.frontends.terraform.syntax.reader import read_expression, read_template
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span

_LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "check": 1,
    "locals": 0,
    "terraform": 0,
    "moved": 0,
    "import": 0,
    "removed": 0,
}
# Arguments that name things: their text is not a template but an expression.
_NAMING = frozenset({"depends_on", "provider", "ignore_changes", "replace_triggered_by"})

# Arguments that are maps with keys of the user's own. JSON writes blocks and maps alike, so any other
# map directly in a resource counts as a block.
_MAPS = frozenset(
    {
        "connection_properties",
        "default_arguments",
        "default_run_properties",
        "dimensions",
        "docker_labels",
        "environment",
        "environment_variables",
        "filter",
        "hyper_parameters",
        "keepers",
        "labels",
        "metadata",
        "non_overridable_arguments",
        "parameters",
        "policy_attributes",
        "query",
        "request_parameters",
        "response_parameters",
        "response_templates",
        "request_templates",
        "tag_filter",
        "tags",
        "tags_all",
        "triggers",
        "variables",
    }
)
# Blocks that every resource may have, whatever its provider.
_ABOUT_RESOURCES = ("connection", "lifecycle", "provisioner")


def read_json(text: str, path: str) -> File:
    """A file's content; syntax errors become its problems."""
    try:
        json.loads(text or "{}")
    except RecursionError:
        return File(path, {}, (), (Problem(path, 1, "is nested too deeply"),), partial=True)
    except ValueError as error:
        message = f"not valid JSON: {getattr(error, 'msg', error)}"
        return File(path, {}, (), (Problem(path, getattr(error, "lineno", 1), message),), partial=True)
    try:
        root = parse(text, path)
        return _Reader(path).file(root)
    except (TemplateSyntaxError, HclSyntaxError) as error:
        return File(path, {}, (), (Problem(path, error.line, error.message),), partial=True)


class _Reader:
    def __init__(self, path: str) -> None:
        self._path = path
        self._values = path.endswith((".tfvars.json",))

    def file(self, root: Node | None) -> File:
        """The top-level blocks; in a file of variable values the arguments."""
        arguments: dict[str, Argument] = {}
        blocks: list[Block] = []
        for key, value in _entries(root):
            if self._values:
                arguments[key.text] = Argument(key.text, self._plain(value), key.span)
            elif key.text in _LABELS and not key.text.startswith("//"):
                blocks += self._labelled(key, value, _LABELS[key.text], (), key.span)
        return File(self._path, arguments, tuple(blocks))

    def _labelled(
        self, key: TextNode, value: Node, labels: int, given: tuple[str, ...], span: Span
    ) -> Iterator[Block]:
        if labels == 0:
            for each in _maps(value):
                yield self._block(key.text, given, each, span)
            return
        for holder in _maps(value):
            for name, inner in holder.entries:
                if name.text != "//":
                    yield from self._labelled(key, inner, labels - 1, (*given, name.text), name.span)

    def _block(self, kind: str, labels: tuple[str, ...], node: MapNode, span: Span) -> Block:
        arguments: dict[str, Argument] = {}
        blocks: list[Block] = []
        # The resources of this provider have arguments alone, and so no nested blocks of their own.
        without_blocks = bool(labels) and labels[0].startswith("awscc_")
        for key, value in node.entries:
            name = key.text
            if name == "//":
                continue
            if name == "dynamic":
                for holder in _maps(value):
                    for label, inner in holder.entries:
                        for each in _maps(inner):
                            blocks.append(self._block("dynamic", (label.text,), each, label.span))  # noqa: PERF401
            elif _is_block(kind, name, value) and (not without_blocks or name in _ABOUT_RESOURCES):
                blocks += [self._block(name, (), each, key.span) for each in _maps(value)]
            elif kind == "variable" and name == "type" and isinstance(value, TextNode):
                arguments[name] = Argument(name, read_expression(value.text, value.span), key.span)
            elif kind == "variable" and name == "default":
                arguments[name] = Argument(name, self._plain(value), key.span)
            elif name in _NAMING:
                arguments[name] = Argument(name, self._naming(value), key.span)
            else:
                arguments[name] = Argument(name, self._value(value), key.span)
        return Block(kind, labels, arguments, tuple(blocks), span)

    def _naming(self, node: Node) -> Expr:
        if isinstance(node, ListNode):
            return ListExpr(tuple(self._naming(item) for item in node.items), node.span)
        if isinstance(node, TextNode) and node.text and "${" not in node.text:
            return read_expression(node.text, node.span)
        return self._value(node)

    def _plain(self, node: Node) -> Expr:
        return self._read(node, templates=False)

    def _value(self, node: Node) -> Expr:
        return self._read(node, templates=True)

    def _read(self, node: Node, templates: bool) -> Expr:
        if isinstance(node, ListNode):
            return ListExpr(tuple(self._read(item, templates) for item in node.items), node.span)
        if isinstance(node, MapNode):
            return MapExpr(tuple(self._entry(k, v, templates) for k, v in node.entries), node.span)
        if templates and isinstance(node.data, str):
            return read_template(node.data, node.span)
        return Literal(node.data, node.span)

    def _entry(self, key: TextNode, value: Node, templates: bool) -> EntryExpr:
        name = read_template(key.text, key.span) if templates else Literal(key.text, key.span)
        return EntryExpr(name, self._read(value, templates), key.span)


def _entries(node: Node | None) -> tuple[tuple[TextNode, Node], ...]:
    if isinstance(node, MapNode):
        return node.entries
    if isinstance(node, ListNode):
        return tuple(entry for item in node.items if isinstance(item, MapNode) for entry in item.entries)
    return ()


def _maps(node: Node) -> list[MapNode]:
    if isinstance(node, MapNode):
        return [node]
    return [item for item in node.items if isinstance(item, MapNode)] if isinstance(node, ListNode) else []


def _is_block(kind: str, name: str, node: Node) -> bool:
    """Whether a key of a block represents nested blocks rather than an argument."""
    if kind in ("locals", "variable", "output", "module"):
        return name in ("validation", "precondition")
    if name == "for_each":
        return False
    if isinstance(node, ListNode):
        return bool(node.items) and all(isinstance(item, MapNode) for item in node.items)
    if name == "environment":
        return isinstance(node, MapNode) and [key.text for key, _ in node.entries] == ["variables"]
    return isinstance(node, MapNode) and name not in _MAPS
