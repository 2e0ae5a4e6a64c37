"""Changes the shared code in small ways and counts how many changes some test notices.

    python -m pip install cosmic-ray
    python scripts/mutation_score.py [--sample N] [--seed N] [--only PREFIX]

The changes are cosmic-ray's: another operator or number, a condition turned round, a loop that never runs, an
exception that is not the one expected. A sample of them, drawn by a seed, is tried on a copy of the working
tree, one after the other, with the tests that are about these packages. Changes of annotations alone are left
out: they change nothing that runs. It takes about half a minute for each; the score is printed at the end,
after the changes that no test noticed.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
PACKAGES = ("mlwa_lint/graph", "mlwa_lint/engine", "mlwa_lint/model")
# Cheap tests first: most changes are noticed by the first of them.
TESTS = (
    ("tests/model", "tests/graph", "tests/engine"),
    ("tests/rules/test_examples.py",),
    (
        "tests/frontends",
        "tests/filters",
        "tests/whole/test_architectures.py",
        "tests/whole/test_mutations.py",
    ),
)
SECONDS = 900
_COPIED = ("mlwa_lint", "rules", "tests", "fixtures", "scripts", "docs", "pyproject.toml", "README.md")
# Changes that say nothing about tests: decorators are seldom there for what a test can see.
_LEFT_OUT = ("RemoveDecorator", "VariableReplacer", "VariableInserter")


class Change(NamedTuple):
    """One small change of a file: the n-th place where an operator of cosmic-ray fits."""

    path: str
    operator: str
    occurrence: int


def changes(prefix: str) -> Iterator[Change]:
    """Every change that can be made to the packages, or to those of their files that begin with a prefix."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names
    from cosmic_ray.util import read_python_source

    names = [each for each in operator_names() if not each.rpartition("/")[2].startswith(_LEFT_OUT)]
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            relative = path.relative_to(ROOT).as_posix()
            if not relative.startswith(prefix):
                continue
            nodes = list(ast_nodes(get_ast(read_python_source(path))))
            for name in names:
                operator = get_operator(name)()
                found = sum(sum(1 for _ in operator.mutation_positions(node)) for node in nodes)
                yield from (Change(relative, name, number) for number in range(found))


def changed(change: Change) -> str | None:
    """The file's text with the change; None where it changes nothing that runs."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    text = (ROOT / change.path).read_text("utf-8")
    mutated: str | None = mutate_code(text, get_operator(change.operator)(), change.occurrence)
    if mutated is None or _running(mutated) == _running(text):
        return None
    return mutated


def _running(text: str) -> str:
    """What of a program runs: its tree without annotations and documentation."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        for field in ("annotation", "returns"):
            if getattr(node, field, None) is not None:
                setattr(
                    node,
                    field,
                    None if field == "returns" or not isinstance(node, ast.AnnAssign) else ast.Name("x"),
                )
    return ast.dump(tree)


def is_noticed(copy: Path) -> bool:
    """Whether a test of the copy fails, or never ends."""
    environment = {**os.environ, "PYTHONPATH": f"{copy}{os.pathsep}{copy / 'rules'}"}
    for paths in TESTS:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *paths]
        try:
            run = subprocess.run(
                command, cwd=copy, env=environment, capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return True
        if run.returncode:
            return True
    return False


def main(arguments: Sequence[str]) -> int:
    """Prints what no test noticed, and the score."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, default=100, help="how many changes to try")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="PREFIX", help="only files whose path begins so")
    given: Any = parser.parse_args(arguments)
    every = list(changes(given.only))
    random.Random(given.seed).shuffle(every)
    tried = noticed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in _COPIED:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
        if is_noticed(copy):
            print("the tests fail without any change")
            return 1
        for change in every:
            if tried == given.sample:
                break
            text = changed(change)
            if text is None:
                continue
            tried += 1
            target = copy / change.path
            target.write_text(text, "utf-8")
            if is_noticed(copy):
                noticed += 1
            else:
                print(f"not noticed: {change.path} {change.operator} {change.occurrence}", flush=True)
                print(_difference(change.path, text), flush=True)
            shutil.copy(ROOT / change.path, target)
    score = 100 * noticed / max(tried, 1)
    print(f"{noticed} of {tried} changes were noticed ({score:.0f} percent), drawn from {len(every)}")
    return 0


def _difference(path: str, text: str) -> str:
    from difflib import unified_diff

    lines = unified_diff((ROOT / path).read_text("utf-8").splitlines(), text.splitlines(), n=1, lineterm="")
    return "\n".join(list(lines)[2:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
