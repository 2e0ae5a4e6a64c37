"""What the operation of endpoints weighs in projects that only show how to deploy one."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
OPERATION = ("MLO101", "MLO107", "MLR101", "MLR102")
TEMPLATE = """\
Resources:
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - {VariantName: a, ModelName: price, InitialInstanceCount: 1, InstanceType: ml.m5.large}
"""
CALLER = """\
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/ask
      Code: {S3Bucket: code, S3Key: ask.zip}
      Environment: {Variables: {ENDPOINT: !GetAtt Endpoint.EndpointName}}
"""
TERRAFORM = """\
resource "aws_sagemaker_endpoint" "price" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.price.name
}

resource "aws_sagemaker_endpoint_configuration" "price" {
  production_variants {
    variant_name           = "a"
    model_name             = "price"
    initial_instance_count = 1
    instance_type          = "ml.m5.large"
  }
}
"""
DEMO = {"README.md": "# Price Endpoint Demo\n\nDeploys a model.\n"}
WORKSHOP = {"README.md": "# Price Workshop\n\nDeploys a model.\n"}
SERVICE = {"README.md": "# Price\n\nForecasts prices.\n"}
JOB = "jobs: {a: {steps: [{run: aws cloudformation deploy --template-file stack.yaml && terraform apply}]}}\n"
WORKFLOW = ".github/workflows/deploy.yml"
BY_HAND = {WORKFLOW: f"on:\n\n  workflow_dispatch:\n{JOB}"}
BY_PUSH = {WORKFLOW: f"on:\n  workflow_dispatch:\n  push:\n    branches: [main]\n{JOB}"}
BY_CLOCK = {WORKFLOW: f"on: [schedule, workflow_dispatch]\n{JOB}"}
STAGES = {"config/production.yaml": "instances: 2\n"}


def _severities(folder: Path, files: dict[str, str]) -> dict[str, str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, LoadOptions(root=folder)), 1)
    return {each.code: each.severity for each in report.findings if each.code in OPERATION}


@pytest.mark.parametrize(("name", "text"), [("stack.yaml", TEMPLATE), ("main.tf", TERRAFORM)])
@pytest.mark.parametrize(
    ("around", "severity"),
    [
        (DEMO, "info"),
        ({**DEMO, **BY_HAND}, "info"),
        ({**DEMO, **BY_PUSH}, "low"),
        ({**DEMO, **BY_CLOCK}, "low"),
        ({**DEMO, **STAGES}, "low"),
        ({**WORKSHOP, **BY_PUSH}, "info"),
        (SERVICE, "info"),
    ],
)
def test_no_one_waits_for_what_is_only_shown(
    tmp_path: Path, name: str, text: str, around: dict[str, str], severity: str
) -> None:
    found = _severities(tmp_path, {name: text, **around})
    assert {code: found[code] for code in OPERATION[:3]} == dict.fromkeys(OPERATION[:3], severity)


@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE + CALLER,
        TEMPLATE.replace("Count: 1", "Count: 2"),
        TEMPLATE.replace("Count: 1", "Count: !Ref Number") + "Parameters:\n  Number: {Type: Number}\n",
    ],
)
def test_what_something_depends_on_is_not_only_shown(tmp_path: Path, text: str) -> None:
    for name, content in {"stack.yaml": text, **DEMO}.items():
        (tmp_path / name).write_text(content, "utf-8")
    report = lint_paths([str(tmp_path)], lambda _: RunSettings(RULES, LoadOptions(root=tmp_path)), 1)
    (lowered,) = [each.lowered for each in report.findings if each.code == "MLO101"]
    assert lowered is not None
    assert "only shows how" not in lowered.because
