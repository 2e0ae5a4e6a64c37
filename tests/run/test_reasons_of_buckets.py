"""Why MLS301 weighs less: what a reason states of the users of a bucket is true."""

import json

import pytest

from tests.support.workspace import Workspace

TEMPLATE = """\
Parameters:
  Place: {{Type: String}}
Resources:
  One: {{Type: AWS::S3::Bucket}}
  Two: {{Type: AWS::S3::Bucket}}
  Key: {{Type: AWS::KMS::Key, Properties: {{KeyPolicy: {{Statement: []}}}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Principal: {{Service: sagemaker.amazonaws.com}}, Action: sts:AssumeRole}}
      Policies:
        - PolicyName: data
          PolicyDocument: {{Statement: [{{Effect: Allow, Action: "s3:*", Resource: {resource}}}]}}
  Lab:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {{InstanceType: ml.t3.medium, RoleArn: !GetAtt Role.Arn, KmsKeyId: !Ref Key}}
"""
CAPTURE = """\
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      DataCaptureConfig: {DestinationS3Uri: !Ref Place, EnableCapture: true}
"""


@pytest.mark.parametrize(
    ("resource", "more", "stated"),
    [
        ('"*"', "", "no ML resource or role of one names it"),
        ('"*"', CAPTURE, "it is not certain that ML work uses it"),
    ],
)
def test_a_role_that_may_use_every_bucket_names_none(
    workspace: Workspace, resource: str, more: str, stated: str
) -> None:
    workspace.write("template.yaml", TEMPLATE.format(resource=resource) + more)
    ran = workspace.run("check", "--format", "json", "--select", "MLS301", "--severity", "info")
    findings = json.loads(ran.out)["findings"]
    assert findings
    assert all(stated in json.dumps(each) for each in findings)
