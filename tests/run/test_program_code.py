"""The code of Glue jobs, ECS tasks and Batch jobs ties them, their roles and their buckets to ML."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
GLUE = """
Resources:
  Data:
    Type: AWS::S3::Bucket
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: glue.amazonaws.com}}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3FullAccess]
  Job:
    Type: AWS::Glue::Job
    Properties:
      Role: !GetAtt Role.Arn
      Command: {Name: pythonshell, ScriptLocation: !Sub "s3://code-${AWS::Region}/etl/ratings.py"}
      DefaultArguments: {"--BUCKET": !Ref Data}
"""
CONTAINERS = """
resource "aws_s3_bucket" "data" {}

resource "aws_ecr_repository" "moods" {
  name = "reviews/moods"
}

resource "aws_iam_role" "task" {
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
  assume_role_policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }
    ]
  })
}

resource "aws_ecs_task_definition" "moods" {
  family        = "moods"
  ROLE = aws_iam_role.task.arn
  container_definitions = jsonencode([{
    name        = "moods"
    image       = "${aws_ecr_repository.moods.repository_url}:1.0"
    environment = [{ name = "BUCKET", value = aws_s3_bucket.data.id }]
  }])
}
"""
BATCH = """
Resources:
  Data:
    Type: AWS::S3::Bucket
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs-tasks.amazonaws.com}}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3FullAccess]
  Job:
    Type: AWS::Batch::JobDefinition
    Properties:
      Type: container
      ContainerProperties:
        Image: !Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/moods:1.0"
        JobRoleArn: !GetAtt Role.Arn
        Environment: [{Name: BUCKET, Value: !Ref Data}]
"""
PROGRAM = """
import boto3

iam = boto3.client("iam")
glue = boto3.client("glue")
iam.create_role(
    RoleName="ratings",
    AssumeRolePolicyDocument={
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ]
    },
)
iam.attach_role_policy(RoleName="ratings", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
glue.create_job(
    Name="ratings",
    Role="ratings",
    Command={"Name": "pythonshell", "ScriptLocation": "s3://acme-code/etl/ratings.py"},
)
"""
IMPORTS = 'import boto3\n\nboto3.client("personalize").create_dataset_import_job(jobName="ratings")\n'
COPIES = 'import boto3\n\nboto3.client("s3").copy_object(Bucket="a", Key="b", CopySource="c")\n'
ANALYSES = 'import boto3\n\nboto3.client("comprehend").detect_sentiment(Text="good", LanguageCode="en")\n'


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _found(*codes: str, target: str) -> set[str]:
    report = lint_paths([target], lambda _: RunSettings(RULES, LoadOptions(root=Path.cwd())), 1)
    return {each.code for each in report.findings if each.code in codes}


def _write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("script", "codes"), [(IMPORTS, {"MLS502", "MLC301"}), (COPIES, set())])
def test_a_script_ties_its_glue_job(script: str, codes: set[str]) -> None:
    _write({"stack.yaml": GLUE, "jobs/etl/ratings.py": script, "other/ratings.py": COPIES})
    assert _found("MLS502", "MLC301", target="stack.yaml") == codes


def test_two_scripts_that_lie_alike_show_nothing() -> None:
    _write({"stack.yaml": GLUE, "jobs/etl/ratings.py": IMPORTS, "old/etl/ratings.py": IMPORTS})
    assert not _found("MLS502", "MLC301", target="stack.yaml")


@pytest.mark.parametrize(("script", "codes"), [(IMPORTS, {"MLS502"}), (COPIES, set())])
def test_so_does_that_of_a_job_that_a_program_creates(script: str, codes: set[str]) -> None:
    _write({"setup.py": PROGRAM, "etl/ratings.py": script})
    assert _found("MLS502", target="setup.py") == codes


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ('CMD ["python", "moods.py"]', "services/moods/moods.py"),
        ('ENTRYPOINT ["python", "-m", "app.moods"]', "services/moods/app/moods.py"),
        ("CMD uvicorn app.moods:api --port 80", "services/moods/app/moods.py"),
    ],
)
@pytest.mark.parametrize(("script", "codes"), [(ANALYSES, {"MLS502", "MLC301"}), (COPIES, set())])
def test_a_container_ties_its_task(command: str, file: str, script: str, codes: set[str]) -> None:
    image = f"FROM python:3.13\nCOPY . .\n{command}\n"
    configuration = CONTAINERS.replace("ROLE", "task_role_arn")
    _write({"main.tf": configuration, "services/moods/Dockerfile": image, file: script})
    assert _found("MLS502", "MLC301", target="main.tf") == codes


def test_the_role_that_pulls_an_image_is_not_that_of_its_program() -> None:
    image = 'FROM python:3.13\nCMD ["python", "moods.py"]\n'
    configuration = CONTAINERS.replace("ROLE", "execution_role_arn")
    _write({"main.tf": configuration, "moods/Dockerfile": image, "moods/moods.py": ANALYSES})
    assert _found("MLS502", "MLC301", target="main.tf") == {"MLC301"}


@pytest.mark.parametrize(("folder", "codes"), [("moods", {"MLS502", "MLC301"}), ("web", set())])
def test_of_several_images_the_one_that_is_called_like_its_folder_counts(
    folder: str, codes: set[str]
) -> None:
    image = 'FROM python:3.13\nCMD ["python", "main.py"]\n'
    _write({"stack.yaml": BATCH, f"{folder}/Dockerfile": image, f"{folder}/main.py": ANALYSES})
    _write({"api/Dockerfile": image, "api/main.py": COPIES})
    assert _found("MLS502", "MLC301", target="stack.yaml") == codes
