"""A scratch folder with a rule of its own, in which tests run the command line."""

from pathlib import Path
from typing import NamedTuple

import pytest

from mlwa_lint.cli.app import invoke

RULE = '''\
from mlwa_lint.rule import Claim, Remedy, rule


@rule(
    "TSS101",
    "test-key-missing",
    "high",
    practices=("MLSEC02-BP01",),
    on=("AWS::SageMaker::EndpointConfig",),
    remedy=Remedy("Set `KmsKeyId`.", "Set `kms_key_arn`."),
    help="https://rules.example.org/TSS101",
)
def key_missing(config, graph):
    """The volume has no key.

    Anybody may read it.
    """
    key = config["KmsKeyId"]
    related = ((config["Tags"], "its tags"),)
    yield Claim(key.is_absent(), key, f"{config} has no {key.label}", related=related)


@rule(
    "TSS102",
    "test-tags-missing",
    "low",
    practices=(),
    on=("AWS::SageMaker::EndpointConfig",),
    remedy=Remedy("Set `Tags`.", "Set `tags`."),
)
def tags_missing(config, graph):
    """The configuration has no tags.

    Nobody knows whose it is.
    """
    tags = config["Tags"]
    yield Claim(tags.is_absent(), tags, f"{config} has no {tags.label}")
'''

TEMPLATE = """\
Parameters:
  Key:
    Type: String
Resources:
  Bare:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      Tags: [{Key: owner, Value: me}]
  Keyed:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      KmsKeyId: alias/mine
  Open:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      KmsKeyId: !Ref Key
      Tags: [{Key: owner, Value: me}]
"""


class Run(NamedTuple):
    """What a command line came to."""

    code: int
    out: str
    err: str


class Workspace:
    """The scratch folder; it is the working folder while a test runs."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capture = capture

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str) -> Run:
        self._capture.readouterr()
        code = invoke(list(arguments))
        out, err = self._capture.readouterr()
        return Run(code, out, err)

    def check(self, *arguments: str) -> Run:
        """`check` with the rules of this folder alone."""
        return self.run("check", "--rules", "my_rules.py", "--select", "TSS,MLO901", *arguments)
