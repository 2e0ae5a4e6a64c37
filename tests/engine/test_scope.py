"""What rules judge: of types that serve every purpose, only what the graph ties to machine learning."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlwa_lint.engine.check import Outcome
from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.findings import Scope
from mlwa_lint.rule import YES, Claim, Remedy, Rule, rule
from mlwa_lint.run.evaluation import check_project

REMEDY = Remedy("Fix it.", "Fix it there.")
MODEL = """
  Score:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/score
      PrimaryContainer:
        Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/score:1.0
        ModelDataUrl: !Sub s3://${Data}/model.tar.gz
        Environment: {STREAM: !Ref Stream, TABLE: !Ref Table, LOGS: !Ref Logs}
"""
STORES = """
  Data: {Type: AWS::S3::Bucket}
  Stream: {Type: AWS::Kinesis::Stream}
  Table: {Type: AWS::DynamoDB::Table, Properties: {SSESpecification: {KMSMasterKeyId: !Ref TableKey}}}
  TableKey: {Type: AWS::KMS::Key}
  Logs: {Type: AWS::Logs::LogGroup}
"""


def rule_on(*types: str, code: str = "MLS999", scope: Scope | None = None) -> Rule:
    @rule(code, "it-is-there", "low", practices=(), on=types, remedy=REMEDY, scope=scope)
    def check(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
        """It is there."""
        yield Claim(YES, resource, f"{resource} is there")

    return check


def outcome(resources: str, *rules: Rule, scope: Scope = "ml", head: str = "") -> Outcome:
    project = load(Path("t.yaml"), LoadOptions(), f"{head}\nResources:\n{resources}")
    assert not any(problem.fatal for problem in project.problems), project.problems
    result = check_project(project, rules, scope=scope)
    assert not result.errors
    return result


def found(result: Outcome) -> set[str]:
    return {finding.address for finding in result.findings}


EVERYTHING = rule_on("*")


def test_general_resources_that_nothing_ties_to_ml_are_not_judged() -> None:
    result = outcome(STORES, EVERYTHING)
    assert (found(result), result.undecided) == (set(), ())


def test_what_an_ml_resource_uses_is_judged_and_the_key_of_what_it_uses_too() -> None:
    assert found(outcome(STORES + MODEL, EVERYTHING)) == {
        "Data", "Stream", "Table", "TableKey", "Logs", "Score",
    }  # fmt: skip


def test_a_rule_of_scope_all_and_a_run_of_scope_all_judge_everything() -> None:
    everything = {"Data", "Stream", "Table", "TableKey", "Logs"}
    assert found(outcome(STORES, rule_on("*", scope="all"))) == everything
    assert found(outcome(STORES, EVERYTHING, scope="all")) == everything


def test_a_third_party_rule_judges_everything_by_default() -> None:
    bucket = "  B: {Type: AWS::S3::Bucket}\n"
    assert found(outcome(bucket, rule_on("AWS::S3::Bucket", code="ACS001"))) == {"B"}
    assert found(outcome(bucket, rule_on("AWS::S3::Bucket", code="ACS001", scope="ml"))) == set()


def test_types_that_rules_name_by_themselves_are_judged_always() -> None:
    others = "  Job: {Type: AWS::Glue::Job}\n  Machine: {Type: AWS::EC2::Instance}\n"
    assert found(outcome(others, EVERYTHING)) == {"Job", "Machine"}


PREPARING = ("AWS::Athena::WorkGroup", "AWS::EMR::Cluster", "AWS::IoT::Policy")


@pytest.mark.parametrize("kind", PREPARING)
def test_what_prepares_data_and_connects_devices_is_judged_where_there_is_ml(kind: str) -> None:
    own = f"  Own: {{Type: {kind}}}\n"
    assert found(outcome(own, EVERYTHING)) == set()
    assert found(outcome(own + MODEL, rule_on(kind))) == {"Own"}


def test_a_role_of_glue_is_no_ml_by_itself() -> None:
    trust = "{Statement: [{Effect: Allow, Principal: {Service: glue.amazonaws.com}, Action: sts:AssumeRole}]}"
    role = f"  R: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {trust}}}}}\n"
    job = "  Job: {Type: AWS::Glue::Job, Properties: {Role: !GetAtt R.Arn}}\n"
    assert found(outcome(role + job, EVERYTHING)) == {"Job"}
    assert found(outcome(role + job + MODEL, rule_on("AWS::IAM::Role"))) == {"R"}


PARAMETER = "Parameters: {Use: {Type: String}}\nConditions: {Uses: !Equals [!Ref Use, 'yes']}"


def test_a_resource_that_is_tied_under_a_condition_is_judged_under_it() -> None:
    resources = """
  Data: {Type: AWS::S3::Bucket}
  Job:
    Type: AWS::SageMaker::ProcessingJob
    Condition: Uses
    Properties: {Environment: {WHERE: !Ref Data}}
"""
    (one,) = outcome(resources, rule_on("AWS::S3::Bucket"), head=PARAMETER).findings
    assert (one.address, one.condition) == ("Data", "when Uses is true")


def test_a_resource_whose_tie_is_not_known_is_undecided() -> None:
    resources = """
  Fn:
    Type: AWS::Lambda::Function
    Properties: {Role: !Ref Use}
  Data: {Type: AWS::SQS::Queue}
  Reader:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Data.Arn, FunctionName: !Ref Fn}
"""
    result = outcome(resources, rule_on("AWS::Lambda::Function"), head=PARAMETER)
    assert found(result) == set()
    (open_one,) = result.undecided
    assert (open_one.address, open_one.reasons) == ("Fn", ("Fn: parameter Use has no default",))


def role(service: str, action: str = "s3:GetObject") -> str:
    return f"""
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Action: "sts:AssumeRole", Principal: {{Service: {service}.amazonaws.com}}}}
      Policies:
        - PolicyName: p
          PolicyDocument: {{Statement: [{{Effect: Allow, Action: "{action}", Resource: "*"}}]}}
"""


ROLES = {
    "trusted by an ML service": (role("bedrock"), True),
    "may call a model": (role("ecs-tasks", "bedrock:InvokeModel"), True),
    "of something else": (role("ecs-tasks"), False),
}


@pytest.mark.parametrize(("resources", "tied"), ROLES.values(), ids=ROLES)
def test_a_role_is_tied_by_who_assumes_it_or_by_what_it_may_do(resources: str, tied: bool) -> None:
    assert found(outcome(resources, rule_on("AWS::IAM::Role"))) == ({"R"} if tied else set())


def test_a_log_group_is_tied_by_its_name() -> None:
    resources = """
  Endpoints: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/sagemaker/Endpoints/score}}
  Other: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/ecs/web}}
"""
    assert found(outcome(resources, rule_on("AWS::Logs::LogGroup"))) == {"Endpoints"}


def test_a_database_is_tied_by_the_security_group_that_it_shares_with_an_ml_resource() -> None:
    resources = """
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: g}}
  Model:
    Type: AWS::SageMaker::Model
    Properties: {ExecutionRoleArn: r, VpcConfig: {SecurityGroupIds: [!Ref Group], Subnets: [subnet-1]}}
  Features: {Type: AWS::RDS::DBCluster, Properties: {VpcSecurityGroupIds: [!Ref Group]}}
  Web: {Type: AWS::RDS::DBCluster, Properties: {VpcSecurityGroupIds: [sg-1]}}
"""
    assert found(outcome(resources, rule_on("AWS::RDS::DBCluster"))) == {"Features"}


def test_a_repository_of_images_that_nothing_else_runs_is_one_of_ml_beside_ml() -> None:
    images = """
  Images: {Type: AWS::ECR::Repository}
  WebImages: {Type: AWS::ECR::Repository}
  Web:
    Type: AWS::ECS::TaskDefinition
    Properties: {ContainerDefinitions: [{Name: web, Image: !GetAtt WebImages.RepositoryUri}]}
"""
    group = "  Models: {Type: AWS::SageMaker::ModelPackageGroup}\n"
    assert found(outcome(images, rule_on("AWS::ECR::Repository"))) == set()
    assert found(outcome(images + group, rule_on("AWS::ECR::Repository"))) == {"Images"}


def test_an_api_is_tied_by_what_it_leads_to() -> None:
    resources = """
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
  Predict:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      HttpMethod: POST
      Integration:
        Type: AWS
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:runtime.sagemaker:path//endpoints/a/invocations"
  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: prod}}
  Web: {Type: AWS::ApiGateway::RestApi, Properties: {Name: web}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Web, HttpMethod: GET, Integration: {Type: HTTP, Uri: !Ref Use}}
"""
    result = outcome(resources, rule_on("AWS::ApiGateway::*"), head=PARAMETER)
    assert found(result) == {"Api", "Predict", "Prod"}
    assert result.undecided == (), "nothing of this stack can make the web API one of machine learning"


GENERATED = """
  AWS679f53fac002430cb0da5b7982bd22872D164C4C:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Handler.Arn, Runtime: nodejs22.x, Handler: index.handler, Code: {ZipFile: x}}
  Handler:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: lambda.amazonaws.com}}]
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: [{Effect: Allow, Action: "bedrock:InvokeModel", Resource: "*"}]}
  Mine:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Handler.Arn, Runtime: nodejs22.x, Handler: index.handler, Code: {ZipFile: x}}
  HandlerLogs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/${AWS679f53fac002430cb0da5b7982bd22872D164C4C}"}
  MyLogs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/${Mine}"}
  ByPath:
    Type: AWS::Lambda::Function
    Metadata: {"aws:cdk:path": "Stack/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler"}
    Properties: {Role: !GetAtt Handler.Arn, Runtime: nodejs22.x, Handler: index.handler, Code: {ZipFile: x}}
"""


def test_generated_resources_are_not_judged_but_what_their_user_writes_in_them_is() -> None:
    rules = (rule_on("AWS::Lambda::Function"), rule_on("AWS::Logs::LogGroup"), rule_on("AWS::IAM::Role"))
    assert found(outcome(GENERATED, *rules)) == {"Mine", "MyLogs", "Handler"}
    assert len(found(outcome(GENERATED, *rules, scope="all"))) == 6


# Nine models under a condition each use one bucket, so that whether it is used has too many worlds.
_USERS = "".join(
    f"""
  Score{number}:
    Type: AWS::SageMaker::Model
    Condition: C{number}
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/score
      PrimaryContainer:
        Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/score:1.0
        ModelDataUrl: !Sub s3://${{Data}}/model.tar.gz
"""
    for number in range(9)
)
_SWITCHES = (
    "Parameters: {"
    + ", ".join(f"P{each}: {{Type: String, AllowedValues: [a, b]}}" for each in range(9))
    + "}\nConditions: {"
    + ", ".join(f"C{each}: !Equals [!Ref P{each}, a]" for each in range(9))
    + "}"
)


def test_what_a_resource_is_for_is_not_read_for_a_rule_that_claims_nothing() -> None:
    @rule("MLS998", "it-has-tags", "low", practices=(), on=("AWS::S3::Bucket",), remedy=REMEDY)
    def tagged(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
        """It has tags."""
        yield Claim(bucket["Tags"].is_present(), bucket, f"{bucket} has tags")

    resources = "\n  Data: {Type: AWS::S3::Bucket}" + _USERS
    result = outcome(resources, tagged, head=_SWITCHES)
    assert (result.findings, result.undecided) == ((), ())
    assert [(each.passed, each.undecided) for each in result.checked] == [(1, 0)]
    result = outcome(
        resources.replace("Bucket}", "Bucket, Properties: {Tags: [{Key: a, Value: b}]}}"),
        tagged,
        head=_SWITCHES,
    )
    assert found(result) | {each.address for each in result.undecided} == {"Data"}
