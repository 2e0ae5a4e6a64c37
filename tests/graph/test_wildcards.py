"""Policies whose ARNs have wildcards apply to the resources whose names they cover."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.linking.link import link
from mlwa_lint.model.budget import Budget, for_target

TEMPLATE = """
Parameters: {{Env: {{Type: String}}, Other: {{Type: String}}}}
Resources:
  Data: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {name}}}}}
  Exec:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{{Effect: Allow, Resource: {pattern}}}]}}}}]
"""


def granted(name: str, pattern: str) -> bool:
    project = load(Path("t.yaml"), LoadOptions(), TEMPLATE.format(name=name, pattern=pattern))
    return any(edge.target == "Data" for edge in link(project).edges_from("Exec", EdgeKind.GRANTS))


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("acme-ml-models", "'arn:aws:s3:::acme-ml-*/*'", True),
        ("acme-ml-models", "'arn:aws:s3:::acme-ml-*'", True),
        ("acme-ml-models", "'arn:aws:s3:::acme-?l-models/x'", True),
        ("acme-ml-models", "!Sub 'arn:${AWS::Partition}:s3:::*-models'", True),
        ("acme-ml-models", "'arn:aws:s3:::acme-web-*/*'", False),
        ("acme-ml-models", "'arn:aws:s3:::acme-ml-models?'", False),
        # Nothing but wildcards names no bucket in particular.
        ("acme-ml-models", "'*'", False),
        ("acme-ml-models", "'arn:aws:s3:::*/*'", False),
        # Equal parts that are not known are equal texts, others may be anything.
        ("!Sub '${Env}-data'", "!Sub 'arn:aws:s3:::${Env}-data*/*'", True),
        ("!Sub '${Env}-data'", "!Sub 'arn:aws:s3:::${Env}-*'", True),
        ("!Sub '${Env}-data'", "!Sub 'arn:aws:s3:::*-data'", True),
        ("!Sub '${Env}-data'", "!Sub 'arn:aws:s3:::${Other}-data*'", False),
        ("!Sub '${Env}-data'", "'arn:aws:s3:::acme-*'", False),
        ("!Ref Env", "!Sub 'arn:aws:s3:::${Env}*'", True),
        ("!If [C, acme-a, acme-b]", "'arn:aws:s3:::acme-*'", True),
    ],
)
def test_which_names_a_pattern_covers(name: str, pattern: str, expected: bool) -> None:
    assert granted(name, pattern) is expected


def test_wildcards_name_other_resources_as_well() -> None:
    project = load(
        Path("t.yaml"),
        LoadOptions(),
        """
Resources:
  Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointName: churn-blue}}
  Other: {Type: AWS::IAM::Role, Properties: {RoleName: ml-training}}
  Exec:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Resource: ['arn:aws:sagemaker:*:*:endpoint/churn-*', 'arn:aws:iam::*:role/ml-*']
""",
    )
    assert {edge.target for edge in link(project).edges_from("Exec")} == {"Endpoint", "Other"}


def test_outside_of_policies_an_asterisk_is_none() -> None:
    project = load(
        Path("t.yaml"),
        LoadOptions(),
        """
Resources:
  Data: {Type: AWS::S3::Bucket, Properties: {BucketName: acme-data}}
  Model: {Type: AWS::SageMaker::Model, Properties: {PrimaryContainer: {ModelDataUrl: 's3://acme-*/m'}}}
""",
    )
    assert link(project).edges_from("Model") == []


def test_many_patterns_over_many_names_end_at_the_budget() -> None:
    for count in (10, 20, 40):
        buckets = "".join(
            f"  B{n}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: acme-{n}}}}}\n" for n in range(count)
        )
        resources = ", ".join(f"'arn:aws:s3:::acme-{n}*'" for n in range(count))
        role = (
            "  R: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyDocument: "
            f"{{Statement: [{{Resource: [{resources}]}}]}}}}]}}}}\n"
        )
        with for_target(Budget(work=1_000)) as own:
            graph = link(load(Path("t.yaml"), LoadOptions(), f"Resources:\n{buckets}{role}"))
        assert own.spent["work"] <= 1_000
        assert len(graph.edges_from("R")) < 200
