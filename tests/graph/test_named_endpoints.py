"""An alarm and a scalable target find their endpoint, however its name reaches them."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load as load_template
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load as load_module
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.linking.link import link

_MODULE = """
variable "name" {
  type    = string
  default = ""
}
resource "random_pet" "p" {}
resource "aws_sagemaker_endpoint_configuration" "c" {
  production_variants {
    variant_name           = "main"
    model_name             = "m"
    initial_instance_count = 2
    instance_type          = "ml.m5.large"
  }
}
resource "aws_sagemaker_endpoint" "e" {
  %(own)s
  endpoint_config_name = aws_sagemaker_endpoint_configuration.c.name
}
resource "aws_ssm_parameter" "e" {
  name           = "/endpoint"
  type           = "String"
  insecure_value = aws_sagemaker_endpoint.e.name
}
data "aws_ssm_parameter" "back" { name = aws_ssm_parameter.e.name }
data "aws_ssm_parameter" "literal" { name = "/endpoint" }
resource "aws_cloudwatch_metric_alarm" "a" {
  namespace   = "AWS/SageMaker"
  metric_name = "Invocation5XXErrors"
  dimensions  = { EndpointName = %(name)s, VariantName = "main" }
}
resource "aws_appautoscaling_target" "t" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/${%(name)s}/variant/main"
}
"""
_CONFIGURED = "aws_sagemaker_endpoint_configuration.c.name"


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ("", "aws_ssm_parameter.e.insecure_value"),
        ("", "aws_ssm_parameter.e.value"),
        ("", "data.aws_ssm_parameter.back.value"),
        ("", "data.aws_ssm_parameter.back.insecure_value"),
        ("", "data.aws_ssm_parameter.literal.value"),
        ("", '"${data.aws_ssm_parameter.literal.value}"'),
        (f"name = {_CONFIGURED}", _CONFIGURED),
        (f"name = {_CONFIGURED}", "aws_sagemaker_endpoint.e.endpoint_config_name"),
        ('name = "churn-${random_pet.p.id}"', '"churn-${random_pet.p.id}"'),
        ("name = random_pet.p.id", "random_pet.p.id"),
    ],
)
def test_in_terraform(tmp_path: Path, own: str, name: str) -> None:
    (tmp_path / "main.tf").write_text(_MODULE % {"own": own, "name": name}, encoding="utf-8")
    graph = link(load_module(tmp_path, LoadOptions()))
    target = "aws_sagemaker_endpoint.e"
    assert _related(graph, target, EdgeKind.MONITORS) == {"aws_cloudwatch_metric_alarm.a"}
    assert _related(graph, target, EdgeKind.SCALES) == {"aws_appautoscaling_target.t"}


_TEMPLATE = """
Parameters:
  Name: {Type: String, Default: ''}
  Other: {Type: String, Default: ''}
  Stage: {Type: String, AllowedValues: [dev, prod]}
Mappings: {Stages: {dev: {Name: d, Size: 1}, prod: {Name: p, Size: 2}}}
Conditions:
  Named: !Not [!Equals [!Ref Name, '']]
Resources:
  C:
    Type: AWS::SageMaker::EndpointConfig
    Properties: {ProductionVariants: [{VariantName: main, ModelName: m}]}
  E:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: !GetAtt C.EndpointConfigName, EndpointName: %(own)s}
  A:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SageMaker
      MetricName: Invocation5XXErrors
      Dimensions: [{Name: EndpointName, Value: %(name)s}, {Name: VariantName, Value: main}]
"""
_IF_NAMED = "!If [Named, !Ref Name, !Ref AWS::NoValue]"


@pytest.mark.parametrize(
    ("own", "name", "edges"),
    [
        ("!GetAtt C.EndpointConfigName", "!GetAtt C.EndpointConfigName", 1),
        (_IF_NAMED, "!If [Named, !Ref Name, !GetAtt E.EndpointName]", 2),
        (_IF_NAMED, "!If [Named, !Ref Other, !GetAtt E.EndpointName]", 1),
        ("!FindInMap [Stages, !Ref Stage, Name]", "!FindInMap [Stages, !Ref Stage, Name]", 1),
        ("!FindInMap [Stages, !Ref Stage, Name]", "!FindInMap [Stages, !Ref Stage, Size]", 0),
        ("!Ref Name", "!Ref Name", 1),
        ("!Ref Name", "!Ref Other", 0),
    ],
)
def test_in_cloudformation(tmp_path: Path, own: str, name: str, edges: int) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(_TEMPLATE % {"own": own, "name": name}, encoding="utf-8")
    graph = link(load_template(path, LoadOptions()))
    assert len(graph.edges_into("E", EdgeKind.MONITORS)) == edges


def test_a_query_with_the_name_in_it_is_about_any_endpoint(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    query = (
        "SELECT SUM(Invocation5XXErrors) FROM SCHEMA('AWS/SageMaker', EndpointName) WHERE EndpointName = '"
    )
    path.write_text(
        "Resources:\n"
        "  E: {Type: 'AWS::SageMaker::Endpoint', Properties: {EndpointConfigName: c}}\n"
        "  A:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n"
        f'      Metrics: [{{Id: q, Expression: !Sub "{query}${{E.EndpointName}}\'"}}]\n',
        encoding="utf-8",
    )
    ends = link(load_template(path, LoadOptions())).open_ends_towards(
        EdgeKind.MONITORS, "AWS::SageMaker::Endpoint"
    )
    assert [end.reason for end in ends] == ["its Metrics Insights query may be about any endpoint"]


def _related(graph: ResourceGraph, target: str, kind: EdgeKind) -> set[str]:
    return {edge.source for edge in graph.edges_into(target, kind)}
