"""What methods of the SDK's session make: the requests that they become."""

from pathlib import Path

from tests.frontends.python.programs import load_text, shown

SESSION = "import sagemaker\nsession = sagemaker.Session()\n"


def _found(folder: Path, text: str, start: str = SESSION) -> dict[str, str]:
    """Each resource's properties as text, by its type's last part."""
    project = load_text(folder, start + text)
    return {
        each.type.rpartition("::")[2]: " ".join(
            f"{key}={shown(each, key)}" for key in sorted(each.properties.entries)
        )
        for each in project.resources
    }


def test_a_configuration_and_its_endpoint(tmp_path: Path) -> None:
    found = _found(
        tmp_path,
        """
config = session.create_endpoint_config("churn-2", "churn", 1, "ml.g4dn.xlarge", kms_key="alias/k")
session.create_endpoint("churn", config)
""",
    )
    assert found.keys() == {"EndpointConfig", "Endpoint"}
    config = found["EndpointConfig"]
    assert "EndpointConfigName='churn-2'" in config
    assert "KmsKeyId='alias/k'" in config
    for each in ("churn", "ml.g4dn.xlarge", "AllTraffic"):
        assert each in config
    assert "EndpointConfigName='churn-2' EndpointName='churn'" in found["Endpoint"]


def test_a_model_of_a_container(tmp_path: Path) -> None:
    found = _found(
        tmp_path,
        """
container = sagemaker.container_def("image", "s3://models/m.tar.gz", env={"A": "b"})
session.create_model("churn", "arn:aws:iam::111122223333:role/host", container)
""",
    )
    assert "ExecutionRoleArn='arn:aws:iam::111122223333:role/host'" in found["Model"]
    assert "s3://models/m.tar.gz" in found["Model"]


def test_a_model_of_the_container_of_another(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "serve.py").write_text("import boto3\n\nboto3.client('s3')\n", encoding="utf-8")
    found = _found(
        tmp_path,
        """
from sagemaker.model import Model

model = Model(image_uri="image", model_data="s3://models/m.tar.gz", env={"A": "b"}, role="r",
              entry_point="serve.py", source_dir="src")
session.create_model("churn", "host", model.prepare_container_def(instance_type="ml.c6i.large"))
""",
    )
    assert found.keys() == {"Model"}
    for each in ("'image'", "s3://models/m.tar.gz", "'b'", "ExecutionRoleArn='host'", "CodeFetches"):
        assert each in found["Model"]


def test_an_endpoint_of_model_data_makes_its_model(tmp_path: Path) -> None:
    text = "session.endpoint_from_model_data('s3://m/m', 'image', 2, 'ml.m5.large', name='churn', role='r')"
    found = _found(tmp_path, text)
    assert found.keys() == {"Model", "EndpointConfig", "Endpoint"}
    assert "ModelName" in found["Model"]
    assert "ml.m5.large" in found["EndpointConfig"]


def test_an_endpoint_of_a_job_leaves_open_what_the_job_gives(tmp_path: Path) -> None:
    found = _found(tmp_path, "session.endpoint_from_job('training-1', 1, 'ml.m5.large')")
    assert found.keys() == {"Model", "EndpointConfig", "Endpoint"}
    assert "ExecutionRoleArn=?" in found["Model"].replace("unknown", "?")
    assert "EndpointName='training-1'" in found["Endpoint"]


def test_jobs(tmp_path: Path) -> None:
    found = _found(
        tmp_path,
        """
session.train("File", [], "role", "t", {"S3OutputPath": "s3://b/o"}, {"InstanceType": "ml.p3.2xlarge"},
              image_uri="image", use_spot_instances=True)
session.process(inputs=[], output_config={"Outputs": []}, job_name="p", resources={"ClusterConfig": {}},
                stopping_condition=None, app_specification={"ImageUri": "image"}, role_arn="role")
session.transform("x", "churn", None, None, None, {}, {"S3OutputPath": "s3://b/x"}, {}, None)
""",
    )
    assert found.keys() == {"TrainingJob", "ProcessingJob", "TransformJob"}
    assert "ml.p3.2xlarge" in found["TrainingJob"]
    assert "EnableManagedSpotTraining=True" in found["TrainingJob"]
    assert "s3://b/x" in found["TransformJob"]


def test_the_session_of_a_model_is_one_of_the_sdk(tmp_path: Path) -> None:
    start = "from sagemaker.model import Model\nmodel = Model('image', role='role')\nmodel.create()\n"
    text = "model.sagemaker_session.create_endpoint_config('c', model.name, 1, 'ml.m5.large')\n"
    found = _found(tmp_path, text, start)
    assert found.keys() == {"Model", "EndpointConfig"}


def test_a_session_that_is_handed_over_is_known_by_its_methods(tmp_path: Path) -> None:
    text = """
def switch(session, model):
    session.create_endpoint_config(
        name="c", model_name=model, initial_instance_count=1, instance_type="ml.m5.large"
    )
"""
    assert _found(tmp_path, text, "").keys() == {"EndpointConfig"}


def test_local_mode_and_pipelines_make_nothing_by_their_sessions(tmp_path: Path) -> None:
    for session in ("sagemaker.local.LocalSession", "sagemaker.workflow.pipeline_context.PipelineSession"):
        start = f"import sagemaker\nsession = {session}()\n"
        assert not _found(tmp_path, "session.create_endpoint('churn', 'churn')\n", start)
