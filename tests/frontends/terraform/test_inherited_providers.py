"""A module that several roots deploy, linted alone: it has the Region and tags that all of them agree on."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import loaded
from mlwa_lint.frontends.terraform.raw import RawResource
from tests.frontends.terraform.support import shown

MODULE = 'resource "aws_s3_bucket" "b" {}\n'


def provider(region: str, tags: str = "") -> str:
    tagged = f"  default_tags {{\n    {tags}\n  }}\n" if tags else ""
    return f'variable "open" {{}}\nprovider "aws" {{\n  region = {region}\n{tagged}}}\n'


def inherited(folder: Path, *roots: str, module: str = MODULE) -> RawResource:
    """The module's bucket, where roots of these texts call it."""
    callers = []
    for number, text in enumerate(roots):
        root = folder / f"root{number}"
        root.mkdir()
        (root / "main.tf").write_text(text + 'module "m" { source = "../m" }\n', "utf-8")
        callers.append(root)
    (folder / "m").mkdir()
    (folder / "m" / "main.tf").write_text(module, "utf-8")
    (bucket,) = loaded(folder / "m", LoadOptions(root=folder), callers=callers).resources
    return bucket


@pytest.mark.parametrize(
    ("regions", "region"),
    [
        (['"eu-west-1"'], "eu-west-1"),
        (['"eu-west-1"', '"eu-west-1"'], "eu-west-1"),
        (['"eu-west-1"', '"us-east-1"'], None),
        (['"eu-west-1"', "var.open"], None),
        (["var.open"], None),
    ],
)
def test_a_region_that_all_roots_pin(tmp_path: Path, regions: list[str], region: str | None) -> None:
    assert inherited(tmp_path, *map(provider, regions)).region == region


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["tags = { team = 1 }"], "{team: 1}"),
        (["tags = { team = 1 }", "tags = { team = 1 }"], "{team: 1}"),
        (["tags = { team = 1, tier = 2 }", "tags = { team = 1 }"], "{team: 1, …}"),
        (
            ["tags = { team = 1 }", "tags = { team = 2 }"],
            "{team: ?(default_tags differ between the roots that call the module), …}",
        ),
        (["tags = { team = 1 }", ""], "{, …}"),
        (["tags = var.open"], "{, …}"),
        (["no_tags = {}"], "{, …}"),
        ([""], None),
        (["", ""], None),
    ],
)
def test_tags_that_all_roots_give(tmp_path: Path, tags: list[str], expected: str | None) -> None:
    bucket = inherited(tmp_path, *(provider('"eu-west-1"', each) for each in tags))
    given = bucket.default_tags
    assert (None if given is None else shown(given)) == expected


def test_a_module_with_a_provider_of_its_own_inherits_none(tmp_path: Path) -> None:
    own = provider('"us-east-1"')
    assert inherited(tmp_path, provider('"eu-west-1"'), module=own + MODULE).region == "us-east-1"


def test_roots_without_a_provider_pass_nothing_on(tmp_path: Path) -> None:
    assert inherited(tmp_path, "", 'provider "random" {}\n').region is None


def test_a_root_without_a_provider_leaves_it_to_the_others(tmp_path: Path) -> None:
    assert inherited(tmp_path, provider('"eu-west-1"'), "").region == "eu-west-1"


def test_an_alias_that_is_not_written_there_is_no_error(tmp_path: Path) -> None:
    text = (
        'locals {\n  alias = "west"\n}\nprovider "aws" {\n  alias  = local.alias\n  region = "us-west-1"\n}\n'
    )
    (tmp_path / "main.tf").write_text(
        text + 'resource "aws_s3_bucket" "b" {\n  provider = aws.west\n}\n', "utf-8"
    )
    (bucket,) = loaded(tmp_path, LoadOptions()).resources
    assert bucket.region == "us-west-1"
