"""Templates that were packaged or synthesized are left out where their source is linted, and only then."""

import json
from pathlib import Path

import pytest

from mlwa_lint.discovery.search import discover
from mlwa_lint.discovery.twins import COMPARED_LIMIT

SOURCE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
Conditions:
  Live: !Equals [!Ref Stage, live]
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Condition: Live
    Properties:
      CodeUri: src/
      Handler: ask.handler
      Runtime: python3.13
      Timeout: 30
      Role: !GetAtt Role.Arn
      Environment: {Variables: {NAME: !Sub "${Stage}-ask", KEY: !Select [0, !Split [",", "a,b"]]}}
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Statement: []}}
"""
PACKAGED = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage:
    Type: String
    Default: dev
Conditions:
  Live:
    Fn::Equals:
    - Ref: Stage
    - live
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Condition: Live
    Properties:
      CodeUri: s3://artefacts/5f2b
      Handler: ask.handler
      Runtime: python3.13
      Timeout: 30
      Role:
        Fn::GetAtt:
        - Role
        - Arn
      Environment:
        Variables:
          NAME:
            Fn::Sub: ${Stage}-ask
          KEY:
            Fn::Select:
            - 0
            - Fn::Split:
              - ','
              - a,b
    Metadata:
      SamResourceId: Ask
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: []
    Metadata:
      SamResourceId: Role
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def linted(*paths: str, **files: str) -> list[str]:
    for name, text in files.items():
        file = Path(name.replace("__", "/") + ".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return [each.path for each in discover(paths or (".",)).targets]


def test_a_packaged_template_is_left_out_and_that_is_reported() -> None:
    assert linted(template=SOURCE, packaged=PACKAGED) == ["template.yaml"]
    (problem,) = discover((".",)).problems
    assert (problem.path, problem.fatal, problem.quiet) == ("packaged.yaml", False, True)
    assert problem.message.startswith("is template.yaml as it was packaged")


def test_a_packaged_template_is_linted_where_the_user_names_it_or_its_source_is_not_there() -> None:
    assert linted("packaged.yaml", template=SOURCE, packaged=PACKAGED) == ["packaged.yaml"]
    assert linted(".", "packaged.yaml") == ["packaged.yaml", "template.yaml"]
    Path("template.yaml").unlink()
    assert linted() == ["packaged.yaml"]


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("Timeout: 30", "Timeout: 60"),
        ("Default: dev", "Default: live"),
        ("  Role:\n    Type: AWS::IAM::Role", "  Actor:\n    Type: AWS::IAM::Role"),
        ("SamResourceId: Ask", "Owner: chat"),
        ("    Condition: Live\n", ""),
        ("CodeUri: s3://artefacts/5f2b", "CodeUri: src/"),
        ("Handler: ask.handler", "Handler: s3://artefacts/5f2b"),
    ],
)
def test_a_template_that_differs_elsewhere_is_linted(written: str, otherwise: str) -> None:
    assert written in PACKAGED
    other = PACKAGED.replace(written, otherwise)
    assert linted(template=SOURCE, packaged=other) == ["packaged.yaml", "template.yaml"]


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("CodeUri: src/", "CodeUri: {Bucket: artefacts, Key: 5f2b}"),
        ("CodeUri: src/", "CodeUri: s3://artefacts/5f2b"),
        ("Handler: ask.handler", "Handler: ask.handler\n      CodeUri: s3://artefacts/5f2b"),
        ("CodeUri: src/", "ImageUri: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/ask:1"),
    ],
)
def test_places_of_artefacts_have_several_forms(code: str, place: str) -> None:
    source = SOURCE if code.startswith("CodeUri") else SOURCE.replace("      CodeUri: src/\n", "")
    if place.startswith("ImageUri"):
        source = source.replace("CodeUri: src/", "ImageUri: ask:latest")
        code = "ImageUri: ask:latest"
    assert linted(template=source, out=source.replace(code, place)) == ["template.yaml"]


def test_a_source_that_names_s3_itself_was_not_packaged() -> None:
    other = SOURCE.replace("src/", "s3://artefacts/1")
    assert linted(one=other, two=PACKAGED) == ["one.yaml", "two.yaml"]


def test_templates_that_are_the_same_are_both_linted() -> None:
    image = SOURCE.replace("CodeUri: src/", "ImageUri: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/ask:1")
    assert linted(one=image, two=image, three=SOURCE.replace("src/", "s3://artefacts/1")) == [
        "one.yaml",
        "three.yaml",
        "two.yaml",
    ]


def test_the_source_may_be_in_a_folder_around_it_and_the_nearest_counts() -> None:
    files = {"template": SOURCE, "chat__template": SOURCE, "chat__build__packaged": PACKAGED}
    assert linted(**files) == ["chat/template.yaml", "template.yaml"]
    assert "is chat/template.yaml as" in discover((".",)).problems[0].message


def test_a_source_in_another_folder_is_that_of_something_else() -> None:
    assert linted(chat__template=SOURCE, search__packaged=PACKAGED) == [
        "chat/template.yaml",
        "search/packaged.yaml",
    ]


def test_several_packaged_templates_of_one_source_are_left_out() -> None:
    live = PACKAGED.replace("5f2b", "90ac")
    assert linted(template=SOURCE, dev__out=PACKAGED, live__out=live) == ["template.yaml"]


def test_a_template_that_is_no_yaml_is_left_to_its_own_error() -> None:
    assert linted(template=SOURCE, packaged=PACKAGED + "  [\n") == ["packaged.yaml", "template.yaml"]


STACK = {"Resources": {"B": {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "S/B/Resource"}}}}


@pytest.mark.parametrize(("kind", "expected"), [("AWS::S3::Bucket", ["cdk.out"]), ("AWS::SQS::Queue", None)])
def test_what_an_assembly_has_as_well_is_left_out(kind: str, expected: list[str] | None) -> None:
    Path("cdk.out").mkdir()
    Path("cdk.out/manifest.json").write_text('{"artifacts": {}}', "utf-8")
    Path("cdk.out/S.template.json").write_text(json.dumps(STACK), "utf-8")
    text = f"Resources:\n  B:\n    Type: {kind}\n    Metadata:\n      aws:cdk:path: S/B/Resource\n"
    assert linted(template=text) == (expected or ["cdk.out", "template.yaml"])


def test_copies_in_great_number_are_compared_with_a_limited_number_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = COMPARED_LIMIT + 10
    for number in range(count):
        tmp_path.joinpath(f"{number}.yaml").write_text(PACKAGED.replace("Timeout: 30", f"Timeout: {number}"))
    compared: list[object] = []

    def differ(*trees: object) -> bool:
        compared.append(trees)
        return False

    monkeypatch.setattr("mlwa_lint.frontends.cloudformation.syntax.twins.is_packaged_from", differ)
    found = discover([str(tmp_path)])
    assert len(found.targets) == count
    assert len(compared) == count * COMPARED_LIMIT
