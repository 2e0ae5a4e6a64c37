"""What is valid syntax for Terraform is valid here, and what is not is refused with its place."""

import shutil
from typing import Any

import pytest

from mlwa_lint.frontends.terraform.syntax.reader import read
from scripts.record_terraform_syntax import entries, valid
from tests.support.bundles import bundled

ENTRIES = entries()


@bundled(ENTRIES, lambda entry: entry["text"])
def test_a_text_is_accepted_as_terraform_accepts_it(entry: dict[str, Any]) -> None:
    problems = read(entry["text"], "main.tf").problems
    assert (not problems) == (entry["valid"] or entry.get("lenient", False)), problems
    assert all(1 <= problem.line <= entry["text"].count("\n") + 1 for problem in problems)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="the terraform binary is not there")
def test_a_sample_of_the_record_is_still_true() -> None:
    sample = ENTRIES[::12]
    assert [valid(entry["text"]) for entry in sample] == [entry["valid"] for entry in sample]
