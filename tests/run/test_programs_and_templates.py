"""Programs and templates of a repository are linked where they name a thing by the same literal."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.findings import Finding
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.run.test_elsewhere import codes, report_of

PROGRAM = """\
import boto3

sm = boto3.client("sagemaker")
sm.create_endpoint_config(
    EndpointConfigName="orders",
    ProductionVariants=[
        {"VariantName": "a", "ModelName": "m", "InstanceType": "ml.m7g.large", "InitialInstanceCount": 2}
    ],
)
sm.create_endpoint(EndpointName="orders", EndpointConfigName="orders")
"""
SDK = """\
from sagemaker.model import Model

model = Model("111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:1", role="orders")
model.deploy(2, "ml.m7g.large", endpoint_name="orders")
"""
WATCHING = {
    "alarms.yaml": """\
Resources:
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SageMaker
      MetricName: Invocation5XXErrors
      Dimensions: [{Name: EndpointName, Value: NAME}]
""",
    "alarms.tf": """\
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name  = "errors"
  namespace   = "AWS/SageMaker"
  metric_name = "Invocation5XXErrors"
  dimensions  = { EndpointName = "NAME" }
}
""",
    "alarms.py": """\
import boto3

boto3.client("cloudwatch").put_metric_alarm(
    AlarmName="errors",
    Namespace="AWS/SageMaker",
    MetricName="Invocation5XXErrors",
    Dimensions=[{"Name": "EndpointName", "Value": "NAME"}],
)
""",
}


@pytest.mark.parametrize("program", [PROGRAM, SDK], ids=["boto3", "sdk"])
@pytest.mark.parametrize("form", WATCHING)
def test_an_alarm_that_names_a_programs_endpoint_is_seen(form: str, program: str, tmp_path: Path) -> None:
    tmp_path.joinpath("deploy.py").write_text(program)
    tmp_path.joinpath(form).write_text(WATCHING[form].replace("NAME", "orders"))
    report = report_of(tmp_path)
    assert "MLO101" not in codes(report)[0]
    (reason,) = (reason for each in report.undecided if each.code == "MLO101" for reason in each.reasons)
    assert f"{form}:" in reason
    assert reason.endswith("monitors the endpoint orders")


@pytest.mark.parametrize("form", WATCHING)
def test_an_alarm_of_another_name_is_not(form: str, tmp_path: Path) -> None:
    tmp_path.joinpath("deploy.py").write_text(PROGRAM)
    tmp_path.joinpath(form).write_text(WATCHING[form].replace("NAME", "returns"))
    assert "MLO101" in codes(report_of(tmp_path))[0]


def test_a_template_s_endpoint_is_scaled_by_a_program(tmp_path: Path) -> None:
    tmp_path.joinpath("hosting.yaml").write_text(
        """\
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - {VariantName: a, ModelName: m, InstanceType: ml.m7g.large, InitialInstanceCount: 2}
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName, EndpointName: orders}
"""
    )
    tmp_path.joinpath("scale.py").write_text(
        """\
import boto3

boto3.client("application-autoscaling").register_scalable_target(
    ServiceNamespace="sagemaker",
    ResourceId="endpoint/orders/variant/a",
    ScalableDimension="sagemaker:variant:DesiredInstanceCount",
    MinCapacity=2,
    MaxCapacity=4,
)
"""
    )
    report = report_of(tmp_path)
    assert "MLR102" not in codes(report)[0]
    (reason,) = (reason for each in report.undecided if each.code == "MLR102" for reason in each.reasons)
    assert reason.endswith("scales the endpoint orders")


ROLE = """\
Resources:
  Training:
    Type: AWS::IAM::Role
    Properties:
      RoleName: training
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3FullAccess]
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}
"""


def test_a_role_that_a_program_uses_by_name_is_one_of_ml_by_whom_it_trusts(tmp_path: Path) -> None:
    rules = tuple(each for each in load_rules().rules if each.code in ("MLS501", "MLS502", "MLS505"))

    def reported() -> list[Finding]:
        settings = RunSettings(rules, LoadOptions(root=tmp_path), (), "ml")
        report = lint_paths([str(tmp_path)], lambda _: settings, jobs=1)
        return [each for each in report.findings if each.span.path.endswith("roles.yaml")]

    tmp_path.joinpath("roles.yaml").write_text(ROLE)
    alone = reported()
    assert [each.code for each in alone] == ["MLS502"]
    tmp_path.joinpath("train.py").write_text(
        "from sagemaker.estimator import Estimator\n"
        "Estimator('image:1', 'arn:aws:iam::111122223333:role/training', 1, 'ml.m5.large').fit()\n"
    )
    assert reported() == alone


CREATING = """\
import json

import boto3

iam = boto3.client("iam")
trust = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
iam.create_role(RoleName="churn-training", AssumeRolePolicyDocument=json.dumps(trust))
policy = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
iam.attach_role_policy(RoleName="churn-training", PolicyArn=policy)
"""
DECLARING = {
    "role.yaml": "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties: {RoleName: NAME}\n",
    "role.tf": 'resource "aws_iam_role" "r" {\n  name               = "${var.name}"\n'
    '  assume_role_policy = var.trust\n}\nvariable "trust" {}\nvariable "name" {\n  default = "NAME"\n}\n',
}


@pytest.mark.parametrize("template", DECLARING)
@pytest.mark.parametrize(
    ("name", "expected"), [("churn-training", ["MLS502"]), ("other", ["MLS502", "MLS508"])]
)
def test_the_trust_of_a_role_that_a_template_declares_is_judged_there(
    template: str, name: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "create.py").write_text(CREATING)
    (tmp_path / template).write_text(DECLARING[template].replace("NAME", name))
    rules = tuple(each for each in load_rules().rules if each.code in ("MLS502", "MLS508"))
    settings = RunSettings(rules, LoadOptions(root=tmp_path), (), "ml")
    report = lint_paths([str(tmp_path)], lambda target: settings, jobs=1)
    found = sorted(each.code for each in report.findings if each.span.path.endswith(".py"))
    assert found == expected
    reasons = [reason for each in report.undecided if each.code == "MLS508" for reason in each.reasons]
    assert any(each.endswith("declares role churn-training") for each in reasons) == (name != "other")


def test_one_gap_of_a_role_is_reported_where_it_is_declared(tmp_path: Path) -> None:
    statement = "Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole"
    trust = f"{{Statement: [{{Effect: Allow, {statement}}}]}}"
    body = f"{{RoleName: churn-training, AssumeRolePolicyDocument: {trust}}}"
    template = f"Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties: {body}\n"
    (tmp_path / "create.py").write_text(CREATING)
    (tmp_path / "role.yaml").write_text(template)
    rules = tuple(each for each in load_rules().rules if each.code == "MLS508")
    settings = RunSettings(rules, LoadOptions(root=tmp_path), (), "ml")
    report = lint_paths([str(tmp_path)], lambda target: settings, jobs=1)
    assert [each.span.path.endswith("role.yaml") for each in report.findings] == [True]
    assert report.undecided == ()
    assert [(each.failed, each.undecided) for each in report.checked] == [(1, 0)]
