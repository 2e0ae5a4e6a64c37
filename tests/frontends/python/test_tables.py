"""Generated tables are what their scripts write."""

import subprocess
import sys

import pytest

from mlwa_lint.frontends.python.boto3.operations import OPERATIONS
from mlwa_lint.frontends.python.sdk.families import FAMILIES
from mlwa_lint.frontends.python.sdk.parameters import CONFIGS
from mlwa_lint.frontends.python.sdk.signatures import SIGNATURES, VERSIONS
from tests.support.rule_examples import ROOT


def _check(script: str) -> None:
    command = [sys.executable, str(ROOT / "scripts" / script), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_the_table_of_boto3s_calls_is_fresh() -> None:
    pytest.importorskip("botocore")
    _check("build_python_operations.py")


def test_the_table_of_the_sdk_is_what_its_script_wrote() -> None:
    _check("build_sagemaker_sdk.py")
    assert VERSIONS[0].startswith("2.")
    assert VERSIONS[1].startswith("3.")


def test_every_class_of_a_family_has_its_signature() -> None:
    without = {
        "FunctionStep",  # what a call of a function with `@step` gives
        "PipelineSession",
        "LocalPipelineSession",
        "LocalSession",
        "ParameterBoolean",
        "RLEstimatorModel",
    }
    assert {*FAMILIES, *CONFIGS} - SIGNATURES.keys() - without == set()


def test_the_clients_that_rules_need_are_there() -> None:
    assert {
        "sagemaker",
        "bedrock",
        "bedrock-agent",
        "bedrock-agentcore-control",
        "s3",
        "kms",
    } <= OPERATIONS.keys()
    assert len(OPERATIONS["sagemaker"]) > 45
