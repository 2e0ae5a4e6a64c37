"""What an example makes is marked by its path below the project's folder."""

from pathlib import Path

import pytest

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python.project import load
from mlwa_lint.model.resources import BUILDS, EXAMPLE
from tests.frontends.python.programs import load_cells

MODEL = 'import boto3\nboto3.client("sagemaker").create_model(ModelName="m")\n'


def _is_marked(root: Path, name: str) -> bool:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(MODEL, encoding="utf-8")
    (resource,) = load(path, LoadOptions(root=root)).resources
    return EXAMPLE in resource.attributes.entries


@pytest.mark.parametrize(
    "name",
    [
        "examples/deploy.py",
        "workshops/agents/utils/deploy.py",
        "Lab-1a/deploy.py",
        "deploy_example.py",
        "notebooks/helper.py",
        "pipelines/abalone/pipeline.py",
        "cifar10/deploy.py",
        "load/run_benchmark.py",
        "load_test.py",
    ],
)
def test_a_word_of_the_path_marks_an_example(name: str, tmp_path: Path) -> None:
    assert _is_marked(tmp_path / "project", name)


@pytest.mark.parametrize(
    "name",
    ["deploy.py", "src/labels/deploy.py", "resample/deploy.py", "notebook/deploy.py", "benchmark/deploy.py"],
)
def test_other_programs_are_none(name: str, tmp_path: Path) -> None:
    assert not _is_marked(tmp_path / "project", name)


def test_the_folder_of_the_project_marks_nothing(tmp_path: Path) -> None:
    assert not _is_marked(tmp_path / "workshop" / "demo", "deploy.py")


def test_the_file_that_makes_it_decides_not_the_one_that_imports_it(tmp_path: Path) -> None:
    (tmp_path / "deploying.py").write_text(
        'import boto3\ndef deploy():\n    boto3.client("sagemaker").create_model(ModelName="m")\n',
        encoding="utf-8",
    )
    path = tmp_path / "demo.py"
    path.write_text("# sagemaker\nfrom deploying import deploy\ndeploy()\n", encoding="utf-8")
    (resource,) = load(path, LoadOptions(root=tmp_path)).resources
    assert resource.span.path.endswith("deploying.py")
    assert EXAMPLE not in resource.attributes.entries


@pytest.mark.parametrize(
    ("title", "marked"),
    [
        ("# Feature Store Workshop", True),
        ("![logo](x.png)\n\n## Labs for SageMaker\n", True),
        ("# Code snippets of the summit", True),
        ("# Agents with Bedrock\n\n- Join the workshop [here](x)\n", True),
        ("# Agents\n\nIn this hands-on workshop you build agents.\n", True),
        ("# Agents\n\nThis is a tutorial on [agents](x).\n", True),
        ("# Agents\n\nA collection of source code for AWS Workshops.\n", True),
        ("# Data\n\nA collection of three small projects demonstrating concepts.\n", True),
        ("# Data\n\nA collection of services. Projects demonstrate success by metrics.\n", False),
        ("# Agents\n\nCompanion of the *Bedrock* bootcamp.\n", True),
        ("# Landmarks\n\nThe final project of the ML engineer nanodegree.\n", True),
        ("# Agents\n\nhttps://catalog.us-east-1.prod.workshops.aws/x\n", True),
        ("# Agents\n\nThis example shows how to build agents.\n", True),
        ("# Agents\n\nThis repository is a small sample of agents.\n", True),
        ("# Reviews\n\nSolution to the udacity project reviews\n", True),
        ("# Reviews\n\nProject 3 of the Machine Learning Nanodegree at Udacity.\n", True),
        ("# Reviews\n\nMy solution to the second exercise.\n", True),
        ("# Reviews\n\nWritten for a seminar.\n", True),
        ("# Anmeldelser\n\nI denne oppgaven lager vi en tjeneste.\n", True),
        ("![a](b.png)\n\n# Flow\n![a](b)\n\n### Note\nThe code in this repo isn't meant to be run.\n", True),
        ("# Flow\n\nThis code is not meant to be run as root.\n", False),
        ("# Courses\n\nRecommends the course to take next.\n", False),
        ("# Courses\n\nA project of the course catalogue team.\n", False),
        ("# AWS Bedrock samples\n", True),
        ("# Titanic of Kaggle\n", True),
        ("# Endpoint benchmark tool\n", True),
        ("# Cloud computing, assignment 2\n", True),
        ("# Churn\n\n> Simple guide to endpoints\n", True),
        ("# Churn\n\nThis is my portfolio project on MLOps.\n", True),
        ("# Churn\n\nA take-home assignment.\n", True),
        ("# Benchmarking service for customers\n", False),
        ("# Task assignment\n\nAssigns tasks. The guide to operations is in docs.\n", False),
        (
            "# Churn\n\nTrained on data of Kaggle, above the benchmark. A portfolio of projects uses it.\n",
            False,
        ),
        ("# churn-pipelines-sample\n", True),
        ("# Pipelines Demo Using Rain Data\n", True),
        ("# SageMaker Pipelines 워크샵\n", True),
        ('<h2 align="center">Amazon Bedrock Agent 动手练习工作坊</h2>\n', True),
        ("# Agents\n\n欢迎来到工作坊\n", True),
        ("# Agents\n\nThis repository contains hands-on labs on agents.\n", True),
        ("# Hosting\n\nCompilation of examples of inference options.\n", True),
        ("# First Steps with Terraform\n", True),
        ("# Agents\n\nThis sample project serves as a building block.\n", True),
        ("# Agents\n\nThis repository contains a simple example of an agent.\n", True),
        ("# Agents\n\nA solution that showcases how agents and guardrails work together.\n", True),
        ("# Agents\n\nThe roles are broad: it is for demonstration purposes only.\n", True),
        ("# Mail\n\nThis stack is for demo and educational purposes.\n", True),
        (f"# Mail\n\n{'Sorts mail. ' * 32}This stack is for educational/example purposes only.\n", True),
        (f"# Mail\n\n{'Sorts mail. ' * 80}This stack is for educational purposes only.\n", True),
        ("# Hosting\n\nThis project demonstrates how to host a model.\n", True),
        ("# Hosting\n\nThis repository illustrates the use of endpoints.\n", True),
        ("# Hosting\n\nDemonstrates how to host a model with SageMaker.\n", True),
        ("# Hosting\n\nA demonstration of asynchronous inference.\n", True),
        ("# Hosting\n\nThis is a small proof of concept.\n", True),
        ("# Hosting\n\nThe code for my blog post on hosting.\n", True),
        ("# Hosting\n\nThis project has demonstrated good results.\n", False),
        ("# Hosting\n\nScores articles; part of the editors' suite.\n", False),
        ("# Hosting\n\nWith proof of delivery.\n", False),
        ("# Agents\n\nThis repository contains a script and its example.\n", False),
        ("# Agents\n\n## What is this?\n\nA solution that showcases how agents work.\n", True),
        ("# Agents\n\nAgents.\n\n## Thanks\n\nTo all of this workshop.\n", False),
        ("# Our first steps with it are in docs\n", False),
        ("# Sample service\n", False),
        ('<h1 align="center">Churn</h1>\n', False),
        ("# Churn service\n\nDeploy it as in guides such as [this short tutorial](x).\n", False),
        ("# Churn service\n\nScores a sample a second. This service shows an example.\n", False),
        ("# Churn service\n\nScores customers. There is a tutorial in docs/.\n", False),
        ("# Churn service\n\nA service with a tutorial for newcomers.\n", False),
        ("# Churn service\n\nThis repository has a tutorial, see [docs](docs/).\n", False),
        ("# Churn service\n\nNew here? Read the workshop first.\n", False),
        ("# Churn service\n\nOf course it scores: a sample a second.\n", False),
        ("# Churn service\n\nScores customers.\n\n## See also\n\nThe workshop.\n", False),
        ("# Churn service\n\n## Workshop\n", False),
        ("# Collaborative filtering", False),
        ("# SageMaker Lab", True),
        ("# Lab 2: endpoints", True),
        ("# Feature store labs", True),
        ("# Protein Lab Infrastructure", False),
        ("Churn workshop\n==============\n\nOf SageMaker.\n", True),
        ("Churn\n=====\n\n**How I built this: Learn how to build a model quickly!** With data.\n", True),
        ("# Churn\n\nA sample that trains and hosts a model.\n", True),
        ("# Churn\n\nAn example of how models are hosted.\n", True),
        ("# Models\n\nExploration of inference latency on several servers.\n", True),
        ("# Models\n\nBenchmarking the throughput of endpoints.\n", True),
        ("# MNIST on SageMaker\n", True),
        ("# Runtimes\n\n*A practical guide to deployments of runtimes*\n", True),
        ("# Athena\n\nThis repository changes the sample to show how you can query with Athena.\n", True),
        ("# Churn\n\nA service of which the dashboards show how it does.\n", False),
        ("# Churn\n\nAn example of the output is below.\n", False),
        ("# Churn\n\n## A small demonstration project that hosts a model\n", True),
        ("# Churn\n\nDestroy it afterwards (this is just a demo)\n", True),
        ("# Churn\n\nThis is just an example of its output.\n", False),
        ("# Churn\n\nLearn how the service is operated in docs/.\n", False),
        ("# Churn\n\nExploration of customers, with low latency.\n", False),
        (
            "# Churn\n\n"
            + "<img src='https://example.com/of-the-architecture.png'>\n" * 12
            + "How it is made is written in our blog.\n",
            True,
        ),
        ("# Churn\n\nNews of the service are on our blog.\n", False),
        ("no title", False),
    ],
)
def test_the_title_of_the_project_marks_it_as_for_learning(title: str, marked: bool, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(title, encoding="utf-8")
    assert _is_marked(tmp_path, "deploy.py") == marked


def test_the_readme_of_a_folder_between_counts_as_well(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Everything of the team\n", encoding="utf-8")
    (tmp_path / "agents").mkdir()
    (tmp_path / "agents" / "README.md").write_text("# Workshop on agents\n", encoding="utf-8")
    assert _is_marked(tmp_path, "agents/src/deploy.py")
    assert not _is_marked(tmp_path, "churn/deploy.py")


@pytest.mark.parametrize(
    ("step", "marked"),
    [
        ("terraform -chdir=infra apply -auto-approve", False),
        ("npx cdk deploy --all", False),
        ("terraform plan", True),
        ("make  # no terraform apply", True),
    ],
)
def test_what_is_demonstrated_and_deployed_is_no_example(step: str, marked: bool, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Churn\n\nThis repo demonstrates an end-to-end pipeline.\n")
    workflow = tmp_path / ".github" / "workflows" / "deploy.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(f"jobs:\n  a:\n    steps:\n      - run: {step}\n")
    assert _is_marked(tmp_path, "deploy.py") == marked


@pytest.mark.parametrize(
    ("introduction", "times"),
    [("It hosts churn models.", 0), ("This repo demonstrates an end-to-end pipeline.", 1)],
)
def test_workflows_are_read_only_where_it_matters(
    introduction: str, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queried: list[ProjectFiles] = []

    def deploys(files: ProjectFiles) -> bool:
        queried.append(files)
        return True

    monkeypatch.setattr("mlwa_lint.frontends.deployed.is_deployed", deploys)
    (tmp_path / "README.md").write_text(f"# Churn\n\n{introduction}\n")
    _is_marked(tmp_path, "deploy.py")
    assert len(queried) == times


@pytest.mark.parametrize(
    ("folders", "marked"),
    [
        (["a-linear-regression", "b-fraud", "c-clusters", "d-letters"], True),
        (["01_linear", "02_fraud", "03_clusters", "04_letters"], True),
        (["a-linear-regression", "b-fraud", "c-clusters"], False),
        (["fraud", "clusters", "letters", "regression"], False),
    ],
)
def test_programs_of_one_name_in_folders_in_a_row_are_lessons(
    folders: list[str], marked: bool, tmp_path: Path
) -> None:
    for each in folders:
        (tmp_path / each / "scripts").mkdir(parents=True)
        (tmp_path / each / "scripts" / "deploy.py").write_text("")
    assert _is_marked(tmp_path, f"{folders[0]}/scripts/deploy.py") == marked
    (tmp_path / folders[0] / "scripts" / "prepare.py").write_text("")
    assert not _is_marked(tmp_path, f"{folders[0]}/scripts/prepare.py")


def test_a_readme_that_cannot_be_read_marks_nothing(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(b"# \xff workshop")
    assert not _is_marked(tmp_path, "deploy.py")


@pytest.mark.parametrize(
    "shell", ["%%sh\ndocker build -t a .", "!./build_and_push.sh a", "!sm-docker build ."]
)
def test_a_notebook_may_build_its_images(shell: str, tmp_path: Path) -> None:
    (resource,) = load_cells(tmp_path, shell, MODEL).resources
    assert BUILDS in resource.attributes.entries
    (resource,) = load_cells(tmp_path, "!ls", MODEL).resources
    assert BUILDS not in resource.attributes.entries


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('"""Deployment stub."""\n' + MODEL, True),
        (MODEL.replace('"m"', '"stub"'), False),
        ('"""Deploys a model.\n\nRemember to delete the endpoint after testing.\n"""\n' + MODEL, True),
        ('"""Deploys a model.\n\nDeletes an old endpoint before testing the new one.\n"""\n' + MODEL, False),
        ('"""Deploys the model."""\n' + MODEL, False),
        (MODEL.replace('"m"', '"titanic-2"'), True),
        (MODEL.replace('"m"', '"AbaloneModel"'), True),
        (MODEL.replace('"m"', '"abalones"'), False),
        (MODEL.replace('"m"', '"titanium"'), False),
    ],
)
def test_stubs_and_what_is_called_after_data_for_learning_are_examples(
    text: str, marked: bool, tmp_path: Path
) -> None:
    path = tmp_path / "deploy.py"
    path.write_text(text, encoding="utf-8")
    (resource,) = load(path, LoadOptions(root=tmp_path)).resources
    assert (EXAMPLE in resource.attributes.entries) == marked


def test_a_repeated_argument_makes_a_program_invalid(tmp_path: Path) -> None:
    path = tmp_path / "deploy.py"
    path.write_text(MODEL.replace('="m"', '="m", ModelName="n"'), encoding="utf-8")
    project = load(path, LoadOptions(root=tmp_path))
    assert project.resources == ()
    assert "argument repeated" in project.problems[0].message
