"""Finds suppressions in source text: comments of YAML and HCL, and metadata of templates."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from mlwa_lint.discovery.modules import is_terraform
from mlwa_lint.discovery.search import is_python
from mlwa_lint.filters.suppression import Suppression
from mlwa_lint.filters.suppression_syntax import Directive, directive_in, is_date, might_suppress
from mlwa_lint.frontends.cloudformation.syntax.nodes import (
    ListNode,
    MapNode,
    Node,
    TemplateSyntaxError,
    TextNode,
)
from mlwa_lint.frontends.cloudformation.syntax.parsing import parse
from mlwa_lint.frontends.cloudformation.syntax.shapes import text_of_key
from mlwa_lint.model.secrets import without_formats
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_YAML_COMMENT = lazy(r"(?i)(?:^|(?<=\s))#\s*mlwa")
_FAR = 1_000_000_000
METADATA_KEY = "mlwa-lint"
_KEYS = ("rule", "reason", "until")


class Comment(NamedTuple):
    """A comment and its place; columns start at 1."""

    line: int
    column: int
    text: str


class SourceBlock(NamedTuple):
    """What a comment can be in: a block of HCL, a key of YAML with what is below it.

    content: the line of the first thing in it; beyond its end where it is empty.
    call:    the name of the module that it calls.
    """

    line: int
    column: int
    content: int
    end: int
    call: str = ""


class SourceLayout:
    """Places in a file: the last line of what starts on each line, and the blocks.

    indented: whether indentation alone shows what contains what. Comments are looked up from the top down.
    """

    def __init__(self, lines: list[str], indented: bool) -> None:
        self.lines = lines
        self.ends: dict[int, int] = {}
        self.blocks: list[SourceBlock] = []
        self._indented = indented
        self._below: list[int] | None = None
        self._calls: dict[int, str] | None = None
        self._waiting: list[SourceBlock] | None = None
        self._open: list[SourceBlock] = []

    def below(self, line: int) -> int:
        """The line of the content below a comment and those that follow it; its own before an empty line."""
        if self._below is None:
            self._below = _content_below(self.lines)
        return self._below[line] or line

    def around(self, comment: Comment) -> SourceBlock | None:
        """The innermost block that contains a comment; by indentation, where nothing else shows it."""
        if self._waiting is None:
            self._waiting = sorted(self.blocks, key=lambda block: (-block.line, -block.column))
        while self._waiting and self._waiting[-1].line < comment.line:
            self._enter(self._waiting.pop())
        if self._indented:
            number = bisect_left(self._open, comment.column, key=lambda block: block.column)
            return self._open[number - 1] if number else None
        while self._open and self._open[-1].end < comment.line:
            self._open.pop()
        return self._open[-1] if self._open else None

    def outermost(self, comment: Comment) -> SourceBlock | None:
        """The outermost block that a comment is in: a resource's."""
        first = min((block.column for block in self.blocks), default=0)
        before = [block for block in self.blocks if block.column == first and block.line <= comment.line]
        nearest = max(before, key=lambda block: block.line, default=None)
        if nearest is None:
            return None
        inside = comment.column > first if self._indented else comment.line <= nearest.end
        return nearest if inside else None

    def _enter(self, block: SourceBlock) -> None:
        # What is further to the right, or has ended, is left with it.
        while self._open and (
            self._open[-1].column >= block.column if self._indented else self._open[-1].end < block.line
        ):
            self._open.pop()
        self._open.append(block)

    def calls(self, line: int) -> str:
        """The module that is called by the block that starts on a line."""
        if self._calls is None:
            self._calls = {block.line: block.call for block in reversed(self.blocks) if block.call}
        return self._calls.get(line, "")


def _content_below(lines: list[str]) -> list[int]:
    """For each line the number of that with content below it, comments passed over.

    0 where an empty line comes before it.
    """
    below = [0] * (len(lines) + 1)
    for number in range(len(lines) - 1, 0, -1):
        text = lines[number].lstrip()
        if text.startswith(("#", "//", "/*")):
            below[number] = below[number + 1]
        elif text:
            below[number] = number + 1
    return below


def find(text: str, path: str) -> tuple[Suppression, ...]:
    """All suppressions in a source file; none in one that cannot be parsed."""
    if is_python(path):
        from mlwa_lint.filters.python_comments import find_in_program

        def suppressions(
            line: int, column: int, content: str, lines: list[str], ends: dict[int, int]
        ) -> Iterator[Suppression]:
            layout = SourceLayout(lines, indented=True)
            layout.ends = ends
            return _suppressions_by(Comment(line, column, content), layout, path)

        return tuple(find_in_program(text, path, suppressions))
    if is_terraform(path):
        return () if path.endswith(".json") else tuple(_in_hcl(text, path))
    root = template_in(text, path)
    if root is None:
        return ()
    return (*_in_yaml(text, root, path), *_in_metadata(root, path))


def template_in(text: str, path: str) -> Node | None:
    """The tree of a template; None for a text that is none."""
    try:
        return parse(text, path)
    except TemplateSyntaxError:
        return None


# -- YAML


def _in_yaml(text: str, root: Node, path: str) -> Iterator[Suppression]:
    if not might_suppress(text):
        return
    comments, layout = comments_of_yaml(text, root, _YAML_COMMENT)
    for comment in comments:
        yield from _suppressions_by(comment, layout, path)


def comments_of_yaml(text: str, root: Node, pattern: re.Pattern[str]) -> tuple[list[Comment], SourceLayout]:
    """The comments that begin as a pattern has it, not those within texts; and the layout of the file."""
    lines = text.splitlines()
    layout = SourceLayout(lines, indented=True)
    found = []
    for number, line in enumerate(lines, start=1):
        match = pattern.search(line) if "#" in line else None
        if match:
            found.append(Comment(number, match.start() + 1, line[match.start() :]))
    if not found:
        return [], layout
    texts: list[Span] = []
    _measure(root, 0, texts, layout)
    texts.sort()
    starts = [(span.line, span.column) for span in texts]
    comments = []
    for comment in found:
        number = bisect_left(starts, (comment.line, comment.column)) - 1
        if number < 0 or not _inside(comment, texts[number]):
            comments.append(comment)
    return comments, layout


def _measure(node: Node, depth: int, texts: list[Span], layout: SourceLayout) -> int:
    """Collects the places of texts and keys; gives the last line."""
    last = node.span.line
    ends = layout.ends
    if isinstance(node, TextNode):
        texts.append(node.span)
        # A block text's end is the start of the line after it.
        before = node.span.end_column == 1 and node.span.end_line > node.span.line
        return node.span.end_line - 1 if before else node.span.end_line
    if isinstance(node, ListNode):
        for item in node.items:
            end = _measure(item, depth + 1, texts, layout)
            ends[item.span.line] = max(end, ends.get(item.span.line, 0))
            last = max(last, end)
        return last
    for key, value in node.entries:
        end = max(key.span.line, _measure(value, depth + 1, texts, layout))
        if depth > 0:  # a comment beside `Resources:` is not meant for all that follows
            ends[key.span.line] = max(end, ends.get(key.span.line, 0))
            layout.blocks.append(SourceBlock(key.span.line, key.span.column, value.span.line, end))
        last = max(last, end)
    return last


def _inside(comment: Comment, span: Span) -> bool:
    place = (comment.line, comment.column)
    return (span.line, span.column) < place < (span.end_line, span.end_column)


# -- HCL


def _in_hcl(text: str, path: str) -> Iterator[Suppression]:
    if not might_suppress(text):
        return
    comments, layout = comments_of_hcl(text, might_suppress)
    for comment in comments:
        yield from _suppressions_by(comment, layout, path)


def comments_of_hcl(text: str, wanted: Callable[[str], bool]) -> tuple[list[Comment], SourceLayout]:
    """The wanted comments of a Terraform file from the top down, and the layout of the file."""
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    data = text.encode("utf-8", "replace")
    tree = Parser(Language(tree_sitter_hcl.language())).parse(data)
    comments: list[Comment] = []
    layout = SourceLayout(text.split("\n"), indented=False)
    pending: list[Any] = [tree.root_node]
    while pending:
        node = pending.pop()
        line = node.start_point[0] + 1
        if node.type == "comment":
            content = data[node.start_byte : node.end_byte].decode("utf-8", "replace")
            if wanted(content):
                before = data[node.start_byte - node.start_point[1] : node.start_byte]
                comments.append(Comment(line, len(before.decode("utf-8", "replace")) + 1, content))
        elif node.type in ("block", "attribute", "object_elem", "expression"):
            layout.ends[line] = max(node.end_point[0] + 1, layout.ends.get(line, 0))
            if node.type == "block":
                layout.blocks.append(_block(node, data))
        pending += node.children
    return sorted(comments), layout


def _block(node: Any, data: bytes) -> SourceBlock:
    line, end = node.start_point[0] + 1, node.end_point[0] + 1
    body = next((each for each in node.children if each.type == "body"), None)
    content = (
        min((each.start_point[0] + 1 for each in body.children if each.type != "comment"), default=end + 1)
        if body
        else end + 1
    )
    words = [
        data[each.start_byte : each.end_byte].decode("utf-8", "replace").strip('"')
        for each in node.children
        if each.type in ("identifier", "string_lit")
    ]
    call = words[1] if len(words) == 2 and words[0] == "module" else ""
    return SourceBlock(line, node.start_point[1] + 1, content, end, call)


# -- what a comment applies to


def _suppressions_by(comment: Comment, layout: SourceLayout, path: str) -> Iterator[Suppression]:
    """The request of one comment."""
    directive = directive_in(comment.text.rstrip())
    if directive is None:
        return
    length = len(comment.text.rstrip())
    span = Span(path, comment.line, comment.column, comment.line, comment.column + length)
    region, call = (None, "") if directive.whole_file else region_of(comment, layout, path)
    yield from _suppressions(directive, region, span, call)


def region_of(comment: Comment, layout: SourceLayout, path: str) -> tuple[Span, str]:
    """Where a comment holds, and the module whose call that is.

    After something it applies to that. Alone on its line it applies to what follows at once; at the head of a
    block, or with nothing below it, to the block that contains it.
    """
    line = comment.line
    end = layout.ends.get(line, line)
    if not layout.lines[line - 1][: comment.column - 1].strip():
        line = layout.below(line)
        end = layout.ends.get(line, line)
        around = layout.around(comment)
        if around is not None and (comment.line < around.content or line in (comment.line, around.end)):
            line, end = around.line, around.end
    return Span(path, line, 1, max(line, end), _FAR), layout.calls(line)


def _suppressions(directive: Directive, region: Span | None, span: Span, call: str) -> Iterator[Suppression]:
    for selector in directive.selectors or ("",):
        yield Suppression(selector, directive.reason, region, span, directive.until, call, directive.fault)


# -- metadata


def _in_metadata(root: Node, path: str) -> Iterator[Suppression]:
    if not isinstance(root, MapNode):
        return
    yield from _metadata_suppressions(root, None)
    for body, place in resources_in(root, path):
        yield from _metadata_suppressions(body, place)


def resources_in(root: Node, path: str) -> Iterator[tuple[MapNode, Span]]:
    """The resources of a template, and their places."""
    resources = root.get("Resources") if isinstance(root, MapNode) else None
    for key, body in resources.entries if isinstance(resources, MapNode) else ():
        if isinstance(body, MapNode):
            end = body.span
            yield body, Span(path, key.span.line, key.span.column, end.end_line, end.end_column)


def _metadata_suppressions(body: MapNode, region: Span | None) -> Iterator[Suppression]:
    """The entries of `Metadata: {mlwa-lint: {ignore: [...]}}`: `{rule, reason, until}`, or just the rule."""
    for entry in entries_at(body, METADATA_KEY, "ignore"):
        if isinstance(entry, TextNode):
            yield Suppression(entry.text, "", region, entry.span)
        elif isinstance(entry, MapNode):
            until = text_of_key(entry, "until")
            fault = "" if not until or is_date(until) else f"ends on {until!r}, which is not a date"
            fault = _unknown_key(entry) or fault
            rule, reason = text_of_key(entry, "rule"), without_formats(text_of_key(entry, "reason"))
            yield Suppression(rule, reason, region, entry.span, until, fault=fault)


def _unknown_key(entry: MapNode) -> str:
    """The fault of an entry with a key that means nothing: a mistyped `until` would hold for good."""
    for key, _ in entry.entries:
        if key.text not in _KEYS:
            return f"has the unknown key {key.text!r}: write {', '.join(_KEYS)}"
    return ""


def entries_at(body: MapNode, tool: str, key: str) -> tuple[Node, ...]:
    """The entries of the list at a key of a tool's `Metadata` of a resource."""
    node: Node | None = body
    for each in ("Metadata", tool, key):
        node = node.get(each) if isinstance(node, MapNode) else None
    return tuple(node.items) if isinstance(node, ListNode) else ()
