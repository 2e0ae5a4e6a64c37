"""HCL text into blocks and expressions, on tree-sitter's syntax tree."""

import re
from functools import cache
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
from mlwa_lint.frontends.terraform.syntax.blocks import Argument, Block, File, HclSyntaxError
from mlwa_lint.frontends.terraform.syntax.precedence import POSTFIXES, Climber
from mlwa_lint.frontends.terraform.syntax.quick import Careful, read_quickly
from mlwa_lint.frontends.terraform.syntax.templates import heredoc, quoted, unescaped
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

DEPTH_LIMIT = 60
_EXPONENT = re.compile(rb"(?<![\w.-])\d+[eE][-+]?\d+(?!\w)")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[{(]})\n")
_NESTED = frozenset({"expression", "operation", "binary_operation", "unary_operation", "conditional"})


@cache
def _parser() -> "Parser":
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def read(text: str, path: str) -> File:
    """A file's content; syntax errors become its problems."""
    text = text.removeprefix("\ufeff")
    found = read_quickly(text, path, number, careful(path))
    if found is not None:
        return File(path, *found)
    try:
        arguments, blocks = _Reader(text, path).file()
    except HclSyntaxError as error:
        return File(path, {}, (), (Problem(path, error.line, error.message),))
    return File(path, arguments, blocks)


def careful(path: str) -> Careful:
    """Reads a part of a file, below so many lines of it. Raises HclSyntaxError."""
    return lambda part, above: _Reader(part, path, above=-above).file()


def read_expression(text: str, place: Span) -> Expr:
    """One expression that stands inside a text (`.tf.json`, a test). Raises HclSyntaxError."""
    arguments, _ = _Reader(f"x = {text}\n", place.path, place, 4).file()
    return arguments["x"].value


def read_template(text: str, place: Span, is_file: bool = False) -> Expr:
    """A text with `${}` and `%{}`: a string of `.tf.json`, or a whole file. Raises HclSyntaxError.

    All of it stands at `place`; in a file, everything has a place of its own.
    """
    if "${" not in text and "%{" not in text:
        return Literal(text, place)
    end = "EOT"
    while end in text:
        end += "T"
    heredoc_text = f"x = <<{end}\n{text}\n{end}\n"
    if is_file:
        reader = _Reader(heredoc_text, place.path, above=1)
    else:
        reader = _Reader(heredoc_text, place.path, place, 0)
    return _without_last_newline(reader.file()[0]["x"].value)._replace(span=place)


def _without_last_newline(expression: Expr) -> Expr:
    """Takes back the newline that stands before a heredoc's end."""
    from mlwa_lint.frontends.expressions import Template

    if isinstance(expression, Literal):
        return expression._replace(data=str(expression.data).removesuffix("\n"))
    if not isinstance(expression, Template) or not isinstance(expression.parts[-1], Literal):
        return expression
    last = expression.parts[-1]
    parts = (*expression.parts[:-1], last._replace(data=str(last.data).removesuffix("\n")))
    kept = tuple(part for part in parts if not (isinstance(part, Literal) and part.data == ""))
    return kept[0] if len(kept) == 1 else expression._replace(parts=kept)


class _Reader:
    """Recursive descent over syntax nodes.

    `place` and `shift` are for text taken from inside a file: all of it is then reported at `place`, or, on
    its first line, `shift` columns before where it stands here. `above` lines are not in the file itself.
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

    def file(self) -> tuple[dict[str, Argument], tuple[Block, ...]]:
        """The top-level arguments and blocks."""
        if b"\x00" in self.source:
            raise HclSyntaxError(1, "is no text: it contains NUL characters")
        self._refuse_depth()
        root = _parser().parse(self.source).root_node
        if root.has_error and _EXPONENT.search(self.source):
            # The grammar knows no `1e3`. Digits of the same length leave all places as they are, and the
            # text of what is found is taken from the source.
            patched = _EXPONENT.sub(lambda match: b"1" * len(match.group()), self.source)
            root = _parser().parse(patched).root_node
        if root.has_error:
            from mlwa_lint.frontends.terraform.syntax.errors import explained

            raise explained(root, self.source)
        arguments: dict[str, Argument] = {}
        blocks: tuple[Block, ...] = ()
        for child in root.named_children:
            if child.type == "body":
                arguments, blocks = self._body(child)
        return arguments, blocks

    def _refuse_depth(self) -> None:
        """Text with thousands of brackets in a row would exhaust the stack."""
        depth = line = 1
        deepest, brackets = 0, 0
        if sum(map(self.source.count, (b"[", b"{", b"("))) <= 50 * DEPTH_LIMIT:
            return
        for text in self.source.translate(None, _NO_BRACKETS).split(b"\n"):
            for byte in text:
                if byte in b"[{(":
                    brackets += 1
                elif byte in b"]})":
                    brackets = max(brackets - 1, 0)
            if brackets > deepest:
                deepest, line = brackets, depth
            depth += 1
        if deepest > 50 * DEPTH_LIMIT:
            raise HclSyntaxError(line, "is nested too deeply")

    def span(self, node: "Node", end: "Node | None" = None) -> Span:
        """Where a node stands, in characters."""
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

    # -- structure

    def _body(self, body: "Node") -> tuple[dict[str, Argument], tuple[Block, ...]]:
        arguments: dict[str, Argument] = {}
        blocks: list[Block] = []
        for child in body.named_children:
            kind = child.type
            if kind == "attribute":
                children = child.named_children
                if len(children) > 2:
                    children = [each for each in children if each.type != "comment"]
                name = self.text(children[0])
                argument = Argument(name, self.expression(children[-1]), self.span(children[0]))
                arguments.setdefault(name, argument)
            elif kind == "block":
                blocks.append(self._block(child))
        return arguments, tuple(blocks)

    def _block(self, node: "Node") -> Block:
        self._descend(node)
        labels: list[str] = []
        block_type = ""
        first = last = node
        arguments: dict[str, Argument] = {}
        blocks: tuple[Block, ...] = ()
        for child in node.named_children:
            kind = child.type
            if kind == "identifier" and not block_type:
                block_type, first, last = self.text(child), child, child
            elif kind in ("identifier", "string_lit"):
                labels.append(self.text(child) if kind == "identifier" else self._plain(child))
                last = child
            elif kind == "body":
                arguments, blocks = self._body(child)
        self._depth -= 1
        return Block(block_type, tuple(labels), arguments, blocks, self.span(first, last))

    def _descend(self, node: "Node") -> None:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise HclSyntaxError(node.start_point[0] + 1, "is nested too deeply")

    # -- expressions

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
    """The number that a text stands for; the text where it is beyond all."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return text
    if number in (float("inf"), float("-inf")):
        return text
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
