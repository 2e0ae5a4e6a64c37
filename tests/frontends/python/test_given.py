"""What commands of a project give its programs: options, arguments and environment variables."""

import json
from functools import partial
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from mlwa_lint.frontends.python.uses.variables import OneOfPiece, OpenPiece, VariablesOfFile
from tests.support.files import write

START = "import argparse, os, sys\nimport click\nimport boto3\nsm = boto3.client('sagemaker')\n"
PARSER = "parser = argparse.ArgumentParser()\n"
ARGUMENTS = "args = parser.parse_args()\n"
JOB = """sm.create_training_job(
    TrainingJobName='t',
    AlgorithmSpecification={'TrainingImage': 'i', 'TrainingInputMode': 'File'},
    ResourceConfig={'InstanceType': TYPE, 'InstanceCount': 1, 'VolumeSizeInGB': 5},
)
"""
OPTION = START + PARSER + "parser.add_argument('--type', TAKES)\n" + ARGUMENTS + JOB
SCRIPT = OPTION.replace("TYPE", "args.type").replace("TAKES", "required=True")
OLD = "ml.p2.xlarge"
_write = partial(write, Path())


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _found(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The conditions of findings about previous generations, and why others are undecided."""
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLP101"])
    report = json.loads(capsys.readouterr().out)
    conditions = [str(each["condition"]) for each in report["findings"]]
    return conditions + [reason for each in report["undecided"] for reason in each["reasons"]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run__sh", f"python train.py \\\n  --other x \\\n  --type {OLD}\n"),
        ("run__sh", f"TYPE={OLD} # old\npython3 ./train.py --type=$TYPE > log.txt 2>&1\n"),
        ("run__sh", f"python train.py --type ${{TYPE:-{OLD}}} && echo done\n"),
        ("Makefile", f"TYPE ?= {OLD}\ntrain:\n\tpython train.py --type $(TYPE)\n"),
        ("Dockerfile", f'ENTRYPOINT ["python", "train.py", "--type", "{OLD}"]\n'),
        ("Dockerfile", f"ENV TYPE {OLD}\nCMD python train.py --type $TYPE\n"),
        ("buildspec__yml", f'phases:\n  build:\n    commands:\n      - "python train.py --type {OLD}"\n'),
        (
            ".github/workflows/cd.yml",
            f"env: {{TYPE: {OLD}}}\nrun: >-\n  python -m train\n  --type ${{{{ env.TYPE }}}}\n",
        ),
        (
            ".github/workflows/cd.yml",
            f"inputs:\n  type: {{default: {OLD}}}\nrun: python train.py --type ${{{{ inputs.type }}}}\n",
        ),
        ("job__yaml", f"command: [python, train.py]\nargs: x\nall: [python, train.py, --type, {OLD}]\n"),
    ],
)
def test_an_option_that_all_commands_give_is_an_assumption(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if "command: [" in text:
        text = text.replace("command: [python, train.py]\n", "")
    _write(train__py=SCRIPT, **{name: text})
    file = name.replace("__", ".")
    assert _found(capsys) == [f"assuming --type as in {file}"]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"README__md": f"python train.py --type {OLD}\n"}, "--type is given on the command line"),
        (
            {"run__sh": f"python train.py\npython train.py --type {OLD}\n"},
            "--type is given on the command line",
        ),
        ({"run__sh": f"python retrain.py --type {OLD}\n"}, "--type is given on the command line"),
        ({"run__sh": "python train.py --type $1\n"}, "--type is given in run.sh as $1"),
        (
            {"run__sh": f"TYPE={OLD}\nTYPE=ml.m5.large\npython train.py --type $TYPE\n"},
            "--type is one of several in run.sh",
        ),
        (
            {".github/workflows/cd.yml": "run: python train.py --type ${{ secrets.TYPE }}\n"},
            "--type is given in .github/workflows/cd.yml as secrets.TYPE",
        ),
        (
            {
                "run__sh": f"python train.py --type {OLD}\n",
                "Makefile": "a:\n\tpython train.py --type ml.m5.large\n",
            },
            "--type differs between Makefile and 1 more",
        ),
    ],
)
def test_an_option_that_commands_leave_open_is_not_known(
    files: dict[str, str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(train__py=SCRIPT, **files)
    assert _found(capsys) == [reason]


@pytest.mark.parametrize(
    ("program", "command", "condition"),
    [
        (
            OPTION.replace("TYPE", "args.type[1]").replace("TAKES", "nargs='+', default=[]"),
            f"--type ml.m5.large {OLD} --other",
            "assuming --type as in run.sh",
        ),
        (
            OPTION.replace("TYPE", f"'{OLD}' if args.type == 2 else 'a'").replace("TAKES", "type=int"),
            "--type 2",
            "None",
        ),
        (
            OPTION.replace("TYPE", f"'{OLD}' if args.type else 'ml.m5.large'").replace(
                "TAKES", "action='store_true'"
            ),
            "--type",
            "None",
        ),
        (START + JOB.replace("TYPE", "sys.argv[1]"), OLD, "assuming argument 1 as in run.sh"),
        (
            START + "@click.command()\n@click.option('--type')\ndef main(type):\n    "
            + JOB.replace("TYPE", "type").replace("\n", "\n    ").strip() + "\nmain()\n",
            f"--type {OLD}",
            "assuming --type as in run.sh",
        ),
    ],
    ids=("several words", "a number", "a flag", "an argument", "click"),
)  # fmt: skip
def test_each_kind_of_option_is_known(
    program: str, command: str, condition: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(train__py=program, run__sh=f"python train.py {command}\n")
    found = _found(capsys)
    assert found == [condition] or (condition == "None" and len(found) == 1), found


def test_a_variable_that_a_workflow_sets_is_an_assumption(capsys: pytest.CaptureFixture[str]) -> None:
    program = START + JOB.replace("TYPE", "os.environ['TYPE']")
    workflow = f"env:\n  TYPE: {OLD}\nrun: python train.py\n"
    _write(train__py=program, **{".github/workflows/cd.yml": workflow})
    assert _found(capsys) == ["assuming environment variable TYPE as in .github/workflows/cd.yml"]
    _write(**{".github/workflows/cd.yml": workflow.replace(OLD, "${{ vars.TYPE }}")})
    reason = "environment variable TYPE is given in .github/workflows/cd.yml as vars.TYPE"
    assert _found(capsys) == [reason]


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("a-$B-c", ("a-1-c",)),
        ("a-${C}", ("a-", OpenPiece("${C}"))),
        ("$(git rev-parse HEAD)", (OpenPiece("$(git rev-parse HEAD)"),)),
        ("$D", (OneOfPiece(("x", "y")),)),
        ("$G", (OpenPiece("G"),)),
        ("$H", ("z",)),
        ("$E", (OpenPiece("$1"),)),
        ("$F", (OpenPiece("$F"),)),
        ("", ("",)),
    ],
)
def test_words_are_known_as_far_as_their_file_shows(word: str, pieces: tuple[str | OpenPiece, ...]) -> None:
    text = b"B=1\nexport D=x\nD=y\nE=$1\nF=$F\nG=x\nG=$(make)\nH=z\nH=$2\n"
    assert VariablesOfFile(("run.sh",), text).pieces_of(word) == pieces
