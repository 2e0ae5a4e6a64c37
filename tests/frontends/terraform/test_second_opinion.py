"""python-hcl2, a parser of its own, sees the same blocks and arguments as our reader."""

from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.frontends.terraform.reader import read
from mlwa_lint.frontends.terraform.syntax import Block

hcl2 = pytest.importorskip("hcl2")

ROOT = Path(__file__).resolve().parents[3]
# A sample, for python-hcl2 takes its time.
FILES = [*sorted(ROOT.glob("fixtures/**/*.tf"))[::5], *sorted(ROOT.glob("tests/data/**/*.tf"))]
_OWN = frozenset({"__is_block__", "__comments__", "__inline_comments__", "__start_line__", "__end_line__"})


def outline(block: Block) -> tuple[Any, ...]:
    """A block's type, labels, arguments and nested blocks, in a fixed order."""
    inner = sorted((outline(each) for each in block.blocks), key=repr)
    return (block.type, block.labels, tuple(sorted(block.arguments)), tuple(inner))


def second(kind: str, body: Any, labels: tuple[str, ...] = ()) -> tuple[Any, ...]:
    """The same from python-hcl2's dictionaries, which have labels as keys."""
    if "__is_block__" not in body:
        ((label, inner),) = [(key, value) for key, value in body.items() if key not in _OWN]
        return second(kind, inner, (*labels, label.strip('"')))
    arguments: list[str] = []
    blocks: list[tuple[Any, ...]] = []
    for key, value in body.items():
        if key in _OWN:
            continue
        if isinstance(value, list) and value and all(isinstance(v, dict) and _is_block(v) for v in value):
            blocks += [second(key, each) for each in value]
        else:
            arguments.append(key)
    return (kind, labels, tuple(sorted(arguments)), tuple(sorted(blocks, key=repr)))


def _is_block(value: dict[str, Any]) -> bool:
    return "__is_block__" in value or any(isinstance(v, dict) and _is_block(v) for v in value.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_both_parsers_see_the_same_outline(path: Path) -> None:
    text = path.read_text("utf-8")
    file = read(text, "main.tf")
    assert file.problems == ()
    theirs = [
        second(kind, each)
        for kind, found in hcl2.loads(text).items()
        if kind not in _OWN and isinstance(found, list)
        for each in found
    ]
    assert sorted(map(outline, file.blocks), key=repr) == sorted(theirs, key=repr)
