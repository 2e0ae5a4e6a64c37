"""What MLO113 advises about an alarm: an alarm that follows it is not reported again."""

import re
from pathlib import Path

import pytest

from mlwa_lint.run.evaluation import check_project
from tests.support import rule_examples as harness

ALARM = """\
Resources:
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: {namespace}
      MetricName: {metric}
      Dimensions: [{dimensions}]
      ComparisonOperator: GreaterThanThreshold
      Threshold: 1
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
"""
NAMESPACES = (
    "AWS/SageMaker",
    "/aws/sagemaker/Endpoints",
    "/aws/sagemaker/InferenceComponents",
    "AWS/Bedrock",
)
METRICS = (
    "5XXError",
    "CPUUtilization",
    "GPUMemoryUtilizationNormalized",
    "InputTokens",
    "Invocations",
    "Latency",
    "ModelInvocationErrors",
    "ModelLatency",
    "PipelineExecutionFailed",
)
OWNERS = (
    ("EndpointName", "VariantName"),
    ("InferenceComponentName",),
    ("NotebookInstanceName",),
    ("DomainId",),
    ("TrainingJobName",),
    ("PipelineName",),
    ("ModelId",),
    (),
)


def messages(tmp_path: Path, namespace: str, metric: str, dimensions: tuple[str, ...]) -> list[str]:
    named = ", ".join(f"{{Name: {each}, Value: one}}" for each in dimensions)
    name = "-".join((namespace.replace("/", "."), metric, *dimensions))
    path = tmp_path / f"{name}.yaml"
    path.write_text(ALARM.format(namespace=namespace, metric=metric, dimensions=named))
    found = check_project(harness.project_of(path), [harness.rule_of("MLO113")]).findings
    return [each.message for each in found]


@pytest.mark.parametrize("dimensions", OWNERS)
@pytest.mark.parametrize("namespace", NAMESPACES)
def test_an_alarm_that_follows_the_advice_gets_data(
    tmp_path: Path, namespace: str, dimensions: tuple[str, ...]
) -> None:
    for metric in METRICS:
        for message in messages(tmp_path, namespace, metric, dimensions):
            if found := re.search(r"MetricName should be (\w+)(?: by (.+))?", message):
                named = tuple(found[2].split(" and ")) if found[2] else dimensions
                assert not messages(tmp_path, namespace, found[1], named), message
            if found := re.search(r", which is in (.+)", message):
                for place in found[1].split(" or "):
                    where, _, by = place.partition(" by ")
                    named = tuple(by.split(" and ")) if by else dimensions
                    assert not messages(tmp_path, where, metric, named), message
