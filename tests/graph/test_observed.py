"""What is observed: delivered logs, dashboards of endpoints, and who invokes Bedrock models."""

import pytest

from mlwa_lint.graph.queries import dashboards, observed, telemetry
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import NO, YES, Answer, undecided
from tests.support.graphs import graph_of_template

UNDECIDED = undecided("why")
HEAD = (
    "Parameters: {P: {Type: String}, Q: {Type: String, Default: q}}\nConditions: {C: !Equals [!Ref P, x]}\n"
)


def graph_of(resources: str) -> GraphView:
    return graph_of_template(f"{HEAD}Resources:\n{resources}")


RUNTIME = "  Run: {Type: AWS::BedrockAgentCore::Runtime, Properties: {AgentRuntimeName: run}}\n"
OTHER = "  Queue: {Type: AWS::SQS::Queue}\n  Made: {Type: Custom::Maker, Properties: {ServiceToken: x}}\n"


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("!GetAtt Run.AgentRuntimeArn", YES),
        ("!GetAtt Queue.Arn", NO),
        ("!GetAtt Made.Arn", UNDECIDED),
        ("!Ref P", UNDECIDED),
        ("!Sub 'arn:aws:bedrock-agentcore:${AWS::Region}:1:runtime/${P}'", UNDECIDED),
        ("arn:aws:bedrock-agentcore:eu-west-1:1:runtime/other", NO),
    ],
)
def test_a_resource_is_delivered_by_a_source_about_it(arn: str, expected: Answer) -> None:
    source = f"  S: {{Type: AWS::Logs::DeliverySource, Properties: {{ResourceArn: {arn}}}}}\n"
    graph = graph_of(RUNTIME + OTHER + source)
    assert telemetry.is_delivered(graph.resource("Run"), graph) == expected


def test_nothing_is_delivered_without_a_source() -> None:
    graph = graph_of(RUNTIME)
    assert telemetry.is_delivered(graph.resource("Run"), graph) == NO


ENDPOINT = "  End: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: c}}\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('!Sub \'{"metrics": ["${End.EndpointName}"]}\'', YES),
        ('\'{"metrics": [["AWS/SageMaker", "Invocations"]]}\'', YES),
        ('!Sub \'["${P}", "aws/sagemaker"]\'', YES),
        ("'{}'", NO),
        ("!Ref P", UNDECIDED),
        ("!Sub '{\"metrics\": ${P}}'", UNDECIDED),
    ],
)
def test_a_dashboard_shows_an_endpoint(body: str, expected: Answer) -> None:
    dashboard = f"  D: {{Type: AWS::CloudWatch::Dashboard, Properties: {{DashboardBody: {body}}}}}\n"
    assert dashboards.is_shown(graph_of(ENDPOINT + dashboard)) == expected


def test_no_dashboard_shows_none() -> None:
    assert dashboards.is_shown(graph_of(ENDPOINT)) == NO


def role(action: str, service: str = "lambda", name: str = "R", further: str = "") -> str:
    return f"""
  {name}:
    Type: AWS::IAM::Role
    Properties:
      {further}
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Action: "sts:AssumeRole", Principal: {{Service: {service}.amazonaws.com}}}}
      Policies:
        - PolicyName: p
          PolicyDocument: {{Statement: [{{Effect: Allow, Action: "{action}", Resource: "*"}}]}}
"""


FUNCTION = "  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt R.Arn}}\n"
TASK = "  T: {Type: AWS::ECS::TaskDefinition, Properties: {%s: !GetAtt R.Arn}}\n"
PROFILE = "  I: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref R]}}\n"
MACHINE = "  M: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: !Ref I}}\n"
INVOKE = "bedrock:InvokeModel"
KNOWLEDGE = """
  A: {Type: AWS::Bedrock::KnowledgeBase, Properties: {KnowledgeBaseConfiguration: {Type: %s}}}
"""


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ("  A: {Type: AWS::Bedrock::Agent}\n", ("A", YES)),
        ("  A: {Type: AWS::Bedrock::Flow}\n", ("A", YES)),
        ("  A: {Type: AWS::Bedrock::KnowledgeBase}\n", ("A", YES)),
        (
            KNOWLEDGE % "KENDRA",
            None,
        ),
        (
            KNOWLEDGE % "!Ref P",
            ("A", UNDECIDED),
        ),
        (role(INVOKE) + FUNCTION, ("F", YES)),
        (role("bedrock:Retrieve") + FUNCTION, ("F", YES)),
        (role("bedrock:*") + FUNCTION, ("F", YES)),
        (role("*") + FUNCTION, None),
        (role("s3:GetObject") + FUNCTION, None),
        (role(INVOKE), None),
        (role(INVOKE, "ecs-tasks") + TASK % "TaskRoleArn", ("T", YES)),
        (role(INVOKE, "ecs-tasks") + TASK % "ExecutionRoleArn", None),
        (role(INVOKE, "ec2") + PROFILE + MACHINE, ("M", YES)),
        (role(INVOKE, "ec2") + PROFILE, ("R", YES)),
        (role(INVOKE, "pods.eks"), ("R", YES)),
        (role("s3:GetObject", "ec2") + PROFILE + MACHINE, None),
    ],
)
def test_who_invokes_models_of_bedrock(resources: str, expected: tuple[str, Answer] | None) -> None:
    found = observed.first_bedrock_user(graph_of(resources))
    assert [(user.address, invokes) for user, invokes in found] == ([] if expected is None else [expected])


def test_what_certainly_invokes_models_comes_first_and_then_what_is_always_there() -> None:
    resources = """
  Maybe: {Type: AWS::Bedrock::KnowledgeBase, Properties: {KnowledgeBaseConfiguration: {Type: !Ref P}}}
  Sometimes: {Type: AWS::Bedrock::Agent, Condition: C}
  Always: {Type: AWS::Bedrock::Agent}
  Later: {Type: AWS::Bedrock::Agent}
"""
    ((user, _),) = observed.first_bedrock_user(graph_of(resources))
    assert user.address == "Always"


def test_invocations_of_models_are_found_in_the_world_of_the_query() -> None:
    first = graph_of("  Agent: {Type: AWS::Bedrock::Agent}\n")
    second = GraphView(first.graph, World(first.graph.project.scenarios, {}))
    for graph in (first, second):
        ((user, _),) = observed.first_bedrock_user(graph)
        assert user.world is graph.world


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("Lambda::Function", "FunctionName: f", False),
        ("Lambda::Function", "FunctionName: !Sub 'f-${P}'", True),
        ("Lambda::Function", "FunctionName: !Ref Q", True),
        ("Bedrock::Guardrail", "Name: !Ref P", True),
        ("Lambda::Function", "Description: !Ref P", False),
    ],
)
def test_a_name_with_a_variable_is_made_to_be_repeated(kind: str, properties: str, expected: bool) -> None:
    graph = graph_of(f"  F: {{Type: AWS::{kind}, Properties: {{{properties}}}}}\n")
    assert observed.is_made_to_be_repeated(graph.resource("F"), graph) is expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("{Key: Name, Value: !Sub 'worker-${P}'}", True),
        ("{Key: Name, Value: worker}, {Key: Environment, Value: !Ref Q}", False),
        ("{Key: Owner, Value: !Ref P}", False),
    ],
)
def test_an_instance_is_named_by_its_tag_alone(tags: str, expected: bool) -> None:
    graph = graph_of(f"  M: {{Type: AWS::EC2::Instance, Properties: {{Tags: [{tags}]}}}}\n")
    assert observed.is_made_to_be_repeated(graph.resource("M"), graph) is expected


def test_a_role_is_repeated_by_its_own_name() -> None:
    graph = graph_of(
        role(INVOKE, further="RoleName: !Ref P") + role(INVOKE, name="S", further="Path: !Ref P")
    )
    assert observed.is_made_to_be_repeated(graph.resource("R"), graph)
    assert not observed.is_made_to_be_repeated(graph.resource("S"), graph)


def test_a_program_may_invoke_models_and_bedrock_does() -> None:
    graph = graph_of("  A: {Type: AWS::Bedrock::Agent}\n" + role(INVOKE))
    assert observed.use_of_models(graph.resource("A"), graph) == "invokes Bedrock models"
    assert observed.use_of_models(graph.resource("R"), graph) == "may invoke Bedrock models"


SHARED = role(INVOKE) + FUNCTION + "  G: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt R.Arn%s}}\n"
MODEL = ", Environment: {Variables: {MODEL: anthropic.claude-3-5-haiku-20241022-v1:0}}"


def test_a_role_that_several_programs_share_is_the_user_where_nothing_shows_which_of_them_is() -> None:
    graph = graph_of(SHARED % "")
    ((user, invokes),) = observed.first_bedrock_user(graph)
    assert (user.address, invokes) == ("R", YES)
    assert observed.use_of_models(user, graph) == "lets 2 programs invoke Bedrock models (F, G)"
    assert not observed.is_role_alone(user, graph)


def test_a_program_that_names_a_model_is_the_user_though_others_share_its_role() -> None:
    graph = graph_of(SHARED % MODEL)
    ((user, _),) = observed.first_bedrock_user(graph)
    assert user.address == "G"


def test_a_role_is_made_to_be_repeated_as_the_programs_that_act_with_it_are() -> None:
    one = "  %s: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt R.Arn, FunctionName: %s}}\n"
    repeated = one % ("F", "!Ref P") + one % ("G", "!Sub 'g-${P}'")
    assert observed.is_made_to_be_repeated(*_user_of(role(INVOKE) + repeated))
    assert not observed.is_made_to_be_repeated(*_user_of(role(INVOKE) + repeated + one % ("H", "h")))


def _user_of(resources: str) -> tuple[ResourceView, GraphView]:
    graph = graph_of(resources)
    ((user, _),) = observed.first_bedrock_user(graph)
    return user, graph


def test_a_message_names_the_first_programs_that_share_a_role() -> None:
    more = "".join(
        f"  {each}: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt R.Arn}}}}\n" for each in "HIJ"
    )
    user, graph = _user_of(SHARED % "" + more)
    assert observed.use_of_models(user, graph).endswith("(F, G, H and 2 more)")
