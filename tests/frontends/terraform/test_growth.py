"""A few lines that require much: what is made of them is bounded at every size. Work is counted, not time."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.graph.linking.link import link
from mlwa_lint.model.budget import for_target
from mlwa_lint.model.resources import Project

_SIZES = (15, 30, 60)
# Far below the budget's limits: none of the families needs more at any size.
_MOST = {"nodes": 600_000, "text": 9_000_000, "work": 400_000}


def _doubling(expression: str, start: str = '"xxxxxxxxxx"') -> Callable[[int], str]:
    """Local values, each made of the one before it."""

    def text(size: int) -> str:
        lines = [f"  a{n} = {expression.replace('@', f'local.a{n - 1}')}" for n in range(1, size)]
        body = "\n".join([f"  a0 = {start}", *lines])
        return f'locals {{\n{body}\n}}\nresource "aws_x" "y" {{ a = local.a{size - 1} }}\n'

    return text


def _deep_equality(size: int) -> str:
    """Two equal values of as many levels."""
    lines = [f"  {side}{n} = {{ x = local.{side}{n - 1} }}" for side in "ab" for n in range(1, size)]
    last = f"local.a{size - 1} == local.b{size - 1}"
    body = "\n".join(["  a0 = 1", "  b0 = 1", *lines])
    return f'locals {{\n{body}\n}}\nresource "aws_x" "y" {{ a = {last} }}\n'


def _documents(size: int) -> str:
    first = 'data "aws_iam_policy_document" "d0" {\n  statement {\n    actions = ["s3:*"]\n  }\n}\n'
    more = "".join(
        f'data "aws_iam_policy_document" "d{n}" {{\n'
        f"  source_policy_documents = [data.aws_iam_policy_document.d{n - 1}.json,"
        f" data.aws_iam_policy_document.d{n - 1}.json]\n}}\n"
        for n in range(1, size)
    )
    last = f"data.aws_iam_policy_document.d{size - 1}.json"
    return f'{first}{more}resource "aws_iam_policy" "p" {{ policy = {last} }}\n'


def _digits(size: int) -> str:
    number = "9" * 100 * size
    powers = 'b = local.a * local.a\n c = pow(local.a, 9)\n d = format("%d", local.a)'
    user = "count = local.a\n  b = local.b\n  c = local.c\n  d = local.d"
    return f'locals {{\n a = {number}\n {powers}\n}}\nresource "aws_x" "y" {{\n  {user}\n}}\n'


def _lookups(size: int) -> str:
    variables = "".join(f'variable "k{n}" {{}}\n' for n in range(size))
    parts = "".join(f"${{local.m[var.k{n}]}}" for n in range(size))
    table = 'locals { m = { a = "1", b = "2", c = "3" } }'
    return f'{variables}{table}\nresource "aws_x" "y" {{ a = "{parts}" }}\n'


FAMILIES: dict[str, Callable[[int], str]] = {
    "texts": _doubling('"${@}${@}"'),
    "join": _doubling('join("", [@, @])'),
    "format": _doubling('format("%s%s", @, @)'),
    "replace": _doubling('replace(@, "x", "xx")'),
    "split": _doubling('join("xx", split("x", @))'),
    "jsonencode": _doubling("jsonencode([@, @])"),
    "templatestring": _doubling('templatestring("$${x}$${x}", { x = @ })'),
    "concat": _doubling("concat(@, @)", '["x"]'),
    "flatten": _doubling("flatten([@, @])", '["x"]'),
    "lists": _doubling("[@, @]"),
    "merge": _doubling("merge({ x = @ }, { y = @ })", "{ z = 1 }"),
    "setproduct": _doubling("setproduct(@, @)", '["a", "b"]'),
    "equality": _deep_equality,
    "policy documents": _documents,
    "digits": _digits,
    "lookups": _lookups,
}


def _loaded(folder: Path, text: str, name: str = "main.tf") -> Project:
    (folder / name).write_text(text, "utf-8")
    return load(folder, LoadOptions())


@pytest.mark.parametrize("size", _SIZES)
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_what_grows_is_bounded(family: str, size: int, tmp_path: Path) -> None:
    with for_target() as budget:
        project = _loaded(tmp_path, FAMILIES[family](size))
        link(project)
    assert [each.message for each in project.problems if each.fatal] == []
    assert len(project.resources) == 1
    for kind, most in _MOST.items():
        assert budget.spent[kind] <= most, (kind, budget.spent)


@pytest.mark.parametrize("condition", ["true", "var.on"])
@pytest.mark.parametrize("depth", [30, 1_000, 3_000])
def test_directives_in_one_another(condition: str, depth: int, tmp_path: Path) -> None:
    start = "%{ if " + condition + " }x"
    nested = start * depth + "%{ endif }" * depth
    project = _loaded(tmp_path, f'variable "on" {{}}\nlocals {{\n  a = "{nested}"\n}}\n')
    messages = [(each.line, each.message) for each in project.problems]
    assert messages == ([] if depth < 60 else [(3, "directives are nested too deeply")])


@pytest.mark.parametrize("count", [2_000, 8_000, 20_000])
@pytest.mark.parametrize("kind", ["aws_x", "aws_s3_bucket"])
def test_an_attribute_costs_the_same_however_many_there_are(kind: str, count: int, tmp_path: Path) -> None:
    arguments = "".join(f"  a{n} = {n}\n" for n in range(count))
    with for_target() as budget:
        (resource,) = _loaded(tmp_path, f'resource "{kind}" "y" {{\n{arguments}}}\n').resources
    assert len(resource.properties.entries) >= count
    assert budget.spent["nodes"] <= 3 * count + 100


@pytest.mark.parametrize("source", ["./a\\u0000b", "./a\\ud800b", "./\\ud800", "../\\u0000"])
@pytest.mark.parametrize("name", ["main.tf", "main.tf.json"])
def test_module_sources_that_are_no_path(name: str, source: str, tmp_path: Path) -> None:
    text = f'module "m" {{ source = "{source}" }}\n'
    if name.endswith(".json"):
        text = f'{{"module": {{"m": {{"source": "{source}"}}}}}}'
    project = _loaded(tmp_path, text, name)
    assert len(project.gaps) == 1
    assert project.problems
    for problem in project.problems:
        problem.message.encode()


@pytest.mark.parametrize("folder", ["a\0b", "\ud800", "", ".", "x" * 5_000, "../../.."])
def test_installed_modules_that_are_nowhere(folder: str, tmp_path: Path) -> None:
    place = tmp_path / ".terraform" / "modules"
    place.mkdir(parents=True)
    data = {"Modules": [{"Key": "m", "Dir": folder}, {"Key": [], "Dir": {}}, 3]}
    (place / "modules.json").write_text(json.dumps(data), "utf-8")
    project = _loaded(tmp_path, 'module "m" { source = "acme/m/aws" }\n')
    assert len(project.gaps) == 1
    for problem in project.problems:
        problem.message.encode()


def test_blocks_with_odd_labels_do_no_harm(tmp_path: Path) -> None:
    text = """
      resource {}
      resource "a" {}
      resource "aws_x" "y" "z" {}
      module {}
      module "a" "b" {}
      variable {}
      output {}
      data "x" {}
      provider {}
      provider "a" "b" {}
      locals "x" { a = 1 }
      check {}
      moved {}
      ephemeral "x" {}
      resource "aws_x" "w" {
        lifecycle "x" {}
        dynamic {}
        dynamic "a" "b" {
          for_each = [1]
          content { x = 1 }
        }
      }
      data "aws_iam_policy_document" "d" {
        statement "x" {}
        statement {
          principals "x" {}
          condition "y" {}
        }
      }
      resource "aws_iam_policy" "p" { policy = data.aws_iam_policy_document.d.json }
    """
    project = _loaded(tmp_path, text)
    assert {each.address for each in project.resources} == {"aws_x.w", "aws_iam_policy.p"}
    link(project)


@pytest.mark.parametrize("value", ["{ a = [1] }", "[1]", "[{}]", "{}", "null", "true", "3"])
def test_names_that_are_no_texts_do_no_harm(value: str, tmp_path: Path) -> None:
    kinds = {
        "aws_s3_bucket": "bucket",
        "aws_s3_bucket_versioning": "bucket",
        "aws_sagemaker_endpoint": "name",
        "aws_sagemaker_model": "name",
        "aws_iam_role": "name",
        "aws_iam_role_policy": "role",
        "aws_lambda_function": "function_name",
        "aws_cloudwatch_metric_alarm": "dimensions",
        "aws_appautoscaling_target": "resource_id",
        "aws_kms_alias": "target_key_id",
    }
    text = "".join(f'resource "{kind}" "r" {{ {name} = {value} }}\n' for kind, name in kinds.items())
    graph = link(_loaded(tmp_path, text))
    assert len(graph.project.resources) >= 8
