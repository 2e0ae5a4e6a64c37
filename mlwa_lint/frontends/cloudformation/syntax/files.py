"""Reads template files."""

from pathlib import Path
from typing import TYPE_CHECKING

from mlwa_lint.files.keeping import is_kept, memory_of
from mlwa_lint.files.reading import TooLargeError, read_bytes
from mlwa_lint.frontends.cloudformation.syntax.foreach import LOOP
from mlwa_lint.frontends.cloudformation.syntax.includes import MARKS
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, Repeated, TemplateSyntaxError
from mlwa_lint.frontends.cloudformation.syntax.parsing import parse
from mlwa_lint.frontends.cloudformation.syntax.secrets import note_secrets
from mlwa_lint.startup.records import NamedTuple

if TYPE_CHECKING:
    from mlwa_lint.frontends.cloudformation.syntax.again import Revision

FILE_LIMIT = 20_000_000
_TOO_LARGE = f"is larger than {FILE_LIMIT // 1_000_000} MB; split it into nested stacks"


class TemplateTree(NamedTuple):
    """A template's tree, the keys that its maps have twice, and what it may need before it is evaluated.

    has_parts: whether it may name parts in other files. has_loops: whether it may have loops itself.
    step: what is new since the last reading, where a text is read again and again.
    """

    root: MapNode
    repeated: tuple[Repeated, ...] = ()
    has_parts: bool = False
    has_loops: bool = False
    step: "Revision | None" = None


def tree(path: Path, name: str, text: str | None = None) -> TemplateTree:
    """A template's tree, from its text or else from its file. Raises TemplateSyntaxError."""
    if text is None:
        text = _read(path)
    elif len(text) > FILE_LIMIT:
        raise TemplateSyntaxError(1, _TOO_LARGE)
    repeated: list[Repeated] = []
    again = _read_again(name, text)
    root = again[0] if again is not None else parse(text, name, only=True, repeated=repeated)
    if not isinstance(root, MapNode):
        raise TemplateSyntaxError(1, "is not a CloudFormation template: its top level is not a map")
    note_secrets(root, text)
    step = None if again is None else again[1]
    has_parts = any(mark in text for mark in MARKS)
    # An escaped key shows only in the tree.
    return TemplateTree(root, tuple(repeated), has_parts, LOOP in text or "\\" in text, step)


def _read_again(name: str, text: str) -> "tuple[MapNode, Revision] | None":
    """The tree of a template that an editor holds, reusing the one before."""
    if not is_kept():
        return None
    from mlwa_lint.frontends.cloudformation.syntax.again import Reading

    reading = memory_of(Reading, name)
    return None if reading is None else reading.read(text, name)


def part(path: Path, name: str) -> MapNode | None:
    """The map in a file that a template includes; None where there is none. Raises TemplateSyntaxError."""
    text = _read(path)
    root = parse(text, name, repeated=[])
    note_secrets(root, text)
    return root if isinstance(root, MapNode) else None


def _read(path: Path) -> str:
    try:
        content = read_bytes(path, FILE_LIMIT)
    except TooLargeError:
        raise TemplateSyntaxError(1, _TOO_LARGE) from None
    except OSError as error:
        raise TemplateSyntaxError(1, f"cannot be read: {error.strerror or error}") from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TemplateSyntaxError(1, "is UTF-16 text; CloudFormation reads UTF-8: save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TemplateSyntaxError(line, "is not UTF-8 text") from error
