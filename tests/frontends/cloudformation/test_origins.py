"""Attributes that repeat a property lead to what it was set to; what programs return is not known."""

import pytest

from mlwa_lint.model.values import Reference, Unknown, Value, known_text, references_in

from .templates import plain, possible, project_of, resource

REST = """
  Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: c}}
  Named: {Type: AWS::SQS::Queue, Properties: {QueueName: q, KmsMasterKeyId: !Ref Key}}
  Key: {Type: AWS::KMS::Key, Properties: {Description: d}}
  Stored:
    {Type: AWS::SSM::Parameter, Properties: {Name: n, Type: String, Value: !GetAtt Endpoint.EndpointName}}
  Again: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Sub 'x-${Stored.Value}'}}
  Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Data, PolicyDocument: {}}}
  Data: {Type: AWS::S3::Bucket}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Net, GroupDescription: g}}
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Custom: {Type: Custom::Lookup, Properties: {ServiceToken: t, Name: given}}
  Circle: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !GetAtt Circle.Value}}
  Definition:
    Type: AWS::SageMaker::ModelQualityJobDefinition
    Properties: {ModelQualityJobInput: {EndpointInput: {EndpointName: !GetAtt Endpoint.EndpointName}}}
"""


def value_of(expression: str) -> Value:
    project = project_of(f"Resources:\n  X: {{Type: AWS::A::B, Properties: {{V: {expression}}}}}{REST}")
    return resource(project, "X").properties.entries["V"].value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("!GetAtt Stored.Value", "<Endpoint.EndpointName>"),
        ("!GetAtt Again.Value", "x-<Endpoint.EndpointName>"),
        ("!Ref Policy", "<Data>"),
        ("!GetAtt Group.VpcId", "<Net>"),
        ("!GetAtt Named.KmsMasterKeyId", "<Key>"),
        ("!GetAtt Definition.ModelQualityJobInput.EndpointInput.EndpointName", "<Endpoint.EndpointName>"),
        # What a resource itself is called leads to it, and what is not set is not known.
        ("!GetAtt Named.QueueName", "<Named.QueueName>"),
        ("!GetAtt Endpoint.EndpointName", "<Endpoint.EndpointName>"),
        ("!GetAtt Net.DefaultSecurityGroup", "<Net.DefaultSecurityGroup>"),
        ("!GetAtt Key.KeyPolicy", "<Key.KeyPolicy>"),
        ("!GetAtt Circle.Value", "<Circle.Value>"),
        ("!GetAtt Custom.Name", "<Custom.Name>"),
    ],
)
def test_what_an_attribute_gives(expression: str, value: str) -> None:
    assert plain(value_of(expression)) == value


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("!GetAtt Stored.Type", "String"),
        ("!GetAtt Net.CidrBlock", "10.0.0.0/16"),
        ("!Sub 'x-${Stored.Type}'", "x-String"),
    ],
)
def test_a_known_text_still_leads_to_where_it_comes_from(expression: str, text: str) -> None:
    found = value_of(expression)
    assert known_text(found) == text
    assert [reference.address for reference, _ in references_in(found)] == [
        "Net" if "Net" in expression else "Stored"
    ]


def test_what_a_custom_resource_returns_is_no_reference_to_itself() -> None:
    found = value_of("!GetAtt Custom.Name")
    assert isinstance(found, Unknown)
    assert found.reason == "Custom.Name is what deployment returns"
    assert not found.present
    assert isinstance(value_of("!Ref Custom"), Reference)


HEAD = """
    Parameters: {P: {Type: String}}
    Resources:
      Key: {Type: AWS::KMS::Key}
      Custom: {Type: Custom::Lookup, Properties: {ServiceToken: t}}
      R: {Type: AWS::A::B, Condition: C}
"""


@pytest.mark.parametrize(
    ("compared", "can_hold"),
    [
        ("!Ref Key", False),
        ("!GetAtt Key.Arn", False),
        ("!Sub '${P}-x'", False),
        ("!Ref AWS::Region", False),
        ("!If [Other, !Ref Key, !GetAtt Key.Arn]", False),
        ("!If [Other, !Ref Key, '']", True),
        ("!Ref P", True),
        ("!GetAtt Custom.Name", True),
    ],
)
def test_a_reference_is_never_the_empty_text(compared: str, can_hold: bool) -> None:
    text = f"{HEAD}    Conditions:\n      Other: !Equals [!Ref P, a]\n      C: !Equals [{compared}, '']\n"
    project = project_of(text)
    assert possible(project, {"C": False})
    assert possible(project, {"C": True}) is can_hold
    assert any(each.address == "R" for each in project.resources) is can_hold
    assert resource(project, "Key")
