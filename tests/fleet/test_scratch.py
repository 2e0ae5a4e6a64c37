"""Scratch folders: what dead processes leave is deleted, what living ones use is not."""

import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

from mlwa_lint.fleet.scratch import Scratch, delete, one_of


def test_what_a_dead_process_has_left_is_deleted_and_nothing_else(tmp_path: Path) -> None:
    living = Scratch(str(tmp_path))
    (living.new() / "clone").mkdir()
    code = (
        "import os, sys\nfrom mlwa_lint.fleet.scratch import Scratch\n"
        "(Scratch(sys.argv[1]).new() / 'clone').mkdir()\nos.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    (tmp_path / "mlwa-fleet-of-somebody").mkdir()
    assert len(list(tmp_path.iterdir())) == 3
    another = Scratch(str(tmp_path))
    assert {each.name for each in tmp_path.iterdir()} == {
        living.folder.name,
        another.folder.name,
        "mlwa-fleet-of-somebody",
    }
    for each in (living, another):
        each.close()
        assert not each.folder.exists()


def test_folders_that_forbid_it_are_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "file").write_text("x")
    folder.chmod(0o500)
    (tmp_path / "a").chmod(0o500)
    delete(tmp_path / "a")
    assert not (tmp_path / "a").exists()


def _enter(name: str, inside: "multiprocessing.Queue[tuple[str, float]]") -> None:
    with one_of(2, name):
        inside.put(("in", time.monotonic()))
        time.sleep(0.5)
        inside.put(("out", time.monotonic()))


def test_so_many_processes_of_a_machine_at_a_time(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    inside: multiprocessing.Queue[tuple[str, float]] = context.Queue()
    processes = [context.Process(target=_enter, args=(tmp_path.name, inside)) for _ in range(5)]
    for process in processes:
        process.start()
    events = sorted((inside.get(timeout=60) for _ in range(10)), key=lambda event: event[1])
    for process in processes:
        process.join()
    most = now = 0
    for kind, _ in events:
        now += 1 if kind == "in" else -1
        most = max(most, now)
    assert 1 <= most <= 2
