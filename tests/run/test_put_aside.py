"""Templates and Terraform in folders of what is no longer in use, and copies, are not deployed."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.put_aside import NAMES_LIMIT
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
NOTEBOOK = """
Resources:
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::111122223333:role/notebook
      RootAccess: Enabled
"""
LIVING = NOTEBOOK.replace("Enabled", "Disabled")
OTHER = "Resources: {Topic: {Type: AWS::SNS::Topic}, Notebook: {Type: AWS::SageMaker::Endpoint}}\n"
TERRAFORM = """
provider "aws" {}
resource "aws_sagemaker_notebook_instance" "notebook" {
  name          = "notebook"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = "Enabled"
}
"""
LIVING_TERRAFORM = TERRAFORM.replace("Enabled", "Disabled")
OTHER_TERRAFORM = 'provider "aws" {}\nresource "aws_sagemaker_domain" "studio" {}\n'
SECRET = """
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/asks
      Environment: {Variables: {DB_PASSWORD: Gx7!kq92Lm}}
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              return boto3.client("bedrock-runtime").converse(modelId=event["model"], messages=[])
      Handler: index.handler
      Runtime: python3.13
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(**files: str) -> None:
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(content)


def weights(code: str = "MLS402") -> dict[str, tuple[str, str]]:
    """The severity of each finding of a rule by its file, and why it is not higher."""
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    return {
        each.span.path: (each.severity, "" if each.lowered is None else each.lowered.because)
        for each in report.findings
        if each.code == code
    }


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("archive/stack.yaml", ("info", "nothing outside of archive deploys what is put aside there")),
        ("old/infra/stack.yaml", ("info", "nothing outside of old deploys what is put aside there")),
        ("legacy/stack.yaml", ("info", "nothing outside of legacy deploys what is put aside there")),
        ("deprecated/stack.yaml", ("info", "nothing outside of deprecated deploys what is put aside there")),
        ("unused/stack.yaml", ("info", "nothing outside of unused deploys what is put aside there")),
        ("backup/stack.yaml", ("info", "nothing outside of backup deploys what is put aside there")),
        ("scratch/stack.yaml", ("info", "nothing outside of scratch deploys what is put aside there")),
        (
            "infra-backup/stack.yaml",
            ("info", "nothing outside of infra-backup deploys what is put aside there"),
        ),
        ("old_infra/stack.yaml", ("info", "nothing outside of old_infra deploys what is put aside there")),
        ("infra-backup/other.yaml", ("medium", "")),
        ("backup-plan/stack.yaml", ("medium", "")),
        ("stack-old.yaml", ("info", "nothing in the project deploys this copy of stack.yaml")),
        ("stack copy.yaml", ("info", "nothing in the project deploys this copy of stack.yaml")),
        ("Copy of stack.yaml", ("info", "nothing in the project deploys this copy of stack.yaml")),
        ("stack (1).yaml", ("info", "nothing in the project deploys this copy of stack.yaml")),
        ("stack.bak.yaml", ("info", "nothing in the project deploys this copy of stack.yaml")),
        ("archive_of_models/stack.yaml", ("medium", "")),
        ("current/stack.yaml", ("medium", "")),
        ("stack-v2.yaml", ("medium", "")),
        ("legacy/other.yaml", ("medium", "")),
        ("old/other.yaml", ("medium", "")),
        ("backup/other.yaml", ("medium", "")),
        ("other-old.yaml", ("medium", "")),
    ],
)
def test_a_template_that_is_put_aside_is_not_deployed(path: str, found: tuple[str, str]) -> None:
    write(**{path: NOTEBOOK, "stack.yaml": LIVING})
    assert weights() == {path: found}


@pytest.mark.parametrize("name", ["archive", "archived", "unused", "obsolete"])
def test_without_its_like_elsewhere_it_weighs_one_less(name: str) -> None:
    write(**{f"{name}/stack.yaml": NOTEBOOK, "stack.yaml": OTHER})
    assert weights() == {
        f"{name}/stack.yaml": ("low", f"nothing outside of {name} deploys what is put aside there")
    }


@pytest.mark.parametrize("name", ["old", "legacy", "backup", "scratch", "deprecated"])
def test_where_the_file_of_that_name_is_another_one_it_weighs_the_same(name: str) -> None:
    write(**{f"{name}/stack.yaml": NOTEBOOK, "stack.yaml": OTHER, f"{name}.yaml": OTHER})
    assert weights() == {f"{name}/stack.yaml": ("medium", "")}


@pytest.mark.parametrize(
    ("name", "text", "is_put_aside"),
    [
        ("deploy.sh", "aws cloudformation deploy --template-file old/stack.yaml\n", False),
        ("deploy.sh", "cd old && sam deploy\n", False),
        (".github/workflows/deploy.yml", "defaults:\n  run:\n    working-directory: old\n", False),
        ("README.md", "Run `aws cloudformation deploy --template-file old/stack.yaml`.\n", False),
        ("README.md", "- `old/stack.yaml`: what was here before\n", True),
        ("README.md", "├── old/   # former templates\n", True),
        ("pyproject.toml", "exclude = ['old/stack.yaml']\n", True),
        ("app.py", "old = 1\nprint(old)\n", True),
        ("old/deploy.sh", "aws cloudformation deploy --template-file old/stack.yaml\n", True),
    ],
)
def test_what_something_deploys_is_not_put_aside(name: str, text: str, is_put_aside: bool) -> None:
    write(**{"old/stack.yaml": NOTEBOOK, "stack.yaml": LIVING, name: text})
    assert ["deploys" in because for _, because in weights().values()] == [is_put_aside]


def test_a_copy_that_something_deploys_weighs_the_same() -> None:
    write(
        **{
            "stack.yaml": LIVING,
            "stack-old.yaml": NOTEBOOK,
            "deploy.sh": "aws cloudformation deploy --template-file stack-old.yaml\n",
        }
    )
    assert weights() == {"stack-old.yaml": ("medium", "")}


@pytest.mark.parametrize(
    ("path", "living", "more", "severity"),
    [
        ("archive/main.tf", "main.tf", {}, "info"),
        ("infra/old/main.tf", "infra/main.tf", {}, "info"),
        ("legacy/infra/notebook.tf", "infra/main.tf", {}, "info"),
        ("backup/main.tf", "main.tf", {}, "info"),
        ("backup/main.tf", "main.tf", {"backup/backend.tf": 'terraform {\n  backend "s3" {}\n}\n'}, "medium"),
        ("old/main.tf", "main.tf", {"deploy.sh": "terraform -chdir=old apply\n"}, "medium"),
        ("modules/legacy/main.tf", "modules/new/main.tf", {}, "info"),
        (
            "modules/legacy/main.tf",
            "modules/new/main.tf",
            {"main.tf": 'module "notebook" {\n  source = "./modules/legacy"\n}\n'},
            "medium",
        ),
        ("current/main.tf", "main.tf", {}, "medium"),
    ],
)
def test_a_configuration_that_is_put_aside_is_not_deployed(
    path: str, living: str, more: dict[str, str], severity: str
) -> None:
    write(**{path: TERRAFORM, living: LIVING_TERRAFORM, **more})
    assert {name: weight for name, (weight, _) in weights().items()} == {path: severity}


@pytest.mark.parametrize(("name", "severity"), [("archive", "low"), ("old", "medium"), ("legacy", "medium")])
def test_a_configuration_without_its_like_is_what_there_is(name: str, severity: str) -> None:
    write(**{f"{name}/main.tf": TERRAFORM, "main.tf": OTHER_TERRAFORM})
    assert [weight for weight, _ in weights().values()] == [severity]


def test_a_secret_in_what_is_put_aside_is_out() -> None:
    write(**{"old/stack.yaml": SECRET, "stack.yaml": SECRET.replace("DB_PASSWORD: Gx7!kq92Lm", "")})
    assert [weight for weight, _ in weights("MLS106").values()] == ["medium"]


def test_of_many_folders_nothing_is_concluded() -> None:
    write(**{"stack.yaml": LIVING}, **{f"old{n:02}/stack.yaml": NOTEBOOK for n in range(NAMES_LIMIT + 2)})
    assert sorted(weight for weight, _ in weights().values()).count("medium") == 2


def test_what_an_account_lacks_is_reported_where_something_is_deployed() -> None:
    write(**{"archive/stack.yaml": SECRET, "stack.yaml": SECRET})
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    found = {each.span.path: each.severity for each in report.findings if each.code == "MLO605"}
    assert found["stack.yaml"] in ("low", "info")
    assert found.get("archive/stack.yaml", "info") == "info"
