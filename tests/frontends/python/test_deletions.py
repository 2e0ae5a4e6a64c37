"""What a program deletes again after it has made it: others do not depend on it."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python.project import load
from mlwa_lint.model.resources import DELETED
from tests.frontends.python.programs import load_cells, load_text, notebook

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


def _deleted(folder: Path, *text: str) -> list[str]:
    project = load_text(folder, *text) if len(text) == 1 else load_cells(folder, *text)
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
        SDK + "predictor.delete()",
        SDK + "session.delete_endpoint(predictor.endpoint_name)",
        SDK + "session.sagemaker_client.delete_endpoint(EndpointName=predictor.endpoint_name)",
        SDK + "Predictor(predictor.endpoint_name).delete_endpoint()",
    ],
)
def test_a_deleted_endpoint_takes_its_configuration_with_it(text: str, tmp_path: Path) -> None:
    assert _deleted(tmp_path, text) == HOSTING


MODEL = """
from sagemaker.model import Model
model = Model("image", role="role", name="m")
"""


@pytest.mark.parametrize(
    "text",
    [
        MODEL + "t = model.transformer(1, 'ml.m5.large')\nt.transform('s3://a/b')\nmodel.delete_model()",
        MODEL + "t = model.transformer(1, 'ml.m5.large')\nt.transform('s3://a/b')\nt.delete_model()",
        MODEL + "p = model.deploy(1, 'ml.m5.large')\np.delete_model()",
        MODEL + "model.create()\nmodel.delete_model()",
    ],
)
def test_a_model_that_is_deleted(text: str, tmp_path: Path) -> None:
    assert _deleted(tmp_path, text) == ["AWS::SageMaker::Model"]


def test_an_endpoint_of_the_third_version_is_deleted_by_itself(tmp_path: Path) -> None:
    assert _deleted(tmp_path, CORE + "endpoint.delete()") == HOSTING[:1]


@pytest.mark.parametrize(
    "cells",
    [(CORE + "Endpoint.get('demo').delete()",), (CORE, "Endpoint.get(endpoint_name='demo').delete()")],
)
def test_an_endpoint_of_the_third_version_is_deleted_by_its_name(
    cells: tuple[str, ...], tmp_path: Path
) -> None:
    assert _deleted(tmp_path, *cells) == HOSTING[:1]


@pytest.mark.parametrize(
    "cells",
    [
        (SDK, "name = '<ENDPOINT_NAME>'", "again = Predictor(name)", "again.delete_endpoint()"),
        (BOTO3, "sm.delete_endpoint(EndpointName='your-endpoint-name')"),
        (BOTO3, "sm.delete_endpoint(EndpointName='')"),
    ],
)
def test_in_a_notebook_a_placeholder_is_the_name_of_what_it_made(
    cells: tuple[str, ...], tmp_path: Path
) -> None:
    assert "AWS::SageMaker::Endpoint" in _deleted(tmp_path, *cells)
    assert _deleted(tmp_path, "\n".join(cells)) == []


@pytest.mark.parametrize(
    "cells",
    [
        (BOTO3, "if clean_up:\n    sm.delete_endpoint(EndpointName=name)"),
        (SDK, "clean_up = False", "if clean_up:\n    predictor.delete_endpoint(delete_endpoint_config=True)"),
        (BOTO3, "%store -r endpoint_name", "sm.delete_endpoint(EndpointName=endpoint_name)"),
        (SDK, "session.delete_endpoint(endpoint_name)"),
        (SDK, "# predictor.delete_endpoint()"),
        (BOTO3, "# When you are done:\n# sm.delete_endpoint(EndpointName=name)\nprint(name)"),
        (SDK, "from elsewhere import connect\nconnect(name).delete_predictor()"),
    ],
)
def test_in_a_notebook_a_switch_or_a_name_from_elsewhere_does_not_keep_it(
    cells: tuple[str, ...], tmp_path: Path
) -> None:
    assert "AWS::SageMaker::Endpoint" in _deleted(tmp_path, *cells)
    assert _deleted(tmp_path, "\n".join(each for each in cells if not each.startswith("%"))) == []


@pytest.mark.parametrize(
    "cells",
    [
        (BOTO3, "sm.delete_endpoint(EndpointName='another')"),
        (CORE, "Endpoint.get('another').delete()"),
        ("import boto3\nboto3.client('sagemaker').delete_endpoint(EndpointName=old_name)", BOTO3),
        (BOTO3, "def clean():\n    sm.delete_endpoint(EndpointName=name)"),
        (BOTO3, "clean_up = False\nif clean_up:\n    sm.delete_endpoint(EndpointName='another')"),
        (BOTO3, "sm.delete_model(ModelName=some_name)"),
    ],
)
def test_a_notebook_that_deletes_another_keeps_its_own(cells: tuple[str, ...], tmp_path: Path) -> None:
    assert _deleted(tmp_path, *cells) == []


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


@pytest.mark.parametrize("name", ["3-test.ipynb", "2.01_remove.ipynb", "Clean up.ipynb"])
def test_a_later_notebook_of_the_folder_deletes_it(name: str, tmp_path: Path) -> None:
    assert _series(tmp_path, "2-deploy.ipynb", name, "predictor.delete_endpoint()") == HOSTING
    (tmp_path / name).write_text(notebook("Endpoint.get(name).delete()"), encoding="utf-8")
    project = load(tmp_path / "2-deploy.ipynb", LoadOptions(root=tmp_path))
    assert any(source.endswith(name) for source in project.sources)


@pytest.mark.parametrize(
    ("own", "name", "text"),
    [
        ("2-deploy.ipynb", "1-other.ipynb", "predictor.delete_endpoint()"),
        ("deploy.ipynb", "2-other.ipynb", "predictor.delete_endpoint()"),
        ("2-deploy.ipynb", "other.ipynb", "predictor.delete_endpoint()"),
        ("2-deploy.ipynb", "3-other.ipynb", "# predictor.delete_endpoint()"),
        ("2-deploy.ipynb", "3-other.ipynb", "text.delete()"),
        ("2-deploy.py", "3-other.ipynb", "predictor.delete_endpoint()"),
    ],
)
def test_other_notebooks_of_the_folder_do_not(own: str, name: str, text: str, tmp_path: Path) -> None:
    assert _series(tmp_path, own, name, text) == []


def test_unrelated_notebooks_do_not_matter(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"1-{number:02}.ipynb").write_text(notebook("print()"), encoding="utf-8")
    assert _series(tmp_path, "2-deploy.ipynb", "3-clean-up.ipynb", "predictor.delete_endpoint()") == HOSTING


def test_a_notebook_outside_of_the_project_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "away.ipynb").write_text(notebook("predictor.delete_endpoint()"), encoding="utf-8")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "3-away.ipynb").symlink_to(tmp_path / "away.ipynb")
    assert _series(folder, "2-deploy.ipynb", "4-other.ipynb", "") == []


def _series(folder: Path, own: str, name: str, text: str) -> list[str]:
    (folder / own).write_text(notebook(BOTO3) if own.endswith(".ipynb") else BOTO3, encoding="utf-8")
    (folder / name).write_text(notebook(text), encoding="utf-8")
    project = load(folder / own, LoadOptions(root=folder))
    return sorted(each.type for each in project.resources if DELETED in each.attributes.entries)


def test_what_a_handler_of_errors_makes_anew_goes_with_the_endpoint(tmp_path: Path) -> None:
    text = """
from sagemaker.serve.model_builder import ModelBuilder
builder = ModelBuilder(model="x", role_arn="r", instance_type="ml.g5.2xlarge")
given = dict(endpoint_name="e", initial_instance_count=1)
try:
    endpoint = builder.deploy(**given, container_startup_health_check_timeout=1800)
except TypeError:
    endpoint = builder.deploy(**given)
"""
    assert _deleted(tmp_path, text, "endpoint.delete()") == [*HOSTING, HOSTING[1]]
