# ruff: noqa: E501 - a program a line
"""Programs in whole runs: which files are linted, what is reported where, what is suppressed."""

import json
from functools import partial
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from mlwa_lint.discovery.search import discover
from tests.frontends.python.programs import START, notebook
from tests.support.files import write

MODEL = START + "sm.create_model(\n    ModelName='a',\n    EnableNetworkIsolation=False,\n)\n"
_write = partial(write, Path())


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _output(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = invoke(["check", "--no-cache", *arguments])
    return code, *capsys.readouterr()


def test_files_that_mention_sagemaker_or_bedrock_are_found() -> None:
    _write(
        a__py="import sagemaker",
        b__py="boto3.client('bedrock')",
        c__py="import os",
        d__ipynb='{"cells": [], "x": "sagemaker"}',
        sub___e__py="# sagemaker",
    )
    assert [(t.kind, t.path) for t in discover(["."]).targets] == [
        ("python", "a.py"),
        ("python", "b.py"),
        ("python", "d.ipynb"),
        ("python", "sub/e.py"),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "tests/deploy.py",
        "src/test/a.py",
        "test_deploy.py",
        "conftest.py",
        "venv/a.py",
        "x/site-packages/a.py",
        ".venv/a.py",
    ],
)
def test_tests_and_environments_are_left_alone_unless_named(path: str) -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("import sagemaker")
    assert discover(["."]).targets == ()
    assert [t.path for t in discover([path]).targets] == [path]
    assert [t.path for t in discover([str(file.parent)]).targets] == (
        [] if "test_" in path or "conf" in path else [path]
    )


def test_a_named_file_that_uses_neither_is_reported_and_is_no_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _write(a__py="import os\n")
    code, _, error = _output(capsys, "a.py")
    assert code == 0
    assert "uses neither SageMaker nor Bedrock" in error


def test_a_syntax_error_is_one_line_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    _write(a__py="import sagemaker\ndef f(:\n")
    code, _, error = _output(capsys, "a.py")
    assert code == 2
    assert error.count("\n") == 1
    assert error.startswith("a.py:2: error: is not valid Python")


def test_programs_can_be_switched_off(capsys: pytest.CaptureFixture[str]) -> None:
    _write(a__py=MODEL, sub___b__py=MODEL, __mlwa_lint__toml="")
    Path(".mlwa-lint.toml").write_text('[[overrides]]\npaths = ["sub/**"]\npython = false\n')
    _, output, _ = _output(capsys, "--select", "MLS102", "--quiet")
    assert [line.split(":")[0] for line in output.splitlines()] == ["a.py"]
    Path(".mlwa-lint.toml").write_text("python = false\n")
    assert _output(capsys, "--select", "MLS102", "--quiet")[1] == ""


def test_a_finding_uses_the_users_names(capsys: pytest.CaptureFixture[str]) -> None:
    _write(a__py=MODEL)
    code, output, _ = _output(capsys, "--select", "MLS102")
    assert code == 1
    assert output.startswith("a.py:5:5: low MLS102")
    assert "fix: Set `EnableNetworkIsolation=True`." in output


SUPPRESSED = {
    "at the end of the line": MODEL.replace("False,", "False,  # mlwa: ignore[MLS102] -- it needs S3"),
    "above the argument": MODEL.replace(
        "    Enable", "    # mlwa: ignore[MLS102] -- it needs S3\n    Enable"
    ),
    "above the call": MODEL.replace("sm.create", "# mlwa: ignore[MLS102] -- it needs S3\nsm.create"),
    "in the file": MODEL + "# mlwa: ignore-file[MLS102] -- it needs S3\n",
}


@pytest.mark.parametrize("form", ["py", "ipynb"])
@pytest.mark.parametrize("name", SUPPRESSED)
def test_suppressions(name: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = SUPPRESSED[name]
    Path(f"a.{form}").write_text(text if form == "py" else notebook("# x", text), encoding="utf-8")
    code, output, _ = _output(capsys, "--select", "MLS102,MLO901", "--severity", "info", "--format", "json")
    report = json.loads(output)
    assert (code, report["findings"], report["summary"]["suppressed"]) == (0, [], 1)
    _, output, _ = _output(capsys, "--select", "MLS102", "--format", "json", "--show-suppressed")
    assert json.loads(output)["findings"][0]["suppressed"] == {"reason": "it needs S3"}


def test_a_comment_beside_another_argument_suppresses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    _write(a__py=MODEL.replace("'a',", "'a',  # mlwa: ignore[MLS102]"))
    _, output, _ = _output(capsys, "--select", "MLS102,MLO901", "--severity", "info", "--quiet")
    assert {line.split()[2] for line in output.splitlines()} == {"MLO901", "MLS102"}


def test_a_mark_inside_a_text_is_no_suppression(capsys: pytest.CaptureFixture[str]) -> None:
    _write(a__py=MODEL + 'x = "# mlwa: ignore-file[MLS102]"\n')
    assert _output(capsys, "--select", "MLS102,MLO901", "--severity", "info", "--quiet")[1].count("\n") == 1


def test_reports_name_cell_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    _write(a__ipynb=notebook("# x", MODEL))
    _, text, _ = _output(capsys, "--select", "MLS102")
    assert "(cell 2, line 5): low MLS102" in text
    assert "(lowered from medium because it is made in a notebook)" in " ".join(text.split())
    assert "5 |     EnableNetworkIsolation=False," in text
    found = json.loads(_output(capsys, "--select", "MLS102", "--format", "json")[1])["findings"][0]
    assert found["cell"] == {"cell": 2, "line": 5, "column": 5}
    sarif = json.loads(_output(capsys, "--select", "MLS102", "--format", "sarif")[1])
    location = sarif["runs"][0]["results"][0]["locations"][0]
    assert location["message"]["text"] == "cell 2, line 5"
    line = location["physicalLocation"]["region"]["startLine"]
    assert "EnableNetworkIsolation" in Path("a.ipynb").read_text().split("\n")[line - 1]
    assert f"line={line}," in _output(capsys, "--select", "MLS102", "--format", "github")[1]


def test_a_moved_cell_keeps_its_fingerprint(capsys: pytest.CaptureFixture[str]) -> None:
    marks = []
    for cells in (["# x", MODEL], ["# x", "y = 1", "# z", MODEL]):
        _write(a__ipynb=notebook(*cells))
        sarif = json.loads(_output(capsys, "--select", "MLS102", "--format", "sarif")[1])
        marks.append(sarif["runs"][0]["results"][0]["partialFingerprints"]["mlwaLint/v1"])
    assert marks[0] == marks[1]


def test_outputs_of_cells_never_enter_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(notebook(MODEL))
    document["cells"][0]["outputs"] = [{"text": ["a zebra appeared"]}]
    _write(a__ipynb=json.dumps(document, indent=1))
    for form in ("text", "json", "sarif", "markdown", "github", "csv", "gitlab", "junit"):
        output = _output(capsys, "--select", "MLS", "--format", form)[1]
        assert "MLS102" in output
        assert "zebra" not in output


def test_a_program_on_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(MODEL))
    _, output, _ = _output(capsys, "-", "--stdin-filename", "a.py", "--select", "MLS102", "--quiet")
    assert output.startswith("a.py:5:5: medium MLS102")


def test_a_workflow_in_a_program_is_read_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    definition = {
        "StartAt": "T",
        "States": {
            "T": {
                "Type": "Task",
                "End": True,
                "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
                "Parameters": {
                    "TrainingJobName": "t",
                    "EnableNetworkIsolation": False,
                    "AlgorithmSpecification": {"TrainingImage": "1.dkr.ecr.eu-west-1.amazonaws.com/churn:1"},
                },
            }
        },
    }
    text = "import boto3, json\n# sagemaker\nd = " + repr(definition) + "\n"
    text += "boto3.client('stepfunctions').create_state_machine(name='m', definition=json.dumps(d), roleArn='r')\n"
    _write(a__py=text)
    _, output, _ = _output(capsys, "--select", "MLS205", "--quiet")
    assert "m/T" in output
