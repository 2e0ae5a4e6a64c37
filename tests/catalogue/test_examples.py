"""The examples that a rule's explanation shows."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.examples import Example, examples_of
from mlwa_lint.rule import Remedy, Rule

RULE = Rule("TSS101", "test-key-missing", "high", (), (), Remedy("", ""), "", None)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "fixtures" / "rules" / "TSS101"
    own.mkdir(parents=True)
    return own


def names(kind: str) -> list[str]:
    return [each.name for each in examples_of(RULE, ["my_rules.py"]) if each.kind == kind]


def test_a_rule_without_a_folder_has_no_examples(tmp_path: Path) -> None:
    assert examples_of(RULE, [str(tmp_path)]) == ()


def test_the_shortest_examples_of_each_language_are_chosen(folder: Path) -> None:
    for name, text in {"fail.yaml": "A: 1", "fail-b.yaml": "", "pass.tf": "a", "unless.tf": ""}.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert examples_of(RULE, ["my_rules.py"]) == (
        Example("fail", "cloudformation", "fail-b.yaml", ""),
        Example("pass", "terraform", "pass.tf", "a"),
    )


def test_a_failing_example_is_shown_beside_the_same_one_fixed(folder: Path) -> None:
    for name in ("fail.yaml", "fail-key.yaml", "fixed-key.yaml", "pass.yaml"):
        (folder / name).write_text("" if name in ("fail.yaml", "pass.yaml") else "A: 1", encoding="utf-8")
    assert (names("fail"), names("pass")) == (["fail-key.yaml"], ["fixed-key.yaml"])


def test_an_example_that_is_not_utf_8_is_shown_as_far_as_it_can_be_read(folder: Path) -> None:
    (folder / "fail.yaml").write_bytes(b"Name: \xe4\n")
    assert examples_of(RULE, ["my_rules.py"]) == (
        Example("fail", "cloudformation", "fail.yaml", "Name: \ufffd\n"),
    )


def test_an_example_that_cannot_be_read_is_left_out(folder: Path) -> None:
    (folder / "fail.yaml").symlink_to(folder / "elsewhere.yaml")
    (folder / "fail-folder.yaml").mkdir()
    (folder / "pass.yaml").write_text("A: 1", encoding="utf-8")
    assert (names("fail"), names("pass")) == ([], ["pass.yaml"])
