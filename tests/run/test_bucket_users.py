"""Buckets that programs for machine learning name, by a literal or a variable of a workflow."""

import json

import pytest

from tests.support.workspace import Workspace

BUCKET = "Resources:\n  Store:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: churn-artefacts}\n"
IN_TERRAFORM = 'resource "aws_s3_bucket" "store" {\n  bucket = "churn-artefacts"\n}\n'
TRAINS = """\
import boto3
client = boto3.client("sagemaker")
client.create_training_job(TrainingJobName="t", OutputDataConfig={"S3OutputPath": "s3://NAME/out"})
"""
SDK = """\
from sagemaker.estimator import Estimator
from sagemaker.session import Session
estimator = Estimator("image:1", "role", 1, "ml.m5.large", sagemaker_session=Session(default_bucket="NAME"))
"""
INVOKES = 'import boto3\nclient = boto3.client("bedrock-runtime")\nBUCKET = "NAME"\n'
OTHER = 'import boto3\nboto3.client("s3").get_object(Bucket="NAME", Key="k")\n'
READS = 'import os\nfrom sagemaker.estimator import Estimator\nbucket = os.environ["STORE"]\n'
READS += 'Estimator("image:1", "role", 1, "ml.m5.large", output_path=f"s3://{bucket}/out").fit()\n'
WORKFLOW = "jobs:\n  train:\n    env:\n      STORE: churn-artefacts\n    steps: [{run: python train.py}]\n"


def _codes(workspace: Workspace) -> set[str]:
    (workspace.folder / "template.yaml").unlink(missing_ok=True)
    (workspace.folder / ".git").mkdir(exist_ok=True)
    ran = workspace.run(
        "check", "--format", "json", "--select", "MLS305,MLR301", "--show-undecided", "--severity", "info"
    )
    report = json.loads(ran.out)
    assert not report["undecided"]
    return {each["code"] for each in report["findings"]}


@pytest.mark.parametrize(("name", "text"), [("infra/store.yaml", BUCKET), ("infra/main.tf", IN_TERRAFORM)])
@pytest.mark.parametrize(
    ("program", "bucket", "expected"),
    [
        (TRAINS, "churn-artefacts", {"MLS305", "MLR301"}),
        (SDK, "churn-artefacts", {"MLS305", "MLR301"}),
        (INVOKES, "churn-artefacts", {"MLS305"}),
        (OTHER, "churn-artefacts", set()),
        (TRAINS, "churn-artefacts-2", set()),
        (TRAINS, "churn", set()),
    ],
)
def test_a_program_that_states_the_name(
    workspace: Workspace, name: str, text: str, program: str, bucket: str, expected: set[str]
) -> None:
    workspace.write(name, text)
    workspace.write("train.py", program.replace("NAME", bucket))
    assert _codes(workspace) == expected


@pytest.mark.parametrize(
    ("workflow", "expected"),
    [(WORKFLOW, {"MLS305", "MLR301"}), (WORKFLOW.replace("STORE", "OTHER"), set())],
)
def test_a_workflow_that_gives_the_name(workspace: Workspace, workflow: str, expected: set[str]) -> None:
    workspace.write("infra/store.yaml", BUCKET)
    workspace.write("train.py", READS)
    workspace.write(".github/workflows/train.yml", workflow)
    assert _codes(workspace) == expected


def test_what_tests_name_is_not_used(workspace: Workspace) -> None:
    workspace.write("infra/store.yaml", BUCKET)
    workspace.write("tests/test_train.py", TRAINS.replace("NAME", "churn-artefacts"))
    assert _codes(workspace) == set()
