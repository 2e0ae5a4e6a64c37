"""Variables that the command line gives, and that nothing in the run declares."""

from pathlib import Path

import pytest

from mlwa_lint.discovery.search import discover
from mlwa_lint.run.undeclared import undeclared


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("size",), None),
        (("size", "json"), None),
        (("sise",), "--var sise"),
        (("size", "b", "a"), "--var a, --var b"),
        ((), None),
    ],
)
def test_what_no_configuration_declares(
    names: tuple[str, ...], message: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("one", "two"):
        Path(folder).mkdir()
    Path("one/main.tf").write_text('variable "size" {\n}\n', "utf-8")
    Path("two/main.tf.json").write_text('{"variable": {"json": {"default": 1}}}', "utf-8")
    messages = [problem.message for problem in undeclared(discover(["."]).targets, names)]
    expected = [] if message is None else [f"no configuration declares what is given: {message}"]
    assert messages == expected


def test_without_configurations_nothing_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert list(undeclared(discover(["."]).targets, ("x",))) == []
