"""Remembered answers: found once, and right in every world."""

from pathlib import Path

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.linking.link import link
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import Fork, Leaf, World, explore
from mlwa_lint.model.answers import Answer, some
from mlwa_lint.run.pipeline import check_project

BUCKET = "AWS::S3::Bucket"
TEMPLATE = """\
Parameters:
  Stage: {Type: String}
  Size: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsLarge: !Equals [!Ref Size, large]
Resources:
  A:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !If [IsProd, prod, test]
  B:
    Type: AWS::S3::Bucket
    Condition: IsLarge
    Properties:
      BucketName: large
      Tags: !Ref Size
"""


class Counting:
    def __init__(self) -> None:
        self.times = 0
        self.question = remembered(self._names)

    def _names(self, graph: GraphView) -> str:
        self.times += 1
        return "+".join(bucket["BucketName"].text or "?" for bucket in graph.of_type(BUCKET))


def graph_of(text: str = TEMPLATE) -> GraphView:
    project = load(Path("t.yaml"), LoadOptions(), text)
    graph = link(project)
    return GraphView(graph, World(project.scenarios, {}))


def in_all_worlds(counting: Counting, graph: GraphView) -> list[str]:
    found = []

    def look(world: World) -> str:
        return counting.question(GraphView(graph.graph, world))

    def leaves(tree: "Leaf[str] | Fork[str] | None") -> None:
        if isinstance(tree, Fork):
            leaves(tree.yes)
            leaves(tree.no)
        elif tree is not None and tree.outcome is not None:
            found.append(tree.outcome)

    leaves(explore(graph.graph.project.scenarios, (), look))
    return found


def test_every_world_has_its_own_answer_and_each_is_found_once() -> None:
    counting, graph = Counting(), graph_of()
    first = in_all_worlds(counting, graph)
    assert sorted(first) == ["prod", "prod+large", "test", "test+large"]
    assert counting.times == 4
    assert in_all_worlds(counting, graph) == first
    assert counting.times == 4


def test_remembering_asks_for_the_same_conditions_again() -> None:
    counting, graph = Counting(), graph_of()
    counting.question(graph)
    world = World(graph.graph.project.scenarios, {})
    counting.question(GraphView(graph.graph, world))
    assert counting.times == 1
    assert [condition.text for condition, _ in world.forks] == ["IsLarge", "IsProd"]


def test_what_is_undecided_on_the_way_is_said_every_time() -> None:
    @remembered
    def tags(graph: GraphView) -> int:
        return sum(len(bucket["Tags"].items()) for bucket in graph.of_type(BUCKET))

    graph = graph_of()
    said = []
    for _ in range(2):
        world = World(graph.graph.project.scenarios, {})
        tags(GraphView(graph.graph, world))
        said.append(world.undecided)
    assert said[0] == said[1] != []


def test_answers_about_different_resources_are_different() -> None:
    @remembered
    def name(bucket: ResourceView, graph: GraphView, suffix: str = "") -> str:
        return f"{bucket['BucketName'].text}{suffix}"

    graph = graph_of(
        "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: a}}, B: {Type: 'AWS::S3::Bucket'}}"
    )
    a, b = graph.of_type(BUCKET)
    assert (name(a, graph), name(b, graph), name(a, graph, suffix="!")) == ("a", "None", "a!")


def test_questions_may_rest_on_remembered_ones() -> None:
    counting = Counting()

    @remembered
    def outer(graph: GraphView) -> Answer:
        return some([graph.of_type(BUCKET)[0]["BucketName"].equals(counting.question(graph).split("+")[0])])

    graph = graph_of()
    graph.of_type(BUCKET)
    for text, holds in (("IsLarge", True), ("IsLarge", False)) * 2:
        script = {condition.name: holds for condition, _ in graph.world.forks if condition.text == text}
        assert script
        world = World(graph.graph.project.scenarios, script)
        assert outer(GraphView(graph.graph, world)).verdict == "yes"
    assert counting.times == 2
    assert check_project(graph.graph.project, []).findings == ()
