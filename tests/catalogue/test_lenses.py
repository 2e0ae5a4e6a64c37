"""The four lenses: their practices, and rules chosen by them."""

import pytest

from mlwa_lint.catalogue.lens import LENSES, is_about, lens_of, practices
from mlwa_lint.cli.options import LENS_NAMES
from tests.support.rule_examples import all_rules
from tests.support.workspace import Workspace


@pytest.mark.parametrize(
    ("name", "count"),
    [("machine-learning", 105), ("generative-ai", 51), ("agentic-ai", 150), ("responsible-ai", 98)],
)
def test_a_lens_has_its_practices(name: str, count: int) -> None:
    found = practices(name)
    assert len(found) == count
    for each in found.values():
        lens = lens_of(each.id)
        assert lens is not None
        assert lens.name == name
        assert each.title
        assert each.topic
        # AWS states no risk for one of them.
        assert each.risk in ("High", "Medium", "Low") or each.id == "MLSEC04-BP03"


def test_the_command_line_knows_every_lens() -> None:
    assert tuple(each.name for each in LENSES) == LENS_NAMES
    assert len(practices()) == sum(len(practices(name)) for name in LENS_NAMES)
    assert lens_of("XYZ01") is None


def test_rules_are_chosen_by_lens() -> None:
    assert is_about(("MLSEC01-BP01", "GENSEC01-BP01"), ("generative-ai",))
    assert not is_about(("MLSEC01-BP01",), ("generative-ai", "agentic-ai"))
    assert not is_about((), ("machine-learning",))


def test_the_list_of_rules_of_a_lens(workspace: Workspace) -> None:
    listed = workspace.run("rules", "--lens", "machine-learning", "--select", "MLS4")
    assert listed.code == 0
    codes = {line.split()[0] for line in listed.out.splitlines()}
    assert codes == {rule.code for rule in all_rules() if rule.code.startswith("MLS4")}
    wrong = workspace.run("rules", "--lens", "serverless")
    assert wrong.code == 2
    assert "machine-learning" in wrong.err


def test_a_check_by_another_lens_finds_nothing_of_this_one(workspace: Workspace) -> None:
    workspace.write(
        "t.yaml",
        "Resources:\n  Lab:\n    Type: AWS::SageMaker::NotebookInstance\n"
        "    Properties: {RoleArn: r, InstanceType: ml.t3.medium}\n",
    )
    arguments = ("check", "--no-cache", "--format", "csv", "t.yaml")
    assert "MLS402" in workspace.run(*arguments).out
    assert "MLS402" in workspace.run(*arguments, "--lens", "machine-learning").out
    assert "MLS402" not in workspace.run(*arguments, "--lens", "responsible-ai").out
