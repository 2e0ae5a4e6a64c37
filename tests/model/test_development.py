"""What a program names or tags as for development."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.frontends.python.programs import WATCHER
from tests.support.files import write

DEPLOY = """import argparse
import boto3

sm = boto3.client("sagemaker")
parser = argparse.ArgumentParser()
parser.add_argument("--stage", default="dev")
args = parser.parse_args()
STAGE = "dev"
variant = {{"VariantName": "main", "ModelName": "churn", "InstanceType": "ml.m5.large"}}
sm.create_endpoint_config(EndpointConfigName={}, ProductionVariants=[variant], Tags={})
"""


@pytest.mark.parametrize(
    ("path", "name", "tags", "severity"),
    [
        ("deploy.py", '"churn"', "[]", "medium"),
        ("deploy.py", '"churn-dev"', "[]", "info"),
        ("deploy.py", 'f"churn-{STAGE}"', "[]", "info"),
        ("deploy.py", '"churn"', '[{"Key": "Environment", "Value": "dev"}]', "info"),
        ("deploy.py", '"churn"', '[{"Key": "Team", "Value": "dev"}]', "medium"),
        ("deploy.py", 'f"churn-{args.stage}"', "[]", "medium"),
        ("deploy.py", '"device-scores"', "[]", "medium"),
        ("environments/dev/deploy.py", '"churn"', "[]", "info"),
    ],
)
def test_what_is_for_development_weighs_less(
    path: str,
    name: str,
    tags: str,
    severity: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    write(tmp_path, **{path: DEPLOY.format(name, tags), "watch.py": WATCHER})
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLR101"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["severity"] for each in found] == [severity]
