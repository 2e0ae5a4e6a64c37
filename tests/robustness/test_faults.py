"""Processes that are killed, disks that are full, caches that cannot be written, files that change."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.hostile import BUCKET
from tests.support.processes import uncounted

if sys.platform == "win32":
    pytest.skip("needs POSIX processes", allow_module_level=True)
import resource

TARGETS = 40


def estate(folder: Path) -> Path:
    work = folder / "work"
    work.mkdir()
    for number in range(TARGETS):
        work.joinpath(f"t{number}.yaml").write_text(BUCKET.replace("B:", f"B{number}:"))
    return work


def start(work: Path, store: Path, *arguments: str, **options: object) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "mlwa_lint", "check", ".", *arguments]
    # Not measured: what notes coverage would meet the same full disk, and most of these are killed.
    environment = {**uncounted(), "MLWA_LINT_CACHE_DIR": str(store)}
    given: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command, cwd=work, env=environment, **given)  # type: ignore[call-overload, no-any-return]


def whole(work: Path, store: Path, *arguments: str) -> bytes:
    """The output of an undisturbed run."""
    process = start(work, store, *arguments)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (1, b"")
    return bytes(out)


def refuse_pieces(folder: Path) -> None:
    """Every entry of a cache is whole, whatever became of the run that wrote it."""
    for path in folder.rglob("*"):
        if path.is_file() and len(path.name) == 32:
            json.loads(path.read_bytes()[32:])


RULES = '''
import os, signal, time
from mlwa_lint.rule import Claim, Remedy, rule

@rule("TSO001", "fatal", "low", practices=(), on=("AWS::S3::Bucket",), remedy=Remedy("a", "b"), scope="all")
def fatal(bucket, graph):
    """It kills its process."""
    if bucket.address == "B7":
        {body}
    yield from ()
'''


def test_a_worker_that_is_killed_takes_nothing_with_it(tmp_path: Path) -> None:
    work = estate(tmp_path)
    body = "os.kill(os.getpid(), signal.SIGKILL)"
    work.joinpath("rules.py").write_text(RULES.replace("{body}", body).replace(', scope="all"', ""))
    expected = json.loads(whole(work, tmp_path / "a", "--format", "json", "--jobs", "1"))
    process = start(work, tmp_path / "b", "--rules", "rules.py", "--format", "json", "--jobs", "3")
    out, err = process.communicate(timeout=120)
    found = json.loads(out)
    assert process.returncode == 3
    assert b"t7.yaml: internal error: linting failed (its worker process was ended by SIGKILL); " in err
    assert (
        b"where memory ran out, run it again with --jobs 1; otherwise this is a bug, please report it" in err
    )
    others = [each for each in expected["findings"] if each["path"] != "t7.yaml"]
    assert [each for each in found["findings"] if each["path"] != "t7.yaml"] == others
    refuse_pieces(tmp_path / "b")


def test_a_module_that_a_worker_cannot_import_is_named(tmp_path: Path) -> None:
    """Files of mlwa-lint that are removed while it runs: simulated by a rule, in its process."""
    work = estate(tmp_path)
    body = "import sys; sys.modules['mlwa_lint.run.packing'] = None"
    rule = RULES.replace("{body}", body).replace(', scope="all"', "").replace('"B7"', '"B1"')
    work.joinpath("rules.py").write_text(rule)
    process = start(
        work, tmp_path / "a", "--rules", "rules.py", "--format", "json", "--jobs", "2", "--no-cache"
    )
    out, err = process.communicate(timeout=120)
    assert process.returncode == 3
    line = next(each for each in err.decode().splitlines() if "internal error" in each)
    assert (
        "internal error: linting failed (ModuleNotFoundError: import of mlwa_lint.run.packing halted" in line
    )
    assert (
        "; where files of mlwa-lint are missing or were changed while it ran, run it again or install" in line
    )
    assert "t1.yaml" in {each["path"] for each in json.loads(out)["findings"]}


def test_a_run_that_is_killed_leaves_nothing_half_written(tmp_path: Path) -> None:
    work, store = estate(tmp_path), tmp_path / "store"
    report = tmp_path / "report.json"
    report.write_text("the report of yesterday")
    for delay in (0.05, 0.15, 0.25, 0.35):
        process = start(work, store, "--jobs", "2", "--format", f"json:{report}", start_new_session=True)
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        text = report.read_text()
        assert text == "the report of yesterday" or json.loads(text)["version"]
        refuse_pieces(store)
    assert whole(work, store, "-q") == whole(work, tmp_path / "fresh", "-q")
    left = [path.name for path in tmp_path.iterdir() if path.name.endswith(".tmp")]
    assert len(left) <= 4


def test_a_full_disk_keeps_the_old_report_and_is_reported(tmp_path: Path) -> None:
    """A limit on the size of files simulates the disk: writing fails in the middle."""
    work = estate(tmp_path)
    report = tmp_path / "report.json"
    report.write_text("the report of yesterday")

    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    process = start(work, tmp_path / "store", "--format", f"json:{report}", preexec_fn=small_disk)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert err.decode().splitlines() == [f"mlwa-lint: error: cannot write {report}: File too large"]
    assert report.read_text() == "the report of yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["work", "report.json"] or not list(
        tmp_path.glob("*.tmp")
    )
    refuse_pieces(tmp_path / "store")


def test_a_full_disk_under_standard_output_is_reported(tmp_path: Path) -> None:
    work = estate(tmp_path)
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with Path("/dev/full").open("wb") as full:
        process = start(work, tmp_path / "store", stdout=full)
        _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert err.decode().splitlines() == ["mlwa-lint: error: cannot write the output: No space left on device"]


@pytest.mark.parametrize("kind", ["file", "folder of others", "link to nowhere"])
def test_a_cache_that_cannot_be_written_changes_nothing(tmp_path: Path, kind: str) -> None:
    work, store = estate(tmp_path), tmp_path / "store"
    if kind == "file":
        store.write_text("a file")
    elif kind == "link to nowhere":
        store.symlink_to("/proc/nowhere")
    else:
        store.mkdir()
        for shard in range(256):
            store.joinpath(f"{shard:02x}").write_text("a file")
    assert whole(work, store, "-q") == whole(work, tmp_path / "fresh", "-q")


def test_a_read_only_cache_is_used_and_not_written(tmp_path: Path) -> None:
    work, store = estate(tmp_path), tmp_path / "store"
    expected = whole(work, store, "-q")
    before = sorted(path.name for path in store.rglob("*"))
    for path in (store, *store.iterdir()):
        path.chmod(0o500)
    work.joinpath("t0.yaml").write_text(BUCKET.replace("B:", "New:"))
    changed = whole(work, store, "-q")
    assert changed != expected
    assert changed == whole(work, tmp_path / "fresh", "-q")
    if os.geteuid() != 0:
        assert sorted(path.name for path in store.rglob("*")) == before
    for path in (store, *store.iterdir()):
        if path.is_dir():
            path.chmod(0o700)


def test_twenty_runs_at_once_report_the_same(tmp_path: Path) -> None:
    work, store = estate(tmp_path), tmp_path / "store"
    running = [start(work, store, "-q") for _ in range(20)]
    stated = {process.communicate(timeout=300) for process in running}
    assert stated == {(whole(work, tmp_path / "fresh", "-q"), b"")}
    refuse_pieces(store)
    assert not list(store.rglob("*.tmp"))


def test_more_workers_than_descriptors(tmp_path: Path) -> None:
    work = estate(tmp_path)

    def few_descriptors() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))

    process = start(work, tmp_path / "a", "-q", "--jobs", "40", preexec_fn=few_descriptors)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (1, b"")
    assert out == whole(work, tmp_path / "b", "-q", "--jobs", "1")


def test_descriptors_beyond_a_thousand(tmp_path: Path) -> None:
    """`select` takes none above 1023; a parent may have left as many open."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2048:
        pytest.skip("the system allows no more descriptors")
    work = estate(tmp_path)

    def many_descriptors() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (2048, hard))
        null = os.open(os.devnull, os.O_RDONLY)
        for number in range(20, 1100):
            os.dup2(null, number)

    process = start(work, tmp_path / "a", "-q", "--jobs", "4", preexec_fn=many_descriptors, close_fds=False)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (1, b"")
    assert out == whole(work, tmp_path / "b", "-q", "--jobs", "1")


def test_files_that_change_between_runs_and_while_they_are_read(tmp_path: Path) -> None:
    """The cache never gives an answer about another content than that which is there."""
    work, store = estate(tmp_path), tmp_path / "store"
    path = work / "t0.yaml"
    contents = [BUCKET.replace("B:", "Old:"), BUCKET.replace("B:", "New:") + "#" * 5000]
    program = f"""
import os, time
end = time.time() + 3
while time.time() < end:
    for content in {contents!r}:
        with open({str(path)!r} + ".next", "w") as file:
            file.write(content)
        os.replace({str(path)!r} + ".next", {str(path)!r})
"""
    writer = subprocess.Popen([sys.executable, "-c", program])
    try:
        while writer.poll() is None:
            start(work, store, "-q").communicate(timeout=120)
    finally:
        writer.kill()
        writer.wait()
    for content, name in zip(contents, (b"Old", b"New"), strict=True):
        path.write_text(content)
        stated = whole(work, store, "-q")
        assert stated == whole(work, tmp_path / f"fresh-{name.decode()}", "-q")
        assert name in stated
