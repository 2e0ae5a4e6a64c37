"""What the names of images show."""

import pytest

from mlwa_lint.graph.images import built_for
from mlwa_lint.graph.queries.images import why_kept
from tests.support.graphs import graph_of_template


@pytest.mark.parametrize(
    ("name", "hardware"),
    [
        ("pytorch-inference:2.1.0-gpu-py310-cu118-ubuntu20.04-sagemaker", "gpu"),
        ("djl-inference:0.27.0-deepspeed0.12.6-cu121", "gpu"),
        ("pytorch-training:2.1.0-cpu-py310-ubuntu20.04-sagemaker", "cpu"),
        ("sagemaker-scikit-learn:1.2-1-cpu-py3", "cpu"),
        ("huggingface-pytorch-inference-neuronx:2.1.2-transformers4.36.2-neuronx-py310", "neuron"),
        ("pytorch-inference-neuron:1.13.1-neuron-py310-sdk2.15.0", "neuron"),
    ],
)
def test_the_tags_of_deep_learning_containers_name_the_hardware(name: str, hardware: str) -> None:
    assert built_for(name) == hardware


@pytest.mark.parametrize(
    "name",
    ["recommender:2024-11", "sagemaker-xgboost:1.7-1", "custom:cpu-or-gpu", "occupancy:3", "excuse:cut"],
)
def test_other_names_are_not_recognised(name: str) -> None:
    assert built_for(name) is None


KEPT = """
Resources:
  Repository:
    Type: AWS::ECR::Repository
    Properties: {RepositoryName: models}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: SERVICE}, Action: "sts:AssumeRole"}]
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: images
      Roles: [!Ref Role]
      PolicyDocument: {Statement: [{Effect: Allow, Action: ["ACTION"], Resource: !GetAtt Repository.Arn}]}
"""


@pytest.mark.parametrize(
    ("service", "action", "why"),
    [
        ("lambda.amazonaws.com", "ecr:BatchDeleteImage", "Policy lets an application delete its images"),
        ("lambda.amazonaws.com", "ecr:PutImage", ""),
        ("codebuild.amazonaws.com", "ecr:BatchDeleteImage", ""),
        ("codepipeline.amazonaws.com", "ecr:BatchDeleteImage", ""),
    ],
)
def test_an_application_that_deletes_images_keeps_its_repository(service: str, action: str, why: str) -> None:
    graph = graph_of_template(KEPT.replace("SERVICE", service).replace("ACTION", action))
    (repository,) = graph.of_type("AWS::ECR::Repository")
    assert why_kept(repository, graph) == why
