"""What goes wrong in a scan is a row with its reason: nothing is lost, nothing is there twice."""

import os
import signal
import socket
import subprocess
import tarfile
import time
from io import BytesIO
from pathlib import Path

import pytest

from mlwa_lint.errors import UserError
from mlwa_lint.fleet.dataset import Dataset
from mlwa_lint.fleet.identity import identity
from mlwa_lint.fleet.plan import Limits, Repository
from mlwa_lint.fleet.working import UnfitWorkerError, _Lint, scan_one
from tests.support.fleets import command, content, make_fleet, misbehaving, plan, query, run

REPOSITORIES = "SELECT repository, status, failure FROM repositories ORDER BY 1"
ATTEMPTS = "SELECT attempt, outcome FROM attempts WHERE repository = $$%s$$ ORDER BY 1"


@pytest.fixture
def rule(tmp_path: Path) -> str:
    return misbehaving(tmp_path / "mark")


def test_repositories_that_never_end_eat_memory_or_die_are_rows(tmp_path: Path, rule: str) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["calm", "endless", "hungry", "deadly", "zen"])
    limits = Limits(seconds=8, memory=150)
    done = run(fleet, tmp_path / "ds", plan(rule, limits=limits))
    assert query(tmp_path / "ds", REPOSITORIES) == [
        ("calm", "ok", None),
        ("deadly", "failed", "worker"),
        ("endless", "failed", "time"),
        ("hungry", "failed", "memory"),
        ("zen", "ok", None),
    ]
    assert done.failed["endless"].message == "linting took more than 8 seconds"
    assert done.failed["hungry"].message == "linting took more than 150 MB"
    assert "SIGKILL" in done.failed["deadly"].message
    assert [row[0] for row in query(tmp_path / "ds", ATTEMPTS % "deadly")] == [1, 2, 3], "it was tried again"
    assert query(tmp_path / "ds", "SELECT address FROM findings ORDER BY 1") == [("Calm",), ("Zen",)]


def test_a_worker_that_is_killed_costs_no_repository(tmp_path: Path, rule: str) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["a", "b", "killer", "y", "z"])
    done = run(fleet, tmp_path / "ds", plan(rule))
    assert (done.repositories, done.failed, done.retried) == (5, {}, 1)
    attempts = query(tmp_path / "ds", ATTEMPTS % "killer")
    assert attempts == [(1, "its worker was lost"), (2, "ok")]
    calm = run(fleet, tmp_path / "calm", plan(rule))
    assert calm.retried == 0, "it kills only once"
    assert content(tmp_path / "ds") == content(tmp_path / "calm")


def test_an_archive_that_was_made_to_do_harm_is_a_row(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api"])
    with tarfile.open(fleet / "evil.tar.gz", "w:gz") as archive:
        link = tarfile.TarInfo("way")
        link.type, link.linkname = tarfile.SYMTYPE, ".."
        archive.addfile(link)
        member = tarfile.TarInfo("../../../escaped.yaml")
        member.size = 1
        archive.addfile(member, BytesIO(b"x"))
    (fleet / "broken.zip").write_bytes(b"PK\x03\x04 and so on")
    done = run(fleet, tmp_path / "ds")
    assert query(tmp_path / "ds", REPOSITORIES) == [
        ("api", "ok", None),
        ("broken", "failed", "archive"),
        ("evil", "failed", "archive"),
    ]
    assert "leads out of it, '../../../escaped.yaml'" in done.failed["evil"].message


def test_a_scan_that_is_killed_goes_on_where_it_stopped(tmp_path: Path, rule: str) -> None:
    names = [f"r{number:02d}" for number in range(40)]
    fleet = make_fleet(tmp_path / "fleet", [*names, "zz-endless"])
    (tmp_path / "rule.py").write_text(rule)
    options = ["--select", "TSS901", "--rules", str(tmp_path / "rule.py"), "--timeout", "60", "--jobs", "1"]
    arguments = ["fleet", "scan", str(fleet), "--out", str(tmp_path / "ds"), *options]
    process = subprocess.Popen(command(*arguments), stderr=subprocess.DEVNULL)
    try:
        _wait_for(lambda: len(list((tmp_path / "ds").glob("_unfinished/*/*.arrow"))) >= 2)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert Dataset(str(tmp_path / "ds")).scans == [], "half a scan is none"
    (fleet / "zz-endless" / "template.yaml").unlink()
    again = subprocess.run(command(*arguments, "--resume"), capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert "41 repositories (" in again.stderr
    assert "from before the interruption" in again.stderr
    found = query(tmp_path / "ds", "SELECT repository FROM findings ORDER BY 1")
    assert found == [(name,) for name in names], "each once"
    assert not (tmp_path / "ds" / "_unfinished").exists()


def test_resuming_needs_something_to_resume_and_the_same_options(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api"])
    with pytest.raises(UserError, match="no scan to resume"):
        run(fleet, tmp_path / "ds", resume=True)
    folder = tmp_path / "ds" / "_unfinished" / "2026-01-01T00-00-00Z"
    folder.mkdir(parents=True)
    (folder / "scan.json").write_text('{"plan": "another", "started": "2026-01-01T00:00:00+00:00"}')
    with pytest.raises(UserError, match="other options"):
        run(fleet, tmp_path / "ds", resume=True)


def _wait_for(condition: "object") -> None:
    deadline = time.monotonic() + 60
    assert callable(condition)
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_full_disk_under_the_dataset_ends_the_scan_and_keeps_what_is_done(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", [f"r{number:02d}" for number in range(20)])
    arguments = command("fleet", "scan", str(fleet), "--out", str(tmp_path / "ds"), "--select", "MLS402")
    full = ["bash", "-c", 'ulimit -f 20 && exec "$@"', "full", *arguments]  # no file beyond 20 kB
    done = subprocess.run(full, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert "File too large" in done.stderr
    assert "--resume goes on" in done.stderr
    assert Dataset(str(tmp_path / "ds")).scans == []
    assert list((tmp_path / "ds").rglob("*.tmp")) == [], "nothing half written is left"
    again = subprocess.run([*arguments, "--resume"], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert query(tmp_path / "ds", "SELECT count(DISTINCT repository), count(*) FROM findings") == [(20, 20)]


def test_a_full_disk_under_a_clone_is_a_row(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api"])
    with tarfile.open(fleet / "big.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("big.yaml")
        member.size = 3_000_000
        archive.addfile(member, BytesIO(bytes(3_000_000)))
    done = run(fleet, tmp_path / "ds", plan(limits=Limits(disk=1)))
    assert {name: each.kind for name, each in done.failed.items()} == {"big": "disk"}


def test_a_server_that_does_not_answer_is_a_row(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/x.git"
        done = run(address, tmp_path / "ds", plan(limits=Limits(fetch_seconds=2)))
    assert [(each.kind, each.message) for each in done.failed.values()] == [
        ("time", "git took more than 2 seconds")
    ]


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    wanted = "9.9.9/0123456789abcdef"
    with pytest.raises(UnfitWorkerError, match=r"runs mlwa-lint .*, this is 9\.9\.9"):
        scan_one(plan(identity=wanted).to_json(), Repository("api", "folder", str(tmp_path)))
    other = identity().partition("/")[0] + "/0123456789abcdef"
    with pytest.raises(UnfitWorkerError, match="another catalogue"):
        scan_one(plan(identity=other).to_json(), Repository("api", "folder", str(tmp_path)))


def test_rules_that_cannot_be_loaded_end_the_scan_with_their_reason(tmp_path: Path) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api"])
    with pytest.raises(UserError, match="cannot begin: RuleSourceError"):
        run(fleet, tmp_path / "ds", plan("import nowhere"))


def test_a_worker_that_cannot_import_a_module_ends_the_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet = make_fleet(tmp_path / "fleet", ["api", "web"])
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['mlwa_lint.fleet.linting'] = None\n")
    monkeypatch.syspath_prepend(str(folder))
    with pytest.raises(UserError, match="cannot begin: its process ended with code 1"):
        run(fleet, tmp_path / "ds", plan())


def test_nothing_is_left_behind_when_a_worker_is_killed(tmp_path: Path, rule: str) -> None:
    make_fleet(tmp_path, ["endless"])
    lint = _Lint(plan(rule, limits=Limits(seconds=30)).to_json())
    lint._send(b'["endless", "folder", "%s"]' % os.fsencode(tmp_path / "endless"))
    server = lint._process.pid
    _wait_for(lambda: _children(server))
    (child,) = _children(server)
    lint.close()  # what the system does with the pipes of a worker that was killed
    _wait_for(lambda: not Path(f"/proc/{child}").exists())
    assert lint._process.returncode == 0


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(word) for word in found.read_text().split()] if found.exists() else []
