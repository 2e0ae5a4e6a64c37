"""What linting one template costs, as a multiple of what no start can do without.

python benchmarks/single.py FOLDER … [--templates 12] [--rounds 9] [--type AWS::SageMaker::] [--before TREE …]

Of the YAML templates of 4 to 7 kB below the folders, those with the least hashes of their content are taken;
with --type, of those that name such a type. Each is linted alone, without the cache, in rounds: in each round
`python -c "import click, yaml"` and every tree (this one, and other checkouts to compare it with) run one
after the other, so that what else the machine does is the same to all of them. A template's ratio is the
median of its rounds' ratios of CPU time. Bytecode is compiled first, as it is where the package is installed:
without it, every run would compile 200 modules again.
"""

import argparse
import compileall
import hashlib
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOOR = "import click, yaml"
LEAST, MOST = 4_000, 7_000
NOT_OF_INTEREST = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONPYCACHEPREFIX"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--templates", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--type", default="AWS::")
    parser.add_argument("--before", type=Path, action="append", default=[])
    arguments = parser.parse_args()
    trees = [*(each.resolve() for each in arguments.before), ROOT.resolve()]
    for tree in trees:
        compiled(tree)
    templates = chosen(arguments.folders, arguments.type, arguments.templates)
    if not templates:
        raise SystemExit("no such template there")
    print("\n".join(table(trees, [ratios(trees, each, arguments.rounds) for each in templates])))


def compiled(tree: Path) -> None:
    """Writes the bytecode of a tree's modules where the interpreter looks for it."""
    for package in ("mlwa_lint", "rules"):
        if not compileall.compile_dir(tree / package, quiet=1):
            raise SystemExit(f"{tree / package}: its bytecode cannot be written")


def chosen(folders: Sequence[Path], kind: str, number: int) -> list[Path]:
    """The templates with the least hashes, each content once."""
    found = {}
    for path in chain.from_iterable(map(_files, folders)):
        try:
            if not LEAST <= path.stat().st_size <= MOST or not path.is_file():
                continue
            data = path.read_bytes()
        except OSError:
            continue
        if kind.encode() in data and b"Resources:" in data and b"Type:" in data:
            found[hashlib.sha1(data, usedforsecurity=False).hexdigest()] = path.resolve()
    return [path for _, path in sorted(found.items())[:number]]


def _files(folder: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        yield from (Path(top, name) for name in sorted(names) if name.endswith((".yaml", ".yml")))


def ratios(trees: Sequence[Path], template: Path, rounds: int) -> list[float]:
    """For each tree, the median of the rounds' ratios of linting to the floor."""
    found: list[list[float]] = [[] for _ in trees]
    for _ in range(rounds):
        floor = seconds([sys.executable, "-c", FLOOR], None)
        for tree, each in zip(trees, found, strict=True):
            command = [sys.executable, "-m", "mlwa_lint", "check", "--no-cache", str(template)]
            each.append(seconds(command, tree) / floor)
    return [statistics.median(each) for each in found]


def seconds(command: Sequence[str], tree: Path | None) -> float:
    """The CPU time, user and system, of a process that has the modules of a tree."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OF_INTEREST}
    if tree is not None:
        environment["PYTHONPATH"] = f"{tree}{os.pathsep}{tree / 'rules'}"
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, cwd=os.sep, stdout=quiet, stderr=quiet)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"failed with {process.returncode}: {' '.join(command)}")
    return used.ru_utime + used.ru_stime


def table(trees: Sequence[Path], found: Sequence[Sequence[float]]) -> list[str]:
    """A row for each tree: the least, the median and the largest ratio of its templates."""
    lines = [f"| {len(found)} templates | least | median | most |", "|---|---:|---:|---:|"]
    for tree, each in zip(trees, zip(*found, strict=True), strict=True):
        figures = (min(each), statistics.median(each), max(each))
        lines.append(f"| {tree.name} | {' | '.join(f'{figure:.2f}' for figure in figures)} |")
    return lines


if __name__ == "__main__":
    main()
