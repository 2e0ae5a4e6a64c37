"""Files of SageMaker defaults give what calls of the SageMaker SDK leave out."""

import json
from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python.project import load
from mlwa_lint.frontends.python.sdk_defaults import DefaultsFileError, read_defaults
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import MapValue, Value
from tests.frontends.python.programs import load_text, notebook, shown
from tests.support.workspace import Workspace

ESTIMATOR = """
from sagemaker.estimator import Estimator
Estimator("image", "role", 1, "ml.m5.large", output_path="s3://b/o").fit()
"""
CONFIG = """
SchemaVersion: '1.0'
SageMaker:
  TrainingJob:
    EnableNetworkIsolation: true
    ResourceConfig: {VolumeKmsKeyId: volume-key}
    VpcConfig:
      Subnets: [subnet-1]
      SecurityGroupIds: [sg-1]
    Tags:
      - {Key: Team, Value: churn}
"""


def _job(project: Project) -> Resource:
    (job,) = project.resources
    return job


def _key_of(job: Resource) -> Value:
    output = job.properties.entries["OutputDataConfig"].value
    assert isinstance(output, MapValue)
    return output.entries["KmsKeyId"].value


def test_the_nearest_file_gives_what_is_left_out(tmp_path: Path) -> None:
    job = _job(load_text(tmp_path, ESTIMATOR, config__yaml=CONFIG))
    assert shown(job, "EnableNetworkIsolation") == "True"
    assert shown(job, "ResourceConfig.VolumeKmsKeyId") == "'volume-key'"
    assert job.properties.entries["EnableNetworkIsolation"].key_span.line == 5
    assert "Tags" in job.properties.entries


def test_what_the_program_gives_goes_before(tmp_path: Path) -> None:
    text = ESTIMATOR.replace("output_path", "volume_kms_key='own', output_path")
    job = _job(load_text(tmp_path, text, config__yaml=CONFIG))
    assert shown(job, "ResourceConfig.VolumeKmsKeyId") == "'own'"


def test_what_the_file_does_not_give_is_certainly_missing(tmp_path: Path) -> None:
    assert _key_of(_job(load_text(tmp_path, ESTIMATOR))).assumed
    assert not _key_of(_job(load_text(tmp_path, ESTIMATOR, config__yaml=CONFIG))).assumed


@pytest.mark.parametrize(
    ("kind", "place"), [("AutoML", "AutoMLJobConfig.SecurityConfig"), ("AutoMLV2", "SecurityConfig")]
)
def test_both_versions_of_automl_read_the_settings_of_the_first(
    kind: str, place: str, tmp_path: Path
) -> None:
    given = "target_attribute_name='y'" if kind == "AutoML" else "problem_config=None"
    text = f"from sagemaker.automl.x import {kind}\n{kind}({given}, role='r', output_path='s3://b/o').fit(None)\n"
    job = _job(load_text(tmp_path, text))
    assert shown(job, f"{place}.VpcConfig").startswith("- | no SageMaker defaults file")
    config = "SchemaVersion: '1.0'\nSageMaker:\n  AutoMLJob:\n    AutoMLJobConfig:\n"
    config += "      SecurityConfig: {VolumeKmsKeyId: volume-key}\n"
    job = _job(load_text(tmp_path, text, config__yaml=config))
    assert shown(job, f"{place}.VolumeKmsKeyId") == "'volume-key'"
    assert shown(job, f"{place}.VpcConfig") == "-"


def test_boto3_reads_no_such_file(tmp_path: Path) -> None:
    text = "import boto3\nboto3.client('sagemaker').create_training_job(TrainingJobName='a')\n"
    job = _job(load_text(tmp_path, text, config__yaml=CONFIG))
    assert "EnableNetworkIsolation" not in job.properties.entries


def test_a_file_above_the_program_counts_up_to_the_root(tmp_path: Path) -> None:
    (tmp_path / "project" / "jobs").mkdir(parents=True)
    (tmp_path / "config.yaml").write_text(CONFIG)
    program = tmp_path / "project" / "jobs" / "train.py"
    program.write_text(ESTIMATOR)
    outside = _job(load(program, LoadOptions(root=tmp_path / "project")))
    assert shown(outside, "EnableNetworkIsolation").startswith("- | no SageMaker defaults file")
    inside = load(program, LoadOptions(root=tmp_path))
    assert shown(_job(inside), "EnableNetworkIsolation") == "True"
    assert any(each.endswith("config.yaml") for each in inside.sources)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n",
        "SchemaVersion: '1.0'\nSageMaker: 3\n",
        "SchemaVersion: '1.0'\nSageMaker: {a: [\n",
        "SchemaVersion: '1.0'\n# SageMaker\n- " + "[" * 5000,
    ],
)
def test_another_file_is_passed_over(text: str, tmp_path: Path) -> None:
    project = load_text(tmp_path, ESTIMATOR, config__yaml=text)
    assert project.problems == ()
    assert shown(_job(project), "EnableNetworkIsolation").startswith("- | no SageMaker defaults file")


def test_aliases_do_not_make_a_small_file_large(tmp_path: Path) -> None:
    levels = "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    path = tmp_path / "config.yaml"
    path.write_text(f"SchemaVersion: '1.0'\nSageMaker:\n  a0: &a0 [x]\n{levels}")
    assert "too large" in str(read_defaults(path).requests["a8"])


def test_a_named_file_that_is_none_is_a_notice(tmp_path: Path) -> None:
    named = tmp_path / "named.yaml"
    named.write_text("a: 1\n")
    with pytest.raises(DefaultsFileError):
        read_defaults(named)
    program = tmp_path / "train.py"
    program.write_text(ESTIMATOR)
    project = load(program, LoadOptions(root=tmp_path, sagemaker_config=named))
    assert [each.fatal for each in project.problems] == [False]
    assert "SageMaker defaults" in project.problems[0].message


def test_the_command_line_and_the_configuration_name_a_file(workspace: Workspace) -> None:
    workspace.write("train.py", ESTIMATOR)
    workspace.write("conf/defaults.yaml", CONFIG)

    def severities(*arguments: str) -> dict[str, str]:
        out = workspace.run(
            "check", "train.py", "--select", "MLS2", "--format", "json", "--severity", "info", *arguments
        ).out
        return {each["code"]: each["severity"] for each in json.loads(out)["findings"]}

    assert severities() == {"MLS202": "info", "MLS203": "info", "MLS204": "low", "MLS205": "info"}
    named = severities("--sagemaker-config", "conf/defaults.yaml")
    assert named == {"MLS203": "medium"}
    workspace.write(".mlwa-lint.toml", 'sagemaker-config = "conf/defaults.yaml"\n')
    assert severities() == named
    missing = workspace.run("check", "train.py", "--sagemaker-config", "none.yaml")
    assert missing.code == 2
    assert "--sagemaker-config none.yaml: no such file" in missing.err


@pytest.mark.parametrize(("program", "severity"), [("deploy.ipynb", "info"), ("deploy.py", "low")])
def test_what_a_notebook_leaves_to_the_file_weighs_as_what_it_leaves_out(
    program: str, severity: str, workspace: Workspace
) -> None:
    text = "from sagemaker.model import Model\n"
    text += "model = Model('1.dkr.ecr.eu-west-1.amazonaws.com/i:1', 's3://a/m', 'r')\n"
    text += "model.deploy(1, 'ml.m5.large')\n"
    workspace.write(program, notebook(text) if program.endswith(".ipynb") else text)
    workspace.write(
        "config.yaml", "SchemaVersion: '1.0'\nSageMaker:\n  Model: {EnableNetworkIsolation: false}\n"
    )
    found = workspace.run(
        "check", program, "--select", "MLS102", "--severity", "info", "--format", "json"
    ).out
    assert [each["severity"] for each in json.loads(found)["findings"]] == [severity]
