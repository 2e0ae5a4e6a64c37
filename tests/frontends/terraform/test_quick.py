"""What the quick reader takes, it reads as the careful one does, places included."""

import random
import re
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.frontends.terraform.syntax import expressions, quick, reader
from mlwa_lint.frontends.terraform.syntax.blocks import HclSyntaxError
from scripts.record_terraform_syntax import entries
from tests.support.bundles import bundled

ROOT = Path(__file__).parent.parent.parent.parent
FILES = sorted(path for path in ROOT.joinpath("fixtures").rglob("*") if path.suffix in (".tf", ".tfvars"))
TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
PLANTED = (
    *('"', '""', "{", "}", "[", "]", "(", ")", "=", "=>", ":", "?", ",", "...", "::", ".", ".0", ".*"),
    *("[*]", "[0]", "#", "//", "/*", "*/", "<<", "<<-X\n  a\n  X\n", "<<X\n${a}\nX\n", "${", "$${", "%{"),
    *("\\", '\\"', "-", "!", "&&", "==", "/", "for", "if", "in", "null", "true", "1", "1.5e3", "0x1f"),
    *(
        "a.b",
        "a-b",
        '"a${b}"',
        "for x in y : x",
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        " ",
        "é",
        "\ufeff",
        "\0",
        "\x0b",
    ),
)


def quickly(text: str) -> Any:
    return quick.read_quickly(text, "main.tf", expressions.number, reader.careful("main.tf"))


def carefully(text: str) -> Any:
    try:
        return reader.careful("main.tf")(text, 0)
    except HclSyntaxError as error:
        return f"line {error.line} {error.message}"


def agreed(text: str) -> bool:
    """Whether the quick reader took a text; fails where it took it for something else."""
    found = quickly(text)
    assert found is None or repr(found) == repr(carefully(text)), text
    return found is not None


def test_fixtures_are_read_quickly() -> None:
    taken = [agreed(path.read_text(encoding="utf-8")) for path in FILES]
    assert len(FILES) > 100
    assert sum(taken) > 0.95 * len(FILES)


@bundled(entries(), lambda entry: entry["text"])
def test_what_terraform_refuses_is_not_taken(entry: dict[str, Any]) -> None:
    agreed(entry["text"])


def test_mangled_files_are_not_taken_for_something_else() -> None:
    texts = [text for path in FILES if 20 < len(text := path.read_text(encoding="utf-8")) < 3000]
    draw = random.Random("mangled")
    taken = 0
    for _ in range(1500):
        tokens = TOKEN.findall(draw.choice(texts))
        for _ in range(draw.choice((1, 1, 2, 4))):
            place = draw.randrange(len(tokens) or 1)
            if draw.random() < 0.5:
                tokens[place:place] = [draw.choice(PLANTED)]
            elif draw.random() < 0.5:
                del tokens[place : place + draw.choice((1, 2, 5))]
            else:
                tokens[place : place + 1] = tokens[place : place + draw.randrange(9)]
        taken += agreed("".join(tokens))
    assert taken > 100


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ('a = "x"', True),
        ("a = 1 b = 2", False),
        ("b {}\n", True),
        ('b "c" d { e = f }', True),
        ("b\n{\n}\n", False),
        ("a = -1\n", True),
        ("a = - b.c + 2 * 3 == 4 ? [] : {}\n", True),
        ("a = b\n-1\n", False),
        ("a = (1 + 2).x\n", True),
        ('a = "${b}-$c %"\n', True),
        ('a = "${b}"\n', True),
        ('a = "$${b}"\n', False),
        ('a = "%{ if b }c%{ endif }"\n', False),
        ("a = b[*].c[0].d\n", True),
        ("a = b.*.c\n", True),
        ("a = b.0\n", False),
        ("a = b[c[0]].d\n", True),
        ("a = f(b, c...)\n", True),
        ("a = f(b..., c)\n", False),
        ("a = p::f(b)\n", False),
        ("a = [for k, v in b : v if v != null]\n", True),
        ("a = { for k, v in b : k => v... if k }\n", True),
        ('a = { b = 1, "c" : 2\n (d) = 3 }\n', False),
        ('a = {\n b = 1,\n (d) = 3, true = 4, "e${f}" = 5\n}\n', True),
        ("a = <<-E\n    b ${c}\n      d\n    E\n", True),
        ("a = <<E\nEx\nE\n", False),
        ("# é\na = 1 # b\n/* c\n*/ d = 2 // e\n", True),
        ("a = b # https://c/2\n", True),
        ("a = 1e3\n", False),
        ("a = " + "[" * 14 + "]" * 14 + "\n", True),
        ("a = " + "[" * 40 + "]" * 40 + "\n", False),
        ("a = " + " + ".join(["b"] * 150) + "\n", True),
        ("a = " + " + ".join(["b"] * 900) + "\n", False),
    ],
)
def test_what_is_taken(text: str, taken: bool) -> None:
    assert agreed(text) == taken


def test_a_block_that_is_odd_leaves_the_others_to_the_quick_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = 'b "odd" {\n  c = d.0\n}\n'
    text = "# first\n\n" + odd + 'e "plain" {\n  f = "é"\n}\n'
    careful: list[tuple[str, int]] = []

    def spied(part: str, above: int) -> quick.Body:
        careful.append((part, above))
        return reader.careful("main.tf")(part, above)

    found = quick.read_quickly(text, "main.tf", expressions.number, spied)
    assert careful == [(odd, 2)]
    assert found == carefully(text)
