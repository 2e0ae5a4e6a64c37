"""How the work of a whole run grows with its input: calls are counted, not seconds."""

import math
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from benchmarks.growth import FAMILIES
from mlwa_lint.cli.app import invoke

_SIZES = {"endpoints and alarms": 10, "SAM functions": 20}


def calls(folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many functions, Python's and C's, a run over a folder calls."""
    count = 0

    def called(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    monkeypatch.chdir(folder)
    before = sys.getprofile()
    sys.setprofile(called)
    try:
        invoke(["check", ".", "--no-cache", "--jobs", "1", "-q"])
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", FAMILIES)
def test_work_grows_with_the_input(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make, size = FAMILIES[name][0], _SIZES.get(name, 25)
    counted = []
    # The first run imports what all others need.
    for number, factor in enumerate((1, 1, 2, 4)):
        folder = tmp_path / f"run {number}"
        folder.mkdir()
        make(folder, size * factor)
        counted.append(calls(folder, monkeypatch))
    capsys.readouterr()
    _, least, middle, most = counted
    # What each doubling adds: what a run costs in itself does not count.
    exponent = math.log2((most - middle) / (middle - least))
    assert exponent < 1.1, counted
