from pathlib import Path

from mlwa_lint.files.paths import shown
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
