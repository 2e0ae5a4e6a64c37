"""How the work of a whole run grows with its input: calls are counted, not seconds."""

import math
from pathlib import Path

import pytest

from benchmarks.growth import FAMILIES
from mlwa_lint.cli.app import invoke
from tests.support.work import calls_of

_SIZES = {"endpoints and alarms": 10, "SAM functions": 20, "deployments of a notebook": 20}


def calls(folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many functions, Python's and C's, a run over a folder calls."""
    monkeypatch.chdir(folder)
    return calls_of(lambda: invoke(["check", ".", "--no-cache", "--jobs", "1", "-q"]))


@pytest.mark.parametrize("name", FAMILIES)
def test_work_grows_with_the_input(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make, size = FAMILIES[name][0], _SIZES.get(name, 25)
    counted = []
    # The first run imports what all others need.
    for number, of_size in enumerate((3, size, 2 * size, 4 * size)):
        folder = tmp_path / f"run {number}"
        folder.mkdir()
        make(folder, of_size)
        counted.append(calls(folder, monkeypatch))
    capsys.readouterr()
    _, least, middle, most = counted
    # What each doubling adds: what a run costs in itself does not count.
    exponent = math.log2((most - middle) / (middle - least))
    assert exponent < 1.1, counted
