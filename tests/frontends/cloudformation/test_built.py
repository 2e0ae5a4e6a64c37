"""Nested stacks whose templates a build puts elsewhere are read from what they are built from."""

import json

import pytest

from mlwa_lint.frontends.cloudformation.built import Build, builds_in, source_of
from tests.support.workspace import Workspace

OUTER = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Models:
    Type: AWS::Serverless::Application
    Properties: {{Location: {place}}}
"""
NESTED = """\
Resources:
  Models:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: {place}}}
"""
INNER = """\
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/churn
      PrimaryContainer: {Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1"}
"""
BUILDS = '{"scripts": {"build": "sam build -t ml/models.yaml --build-dir .aws-sam/models && echo built"}}\n'
MAKEFILE = (
    "build:\n\tcd ml && aws cloudformation package \\\n"
    "\t  --template-file models.yaml --output-template-file ../dist/m.yaml\n"
)


@pytest.mark.parametrize(
    ("text", "folder", "expected"),
    [
        ("sam build -t ml/a.yaml -b out/ml", "", ("ml/a.yaml", "out/ml/template.yaml")),
        ("cd ml && sam build", ".", ("ml/template.yaml", "ml/.aws-sam/build/template.yaml")),
        ("sam package --template-file a.yaml --output-template-file b.yaml", "x", ("x/a.yaml", "x/b.yaml")),
        (
            "aws cloudformation package --template=a.yaml --output-template=dist/a.yaml",
            "",
            ("a.yaml", "dist/a.yaml"),
        ),
        ('"build": "cp ml/a.yaml dist/"', "", ("ml/a.yaml", "dist/a.yaml")),
        ("cp ml/a.yaml dist/models.yaml", "", ("ml/a.yaml", "dist/models.yaml")),
        ("sam deploy -t ml/a.yaml", "", None),
    ],
)
def test_a_command_shows_what_it_builds(text: str, folder: str, expected: tuple[str, str] | None) -> None:
    made = [("/".join(each.source), "/".join(each.output)) for each in builds_in(text, folder)]
    assert made == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("name", "files", "expected"),
    [
        (".aws-sam/build/ml/template.yaml", ["ml/template.yaml", "api/template.yaml"], "ml/template.yaml"),
        ("dist/models.yaml", ["stacks/models.yaml"], "stacks/models.yaml"),
        ("dist/template.yaml", ["ml/template.yaml", "api/template.yaml"], None),
        ("dist/ml/template.yaml", ["a/ml/template.yaml", "b/ml/template.yaml"], None),
        ("dist/models.yaml", ["stacks/model.yaml"], None),
    ],
)
def test_the_only_file_that_lies_alike_is_the_source(
    name: str, files: list[str], expected: str | None
) -> None:
    steps = [tuple(each.split("/")) for each in files]
    found = source_of(
        name, ("template.yaml",), lambda wanted: [each for each in steps if each[-1] == wanted], []
    )
    assert (None if found is None else "/".join(found)) == expected


def test_of_two_builds_of_one_file_none_counts() -> None:
    builds = [Build((each, "a.yaml"), ("dist", "a.yaml")) for each in ("x", "y")]
    paths = [("x", "a.yaml"), ("y", "a.yaml")]
    assert source_of("dist/a.yaml", ("template.yaml",), lambda _: paths, builds) is None


@pytest.mark.parametrize("outer", [OUTER, NESTED])
@pytest.mark.parametrize(
    ("place", "files", "addresses"),
    [
        ("../.aws-sam/models/template.yaml", {"package.json": BUILDS}, ["Models.Model"]),
        ("../dist/m.yaml", {"Makefile": MAKEFILE}, ["Models.Model"]),
        ("../dist/ml/models.yaml", {}, ["Models.Model"]),
        ("../dist/other.yaml", {}, ["Model"]),
        ("../dist/models.yaml", {"old/models.yaml": "Resources: {}\n"}, ["Model"]),
    ],
)
def test_it_is_linted_once_as_a_part_of_what_nests_it(
    workspace: Workspace, outer: str, place: str, files: dict[str, str], addresses: list[str]
) -> None:
    (workspace.folder / "template.yaml").unlink(missing_ok=True)
    given = {"infra/outer.yaml": outer.format(place=place), "ml/models.yaml": INNER, **files}
    for name, text in {"README.md": "# Models\n", **given}.items():
        workspace.write(name, text)
    report = json.loads(workspace.run("check", "--format", "json", "--select", "MLS102").out)
    assert [each["resource"]["address"] for each in report["findings"]] == addresses
