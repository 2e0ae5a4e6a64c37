"""Outputs that a script reads from one stack and gives to another one as parameters of their names."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
STORE = """\
Resources:
  Manuals:
    Type: AWS::S3::Bucket
Outputs:
  ManualsArn:
    Value: !GetAtt Manuals.Arn
"""
BASE = """\
Parameters:
  ManualsArn:
    Type: String
Resources:
  Source:
    Type: AWS::Bedrock::DataSource
    Properties:
      Name: manuals
      KnowledgeBaseId: ABCDEFGHIJ
      DataSourceConfiguration:
        Type: S3
        S3Configuration: {BucketArn: !Ref ManualsArn}
"""
SCRIPT = """\
aws cloudformation deploy --template-file store.yaml --stack-name store
ARN=$(aws cloudformation describe-stacks --stack-name store --output text \\
  --query "Stacks[0].Outputs[?OutputKey=='ManualsArn'].OutputValue")
aws cloudformation deploy --template-file base.yaml --stack-name base --parameter-overrides ManualsArn=$ARN
"""
FILES = {"store.yaml": STORE, "base.yaml": BASE, "deploy.sh": SCRIPT}


def _found(folder: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, LoadOptions(root=folder)), 1)
    return [each.message for each in report.findings if each.code == "MLS305"]


def test_an_output_that_a_script_passes_on_leads_to_its_resource(tmp_path: Path) -> None:
    (message,) = _found(tmp_path, FILES)
    assert message.startswith("Bucket Manuals stores ML data and accepts unencrypted HTTP")


def test_templates_may_lie_in_other_folders_than_the_script(tmp_path: Path) -> None:
    files = {"stacks/one/store.yaml": STORE, "stacks/two/base.yaml": BASE, "Makefile": SCRIPT}
    assert len(_found(tmp_path, files)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"deploy.sh": ""},
        # It does not read the output, does not name the other template, or gives a text.
        {"deploy.sh": SCRIPT.replace("OutputKey=='ManualsArn'", "OutputKey=='Other'")},
        {"deploy.sh": SCRIPT.replace("store.yaml", "elsewhere.yaml")},
        {"deploy.sh": SCRIPT.replace("ManualsArn=$ARN", "ManualsArn=arn:aws:s3:::manuals")},
        # Two templates that it names have the output.
        {"again.yaml": STORE, "deploy.sh": f"{SCRIPT}aws cloudformation deploy --template-file again.yaml\n"},
        # The value that it passes has another name in the template.
        {"base.yaml": BASE.replace("ManualsArn", "BucketArn")},
    ],
)
def test_nothing_is_guessed(changed: dict[str, str], tmp_path: Path) -> None:
    assert _found(tmp_path, {**FILES, **changed}) == []


DEPLOYS_BASE = "  aws cloudformation deploy --template-file base"
RENAMED = BASE.replace("ManualsArn", "BucketArn")
FUNCTION = """\
output_of() {
  aws cloudformation describe-stacks --stack-name "$1" --output text \\
    --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue"
}
aws cloudformation deploy --template-file store.yaml --stack-name store
deploy_base() {
  local ARN=$(output_of "${PREFIX}-store" ManualsArn)
  aws cloudformation deploy --template-file base.yaml --stack-name base \\
    --parameter-overrides BucketArn="${ARN}"
}
"""


@pytest.mark.parametrize(
    "script",
    [
        SCRIPT.replace("ManualsArn=$ARN", "BucketArn=$ARN"),
        SCRIPT.replace("ManualsArn=$ARN", 'ParameterKey=BucketArn,ParameterValue="$ARN"'),
        FUNCTION,
        FUNCTION.replace("output_of() {", 'output_of() {\n  local key="$2"').replace("=='$2'", "=='${key}'"),
    ],
)
def test_the_variable_shows_which_output_a_parameter_gets(script: str, tmp_path: Path) -> None:
    assert len(_found(tmp_path, {**FILES, "base.yaml": RENAMED, "deploy.sh": script})) == 1


@pytest.mark.parametrize(
    "script",
    [
        # The value is changed on the way, or is that of several outputs.
        FUNCTION.replace("ManualsArn)", "ManualsArn | cut -d: -f6)"),
        FUNCTION.replace(
            "  aws cloudformation deploy --template-file base", "  ARN=$OTHER\n  ARN=$(date)\n  aws x base"
        ),
        FUNCTION.replace(
            "  aws cloudformation deploy --template-file base", "  ARN=$(output_of a Name)\n  aws x base"
        ),
        # Which output the function prints is not known, or it is given none.
        FUNCTION.replace("=='$2'", "=='$key'"),
        FUNCTION.replace(" ManualsArn)", ")"),
        FUNCTION.replace('BucketArn="${ARN}"', 'BucketArn="${ARN}/manuals"'),
    ],
)
def test_nothing_is_guessed_of_variables(script: str, tmp_path: Path) -> None:
    assert _found(tmp_path, {**FILES, "base.yaml": RENAMED, "deploy.sh": script}) == []
