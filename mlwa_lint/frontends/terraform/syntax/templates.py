"""Texts with `${}` and `%{}`: quoted ones and heredocs, their escapes, trimming and indentation."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from mlwa_lint.frontends.expressions import Conditional, Expr, For, Interpolation, Literal, OperatorExpression
from mlwa_lint.frontends.terraform.syntax.blocks import JOINED, HclSyntaxError
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE = lazy(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|\$\$\{|%%\{')
_PLAIN_ESCAPE = lazy(r"\$\$\{|%%\{")
# Templates in templates: deeper ones do not occur in practice.
_DEPTH_LIMIT = 60
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_DIRECTIVES = frozenset(
    {
        "template_if_intro",
        "template_else_intro",
        "template_if_end",
        "template_for_start",
        "template_for_end",
    }
)


class TemplateReader(Protocol):
    """The reader of the file that contains a template."""

    source: bytes

    def span(self, node: "Node", end: "Node | None" = None) -> Span:
        """The place of a node."""
        ...

    def text(self, node: "Node") -> str:
        """A node's source text."""
        ...

    def expression(self, node: "Node") -> Expr:
        """What an expression node means."""
        ...


class TemplatePiece(NamedTuple):
    """A literal (kind "text"), an interpolation, or one end of a directive."""

    kind: str
    text: str
    span: Span
    value: Expr | None = None
    names: tuple[str, ...] = ()
    trims_left: bool = False
    trims_right: bool = False


def unescaped(text: str) -> str:
    """A quoted text without its escapes."""
    if "\\" not in text and "{" not in text:
        return text
    return _ESCAPE.sub(_meaning, text)


def _meaning(match: re.Match[str]) -> str:
    control, short, long = match.groups()
    if control:
        return _CONTROL[control]
    code = int(short or long or "0", 16)
    if short or long:
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return match.group(0)[1:]


def quoted(source: TemplateReader, node: "Node") -> Expr:
    """A quoted text with interpolations; a single interpolation keeps its type."""
    children = node.children
    pieces = _pieces(source, children[1:-1], children[0].end_byte, children[-1].start_byte, node)
    pieces = [p._replace(text=unescaped(p.text)) if p.kind == "text" else p for p in pieces]
    return _built(_trimmed(pieces), source.span(node))


def heredoc(source: TemplateReader, node: "Node") -> Expr:
    """A heredoc; `<<-` takes away the indentation that all its lines share."""
    children = node.children
    start = source.source.find(b"\n", children[1].end_byte) + 1
    end = children[-1].start_byte
    while end > start and source.source[end - 1 : end] in (b" ", b"\t"):
        end -= 1
    pieces = _pieces(source, children[2:-1], start, end, node)
    dashed = bool(children[0].children) and children[0].children[0].type == "<<-"
    return heredoc_of(pieces, dashed, source.span(node))


def heredoc_of(pieces: "list[TemplatePiece]", dashed: bool, span: Span) -> Expr:
    """The heredoc that pieces make."""
    pieces = _trimmed(_lines(pieces))
    if dashed:
        pieces = _outdented(pieces)
    pieces = [
        p._replace(text=_PLAIN_ESCAPE.sub(lambda m: m.group(0)[1:], p.text)) if p.kind == "text" else p
        for p in pieces
    ]
    return _built(pieces, span)


def _pieces(
    source: TemplateReader, nodes: "Sequence[Node]", start: int, end: int, whole: "Node"
) -> list[TemplatePiece]:
    """Literals are what is between the other nodes: the grammar drops whitespace around them."""
    flat: list[Node] = []
    _flatten(nodes, flat)
    pieces: list[TemplatePiece] = []
    position = start
    place = source.span(whole)
    for node in flat:
        if node.start_byte > position:
            pieces.append(_literal(source, position, node.start_byte, place))
        position = node.end_byte
        marks = [index for index, child in enumerate(node.children) if child.type == "strip_marker"]
        expression = next((c for c in node.named_children if c.type == "expression"), None)
        names = tuple(source.text(c) for c in node.named_children if c.type == "identifier")
        pieces.append(
            TemplatePiece(
                node.type,
                "",
                source.span(node),
                source.expression(expression) if expression is not None else None,
                names,
                trims_left=1 in marks,
                trims_right=bool(marks) and marks[-1] == len(node.children) - 2 and marks[-1] > 1,
            )
        )
    if end > position:
        pieces.append(_literal(source, position, end, place))
    return pieces


def _flatten(nodes: "Sequence[Node]", flat: "list[Node]", depth: int = 0) -> None:
    if depth > 2 * _DEPTH_LIMIT:
        raise HclSyntaxError(nodes[0].start_point[0] + 1, "directives are nested too deeply")
    for node in nodes:
        if node.type == "template_interpolation" or node.type in _DIRECTIVES:
            flat.append(node)
        elif node.type in ("template_directive", "template_if", "template_for"):
            _flatten(node.children, flat, depth + 1)


def _literal(source: TemplateReader, start: int, end: int, place: Span) -> TemplatePiece:
    text = source.source[start:end].decode("utf-8", "replace")
    return TemplatePiece("text", text, place)


def _lines(pieces: list[TemplatePiece]) -> list[TemplatePiece]:
    """Literals cut into lines: what HCL trims and outdents one by one."""
    found: list[TemplatePiece] = []
    for piece in pieces:
        if piece.kind != "text":
            found.append(piece)
            continue
        # Carriage returns of files written on Windows do not belong to the text.
        for line in piece.text.replace("\r\n", "\n").splitlines(keepends=True):
            found.append(piece._replace(text=line))  # noqa: PERF401 (reads better beside the other branch)
    return found


def _trimmed(pieces: list[TemplatePiece]) -> list[TemplatePiece]:
    found: list[TemplatePiece] = []
    trims = False
    for piece in pieces:
        if piece.kind == "text":
            found.append(piece._replace(text=piece.text.lstrip()) if trims else piece)
            trims = False
            continue
        if piece.trims_left and found and found[-1].kind == "text":
            found[-1] = found[-1]._replace(text=found[-1].text.rstrip())
        trims = piece.trims_right
        found.append(piece)
    return found


def _outdented(pieces: list[TemplatePiece]) -> list[TemplatePiece]:
    least: int | None = None
    starts: list[int] = []
    fresh = True
    for index, piece in enumerate(pieces):
        if fresh:
            fresh = False
            spaces = 0
            if piece.kind == "text":
                bare = piece.text.lstrip()
                if not bare and piece.text.endswith("\n"):
                    fresh = True
                    continue
                spaces = len(piece.text) - len(bare)
                starts.append(index)
            least = spaces if least is None else min(least, spaces)
        if piece.kind == "text" and piece.text.endswith("\n"):
            fresh = True
    found = list(pieces)
    for index in starts:
        found[index] = found[index]._replace(text=found[index].text[least or 0 :])
    return found


def _built(pieces: list[TemplatePiece], span: Span) -> Expr:
    if len(pieces) == 1 and pieces[0].value is not None and pieces[0].kind == "template_interpolation":
        return pieces[0].value
    parts, _ = _nest(pieces, 0)
    return joined(parts, span)


def joined(parts: list[Expr], span: Span) -> Expr:
    """A text of parts, literals beside each other made one."""
    merged: list[Expr] = []
    for part in parts:
        if isinstance(part, Literal) and merged and isinstance(merged[-1], Literal):
            last = merged[-1]
            if isinstance(last.data, str) and isinstance(part.data, str):
                merged[-1] = last._replace(data=last.data + part.data)
                continue
        merged.append(part)
    if not merged:
        return Literal("", span)
    if len(merged) == 1 and isinstance(merged[0], Literal) and isinstance(merged[0].data, str):
        return merged[0]
    return Interpolation(tuple(merged), span)


def _nest(pieces: list[TemplatePiece], index: int, depth: int = 0) -> tuple[list[Expr], int]:
    """Parts up to the end of the directive that contains them, and where that is."""
    parts: list[Expr] = []
    if depth > _DEPTH_LIMIT:
        line = pieces[min(index, len(pieces) - 1)].span.line
        raise HclSyntaxError(line, "directives are nested too deeply")
    while index < len(pieces):
        piece = pieces[index]
        if piece.kind == "text":
            if piece.text:
                parts.append(Literal(piece.text, piece.span))
        elif piece.kind == "template_interpolation":
            parts.append(piece.value if piece.value is not None else Literal("", piece.span))
        elif piece.kind == "template_if_intro":
            body, index = _nest(pieces, index + 1, depth + 1)
            other: list[Expr] = []
            if index < len(pieces) and pieces[index].kind == "template_else_intro":
                other, index = _nest(pieces, index + 1, depth + 1)
            if piece.value is not None:
                yes, no = joined(body, piece.span), joined(other, piece.span)
                parts.append(Conditional(piece.value, yes, no, piece.span))
        elif piece.kind == "template_for_start":
            body, index = _nest(pieces, index + 1, depth + 1)
            if piece.value is not None:
                loop = For(piece.names, piece.value, joined(body, piece.span), piece.span)
                parts.append(OperatorExpression(JOINED, (loop,), piece.span))
        elif depth:
            return parts, index
        index += 1
    return parts, index
