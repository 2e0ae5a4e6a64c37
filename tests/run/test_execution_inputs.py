"""What states read from the input of their execution, where a file of the repository holds it."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

MACHINE = """Resources:
  Retrain:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/retrain
      Definition:
        StartAt: Train
        States:
          Train:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createTrainingJob.sync
            Parameters:
              TrainingJobName.$: $$.Execution.Name
              RoleArn: arn:aws:iam::111122223333:role/train
              AlgorithmSpecification:
                TrainingImage: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1.4.0
                TrainingInputMode: File
              OutputDataConfig: {S3OutputPath: "s3://churn-models/output"}
              ResourceConfig:
                InstanceType.$: PATH
                InstanceCount: 1
                VolumeSizeInGB: 30
              StoppingCondition: {MaxRuntimeInSeconds: 3600}
            End: true
"""
TERRAFORM = """resource "aws_sfn_state_machine" "retrain" {
  name     = "retrain"
  role_arn = "arn:aws:iam::111122223333:role/retrain"
  definition = jsonencode({
    StartAt = "Train"
    States = {
      Train = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTrainingJob.sync"
        Parameters = {
          "TrainingJobName.$" = "$$.Execution.Name"
          RoleArn             = "arn:aws:iam::111122223333:role/train"
          AlgorithmSpecification = {
            TrainingImage     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1.4.0"
            TrainingInputMode = "File"
          }
          OutputDataConfig  = { S3OutputPath = "s3://churn-models/output" }
          ResourceConfig    = { "InstanceType.$" = "PATH", InstanceCount = 1, VolumeSizeInGB = 30 }
          StoppingCondition = { MaxRuntimeInSeconds = 3600 }
        }
        End = true
      }
    }
  })
}
"""
START = """import json
import boto3

with open("config/training.json") as file:
    given = json.load(file)
boto3.client("stepfunctions").start_execution(stateMachineArn=ARN, input=json.dumps(given))
"""
SETTING = START.replace("boto3.client", 'given["type"] = sys.argv[1]\nboto3.client')
SHELL = "aws stepfunctions start-execution --state-machine-arn $ARN --input file://config/training.json\n"
INPUT = '{"type": "ml.m4.xlarge", "job": {"type": "ml.m4.xlarge"}}'


def linted(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    """The messages of MLP101, and why it is undecided."""
    (folder / ".git").mkdir()
    invoke(["check", str(folder), "--select", "MLP101", "--severity", "info", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    return [each["message"] for each in found["findings"]], [u["reasons"][0] for u in found["undecided"]]


@pytest.mark.parametrize(
    "path", ["$$.Execution.Input['type']", "$$.Execution.Input.job.type", "$.type", "$.job.type"]
)
@pytest.mark.parametrize("start", [START, SHELL])
def test_the_file_that_executions_start_from_has_what_a_state_reads(
    path: str, start: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, **{"machine.yaml": MACHINE.replace("PATH", path)})
    write(tmp_path, **{"start.py" if start is START else "start.sh": start})
    write(tmp_path, **{"config/training.json": INPUT})
    messages, undecided = linted(tmp_path, capsys)
    assert len(messages) == 1
    assert "ml.m4.xlarge" in messages[0]
    assert undecided == []


def test_so_it_is_in_terraform(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, **{"main.tf": TERRAFORM.replace("PATH", "$.type")})
    write(tmp_path, **{"start.py": START})
    write(tmp_path, **{"config/training.json": INPUT})
    messages, undecided = linted(tmp_path, capsys)
    assert len(messages) == 1
    assert undecided == []


@pytest.mark.parametrize(
    "files",
    [
        {"start.py": START},  # no file
        {"config/training.json": INPUT},  # nothing starts it
        {"start.py": SETTING, "config/training.json": INPUT},
        {"start.py": START, "config/training.json": '{"other": 1}'},
        {"start.py": START, "config/training.json": "[1"},
        {"start.py": START, "config/training.json": INPUT, "again.sh": "aws stepfunctions start-execution\n"},
        {"tests/start.py": START, "config/training.json": INPUT},
    ],
)
def test_what_differs_from_run_to_run_stays_open(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, **{"machine.yaml": MACHINE.replace("PATH", "$.type")})
    write(tmp_path, **files)
    messages, undecided = linted(tmp_path, capsys)
    assert messages == []
    assert len(undecided) == 1
