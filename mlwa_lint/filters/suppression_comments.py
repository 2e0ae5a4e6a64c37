"""Finds suppressions in source text: comments of YAML and HCL, and metadata of templates."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from mlwa_lint.discovery.search import is_terraform
from mlwa_lint.filters.suppression import Suppression
from mlwa_lint.frontends.cloudformation.syntax.nodes import (
    ListNode,
    MapNode,
    Node,
    TemplateSyntaxError,
    TextNode,
    parse,
)
from mlwa_lint.model.secrets import without_formats
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_YAML_COMMENT = lazy(r"(?:^|(?<=\s))#\s*mlwa:")
_WISH = lazy(
    r"(?:#|//|/\*)\s*mlwa:\s*ignore(?P<file>-file)?\b\s*(?:\[(?P<rules>[^\]]*)\])?"
    r"(?:\s*--\s*(?P<reason>.*?))?\s*(?:\*/\s*)?$"
)
_FAR = 1_000_000_000
METADATA_KEY = "mlwa-lint"


class _Comment(NamedTuple):
    line: int
    column: int
    text: str


def find(text: str, path: str) -> tuple[Suppression, ...]:
    """All suppressions in a source file; none in one that cannot be parsed."""
    if is_terraform(path):
        return () if path.endswith(".json") else tuple(_in_hcl(text, path))
    try:
        root = parse(text, path)
    except TemplateSyntaxError:
        return ()
    if root is None:
        return ()
    return (*_in_yaml(text, root, path), *_in_metadata(root, path))


def _in_yaml(text: str, root: Node, path: str) -> Iterator[Suppression]:
    lines = text.splitlines()
    comments = []
    for number, line in enumerate(lines, start=1):
        match = _YAML_COMMENT.search(line) if "mlwa:" in line else None
        if match:
            comments.append(_Comment(number, match.start() + 1, line[match.start() :]))
    if not comments:
        return
    texts: list[Span] = []
    ends: dict[int, int] = {}
    _measure(root, 0, texts, ends)
    below = _content_below(lines)
    texts.sort()
    starts = [(span.line, span.column) for span in texts]
    for comment in comments:
        number = bisect_left(starts, (comment.line, comment.column)) - 1
        if number < 0 or not _inside(comment, texts[number]):
            yield from _wishes(comment, lines, ends, path, below)


def _measure(node: Node, depth: int, texts: list[Span], ends: dict[int, int]) -> int:
    """Collects where texts stand, and the last line of what starts on each line; gives the last line."""
    last = node.span.line
    if isinstance(node, TextNode):
        texts.append(node.span)
        # A block text's end is the start of the line after it.
        before = node.span.end_column == 1 and node.span.end_line > node.span.line
        return node.span.end_line - 1 if before else node.span.end_line
    if isinstance(node, ListNode):
        for item in node.items:
            end = _measure(item, depth + 1, texts, ends)
            ends[item.span.line] = max(end, ends.get(item.span.line, 0))
            last = max(last, end)
        return last
    for key, value in node.entries:
        end = max(key.span.line, _measure(value, depth + 1, texts, ends))
        if depth > 0:  # a comment beside `Resources:` is not meant for all that follows
            ends[key.span.line] = max(end, ends.get(key.span.line, 0))
        last = max(last, end)
    return last


def _inside(comment: _Comment, span: Span) -> bool:
    place = (comment.line, comment.column)
    return (span.line, span.column) < place < (span.end_line, span.end_column)


def _in_hcl(text: str, path: str) -> Iterator[Suppression]:
    if "mlwa:" not in text:
        return
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    data = text.encode("utf-8", "replace")
    tree = Parser(Language(tree_sitter_hcl.language())).parse(data)
    comments: list[_Comment] = []
    ends: dict[int, int] = {}
    pending: list[Any] = [tree.root_node]
    while pending:
        node = pending.pop()
        line = node.start_point[0] + 1
        if node.type == "comment":
            said = data[node.start_byte : node.end_byte].decode("utf-8", "replace")
            if "mlwa:" in said:
                before = data[node.start_byte - node.start_point[1] : node.start_byte]
                comments.append(_Comment(line, len(before.decode("utf-8", "replace")) + 1, said))
        elif node.type in ("block", "attribute", "object_elem", "expression"):
            ends[line] = max(node.end_point[0] + 1, ends.get(line, 0))
        pending += node.children
    lines = text.split("\n")
    below = _content_below(lines)
    for comment in sorted(comments):
        yield from _wishes(comment, lines, ends, path, below)


def _wishes(
    comment: _Comment, lines: list[str], ends: dict[int, int], path: str, below: list[int]
) -> Iterator[Suppression]:
    """What one comment asks for: of its own line, or, if it stands alone, of the line below it."""
    match = _WISH.search(comment.text.rstrip())
    if match is None:
        return
    length = len(comment.text.rstrip())
    span = Span(path, comment.line, comment.column, comment.line, comment.column + length)
    region = None
    if not match["file"]:
        line = comment.line
        if not lines[line - 1][: comment.column - 1].strip():
            line = below[line] or line
        region = Span(path, line, 1, max(line, ends.get(line, line)), _FAR)
    reason = without_formats((match["reason"] or "").strip())
    for selector in (match["rules"] or "").replace(",", " ").split() or [""]:
        yield Suppression(selector, reason, region, span)


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


def _in_metadata(root: Node, path: str) -> Iterator[Suppression]:
    if not isinstance(root, MapNode):
        return
    yield from _asked(root, None, path)
    resources = root.get("Resources")
    if isinstance(resources, MapNode):
        for key, body in resources.entries:
            if isinstance(body, MapNode):
                end = body.span
                yield from _asked(
                    body, Span(path, key.span.line, key.span.column, end.end_line, end.end_column), path
                )


def _asked(body: MapNode, region: Span | None, path: str) -> Iterator[Suppression]:
    """The entries of `Metadata: {mlwa-lint: {ignore: [...]}}`: `{rule, reason}`, or just the rule."""
    node: Node | None = body
    for key in ("Metadata", METADATA_KEY, "ignore"):
        node = node.get(key) if isinstance(node, MapNode) else None
    for entry in node.items if isinstance(node, ListNode) else ():
        if isinstance(entry, TextNode):
            yield Suppression(entry.text, "", region, entry.span)
        elif isinstance(entry, MapNode):
            reason = without_formats(_text(entry, "reason"))
            yield Suppression(_text(entry, "rule"), reason, region, entry.span)


def _text(entry: MapNode, key: str) -> str:
    value = entry.get(key)
    return value.text if isinstance(value, TextNode) else ""
