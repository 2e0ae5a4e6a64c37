"""Names in the code: the field's words, as CONTRIBUTING lists them, and none of a story."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ["mlwa_lint", "rules", "tests", "scripts", "benchmarks", "fuzz", "packaging"]
# What not to write -> what to write. The list is the one in CONTRIBUTING.md, in the same order.
AVOID = {
    "mend mended": "fix",
    "told tell tells": "reported, stated, message",
    "said say says spoken": "stated, message, text",
    "asked ask asks asking askers": "queried, requested, evaluate",
    "wish wishes": "directive, option",
    "stranger strangers": "unresolved",
    "heard": "notified",
}
_WORDS = {word: better for words, better in AVOID.items() for word in words.split()}
_IMPERSONAL = {"nobody", "somebody", "everybody", "anybody", "speaks", "speak"}
_DEFINITION = re.compile(r"^ *(?:async )?(?:def|class) (\w+)(?:\(((?:[^()]|\([^()]*\))*)\))?", re.MULTILINE)
_PARAMETER = re.compile(r"(\w+) *(?:[:=,]|$)")
_ASSIGNED = re.compile(
    r"^ *(?:self\.)?(\w+(?:, \w+)*)(?:: [^=\n]+)? = |\bfor (\w+(?:, \w+)*) in ", re.MULTILINE
)


def identifiers(source: str) -> Iterator[str]:
    """The functions, classes, parameters and variables that a source defines."""
    for name, parameters in _DEFINITION.findall(source):
        yield name
        yield from _PARAMETER.findall(parameters)
    for targets in _ASSIGNED.findall(source):
        for names in targets:
            yield from re.findall(r"\w+", names)


def wrong(path: Path) -> list[str]:
    names = {path.stem, *identifiers(path.read_text(encoding="utf-8"))}
    return [
        f"{path.relative_to(ROOT)}: {name}: write {_WORDS[word]}"
        for name in sorted(names)
        for word in re.findall(r"[a-z]+", name.lower())
        if word in _WORDS
    ]


@pytest.mark.parametrize(
    "folder", ["mlwa_lint", "rules", "tests", "scripts", "benchmarks", "fuzz", "packaging"]
)
def test_names_use_the_words_of_the_field(folder: str) -> None:
    paths = sorted(path for path in (ROOT / folder).rglob("*.py") if path != Path(__file__))
    assert [each for path in paths for each in wrong(path)] == []


def test_names_of_tests_are_impersonal() -> None:
    """A test's name states a property of the program; "nobody" and "speaks" belong to a story."""
    defined = [
        (path.name, name)
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for name, _ in _DEFINITION.findall(path.read_text(encoding="utf-8"))
        if name.startswith("test_")
    ]
    assert len(defined) > 2000
    assert [each for each in defined if not _IMPERSONAL.isdisjoint(each[1].split("_"))] == []


# They mirror what another program defines: the records that the Model Context Protocol's clients see.
MIRRORED = ROOT / "mlwa_lint" / "mcp" / "shapes.py"


def types_of(source: str) -> Iterator[str]:
    """The public classes and type aliases of a module."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
            name = ast.unparse(node.target)
        else:
            continue
        if not name.startswith("_"):
            yield name


def test_public_types_have_names_of_their_own() -> None:
    defined = defaultdict(set)
    for folder in ("mlwa_lint", "rules"):
        for path in (ROOT / folder).rglob("*.py"):
            if path != MIRRORED:
                for name in types_of(path.read_text(encoding="utf-8")):
                    defined[name].add(path.relative_to(ROOT).as_posix())
    assert {name: sorted(paths) for name, paths in defined.items() if len(paths) > 1} == {}
    assert {"Claim", "Answer", "ResourceView", "TextPart"} <= set(defined)


def test_names_of_every_kind_are_found() -> None:
    source = '''
class Told:
    def said(self, asked: int, *, wish: str = "tell: x") -> None:
        """ask: nothing."""
        self.heard = mended = 1
        for stranger, other in ():
            told: list[int] = []
'''
    assert {"Told", "said", "asked", "wish", "heard", "stranger", "other", "told"} <= set(identifiers(source))
    assert "ask" not in set(identifiers(source))
