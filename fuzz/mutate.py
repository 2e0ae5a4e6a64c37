"""Structure-aware mutation of the fixtures, for a bounded time: what CI runs where atheris is not to be had.

    python fuzz/mutate.py [--seconds 60] [--seed N] [--finds DIR] [--files DIR] [--reports FILE] [KIND …]

Trees of templates, plans, CDK assemblies and the documents inside of templates, the syntax trees of Python
programs, and the lines and tokens of modules are cut, repeated, swapped with each other's and planted with
hostile values; each result goes through the whole pipeline. A find is an exception
that leaves it, an internal error, a rule that fails, and whatever takes longer than ten seconds of processor
time. Each run names its seed: with the same one it tries the same inputs. `--files` adds the templates,
modules and programs below a folder to the fixtures. `--reports` writes a digest of each report: two runs with
the same seed and another PYTHONHASHSEED must write the same lines. Finds become tests before they are fixed.
"""

import argparse
import copy
import hashlib
import json
import random
import re
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parent.parent / "rules"))
sys.path.insert(0, str(Path(__file__).parent.parent))

from fuzz.documents import documents_in, template_of, write_assembly
from fuzz.programs import mutated_program, notebook, parsed
from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.discovery.target import Target, TargetKind
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.report import Report
from mlwa_lint.run.packing import packed
from mlwa_lint.run.pipeline import lint_target
from mlwa_lint.run.settings import RunSettings

ROOT = Path(__file__).parent.parent
SLOW_SECONDS = 10.0
# An input that takes longer is given up.
ENDLESS_SECONDS = 60.0
# Files of other people that are larger are left out: what is mutated should be what takes the time.
LARGEST_FILE = 60_000
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
_OF_TEMPLATES = (".yaml", ".yml", ".json", ".template")
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
    """The content of those YAML and JSON files that can be read."""
    for path in paths:
        try:
            tree = yaml.load(path.read_text(encoding="utf-8"), _Loader)
        except (yaml.YAMLError, UnicodeDecodeError, TypeError, ValueError):
            continue
        if isinstance(tree, dict) and _is_template(path, tree):
            yield json.loads(json.dumps(tree, default=str))


def _readable(folder: Path) -> list[Path]:
    """The files below a folder that are text and not large."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (*_OF_TEMPLATES, ".tf", ".py") or not path.is_file():
            continue
        try:
            if path.stat().st_size <= LARGEST_FILE:
                path.read_text(encoding="utf-8")
                found.append(path)
        except (OSError, UnicodeDecodeError):
            continue
    return found


def _is_template(path: Path, tree: Any) -> bool:
    """Whether a tree is worth being mutated: of the files of others, only templates are."""
    return path.is_relative_to(ROOT) or isinstance(tree.get("Resources"), dict)


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


class _EndlessError(BaseException):
    """An input takes longer than anything should."""


def _give_up(*_: object) -> None:
    raise _EndlessError


KINDS = ("template", "module", "plan", "document", "assembly", "program", "notebook")
Make = Callable[[random.Random], str]


class Fuzzing:
    """Inputs of one kind, made of the fixtures, through the whole pipeline."""

    def __init__(
        self, folder: Path, finds: Path, others: Path | None = None, reports: Path | None = None
    ) -> None:
        self._folder = folder
        self._finds = finds
        self._others = others
        self._reports = reports
        self._settings = RunSettings(load_rules().rules, LoadOptions(root=folder), scope="all")
        self.tried = 0
        self.found = 0
        self.slowest = 0.0

    def makers(self, kinds: list[str]) -> dict[str, tuple[Make, Target]]:
        """How inputs of some kinds are made and written, and what is linted then."""
        fixtures = sorted(path for path in (ROOT / "fixtures").rglob("*") if path.is_file())
        if self._others is not None:
            fixtures += _readable(self._others)
        made: dict[str, tuple[Make, Target]] = {}
        if {"template", "document"} & {*kinds}:
            made |= self._of_templates(list(trees([p for p in fixtures if p.suffix in _OF_TEMPLATES])))
        if "module" in kinds:
            texts = [path.read_text(encoding="utf-8") for path in fixtures if path.suffix == ".tf"]
            made["module"] = self._made(
                "m/main.tf", "terraform", lambda dice: mutated_text(dice.choice(texts), texts, dice), "m"
            )
        if "plan" in kinds:
            plans = list(trees(sorted((ROOT / "tests" / "data" / "plans").rglob("*.json"))))
            plans += list(trees(sorted((ROOT / "fuzz" / "seeds" / "plan").glob("*"))))
            made["plan"] = self._made(
                "plan.json", "plan", lambda dice: mutated_tree(dice.choice(plans), plans, dice)
            )
        if "assembly" in kinds:
            source = ROOT / "fixtures" / "cdk" / "assembly"
            made["assembly"] = (
                lambda dice: write_assembly(source, self._folder / "cdk.out", mutated_tree, dice),
                Target("cdk", str(self._folder / "cdk.out")),
            )
        if {"program", "notebook"} & {*kinds}:
            made |= self._of_programs([p for p in fixtures if p.suffix == ".py"])
        return made

    def _of_templates(self, found: list[Any]) -> dict[str, tuple[Make, Target]]:
        documents = [document for tree in found for document in documents_in(tree)]
        for name in ("states", "pipeline"):
            documents += trees(sorted((ROOT / "fuzz" / "seeds" / name).glob("*")))
        return {
            "template": self._made(
                "t.json", "cloudformation", lambda dice: mutated_tree(dice.choice(found), found, dice)
            ),
            "document": self._made(
                "d.json",
                "cloudformation",
                lambda dice: template_of(dice.choice(documents), documents, mutated_tree, dice),
            ),
        }

    def _of_programs(self, paths: list[Path]) -> dict[str, tuple[Make, Target]]:
        programs = parsed([path.read_text(encoding="utf-8") for path in paths])

        def make(dice: random.Random) -> str:
            return mutated_program(dice.choice(programs), programs, dice)

        return {
            "program": self._made("p/program.py", "python", make),
            "notebook": self._made("p/book.ipynb", "python", lambda dice: notebook(make(dice), dice)),
        }

    def _made(self, name: str, kind: TargetKind, make: Make, target: str = "") -> tuple[Make, Target]:
        path = self._folder / name

        def write(dice: random.Random) -> str:
            content = make(dice)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content.encode("utf-8", "surrogatepass"))
            return content

        return write, Target(kind, str(self._folder / (target or name)))

    def run(self, kinds: list[str], seed: int, seconds: float) -> None:
        """Tries inputs until the processor time is used up."""
        makers = self.makers(kinds)
        end = time.process_time() + seconds
        number = 0
        while time.process_time() < end:
            kind = kinds[number % len(kinds)]
            number += 1
            make, target = makers[kind]
            content = make(random.Random(f"{seed} {number}")).encode("utf-8", "surrogatepass")
            self._try(kind, f"{seed}-{number}", content, target)

    def _try(self, kind: str, number: str, content: bytes, target: Target) -> None:
        before = time.process_time()
        wrong = ""
        signal.signal(signal.SIGVTALRM, _give_up)
        signal.setitimer(signal.ITIMER_VIRTUAL, ENDLESS_SECONDS)
        try:
            report: Report = lint_target(target, self._settings)
            wrong = "; ".join(f"{each.code} {each.message}" for each in report.errors)
            self._note(f"{kind}-{number}", report)
        except (Exception, _EndlessError) as error:  # noqa: BLE001 - that is what is looked for
            wrong = f"{type(error).__name__}: {error}"
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
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

    def _note(self, name: str, report: Report) -> None:
        if self._reports is not None:
            # By its name: paths are given from where the run is, be that beside the folder.
            data = packed(report).replace(self._folder.name.encode(), b"")
            with self._reports.open("a", encoding="utf-8") as file:
                file.write(f"{name} {hashlib.sha256(data).hexdigest()[:16]}\n")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)}; all by default")
    parser.add_argument("--seconds", type=float, default=60.0, help="of processor time")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--finds", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--files", type=Path, default=None, help="a folder with more files to mutate")
    parser.add_argument("--reports", type=Path, default=None, help="where digests of the reports are written")
    arguments = parser.parse_args()
    if wrong := [each for each in arguments.kinds if each not in KINDS]:
        parser.error(f"{wrong[0]} is none of {', '.join(KINDS)}")
    seed = random.randrange(10**9) if arguments.seed is None else arguments.seed
    with tempfile.TemporaryDirectory() as folder:
        fuzzing = Fuzzing(Path(folder), arguments.finds, arguments.files, arguments.reports)
        fuzzing.run(arguments.kinds or list(KINDS), seed, arguments.seconds)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"seed {seed}: {fuzzing.tried:,} inputs, {fuzzing.found} finds, slowest {fuzzing.slowest:.2f} s, "
        f"at most {memory:.0f} MB"
    )
    return 1 if fuzzing.found else 0


if __name__ == "__main__":
    raise SystemExit(main())
