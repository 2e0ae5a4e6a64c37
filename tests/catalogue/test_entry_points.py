"""Entry points, against the standard library's reading of them."""

from importlib.metadata import entry_points as reference
from pathlib import Path

import pytest

from mlwa_lint.rule import Rule
from mlwa_lint.startup import entry_points as plugins


@pytest.mark.parametrize("group", ["mlwa_lint.rules", "pytest11", "no.such.group"])
def test_entry_points_are_those_of_importlib(group: str) -> None:
    expected = sorted({point.module for point in reference(group=group) if not point.attr})
    assert plugins.entry_points(group) == expected


def test_the_built_in_rules_come_in_by_the_front_door() -> None:
    assert "mlwa_rules" in plugins.entry_points("mlwa_lint.rules")


def test_entry_points_of_other_groups_attributes_and_comments_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "their_rules-1.0.dist-info"
    folder.mkdir()
    (folder / "entry_points.txt").write_text(
        "[console_scripts]\nx = other:main\n\n[mlwa_lint.rules]\n# a = commented\ntheirs = their_rules.aws\n"
        "one = their_rules:RULES\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    found = plugins.entry_points("mlwa_lint.rules")
    assert "their_rules.aws" in found
    assert not {"other", "commented", "their_rules"} & set(found)


def test_the_index_agrees_with_the_module_of_every_rule() -> None:
    from mlwa_lint.catalogue.registry import load_rules
    from tests.support.rule_examples import all_rules

    def facts(rule: Rule) -> tuple[object, ...]:
        whole = rule.project_check is not None
        return (*rule[:7], rule.languages, whole)

    assert [facts(rule) for rule in load_rules().rules] == [facts(rule) for rule in all_rules()]
