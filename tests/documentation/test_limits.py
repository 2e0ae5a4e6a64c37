"""The page of limits names every limit of the program, with its value."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.support.bundles import bundled

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
PACKAGES = (
    *("config", "discovery", "engine", "files", "filters", "frontends", "graph", "model", "reporters", "run"),
)
# They shorten messages or set when to tidy up, and decide nothing.
HARMLESS = {
    "engine.cases:_ANSWERS_LIMIT",
    "engine.cases:_SAID_LIMIT",
    "filters.silencing:HINTS_LIMIT",
    "frontends.python.ledger:_NAME_LIMIT",
    "frontends.terraform.project:_NAMED_LIMIT",
    "frontends.terraform.syntax.errors:_SHOWN_LIMIT",
    "run.schedule:GARBAGE_LIMIT",
}
ROWS = [
    (line.split("<!--")[0], mark)
    for line in PAGE.splitlines()
    for comment in re.findall(r"<!-- (.*?) -->", line)
    for mark in comment.split()
]


def _spellings(value: float) -> list[str]:
    """How a page may write a number."""
    number = int(value)
    millions = [f"{number // 1_000_000} MB"] if number >= 1_000_000 and number % 1_000_000 == 0 else []
    return [f"{number:,}", *millions]


@bundled(ROWS, lambda case: case[1])
def test_the_page_states_the_value_of_a_limit(case: tuple[str, str]) -> None:
    row, mark = case
    module, name = mark.split(":")
    value = getattr(import_module(f"mlwa_lint.{module}"), name)
    numbers = re.findall(r"[0-9][0-9,]*(?: MB)?", row)
    written = {each.rstrip(",") for each in numbers}
    assert written & set(_spellings(value)), f"{mark} is {value:,}"


def test_the_page_has_every_limit() -> None:
    stated = {mark for _, mark in ROWS}
    missing = sorted(set(_limits()) - stated - HARMLESS)
    assert not missing, "docs/limits.md lacks them"


def _limits() -> Iterator[str]:
    """All constants called a limit, as `module:NAME`."""
    for package in PACKAGES:
        for path in sorted((ROOT / "mlwa_lint" / package).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT / "mlwa_lint").with_suffix("").parts)
            for statement in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(statement, ast.Assign):
                    for target in ast.walk(statement.targets[0]):
                        if isinstance(target, ast.Name) and target.id.endswith("LIMIT"):
                            yield f"{module}:{target.id}"
