"""Scans a fleet made from seeds with every engine, and compares rows, throughput, memory and cost.

python benchmarks/fleet.py [--work DIR] [--repositories 2000] [--sizes 250 500 1000 2000]
                           [--engines local dask ray]

Needs the extras fleet, dask and ray. Seconds are wall-clock time unless stated otherwise. Every scan runs in
a process of its own; memory is that of its largest process, and of all that it has started.
"""

import argparse
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as parquet

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.generators import module, template

ROOT = Path(__file__).parent.parent
REAL = (ROOT / "fixtures" / "architectures", ROOT / "fixtures" / "deployments", ROOT / "fixtures" / "rules")
TABLES = ("findings", "undecided", "resources", "repositories")
WORKERS = 2
_TICK = 0.05


class Cost(NamedTuple):
    """What a command cost: seconds of CPU and on the clock, and its largest process's memory in MB."""

    cpu: float
    clock: float
    memory: float


def make(folder: Path, number: int) -> None:
    """A fleet: templates and modules from seeds, and in every fourth repository a real one of `fixtures/`."""
    real = sorted(path for base in REAL for path in base.rglob("*.yaml"))
    for seed in range(number):
        repository = folder / f"team-{seed % 20:02d}" / f"service-{seed:04d}"
        (repository / "infrastructure").mkdir(parents=True)
        (repository / ".git").mkdir()
        (repository / ".git" / "HEAD").write_text(f"{seed:040x}\n")
        size = (40, 80, 160)[seed % 3]
        text = template(seed, lines=size, ordinary=seed % 5 > 1)
        (repository / "infrastructure" / "stack.yaml").write_text(text)
        if seed % 3 == 0:
            (repository / "terraform").mkdir()
            (repository / "terraform" / "main.tf").write_text(module(seed, lines=size))
        if seed % 4 == 0:
            shutil.copy(real[seed // 4 % len(real)], repository / "real.yaml")


def measured(command: Sequence[object], folder: Path) -> Cost:
    """Runs a command; its cost includes that of the processes that it starts."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'rules'}",
        "MLWA_LINT_CACHE_DIR": str(folder / "cache"),
    }
    started = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    largest = 0.0
    while process.poll() is None:
        largest = max([largest, *(_resident(each) for each in _family(process.pid))])
        time.sleep(_TICK)
    used = os.times()
    return Cost(used.children_user + used.children_system, time.monotonic() - started, largest)


def _family(process: int) -> Iterator[int]:
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _resident(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, IndexError):
        return 0.0


def scanned(fleet: Path, dataset: Path, engine: str) -> Cost:
    """Scans a fleet."""
    shutil.rmtree(dataset, ignore_errors=True)
    scan = (sys.executable, "-m", "mlwa_lint", "fleet", "scan", fleet, "--out", dataset, "--engine", engine)
    before = os.times()
    cost = measured((*scan, "--jobs", WORKERS, "-q"), fleet.parent)
    memory = max([cost.memory, *_memory(dataset)])
    return cost._replace(cpu=cost.cpu - before.children_user - before.children_system, memory=memory)


def _memory(dataset: Path) -> list[float]:
    """The most memory of each process that linted."""
    found = parquet.read_table(next((dataset / "attempts").glob("*/*.parquet")))
    return [each for each in found.column("memory").to_pylist() if each is not None]


def checked(fleet: Path, *, each: bool) -> Cost:
    """Lints a fleet with plain `check`: all of it in one run, or each repository in a run of its own."""
    check = f'"{sys.executable}" -m mlwa_lint check --no-cache -q --exit-zero'
    one = f"cd {fleet} && {check} --jobs {WORKERS} ."
    several = f"ls -d {fleet}/*/* | xargs -P {WORKERS} -I CHECKOUT sh -c 'cd CHECKOUT && {check} --jobs 1 .'"
    before = os.times()
    cost = measured(("bash", "-c", several if each else one), fleet.parent)
    return cost._replace(cpu=cost.cpu - before.children_user - before.children_system)


def same_rows(one: Path, other: Path) -> bool:
    """Whether two datasets hold the same rows, byte for byte."""
    return all(_content(one, table) == _content(other, table) for table in TABLES)


def _content(dataset: Path, table: str) -> bytes:
    return next((dataset / table).glob("*/*.parquet")).read_bytes()


def rows(dataset: Path, table: str) -> int:
    found: int = parquet.read_metadata(next((dataset / table).glob("*/*.parquet"))).num_rows
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, default=Path("build/fleet"), help="where to work")
    parser.add_argument("--repositories", type=int, default=2000)
    parser.add_argument("--sizes", type=int, nargs="*", default=[250, 500, 1000, 2000])
    parser.add_argument("--engines", nargs="*", default=["local", "dask", "ray"])
    arguments = parser.parse_args()
    work: Path = arguments.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    fleets = {size: work / f"fleet-{size}" for size in sorted({*arguments.sizes, arguments.repositories})}
    for size, fleet in fleets.items():
        make(fleet, size)
    if arguments.engines:
        compare_engines(fleets[arguments.repositories], work, arguments.repositories, arguments.engines)
    growth(fleets, work, arguments.sizes)
    compare_runs(fleets[min(fleets)], min(fleets))


def compare_runs(fleet: Path, number: int) -> None:
    """Prints what it costs to run `check` for each repository instead of once for all."""
    alone, together = checked(fleet, each=True), checked(fleet, each=False)
    ratio, cpu = alone.clock / together.clock, alone.cpu / together.cpu
    what = f"A run of `check` for each of {number:,} repositories, {WORKERS} at a time,"
    print(f"\n{what} takes {ratio:.1f} times as long as one run for all, and {cpu:.1f} times the CPU time.")


def compare_engines(fleet: Path, work: Path, number: int, engines: Sequence[str]) -> None:
    """Prints a table of the engines beside plain `check`."""
    plain = checked(fleet, each=False)
    print(f"{number:,} repositories; seconds are those of {WORKERS} workers on the clock.\n")
    print("| | clock | times `check` | CPU | repositories a second | largest process | rows |")
    print("|---|---:|---:|---:|---:|---:|---|")
    print(_line("`check`, all in one run", plain, plain, number, ""), flush=True)
    for engine in engines:
        dataset = work / engine
        cost = scanned(fleet, dataset, engine)
        result = f"{rows(dataset, 'findings'):,} findings"
        if engine != engines[0]:
            result = "the same bytes" if same_rows(work / engines[0], dataset) else "DIFFERENT"
        print(_line(f"`--engine {engine}`", cost, plain, number, result), flush=True)


def _line(name: str, cost: Cost, plain: Cost, number: int, result: str) -> str:
    cpu = "" if "ray" in name else f"{cost.cpu:.1f}"  # Ray's processes are not children of this one
    return (
        f"| {name} | {cost.clock:.1f} | {cost.clock / plain.clock:.2f} | {cpu} "
        f"| {number / cost.clock:.1f} | {cost.memory:.0f} MB | {result} |"
    )


def growth(fleets: dict[int, Path], work: Path, sizes: Sequence[int]) -> None:
    """Prints how the cost of the local engine grows; what a scan of one repository costs is taken off."""
    make(work / "fleet-1", 1)
    start = scanned(work / "fleet-1", work / "start", "local")
    print("\n| repositories | clock | CPU | CPU for each, in ms | largest process |")
    print("|---:|---:|---:|---:|---:|")
    found = []
    for size in sizes:
        cost = scanned(fleets[size], work / "growth", "local")
        found.append((size, cost.cpu - start.cpu))
        each = 1000 * (cost.cpu - start.cpu) / size
        print(
            f"| {size:,} | {cost.clock:.1f} | {cost.cpu:.1f} | {each:.0f} | {cost.memory:.0f} MB |",
            flush=True,
        )
    (least, first), (most, last) = found[0], found[-1]
    print(f"\nExponent from {least:,} to {most:,}: {math.log(last / first) / math.log(most / least):.2f}")


if __name__ == "__main__":
    main()
