"""The same system in templates, Terraform and Python: the same rules fire."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from mlwa_lint.discovery.target import Target, TargetKind
from mlwa_lint.engine.check import Outcome
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.evaluation import check_project
from mlwa_lint.run.loading import load
from tests.frontends.python.programs import load_text
from tests.support.architectures import ARCHITECTURES, DEPLOYMENTS, ROOT
from tests.support.rule_examples import all_rules

ONE = ROOT / "fixtures" / "python" / "one-endpoint"
# Only a declared stack replaces its resources, and deletes them with itself.
DECLARATIVE = {"MLR115", "MLR302", "MLR502"}
# Findings about what no program here makes: networks, things, search, streams, schedules.
ABOUT_OTHERS = {"MLC503", "MLR503", "MLR505", "MLS310", "MLS313", "MLS506", "MLS507", "MLS606"}
# What only the template has, so that the program is found to lack it: budget, schedule, trail, dashboard.
ONLY_DECLARED = {"MLC501", "MLO502", "MLO512", "MLS306"}
# What is reported for a template's steps one by one is reported for a program once.
TOGETHER = {"MLR501"}
SNIPPET = """
import boto3
sm = boto3.client("sagemaker")
sm.create_model(ModelName=model_name, ExecutionRoleArn=role, PrimaryContainer=container)
sm.create_endpoint_config(
    EndpointConfigName="config",
    ProductionVariants={variants},
)
sm.create_endpoint(EndpointName="endpoint", EndpointConfigName="config")
"""
STANDARD = """[{'InstanceType': 'ml.m4.xlarge', 'InitialInstanceCount': 1, 'ModelName': model_name,
    'VariantName': 'AllTraffic'}]"""
A_B = """[
    {{'InstanceType': 'ml.m4.xlarge', 'InitialInstanceCount': 1, 'ModelName': model_name, 'VariantName': 'A',
      'InitialVariantWeight': {0}}},
    {{'InstanceType': 'ml.m4.xlarge', 'InitialInstanceCount': 1, 'ModelName': other_name, 'VariantName': 'B',
      'InitialVariantWeight': {1}}},
]"""


@cache
def _outcome(path: Path) -> Outcome:
    kind: TargetKind = (
        "terraform" if path.is_dir() else "python" if path.suffix == ".py" else "cloudformation"
    )
    # Alone: other examples of the repository may update an endpoint of any name.
    (project,) = load(Target(kind, str(path)), LoadOptions(root=path if path.is_dir() else path.parent))
    assert project.problems == ()
    outcome = check_project(project, all_rules())
    assert outcome.errors == ()
    return outcome


def _codes(path: Path) -> Counter[str]:
    found = Counter(each.code for each in _outcome(path).findings if each.code not in DECLARATIVE)
    return Counter({code: 1 if code in TOGETHER else number for code, number in found.items()})


@pytest.mark.parametrize("form", ["terraform", "with_boto3.py", "with_sdk_v2.py", "with_sdk_v3.py"])
def test_one_endpoint_in_five_ways_breaks_the_same_rules(form: str) -> None:
    template = set(_codes(ONE / "endpoint.yaml"))
    assert {"MLS101", "MLS102", "MLS104", "MLR101", "MLO105"} <= template
    assert set(_codes(ONE / form)) == template


@pytest.mark.parametrize("form", ["with_boto3.py", "with_sdk_v2.py", "with_sdk_v3.py"])
def test_a_program_uses_its_own_names(form: str) -> None:
    messages = {each.code: each.message for each in _outcome(ONE / form).findings}
    key, count = {
        "with_boto3.py": ("KmsKeyId", "ProductionVariants.InitialInstanceCount"),
        "with_sdk_v2.py": ("kms_key", "initial_instance_count"),
        "with_sdk_v3.py": ("kms_key_id", "production_variants.initial_instance_count"),
    }[form]
    assert messages["MLS101"].endswith(f"sets no {key}")
    assert f": {count} should be 2" in messages["MLR101"]


@pytest.mark.parametrize("name", ["standard", "blue-green", "canary", "a-b"])
def test_a_deployment_breaks_the_same_rules_in_python(name: str) -> None:
    assert _codes(DEPLOYMENTS / f"{name}.py") == _codes(DEPLOYMENTS / f"{name}.yaml")


@pytest.mark.parametrize("kind", ["careless", "good"])
@pytest.mark.parametrize("name", ["data-lake-endpoint", "edge-deployment"])
def test_an_architecture_breaks_the_same_rules_in_python(name: str, kind: str) -> None:
    template, program = (_codes(ARCHITECTURES / name / f"{kind}.{form}") for form in ("yaml", "py"))
    assert set(template - program) <= ABOUT_OTHERS
    assert set(program - template) <= ONLY_DECLARED
    assert len(program) > (40 if kind == "careless" else 0)


def test_the_standard_deployment_of_the_material(tmp_path: Path) -> None:
    codes = _codes_of(tmp_path, STANDARD)
    assert {"MLR101", "MLR102", "MLS101", "MLP101", "MLO101"} <= codes
    assert not codes & {"MLR110", "MLR111", "MLR112", "MLR113"}


def test_the_a_b_deployment_of_the_material(tmp_path: Path) -> None:
    assert not _codes_of(tmp_path, A_B.format(1, 1)) & {"MLR110", "MLR111", "MLR112", "MLR113"}


@pytest.mark.parametrize(("first", "second", "fires"), [(60, 40, True), (95, 5, False), (1, 1, False)])
def test_weights_of_an_a_b_deployment(tmp_path: Path, first: int, second: int, fires: bool) -> None:
    assert ("MLR110" in _codes_of(tmp_path, A_B.format(first, second))) is fires


def test_two_variants_of_one_model_are_no_experiment(tmp_path: Path) -> None:
    variants = A_B.format(1, 1).replace("other_name", "model_name")
    assert "MLR113" in _codes_of(tmp_path, variants)


def _codes_of(folder: Path, variants: str) -> set[str]:
    project = load_text(folder, SNIPPET.replace("{variants}", variants))
    return {each.code for each in check_project(project, all_rules()).findings}
