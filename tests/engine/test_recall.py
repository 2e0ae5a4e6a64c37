"""Earlier results of rules are used only where they still hold: the same as running all of them again."""

import random
import re
import shutil
from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.discovery.search import discover
from mlwa_lint.discovery.target import Target
from mlwa_lint.engine.check import Outcome, check
from mlwa_lint.engine.moves import Moves
from mlwa_lint.engine.recall import Recall, changes
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.linking.link import link
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Scalar
from mlwa_lint.rule import Rule
from mlwa_lint.run.loading import load

ROOT = Path(__file__).parent.parent.parent
RULES = load_rules().rules
EDITS = 10
PROJECTS = sorted(
    path
    for folder in ("architectures", "deployments")
    for path in (ROOT / "fixtures" / folder).glob("*")
    if path.is_dir()
)


def graphs_of(target: Target) -> list[ResourceGraph]:
    return [link(project) for project in load(target, LoadOptions())]


def edited(text: str, chance: random.Random) -> str:
    """A text after edits by a user, which need not make sense."""
    lines = text.split("\n")
    place = chance.randrange(len(lines))
    kind = chance.randrange(7)
    if kind == 0:
        del lines[place]
    elif kind == 1:
        lines.insert(place, lines[place])
    elif kind == 2:
        lines.insert(place, "")
    elif kind == 3:
        flips = {"true": "false", "false": "true", "Enabled": "Disabled", "Disabled": "Enabled"}
        lines[place] = re.sub("|".join(flips), lambda found: flips[found.group()], lines[place])
    elif kind == 4:
        lines[place] = re.sub(r"\d+", lambda found: str(int(found.group()) + 1), lines[place])
    elif kind == 5:
        words = re.findall(r"[A-Za-z_]{4,}", text)
        if words:
            lines[place] = re.sub(r"[A-Za-z_]{4,}", chance.choice(words), lines[place], count=1)
    else:
        lines[place] += " "
    return "\n".join(lines)


def results(outcome: Outcome) -> tuple[object, ...]:
    return outcome.findings, outcome.undecided, outcome.checked, outcome.errors, outcome.resources


def answers(recall: Recall) -> set[tuple[str, str]]:
    """The rules, and resources, whose answers are remembered."""
    return {(code, address) for code, results in recall._results.items() for address in results}


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_edits_of_architectures(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(project, tmp_path / "p")
    monkeypatch.chdir(tmp_path / "p")
    targets = discover(["."]).targets
    assert targets
    chance = random.Random(project.name)
    for target in targets:
        recalls = [Recall() for _ in graphs_of(target)]
        sources = [name for graph in graphs_of(target) for name in graph.project.sources]
        taken = 0
        for _ in range(EDITS):
            name = chance.choice(sources)
            Path(name).write_text(edited(Path(name).read_text("utf-8"), chance), "utf-8")
            now = {each: Path(each).read_text("utf-8") for each in sources}
            graphs = graphs_of(target)
            if len(graphs) != len(recalls):
                break
            for graph, recall in zip(graphs, recalls, strict=True):
                traced = recall.begin(graph, now)
                taken += len(answers(recall))
                assert results(check(traced, RULES, recall=recall)) == results(check(graph, RULES))
            if chance.random() < 0.3:  # what broke it is taken back
                shutil.copytree(project, ".", dirs_exist_ok=True)
        assert taken, "nothing was ever taken from memory"


TEMPLATE = """Parameters:
  Stage: {Type: String, Default: test}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  One:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {RootAccess: Disabled}
  Two:
    Type: AWS::SageMaker::NotebookInstance
    Condition: IsProd
    Properties: {RootAccess: Enabled}
"""


def evaluated_again(before: str, now: str, tmp_path: Path, code: str = "MLS402") -> set[tuple[str, str]]:
    """The rules, and resources, that are evaluated after an edit."""
    path = tmp_path / "t.yaml"
    target = Target("cloudformation", str(path))
    path.write_text(before)
    recall = Recall()
    rules: list[Rule] = [each for each in RULES if each.code == code]
    name = graphs_of(target)[0].project.sources[0]
    check(recall.begin(graphs_of(target)[0], {name: before}), rules, recall=recall)
    known = answers(recall)
    path.write_text(now)
    recall.begin(graphs_of(target)[0], {name: now})
    return known - answers(recall)


def test_only_the_edited_resource_is_evaluated_again(tmp_path: Path) -> None:
    edit = TEMPLATE.replace("RootAccess: Disabled", "RootAccess: Enabled")
    assert evaluated_again(TEMPLATE, edit, tmp_path, "MLS405") == {("MLS405", "One")}


def test_lines_that_move_change_nothing(tmp_path: Path) -> None:
    edit = TEMPLATE.replace("Resources:\n", "Resources:\n  # one\n  # two\n")
    assert evaluated_again(TEMPLATE, edit, tmp_path) == set()


def test_a_condition_is_about_everything(tmp_path: Path) -> None:
    edit = TEMPLATE.replace("Equals [!Ref Stage, prod]", "Equals [!Ref Stage, test]")
    assert evaluated_again(TEMPLATE, edit, tmp_path) == {("MLS402", "One"), ("MLS402", "Two")}


def test_what_only_the_weight_of_a_finding_rests_on_is_read_again(tmp_path: Path) -> None:
    endpoint = (
        "  Api:\n    Type: AWS::EC2::VPCEndpoint\n    Properties: {ServiceName: com.amazonaws.eu-west-1.s3}\n"
    )
    before = TEMPLATE + endpoint
    edit = before.replace("eu-west-1.s3", "eu-west-1.sagemaker.api")
    assert evaluated_again(before, edit, tmp_path, "MLS404") == {("MLS404", "One"), ("MLS404", "Two")}


def test_what_the_repository_shows_is_about_everything(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    (project,) = load(Target("cloudformation", str(tmp_path / "t.yaml")), LoadOptions())
    before = link(project)
    assert changes(before, before, Moves({})) == frozenset()
    for now in (
        project._replace(operated=False),
        project._replace(needs_no_key=True),
        project._replace(needs_no_network=True),
        project._replace(teaches=True),
        project._replace(given={"size": "deploy.sh"}),
        project._replace(applied="deploy.yml"),
        project._replace(description="Images for machine learning"),
        project._replace(problems=(Problem("t.yaml", 3, "not valid YAML: a key is missing"),)),
    ):
        assert changes(before, link(now), Moves({})) is None


def test_moved_places_are_those_of_a_fresh_run(tmp_path: Path) -> None:
    moves = Moves({"t": ("a\nb\nc\n", "a\nnew\nb\nc\n")})
    assert moves.of(Span("t", 1, 1, 1, 2)) == Span("t", 1, 1, 1, 2)
    assert moves.of(Span("t", 2, 1, 3, 2)) == Span("t", 3, 1, 4, 2)
    assert moves.of(Span("t", 1, 1, 3, 2)) == Span("t", 1, 1, 4, 2)
    assert moves.of(Span("other", 2, 1, 2, 2)) == Span("other", 2, 1, 2, 2)


def test_who_gives_up_half_way_goes_on_from_there(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    target = Target("cloudformation", str(path))
    texts = [TEMPLATE, TEMPLATE.replace("Resources:\n", "Resources:\n  # one\n"), ""]
    texts[2] = texts[1].replace("Enabled", "Enabled  # two")
    path.write_text(texts[0])
    name = graphs_of(target)[0].project.sources[0]
    recall = Recall()
    check(recall.begin(graphs_of(target)[0], {name: texts[0]}), RULES, recall=recall)
    path.write_text(texts[1])
    recall.begin(graphs_of(target)[0], {name: texts[1]})  # and no rule runs
    path.write_text(texts[2])
    [graph] = graphs_of(target)
    found = check(recall.begin(graph, {name: texts[2]}), RULES, recall=recall)
    assert results(found) == results(check(graph, RULES))


def test_the_same_is_more_than_equal() -> None:
    span = Span("t", 1, 1, 1, 2)
    moves = Moves({})
    assert Scalar(True, span) == Scalar(1, span)
    assert not moves.same(Scalar(True, span), Scalar(1, span))
    assert moves.same(Scalar(1, span), Scalar(1, Span("t", 1, 1, 1, 2)))
    assert not moves.same([1, 2], [1])
    assert not moves.same({"a": 1}, {"a": 1.0})
    assert not moves.same(object(), object())


def test_a_graph_with_an_address_twice_is_evaluated_afresh(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(TEMPLATE)
    graph = graphs_of(Target("cloudformation", str(path)))[0]
    project = graph.project._replace(resources=(*graph.project.resources, graph.project.resources[0]))
    twice = ResourceGraph(project, graph.edges, graph.open_ends)
    recall = Recall()
    assert recall.begin(twice, {}) is twice


def test_nothing_has_changed_between_two_readings(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(TEMPLATE)
    first, second = (graphs_of(Target("cloudformation", str(path)))[0] for _ in range(2))
    assert changes(first, second, Moves({})) == frozenset()


def test_a_text_that_cannot_be_read_for_now_leaves_answers_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    target = Target("cloudformation", str(path))
    path.write_text(TEMPLATE)
    name = graphs_of(target)[0].project.sources[0]
    recall = Recall()
    check(recall.begin(graphs_of(target)[0], {name: TEMPLATE}), RULES, recall=recall)
    known = answers(recall)
    broken = TEMPLATE.replace("Resources:", "Resources: {")
    path.write_text(broken)
    [graph] = graphs_of(target)
    assert results(check(recall.begin(graph, {name: broken}), RULES, recall=recall)) == results(
        check(graph, RULES)
    )
    edited_text = TEMPLATE.replace("Resources:\n", "Resources:\n  # one\n")
    path.write_text(edited_text)
    [graph] = graphs_of(target)
    traced = recall.begin(graph, {name: edited_text})
    assert answers(recall) == known
    assert results(check(traced, RULES, recall=recall)) == results(check(graph, RULES))


def test_where_a_value_is_written_moves_along(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    target = Target("terraform", str(tmp_path))
    text = """variable "access" {
  default = "Enabled"
}
resource "aws_sagemaker_notebook_instance" "lab" {
  root_access = var.access
}
"""
    recall = Recall()
    for now in (text, f"# one\n{text}"):
        path.write_text(now)
        [graph] = graphs_of(target)
        [name] = graph.project.sources
        assert results(check(recall.begin(graph, {name: now}), RULES, recall=recall)) == results(
            check(graph, RULES)
        )
