"""What a program deletes again after it has made it: others do not depend on it."""

from pathlib import Path

import pytest

from mlwa_lint.model.resources import DELETED
from tests.frontends.python.programs import load_text

BOTO3 = """
import boto3, time
sm = boto3.client("sagemaker")
name = f"demo-{time.time()}"
sm.create_endpoint_config(EndpointConfigName="config", ProductionVariants=[])
sm.create_endpoint(EndpointName=name, EndpointConfigName="config")
"""
SDK = """
import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.predictor import Predictor
session = sagemaker.Session()
estimator = Estimator("image", "role", 1, "ml.m5.large", sagemaker_session=session)
estimator.fit()
predictor = estimator.deploy(1, "ml.m5.large")
"""
CORE = """
from sagemaker.core.resources import Endpoint
endpoint = Endpoint.create(endpoint_name="demo", endpoint_config_name="config")
"""
HOSTING = ["AWS::SageMaker::Endpoint", "AWS::SageMaker::EndpointConfig"]


def _deleted(folder: Path, text: str) -> list[str]:
    project = load_text(folder, text)
    return sorted(each.type for each in project.resources if DELETED in each.attributes.entries)


@pytest.mark.parametrize(
    "text",
    [
        BOTO3 + "sm.delete_endpoint(EndpointName=name)",
        BOTO3 + "try:\n    sm.invoke()\nfinally:\n    sm.delete_endpoint(EndpointName=name)",
        BOTO3 + "def clean(endpoint):\n    sm.delete_endpoint(EndpointName=endpoint)\nclean(name)",
        SDK + "predictor.delete_endpoint()",
        SDK + "predictor.delete_predictor()",
        SDK + "estimator.delete_endpoint()",
        SDK + "session.delete_endpoint(predictor.endpoint_name)",
        SDK + "session.sagemaker_client.delete_endpoint(EndpointName=predictor.endpoint_name)",
        SDK + "Predictor(predictor.endpoint_name).delete_endpoint()",
    ],
)
def test_a_deleted_endpoint_takes_its_configuration_with_it(text: str, tmp_path: Path) -> None:
    assert _deleted(tmp_path, text) == HOSTING


def test_an_endpoint_of_the_third_version_is_deleted_by_itself(tmp_path: Path) -> None:
    assert _deleted(tmp_path, CORE + "endpoint.delete()") == HOSTING[:1]


@pytest.mark.parametrize(
    "text",
    [
        BOTO3,
        SDK,
        BOTO3 + "sm.delete_endpoint(EndpointName='another')",
        BOTO3 + "import os\nif os.environ['CLEAN']:\n    sm.delete_endpoint(EndpointName=name)",
        # One whom nothing here calls runs some other day.
        BOTO3 + "def clean():\n    sm.delete_endpoint(EndpointName=name)",
        BOTO3.replace(
            "sm.create_endpoint_config", "sm.delete_endpoint(EndpointName=name)\nsm.create_endpoint_config"
        ),
        SDK + "# predictor.delete_endpoint()",
        SDK + "Predictor('another').delete_endpoint()",
    ],
)
def test_what_is_not_surely_deleted_is_kept(text: str, tmp_path: Path) -> None:
    assert _deleted(tmp_path, text) == []


def test_any_resource_that_is_deleted_by_what_its_creation_returned(tmp_path: Path) -> None:
    text = """
import boto3
control = boto3.client("bedrock-agentcore-control")
made = control.create_memory(name="notes", eventExpiryDuration=7)
control.delete_memory(memoryId=made["memory"]["id"])
bucket = boto3.client("s3")
bucket.create_bucket(Bucket="scratch")
bucket.delete_bucket(Bucket="scratch")
"""
    assert _deleted(tmp_path, text) == ["AWS::BedrockAgentCore::Memory", "AWS::S3::Bucket"]
