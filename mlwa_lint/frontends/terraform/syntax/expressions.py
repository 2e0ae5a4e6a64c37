"""Expressions of HCL, on tree-sitter's syntax tree."""

from typing import TYPE_CHECKING

from mlwa_lint.frontends.expressions import (
    Attribute,
    Call,
    EntryExpr,
    Expr,
    For,
    Index,
    ListExpr,
    Literal,
    Lookup,
    MapExpr,
    Splat,
)
from mlwa_lint.frontends.terraform.syntax.blocks import HclSyntaxError
from mlwa_lint.frontends.terraform.syntax.precedence import POSTFIXES, Climber
from mlwa_lint.frontends.terraform.syntax.templates import heredoc, quoted, unescaped
from mlwa_lint.model.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH_LIMIT = 60
_NESTED = frozenset({"expression", "operation", "binary_operation", "unary_operation", "conditional"})


class ExpressionReader:
    """Reads expressions by recursive descent over syntax nodes.

    `place` and `shift` are for text taken from inside a file: all of it is then reported at `place`, or, on
    its first line, `shift` columns before its place here. `above` lines are not in the file itself.
    """

    def __init__(
        self, text: str, path: str, place: Span | None = None, shift: int = 0, above: int = 0
    ) -> None:
        if not text.endswith("\n"):
            text += "\n"
        self.source = text.encode("utf-8", "surrogatepass")
        self.path = path
        self._place = place
        self._shift = shift
        self._above = above
        self._ascii = text.isascii()
        self._is_plain = self._ascii and place is None and not above  # then nothing has to be worked out
        self._lines = [] if self._ascii else self.source.split(b"\n")
        self._depth = 0

    def span(self, node: "Node", end: "Node | None" = None) -> Span:
        """The place of a node, in characters."""
        line, column = node.start_point
        end_line, end_column = (end or node).end_point
        if self._is_plain:
            return Span(self.path, line + 1, column + 1, end_line + 1, end_column + 1)
        if self._place is not None and self._shift == 0:
            return self._place
        if not self._ascii:
            column = len(self._lines[line][:column].decode("utf-8", "replace"))
            end_column = len(self._lines[end_line][:end_column].decode("utf-8", "replace"))
        if self._place is not None:
            if line or end_line:
                return self._place
            start = self._place.column - self._shift
            return Span(
                self.path,
                self._place.line,
                start + column,
                self._place.line,
                start + end_column,
            )
        first, last = max(line + 1 - self._above, 1), max(end_line + 1 - self._above, 1)
        return Span(self.path, first, column + 1, last, end_column + 1)

    def text(self, node: "Node") -> str:
        """A node's source text."""
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _descend(self, node: "Node") -> None:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise HclSyntaxError(node.start_point[0] + 1, "is nested too deeply")

    def expression(self, node: "Node") -> Expr:
        """What an `expression` node means."""
        children = node.children
        if len(children) == 1 and children[0].type not in _NESTED:
            return self.primary(children[0])
        self._descend(node)
        items: list[Node | Expr | str] = []
        self._flatten(node, items)
        found = Climber(self, items).whole()
        self._depth -= 1
        return found

    def _flatten(self, node: "Node", items: "list[Node | Expr | str]") -> None:
        """Operands, operators and postfixes in a row: the grammar's own grouping is not HCL's everywhere."""
        inside = False
        for child in node.children:
            kind = child.type
            if kind == "(":
                inside = True
            elif kind == "comment" or kind == ")":
                continue
            elif kind == "expression" and inside:
                items.append(self.expression(child))
                inside = False
            elif kind in _NESTED:
                # A long sum nests as deep as it has terms.
                self._descend_flat(child)
                self._flatten(child, items)
                self._flat -= 1
            elif child.is_named:
                items.append(child)
            else:
                items.append(kind)

    _flat = 0

    def _descend_flat(self, node: "Node") -> None:
        self._flat += 1
        if self._flat > 400:
            raise HclSyntaxError(node.start_point[0] + 1, "has an expression with too many operators")

    def primary(self, node: "Node") -> Expr:
        """An operand without its postfixes."""
        kind = node.type
        if kind == "variable_expr":
            return Lookup((self.text(node),), self.span(node))
        if kind == "literal_value":
            return self._literal(node.named_children[0])
        if kind == "template_expr":
            child = node.named_children[0]
            self._descend(node)
            found = heredoc(self, child) if child.type == "heredoc_template" else quoted(self, child)
            self._depth -= 1
            return found
        self._descend(node)
        if kind == "collection_value":
            found = self._collection(node.named_children[0])
        elif kind == "function_call":
            found = self._call(node)
        elif kind == "for_expr":
            found = self._for(node.named_children[0])
        else:
            raise HclSyntaxError(node.start_point[0] + 1, f"cannot be read here: {self.text(node)[:40]}")
        self._depth -= 1
        return found

    def _literal(self, node: "Node") -> Literal:
        kind, span = node.type, self.span(node)
        if kind == "string_lit":
            return Literal(self._plain(node), span)
        if kind == "numeric_lit":
            return Literal(number(self.text(node)), span)
        if kind == "bool_lit":
            return Literal(self.text(node) == "true", span)
        return Literal(None, span)

    def _plain(self, node: "Node") -> str:
        start, end = node.children[0].end_byte, node.children[-1].start_byte
        return unescaped(self.source[start:end].decode("utf-8", "replace"))

    def _collection(self, node: "Node") -> Expr:
        span = self.span(node)
        if node.type == "tuple":
            items = tuple(self.expression(c) for c in node.named_children if c.type == "expression")
            return ListExpr(items, span)
        elements = [child for child in node.named_children if child.type == "object_elem"]
        return MapExpr(tuple(self._entry(element) for element in elements), span)

    def _entry(self, node: "Node") -> EntryExpr:
        key, value = (child for child in node.named_children if child.type == "expression")
        name = self.expression(key)
        if isinstance(name, Lookup) and len(name.path) == 1 and key.children[0].type == "variable_expr":
            name = Literal(name.path[0], name.span)
        return EntryExpr(name, self.expression(value), self.span(key))

    def _call(self, node: "Node") -> Expr:
        children = node.named_children
        arguments: tuple[Expr, ...] = ()
        expand = False
        for child in children[1:]:
            if child.type == "function_arguments":
                arguments = tuple(self.expression(c) for c in child.named_children if c.type == "expression")
                expand = any(c.type == "ellipsis" for c in child.children)
        return Call(self.text(children[0]), arguments, self.span(node), expand)

    def _for(self, node: "Node") -> Expr:
        names: tuple[str, ...] = ()
        collection: Expr | None = None
        results: list[Expr] = []
        condition: Expr | None = None
        grouping = False
        for child in node.children:
            if child.type == "for_intro":
                names = tuple(self.text(c) for c in child.named_children if c.type == "identifier")
                collection = next(self.expression(c) for c in child.named_children if c.type == "expression")
            elif child.type == "expression":
                results.append(self.expression(child))
            elif child.type == "ellipsis":
                grouping = True
            elif child.type == "for_cond":
                condition = next(self.expression(c) for c in child.named_children if c.type == "expression")
        if collection is None or not results:
            raise HclSyntaxError(node.start_point[0] + 1, "has an incomplete for expression")
        key = results[0] if len(results) == 2 else None
        return For(names, collection, results[-1], self.span(node), key, condition, grouping)

    def postfix(self, base: Expr, node: "Node") -> Expr:
        """An attribute, index or splat after an operand."""
        span = base.span.to(self.span(node))
        if node.type == "get_attr":
            name = self.text(node.named_children[-1])
            if isinstance(base, Lookup):
                return Lookup((*base.path, name), span)
            return Attribute(base, name, span)
        if node.type == "index":
            return Index(base, self._index_key(node), span)
        return self._splat(base, node.named_children[0], span)

    def _index_key(self, node: "Node") -> Expr:
        inner = node.named_children[0]
        if inner.type == "legacy_index":
            return Literal(number(self.text(inner).lstrip(". ")), self.span(inner))
        key = next((c for c in inner.named_children if c.type == "expression"), None)
        if key is None:
            raise HclSyntaxError(node.start_point[0] + 1, "has an empty index")
        return self.expression(key)

    def _splat(self, base: Expr, node: "Node", span: Span) -> Expr:
        steps: list[str | Expr] = []
        after: list[Node] = []
        for child in node.named_children:
            if child.type == "comment":
                continue
            if child.type == "get_attr" and not after:
                steps.append(self.text(child.named_children[-1]))
            elif child.type == "index" and node.type == "full_splat" and not after:
                steps.append(self._index_key(child))
            elif child.type in POSTFIXES:
                # In `a.*.b[0]` the index is one of the resulting list.
                after.append(child)
        found: Expr = Splat(base, tuple(steps), span)
        for child in after:
            found = self.postfix(found, child)
        return found


def number(text: str) -> int | float | str:
    """The number in a text; the text where it is beyond all."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        found = float(text)
    except ValueError:
        return text
    if found in (float("inf"), float("-inf")):
        return text
    return int(found) if found.is_integer() and abs(found) < 1e15 else found
