"""IAM policies as statements that answer three-valued questions."""

import pytest

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.policies import Statement
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer
from tests.support.graphs import graph_of_template

UNDECIDED = Answer("undecided")


def graph_of(resources: str) -> GraphView:
    header = "Parameters:\n  P:\n    Type: String\n"
    return graph_of_template(f"{header}Resources:\n{resources}")


def statement(text: str) -> Statement:
    graph = graph_of(
        "  Policy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
        f"      PolicyDocument: {{Statement: [{text}]}}\n"
    )
    (found,) = policies.of_policy(graph.resource("Policy"))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{Action: 'sagemaker:InvokeEndpoint'}", YES),
        ("{Action: 'SageMaker:invokeendpoint'}", YES),
        ("{Action: ['s3:Get*', 'sagemaker:Invoke*']}", YES),
        ("{Action: 'sagemaker:InvokeEndpoin?'}", YES),
        ("{Action: '*'}", YES),
        ("{Action: 'sagemaker:InvokeEndpointAsync'}", NO),
        ("{Action: 's3:*'}", NO),
        ("{NotAction: 'iam:*'}", YES),
        ("{NotAction: ['iam:*', 'sagemaker:*']}", NO),
        ("{Action: !Ref P}", UNDECIDED),
        ("{Action: !Sub 's3:${P}'}", NO),
        ("{Action: !Sub 'sagemaker:${P}'}", UNDECIDED),
        ("{Action: ['sagemaker:*', !Ref P]}", YES),
        ("{NotAction: !Ref P}", UNDECIDED),
        ("{Effect: Allow}", NO),
    ],
)
def test_covered_actions(text: str, expected: Answer) -> None:
    assert statement(text).covers_action("sagemaker:InvokeEndpoint") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{Action: 'S3:*'}", YES),
        ("{Action: '*'}", YES),
        ("{Action: 's3:Get*'}", NO),
        ("{NotAction: 'iam:*'}", YES),
        ("{NotAction: 's3:GetObject'}", NO),
        ("{Action: !Ref P}", UNDECIDED),
    ],
)
def test_whole_services(text: str, expected: Answer) -> None:
    assert statement(text).covers_service("s3") == expected


def test_actions_as_they_are_written() -> None:
    found = statement("{Action: ['s3:*', 'logs:PutLogEvents']}")
    assert found.lists_action("s3:*") == YES
    assert found.lists_action("*") == NO
    assert [view.text for view in found.actions_matching(lambda text: text.endswith("*"))] == ["s3:*"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{Resource: '*'}", YES),
        ("{Resource: ['arn:aws:s3:::b', '*']}", YES),
        ("{Resource: 'arn:aws:s3:::*'}", YES),
        ("{Resource: 'arn:aws:sagemaker:*:*:*'}", YES),
        ("{Resource: 'arn:aws:s3:::b/*'}", NO),
        ("{NotResource: 'arn:aws:s3:::b'}", YES),
        ("{Resource: !Sub 'arn:${AWS::Partition}:s3:::*'}", YES),
        ("{Resource: !Sub 'arn:aws:sagemaker:${AWS::Region}:${AWS::AccountId}:*'}", NO),
        ("{Resource: !Sub 'arn:aws:s3:::${P}/*'}", NO),
        ("{Resource: !Sub 'arn:aws:s3:::${P}'}", UNDECIDED),
        ("{Resource: !Ref P}", UNDECIDED),
        ("{Effect: Allow}", NO),
    ],
)
def test_any_resource(text: str, expected: Answer) -> None:
    assert statement(text).on_any_resource() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{Principal: '*'}", YES),
        ("{Principal: {AWS: '*'}}", YES),
        ("{Principal: {AWS: [a, '*']}}", YES),
        ("{Principal: {Service: '*'}}", NO),
        ("{Principal: {AWS: 'arn:aws:iam::1:root'}}", NO),
        ("{Principal: {AWS: !Ref P}}", UNDECIDED),
        ("{Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}}", NO),
        ("{Principal: {AWS: [!Ref AWS::AccountId]}}", NO),
        ("{Principal: {AWS: !GetAtt Policy.PolicyArn}}", NO),
        ("{Principal: !Ref P}", UNDECIDED),
        ("{Effect: Allow, NotPrincipal: {AWS: a}}", YES),
        ("{Effect: Deny, NotPrincipal: {AWS: a}}", NO),
    ],
)
def test_any_principal(text: str, expected: Answer) -> None:
    assert statement(text).any_principal() == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{StringEquals: {'aws:SourceVpce': vpce-1}}", YES),
        ("{StringEquals: {'AWS:PrincipalOrgID': o-1}}", YES),
        ("{'ForAnyValue:StringLike': {'aws:PrincipalOrgPaths': 'o-1/*'}}", YES),
        ("{IpAddress: {'aws:SourceIp': [10.0.0.0/8]}}", YES),
        ("{IpAddress: {'aws:SourceIp': 0.0.0.0/0}}", NO),
        ("{StringNotEquals: {'aws:SourceVpce': vpce-1}}", NO),
        ("{Bool: {'aws:SecureTransport': 'true'}}", NO),
        ("!Ref P", UNDECIDED),
        ("{StringEquals: {'aws:SourceAccount': !Ref P}}", YES),
        ("{StringLike: {'aws:SourceAccount': !Ref P}}", UNDECIDED),
        ("{StringLike: {'aws:SourceAccount': !Ref AWS::AccountId}}", YES),
        ("{ArnLike: {'aws:PrincipalArn': !Sub 'arn:${AWS::Partition}:iam::1:role/${P}'}}", YES),
        ("{StringEqualsIfExists: {'aws:SourceVpce': vpce-1}}", NO),
        ("{'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-1}}", NO),
        ("{'Null': {'aws:SourceVpce': 'false'}}", NO),
        ("!Ref AWS::NoValue", NO),
    ],
)
def test_narrowing_conditions(condition: str, expected: Answer) -> None:
    found = statement(f"{{Effect: Allow, Principal: '*', Condition: {condition}}}")
    assert found.narrowed() == expected
    assert found.open_to_anyone() == ~expected


def test_condition_keys_are_listed_in_lower_case() -> None:
    found = statement("{Condition: {Bool: {'aws:SecureTransport': 'false'}}}")
    assert found.condition_keys() == ["aws:securetransport"]
    assert found.has_condition() == YES


def role(properties: str, others: str = "") -> GraphView:
    return graph_of(
        "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: r\n"
        f"      AssumeRolePolicyDocument: {{Statement: {{Effect: Allow, Principal: "
        f"{{Service: [sagemaker.amazonaws.com]}}}}}}\n{properties}{others}"
    )


DOCUMENT = "{Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}}"


def attached(kind: str, properties: str) -> str:
    return (
        f"  Policy:\n    Type: AWS::IAM::{kind}\n    Properties: "
        f"{{PolicyDocument: {DOCUMENT}{', ' if properties else ''}{properties}}}\n"
    )


@pytest.mark.parametrize(
    ("properties", "others"),
    [
        (f"      Policies: [{{PolicyDocument: {DOCUMENT}}}]\n", ""),
        ("", attached("Policy", "Roles: [!Ref Role]")),
        ("", attached("Policy", "Roles: [r]")),
        ("", attached("ManagedPolicy", "Roles: [!Ref Role]")),
        ("", attached("RolePolicy", "RoleName: !Ref Role")),
        ("      ManagedPolicyArns: [!Ref Policy]\n", attached("ManagedPolicy", "")),
    ],
)
def test_every_way_to_give_a_role_a_policy(properties: str, others: str) -> None:
    graph = role(properties, others)
    found = policies.of_role(graph.resource("Role"), graph)
    assert [each.covers_action("s3:GetObject") for each in found.known] == [YES]
    assert found.unknown == ()
    holder = graph.resource("Policy" if others else "Role")
    assert [view.address for view in policies.roles_of(holder, graph)] == ["Role"]


def test_a_policy_that_only_mentions_a_role_is_not_attached_to_it() -> None:
    passing = "{Statement: {Effect: Allow, Action: 'iam:PassRole', Resource: !GetAtt Role.Arn}}"
    graph = role(
        "", f"  Policy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties: {{PolicyDocument: {passing}}}\n"
    )
    assert len(policies.of_role(graph.resource("Role"), graph)) == 0
    assert len(policies.roles_of(graph.resource("Policy"), graph)) == 0


def test_a_policy_for_an_unknown_role_may_be_attached_to_any() -> None:
    graph = role("", attached("Policy", "Roles: [!Ref P]"))
    found = policies.of_role(graph.resource("Role"), graph)
    assert found.any(lambda each: each.allows()) == UNDECIDED


def test_unknown_inline_policies_are_undecided() -> None:
    graph = role("      Policies: !Ref P\n")
    found = policies.of_role(graph.resource("Role"), graph)
    assert found.any(lambda each: each.allows()) == UNDECIDED
    assert list(found) == []
    assert graph.world.undecided == ["parameter P has no default"]


def test_trust() -> None:
    graph = role("")
    assert policies.assumed_by(graph.resource("Role"), "sagemaker") == YES
    assert policies.assumed_by(graph.resource("Role"), "glue") == NO


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("{Service: sagemaker.amazonaws.com}", YES),
        ("{Service: [glue.amazonaws.com, !Sub 'sagemaker.${AWS::URLSuffix}']}", YES),
        ("{Service: !Sub 'glue.${AWS::URLSuffix}'}", NO),
        ("{Service: !Sub '${P}.amazonaws.com'}", UNDECIDED),
        ("{Service: !Ref P}", UNDECIDED),
        ("{AWS: '*'}", NO),
        ("'*'", NO),
        ("!Ref P", UNDECIDED),
    ],
)
def test_service_principals(principal: str, expected: Answer) -> None:
    assert statement(f"{{Principal: {principal}}}").for_service("sagemaker") == expected


def test_a_policy_in_a_text_of_json_keeps_its_lines() -> None:
    graph = graph_of(
        "  Policy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: |\n"
        '        {"Statement": [\n          {"Effect": "Allow", "Action": "*",\n'
        '           "Resource": "*"}]}\n'
    )
    (found,) = policies.of_policy(graph.resource("Policy"))
    assert found.on_any_resource() == YES
    assert (found.view.span.line, found.resources.span.line) == (10, 11)


def test_a_partly_unknown_text_is_read_as_far_as_it_is_known() -> None:
    graph = graph_of(
        "  Policy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: !Sub |\n"
        '        {"Statement": {"Effect": "${P}", "Action": "*", "Resource": "arn:aws:s3:::${P}/*"}}\n'
    )
    (found,) = policies.of_policy(graph.resource("Policy"))
    assert found.allows() == UNDECIDED
    assert found.covers_action("s3:GetObject") == YES
    assert found.on_any_resource() == NO


@pytest.mark.parametrize("document", ["!Ref P", "'{broken'", "[!Ref P]", "{Statement: !Ref P}"])
def test_an_unreadable_document_leaves_statements_unknown(document: str) -> None:
    graph = graph_of(
        f"  Policy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties: {{PolicyDocument: {document}}}\n"
    )
    found = policies.of_policy(graph.resource("Policy"))
    assert found.any(lambda each: each.allows()) == UNDECIDED
    assert found.all(lambda each: each.allows()) == UNDECIDED


def test_bucket_and_key_policies() -> None:
    graph = graph_of(
        "  Bucket:\n    Type: AWS::S3::Bucket\n"
        "  Policy:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref Bucket\n"
        "      PolicyDocument: {Statement: [{Effect: Deny, Principal: '*', Action: 's3:*'}]}\n"
        "  Key:\n    Type: AWS::KMS::Key\n    Properties:\n"
        "      KeyPolicy: {Statement: [{Effect: Allow, Principal: '*', Action: 'kms:*'}]}\n"
    )
    of_bucket = policies.of_bucket(graph.resource("Bucket"), graph)
    assert [each.denies() for each in of_bucket] == [YES]
    of_key = policies.of_policy(graph.resource("Key"))
    assert [each.open_to_anyone() for each in of_key] == [YES]


def test_managed_policies_attached_by_arn() -> None:
    graph = role("      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess', !Ref P]\n")
    found = policies.managed_policy_arns(graph.resource("Role"))
    assert [view.text for view in found] == ["arn:aws:iam::aws:policy/AdministratorAccess", None]


def test_a_policy_whose_document_names_an_unknown_role_is_not_attached_to_it() -> None:
    graph = graph_of(
        "  Role:\n    Type: AWS::IAM::Role\n"
        "  Pass:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      Roles: [other]\n"
        "      PolicyDocument: {Statement: [{Effect: Allow, Action: 'iam:PassRole',"
        " Resource: !Sub 'arn:aws:iam::111122223333:role/${P}'}]}\n"
    )
    assert policies.of_role(graph.resource("Role"), graph).is_empty()


@pytest.mark.parametrize(
    ("action", "expected"), [("glue:GetDevEndpoint", NO), ("sagemaker:InvokeEndpoint", UNDECIDED)]
)
def test_a_policy_of_an_unknown_role_leaves_open_what_it_states(action: str, expected: Answer) -> None:
    graph = graph_of(
        "  Role: {Type: AWS::IAM::Role, Properties: {Path: /}}\n"
        "  Name: {Type: Custom::NameOfRole, Properties: {ServiceToken: !Ref P}}\n"
        "  Policy:\n    Type: AWS::IAM::Policy\n    Properties:\n      Roles: [!Ref Name]\n"
        f"      PolicyDocument: {{Statement: [{{Effect: Allow, Action: '{action}', Resource: '*'}}]}}\n"
    )
    stated = policies.of_role(graph.resource("Role"), graph)
    assert stated.unknown
    assert stated.any(lambda each: each.covers_action("sagemaker:InvokeEndpoint")) == expected
    assert bool(stated.candidates(lambda each: each.covers_action("sagemaker:InvokeEndpoint")).unknown) is (
        expected is not NO
    )
