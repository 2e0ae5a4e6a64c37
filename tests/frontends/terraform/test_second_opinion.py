"""python-hcl2, a parser of its own, sees the same blocks and arguments as our reader."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.frontends.terraform.syntax.reader import read
from tests.support.bundles import bundled

hcl2 = pytest.importorskip("hcl2")

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted([*ROOT.glob("fixtures/**/*.tf"), *ROOT.glob("tests/data/**/*.tf")])
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


def assert_same_outline(text: str) -> None:
    file = read(text, "main.tf")
    assert file.problems == ()
    theirs = [
        second(kind, each)
        for kind, found in hcl2.loads(text).items()
        if kind not in _OWN and isinstance(found, list)
        for each in found
    ]
    assert sorted(map(outline, file.blocks), key=repr) == sorted(theirs, key=repr)


@bundled(FILES, lambda path: path.relative_to(ROOT).as_posix())
def test_both_parsers_see_the_same_outline(path: Path) -> None:
    assert_same_outline(path.read_text("utf-8"))


# -- a generated corpus

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters='"\\$%\n\r', exclude_categories=["C"]), max_size=8
)
SIMPLE = st.one_of(
    st.integers(0, 10**6).map(str),
    st.sampled_from(
        ["true", "false", "null", "var.x", "aws_s3_bucket.b.arn", "local.tags[0]", "f(1, var.y)"]
    ),
    TEXTS.map(lambda text: f'"{text}"'),
    st.tuples(TEXTS, NAMES).map(lambda pair: f'"{pair[0]}${{var.{pair[1]}}}"'),
)
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(NAMES, inner, max_size=3).map(
            lambda items: "{\n" + "".join(f"{key} = {value}\n" for key, value in items.items()) + "}"
        ),
        st.tuples(inner, inner).map(lambda pair: f"var.on ? {pair[0]} : {pair[1]}"),
        # python-hcl2 cannot write out a number as the result of a loop.
        NAMES.map(lambda name: f"[for k, v in var.{name} : v if k != 1]"),
        inner.map(lambda value: f"({value})"),
    ),
    max_leaves=6,
)
ARGUMENTS = st.dictionaries(NAMES, VALUES, max_size=3).map(
    lambda items: "".join(f"  {key} = {value} # why\n" for key, value in items.items())
)
INNER = st.tuples(st.sampled_from(["filter", "rule"]), ARGUMENTS).map(
    lambda pair: f"  inner_{pair[0]} {{\n{pair[1]}  }}\n"
)
BLOCKS = st.tuples(NAMES, NAMES, ARGUMENTS, st.lists(INNER, max_size=2)).map(
    lambda parts: f'resource "{parts[0]}" "{parts[1]}" {{\n{parts[2]}{"".join(parts[3])}}}\n'
)


@settings(deadline=None, max_examples=60)
@given(st.lists(BLOCKS, max_size=3).map("\n".join))
def test_both_parsers_see_the_same_outline_of_what_is_made_up(text: str) -> None:
    assert_same_outline(text)


@pytest.mark.parametrize(
    ("text", "line", "stated"),
    [
        ('locals {\n  größe = 1\n  b     = local.größe\n  "d" = 3\n}\n', 4, "unexpected"),
        ('locals {\n  a = "größe"\n  b = = 2\n}\n', 3, "expected a value"),
        ("locals {\n  名前 = 1\n  b = [1, 2\n  größe = 3\n}\n", 4, "größe"),
    ],
)
def test_an_error_after_letters_that_are_not_ascii_is_in_its_line(text: str, line: int, stated: str) -> None:
    (problem,) = read(text, "main.tf").problems
    assert problem.line == line, problem
    assert stated in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "# é\nresource é é {\n",
        "locals {\n  größe = ü ü\n}\n",
        "größe {\n  ä = }\n",
        'größe "ä" {\n  b = [é,,]\n}\n',
        "ä = 1 +\nb = 2\n",
    ],
)
def test_an_error_is_where_it_would_be_in_ascii(text: str) -> None:
    twin = re.sub(r"[^\x00-\x7f]", "x", text)
    (problem,), (expected,) = read(text, "main.tf").problems, read(twin, "main.tf").problems
    assert problem.line == expected.line
