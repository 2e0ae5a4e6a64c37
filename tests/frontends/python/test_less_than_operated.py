"""What weighs less as the files show: endpoints that are replaced or given, commands that fail."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from mlwa_lint.frontends.python.uses.integration import _names_elsewhere
from tests.support.files import write

VARIANTS = (
    '[{"VariantName": "a", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}]'
)
CREATE = (
    f'sm.create_endpoint_config(EndpointConfigName="live-1", ProductionVariants={VARIANTS})\n'
    'sm.create_endpoint(EndpointName="live", EndpointConfigName="live-1")\n'
)
START = 'import argparse\nimport boto3\n\nsm = boto3.client("sagemaker")\n'
DELETE = 'if sm.describe_endpoint(EndpointName="live")["EndpointStatus"] != "Gone":\n'
DELETE += '    sm.delete_endpoint(EndpointName="live")\n'
ANY = """import boto3

sm = boto3.client("sagemaker")

def handler(event, context):
    if event["stop"]:
        sm.delete_endpoint(EndpointName=event["name"])
    else:
        sm.create_endpoint(EndpointName=event["name"], EndpointConfigName=event["config"])
"""
BUILD = "version: 0.2\nphases:\n  build:\n    commands:\n      - python {}/deploy.py\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _weights(capsys: pytest.CaptureFixture[str], code: str) -> list[tuple[str, str]]:
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", code])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [(each["severity"], (each["lowered"] or {}).get("because", "")) for each in found]


@pytest.mark.parametrize(("delete", "is_replaced"), [(DELETE, True), ("", False)])
def test_an_endpoint_that_is_deleted_before_it_is_made_again(
    delete: str, is_replaced: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    write(Path(), **{"src/deploy.py": START + delete + CREATE, "buildspec.yml": BUILD.format("src")})
    ((_, because),) = _weights(capsys, "MLR101")
    assert ("deletes the endpoint before it creates it again" in because) is is_replaced


def test_endpoints_of_any_name_that_a_program_deletes_again(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path(), **{"app.py": ANY})
    ((severity, because),) = _weights(capsys, "MLO101")
    assert (severity, because) == (
        "info",
        "the program makes any endpoint that it is given, and deletes it again",
    )
    write(Path(), **{"app.py": ANY.replace('Name=event["config"]', 'Name="live-1"')})
    assert _weights(capsys, "MLO101")[0][0] == "low"


@pytest.mark.parametrize(
    ("command", "is_elsewhere"),
    [
        ("python src/deploy.py", False),
        ("python deploy.py", False),
        ("python ./deploy.py", False),
        ("python /app/deploy.py", False),
        ("python $HOME/deploy.py", False),
        ("python ../other/deploy.py", False),
        ("python inference/deploy.py", True),
        ("python ./inference/deploy.py", True),
        ("python inference/deploy.py && python src/deploy.py", False),
        ("python project/src/deploy.py", True),
    ],
)
def test_a_command_that_names_a_file_of_another_folder_does_not_run_it(
    command: str, is_elsewhere: bool
) -> None:
    assert _names_elsewhere(command.encode(), ("src", "deploy.py")) is is_elsewhere
    assert not _names_elsewhere(command.encode(), ("deploy.py",))
