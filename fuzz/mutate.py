"""Structure-aware mutation of the fixtures, for a bounded time: what CI runs where atheris is not to be had.

    python fuzz/mutate.py [--seconds 60] [--seed N] [--finds DIR] [KIND …]

KIND is template, module, plan, program or notebook; all of them by default. Trees of templates, plans and
programs, and the lines and tokens of modules, are cut, repeated, swapped with each
other's and planted with hostile values; each result goes through the whole pipeline. A find is an exception
that leaves it, an internal error, a rule that fails, and whatever takes longer than ten seconds of processor
time. Each run names its seed: with the same one it tries the same inputs. Finds become tests before they are
fixed.
"""

import argparse
import copy
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parent.parent / "rules"))
sys.path.insert(0, str(Path(__file__).parent.parent))

from fuzz.programs import as_notebook, mutated_program
from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.discovery.target import Target
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.report import Report
from mlwa_lint.run.pipeline import lint_target
from mlwa_lint.run.settings import RunSettings

ROOT = Path(__file__).parent.parent
SLOW_SECONDS = 10.0
KINDS = ("template", "module", "plan", "program", "notebook")
HOSTILE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**400,
    1e308,
    "",
    "\0",
    "\ud800",
    "x" * 70_000,
    "${",
    "${AWS::NoValue}",
    "{{resolve:secretsmanager:x}}",
    "arn:aws:s3:::",
    "s3://",
    [],
    {},
    [[]],
    {"Ref": "AWS::NoValue"},
    {"Ref": []},
    {"Fn::If": ["C"]},
    {"Fn::GetAtt": [{}]},
    {"Fn::Sub": ["${a}", {"a": {"Fn::Sub": "${b}"}}]},
    {"Fn::Join": ["x" * 1000, ["a", {"Ref": "B"}, "c"]]},
    {"Fn::Select": [99, ["a"]]},
    {"Fn::ForEach::L": ["X", ["a", "b"], {"${X}": {}}]},
    {"Fn::Transform": {"Name": 5}},
    {"Fn::FindInMap": ["a", "b", "c"]},
)
TOKENS = (
    *(
        '""',
        "null",
        "[]",
        "{}",
        "1e400",
        "-1",
        '"${',
        "%{ if }",
        "<<EOT\n",
        "...",
        "each.key",
        "count.index",
        "*",
    ),
    *(
        "var.x",
        "local.a",
        "module.m.x",
        "data.a.b.c",
        "toset([1, null])",
        "for x in y :",
        "? :",
        "==",
        "dynamic",
    ),
    *(
        '"\\u0000"',
        "\ufeff",
        "}",
        "{",
        "[",
        "]",
        "(",
        ")",
        "#",
        "/*",
        "=",
        "lifecycle",
        "for_each = ",
        "count = ",
    ),
)
_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)


class _Loader(yaml.CSafeLoader):
    """Reads short forms of intrinsic functions as their long ones."""


def _tagged(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = node.value
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)


def trees(paths: list[Path]) -> Iterator[Any]:
    """The content of YAML and JSON files, as far as they can be read."""
    for path in paths:
        try:
            tree = yaml.load(path.read_text(encoding="utf-8"), _Loader)
        except (yaml.YAMLError, UnicodeDecodeError, TypeError):
            continue
        if isinstance(tree, dict):
            yield json.loads(json.dumps(tree, default=str))


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Every container and key in a tree."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        at = waiting.pop()
        keys = list(at) if isinstance(at, dict) else list(range(len(at))) if isinstance(at, list) else []
        found += [(at, key) for key in keys]
        waiting += [at[key] for key in keys]
    return found


def mutated_tree(tree: Any, others: list[Any], dice: random.Random) -> str:
    """A tree with a few changes, as JSON."""
    tree = copy.deepcopy(tree)
    for _ in range(dice.randint(1, 4)):
        places = _places(tree)
        if not places:
            break
        holder, key = dice.choice(places)
        kind = dice.randrange(6)
        if kind == 0:
            holder[key] = copy.deepcopy(dice.choice(HOSTILE))
        elif kind == 1:
            del holder[key]
        elif kind == 2:
            other, name = dice.choice(_places(dice.choice(others)))
            holder[key] = copy.deepcopy(other[name])
        elif kind == 3:
            holder[key] = [holder[key], copy.deepcopy(holder[key])]
        elif kind == 4:
            holder[key] = {dice.choice(["Ref", "Fn::If", "Fn::Sub", "Fn::Join", "x", ""]): holder[key]}
        elif isinstance(holder, dict):
            holder[str(dice.choice(HOSTILE))[:50]] = copy.deepcopy(holder[key])
    return json.dumps(tree)


def mutated_text(text: str, others: list[str], dice: random.Random) -> str:
    """A module with a few lines and tokens cut, repeated, swapped and planted."""
    for _ in range(dice.randint(1, 4)):
        kind = dice.randrange(5)
        parts = text.splitlines(keepends=True) if kind < 3 else _TOKEN.findall(text)
        if not parts:
            break
        at = dice.randrange(len(parts))
        if kind == 0:
            del parts[at : at + dice.randint(1, 3)]
        elif kind == 1:
            lines = dice.choice(others).splitlines(keepends=True) or [""]
            start = dice.randrange(len(lines))
            parts[at:at] = lines[start : start + dice.randint(1, 8)]
        elif kind == 2:
            parts[at:at] = parts[max(at - 4, 0) : at + 4]
        elif kind == 3:
            parts[at] = dice.choice(TOKENS)
        else:
            other = dice.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
        text = "".join(parts)
    return text


class Fuzzing:
    """Inputs of one kind, made of the fixtures, through the whole pipeline."""

    def __init__(self, folder: Path, finds: Path) -> None:
        self._folder = folder
        self._finds = finds
        self._settings = RunSettings(load_rules().rules, LoadOptions(root=folder), scope="all")
        self.tried = 0
        self.found = 0
        self.slowest = 0.0

    def makers(self) -> dict[str, tuple[Callable[[random.Random], str], str, Target]]:
        """How inputs of each kind are made, the file that they are written to, and what is linted."""
        fixtures = sorted(path for path in (ROOT / "fixtures").rglob("*") if path.is_file())
        templates = list(trees([path for path in fixtures if path.suffix in (".yaml", ".json")]))
        texts = [path.read_text(encoding="utf-8") for path in fixtures if path.suffix == ".tf"]
        plans = list(trees(sorted((ROOT / "tests" / "data" / "plans").rglob("*.json"))))
        plans += list(trees(sorted((ROOT / "fuzz" / "seeds" / "plan").glob("*"))))
        programs = [path.read_text(encoding="utf-8") for path in fixtures if path.suffix == ".py"]
        root = str(self._folder)
        return {
            "template": (
                lambda dice: mutated_tree(dice.choice(templates), templates, dice),
                "t.json",
                Target("cloudformation", f"{root}/t.json"),
            ),
            "module": (
                lambda dice: mutated_text(dice.choice(texts), texts, dice),
                "m/main.tf",
                Target("terraform", f"{root}/m"),
            ),
            "plan": (
                lambda dice: mutated_tree(dice.choice(plans), plans, dice),
                "plan.json",
                Target("plan", f"{root}/plan.json"),
            ),
            "program": (
                lambda dice: mutated_program(dice.choice(programs), programs, dice),
                "p.py",
                Target("python", f"{root}/p.py"),
            ),
            "notebook": (
                lambda dice: as_notebook(mutated_program(dice.choice(programs), programs, dice), dice),
                "p.ipynb",
                Target("python", f"{root}/p.ipynb"),
            ),
        }

    def run(self, kinds: list[str], seed: int, seconds: float) -> None:
        """Tries inputs until the processor time is used up."""
        makers = self.makers()
        end = time.process_time() + seconds
        number = 0
        while time.process_time() < end:
            kind = kinds[number % len(kinds)]
            number += 1
            make, name, target = makers[kind]
            content = make(random.Random(f"{seed} {number}")).encode("utf-8", "surrogatepass")
            path = self._folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            self._try(kind, number, content, target)

    def _try(self, kind: str, number: int, content: bytes, target: Target) -> None:
        before = time.process_time()
        wrong = ""
        try:
            report: Report = lint_target(target, self._settings)
            wrong = "; ".join(f"{each.code} {each.message}" for each in report.errors)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            wrong = f"{type(error).__name__}: {error}"
        took = time.process_time() - before
        self.tried += 1
        self.slowest = max(self.slowest, took)
        if took > SLOW_SECONDS:
            wrong = wrong or f"it took {took:.1f} seconds"
        if wrong:
            self.found += 1
            self._finds.mkdir(parents=True, exist_ok=True)
            saved = self._finds / f"{kind}-{number}"
            saved.write_bytes(content)
            print(f"find: {saved}: {wrong[:300]}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", help=f"{', '.join(KINDS)}; all by default")
    parser.add_argument("--seconds", type=float, default=60.0, help="of processor time")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--finds", type=Path, default=Path("build/fuzz"))
    arguments = parser.parse_args()
    seed = random.randrange(10**9) if arguments.seed is None else arguments.seed
    with tempfile.TemporaryDirectory() as folder:
        fuzzing = Fuzzing(Path(folder), arguments.finds)
        fuzzing.run(arguments.kinds or list(KINDS), seed, arguments.seconds)
    print(f"seed {seed}: {fuzzing.tried:,} inputs, {fuzzing.found} finds, slowest {fuzzing.slowest:.2f} s")
    return 1 if fuzzing.found else 0


if __name__ == "__main__":
    raise SystemExit(main())
