"""Modules whose source is the repository that calls them."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import loaded
from tests.frontends.terraform.support import addresses
from tests.support.files import write

_MODULE = 'variable "name" {}\nvariable "size" { default = 1 }\nresource "aws_x" "y" { name = var.name }'
_REMOTE = '[core]\n\tbare = false\n[remote "origin"]\n\turl = git@github.com:acme/terraform-aws-scoring.git\n'


def _called(root: Path, source: str, arguments: str = 'name = "a"', at: str = "examples/basic") -> bool:
    """Whether a call with a source is expanded to the module at the root, or in modules/inner."""
    write(root, main__tf=_MODULE)
    write(root, modules___inner___main__tf=_MODULE)
    write(root / at, main__tf=f'module "m" {{\n  source = "{source}"\n  {arguments}\n}}')
    return addresses(loaded(root / at, LoadOptions(root=root))) == ["module.m.aws_x.y"]


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        ("terraform-aws-scoring", "acme/scoring/aws"),
        ("terraform-aws-scoring-main", "acme/scoring/aws"),
        ("terraform-aws-scoring-1.2.0", "app.terraform.io/acme/scoring/aws"),
        ("acme+terraform-aws-scoring", "acme/scoring/aws//modules/inner"),
        ("scoring", "git::https://github.com/acme/scoring.git?ref=v1.2.0"),
        ("scoring", "github.com/acme/scoring//modules/inner"),
        ("scoring", "git@github.com:acme/scoring.git"),
    ],
)
def test_the_name_of_the_folder_shows_the_repository(tmp_path: Path, folder: str, source: str) -> None:
    assert _called(tmp_path / folder, source)


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        ("scoring", "acme/scoring/aws"),
        ("my-terraform-aws-scoring", "acme/scoring/aws"),
        ("terraform-aws-scoring", "acme/scoring/aws//modules/gone"),
        ("terraform-aws-scoring", "git::https://github.com/acme/scoring.git"),
        ("terraform-aws-scoring", "https://example.com/scoring.zip"),
    ],
)
def test_other_sources_are_elsewhere(tmp_path: Path, folder: str, source: str) -> None:
    assert not _called(tmp_path / folder, source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("acme/scoring/aws", True),
        ("git::ssh://git@github.com/acme/terraform-aws-scoring", True),
        ("other/scoring/aws", False),
        ("git::https://github.com/other/terraform-aws-scoring.git", False),
    ],
)
def test_where_it_was_cloned_from_shows_whose_it_is(tmp_path: Path, source: str, expected: bool) -> None:
    write(tmp_path, __git___config=_REMOTE)
    assert _called(tmp_path, source) is expected


def test_a_readme_shows_how_the_module_is_called(tmp_path: Path) -> None:
    write(tmp_path, README__md='module "m" {\n  source  = "acme/scoring/aws"\n}\n')
    assert _called(tmp_path, "acme/scoring/aws")
    assert not _called(tmp_path, "acme/ranking/aws")


def test_another_release_takes_other_arguments(tmp_path: Path) -> None:
    root = tmp_path / "terraform-aws-scoring"
    assert not _called(root, "acme/scoring/aws", 'name = "a"\n  retired = 1')
    assert not _called(root, "acme/scoring/aws", "size = 2")
    assert _called(root, "acme/scoring/aws", 'name = "a"\n  size = 2\n  version = "~> 1.0"')


def test_a_module_beside_the_examples_may_wrap_one_that_is_called_alike(tmp_path: Path) -> None:
    root = tmp_path / "terraform-aws-scoring"
    assert not _called(root, "acme/scoring/aws", at="modules/wrapper")
    assert not _called(root, "acme/scoring/aws", at="deploy")
