"""Validation blocks leave few of the values that a variable without a default can have."""

from pathlib import Path

import pytest

from mlwa_lint.model.values import Unknown
from tests.frontends.terraform.support import load_text

# Conditions of a variable, and what they leave: texts, bounds of a number, `+` where it is not empty.
CONDITIONS = {
    'contains(["a", "b"], var.x)': "a b +",
    "contains(local.listed, var.x)": "a b +",
    'var.x == "a" || "b" == var.x': "a b +",
    'anytrue([var.x == "a", contains(["b"], var.x)])': "a b +",
    'contains(["a", "b"], var.x) && var.x != "b"': "a +",
    'can(regex("^(a|b)$", var.x))': "a b +",
    'can(regex("^a\\\\.b$", var.x))': "a.b +",
    'can(regex("^arn:", var.x))': "+",
    "length(var.x) > 0": "+",
    'var.x != "" && var.x != null': "",
    "var.x >= 2 && 10 >= var.x": "2.0..10.0 +",
    "var.x > 1": "1.0.. +",
    # What leaves more than a few texts.
    'can(regex("^a|b$", var.x))': "+",
    'can(regex("a", var.x))': "+",
    'can(regex("^[ab]$", var.x))': "+",
    'var.x == null || contains(["a"], var.x)': "",
    'var.x == "" || can(regex("^arn:", var.x))': "",
    '!contains(["a"], var.x)': "",
    'contains(["a", var.y], var.x)': "",
    'var.y == "a"': "",
    'contains(var.x, "a")': "+",
    "length(var.x) < 5": "",
    'contains(["a"], lower(var.x))': "+",
}


def _described(value: object) -> str:
    assert isinstance(value, Unknown)
    pieces = [*value.one_of]
    if value.least is not None or value.most is not None:
        least, most = ("" if each is None else str(each) for each in (value.least, value.most))
        pieces.append(f"{least}..{most}")
    return " ".join([*pieces, *(["+"] if value.present else [])])


TEXTS = {
    'var.x != "" && var.x != null': "+",
    'var.x != ""': "",
    'startswith(var.x, "arn:")': "+",
}


def _of(kind: str, condition: str, folder: Path) -> str:
    text = (
        'variable "x" {\n  type = ' + kind + "\n  validation {\n    condition = " + condition + "\n  }\n}\n"
        'variable "y" {}\nlocals {\n  listed = ["a", "b"]\n}\n'
        'resource "aws_sagemaker_notebook_instance" "n" {\n  name = var.x\n}\n'
    )
    (resource,) = load_text(folder, text).resources
    return _described(resource.body.value("name"))


@pytest.mark.parametrize("condition", CONDITIONS)
def test_what_validations_accept(condition: str, tmp_path: Path) -> None:
    assert _of("any", condition, tmp_path) == CONDITIONS[condition]


@pytest.mark.parametrize("condition", TEXTS)
def test_whether_a_text_is_ever_empty(condition: str, tmp_path: Path) -> None:
    assert _of("string", condition, tmp_path) == TEXTS[condition]
