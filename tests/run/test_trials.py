"""What tries something out weighs as an example, unless something shows that it is operated."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
TEMPLATE = """
Resources:
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::111122223333:role/notebook
"""
PROGRAM = """
import boto3

boto3.client("sagemaker").create_notebook_instance(
    NotebookInstanceName="explore", InstanceType="ml.t3.medium", RoleArn="arn"
)
"""
ALARM = """  Failed:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      AlarmActions: [arn:aws:sns:eu-west-1:111122223333:pages]
"""
TRIAL = "# Claims POC\n\nSorts claims.\n"
OPERATED, TRIED = "medium", "low"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _weight(files: dict[str, str]) -> str:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    report = lint_paths(["."], lambda _: RunSettings(RULES, LoadOptions(root=Path.cwd())), 1)
    (severity,) = {each.severity for each in report.findings if each.code == "MLS405"}
    return severity


@pytest.mark.parametrize(
    "readme",
    [
        TRIAL,
        "# Prototype of a claims bot\n",
        "# ClaimsPoc\n",
        "# AiDemo\n",
        "# Claims\n\nThis repository contains a POC solution to sorting claims.",
        "# Claims\n\nA proof of concept for sorting claims.",
        "# Claims\n\nCurrently, as a proof of concept, it is limited to one form.",
        "# Reclamos\n\nPrueba de concepto de un clasificador.",
        "---\ntitle: Claims demo\n---\n\n## Overview\n\nSorts claims.\n",
        "# Claims\n\nEste projeto é um estudo de caso da ferramenta.",
        "# Claims\n\nA hobby project that sorts claims.",
        "# Claims\n\n`claims` is a serverless demo application that sorts claims.",
        "# Forest claims ML Capstone project\n",
        "# PGR300 EKSAMEN 2024\n",
        "# Claims\n\nThis repository guides you through sorting claims.",
        "# Claims\n\nThis is a companion codebase to [this](https://example.com/a) medium article.",
        "# Claims\n\n<!-- Companion code for: ['Claims as code' blog post](https://example.com) -->",
        "# Claims\n\nThe objective of this repository is to serve as a study tool for MLOps.",
        "# クレームのサンプル\n",
        "# Claims\n\n## Notes\n\n- Keep the endpoint off when not demonstrating to save cost.",
        "# Claims\n\n## Notes\n\nCPUs suffice for small demo traffic.",
        "# Claims\n\n## What I would do if this were not a demo\n\nTests.",
    ],
)
@pytest.mark.parametrize(("name", "text"), [("stack.yaml", TEMPLATE), ("make.py", PROGRAM)])
def test_a_readme_that_states_a_trial_lowers_what_depends_on_production(
    readme: str, name: str, text: str
) -> None:
    assert _weight({"README.md": readme, name: text}) in (
        {TRIED} if name == "stack.yaml" else {TRIED, "info"}
    )


@pytest.mark.parametrize(
    "readme",
    [
        "# Claims\n\nFrom proof of concept to production in a day.",
        "# Claims\n\nIt replaces the prototype of last year.",
        "# Claims\n\nDemo:\nsee the video.",
        "# Prototypical networks\n\nLearns from few images.",
        "# Claims\n\nPrototyping in notebooks is supported.",
        "# Claims\n\nA case study of our customer is linked below.",
        "# Claims\n\nFinal project documents are in docs/.",
        "# Claims\n\nScores classes of projects.",
        "# Claims\n\nKeep the endpoint off when not in use.",
        "# Claims\n\nThis app guides teams: claims have a demo application process.",
        "# Exam scoring service\n",
    ],
)
def test_a_readme_that_mentions_one_does_not(readme: str) -> None:
    assert _weight({"README.md": readme, "stack.yaml": TEMPLATE}) == OPERATED


@pytest.mark.parametrize(
    "operation",
    [
        {"environments/prod/main.tf": 'variable "a" {}\n'},
        {"config/staging.json": "{}"},
        {".github/workflows/deploy.yml": "jobs: {deploy: {environment: production}}\n"},
        {"stack.yaml": TEMPLATE + ALARM},
    ],
)
def test_what_is_operated_is_no_trial(operation: dict[str, str]) -> None:
    assert _weight({"README.md": TRIAL, "stack.yaml": TEMPLATE, **operation}) == OPERATED


def test_what_teaches_does_so_whatever_it_has() -> None:
    files = {"README.md": "# Claims workshop\n", "stack.yaml": TEMPLATE + ALARM, "envs/prod.json": "{}"}
    assert _weight(files) == TRIED


@pytest.mark.parametrize(
    ("changed", "weight"),
    [
        (f"Description: SAM App to demo claims\n{TEMPLATE}", TRIED),
        (f"Description: The demo version of the parser is kept\n{TEMPLATE}", OPERATED),
        (TEMPLATE + "      Tags: [{Key: Environment, Value: poc}]\n", TRIED),
        (TEMPLATE + "      Tags: [{Key: Environment, Value: claims}]\n", OPERATED),
        (TEMPLATE + "      Tags: [{Key: Owner, Value: demo}]\n", OPERATED),
    ],
)
def test_a_template_shows_it_by_its_description_and_tags(changed: str, weight: str) -> None:
    assert _weight({"stack.yaml": changed}) == weight


@pytest.mark.parametrize(
    ("path", "weight"),
    [
        ("data/iris.csv", TRIED),
        ("titanic_train.csv", TRIED),
        ("tests/data/iris.csv", OPERATED),
        ("data/iris_scans.csv", OPERATED),
    ],
)
def test_data_that_people_learn_with_shows_it(path: str, weight: str) -> None:
    assert _weight({path: "1,2\n", "stack.yaml": TEMPLATE}) == weight


STAGED = """Parameters:
  Environment: {Type: String, Default: demo}
  Project: {Type: String, Default: demo}
  NamePrefix: {Type: String, Default: demo}
"""
CONFIGURATION = """
variable "stage" {
  default = "demo"
}

resource "aws_sagemaker_notebook_instance" "explore" {
  name          = NAME
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  tags          = { Stage = STAGE }
}

resource "aws_sns_topic" "found" {
  name = NAME
}
"""


@pytest.mark.parametrize(
    ("changed", "weight"),
    [
        ("      Tags: [{Key: Environment, Value: !Ref Environment}]\n", OPERATED),
        ("      Tags: [{Key: Environment, Value: demo}]\n", TRIED),
        ("      NotebookInstanceName: !Sub explore-${Environment}\n", OPERATED),
        ("      NotebookInstanceName: !Sub ${NamePrefix}-explore\n", OPERATED),
        ("      NotebookInstanceName: !Sub explore-${Project}\n", TRIED),
    ],
)
def test_the_default_of_a_stage_is_one_of_several_that_can_be_deployed(changed: str, weight: str) -> None:
    topic = """  Found:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub found-${Environment}
"""
    if "Project" in changed:
        topic = topic.replace("Environment", "Project")
    assert _weight({"stack.yaml": STAGED + TEMPLATE + changed + topic}) == weight


@pytest.mark.parametrize(
    ("name", "stage", "weight"),
    [
        ('"explore"', "var.stage", OPERATED),
        ('"explore"', '"demo"', TRIED),
        ('"explore-${var.stage}"', '"live"', OPERATED),
        ('"explore-demo"', '"live"', TRIED),
    ],
)
def test_so_is_that_of_a_variable(name: str, stage: str, weight: str) -> None:
    changed = CONFIGURATION.replace("NAME", name, 1).replace("STAGE", stage)
    changed = changed.replace("NAME", name.replace("explore", "found"))
    assert _weight({"main.tf": changed}) == weight


ENDPOINT = """  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties:
      EndpointName: !Sub "${AWS::StackName}-NAME"
      EndpointConfigName: churn
"""


@pytest.mark.parametrize(
    ("name", "weight"),
    [("demo", TRIED), ("demo-endpoint", TRIED), ("democracy", OPERATED), ("demo-for-customers", OPERATED)],
)
def test_an_endpoint_that_is_called_a_demo_shows_a_trial(name: str, weight: str) -> None:
    assert _weight({"stack.yaml": TEMPLATE + ENDPOINT.replace("NAME", name)}) == weight


def test_a_readme_in_docs_is_that_of_a_repository_without_another() -> None:
    readme = "# Claims\n\nThe code is not meant to be run.\n"
    assert _weight({"docs/README.md": readme, "stack.yaml": TEMPLATE}) == TRIED
    assert _weight({"README.md": "# Claims\n", "docs/README.md": readme, "stack.yaml": TEMPLATE}) == OPERATED
