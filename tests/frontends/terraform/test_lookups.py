"""An entry of a known collection by a key that is known only at deployment is one of its values."""

from pathlib import Path

import pytest

from mlwa_lint.model.values import Choice, Unknown
from tests.frontends.terraform.support import argument, load_text, resource, shown

_DECLARED = """
  data "aws_region" "here" {}
  variable "env" {}
  variable "more" { type = map(string) }
  locals {
    images = { eu = "e:latest", us = "u:latest" }
    alike  = { eu = "x:1", us = "x:1" }
    sizes  = { dev = { count = 1 }, prod = { count = 3 } }
    names  = ["a", "b"]
    many   = { for n in range(40) : "k${n}" => "${n}.dkr.ecr/image:latest" }
    open   = merge(local.images, var.more)
  }
"""
_REGION = "data.aws_region.here.region"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"local.images[{_REGION}]", f"({_REGION} == \"eu\"~ ? 'e:latest' : 'u:latest')"),
        (f"local.alike[{_REGION}]", "'x:1'"),
        ("local.images[var.env]", "(var.env == \"eu\" ? 'e:latest' : 'u:latest')"),
        ("local.sizes[var.env].count", '(var.env == "dev" ? 1 : 3)'),
        ("local.names[var.env]", "(var.env == 0 ? 'a' : 'b')"),
        ("element(local.names, var.env)", "(var.env == 0 ? 'a' : 'b')"),
        (
            'lookup(local.images, var.env, "none")',
            "(var.env == \"eu\" ? 'e:latest' : (var.env == \"us\" ? 'u:latest' : 'none'))",
        ),
        ("lookup(local.images, var.env)", "(var.env == \"eu\" ? 'e:latest' : 'u:latest')"),
        (
            'try(local.images[var.env], "none")',
            "(var.env == \"eu\" ? 'e:latest' : (var.env == \"us\" ? 'u:latest' : 'none'))",
        ),
        (
            "can(local.images[var.env])",
            '(var.env == "eu" ? True : (var.env == "us" ? True : False))',
        ),
    ],
)
def test_the_values_that_a_key_may_select(tmp_path: Path, expression: str, expected: str) -> None:
    text = f'{_DECLARED}\nresource "aws_x" "y" {{ a = {expression} }}'
    assert argument(load_text(tmp_path, text), "aws_x.y", "a") == expected


def test_of_many_values_only_the_common_end_is_known(tmp_path: Path) -> None:
    text = f'{_DECLARED}\nresource "aws_x" "y" {{ a = local.many[var.env] }}'
    value = resource(load_text(tmp_path, text), "aws_x.y").body.entries["a"].value
    assert isinstance(value, Unknown)
    assert value.present
    assert value.parts[1:] == ("/image:latest",)


def test_a_map_that_is_not_wholly_known_gives_nothing(tmp_path: Path) -> None:
    text = f'{_DECLARED}\nresource "aws_x" "y" {{ a = local.open[var.env] }}'
    value = resource(load_text(tmp_path, text), "aws_x.y").body.entries["a"].value
    assert isinstance(value, Unknown)
    assert not value.parts


def test_one_key_selects_the_same_in_two_maps(tmp_path: Path) -> None:
    text = f"""{_DECLARED}
      resource "aws_x" "y" {{
        a = local.images[var.env]
        b = {{ eu = 1, us = 2 }}[var.env]
        c = "${{local.images[var.env]}}-${{local.images[var.env]}}"
      }}
    """
    loader = load_text(tmp_path, text)
    body = resource(loader, "aws_x.y").body
    first, second = body.entries["a"].value, body.entries["b"].value
    assert isinstance(first, Choice)
    assert isinstance(second, Choice)
    assert first.condition == second.condition
    assert shown(body.entries["c"].value) == (
        "(var.env == \"eu\" ? 'e:latest-e:latest' : 'u:latest-u:latest')"
    )


def test_a_key_equals_one_literal_at_most(tmp_path: Path) -> None:
    text = f"""{_DECLARED}
      resource "aws_x" "y" {{ a = {{ a = 1, b = 2, c = 3 }}[{_REGION}] }}
    """
    loader = load_text(tmp_path, text)
    value = resource(loader, "aws_x.y").body.entries["a"].value
    assert isinstance(value, Choice)
    inner = value.no
    assert isinstance(inner, Choice)
    both = {value.condition.name: True, inner.condition.name: True}
    assert not loader.scenarios.possible(both)
    assert loader.scenarios.possible({**both, value.condition.name: False})
