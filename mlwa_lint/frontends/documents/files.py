"""Definitions in a file beside the template, as before `aws cloudformation package`."""

from pathlib import Path

from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import is_file, read_text
from mlwa_lint.frontends.cloudformation.syntax.nodes import (
    ListNode,
    MapNode,
    Node,
    TemplateSyntaxError,
    TextNode,
)
from mlwa_lint.frontends.cloudformation.syntax.parsing import parse
from mlwa_lint.frontends.documents.places import FILE_LIMIT
from mlwa_lint.frontends.secret_texts import note_text
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Scalar, Value

_REMOTE = ("s3:", "http:", "https:", "arn:")


def local(value: Value, root: Path | None = None) -> Value | None:
    """The content of the file that a value names, from the folder of the template.

    None when it names none below the project's root, `root`, or, where there is no project, below the
    template's folder. JSON stays text, so that placeholders in it can be replaced first; YAML becomes a
    structure.
    """
    if not isinstance(value, Scalar) or not isinstance(value.data, str):
        return None
    name = value.data
    if not name or name.startswith(_REMOTE) or "\0" in name:
        return None
    folder = Path(value.span.path).parent
    return content(folder / name, folder if root is None else root)


def content(place: Path, root: Path | None) -> Value | None:
    """The content of a file below a folder; None when it cannot be read."""
    if root is None:
        return None
    try:
        path = inside(place, root)
        if path is None or not is_file(path):
            return None
        text = read_text(path, FILE_LIMIT)
    except (OSError, ValueError):
        return None
    note_text(text)
    shown_path = shown(path)
    if path.suffix.lower() in (".yaml", ".yml"):
        try:
            node = parse(text, shown_path)
        except TemplateSyntaxError:
            return None
        return None if node is None else structure(node)
    lines = text.count("\n") + 1
    return Scalar(text, Span(shown_path, 1, 1, lines, len(text) + 1))


def structure(node: Node) -> Value:
    """What a node of YAML or JSON holds, as it is written."""
    if isinstance(node, MapNode):
        entries = {key.text: Entry(key.span, structure(value), key.text) for key, value in node.entries}
        return MapValue(entries, node.span)
    if isinstance(node, ListNode):
        return ListValue(tuple(structure(item) for item in node.items), node.span)
    return _scalar(node)


def _scalar(node: TextNode) -> Value:
    return Absent(node.span) if node.data is None else Scalar(node.data, node.span)
