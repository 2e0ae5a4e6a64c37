"""MLC502 when the configuration requires tags, which examples cannot express."""

from pathlib import Path

import pytest

from mlwa_lint.run.evaluation import check_project
from tests.support import rule_examples as harness

EXAMPLES = harness.EXAMPLES / "MLC502"


def stated(path: Path, *required: str) -> list[str]:
    outcome = check_project(harness.project_of(path), [harness.rule_of("MLC502")], required)
    assert not outcome.errors
    return [f"{each.address}: {each.message}" for each in outcome.findings]


@pytest.mark.parametrize("name", ["pass.yaml", "pass.tf", "pass-default-tags.tf"])
def test_a_tag_that_is_there_is_enough(name: str) -> None:
    assert stated(EXAMPLES / name, "team") == []


def test_a_missing_tag_is_named_in_a_list_and_in_a_map() -> None:
    assert stated(EXAMPLES / "pass.yaml", "team", "cost-center") == [
        "Score: Model Score has no tag cost-center, which the configuration requires: Tags should have it",
        "Ask: Prompt Ask has no tag cost-center, which the configuration requires: Tags should have it",
    ]


def test_default_tags_count_for_required_ones() -> None:
    assert stated(EXAMPLES / "pass-default-tags.tf", "stage") == []
    assert len(stated(EXAMPLES / "pass.tf", "stage")) == 1


def test_an_untagged_resource_is_reported_once() -> None:
    assert len(stated(EXAMPLES / "fail.tf", "team", "stage")) == 1


def test_tags_that_are_not_known_are_undecided() -> None:
    assert stated(EXAMPLES / "undecided.tf", "team") == []


def test_untagged_resources_of_a_project_are_listed_in_one_finding(tmp_path: Path) -> None:
    template = tmp_path / "groups.yaml"
    groups = "".join(
        f"  G{number}:\n"
        "    Type: AWS::SageMaker::ModelPackageGroup\n"
        "    Properties: {ModelPackageGroupName: g}\n"
        for number in range(7)
    )
    template.write_text(f"Resources:\n{groups}", "utf-8")
    (message,) = stated(template)
    assert message.startswith("G0: ModelPackageGroup G0, ModelPackageGroup G1, ")
    assert "and 2 more have no tags" in message
    assert len(stated(template, "team")) == 7
