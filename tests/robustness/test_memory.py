"""What a finding keeps in memory until the report is written: bytes are counted, as Python allocates them."""

import gc
import tracemalloc
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke

_TEMPLATE = """\
Resources:
  N{number}:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      RootAccess: Enabled
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::123456789012:role/x
"""
_FINDINGS = 9  # of each such template, with those of severity info
# With what is left in cycles until it is collected.
_BYTES = 950


def _peak(folder: Path, files: int, *arguments: str, traced: bool = True) -> int:
    """The most that a run over so many files has allocated at a time; 0 where that is not traced."""
    folder.mkdir()
    for number in range(files):
        folder.joinpath(f"t{number}.yaml").write_text(_TEMPLATE.format(number=number))
    gc.collect()
    gc.freeze()  # what the tests themselves hold is not looked at by each collection of the run
    gc.disable()  # as the command does, which collects what is left in cycles itself
    if traced:
        tracemalloc.start()
    try:
        invoke(["check", str(folder), "--no-cache", "--jobs", "1", "--severity", "info", *arguments])
        return tracemalloc.get_traced_memory()[1] if traced else 0
    finally:
        tracemalloc.stop()
        gc.enable()
        gc.unfreeze()


@pytest.mark.parametrize("arguments", [(), ("--format", "csv")])
def test_memory_grows_by_little_with_each_finding(
    arguments: tuple[str, ...],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mlwa_lint.run.schedule.GARBAGE_LIMIT", 10_000)
    monkeypatch.setattr("mlwa_lint.cli.check.COLLECTING_FROM", 0, raising=False)
    # Imports what all others need, and lets tables of the interpreter grow that only ever grow.
    _peak(tmp_path / "first", 200, *arguments, traced=False)
    few, many = (_peak(tmp_path / str(files), files, *arguments) for files in (50, 200))
    capfd.readouterr()
    assert (many - few) / (150 * _FINDINGS) < _BYTES, (few, many)
