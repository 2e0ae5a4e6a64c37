"""What is in a file of its own (`templatefile`, `file`) is reported there."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.model.resources import Project
from mlwa_lint.model.values import MapValue
from mlwa_lint.run.loading import with_documents
from tests.frontends.terraform.support import load_text, resource

_MACHINE = """{
  "StartAt": "Train",
  "States": {
    "Train": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
      "Parameters": {
        "TrainingJobName": "${name}",
        "RoleArn": "${role}",
        "ResourceConfig": {
          "InstanceCount": ${count},
          "InstanceType": "ml.m5.large",
          "VolumeSizeInGB": 10
        }
      },
      "End": true
    }
  }
}
"""
_NAMES = '{ name = "train", role = aws_iam_role.r.arn, count = 1 }'


def _project(folder: Path, main: str, **files: str) -> Project:
    (folder / "main.tf").write_text(main, "utf-8")
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, "utf-8")
    return with_documents(load(folder, LoadOptions()))


@pytest.mark.parametrize(
    "definition",
    [
        f'templatefile("${{path.module}}/machine.asl.json", {_NAMES})',
        "local.definition",
        "data.template_file.machine.rendered",
    ],
)
def test_a_state_stands_in_the_template_file(
    definition: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    main = f"""
      resource "aws_iam_role" "r" {{}}
      locals {{
        definition = templatefile("machine.asl.json", {_NAMES})
      }}
      data "template_file" "machine" {{
        template = file("machine.asl.json")
        vars     = {_NAMES}
      }}
      resource "aws_sfn_state_machine" "m" {{
        name       = "m"
        role_arn   = aws_iam_role.r.arn
        definition = {definition}
      }}
    """
    project = _project(Path(), main, machine__asl__json=_MACHINE)
    (job,) = [each for each in project.resources if each.type == "AWS::SageMaker::TrainingJob"]
    config = job.properties.entries["ResourceConfig"]
    assert (config.key_span.path, config.key_span.line) == ("machine.asl.json", 10)
    assert isinstance(config.value, MapValue)
    assert config.value.entries["InstanceType"].key_span.line == 12


def test_a_template_that_encodes_a_structure_keeps_its_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    template = "${jsonencode({\n  Statement = [\n    { Effect = effect },\n  ]\n})}"
    loader = load_text(
        Path(),
        'resource "aws_x" "y" {\n  a = templatefile("p.tftpl", { effect = "Allow" })\n}\n',
        p__tftpl=template,
    )
    entry = resource(loader, "aws_x.y").body.entries["a"]
    assert entry.key_span.path == "main.tf"
    assert isinstance(entry.value, MapValue)
    statement = entry.value.entries["Statement"]
    assert (statement.key_span.path, statement.key_span.line, statement.key_span.column) == ("p.tftpl", 2, 3)


def test_a_policy_in_a_file_is_read_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    policy = '{\n  "Statement": [\n    {"Effect": "Allow",\n     "Action": "*", "Resource": "*"}\n  ]\n}\n'
    main = """
      resource "aws_iam_role" "r" {}
      resource "aws_iam_policy" "p" {
        policy = file("policy.json")
      }
    """
    project = _project(Path(), main, policy__json=policy)
    (found,) = [each for each in project.resources if each.type == "AWS::IAM::ManagedPolicy"]
    document = found.properties.entries["PolicyDocument"]
    assert document.key_span.path == "main.tf"
    assert isinstance(document.value, MapValue)
    statements = document.value.entries["Statement"]
    assert (statements.key_span.path, statements.key_span.line) == ("policy.json", 2)
