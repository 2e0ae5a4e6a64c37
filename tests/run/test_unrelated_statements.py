"""Conditions in statements that allow nothing of what is asked make no check undecided."""

from pathlib import Path

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

# Two to the power of this are more combinations than a check is done in.
NUMBER = 8
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:"
TEMPLATE = """\
Parameters:
PARAMETERS
Conditions:
CONDITIONS
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: ask
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: bedrock:InvokeModel, Resource: "*"}
STATEMENTS
  Ask:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Handler: a.b, Runtime: python3.13, Code: {S3Bucket: b, S3Key: k}}
  Url:
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Ask.Arn}
"""


def test_resources_of_statements_that_allow_something_else_are_not_read(tmp_path: Path) -> None:
    statement = (
        "              - {Effect: Allow, Action: sqs:SendMessage, Resource: !If [CNUMBER, QUEUEa, QUEUEb]}"
    )
    lines = {
        "PARAMETERS": '  PNUMBER: {Type: String, Default: "no"}',
        "CONDITIONS": '  CNUMBER: !Equals [!Ref PNUMBER, "yes"]',
        "STATEMENTS": statement.replace("QUEUE", QUEUE),
    }
    text = TEMPLATE
    for name, line in lines.items():
        text = text.replace(name, "\n".join(line.replace("NUMBER", str(each)) for each in range(NUMBER)))
    (tmp_path / "template.yaml").write_text(text, "utf-8")
    settings = RunSettings(load_rules().rules, LoadOptions(root=tmp_path))
    report = lint_paths([str(tmp_path)], lambda _: settings, 1)
    assert {each.code for each in report.findings} >= {"MLS107", "MLS615"}
    assert report.undecided == ()
