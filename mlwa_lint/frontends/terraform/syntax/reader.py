"""HCL text into blocks and expressions, on tree-sitter's syntax tree."""

import re
from functools import cache
from typing import TYPE_CHECKING

from mlwa_lint.frontends.expressions import Expr, Interpolation, Literal
from mlwa_lint.frontends.terraform.syntax.blocks import Argument, Block, File, HclSyntaxError
from mlwa_lint.frontends.terraform.syntax.expressions import DEPTH_LIMIT, ExpressionReader, number
from mlwa_lint.frontends.terraform.syntax.quick import Body, Careful, read_quickly
from mlwa_lint.frontends.terraform.syntax.quick_expressions import UnsureError
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_EXPONENT = re.compile(rb"(?<![\w.-])\d+[eE][-+]?\d+(?!\w)")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[{(]})\n")


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
    reader = _Reader(text, path)
    try:
        arguments, blocks = reader.file()
    except HclSyntaxError as error:
        problems = (Problem(path, error.line, error.message),)
        if not error.message.startswith("not valid HCL"):
            return File(path, {}, (), problems, partial=True)
        from mlwa_lint.frontends.terraform.syntax.recovery import recovered

        blocks, lost = recovered(text, lambda part, above: _Reader(part, path, above=-above).file())
        return File(path, {}, blocks, problems, partial=bool(lost), lost=lost)
    return File(path, arguments, blocks, tuple(reader.problems))


def careful(path: str) -> Careful:
    """Reads a part of a file, below so many lines of it. Raises HclSyntaxError.

    Raises UnsureError for a part with problems, which only a whole file has.
    """

    def read_part(part: str, above: int) -> Body:
        reader = _Reader(part, path, above=-above)
        found = reader.file()
        if reader.problems:
            raise UnsureError
        return found

    return read_part


def read_expression(text: str, place: Span) -> Expr:
    """One expression inside of a text (`.tf.json`, a test). Raises HclSyntaxError."""
    arguments, _ = _Reader(f"x = {text}\n", place.path, place, 4).file()
    return arguments["x"].value


def read_template(text: str, place: Span, is_file: bool = False) -> Expr:
    """A text with `${}` and `%{}`: a string of `.tf.json`, or a whole file. Raises HclSyntaxError.

    All of it is at `place`; in a file, everything has a place of its own.
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
    """Takes back the newline before a heredoc's end."""
    if isinstance(expression, Literal):
        return expression._replace(data=str(expression.data).removesuffix("\n"))
    if not isinstance(expression, Interpolation) or not isinstance(expression.parts[-1], Literal):
        return expression
    last = expression.parts[-1]
    parts = (*expression.parts[:-1], last._replace(data=str(last.data).removesuffix("\n")))
    kept = tuple(part for part in parts if not (isinstance(part, Literal) and part.data == ""))
    return kept[0] if len(kept) == 1 else expression._replace(parts=kept)


class _Reader(ExpressionReader):
    """Reads files and blocks by recursive descent over syntax nodes."""

    def __init__(
        self, text: str, path: str, place: Span | None = None, shift: int = 0, above: int = 0
    ) -> None:
        super().__init__(text, path, place, shift, above)
        self.problems: list[Problem] = []

    def file(self) -> tuple[dict[str, Argument], tuple[Block, ...]]:
        """The top-level arguments and blocks."""
        if b"\x00" in self.source:
            raise HclSyntaxError(1, "is not text: it contains NUL characters")
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

    def _body(self, body: "Node") -> tuple[dict[str, Argument], tuple[Block, ...]]:
        arguments: dict[str, Argument] = {}
        repeated: set[str] = set()
        blocks: list[Block] = []
        for child in body.named_children:
            kind = child.type
            if kind == "attribute":
                children = child.named_children
                if len(children) > 2:
                    children = [each for each in children if each.type != "comment"]
                name = self.text(children[0])
                argument = Argument(name, self.expression(children[-1]), self.span(children[0]))
                first = arguments.setdefault(name, argument)
                if first is not argument and name not in repeated:
                    repeated.add(name)
                    self._repeated(first, argument)
            elif kind == "block":
                blocks.append(self._block(child))
        return arguments, tuple(blocks)

    def _repeated(self, first: Argument, again: Argument) -> None:
        """Terraform rejects an argument that is set twice; the rest of the file is linted nevertheless."""
        where = f"first on line {first.span.line}"
        message = f"the argument {again.name} is set twice ({where}), which Terraform rejects"
        self.problems.append(Problem(self.path, again.span.line, message, fatal=False))

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
