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
@pytest.mark.parametrize(("title", "severity"), [("Claims Workshop", "low"), ("Claims", "medium")])
def test_what_teaches_weighs_less(title: str, severity: str, name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"# {title}\n", "utf-8")
    (tmp_path / name).write_text(text, "utf-8")
    settings = RunSettings(load_rules().rules, LoadOptions(root=tmp_path))
    report = lint_paths([str(tmp_path)], lambda _: settings, 1)
    (found,) = [each for each in report.findings if each.code == "MLS405"]
    assert found.severity == severity


def _severity(folder: Path) -> str:
    settings = RunSettings(load_rules().rules, LoadOptions(root=folder))
    report = lint_paths([str(folder)], lambda _: settings, 1)
    (found,) = [each for each in report.findings if each.code == "MLS405"]
    return found.severity


@pytest.mark.parametrize(
    ("description", "logical_id", "severity"),
    [
        ("Notebook of the MLOps workshop", "Notebook", "low"),
        ("Lab 3 - the notebook", "Notebook", "low"),
        ("Hands-on with SageMaker", "Notebook", "low"),
        ("Notebook of the research team", "WorkshopNotebook", "low"),
        ("Notebook of the research team", "LabelingNotebook", "medium"),
        ("Collaboration of laboratories", "Notebook", "medium"),
    ],
)
def test_what_a_template_is_called_shows_that_it_teaches(
    description: str, logical_id: str, severity: str, tmp_path: Path
) -> None:
    text = f"Description: {description}\n{TEMPLATE.replace('Lab:', f'{logical_id}:')}"
    (tmp_path / "stack.yaml").write_text(text, "utf-8")
    assert _severity(tmp_path) == severity


@pytest.mark.parametrize(("title", "severity"), [("Immersion Day", "low"), ("Search", "medium")])
@pytest.mark.parametrize("readme", ["README.md", "readme.md"])
def test_a_readme_of_a_folder_counts_for_what_is_below_it(
    title: str, severity: str, readme: str, tmp_path: Path
) -> None:
    folder = tmp_path / "search" / "infra"
    folder.mkdir(parents=True)
    (tmp_path / "README.md").write_text("# Everything of the team\n", "utf-8")
    (tmp_path / "search" / readme).write_text(f"# {title}\n", "utf-8")
    (folder / "main.tf").write_text(MODULE, "utf-8")
    assert _severity(tmp_path) == severity


@pytest.mark.parametrize(
    ("name", "severity"), [("workshop-notebook", "low"), ("workshops.net", "low"), ("lab", "medium")]
)
def test_names_in_terraform_show_that_it_teaches(name: str, severity: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        MODULE.replace('name          = "lab"', f'name          = "{name}"'), "utf-8"
    )
    assert _severity(tmp_path) == severity


ROLE = """
Resources:
  Service:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSageMakerFullAccess]
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]
"""
DELETING = '{"cells": [{"cell_type": "code", "source": "stacks.delete_stack(StackName=name)"}]}'


@pytest.mark.parametrize(
    ("title", "notebook", "severity"),
    [
        ("Endpoints tutorial", "{}", "info"),
        ("Endpoints sample", DELETING, "info"),
        ("Endpoints sample", "{}", "low"),
        ("Endpoints", DELETING, "low"),
    ],
)
def test_roles_of_what_is_learned_with_are_deleted_again(
    title: str, notebook: str, severity: str, tmp_path: Path
) -> None:
    (tmp_path / "README.md").write_text(f"# {title}\n", "utf-8")
    (tmp_path / "stack.yaml").write_text(ROLE, "utf-8")
    (tmp_path / "try.ipynb").write_text(notebook, "utf-8")
    settings = RunSettings(load_rules().rules, LoadOptions(root=tmp_path))
    report = lint_paths([str(tmp_path)], lambda _: settings, 1)
    (found,) = [each for each in report.findings if each.code == "MLS508"]
    assert found.severity == severity


@pytest.mark.parametrize(
    ("folder", "remote", "severity"),
    [
        ("claims-workshop-2", "", "low"),
        ("claims-workshop-2", "git@git.example.org:team/claims.git", "medium"),
        ("claims", "https://git.example.org/team/claims-tutorial.git", "low"),
        # Where someone works, perhaps.
        ("workshop", "", "medium"),
        ("claims-service", "", "medium"),
    ],
)
def test_the_name_of_a_repository_shows_that_it_teaches(
    folder: str, remote: str, severity: str, tmp_path: Path
) -> None:
    root = tmp_path / folder
    (root / ".git").mkdir(parents=True)
    if remote:
        (root / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {remote}\n', "utf-8")
    (root / "main.tf").write_text(MODULE, "utf-8")
    assert _severity(root) == severity


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("# Hello World agent for claims\n", "low"),
        ("# Claims\n\nHandles them.\n\nThis repository is the whole workshop material.\n", "low"),
        (f"# Claims\n\n{'It handles claims of all kinds. ' * 30}\n\nFollow the workshop.\n", "low"),
        ("A small project to get familiar with notebooks.\n", "low"),
        ("A project that makes people familiar with claims.\n", "medium"),
        ("# Claims\n\nThis sample is intended to show how claims are handled.\n", "low"),
        ("# Claims\n\nTerraform examples for notebooks.\n", "low"),
        ("# Claims\n\nThe idea is to make a benchmark of notebooks.\n", "low"),
        ("# Claims\n\n## Table of contents\n\n- [a](#a)\n\n## A\n\nIn this workshop you do it.\n", "low"),
        ("# Claims\n\u200b\n## Contents\n- [a](#a)\n## A\n\nIn this workshop you do it.\n", "low"),
        ("# Claims\n\nHandles them.\n\n## History\n\nThis repository is the workshop material.\n", "medium"),
        ("# Claims\n\nThis app is a planner for every workshop of the garage.\n", "medium"),
    ],
)
def test_what_a_readme_states_before_its_first_section(text: str, severity: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(text, "utf-8")
    (tmp_path / "main.tf").write_text(MODULE, "utf-8")
    assert _severity(tmp_path) == severity


PROGRAM = """
import json
import boto3

ALLOWED = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
TRUST = {"Statement": [ALLOWED]}
iam = boto3.client("iam")
iam.create_role(RoleName="pears", AssumeRolePolicyDocument=json.dumps(TRUST))
iam.attach_role_policy(RoleName="pears", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
"""
CLEANING = """
for name in ["pears", "apples"]:
    iam.delete_role(RoleName=name)
"""


@pytest.mark.parametrize(
    ("title", "program", "severity"),
    [
        ("Pears", PROGRAM, "low"),
        ("Pears", PROGRAM + CLEANING, "info"),
        ("Pears", PROGRAM + CLEANING.replace('"pears"', '"plums"'), "low"),
        ("Tutorial on pears", PROGRAM, "info"),
        ("Sample of pears", PROGRAM, "low"),
    ],
)
def test_roles_that_programs_delete_again(title: str, program: str, severity: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"# {title}\n", "utf-8")
    (tmp_path / "setup_role.py").write_text(program, "utf-8")
    settings = RunSettings(load_rules().rules, LoadOptions(root=tmp_path))
    report = lint_paths([str(tmp_path)], lambda _: settings, 1)
    (found,) = [each for each in report.findings if each.code == "MLS508"]
    assert found.severity == severity


@pytest.mark.parametrize(
    ("title", "severity"), [("Workshop on pears", "medium"), ("Sample of pears", "high")]
)
def test_broad_roles_of_what_is_learned_with(title: str, severity: str, tmp_path: Path) -> None:
    template = ROLE.replace(
        "      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSageMakerFullAccess]\n",
        "      Policies: [{PolicyName: all, PolicyDocument: {Statement:"
        ' [{Effect: Allow, Action: "s3:*", Resource: "*"}]}}]\n',
    )
    (tmp_path / "README.md").write_text(f"# {title}\n", "utf-8")
    (tmp_path / "stack.yaml").write_text(template, "utf-8")
    settings = RunSettings(load_rules().rules, LoadOptions(root=tmp_path))
    report = lint_paths([str(tmp_path)], lambda _: settings, 1)
    assert [each.severity for each in report.findings if each.code == "MLS501"] == [severity]


@pytest.mark.parametrize(
    ("name", "text", "severity"),
    [
        ("README.md", "Claims Workshop\n===============\n", "low"),
        ("README.md", "Claims Workshop\n---------------\n\n## Setup\n", "low"),
        ("README.md", "<h1 align='center'><b>Claims</b> Workshop</h1>\n\n## Setup\n", "low"),
        ("README.md", "<p align='center'>\n<img src='a.png'>\n</p>\n<h1>\n  Claims Workshop\n</h1>\n", "low"),
        ("README.md", "**Claims Workshop**\n\n## Setup\n\nRun it.\n", "low"),
        ("README.md", "[![Build](a.svg)](b)\n\n__Claims Workshop__\n", "low"),
        ("README.md", "Claims Workshop\n\n## Setup\n", "low"),
        ("README.rst", "===============\nClaims Workshop\n===============\n\nText.\n", "low"),
        ("README.rst", ".. image:: a.png\n   :width: 3\n\nClaims Workshop\n***************\n", "low"),
        ("README.adoc", ":toc:\n= Claims Workshop\n\nText.\n", "low"),
        ("README", "Claims Workshop\n\nText.\n", "low"),
        ("package.json", '{"name": "claims", "description": "The SageMaker workshop"}', "low"),
        ("package.json", '{"description": "Code for the MLOps workshop"}', "low"),
        ("pyproject.toml", '[project]\ndescription = "Code for a course"\n', "low"),
        ("README.md", "**Claims**\n\n## Workshop registration system\n", "medium"),
        ("README.md", "Claims of a company\n\n## Setup\n\nSee the workshop of last year.\n", "medium"),
        ("README.rst", "Claims\n======\n\nText.\n", "medium"),
        ("package.json", '{"description": "A platform for workshops"}', "medium"),
        ("package.json", '{"description": "Books rooms for a workshop"}', "medium"),
        ("pyproject.toml", '[project]\ndescription = "Claims"\n', "medium"),
    ],
)
def test_titles_that_are_no_headings_of_markdown(name: str, text: str, severity: str, tmp_path: Path) -> None:
    (tmp_path / "prod.json").write_text("{}", "utf-8")  # so that the project counts as operated
    (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "lab.yaml").write_text(TEMPLATE, "utf-8")
    assert _severity(tmp_path) == severity
