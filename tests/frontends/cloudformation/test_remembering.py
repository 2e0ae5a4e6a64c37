"""Resources that are remembered from before an edit are those that evaluating everything gives."""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlwa_lint.engine.moves import Moves
from mlwa_lint.files.keeping import Kept, keeping
from mlwa_lint.files.reading import overlaid
from mlwa_lint.frontends.cloudformation import remembering
from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project
from tests.support.typing_ahead import typed

ROOT = Path(__file__).parent.parent.parent.parent
TEMPLATES = sorted((ROOT / "fixtures" / "architectures").rglob("*.yaml"))
# Everything that one resource can read: each other's names and properties, conditions, parameters below.
TEXT = """Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsTest: !Not [!Condition IsProd]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub "${Stage}-topic"
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: !If [IsProd, Retain, Delete]
    Properties:
      BucketName: acme-data
      Tags: [{Key: topic, Value: !GetAtt Topic.TopicName}]
  Domain:
    Type: AWS::Cognito::UserPoolDomain
    Condition: IsProd
    Properties:
      Domain: !Sub "${Bucket}-domain"
      UserPoolId: !If [{"Fn::Equals": [!Ref Stage, x]}, one, two]
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Condition: Nowhere
    Properties:
      AlarmName: !Join ["-", [!Ref Bucket, !Ref Domain, !FindInMap [Sizes, !Ref Stage, Size]]]
      Threshold: !Ref Limit
  Nested:
    Type: AWS::SageMaker::Model
    Properties:
      ModelName: !Select [1, !Split ["-", !Ref Alarm]]
      PrimaryContainer: {ModelDataUrl: !Sub "s3://${Bucket}/m.tar.gz", Image: !GetAtt Alarm.AlarmName}
Parameters:
  Stage: {Type: String, Default: test, AllowedValues: [test, prod]}
  Limit:
    Type: Number
    Default: 3
Mappings:
  Sizes: {test: {Size: 1}, prod: {Size: 2}}
Outputs:
  Name: {Value: !Ref Topic, Export: {Name: topic}}
"""


def same(one: Project, other: Project) -> bool:
    """Whether two projects are the same, kinds and places and order included."""
    return (
        Moves({}).same(tuple(one.resources), tuple(other.resources))
        and [list(each.properties.entries) for each in one.resources]
        == [list(each.properties.entries) for each in other.resources]
        and Moves({}).same(tuple(one.exports.items()), tuple(other.exports.items()))
        and (one.gaps, one.problems, one.sources) == (other.gaps, other.problems, other.sources)
    )


def edits(path: Path, texts: Iterator[str]) -> None:
    kept = Kept()
    for text in texts:
        with overlaid({os.path.realpath(path): text.encode("utf-8", "surrogatepass")}):
            whole = load(path, LoadOptions())
            with keeping(kept):
                assert same(load(path, LoadOptions()), whole)


def session(text: str, chance: random.Random, number: int) -> Iterator[str]:
    now = text
    for _ in range(number):
        yield now
        now = typed(now, chance)
        if chance.random() < 0.25:
            now = text


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each resource that could be taken from memory was."""
    found: list[bool] = []
    take = remembering.TemplateEvaluation._taken

    def noted(self: remembering.TemplateEvaluation, *given: Any) -> Any:
        resource = take(self, *given)
        found.append(resource is not None)
        return resource

    monkeypatch.setattr(remembering.TemplateEvaluation, "_taken", noted)
    return found


def test_edits_of_architectures(tmp_path: Path, taken: list[bool]) -> None:
    for template in TEMPLATES:
        shutil.copytree(template.parent, tmp_path, dirs_exist_ok=True)
        path = tmp_path / template.name
        edits(path, session(template.read_text("utf-8"), random.Random(template.stem), 12))
    assert sum(taken) > 20 * len(TEMPLATES)


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_typed(seed: int) -> None:
    edits(Path("t.yaml"), session(TEXT, random.Random(seed), 10))


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("Threshold: !Ref Limit", "Threshold: 3", {"Alarm", "Nested"}),
        ("Threshold: !Ref Limit", "# more\n      Threshold: !Ref Limit", {"Alarm", "Nested"}),
        ("BucketName: acme-data", "BucketName: acme-other", {"Alarm", "Bucket", "Domain", "Nested"}),
        ("acme-data\n", "acme-data\n      AccessControl: Private\n", {"Alarm", "Bucket", "Domain", "Nested"}),
        ("Default: 3", "Default: 4", {"Alarm", "Bucket", "Domain", "Nested", "Topic"}),
        ("Type: AWS::SNS::Topic", "Type: AWS::SQS::Queue", {"Alarm", "Bucket", "Domain", "Nested", "Topic"}),
    ],
)
def test_what_is_evaluated_again(
    old: str, new: str, again: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlwa_lint.frontends.cloudformation.template import Template

    made: list[str] = []
    make = Template._made

    def noted(self: Template, key: Any, body: Any) -> Any:
        made.append(key.text)
        return make(self, key, body)

    kept = Kept()
    path = Path("t.yaml")
    assert TEXT.count(old) == 1
    for text in (TEXT, TEXT.replace(old, new)):
        made.clear()
        monkeypatch.setattr(Template, "_made", noted)
        with overlaid({os.path.realpath(path): text.encode()}), keeping(kept):
            found = load(path, LoadOptions())
        monkeypatch.setattr(Template, "_made", make)
        with overlaid({os.path.realpath(path): text.encode()}):
            assert same(found, load(path, LoadOptions()))
    assert set(made) == again | {"Alarm"}, "its undeclared condition is a problem each time"


def test_who_skips_a_reading_takes_nothing_from_before(tmp_path: Path) -> None:
    """A template that others nest is read without being evaluated separately."""
    path = tmp_path / "t.yaml"
    kept = Kept()
    texts = [TEXT, f"# one\n{TEXT}", f"# one\n# two\n{TEXT}", TEXT.replace("Stage}-topic", "Stage}-topics")]
    for number, text in enumerate(texts):
        with overlaid({os.path.realpath(path): text.encode()}):
            whole = load(path, LoadOptions())
            with keeping(kept):
                if number == 1:
                    from mlwa_lint.frontends.cloudformation.syntax.files import tree

                    tree(path, whole.root)
                else:
                    assert same(load(path, LoadOptions()), whole)
