"""A customer managed key is expected where the repository uses, mentions or suggests one."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
NOTEBOOK = """
resource "aws_sagemaker_notebook_instance" "explore" {
  name          = "explore"
  role_arn      = "arn:aws:iam::111122223333:role/explore"
  instance_type = "ml.t3.medium"
}
"""
ENDPOINT = """
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    model_name             = "churn"
    instance_type          = "ml.m6i.large"
    initial_instance_count = 2
  }
}
"""
TRAINING = """import boto3

KEY = "alias/jobs"
boto3.client("sagemaker").create_training_job(
    TrainingJobName="a",
    RoleArn="arn:aws:iam::111122223333:role/train",
    AlgorithmSpecification={"TrainingImage": "1.dkr.ecr.eu-west-1.amazonaws.com/a:1"},
    OutputDataConfig={"S3OutputPath": "s3://b/out"},
    ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
    StoppingCondition={"MaxRuntimeInSeconds": 3600},
)
"""
HANDLER = "def handler(event, context):\n    return 'ok'\n"
README = "# Prices\n\nForecasts prices of fruit.\n"
MEDIUM, LOW, INFO = "medium", "low", "info"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _weight(code: str = "MLS401", **files: str) -> str:
    for name, text in files.items():
        path = Path(name.replace("___", "/").replace("__", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path.cwd())), 1)
    (severity,) = {each.severity for each in report.findings if each.code == code}
    return severity


@pytest.mark.parametrize("described", [{"README__md": README}, {"src___app__py": HANDLER}])
def test_none_is_expected_where_nothing_suggests_one(described: dict[str, str]) -> None:
    assert _weight(main__tf=NOTEBOOK, **described) == INFO


def test_a_configuration_alone_does_not_show_what_its_data_is() -> None:
    assert _weight(main__tf=NOTEBOOK) == LOW


@pytest.mark.parametrize(
    "text",
    [
        "Features are made of personal data.",
        "Predicts readmission of patients.",
        "Subject to HIPAA.",
        "Scores credit risk.",
        "The bucket stores sensitive data.",
        "Our images are confidential.",
        "Volumes need a customer managed key later.",
        "TODO: encrypt with KMS",
    ],
)
def test_what_a_readme_states_of_its_data_or_keys_keeps_it_low(text: str) -> None:
    assert _weight(main__tf=NOTEBOOK, README__md=f"{README}\n{text}\n") == LOW


@pytest.mark.parametrize(
    ("program", "severity"),
    [
        ("WORDS = ['visa', 'payment']\n", INFO),
        ("SECTORS = ['Healthcare', 'Energy']\n", INFO),
        ("frame['payment'].sum()\n", INFO),
        ("# Payments of tenants.\n", INFO),
        ("frame['payment_history'].sum()\n", LOW),
        ("BUCKET = 'medical-records'\n", LOW),
        ("frame = read_csv('raw/Leavers-Customer-Churn.csv')\n", LOW),
        ("frame = read_csv('patients.csv')\n", LOW),
        ("frame = read_csv('trees.csv').drop(columns=['customerID'])\n", INFO),
        ("health_data = check(endpoint)\n", INFO),
        ("BUCKET = 'raw-pii-uploads'\n", LOW),
        ("pii_data_bucket = 'originals'\n", LOW),
        ("FUNCTION = 'pii-redaction'\nfound = pii_detection(text)\n", INFO),
        ("TAGS = {'Project': 'Patient Record Migration'}\n", LOW),
        ("print('patient record of failures')\n", LOW),
        ("print('be patient')\n", INFO),
    ],
)
def test_names_of_data_show_what_it_is_about_and_single_words_do_not(program: str, severity: str) -> None:
    assert _weight(main__tf=NOTEBOOK, README__md=README, app__py=program) == severity


@pytest.mark.parametrize(
    "text",
    [
        "Never commit sensitive data.",
        "Be patient: training takes an hour.",
        "Needs `kms:Decrypt` on nothing, and buckets use `aws:kms` or `alias/aws/s3` by default.",
        "A health check runs every minute.",
        "Responses go through PII redaction.",
        "Contributors keep reports in confidentiality.",
    ],
)
def test_words_that_mean_something_else_change_nothing(text: str) -> None:
    assert _weight(main__tf=NOTEBOOK, README__md=f"{README}\n{text}\n") == INFO


@pytest.mark.parametrize(
    "text",
    [
        'output "required" {\n  value = { "s3:x-amz-server-side-encryption" = "aws:kms" }\n}\n',
        'resource "aws_sagemaker_model" "m" {\n  enable_network_isolation = true\n}\n',
        'resource "aws_vpc_endpoint" "e" {\n  service_name = "com.amazonaws.eu-west-1.sagemaker.api"\n}\n',
    ],
)
def test_a_hardened_project_keeps_it_low(text: str) -> None:
    files = {"README__md": README, "other___more__tf": text}
    assert _weight("MLS101", main__tf=ENDPOINT, **files) == LOW


def test_a_key_that_aws_manages_is_no_customer_managed_key() -> None:
    other = NOTEBOOK.replace('"explore" {', '"other" {')
    managed = other.rstrip().removesuffix("}") + '  kms_key_id = "alias/aws/sagemaker"\n}\n'
    assert _weight(main__tf=NOTEBOOK, other__tf=managed) == LOW


def test_a_key_in_another_root_keeps_it_low() -> None:
    key = 'resource "aws_kms_key" "data" {\n  enable_key_rotation = true\n}\n'
    assert _weight("MLS101", main__tf=ENDPOINT, README__md=README, other___key__tf=key) == LOW
    # What a notebook keeps is one choice with all that is deployed with it, unless a variable offers a key.
    assert _weight(main__tf=NOTEBOOK) == INFO
    offered = NOTEBOOK.replace("name  ", "kms_key_id = var.key\n  name  ")
    assert _weight(main__tf=f'{offered}variable "key" {{\n  default = null\n}}\n') == LOW


@pytest.mark.parametrize("code", ["MLS202", "MLS203"])
def test_the_key_of_a_job_is_a_choice_for_all_unless_its_other_data_has_one(code: str) -> None:
    assert _weight(code, train__py=TRAINING, notes__py="KMS_KEY = 'alias/other'\n") == INFO
    given = TRAINING.replace('"InstanceCount"', '"VolumeKmsKeyId": KEY, "InstanceCount"')
    given = TRAINING.replace("s3://b/out", 's3://b/out", "KmsKeyId": "alias/o') if code == "MLS202" else given
    assert _weight(code, train__py=given) == MEDIUM


def test_a_key_in_the_same_project_makes_it_a_gap() -> None:
    key = 'resource "aws_kms_key" "data" {\n  enable_key_rotation = true\n}\n'
    assert _weight(main__tf=NOTEBOOK, README__md=README, key__tf=key) == MEDIUM


def test_programs_are_weighed_as_configurations_are() -> None:
    program = (
        "import boto3\n\nboto3.client('sagemaker').create_notebook_instance(\n"
        "    NotebookInstanceName='explore', InstanceType='ml.t3.medium', RoleArn='arn'\n)\n"
    )
    assert _weight(make__py=program) == INFO
    assert _weight(make__py=program, README__md="Holds medical records.\n") == LOW


def test_what_an_endpoint_captures_is_sensitive_where_the_project_shows_it() -> None:
    capture = """
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - {ModelName: m, VariantName: a, InstanceType: ml.m6i.large, InitialInstanceCount: 2}
      DataCaptureConfig:
        InitialSamplingPercentage: 100
        DestinationS3Uri: s3://elsewhere/captured
        CaptureOptions: [{CaptureMode: Input}]
"""
    assert _weight("MLS104", t__yaml=capture) == LOW
    assert _weight("MLS104", t__yaml=capture, README__md=README) == INFO
    assert _weight("MLS104", t__yaml=capture, README__md="# Claims\n\nReads medical records.\n") == LOW
