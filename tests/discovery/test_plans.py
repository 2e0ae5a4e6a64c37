"""A plan is left out where the configuration that it was made of is linted, and only then."""

import json
from pathlib import Path

import pytest

from mlwa_lint.discovery.search import discover

CONFIGURATION = """\
data "aws_region" "current" {}

resource "aws_s3_bucket" "models" {
  bucket = "models"
}

module "hosting" {
  source = "./hosting"
}
"""
ROOT = {
    "resources": [
        {"address": "aws_s3_bucket.models", "mode": "managed"},
        {"address": "data.aws_region.current", "mode": "data"},
    ],
    "module_calls": {"hosting": {"source": "./hosting"}},
}


def write(folder: Path, root: object, configuration: str = CONFIGURATION) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text(configuration)
    plan = {"format_version": "1.2", "planned_values": {}, "configuration": {"root_module": root}}
    path = folder / "plan.json"
    path.write_text(json.dumps(plan))
    return path


def kinds(*paths: Path) -> list[str]:
    return sorted(each.kind for each in discover([str(path) for path in paths]).targets)


def test_a_plan_beside_its_configuration_is_left_out_and_listed(tmp_path: Path) -> None:
    path = write(tmp_path / "infra", ROOT)
    found = discover([str(tmp_path)])
    assert [each.kind for each in found.targets] == ["terraform"]
    (problem,) = found.problems
    assert (problem.quiet, problem.fatal) == (True, False)
    assert "is a plan of the configuration in" in problem.message
    assert problem.path.endswith(path.name)


def test_a_plan_that_the_user_names_is_linted(tmp_path: Path) -> None:
    path = write(tmp_path, ROOT)
    assert kinds(path) == ["plan"]
    assert kinds(tmp_path, path) == ["plan", "terraform"]


@pytest.mark.parametrize(
    ("root", "configuration"),
    [
        (ROOT, CONFIGURATION.replace("models", "features")),
        (ROOT, CONFIGURATION.replace('module "hosting"', 'module "serving"')),
        ({"resources": [], "module_calls": {}}, CONFIGURATION),
        ("", CONFIGURATION),
        ({"resources": "none", "module_calls": ["hosting"]}, CONFIGURATION),
    ],
)
def test_a_plan_of_another_configuration_is_linted(tmp_path: Path, root: object, configuration: str) -> None:
    write(tmp_path, root, configuration)
    assert kinds(tmp_path) == ["plan", "terraform"]


def test_a_plan_in_another_folder_is_linted(tmp_path: Path) -> None:
    write(tmp_path / "infra", ROOT).rename(tmp_path / "plan.json")
    assert kinds(tmp_path) == ["plan", "terraform"]
