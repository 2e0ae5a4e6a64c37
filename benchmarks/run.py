"""Compares mlwa-lint with cfn-lint and Checkov on the same files, in CPU time.

python benchmarks/run.py [--work DIR] [--output docs/performance.md] [--scale 1.0]

Needs pip and a network for the first run: each tool gets an environment of its own below DIR.
"""

import argparse
import datetime
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.generators import module, template

ROOT = Path(__file__).parent.parent
RESOURCES = (100, 400, 1600, 6400)
TEMPLATES, MODULES = 300, 100
FOREIGN = 100  # templates from cfn-lint's source archive, which the generators would not think of
SEED = 20
REPEATS = 15
SMALL = 200


Command: TypeAlias = Sequence[object]


class Cost(NamedTuple):
    """What a command cost: seconds of CPU and on the clock, and its largest process's memory in MB."""

    cpu: float
    clock: float
    memory: float


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, default=Path("build/benchmarks"), help="where to work")
    parser.add_argument("--output", type=Path, help="write the report there, too")
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the 500 files to take")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    tools = Tools(work)
    inputs = Inputs(work, tools, arguments.scale)
    report = "\n".join(lines(tools, inputs)) + "\n"
    sys.stdout.write(report)
    if arguments.output:
        arguments.output.write_text(report, encoding="utf-8")
    return 0


# -- what is compared


class Tools:
    """The tools, each installed into an environment of its own."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self.ours = self._environment("ours", str(_copy_of_ours(work)), again=True)
        self.cfn_lint = self._environment("cfn-lint", "cfn-lint")
        self.checkov = self._environment("checkov", "checkov")

    def version(self, folder: Path, package: str) -> str:
        listed = subprocess.run(
            [folder / "python", "-m", "pip", "show", package], capture_output=True, text=True, check=True
        )
        return next(line.split()[1] for line in listed.stdout.splitlines() if line.startswith("Version"))

    def _environment(self, name: str, package: str, again: bool = False) -> Path:
        folder = self._work / name
        scripts = folder / ("Scripts" if os.name == "nt" else "bin")
        if not folder.exists():
            venv.create(folder, with_pip=True)
            again = True
        if again:
            command = [str(scripts / "python"), "-m", "pip", "install", "-q", "--upgrade", package]
            subprocess.run(command, check=True)
        return scripts


def _copy_of_ours(work: Path) -> Path:
    """This tree as it is released: with the index of rules."""
    copy = work / "source"
    shutil.rmtree(copy, ignore_errors=True)
    skipped = shutil.ignore_patterns(".git", "__pycache__", "build", "*.egg-info", ".*_cache")
    shutil.copytree(ROOT, copy, ignore=skipped)
    subprocess.run([sys.executable, copy / "scripts" / "build_index.py"], check=True)
    return copy


class Inputs:
    """The files, made from seeds and taken from cfn-lint's source archive."""

    def __init__(self, work: Path, tools: Tools, scale: float) -> None:
        folder = work / "inputs"
        shutil.rmtree(folder, ignore_errors=True)
        self.small = folder / "small.yaml"
        self.small_module = folder / "small"
        self.templates = folder / "mixed" / "templates"
        self.modules = folder / "mixed" / "modules"
        self.mixed = folder / "mixed"
        self.templates.mkdir(parents=True)
        self.small.write_text(template(SEED, lines=SMALL))
        _write_module(self.small_module, module(SEED, lines=SMALL))
        for number in range(int(TEMPLATES * scale)):
            size = (60, 100, 200, 300)[number % 4]
            text = template(SEED + number, lines=size, ordinary=number % 3 > 0)
            self.templates.joinpath(f"made{number:03}.yaml").write_text(text)
        for number in range(int(MODULES * scale)):
            size = (60, 100, 200, 300)[number % 4]
            text = module(SEED + number, lines=size, ordinary=number % 3 > 0)
            _write_module(self.modules / f"module{number:03}", text)
        for number, (ending, content) in enumerate(_foreign_templates(work, tools)):
            if number < int(FOREIGN * scale):
                self.templates.joinpath(f"taken{number:03}{ending}").write_bytes(content)
        self.grown = {}
        for resources in RESOURCES:
            grown = folder / f"grown{resources}.yaml"
            grown.write_text(template(SEED, resources=resources))
            grown_module = folder / f"grown{resources}"
            _write_module(grown_module, module(SEED, resources=resources))
            self.grown[resources] = (grown, grown_module)


def _write_module(folder: Path, text: str) -> None:
    folder.mkdir(parents=True)
    folder.joinpath("main.tf").write_text(text)


def _foreign_templates(work: Path, tools: Tools) -> Iterator[tuple[str, bytes]]:
    version = tools.version(tools.cfn_lint, "cfn-lint")
    archive = work / f"cfn_lint-{version}.tar.gz"
    if not archive.exists():
        command = [
            str(tools.ours / "python"),
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-binary",
            ":all:",
        ]
        subprocess.run([*command, f"cfn-lint=={version}", "-d", str(work)], check=True)
    with tarfile.open(archive) as packed:
        for member in sorted(packed.getmembers(), key=lambda each: each.name):
            path = Path(member.name)
            if (
                "templates/" in member.name
                and "/bad/" not in member.name
                and path.suffix in (".yaml", ".yml", ".json")
            ):
                content = packed.extractfile(member)
                text = content.read() if content else b""
                if b"AWS::" in text and b"Transform" not in text and b"Rain::" not in text:
                    yield path.suffix, text


# -- measuring


def cost(command: Command, folder: Path | None = None, cache: Path | None = None) -> Cost:
    """Runs a command, whatever its exit code."""
    environment = {**os.environ, "LOG_LEVEL": "ERROR"}
    if cache is not None:
        environment["MLWA_LINT_CACHE_DIR"] = str(cache)
    start = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, _, usage = os.wait4(process.pid, 0)
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss * unit / 1_000_000)


def least(*commands: Command, repeats: int = REPEATS) -> list[Cost]:
    """The least of several runs of each command, taken in turn, so that all see the same machine."""
    runs = [[cost(command) for command in commands] for _ in range(repeats)]
    return [min(each) for each in zip(*runs, strict=True)]


# -- the report


def lines(tools: Tools, inputs: Inputs) -> Iterator[str]:
    check = [tools.ours / "mlwa-lint", "check", "--no-cache", "--jobs", "1"]
    cfn_lint, checkov = [tools.cfn_lint / "cfn-lint"], [tools.checkov / "checkov", "--quiet", "--compact"]
    yield "# Performance"
    yield ""
    yield "Made by `benchmarks/run.py`; run it to get the figures of your own machine."
    yield ""
    yield (
        f"{datetime.date.today():%d %B %Y}, {_processor()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, mlwa-lint {tools.version(tools.ours, 'mlwa-lint')}, "
        f"cfn-lint {tools.version(tools.cfn_lint, 'cfn-lint')}, "
        f"Checkov {tools.version(tools.checkov, 'checkov')}. "
        "Seconds are of CPU time (user and system), with one job and without the cache, unless it says "
        "otherwise; memory is the peak of the largest process."
    )
    yield ""
    yield from _start(tools, inputs, check, cfn_lint, checkov)
    yield from _throughput(inputs, check, cfn_lint, checkov)
    yield from _parallel(tools, inputs)
    yield from _growth(inputs, check)
    yield from _cache()


def _start(
    tools: Tools, inputs: Inputs, check: Command, cfn_lint: Command, checkov: Command
) -> Iterator[str]:
    base, one, two = least(
        [tools.ours / "python", "-c", "import click, yaml"],
        [*check, inputs.small],
        [*check, inputs.small_module],
    )
    foreign = least([*cfn_lint, inputs.small], [*checkov, "-f", inputs.small], repeats=2)
    foreign += least([*checkov, "-d", inputs.small_module], repeats=2)
    yield "## One file"
    yield ""
    milliseconds = f"{base.cpu * 1000:.0f} ms"
    yield f'`python -c "import click, yaml"` takes {milliseconds} here; that is the unit of *ratio*.'
    yield ""
    yield "| | seconds | ratio | memory |"
    yield "|---|---:|---:|---:|"
    for name, each in (
        (f"mlwa-lint, template of {SMALL} lines", one),
        (f"mlwa-lint, Terraform module of {SMALL} lines", two),
        ("cfn-lint, the same template", foreign[0]),
        ("Checkov, the same template", foreign[1]),
        ("Checkov, the same module", foreign[2]),
    ):
        yield f"| {name} | {each.cpu:.3f} | {each.cpu / base.cpu:.2f} | {each.memory:.0f} MB |"
    yield ""


def _throughput(inputs: Inputs, check: Command, cfn_lint: Command, checkov: Command) -> Iterator[str]:
    templates = sorted(inputs.templates.iterdir())
    number = len(templates) + len(list(inputs.modules.iterdir()))
    taken = sum(path.name.startswith("taken") for path in templates)
    all_ours, ours = least([*check, inputs.mixed], [*check, inputs.templates], repeats=2)
    cfn = cost([*cfn_lint, *templates])
    other = cost([*checkov, "-d", inputs.mixed])
    yield f"## {number} files"
    yield ""
    yield (
        f"{len(templates)} templates and {number - len(templates)} Terraform modules in one folder: a third "
        "of those that are made are systems of machine learning, two thirds are ordinary ones; "
        f"{taken} templates are taken from cfn-lint's own tests. cfn-lint reads templates only."
    )
    yield ""
    yield "| | seconds | mlwa-lint on the same files | ratio | memory |"
    yield "|---|---:|---:|---:|---:|"
    for name, theirs, mine in (
        ("Checkov, all files", other, all_ours),
        ("cfn-lint, the templates", cfn, ours),
    ):
        ratio = theirs.cpu / mine.cpu
        yield f"| {name} | {theirs.cpu:.1f} | {mine.cpu:.1f} | {ratio:.1f} | {theirs.memory:.0f} MB |"
    yield f"| mlwa-lint, all files | {all_ours.cpu:.1f} | | 1 | {all_ours.memory:.0f} MB |"
    yield ""


def _parallel(tools: Tools, inputs: Inputs) -> Iterator[str]:
    program = [tools.ours / "mlwa-lint", "check", inputs.mixed]
    cores = os.cpu_count() or 1
    yield "## Several processes, and the cache"
    yield ""
    yield "On the same files, in seconds on the clock."
    yield ""
    yield "| | clock | CPU | memory of the largest process |"
    yield "|---|---:|---:|---:|"
    for jobs in sorted({1, 2, cores}):
        if jobs <= cores:
            each = least([*program, "--no-cache", "--jobs", jobs], repeats=2)[0]
            yield f"| --jobs {jobs} | {each.clock:.2f} | {each.cpu:.2f} | {each.memory:.0f} MB |"
    cache = inputs.mixed.parent / "cache"
    cost(program, cache=cache)
    each = min((cost(program, cache=cache) for _ in range(3)), key=lambda one: one.clock)
    yield f"| unchanged since the last run | {each.clock:.2f} | {each.cpu:.2f} | {each.memory:.0f} MB |"
    yield ""


def _growth(inputs: Inputs, check: Command) -> Iterator[str]:
    yield "## Growth"
    yield ""
    yield "One file with more and more resources."
    yield ""
    yield "| resources | template | per resource | memory | module | per resource | memory |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    for resources, files in inputs.grown.items():
        pieces = []
        for file in files:
            each = least([*check, "--format", "json", file], repeats=2)[0]
            pieces.append(f"{each.cpu:.2f} | {each.cpu / resources * 1000:.2f} ms | {each.memory:.0f} MB")
        yield f"| {resources} | {' | '.join(pieces)} |"
    yield ""


def _cache() -> Iterator[str]:
    yield "## The result cache"
    yield ""
    yield (
        "What a target (a template with its nested stacks, a Terraform module, a plan, a CDK assembly) was "
        "found to hold is kept in the platform's cache folder, or in `MLWA_LINT_CACHE_DIR`, as long as every "
        "file that was read for it, every folder that was listed and every question whether something exists "
        "has the same answer, and as long as version, environment, rules and configuration are the same. "
        "Entries are replaced whole, corrupt ones are ignored, and those not used for longest are deleted "
        "beyond 100 MB. `--no-cache` does without; `mlwa-lint cache clear` deletes it; "
        "`mlwa-lint cache folder` says where it is."
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
