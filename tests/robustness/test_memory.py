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


def _peak(folder: Path, files: int, *arguments: str) -> int:
    """The most that a run over so many files has allocated at a time."""
    folder.mkdir()
    for number in range(files):
        folder.joinpath(f"t{number}.yaml").write_text(_TEMPLATE.format(number=number))
    gc.collect()
    gc.disable()  # as the command does, which collects what is left in cycles itself
    tracemalloc.start()
    try:
        invoke(["check", str(folder), "--no-cache", "--jobs", "1", "--severity", "info", *arguments])
        return tracemalloc.get_traced_memory()[1]
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
    sizes = (100, 100, 400)  # the first run imports what all others need
    peaks = [_peak(tmp_path / str(run), size, *arguments) for run, size in enumerate(sizes)]
    capfd.readouterr()
    assert (peaks[2] - peaks[1]) / (300 * _FINDINGS) < _BYTES, peaks
