"""What must not get lost: buckets of training data and models, and the keys to them."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.queries import artefacts
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer
from mlwa_lint.run.loading import with_documents
from tests.support.graphs import linked

UNDECIDED = Answer("undecided")
HEAD = """
Parameters:
  P: {Type: String}
Resources:
  B: {Type: AWS::S3::Bucket}
  K: {Type: AWS::KMS::Key}
"""
ROLE = """
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: %s.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: s3:GetObject, Resource: !Sub "${B.Arn}/*"}
              - {Effect: Allow, Action: 'textract:*', Resource: "*"}
"""
MODEL = "  M: {Type: AWS::SageMaker::Model, Properties: {PrimaryContainer: {ModelDataUrl: %s}}}\n"
CAPTURE = """
  C:
    Type: AWS::SageMaker::EndpointConfig
    Properties: {DataCaptureConfig: {DestinationS3Uri: !Sub "s3://${B}/captured"}}
"""
FUNCTION = "  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}\n"


def graph_of(resources: str) -> GraphView:
    project = with_documents(load(Path("t.yaml"), LoadOptions(), HEAD + resources))
    return linked(project)


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ("", NO),
        (MODEL % "!Sub 's3://${B}/model.tar.gz'", YES),
        (MODEL % "s3://elsewhere/model.tar.gz", NO),
        (MODEL % "!Ref P", UNDECIDED),
        (ROLE % "sagemaker", YES),
        (CAPTURE, NO),
        (CAPTURE + ROLE % "sagemaker", NO),
        (CAPTURE + MODEL % "!Sub 's3://${B}/model.tar.gz'", YES),
        (CAPTURE + MODEL % "!Ref P", UNDECIDED),
        (ROLE % "lambda" + FUNCTION, NO),
        (ROLE % "bedrock", NO),
        (
            "  G: {Type: AWS::Glue::Job, Properties: {DefaultArguments: {--in: !Sub 's3://${B}/'}}}\n"
            + MODEL % "s3://elsewhere/model.tar.gz",
            YES,
        ),
        ("  G: {Type: AWS::Glue::Job, Properties: {DefaultArguments: {--in: !Sub 's3://${B}/'}}}\n", NO),
    ],
)
def test_which_buckets_hold_training_data_or_models(resources: str, expected: Answer) -> None:
    graph = graph_of(resources)
    assert artefacts.keeps_artefacts(graph.resource("B"), graph) == expected


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ("", NO),
        ("  D: {Type: AWS::SageMaker::Domain, Properties: {KmsKeyId: !Ref K}}\n", YES),
        # A volume goes with its instance, and nothing needs the key any more (decision 0156).
        ("  N: {Type: AWS::SageMaker::NotebookInstance, Properties: {KmsKeyId: !Ref K}}\n", NO),
        (
            (
                "  N: {Type: AWS::SageMaker::NotebookInstance, DeletionPolicy: Retain, "
                "Properties: {KmsKeyId: !Ref K}}\n"
            ),
            YES,
        ),
        ("  T: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: !Ref K}}\n", NO),
    ],
)
def test_a_key_matters_where_machine_learning_uses_it(resources: str, expected: Answer) -> None:
    graph = graph_of(resources)
    assert artefacts.is_ml_store(graph.resource("K"), graph) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("Retain", YES),
        ("RetainExceptOnCreate", YES),
        ("Snapshot", YES),
        ("Delete", NO),
        ("!Ref AWS::NoValue", NO),
    ],
)
def test_a_deletion_policy_keeps_a_resource(policy: str, expected: Answer) -> None:
    graph = graph_of(f"  G: {{Type: AWS::SageMaker::ModelPackageGroup, DeletionPolicy: {policy}}}\n")
    assert artefacts.is_kept(graph.resource("G")) == expected


def test_what_a_step_creates_is_distinguished_from_what_a_template_declares() -> None:
    graph = graph_of(
        """
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: Make
        States:
          Make:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createModel
            Parameters: {ModelName: m}
            End: true
"""
    )
    assert artefacts.is_created_by_workflow(graph.resource("Machine/Make"))
    assert not artefacts.is_created_by_workflow(graph.resource("B"))


def test_conditions_of_functions_that_empty_nothing_are_not_read() -> None:
    """Else a stack with seven optional functions has too many combinations to decide about its buckets."""
    conditions = "Conditions:\n  Optional: !Equals [!Ref P, x]\n"
    optional = FUNCTION.replace("Function,", "Function, Condition: Optional,")
    graph = linked(load(Path("t.yaml"), LoadOptions(), conditions + HEAD + optional))
    assert list(artefacts.emptied_by(graph.resource("B"), graph)) == []
    assert not graph.world.answers
