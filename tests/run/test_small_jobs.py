"""What findings about jobs weigh whose machines are small, in projects that nothing shows to be operated."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
TUNING = """\
import boto3

boto3.client("sagemaker").create_hyper_parameter_tuning_job(
    HyperParameterTuningJobName="churn",
    HyperParameterTuningJobConfig={
        "Strategy": "Bayesian",
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 12, "MaxParallelTrainingJobs": 2},
    },
    TrainingJobDefinition={
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 10},
    },
)
"""
JOB = """\
Resources:
  Quality:
    Type: AWS::SageMaker::DataQualityJobDefinition
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/quality
      JobResources:
        ClusterConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 10}
"""
README = "# Churn\n\nForecasts which customers leave.\n"
OPERATED = "  Errors: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmActions: [topic]}}\n"


def _severities(folder: Path, code: str) -> set[str]:
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, LoadOptions(root=folder)), 1)
    return {each.severity for each in report.findings if each.code == code}


@pytest.mark.parametrize(
    ("program", "severity"),
    [
        (TUNING, "info"),
        (TUNING.replace("12", "60"), "low"),
        (TUNING.replace("ml.m5.xlarge", "ml.g5.xlarge"), "low"),
        (TUNING.replace('Count": 2', 'Count": 5'), "low"),
        (TUNING.replace('Name="churn"', 'Name="churn-production"'), "low"),
    ],
)
def test_few_small_candidates_need_not_be_stopped_early(tmp_path: Path, program: str, severity: str) -> None:
    (tmp_path / "tune.py").write_text(program, "utf-8")
    (tmp_path / "README.md").write_text(README, "utf-8")
    assert _severities(tmp_path, "MLC203") == {severity}


@pytest.mark.parametrize(
    ("template", "readme", "severity"),
    [
        (JOB, README, "info"),
        (JOB, "", "low"),
        (JOB + OPERATED, README, "low"),
        (JOB.replace("ml.m5.xlarge", "ml.g5.xlarge"), README, "low"),
    ],
)
def test_a_day_of_a_small_instance_weighs_little_where_nothing_is_operated(
    tmp_path: Path, template: str, readme: str, severity: str
) -> None:
    (tmp_path / "template.yaml").write_text(template, "utf-8")
    if readme:
        (tmp_path / "README.md").write_text(readme, "utf-8")
    assert _severities(tmp_path, "MLC202") == {severity}
