"""What fuzzing has found; each of these once ended a run."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.cloudformation.stacks.project import load as load_template
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load as load_module
from mlwa_lint.run.loading import with_documents
from mlwa_lint.run.pipeline import check_project

RULES = load_rules().rules


@pytest.mark.parametrize(
    "value",
    [
        "data.aws_iam_policy_do",  # a data source without a name
        "data",
        "module",
        "local",
        "var",
        "each",
        "count",
        "path",
        "terraform",
        "self",
        "resource",
        "aws_s3_bucket",
        "data[0]",
        'data["x"].y',
        "data.*",
        "module.m[0]",
    ],
)
def test_references_that_are_cut_short(tmp_path: Path, value: str) -> None:
    tmp_path.joinpath("main.tf").write_text(f'resource "aws_s3_bucket" "b" {{\n  bucket = {value}\n}}\n')
    project = load_module(tmp_path, LoadOptions())
    assert check_project(with_documents(project), RULES).errors == ()
    assert [resource.address for resource in project.resources] == ["aws_s3_bucket.b"]


@pytest.mark.parametrize("count", ["1e400", '"many"', "-1", "1.5", "null"])
def test_counts_that_are_no_whole_numbers(tmp_path: Path, count: str) -> None:
    bucket = f'resource "aws_s3_bucket" "b" {{\n  count = {count}\n}}\n'
    topic = 'resource "aws_sns_topic" "t" {\n  name = aws_s3_bucket.b\n}\n'
    tmp_path.joinpath("main.tf").write_text(bucket + topic)
    project = load_module(tmp_path, LoadOptions())
    assert check_project(with_documents(project), RULES).errors == ()
    assert "aws_sns_topic.t" in [resource.address for resource in project.resources]


@pytest.mark.parametrize(
    "name", ["{x: main}", "[{x: main}]", "!If [C, {x: main}, other]", "[[]]", "{}", "!GetAtt [{}]"]
)
def test_a_map_where_the_name_of_a_variant_should_stand(name: str) -> None:
    text = f"""\
Parameters: {{P: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref P, x]}}
Resources:
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {{EndpointName: e, EndpointConfigName: c}}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SageMaker
      MetricName: Invocation5XXErrors
      Dimensions:
        - {{Name: EndpointName, Value: !GetAtt Endpoint.EndpointName}}
        - {{Name: VariantName, Value: {name}}}
"""
    project = load_template(Path("t.yaml"), LoadOptions(), text)
    assert check_project(with_documents(project), RULES).errors == ()
