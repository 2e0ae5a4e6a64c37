"""Small configurations that require huge results are answered soon and honestly."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.model.values import Unknown
from tests.frontends.terraform.support import load_text, resource

_LAUGHS = "\n".join(f"  l{n} = [{', '.join([f'local.l{n + 1}'] * 10)}]" for n in range(12))
_TEXTS = "\n".join(f'  t{n} = "{f"${{local.t{n + 1}}}" * 10}"' for n in range(12))


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        (f'locals {{\n{_LAUGHS}\n  l12 = ["ha"]\n}}', "local.l0"),
        (f'locals {{\n{_TEXTS}\n  t12 = "ha"\n}}', "local.t0"),
        ("", "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]"),
        ("", 'templatefile("main.tpl", {})'),
    ],
)
def test_what_grows_beyond_measure_is_left_open(tmp_path: Path, declared: str, used: str) -> None:
    text = f'{declared}\nresource "aws_x" "y" {{\n  a = {used}\n}}\n'
    loader = load_text(tmp_path, text, None, main__tpl='${templatefile("main.tpl", {})}')
    value = resource(loader, "aws_x.y").body.entries["a"].value
    assert "Unknown" in repr(value)
    assert len(repr(value)) < 10_000_000


def test_the_number_of_all_instances_is_limited(tmp_path: Path) -> None:
    text = "\n".join(f'resource "aws_x" "y{n}" {{\n  count = 900\n}}' for n in range(60))
    loader = load_text(tmp_path, text)
    assert len(loader.resources) < 21_000
    assert any("instances; too many to be analysed" in problem.message for problem in loader.problems)
    assert {each.address for each in loader.resources} >= {"aws_x.y0[899]", "aws_x.y59"}


def test_nested_dynamic_blocks_are_limited(tmp_path: Path) -> None:
    inner = 'dynamic "c" {\n for_each = range(300)\n content { v = 1 }\n}\n'
    middle = f'dynamic "b" {{\n for_each = range(300)\n content {{\n{inner}}}\n}}\n'
    text = (
        f'resource "aws_x" "y" {{\n dynamic "a" {{\n for_each = range(300)\n content {{\n{middle}}}\n}}\n}}\n'
    )
    loader = load_text(tmp_path, text)
    assert "too many items" in repr(resource(loader, "aws_x.y").body.entries["a"].value)


def test_an_ephemeral_value_is_a_secret(tmp_path: Path) -> None:
    text = """
      ephemeral "aws_secretsmanager_secret_version" "s" { secret_id = "x" }
      resource "aws_x" "y" { a = ephemeral.aws_secretsmanager_secret_version.s.secret_string }
    """
    value = resource(load_text(tmp_path, text), "aws_x.y").body.entries["a"].value
    assert isinstance(value, Unknown)
    assert value.secret


def test_a_large_configuration_loads_in_seconds(tmp_path: Path) -> None:
    body = '  name = "${local.p}-x"\n  role = aws_iam_role.r.arn\n  block {\n    image = var.image\n  }\n'
    blocks = "".join(f'resource "aws_x" "y{n}" {{\n{body}}}\n\n' for n in range(1500))
    text = 'variable "image" {}\nlocals { p = "p" }\nresource "aws_iam_role" "r" {}\n' + blocks
    (tmp_path / "main.tf").write_text(text, "utf-8")
    project = load(tmp_path, LoadOptions())
    assert len(project.resources) == 1501
    assert project.problems == ()
