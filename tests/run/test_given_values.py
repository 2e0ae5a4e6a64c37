"""Defaults of variables that scripts and workflows of the repository replace when they deploy."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
MODEL = """
variable "model_image_tag" {
  default = "latest"
}
resource "aws_sagemaker_model" "churn" {
  execution_role_arn = "arn:aws:iam::111122223333:role/churn"
  primary_container {
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:${var.model_image_tag}"
  }
}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, content: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(content)


def weights(code: str) -> list[tuple[str, str | None]]:
    """The severity of each finding of a rule, and why it is not higher."""
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path())), 1)
    return [
        (each.severity, None if each.lowered is None else each.lowered.because)
        for each in report.findings
        if each.code == code
    ]


@pytest.mark.parametrize(
    ("script", "content"),
    [
        (
            ".github/workflows/deploy.yml",
            "run: cd infra && terraform apply -var model_image_tag=${{ github.sha }}\n",
        ),
        ("deploy.sh", 'terraform -chdir=infra apply -var="model_image_tag=$TAG"\n'),
        ("deploy.sh", "export TF_VAR_model_image_tag=$(git rev-parse HEAD)\nterraform -chdir=infra apply\n"),
        ("deploy.sh", 'cat << EOF > infra/terraform.tfvars\nmodel_image_tag = "$TAG"\nEOF\n'),
        ("deploy.sh", 'cat > infra/terraform.tfvars <<EOF\nother = 1\nmodel_image_tag = "$TAG"\nEOF\n'),
        (
            "deploy.sh",
            'for n in $(ls infra); do\n  echo "${n}_image_tag = \\"$TAG\\"" >> infra/t.tfvars\ndone\n',
        ),
        ("deploy.py", 'write(root / "infra/terraform.tfvars", [("model_image_tag", version)])\n'),
    ],
)
def test_what_a_script_gives_is_deployed_and_no_default(script: str, content: str) -> None:
    write("infra/main.tf", MODEL)
    write(script, content)
    ((severity, because),) = weights("MLR116")
    assert severity == "info"
    assert because is not None
    assert because.startswith(f"{Path(script).name} gives ")
    assert because.endswith("image_tag another value")


@pytest.mark.parametrize(
    ("script", "content"),
    [
        ("deploy.sh", "terraform -chdir=infra apply -var model_image_tag=latest\n"),
        ("deploy.sh", "terraform -chdir=elsewhere apply -var model_image_tag=$TAG\n"),
        ("deploy.sh", "terraform -chdir=infra apply\nmodel_image_tag=$TAG\n"),
        ("README.md", "cd infra; terraform apply -var model_image_tag=$TAG\n"),
        ("tests/deploy.sh", "cd infra; terraform apply -var model_image_tag=$TAG\n"),
        ("deploy.py", 'use("infra", ("model_image_tag", version))\n'),
    ],
)
def test_what_no_script_gives_is_the_default(script: str, content: str) -> None:
    write("infra/main.tf", MODEL)
    write(script, content)
    assert weights("MLR116") == [("medium", None)]


def test_what_distinguishes_deployments_decides_nothing() -> None:
    write("infra/main.tf", MODEL.replace("model_image_tag", "environment"))
    write("deploy.sh", "terraform -chdir=infra apply -var environment=$STAGE\n")
    assert weights("MLR116") == [("medium", None)]
