"""Endpoints that a program in another language than Python invokes are not only tried."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support import rule_examples as harness

ENDPOINT = """\
Resources:
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SageMaker
      MetricName: Invocation5XXErrors
      Dimensions: [{Name: EndpointName, Value: other}, {Name: VariantName, Value: main}]
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - {VariantName: main, ModelName: skin, InstanceType: ml.c6i.large, InitialInstanceCount: 1}
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointName: skin, EndpointConfigName: !GetAtt Config.EndpointConfigName}
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "backend/src/image.service.ts",
            'client.send(new InvokeEndpointCommand({EndpointName: "skin"}))',
            "high",
        ),
        ("backend/Skin.java", "runtime.invokeEndpoint(request);", "high"),
        ("load-tests/skin.js", "client.send(new InvokeEndpointCommand(skin))", "medium"),
        ("tools/skin.ts", "import http from 'k6/http';\nnew InvokeEndpointCommand(skin)", "medium"),
        ("backend/src/image.service.ts", "client.send(new PutObjectCommand({}))", "medium"),
        ("backend/src/sagemaker.d.ts", "class InvokeEndpointCommand {}", "medium"),
        ("try.py", 'runtime.invoke_endpoint(EndpointName="skin", Body=body)', "medium"),
    ],
)
def test_a_program_that_invokes_endpoints_shows_that_one_is_used(
    name: str, text: str, expected: str, tmp_path: Path
) -> None:
    for path, content in (("infra/template.yaml", ENDPOINT), (name, text), ("config/prod.json", "{}")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, "utf-8")
    settings = RunSettings((harness.rule_of("MLO101"),), LoadOptions(tmp_path))
    report = lint_paths([str(tmp_path / "infra" / "template.yaml")], lambda _: settings, 1)
    assert [each.severity for each in report.findings] == [expected]


INLINE = """\
Resources:
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/ask
      Code:
        ZipFile: |
          import boto3
          NAME = 'skin-check'
          def handler(event, context):
              return boto3.client('sagemaker-runtime').invoke_endpoint(EndpointName=NAME, Body=event['body'])
"""
VARIABLE = """\
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Properties: {Handler: ask.handler, CodeUri: ask/, Environment: {Variables: {ENDPOINT_NAME: skin-check}}}
"""
TERRAFORM = """\
resource "aws_lambda_function" "ask" {
  function_name = "ask"
  handler       = "ask.handler"
  environment {
    variables = { ENDPOINT_NAME = "skin-check" }
  }
}
"""
PROGRAM = """\
import boto3

def handler(event, context):
    return boto3.client("sagemaker-runtime").invoke_endpoint(EndpointName="skin-check", Body=event["body"])
"""
DEPLOYED = VARIABLE.replace("skin-check", "!Ref Name") + "Parameters: {Name: {Type: String}}\n"
UNRELATED = """\
  Show:
    Type: AWS::Lambda::Function
    Properties: {Role: arn:aws:iam::111122223333:role/show, Code: {S3Bucket: code, S3Key: show.zip}}
"""
OTHER_REGION = ENDPOINT.replace("EndpointName: skin,", "EndpointName: skin-check,")
DECLARED = {
    "infra/template.yaml": OTHER_REGION,
    "infra/parameter.yaml": OTHER_REGION.replace("EndpointName: skin-check", "EndpointName: !Ref Name")
    + "Parameters: {Name: {Type: String, Default: skin-check}}\n",
    "infra/main.tf": """\
resource "aws_sagemaker_endpoint" "skin" {
  name                 = "skin-check"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.skin.name
}

resource "aws_sagemaker_endpoint_configuration" "skin" {
  production_variants {
    variant_name           = "main"
    model_name             = "skin"
    instance_type          = "ml.c6i.large"
    initial_instance_count = 1
  }
}

resource "aws_cloudwatch_metric_alarm" "other" {
  alarm_name          = "other"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  dimensions          = { EndpointName = "other", VariantName = "main" }
}
""",
}


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize(
    ("others", "used"),
    [
        ({"api/ask.yaml": INLINE}, True),
        ({"api/ask.yaml": VARIABLE}, True),
        ({"api/main.tf": TERRAFORM}, True),
        ({"api/template.yaml": DEPLOYED, "api/ask/ask.py": PROGRAM}, True),
        ({"api/template.yaml": DEPLOYED, "api/ask/tried.py": PROGRAM}, False),
        ({"api/ask.yaml": INLINE.replace("skin-check", "skin-check-trigger")}, False),
        ({"archive/ask.yaml": INLINE}, False),
        ({"tests/ask.yaml": INLINE}, False),
        ({"api/names.yaml": "endpoint_name: skin-check\n"}, False),
        ({"other-region/template.yaml": OTHER_REGION + UNRELATED}, False),
    ],
)
def test_a_function_of_another_stack_that_states_the_name_of_an_endpoint_uses_it(
    others: dict[str, str], used: bool, declared: str, tmp_path: Path
) -> None:
    for path, content in {declared: DECLARED[declared], **others}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, "utf-8")
    settings = RunSettings((harness.rule_of("MLO101"),), LoadOptions(tmp_path))
    target = tmp_path / declared
    report = lint_paths([str(target.parent if declared.endswith(".tf") else target)], lambda _: settings, 1)
    assert [each.severity == "high" for each in report.findings] == [used]
