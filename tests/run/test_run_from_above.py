"""A project has the same findings wherever the program is run: what lies beside it is another project."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke

MODEL = """\
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/serving
      PrimaryContainer:
        Image: 763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.4
        ModelDataUrl: s3://models/churn/model.tar.gz
"""
PACKS = (
    "cp src/inference.py src/requirements.txt build/code/\ntar -czf model.tar.gz -C build code/inference.py\n"
)
MACHINE = """\
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/machine
      DefinitionS3Location: {Bucket: code, Key: v1/train.json}
"""
DEFINITION = {
    "StartAt": "Make",
    "States": {
        "Make": {
            "Type": "Task",
            "End": True,
            "Resource": "arn:aws:states:::sagemaker:createModel",
            "Parameters": {
                "ModelName": "churn",
                "ExecutionRoleArn": "arn:aws:iam::111122223333:role/serving",
                "PrimaryContainer": {
                    "Image": "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.4"
                },
            },
        }
    },
}
EXPORTS = """\
Resources: {Topic: {Type: AWS::SNS::Topic}}
Outputs:
  Isolated: {Value: "false", Export: {Name: model-isolated}}
"""
TAKES = f"{MODEL}      EnableNetworkIsolation: !ImportValue model-isolated\n"
IMPORTS = "from settings import IMAGE\nimport boto3\nboto3.client('sagemaker').create_model(\n"
PROGRAM = (
    f"{IMPORTS}    ModelName='churn', ExecutionRoleArn='arn:aws:iam::111122223333:role/serving',\n"
    "    PrimaryContainer={'Image': IMAGE}, EnableNetworkIsolation=IMAGE != 'own')\n"
)


def _reports(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What is reported of the project `own`, run in it and from the folder above."""
    found = []
    for here, paths in ((folder / "own", ["."]), (folder, ["own", "other"])):
        monkeypatch.chdir(here)
        options = ["--no-cache", "--format", "json", "--select", "MLS102", "--show-undecided"]
        invoke(["check", *options, "--severity", "info", *paths])
        report = json.loads(capsys.readouterr().out)
        parts = (f"{part} {each['code']}" for part in ("findings", "undecided") for each in report[part])
        found.append(", ".join(parts))
    return found


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        ({"template.yaml": MODEL}, {"package.sh": PACKS}, "findings MLS102"),
        ({"template.yaml": MODEL, "package.sh": PACKS}, {}, "undecided MLS102"),
        ({"template.yaml": MACHINE}, {"v1/train.json": json.dumps(DEFINITION)}, ""),
        ({"template.yaml": MACHINE, "v1/train.json": json.dumps(DEFINITION)}, {}, "findings MLS102"),
        ({"a/network.yaml": EXPORTS, "b/model.yaml": TAKES}, {"c/exports.yaml": EXPORTS}, "findings MLS102"),
        ({"b/model.yaml": TAKES}, {"c/exports.yaml": EXPORTS}, "undecided MLS102"),
        ({"run/make.py": PROGRAM, "src/settings.py": "IMAGE = 'own'\n"}, {}, "findings MLS102"),
    ],
)
def test_what_lies_beside_a_project_does_not_matter(
    own: dict[str, str],
    other: dict[str, str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = {f"own/{name}": text for name, text in {"README.md": "# Churn\n", **own}.items()}
    files |= {f"other/{name}": text for name, text in {"README.md": "# Fraud\n", **other}.items()}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    inside, above = _reports(tmp_path, monkeypatch, capsys)
    assert (inside, above) == (expected, expected)
