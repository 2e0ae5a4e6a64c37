"""What a definition rests on: the substitutions in a value, not those anywhere in the text."""

from pathlib import Path

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Bucket: {Type: String, Default: acme-data}
  Kind: {Type: String, Default: ml.m4.xlarge}
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Role: arn:aws:iam::111122223333:role/workflow
      DefinitionUri: flow.asl.json
      DefinitionSubstitutions: {Bucket: !Ref Bucket, Kind: !Ref Kind}
"""
DEFINITION = """{"StartAt": "Train", "States": {"Train": {"Type": "Task",
  "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
  "Parameters": {"TrainingJobName.$": "$.Name", "RoleArn": "arn:aws:iam::111122223333:role/t",
    "OutputDataConfig": {"S3OutputPath": "s3://${Bucket}/out"},
    "ResourceConfig": {"InstanceCount": 1, "InstanceType": "${Kind}", "VolumeSizeInGB": 10}},
  "End": true}}}
"""


def test_a_finding_names_only_the_defaults_that_its_value_rests_on(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE, "utf-8")
    (tmp_path / "flow.asl.json").write_text(DEFINITION, "utf-8")
    settings = RunSettings(load_rules().rules, LoadOptions(root=tmp_path))
    report = lint_paths([str(tmp_path / "template.yaml")], lambda _: settings, 1)
    conditions = {each.code: each.condition for each in report.findings}
    assert conditions["MLS204"] is None
    assert conditions["MLO201"] is None
    assert conditions["MLP101"] == "assuming the default of Kind"
