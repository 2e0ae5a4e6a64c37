"""The list of shared queries in docs/writing-rules.md is complete and true."""

import ast
import importlib
import inspect
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8").partition("\n## Shared queries\n")[2]
ROW = re.compile(r"^\| `(?P<name>\w+\.\w+)` \| (?P<result>.+?) \| `(?P<example>.+)` \|$", re.MULTILINE)
ROWS = [(match["name"], match["result"], match["example"]) for match in ROW.finditer(PAGE)]
# The packages whose modules hold queries for rules.
PACKAGES = ("mlwa_lint.graph.queries", "mlwa_lint.graph.iam", "mlwa_lint.graph.machines", "mlwa_lint.graph")
NAMES = [name for name, _, _ in ROWS]


def documented() -> dict[str, str]:
    """Module name -> package, as the page imports them."""
    found = {}
    for package, names in re.findall(r"^from ([\w.]+) import (.+)$", PAGE, re.MULTILINE):
        found.update(dict.fromkeys(names.split(", "), package))
    return found


def query_of(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(f"{documented()[module]}.{module}"), function)
    return found


def used_by_several_rules() -> set[str]:
    """The functions of graph modules that two or more modules of rules use."""
    users = defaultdict(set)
    for path in (ROOT / "rules" / "mlwa_rules").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in PACKAGES:
                modules.update({each.asname or each.name: (node.module, each.name) for each in node.names})
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                package, _, module = node.module.rpartition(".")
                if package in PACKAGES:
                    for each in node.names:
                        users[package, module, each.name].add(path)
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in modules
            ):
                users[(*modules[node.value.id], node.attr)].add(path)
    found = set()
    for (package, module, name), paths in users.items():
        function = getattr(importlib.import_module(f"{package}.{module}"), name, None)
        if len(paths) > 1 and inspect.isfunction(function) and function.__module__ == f"{package}.{module}":
            found.add(f"{module}.{name}")
    return found


@pytest.mark.parametrize(("name", "result"), [row[:2] for row in ROWS], ids=NAMES)
def test_a_listed_query_is_described_as_its_docstring_does(name: str, result: str) -> None:
    documentation = inspect.getdoc(query_of(name)) or ""
    assert result.replace("\\|", "|") == documentation.splitlines()[0].rstrip(".")


@pytest.mark.parametrize(
    ("name", "example"), [(row[0], row[2]) for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_an_example_calls_the_query_with_its_arguments(name: str, example: str) -> None:
    tree = ast.parse(f"{example} ..." if example.endswith(":") else example)
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and ast.unparse(each.func) == name]
    passed = [
        each for each in ast.walk(tree) if isinstance(each, ast.Attribute) and ast.unparse(each) == name
    ]
    assert len(passed) == 1
    for call in calls:
        # There is no call where `has` or `test` takes the query as a question.
        arguments = {each.arg: None for each in call.keywords if each.arg is not None}
        inspect.signature(query_of(name)).bind(*call.args, **arguments)


def test_every_query_that_several_rules_use_is_listed() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert used_by_several_rules() - set(NAMES) == set()
    assert len(used_by_several_rules()) > 50
