"""A repository's README weighs in templates and modules as it does in programs."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

TEMPLATE = """
Resources:
  Lab:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.t3.medium, RoleArn: arn:aws:iam::111122223333:role/lab}
"""
MODULE = """
resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  instance_type = "ml.t3.medium"
  role_arn      = "arn:aws:iam::111122223333:role/lab"
}
"""


@pytest.mark.parametrize(("name", "text"), [("lab.yaml", TEMPLATE), ("main.tf", MODULE)])
@pytest.mark.parametrize(("title", "severity"), [("Claims Workshop", "medium"), ("Claims", "high")])
def test_what_teaches_weighs_less(title: str, severity: str, name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"# {title}\n", "utf-8")
    (tmp_path / name).write_text(text, "utf-8")
    settings = RunSettings(load_rules().rules, LoadOptions(root=tmp_path))
    report = lint_paths([str(tmp_path)], lambda _: settings, 1)
    (found,) = [each for each in report.findings if each.code == "MLS404"]
    assert found.severity == severity
