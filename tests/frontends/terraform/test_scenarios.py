"""Conditions of one configuration that hold together, or never do."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.evaluation.scenarios import ROW_ANSWERS_LIMIT, TerraformScenarios
from mlwa_lint.frontends.terraform.project import load
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.linking.link import link
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.values import Reference, alternatives

from .support import addresses, load_text, resource

STAGED = """
variable "environment" {}
locals {
  is_live     = terraform.workspace == "default" ? true : false
  environment = lower(local.is_live ? var.environment : terraform.workspace)
}
resource "aws_iam_role" "r" { count = local.environment == "stg" ? 1 : 0 }
resource "aws_iam_role_policy" "p" {
  count = local.environment == "stg" ? 1 : 0
  role  = aws_iam_role.r[0].id
}
"""


def test_what_exists_by_the_same_rows_of_conditions_exists_together(tmp_path: Path) -> None:
    loader = load_text(tmp_path, STAGED)
    role, policy = (resource(loader, f"{each}[0]") for each in ("aws_iam_role.r", "aws_iam_role_policy.p"))
    assert role.guards == policy.guards
    (guard,) = role.guards
    exists = guard.condition.name
    missing = [
        {each.condition.name: each.holds for each in option.guards}
        for option in alternatives(policy.body.entries["role"].value)
        if not isinstance(option.value, Reference)
    ]
    assert len(missing) == 2
    assert not any(loader.scenarios.possible({exists: True, **answers}) for answers in missing)
    assert all(loader.scenarios.possible({exists: False, **answers}) for answers in missing)
    graph = link(load(tmp_path, LoadOptions()))
    assert not graph.open_ends_towards(EdgeKind.GRANTS, "AWS::IAM::Role")


def test_one_of_several_rows_may_hold() -> None:
    scenarios = TerraformScenarios()
    a, b, other = (Condition(scenarios.noted("variable x", f'"{each}"'), each) for each in ("a", "b", "c"))
    rows = [[Guard(a, True)], [Guard(a, False), Guard(b, True)]]
    name = scenarios.one_of(rows)
    assert name == scenarios.one_of(rows[::-1])
    for answers, possible in (
        ({name: True}, True),
        ({name: False}, True),
        ({name: True, a.name: True}, True),
        ({name: False, a.name: True}, False),
        ({name: True, a.name: False}, True),
        ({name: False, b.name: True}, False),
        ({name: True, a.name: False, b.name: False}, False),
        ({name: True, other.name: True}, False),
        ({name: False, other.name: True}, True),
    ):
        assert scenarios.possible(answers) is possible, answers


def test_rows_of_too_many_answers_are_not_gone_through() -> None:
    conditions = [Condition(f"c{n}", f"c{n}") for n in range(ROW_ANSWERS_LIMIT + 1)]
    for several, is_followed in ((conditions[1:], True), (conditions, False)):
        scenarios = TerraformScenarios()
        name = scenarios.one_of([[Guard(each, True)] for each in several])
        none = {name: True, **{each.name: False for each in several}}
        assert scenarios.possible(none) is not is_followed


def test_comparisons_within_a_row_exclude_each_other() -> None:
    scenarios = TerraformScenarios()
    first, second = (Condition(scenarios.noted("variable v", each), each) for each in ("'a'", "'b'"))
    name = scenarios.one_of([[Guard(first, True), Guard(second, True)]])
    assert not scenarios.possible({name: True})
    assert scenarios.possible({name: False})


@pytest.mark.parametrize(
    ("local", "guard"),
    [
        ("local.is_live && !local.is_prod", 'not var.stage == "prod"'),
        ("!local.is_prod && local.is_live", 'not var.stage == "prod"'),
        ('local.is_live && var.stage != "prod"', 'not var.stage == "prod"'),
        ("local.is_live && local.is_prod", 'var.stage == "prod"'),
        ("!(local.is_live && !local.is_prod)", None),
    ],
)
def test_a_comparison_behind_what_else_is_known_is_that_comparison(
    tmp_path: Path, local: str, guard: str | None
) -> None:
    text = f"""
    variable "stage" {{}}
    locals {{
      is_live = terraform.workspace == "default" ? true : false
      is_prod = var.stage == "prod"
      on      = {local}
    }}
    resource "aws_s3_bucket" "b" {{ count = local.on ? 1 : 0 }}
    """
    found = addresses(load_text(tmp_path, text))
    here = f'aws_s3_bucket.b[0] if terraform.workspace == "default", {guard}'
    assert found == [here if guard else "aws_s3_bucket.b[0] if one of several conditions"]
