"""Linking: references, names, ARNs and URIs become edges of the right kind; the rest stays open."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.linking.link import link
from mlwa_lint.run.loading import with_documents


def graph_of(resources: str, head: str = "") -> ResourceGraph:
    project = load(Path("t.yaml"), LoadOptions(), f"{head}\nResources:\n{resources}")
    assert project.problems == ()
    return link(with_documents(project))


def edges(graph: ResourceGraph) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.kind.value, edge.target) for edge in graph.edges}


ENDPOINT = """
  Model: {Type: AWS::SageMaker::Model, Properties: {ModelName: churn}}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - {VariantName: blue, ModelName: !GetAtt Model.ModelName}
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointName: churn-endpoint, EndpointConfigName: !Ref Config}
"""


def test_references_make_edges_with_their_meaning() -> None:
    assert edges(graph_of(ENDPOINT)) == {
        ("Config", "hosts", "Model"),
        ("Endpoint", "configures", "Config"),
    }


@pytest.mark.parametrize(
    "model", ["churn", "!Ref Model", "!GetAtt Model.ModelName", "!Sub '${Model.ModelName}'"]
)
def test_a_name_is_as_good_as_a_reference(model: str) -> None:
    graph = graph_of(ENDPOINT.replace("!GetAtt Model.ModelName", model))
    assert ("Config", "hosts", "Model") in edges(graph)


def test_names_that_are_the_same_parameter_match() -> None:
    graph = graph_of(
        """
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointName: !Ref Name, EndpointConfigName: outside}
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {ResourceId: !Sub "endpoint/${Name}/variant/main"}
""",
        "Parameters: {Name: {Type: String}}",
    )
    (edge,) = graph.edges_into("Endpoint")
    assert (edge.source, edge.kind.value) == ("Target", "scales")
    assert edge.detail is not None
    assert getattr(edge.detail, "data", None) == "main"


@pytest.mark.parametrize(
    "resource_id",
    [
        "endpoint/churn-endpoint/variant/blue",
        "!Sub 'endpoint/${Endpoint.EndpointName}/variant/blue'",
        "!Join ['/', [endpoint, !GetAtt Endpoint.EndpointName, variant, blue]]",
    ],
)
def test_a_scalable_target_names_its_variant(resource_id: str) -> None:
    graph = graph_of(
        ENDPOINT
        + f"""
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {{ResourceId: {resource_id}}}
"""
    )
    (edge,) = [each for each in graph.edges_into("Endpoint") if each.source == "Target"]
    assert edge.kind.value == "scales"
    assert getattr(edge.detail, "data", None) == "blue"


@pytest.mark.parametrize("name", ["churn-endpoint", "!GetAtt Endpoint.EndpointName"])
@pytest.mark.parametrize(
    "inside", ["", "Metrics: [{Id: m, MetricStat: {Metric: {"], ids=["own", "metric math"]
)
def test_an_alarm_monitors_the_endpoint_of_its_dimensions(inside: str, name: str) -> None:
    dimensions = f"Dimensions: [{{Name: VariantName, Value: blue}}, {{Name: EndpointName, Value: {name}}}]"
    properties = inside + dimensions + ("}}}]" if inside else "")
    graph = graph_of(ENDPOINT + f"  Alarm: {{Type: AWS::CloudWatch::Alarm, Properties: {{{properties}}}}}\n")
    (edge,) = [each for each in graph.edges_into("Endpoint") if each.source == "Alarm"]
    assert edge.kind.value == "monitors"
    assert getattr(edge.detail, "data", None) == "blue"


def test_a_composite_alarm_monitors_the_alarms_of_its_rule() -> None:
    graph = graph_of(
        """
  High: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmName: high}}
  Low: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmName: low}}
  Both:
    Type: AWS::CloudWatch::CompositeAlarm
    Properties: {AlarmRule: !Sub 'ALARM(high) OR ALARM("${Low}")'}
"""
    )
    assert edges(graph) == {("Both", "monitors", "High"), ("Both", "monitors", "Low")}


@pytest.mark.parametrize(
    "uri",
    ["s3://results/a/b", "!Sub 's3://${Bucket}/a'", "!Join ['', ['s3://', !Ref Bucket, /x]]"],
)
def test_an_s3_uri_names_its_bucket(uri: str) -> None:
    graph = graph_of(
        f"""
  Bucket: {{Type: AWS::S3::Bucket, Properties: {{BucketName: results}}}}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties: {{DataCaptureConfig: {{DestinationS3Uri: {uri}}}}}
"""
    )
    assert edges(graph) == {("Config", "writes", "Bucket")}


def test_a_policy_grants_what_it_names() -> None:
    graph = graph_of(
        """
  Bucket: {Type: AWS::S3::Bucket}
  Role: {Type: AWS::IAM::Role}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref Role]
      PolicyDocument: {Statement: [{Effect: Allow, Action: s3:GetObject, Resource: !Sub "${Bucket.Arn}/*"}]}
"""
    )
    assert edges(graph) == {("Policy", "grants", "Role"), ("Policy", "grants", "Bucket")}


def test_roles_keys_and_subnets() -> None:
    graph = graph_of(
        """
  Role: {Type: AWS::IAM::Role}
  Key: {Type: AWS::KMS::Key}
  Subnet: {Type: AWS::EC2::Subnet}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {RoleArn: !GetAtt Role.Arn, KmsKeyId: !Ref Key, SubnetId: !Ref Subnet}
"""
    )
    assert edges(graph) == {
        ("Notebook", "assumes", "Role"),
        ("Notebook", "encrypts with", "Key"),
        ("Notebook", "placed in", "Subnet"),
    }


def test_an_edge_under_a_condition_carries_it() -> None:
    graph = graph_of(
        """
  Role: {Type: AWS::IAM::Role}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {RoleArn: !If [Own, !GetAtt Role.Arn, "arn:aws:iam::111122223333:role/x"]}
""",
        "Parameters: {P: {Type: String}}\nConditions: {Own: !Equals [!Ref P, own]}",
    )
    (edge,) = graph.edges
    assert [(guard.condition.text, guard.holds) for guard in edge.guards] == [("Own", True)]


def test_a_name_from_outside_is_an_open_end_of_no_resource_here() -> None:
    graph = graph_of(
        "  Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: elsewhere}}\n"
    )
    (end,) = graph.open_ends
    assert (end.target_type, end.outside) == ("AWS::SageMaker::EndpointConfig", True)


def test_a_name_that_is_not_known_is_an_open_end_that_may_be_any_resource() -> None:
    graph = graph_of(
        "  Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: !Ref P}}\n",
        "Parameters: {P: {Type: String}}",
    )
    (end,) = graph.open_ends
    assert (end.outside, end.reason) == (False, "parameter P has no default")


def test_the_graph_as_networkx_knows_it() -> None:
    graph = graph_of(ENDPOINT).to_networkx()
    assert sorted(graph.nodes) == ["Config", "Endpoint", "Model"]
    assert [(a, b, key) for a, b, key in graph.edges(keys=True)] == [
        ("Config", "Model", "hosts"),
        ("Endpoint", "Config", "configures"),
    ]


def test_what_a_program_returns_may_name_any_resource() -> None:
    graph = graph_of(
        """
        Custom: {Type: Custom::Name, Properties: {ServiceToken: t}}
        Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: c}}
        Target:
          Type: AWS::ApplicationAutoScaling::ScalableTarget
          Properties: {ResourceId: !Sub 'endpoint/${Custom.Name}/variant/v', ServiceNamespace: sagemaker}
        Schedule:
          Type: AWS::SageMaker::MonitoringSchedule
          Properties: {EndpointName: !GetAtt Custom.Name}
        Alarm:
          Type: AWS::CloudWatch::Alarm
          Properties: {Dimensions: [{Name: EndpointName, Value: !GetAtt Custom.Name}]}
        """
    )
    reason = "Custom.Name is what deployment returns"
    assert {(end.source, end.target_type, end.reason, end.outside) for end in graph.open_ends} >= {
        (source, "AWS::SageMaker::Endpoint", reason, False) for source in ("Target", "Schedule", "Alarm")
    }


def test_a_parameter_store_gives_back_the_text_that_was_put_there() -> None:
    graph = graph_of(
        """
        Stored: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: other}}
        Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: c}}
        Target:
          Type: AWS::ApplicationAutoScaling::ScalableTarget
          Properties: {ResourceId: !Sub 'endpoint/${Stored.Value}/variant/v', ServiceNamespace: sagemaker}
        Alarm:
          Type: AWS::CloudWatch::Alarm
          Properties: {Dimensions: [{Name: EndpointName, Value: !GetAtt Stored.Value}]}
        """
    )
    ends = {(end.source, end.reason, end.outside) for end in graph.open_ends}
    reason = "Endpoint other is not declared here"
    assert {("Target", reason, True), ("Alarm", reason, True)} <= ends
    assert not any("deployment returns" in reason for _, reason, _ in ends)


@pytest.mark.parametrize(
    ("named", "uri", "outside"),
    [
        ("!Sub 'acme-ml-${AWS::AccountId}'", "!Sub 's3://other-${AWS::Region}/m'", True),
        ("!Sub 'acme-ml-${AWS::AccountId}'", "!Sub 's3://${AWS::Region}-other/m'", False),
        ("!Sub '${AWS::AccountId}-data'", "!Sub 's3://${AWS::Region}-models/m'", True),
        ("!Sub 'acme-ml-${AWS::AccountId}'", "!Sub 's3://acme-${AWS::Region}/m'", False),
        ("acme-data", "!Sub 's3://acme-models-${AWS::Region}/m'", True),
        ("acme-data", "!Sub 's3://acme-${AWS::Region}/m'", False),
        ("!Ref AWS::NoValue", "!Sub 's3://other-${AWS::Region}/m'", False),
    ],
)
def test_a_name_that_begins_or_ends_otherwise_lies_outside(
    tmp_path: Path, named: str, uri: str, outside: bool
) -> None:
    text = (
        "Resources:\n"
        f"  Data: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {named}}}}}\n"
        "  Model:\n    Type: AWS::SageMaker::Model\n    Properties:\n"
        f"      PrimaryContainer: {{Image: i, ModelDataUrl: {uri}}}\n"
    )
    graph = link(load(tmp_path / "t.yaml", LoadOptions(), text))
    (end,) = graph.open_ends_of("Model", EdgeKind.READS)
    assert end.outside is outside
    assert bool(graph.open_ends_towards(EdgeKind.READS, "AWS::S3::Bucket")) is not outside


@pytest.mark.parametrize(
    "name",
    [
        "alias/ml/models",
        "!Ref Alias",
        "arn:aws:kms:eu-west-1:111122223333:alias/ml/models",
        "!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/ml/models'",
    ],
)
def test_who_names_an_alias_is_encrypted_with_its_key(name: str) -> None:
    graph = graph_of(
        f"""
  Key: {{Type: AWS::KMS::Key}}
  Alias: {{Type: AWS::KMS::Alias, Properties: {{AliasName: alias/ml/models, TargetKeyId: !Ref Key}}}}
  Notebook: {{Type: AWS::SageMaker::NotebookInstance, Properties: {{KmsKeyId: {name}}}}}
"""
    )
    assert edges(graph) == {
        ("Alias", "refers to", "Key"),
        ("Notebook", "encrypts with", "Alias"),
        ("Notebook", "encrypts with", "Key"),
    }


def test_aliases_that_the_project_does_not_declare_are_outside() -> None:
    graph = graph_of(
        """
  Key: {Type: AWS::KMS::Key}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/models, TargetKeyId: !Ref Key}}
  Notebook: {Type: AWS::SageMaker::NotebookInstance, Properties: {KmsKeyId: alias/aws/sagemaker}}
"""
    )
    assert edges(graph) == {("Alias", "refers to", "Key")}
    (end,) = graph.open_ends_of("Notebook", EdgeKind.ENCRYPTS_WITH)
    assert (end.outside, end.name) == (True, "alias/aws/sagemaker")


@pytest.mark.parametrize(
    ("own", "outside"),
    [("!Ref Name", False), ("!Sub 'rank-${Name}'", False), ("!Sub 'churn-${Name}'", True), ("churn", True)],
)
def test_a_known_name_may_be_that_of_an_endpoint_whose_own_is_not_known(own: str, outside: bool) -> None:
    graph = graph_of(
        f"""
  Endpoint: {{Type: AWS::SageMaker::Endpoint, Properties: {{EndpointName: {own}}}}}
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {{ResourceId: endpoint/rank-prod/variant/main}}
""",
        "Parameters: {Name: {Type: String}}",
    )
    (end,) = graph.open_ends_of("Target", EdgeKind.SCALES)
    assert (end.outside, end.name) == (outside, "rank-prod" if outside else "")
    assert outside or end.reason == "it may be Endpoint, whose name is not known"


@pytest.mark.parametrize(("nested", "users"), [("part.yaml", ["Part.Other"]), ("missing.yaml", ["Part"])])
def test_what_a_nested_stack_is_given_is_used_by_its_resources(
    nested: str, users: list[str], tmp_path: Path
) -> None:
    (tmp_path / "t.yaml").write_text(
        "Resources:\n  Data: {Type: AWS::S3::Bucket}\n  Part:\n    Type: AWS::CloudFormation::Stack\n"
        f"    Properties: {{TemplateURL: {nested}, Parameters: {{Name: !Ref Data}}}}\n"
    )
    (tmp_path / "part.yaml").write_text(
        "Parameters: {Name: {Type: String}}\nResources:\n  Other:\n    Type: AWS::S3::BucketPolicy\n"
        "    Properties: {Bucket: !Ref Name}\n"
    )
    graph = link(load(tmp_path / "t.yaml", LoadOptions()))
    assert [each.source for each in graph.edges_into("Data")] == users
