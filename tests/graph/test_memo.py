"""Remembered answers: found once, and right in every world."""

import ast
import importlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, get_args, get_type_hints

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.linking.link import link
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView, Links
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.graph.worlds import Fork, Leaf, World, explore
from mlwa_lint.model.answers import Answer, some
from mlwa_lint.run.evaluation import check_project

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


ROOT = Path(__file__).parents[2]


def remembering() -> Iterator[tuple[str, Any]]:
    """The queries that remember their results, by their full names."""
    for folder in (ROOT / "mlwa_lint", ROOT / "rules" / "mlwa_rules"):
        for path in sorted(folder.rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "@remembered" in text:
                module = importlib.import_module(
                    ".".join(path.relative_to(folder.parent).with_suffix("").parts)
                )
                for node in ast.parse(text).body:
                    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else ()
                    if isinstance(node, ast.FunctionDef) and "remembered" in map(ast.unparse, decorators):
                        yield f"{module.__name__}.{node.name}", getattr(module, node.name)


def holds_view(kind: Any, within: frozenset[Any] = frozenset()) -> bool:
    """Whether values of a type can hold a view, in the items or fields that the type declares."""
    if kind in within:
        return False
    inside = within | {kind}
    if any(holds_view(each, inside) for each in get_args(kind)):
        return True
    if not isinstance(kind, type) or get_args(kind):
        return False
    fields = get_type_hints(kind).values() if hasattr(kind, "_fields") else ()
    return issubclass(kind, View | GraphView | Links) or any(holds_view(each, inside) for each in fields)


def test_remembered_results_hold_no_views() -> None:
    results = {name: get_type_hints(query)["return"] for name, query in remembering()}
    assert [name for name, kind in results.items() if holds_view(kind)] == []
    assert len(results) > 40
    assert holds_view(dict[ResourceView, Answer])


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


def test_remembering_evaluates_the_same_conditions_again() -> None:
    counting, graph = Counting(), graph_of()
    counting.question(graph)
    world = World(graph.graph.project.scenarios, {})
    counting.question(GraphView(graph.graph, world))
    assert counting.times == 1
    assert [condition.text for condition, _ in world.forks] == ["IsLarge", "IsProd"]


def test_what_is_read_in_another_order_is_found_once_for_the_same_answers() -> None:
    graph, times = graph_of(), 0
    (size, _), *_ = graph.graph.by_address["B"].guards
    named = graph.resource("A").resource.properties
    stage = named.entries["BucketName"].value.condition  # type: ignore[union-attr]

    @remembered
    def question(graph: GraphView) -> str:
        nonlocal times
        times += 1
        order = (size, stage) if size.name in graph.world.answers else (stage, size)
        return "+".join(f"{each.text}={graph.world.holds(each)}" for each in order)

    question(graph)
    found, read = [], []
    for holds in (True, True, False):
        world = World(graph.graph.project.scenarios, {})
        world.answers.update({stage.name: False, size.name: holds})
        answered, conditions = world.noting(partial(question, GraphView(graph.graph, world)))
        found.append(answered)
        read.append({condition.text for condition, _ in conditions})
    assert found == ["IsLarge=True+IsProd=False"] * 2 + ["IsLarge=False+IsProd=False"]
    assert read == [{"IsLarge", "IsProd"}] * 3
    assert times == 3


def test_what_is_undecided_on_the_way_is_reported_every_time() -> None:
    @remembered
    def tags(graph: GraphView) -> int:
        return sum(len(bucket["Tags"].items()) for bucket in graph.of_type(BUCKET))

    graph = graph_of()
    stated = []
    for _ in range(2):
        world = World(graph.graph.project.scenarios, {})
        tags(GraphView(graph.graph, world))
        stated.append(world.undecided)
    assert stated[0] == stated[1] != []


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
