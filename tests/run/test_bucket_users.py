"""Buckets and image repositories that programs and other configurations for machine learning name."""

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


def _codes(workspace: Workspace, select: str = "MLS305,MLR301") -> set[str]:
    (workspace.folder / "template.yaml").unlink(missing_ok=True)
    (workspace.folder / ".git").mkdir(exist_ok=True)
    ran = workspace.run(
        "check", "--format", "json", "--select", select, "--show-undecided", "--severity", "info"
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


MODEL = """\
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/churn
      PrimaryContainer: {Image: 'IMAGE', ModelDataUrl: 's3://churn-artefacts/churn.tar.gz'}
"""
MODEL_IN_TERRAFORM = """\
resource "aws_sagemaker_model" "m" {
  name               = "churn"
  execution_role_arn = "arn:aws:iam::111122223333:role/churn"
  primary_container {
    image          = "IMAGE"
    model_data_url = "s3://churn-artefacts/churn.tar.gz"
  }
}
"""
SOURCE = """\
Resources:
  Source:
    Type: AWS::Bedrock::DataSource
    Properties:
      KnowledgeBaseId: ABCDEFGHIJ
      Name: manuals
      DataSourceConfiguration: {Type: S3, S3Configuration: {BucketArn: 'arn:aws:s3:::churn-artefacts'}}
"""
PACKED = (
    SOURCE.replace("'arn:aws:s3:::churn-artefacts'", "'arn:aws:s3:::manuals'")
    + """\
  Function:
    Type: AWS::Lambda::Function
    Properties: {Description: 's3://churn-artefacts/functions/churn.zip'}
"""
)
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/churn/train:1.4"
REPOSITORY = (
    "Resources:\n  Images:\n    Type: AWS::ECR::Repository\n    Properties: {RepositoryName: churn/train}\n"
)
REPOSITORY_IN_TERRAFORM = 'resource "aws_ecr_repository" "images" {\n  name = "churn/train"\n}\n'


@pytest.mark.parametrize(("name", "text"), [("infra/store.yaml", BUCKET), ("infra/main.tf", IN_TERRAFORM)])
@pytest.mark.parametrize(
    ("other", "content", "expected"),
    [
        ("ml/model.yaml", MODEL, {"MLS305", "MLR301"}),
        ("ml/main.tf", MODEL_IN_TERRAFORM, {"MLS305", "MLR301"}),
        ("ml/source.yaml", SOURCE, {"MLS305"}),
        ("ml/packed.yaml", PACKED, set()),
        ("ml/model.yaml", MODEL.replace("churn-artefacts", "churn-artefacts-2"), set()),
        ("tests/model.yaml", MODEL, set()),
    ],
)
def test_a_configuration_of_another_project_that_states_the_name(
    workspace: Workspace, name: str, text: str, other: str, content: str, expected: set[str]
) -> None:
    workspace.write(name, text)
    workspace.write(other, content)
    assert _codes(workspace) == expected


@pytest.mark.parametrize(
    ("name", "text"), [("infra/images.yaml", REPOSITORY), ("infra/main.tf", REPOSITORY_IN_TERRAFORM)]
)
@pytest.mark.parametrize(
    ("other", "content", "is_found"),
    [
        ("ml/model.yaml", MODEL.replace("IMAGE", IMAGE), True),
        (
            "ml/main.tf",
            MODEL_IN_TERRAFORM.replace("IMAGE", IMAGE.replace("us-east-1", "${var.region}")),
            True,
        ),
        ("train.py", SDK.replace("image:1", IMAGE), True),
        ("ml/model.yaml", MODEL.replace("IMAGE", f"{IMAGE.partition(':')[0]}-2:1"), False),
        ("push.sh", f"docker push {IMAGE}\n", False),
    ],
)
def test_an_image_of_another_project(
    workspace: Workspace, name: str, text: str, other: str, content: str, is_found: bool
) -> None:
    workspace.write(name, text)
    workspace.write(other, content)
    assert _codes(workspace, "MLS314,MLC304") == ({"MLS314", "MLC304"} if is_found else set())
