"""Which roles are the same, which policies are AWS's, which accounts are foreign."""

import pytest

from mlwa_lint.graph.queries import roles, same_roles
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer
from tests.support.graphs import graph_of_template

UNDECIDED = Answer("undecided")
HOLDER = """\
  Own:
    Type: AWS::IAM::Role
    Properties: {RoleName: own, AssumeRolePolicyDocument: {Statement: []}}
  Unnamed:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Statement: []}}
"""


def graph_of(resources: str) -> GraphView:
    header = "Parameters:\n  P: {Type: String}\n  Q: {Type: String}\n"
    return graph_of_template(f"{header}Resources:\n{HOLDER}{resources}")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("!GetAtt Own.Arn", "!GetAtt Own.Arn", YES),
        ("!GetAtt Own.Arn", "arn:aws:iam::111122223333:role/own", YES),
        ("!GetAtt Own.Arn", "!Sub 'arn:aws:iam::${AWS::AccountId}:role/own'", YES),
        ("!GetAtt Own.Arn", "arn:aws:iam::111122223333:role/another", NO),
        ("!GetAtt Own.Arn", "!GetAtt Unnamed.Arn", NO),
        ("arn:aws:iam::111122223333:role/x", "arn:aws:iam::111122223333:role/x", YES),
        ("arn:aws:iam::111122223333:role/x", "arn:aws:iam::111122223333:role/y", NO),
        ("!Ref P", "!Ref P", YES),
        ("!Ref P", "!Ref Q", UNDECIDED),
        ("!Sub 'arn:aws:iam::${P}:role/x'", "!Sub 'arn:aws:iam::${P}:role/x'", YES),
        ("!GetAtt Own.Arn", "!Ref P", UNDECIDED),
        ("!Ref AWS::NoValue", "!Ref AWS::NoValue", NO),
    ],
)
def test_the_same_role_is_known_however_it_is_written(one: str, other: str, expected: Answer) -> None:
    graph = graph_of(
        f"  One: {{Type: AWS::SageMaker::Model, Properties: {{ExecutionRoleArn: {one}}}}}\n"
        f"  Other: {{Type: AWS::SageMaker::NotebookInstance, Properties: {{RoleArn: {other}}}}}\n"
    )
    views = graph.resource("One")["ExecutionRoleArn"], graph.resource("Other")["RoleArn"]
    assert same_roles.is_same(*views, graph) == expected


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:iam::aws:policy/AmazonS3FullAccess", YES),
        ("!Sub 'arn:${AWS::Partition}:iam::aws:policy/AmazonS3FullAccess'", YES),
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", NO),
        ("arn:aws:iam::111122223333:policy/AmazonS3FullAccess", NO),
        ("!Sub 'arn:aws:iam::aws:policy/${P}'", UNDECIDED),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:policy/mine'", NO),
        ("!Ref P", UNDECIDED),
        ("!Sub '${P}/AmazonS3FullAccess'", UNDECIDED),
        ("!Sub '${P}/AmazonS3ReadOnlyAccess'", NO),
        ("!Ref Own", NO),
    ],
)
def test_policies_of_aws_are_known_by_name(arn: str, expected: Answer) -> None:
    graph = graph_of(f"  R: {{Type: AWS::IAM::Role, Properties: {{ManagedPolicyArns: [{arn}]}}}}\n")
    (view,) = graph.resource("R")["ManagedPolicyArns"].items()
    assert roles.is_aws_policy(view, "AmazonS3FullAccess") == expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:iam::111122223333:role/*", YES),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:role/*'", YES),
        ("[arn:aws:iam::111122223333:role/a, 'arn:aws:iam::*:role/*']", YES),
        ("arn:aws:iam::111122223333:role/service-role/*", NO),
        ("!GetAtt Own.Arn", NO),
        ("!Sub 'arn:aws:iam::111122223333:role/${P}'", UNDECIDED),
    ],
)
def test_all_roles_of_an_account_are_any_role(resource: str, expected: Answer) -> None:
    graph = graph_of(f"  R: {{Type: Custom::Any, Properties: {{Resource: {resource}}}}}\n")
    assert roles.is_any_role(graph.resource("R")["Resource"]) == expected


@pytest.mark.parametrize(
    ("principal", "expected", "number"),
    [
        ("arn:aws:iam::444455556666:root", YES, "444455556666"),
        ("'444455556666'", YES, "444455556666"),
        ("!Sub 'arn:${AWS::Partition}:iam::444455556666:root'", YES, "444455556666"),
        ("arn:aws:iam::444455556666:role/x", NO, "444455556666"),
        ("!Sub 'arn:aws:iam::444455556666:role/${P}'", NO, "444455556666"),
        ("!Sub 'arn:aws:iam::444455556666:${P}'", UNDECIDED, "444455556666"),
        ("arn:aws:iam::777788889999:root", NO, "777788889999"),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:root'", NO, ""),
        ("!Ref AWS::AccountId", NO, ""),
        ("!Sub 'arn:aws:iam::${P}:root'", UNDECIDED, ""),
        ("!Ref P", UNDECIDED, ""),
        ("!GetAtt Own.Arn", NO, ""),
        ("'*'", NO, ""),
    ],
)
def test_a_whole_account_is_foreign_unless_resources_act_in_it(
    principal: str, expected: Answer, number: str
) -> None:
    graph = graph_of(
        "  N: {Type: AWS::SageMaker::NotebookInstance,"
        " Properties: {RoleArn: 'arn:aws:iam::777788889999:role/n'}}\n"
        f"  R: {{Type: Custom::Any, Properties: {{Principal: {principal}}}}}\n"
    )
    view = graph.resource("R")["Principal"]
    assert roles.is_foreign_account(view, graph) == expected
    assert roles.account_in(view) == number
