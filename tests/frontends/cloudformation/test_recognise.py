import pytest

from mlwa_lint.discovery.recognition import kind_of
from mlwa_lint.frontends.cloudformation.syntax.recognise import is_template


@pytest.mark.parametrize(
    "text",
    [
        "AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n",
        '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {',
        "Resources:\n  A:\n    Type: AWS::S3::Bucket\n",
        '{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}',
        "Transform: AWS::Serverless-2016-10-31\nResources:\n",
        "Transform: [AWS::LanguageExtensions]\n",
        "Resources:\n  A:\n    Type: Custom::Thing\n",
    ],
)
def test_templates_are_recognised_also_when_they_are_broken(text: str) -> None:
    assert is_template(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Resources: [a, b]\n",
        "kind: Deployment\nmetadata: {annotations: {x: 'AWS::S3::Bucket'}}\n",
        '{"format_version": "1.2", "planned_values": {}, "x": "AWS::S3::Bucket", "Resources": {}}',
        "name: x\nsteps: [Resources]\n",
        # What CodeDeploy moves to another version.
        "version: 0.0\nResources:\n  - F:\n      Type: AWS::Lambda::Function\n",
        "version: 0.0\nResources:\n  F:\n    Type: AWS::Lambda::Function\n",
        '{"version": 0.0, "Resources": [{"S": {"Type": "AWS::ECS::Service"}}]}',
        '{\n  "version": "0.0",\n  "Resources": [{"S": {"Type": "AWS::ECS::Service"}}]\n}',
    ],
)
def test_other_files_are_left_alone(text: str) -> None:
    assert not is_template(text)


def test_what_codedeploy_reads_is_left_alone_where_the_user_names_it() -> None:
    text = b"version: 0.0\nResources:\n  F:\n    Type: AWS::Lambda::Function\n"
    assert kind_of(text, named=True).kind is None
    assert kind_of(b"version: 0.0.1\n" + text[13:], named=True).kind == "cloudformation"
