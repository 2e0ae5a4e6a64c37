"""Fixtures that tests of several topics share."""

from pathlib import Path

import pytest

from tests.workspace import RULE, TEMPLATE, Workspace


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
