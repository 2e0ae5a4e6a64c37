"""Functions with the same code in two templates: each call is where it is written."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.python.handlers import calls_inline
from mlwa_lint.model.spans import start_of

CODE = """\
import boto3

def handler(event, context):
    boto3.client("sagemaker").create_training_job(TrainingJobName="churn", RoleArn="role")
"""


@pytest.mark.parametrize("name", ["one.yaml", "two.yaml"])
def test_calls_are_in_the_template_that_has_them(name: str, tmp_path: Path) -> None:
    found = calls_inline(CODE, tmp_path / "index.py", start_of(name), tmp_path, {}, "index.handler")
    assert [call.span.path for call in found.calls] == [name]
