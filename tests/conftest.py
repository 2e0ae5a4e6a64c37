"""Fixtures that tests of several topics share."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.workspace import RULE, TEMPLATE, Workspace

# Nothing of what is collected becomes garbage: `pytest_collection_finish` starts its collection again.
gc.disable()
# What is compiled is kept: tests start hundreds of processes, and their own modules take long to rewrite.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A busy machine is not a mistake: what an example costs is counted by budgets, and not by a clock.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_collection_finish() -> None:
    """Leaves thousands of collected tests out of every search for garbage: a fifth of the time otherwise."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(500_000, 20, 1000)
    gc.enable()


def pytest_sessionfinish() -> None:
    """Saves what is covered while xdist still waits: it ends a worker that takes ten seconds to exit."""
    if "coverage" in sys.modules:
        running = sys.modules["coverage"].Coverage.current()
        if running is not None:
            running.save()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more worker than processors for `-n auto`: some tests wait for processes that they start."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True, scope="session")
def disks_that_are_not_waited_for() -> Iterator[None]:
    """What tests write need not outlive a power failure."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def cache_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests neither use nor change the results that the user's own runs keep."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLWA_LINT_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Workspace:
    """A scratch working folder with a template and rules for it."""
    monkeypatch.chdir(tmp_path)
    for variable in ("NO_COLOR", "FORCE_COLOR", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(variable, raising=False)
    found = Workspace(tmp_path, capsys)
    found.write("my_rules.py", RULE)
    found.write("template.yaml", TEMPLATE)
    return found
