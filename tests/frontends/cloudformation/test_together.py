from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.files.paths import shown
from mlwa_lint.frontends.cloudformation.stacks import project as stacks
from mlwa_lint.frontends.cloudformation.stacks.together import load_together
from mlwa_lint.frontends.options import LoadOptions

FILES = {
    "main.yaml": "Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: part.yaml}}}\n",
    "part.yaml": "Resources: {R: {Type: AWS::A::B}}\nOutputs: {O: {Value: !Ref R, Export: {Name: shared}}}\n",
    "user.yaml": "Resources: {U: {Type: AWS::A::B, Properties: {X: !ImportValue shared}}}\n",
    "other.yaml": "Resources: {O: {Type: AWS::A::B}}\n",
}


def addresses(folder: Path, *named: str) -> list[list[str]]:
    paths = []
    for name, text in FILES.items():
        (folder / name).write_text(text)
        paths.append(folder / name)
    projects = load_together(
        paths, lambda path: LoadOptions(), frozenset(shown(folder / each) for each in named)
    )
    return [[each.address for each in project.resources] for project in projects]


def test_nested_templates_are_looked_at_in_their_stack_and_importers_with_exporters(tmp_path: Path) -> None:
    assert addresses(tmp_path) == [["S", "S.R", "U"], ["O"]]


def test_a_nested_template_that_is_named_is_looked_at_alone_too(tmp_path: Path) -> None:
    # Two projects now export the same name, so that nothing is linked.
    assert addresses(tmp_path, "part.yaml") == [["S", "S.R"], ["R"], ["U"], ["O"]]


def test_templates_that_nest_each_other_are_not_lost(tmp_path: Path) -> None:
    text = "Resources: {{S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {0}}}}}}}\n"
    (tmp_path / "a.yaml").write_text(text.format("b.yaml"))
    (tmp_path / "b.yaml").write_text(text.format("a.yaml"))
    (tmp_path / "c.yaml").write_text("Resources: {C: {Type: AWS::A::B}}\n")
    projects = load_together([tmp_path / f"{name}.yaml" for name in "abc"], lambda path: LoadOptions())
    assert [bool(project.problems) for project in projects] == [True, True, False]


def nested(folder: Path, inner: Sequence[Sequence[int]]) -> list[Path]:
    """Templates of which each nests others, by their numbers."""
    paths = []
    for number, others in enumerate(inner):
        text = f"Resources:\n  R{number}: {{Type: AWS::A::B}}\n"
        for position, other in enumerate(others):
            where = f"{{TemplateURL: t{other:02}.yaml}}"
            text += f"  S{position}: {{Type: AWS::CloudFormation::Stack, Properties: {where}}}\n"
        paths.append(folder / f"t{number:02}.yaml")
        paths[-1].write_text(text)
    return paths


def sources(paths: Sequence[Path]) -> list[list[int]]:
    projects = load_together(paths, lambda path: LoadOptions())
    return [[int(Path(name).stem[1:]) for name in project.sources] for project in projects]


def test_of_templates_that_nest_one_another_in_a_circle_none_is_lost(tmp_path: Path) -> None:
    assert sources(nested(tmp_path, [[1], [2], [0]])) == [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    # Each is nested by one that does not come back to it within the limit of nesting.
    number = 50
    found = sources(nested(tmp_path, [[(each + 1) % number] for each in range(number)]))
    assert {each for project in found for each in project} == set(range(number))


@pytest.mark.parametrize("number", [10, 20, 40])
@pytest.mark.parametrize("shape", ["chain", "backwards", "ring", "ahead"])
def test_nesting_in_many_ways_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, shape: str
) -> None:
    shapes: dict[str, list[list[int]]] = {
        "chain": [[each + 1] * 4 for each in range(number - 1)] + [[]],
        "backwards": [[]] + [[each] * 4 for each in range(number - 1)],
        "ring": [[(each + step) % number for step in (1, 2, 3, 4)] for each in range(number)],
        "ahead": [[each + step for step in (1, 2, 3, 4) if each + step < number] for each in range(number)],
    }
    evaluated: list[str] = []
    read: list[Path] = []
    make, tree = vars(stacks)["Template"], vars(stacks)["tree"]

    def counted(*given: Any) -> Any:
        evaluated.append("")
        return make(*given)

    def noted(path: Path, *given: Any) -> Any:
        read.append(path)
        return tree(path, *given)

    monkeypatch.setattr(stacks, "Template", counted)
    monkeypatch.setattr(stacks, "tree", noted)
    found = sources(nested(tmp_path, shapes[shape]))
    assert {each for project in found for each in project} == set(range(number))
    assert len(evaluated) <= stacks.TOGETHER_LIMIT + number
    assert len(read) <= stacks.NESTING_LIMIT * number


def test_what_is_nested_in_many_ways_is_reported_once(tmp_path: Path) -> None:
    paths = nested(tmp_path, [[1, 2, 3], [2, 3, 0], [3, 0, 1], [0, 1, 2]])
    (project, *_) = load_together(paths, lambda path: LoadOptions())
    messages = [each.message.partition(":")[0] for each in project.problems]
    assert sorted(messages) == sorted(
        f"the stack S{each} contains itself" for each in (0, 0, 0, 1, 1, 1, 2, 2, 2)
    )
