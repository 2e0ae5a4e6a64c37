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
        ("load-tests/skin.js", "client.send(new InvokeEndpointCommand(skin))", "low"),
        ("tools/skin.ts", "import http from 'k6/http';\nnew InvokeEndpointCommand(skin)", "low"),
        ("backend/src/image.service.ts", "client.send(new PutObjectCommand({}))", "low"),
        ("backend/src/sagemaker.d.ts", "class InvokeEndpointCommand {}", "low"),
        ("try.py", 'runtime.invoke_endpoint(EndpointName="skin", Body=body)', "low"),
    ],
)
def test_a_program_that_invokes_endpoints_shows_that_one_is_used(
    name: str, text: str, expected: str, tmp_path: Path
) -> None:
    for path, content in (("infra/template.yaml", ENDPOINT), (name, text)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, "utf-8")
    settings = RunSettings((harness.rule_of("MLO101"),), LoadOptions(tmp_path))
    report = lint_paths([str(tmp_path / "infra" / "template.yaml")], lambda _: settings, 1)
    assert [each.severity for each in report.findings] == [expected]
