"""A model past its end that several programs of a repository ask for: one finding."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

PROGRAM = """import boto3

client = boto3.client("bedrock-runtime")
client.converse(modelId="anthropic.claude-v2:1", messages=[])
"""
OTHER = PROGRAM.replace("claude-v2:1", "claude-instant-v1")
BY_NAME = """import boto3

MODELS = {
    "fast": "anthropic.claude-instant-v1",
    "good": "anthropic.claude-v2:1",
}


def model_of(name):
    prefix = "us"
    return f"{prefix}.{MODELS[name]}"


boto3.client("bedrock-runtime").converse(modelId=model_of("good"), messages=[])
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _found(capsys: pytest.CaptureFixture[str], **files: str) -> list[Any]:
    write(Path(), **files)
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLR605"])
    findings: list[Any] = json.loads(capsys.readouterr().out)["findings"]
    return findings


def test_one_model_of_several_programs_is_one_finding(capsys: pytest.CaptureFixture[str]) -> None:
    streaming = PROGRAM.replace("converse(", "converse_stream(")
    found = _found(capsys, **{"a/ask.py": PROGRAM, "b/stream.py": streaming, "c/other.py": OTHER})
    roots = [[one["root"] for one in each["instances"]] for each in found]
    assert roots == [["a/ask.py", "b/stream.py"], ["c/other.py"]]


def test_the_program_that_matters_most_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    given = PROGRAM.replace('"anthropic', 'os.environ.get("MODEL", "anthropic').replace('v2:1"', 'v2:1")')
    files = {"a/ask.py": f"import os\n{given}", "b/ask.py": PROGRAM}
    (found,) = _found(capsys, **files)
    assert (found["path"], found["severity"]) == ("b/ask.py", "medium")


def test_the_literal_behind_a_text_is_a_related_place(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = _found(capsys, **{"ask.py": BY_NAME})
    assert [(each["line"], each["message"]) for each in found["related"]] == [
        (5, "the value comes from here")
    ]
