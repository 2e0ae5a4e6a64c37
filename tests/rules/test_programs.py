"""What rules say of programs beyond their examples: notebooks, and what weighs less there."""

import json
from typing import Any

import pytest

from tests.frontends.python.programs import notebook
from tests.support.workspace import Workspace

MODEL = """\
import boto3
boto3.client("sagemaker").create_model(
    ModelName="churn", PrimaryContainer={"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:latest"}
)
"""
PROCESSING = """\
from sagemaker.processing import ScriptProcessor
processor = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/clean:1", role="r", command=["python3"],
    instance_type="%s", instance_count=1,
)
processor.run("clean.py")
"""
ISOLATION = """\
from sagemaker.model import Model
model = Model(image_uri="a:1", role="r", model_data="s3://b/m"%s)
model.create()
"""


@pytest.fixture
def project(workspace: Workspace) -> Workspace:
    (workspace.folder / "template.yaml").unlink()
    return workspace


def _severities(workspace: Workspace, code: str) -> list[Any]:
    ran = workspace.check("--format", "json", "--select", code, "--severity", "info")
    return [each["severity"] for each in json.loads(ran.out)["findings"]]


def test_a_notebook_that_builds_its_image_may_name_it_by_latest(project: Workspace) -> None:
    path = project.write("a.ipynb", notebook("!ls", MODEL))
    assert _severities(project, "MLR116") == ["low"]
    path.write_text(notebook("%%sh\ndocker push churn", MODEL), encoding="utf-8")
    assert _severities(project, "MLR116") == []


@pytest.mark.parametrize(
    ("name", "machine", "severity"),
    [
        ("a.py", "ml.m5.xlarge", "info"),
        ("a.py", "ml.g5.xlarge", "low"),
        ("a.py", "ml.m5.12xlarge", "low"),
    ],
)
def test_a_runtime_limit_matters_where_a_day_costs_much(
    name: str, machine: str, severity: str, project: Workspace
) -> None:
    project.write(name, PROCESSING % machine)
    assert _severities(project, "MLC202") == [severity]


def test_processing_is_no_experiment_of_weight(project: Workspace) -> None:
    project.write("a.py", PROCESSING % "ml.m5.xlarge")
    assert _severities(project, "MLO201") == ["info"]


@pytest.mark.parametrize(
    ("name", "stated", "severity"),
    [
        ("a.ipynb", ", enable_network_isolation=False", "low"),
        ("a.ipynb", "", "info"),
        ("workshop/a.py", ", enable_network_isolation=False", "low"),
        ("workshop/a.py", "", "info"),
        ("a.py", ", enable_network_isolation=False", "medium"),
        ("a.py", "", "low"),
    ],
)
def test_what_is_stated_weighs_more_than_what_is_left_out(
    name: str, stated: str, severity: str, project: Workspace
) -> None:
    text = ISOLATION % stated
    project.write(name, notebook(text) if name.endswith(".ipynb") else text)
    assert _severities(project, "MLS102") == [severity]


BROWSER = """\
import boto3
boto3.client("bedrock-agentcore-control").create_browser(
    name="b", networkConfiguration={"networkMode": "PUBLIC"}
)
"""


@pytest.mark.parametrize(
    ("name", "severity"), [("a.ipynb", "info"), ("demo/a.py", "info"), ("a.py", "medium")]
)
def test_what_the_service_asks_for_weighs_as_what_is_left_out(
    name: str, severity: str, project: Workspace
) -> None:
    project.write(name, notebook(BROWSER) if name.endswith(".ipynb") else BROWSER)
    assert _severities(project, "MLS608") == [severity]
