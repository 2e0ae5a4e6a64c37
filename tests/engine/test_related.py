"""A finding names the place where its value is written: in a call, in a file of variables' values."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import Registry, load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.findings import Finding
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support.files import write

_NOTEBOOK = """
variable "root_access" {
  default = "Disabled"
}
locals {
  access = var.root_access
}
resource "aws_sagemaker_notebook_instance" "n" {
  name          = "n"
  role_arn      = "arn:aws:iam::111122223333:role/n"
  instance_type = "ml.t3.medium"
  root_access   = local.access
}
"""


def _finding(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> Finding:
    write(folder, **files)
    monkeypatch.chdir(folder)
    registry = Registry(load_rules(()).rules)
    rules = tuple(rule for rule in registry.rules if rule.code == "MLS402")
    report = lint_paths(["."], lambda _: RunSettings(rules, LoadOptions(root=folder)), 1)
    (finding,) = report.findings
    return finding


def test_the_argument_of_a_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call = 'module "n" {\n  source      = "./notebook"\n  root_access = "Enabled"\n}\n'
    finding = _finding(tmp_path, monkeypatch, main__tf=call, notebook___main__tf=_NOTEBOOK)
    (place,) = finding.related
    assert (place.span.path, place.span.line, place.span.column) == ("main.tf", 3, 17)
    assert place.message == "the value comes from here"


def test_the_value_of_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = '# values\nroot_access = "Enabled"\n'
    finding = _finding(tmp_path, monkeypatch, main__tf=_NOTEBOOK, terraform__tfvars=values)
    assert [(place.span.path, place.span.line) for place in finding.related] == [("terraform.tfvars", 2)]


def test_what_is_written_in_the_same_file_has_no_further_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enabled = _NOTEBOOK.replace("Disabled", "Enabled")
    assert _finding(tmp_path, monkeypatch, main__tf=enabled).related == ()


def test_a_text_that_is_put_together_has_the_place_of_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = _NOTEBOOK.replace("= local.access", '= "En${local.access}"')
    finding = _finding(tmp_path, monkeypatch, main__tf=template, terraform__tfvars='root_access = "abled"\n')
    assert [(place.span.path, place.span.line) for place in finding.related] == [("terraform.tfvars", 1)]


_CHOOSING = """
variable "environment" {
  type = string
}
locals {
  relaxed = var.environment != "prod"
}
resource "aws_sagemaker_notebook_instance" "n" {
  name          = "n"
  role_arn      = "arn:aws:iam::111122223333:role/n"
  instance_type = "ml.t3.medium"
  root_access   = local.relaxed ? "Enabled" : "Disabled"
}
"""
_ROOT = """
variable "environment" {
  type = string
}
module "n" {
  source      = "../../modules/notebook"
  environment = var.environment
}
"""


def test_the_value_by_which_a_root_decides_what_a_shared_module_chooses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"modules___notebook___main__tf": _CHOOSING}
    for root in ("dev", "prod"):
        files[f"envs___{root}___main__tf"] = _ROOT
        files[f"envs___{root}___terraform__tfvars"] = f'environment = "{root}"\n'
    (tmp_path / ".git").mkdir()
    finding = _finding(tmp_path, monkeypatch, **files)
    assert finding.root == "envs/dev"
    assert [(each.span.path, each.span.line) for each in finding.related] == [
        ("envs/dev/terraform.tfvars", 1)
    ]


_NESTED = """\
Parameters:
  Access: {Type: String, Default: Disabled}
Resources:
  N:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::111122223333:role/n
      RootAccess: !Ref Access
"""
_PARENT = """\
Parameters:
  Access: {Type: String, Default: Enabled}
Resources:
  Notebook:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: notebook.yaml
      Parameters:
        Access: !Ref Access
"""


@pytest.mark.parametrize(("given", "line"), [("!Ref Access", 2), ("Enabled", 9)])
def test_what_a_parent_stack_gives_is_written_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, line: int
) -> None:
    parent = _PARENT.replace("!Ref Access", given)
    finding = _finding(tmp_path, monkeypatch, main__yaml=parent, notebook__yaml=_NESTED)
    assert (finding.span.path, finding.span.line) == ("notebook.yaml", 9)
    assert [(place.span.path, place.span.line) for place in finding.related] == [("main.yaml", line)]
