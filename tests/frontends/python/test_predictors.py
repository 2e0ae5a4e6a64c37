"""What a predictor does with its endpoint."""

from pathlib import Path

from mlwa_lint.frontends.evaluator import member
from mlwa_lint.model.resources import UPDATED, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import ListValue, Value, known_text
from tests.frontends.python.programs import load_text, shown

DEPLOY = """
from sagemaker.model import Model
predictor = Model("image", role="role").deploy(1, "ml.m5.large", endpoint_name="churn")
"""
CONFIG = "AWS::SageMaker::EndpointConfig"


def _resources(folder: Path, text: str) -> dict[str, Resource]:
    return {each.type: each for each in load_text(folder, DEPLOY + text).resources}


def _count(variant: Value) -> str | None:
    return known_text(member(variant, "InitialInstanceCount", Span("", 1, 1, 1, 1)))


def test_deploy_creates_and_never_updates(tmp_path: Path) -> None:
    endpoint = _resources(tmp_path, "")["AWS::SageMaker::Endpoint"]
    assert UPDATED in endpoint.attributes.entries


def test_an_update_changes_the_configuration(tmp_path: Path) -> None:
    found = _resources(tmp_path, "predictor.update_endpoint(initial_instance_count=2, kms_key='key')")
    assert UPDATED not in found["AWS::SageMaker::Endpoint"].attributes.entries
    assert shown(found[CONFIG], "KmsKeyId") == "'key'"
    variants = found[CONFIG].properties.entries["ProductionVariants"].value
    assert isinstance(variants, ListValue)
    assert [_count(each) for each in variants.items] == ["2"]


def test_an_update_by_boto3_counts_as_well(tmp_path: Path) -> None:
    client = "import boto3\nclient = boto3.client('sagemaker')\n"
    update = client + "client.update_endpoint(EndpointName='churn', EndpointConfigName='b')"
    assert UPDATED not in _resources(tmp_path, update)["AWS::SageMaker::Endpoint"].attributes.entries


def test_a_predictor_of_another_endpoint_changes_nothing(tmp_path: Path) -> None:
    other = (
        "from sagemaker.predictor import Predictor\nPredictor('b').update_endpoint(initial_instance_count=2)"
    )
    assert UPDATED in _resources(tmp_path, other)["AWS::SageMaker::Endpoint"].attributes.entries
