"""Terraform's text as blocks and arguments with offsets, on tree-sitter's syntax tree."""

from functools import lru_cache
from typing import TYPE_CHECKING, Union

from mlwa_lint.fixes.source import RefusedError, SourceFile

if TYPE_CHECKING:
    from tree_sitter import Node


@lru_cache(maxsize=8)
def document_of(source: SourceFile) -> "HclDocument":
    """A file's document, parsed once for all of its findings. Raises RefusedError if it cannot be parsed."""
    return HclDocument(source)


class HclDocument:
    """One file. Raises RefusedError where it cannot be parsed."""

    def __init__(self, source: SourceFile) -> None:
        import tree_sitter
        import tree_sitter_hcl

        self.source = source
        self._ascii = source.text.isascii()
        self._data = source.text.encode("utf-8", "surrogatepass")
        parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))
        # The grammar wants a line end behind the last block; nothing is ever put behind it.
        root = parser.parse(self._data + b"\n").root_node
        if root.has_error:
            raise RefusedError("the file cannot be parsed")
        self._root = root
        body = next((each for each in root.named_children if each.type == "body"), None)
        self.blocks = (
            [HclBlock(each, self) for each in body.named_children if each.type == "block"] if body else []
        )

    def offset(self, position: int) -> int:
        """The offset in the text of an offset in bytes."""
        return position if self._ascii else len(self._data[:position].decode("utf-8", "surrogatepass"))

    def text(self, node: "Node") -> str:
        """What is written."""
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def in_text(self, offset: int) -> bool:
        """Whether an offset is inside a text, a heredoc or a comment of several lines."""
        position = offset if self._ascii else len(self.source.text[:offset].encode("utf-8", "surrogatepass"))
        node = self._root.descendant_for_byte_range(position, position)
        while node is not None:
            if (
                node.type in ("template_expr", "string_lit", "comment")
                and node.start_byte < position < node.end_byte
            ):
                return True
            node = node.parent
        return False


class HclExpression:
    """The value of an argument or of an object's key."""

    def __init__(self, node: "Node", document: HclDocument) -> None:
        self.node = node
        self._document = document
        self.start, self.stop = document.offset(node.start_byte), document.offset(node.end_byte)
        self.text = document.text(node)

    def is_literal(self) -> bool:
        """Whether it is a text without interpolation, a number or a truth value."""
        inner = _only(self.node)
        if inner.type == "literal_value":
            return True
        if inner.type != "template_expr":
            return False
        template = inner.named_children[0]
        kinds = {each.type for each in template.named_children}
        return template.type == "quoted_template" and kinds <= {
            "quoted_template_start",
            "quoted_template_end",
            "template_literal",
        }

    def object(self) -> "Object | None":
        """The object that it constructs, also inside `jsonencode()`."""
        inner = _only(self.node)
        if inner.type == "function_call":
            arguments = [each for each in inner.named_children if each.type == "function_arguments"]
            given = (
                [each for each in arguments[0].named_children if each.type == "expression"]
                if arguments
                else []
            )
            if self._document.text(inner.named_children[0]) != "jsonencode" or len(given) != 1:
                return None
            return HclExpression(given[0], self._document).object()
        found = _collection(inner, "object")
        return None if found is None else Object(found, self._document)

    def items(self) -> "list[HclExpression] | None":
        """The items of a list that it constructs."""
        found = _collection(_only(self.node), "tuple")
        if found is None:
            return None
        return [
            HclExpression(each, self._document) for each in found.named_children if each.type == "expression"
        ]


class HclArgument:
    """`name = value` of a block, or a key of an object."""

    def __init__(self, node: "Node", document: HclDocument) -> None:
        self.start, self.stop = document.offset(node.start_byte), document.offset(node.end_byte)
        parts = [each for each in node.named_children if each.type != "comment"]
        self.written_name = document.text(parts[0])
        self.name = self.written_name.strip('"')
        self.name_stop = document.offset(parts[0].end_byte)
        self.value = HclExpression(parts[-1], document)
        between = [each for each in node.children if not each.is_named]
        self.sign = document.offset(between[0].start_byte) if between else self.name_stop
        self.sign_text = document.text(between[0]) if between else "="


class Object:
    """An object constructor."""

    def __init__(self, node: "Node", document: HclDocument) -> None:
        self.start, self.stop = document.offset(node.start_byte), document.offset(node.end_byte)
        self.arguments = [
            HclArgument(each, document) for each in node.named_children if each.type == "object_elem"
        ]

    def get(self, name: str) -> HclArgument | None:
        """The element of a key."""
        return next((each for each in self.arguments if each.name == name), None)


class HclBlock:
    """A block. opens: behind its opening brace. closes: before its closing one."""

    def __init__(self, node: "Node", document: HclDocument) -> None:
        self.start, self.stop = document.offset(node.start_byte), document.offset(node.end_byte)
        named = [each for each in node.named_children if each.type in ("identifier", "string_lit")]
        self.type = document.text(named[0])
        self.labels = tuple(document.text(each).strip('"') for each in named[1:])
        self.opens, self.closes = self.start, self.stop
        body = None
        for each in node.children:
            if each.type == "block_start":
                self.opens = document.offset(each.end_byte)
            elif each.type == "block_end":
                self.closes = document.offset(each.start_byte)
            elif each.type == "body":
                body = each
        children = body.named_children if body is not None else []
        self.arguments = [HclArgument(each, document) for each in children if each.type == "attribute"]
        self.blocks = [HclBlock(each, document) for each in children if each.type == "block"]

    def get(self, name: str) -> HclArgument | None:
        """The argument of a name."""
        return next((each for each in self.arguments if each.name == name), None)

    def named(self, name: str) -> "list[HclBlock]":
        """The nested blocks of a type. Raises RefusedError where some of them are dynamic."""
        if any(each.type == "dynamic" and each.labels == (name,) for each in self.blocks):
            raise RefusedError(f"its {name} blocks are dynamic")
        return [each for each in self.blocks if each.type == name]

    def children(self) -> "list[Union[HclArgument, HclBlock]]":
        """Arguments and blocks in the order in which they are written."""
        return sorted([*self.arguments, *self.blocks], key=lambda each: each.start)


def _only(node: "Node") -> "Node":
    """What an expression consists of, where that is one thing."""
    while node.type == "expression" and node.child_count == 1:
        node = node.children[0]
    return node


def _collection(node: "Node", kind: str) -> "Node | None":
    if node.type == "collection_value" and node.named_children and node.named_children[0].type == kind:
        return node.named_children[0]
    return None
