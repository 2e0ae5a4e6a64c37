"""What missing tags weigh in programs: by the instances, and by what else they make."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
SCRIPT = """\
import boto3

sagemaker = boto3.client("sagemaker")
sagemaker.create_endpoint_config(
    EndpointConfigName="churn-1",
    ProductionVariants=[
        {
            "VariantName": "main",
            "ModelName": "churn",
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
        }
    ],
)
sagemaker.create_endpoint(EndpointName="churn", EndpointConfigName="churn-1")
"""
PIPELINE = """\
sagemaker.create_pipeline(
    PipelineName="churn", RoleArn="arn:aws:iam::111122223333:role/churn", PipelineDefinition="{}"
)
"""


JOB = """\
import boto3

boto3.client("sagemaker").create_training_job(
    TrainingJobName="churn",
    ResourceConfig={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10},
)
"""
LONG = '\n    StoppingCondition={"MaxRuntimeInSeconds": 864000},\n)'


def _severities(folder: Path) -> set[str]:
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, LoadOptions(root=folder)), 1)
    return {each.severity for each in report.findings if each.code == "MLC502"}


@pytest.mark.parametrize(
    ("script", "severity"),
    [
        (SCRIPT, "info"),
        (SCRIPT.replace("ml.m5.large", "ml.g5.xlarge"), "low"),
        (SCRIPT.replace("ml.m5.large", "ml.m5.4xlarge"), "low"),
        (SCRIPT.replace('"ml.m5.large"', 'input("type")'), "low"),
        (
            SCRIPT.replace(
                '"churn-1",\n    P', '"churn-1",\n    Tags=[{"Key": "team", "Value": "churn"}],\n    P'
            ),
            "low",
        ),
        (SCRIPT + PIPELINE, "low"),
        (JOB, "info"),
        (JOB.replace("ml.m5.xlarge", "ml.p3.2xlarge"), "info"),
        (JOB.replace("ml.m5.xlarge", "ml.p3.2xlarge").replace('"churn"', 'input("name")'), "low"),
        (JOB.replace("ml.m5.xlarge", "ml.p3.2xlarge").replace("\n)", LONG), "low"),
        (JOB.replace('"churn"', '"churn-production"'), "low"),
        (SCRIPT.replace('Name="churn",', 'Name="churn-production",'), "low"),
    ],
)
def test_what_a_person_starts_on_small_instances_needs_no_tags(
    tmp_path: Path, script: str, severity: str
) -> None:
    (tmp_path / "host.py").write_text(script, "utf-8")
    assert _severities(tmp_path) == {severity}
