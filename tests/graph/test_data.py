"""Buckets: their encryption, and which of them belong to machine learning."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.queries import data, encryption
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.model.answers import NO, YES, Answer
from tests.support.graphs import graph_of_template, linked

UNDECIDED = Answer("undecided")
BUCKET = "  Data: {Type: 'AWS::S3::Bucket', Properties: {BucketName: acme-data}}\n"


def graph_of(resources: str) -> GraphView:
    header = "Parameters:\n  P:\n    Type: String\n"
    return graph_of_template(f"{header}Resources:\n{resources}")


def encrypted(rules: str) -> str:
    return (
        "  Data:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: acme-data\n"
        f"      BucketEncryption: {{ServerSideEncryptionConfiguration: {rules}}}\n"
    )


def with_algorithm(algorithm: str) -> str:
    return encrypted(f"[{{ServerSideEncryptionByDefault: {{SSEAlgorithm: {algorithm}}}}}]")


def model(url: str) -> str:
    return (
        "  Model:\n    Type: AWS::SageMaker::Model\n    Properties:\n"
        f"      PrimaryContainer: {{Image: i, ModelDataUrl: {url}}}\n"
    )


def role(name: str, service: str, *statements: str) -> str:
    """A role that a service may assume, with one inline policy."""
    return (
        f"  {name}:\n    Type: AWS::IAM::Role\n    Properties:\n"
        "      AssumeRolePolicyDocument:\n        Statement:\n"
        f"          - Effect: Allow\n            Principal: {{Service: {service}.amazonaws.com}}\n"
        "            Action: sts:AssumeRole\n"
        "      Policies:\n        - PolicyName: p\n          PolicyDocument:\n"
        f"            Statement: [{', '.join(statements)}]\n"
    )


ON_DATA = "{Effect: Allow, Action: 's3:GetObject', Resource: !Sub '${Data.Arn}/*'}"
ON_TEXTRACT = "{Effect: Allow, Action: 'textract:DetectDocumentText', Resource: '*'}"
ON_LOGS = "{Effect: Allow, Action: 'logs:PutLogEvents', Resource: '*'}"


def function(role_value: str = "!GetAtt R.Arn", rest: str = "") -> str:
    return (
        "  F:\n    Type: AWS::Lambda::Function\n    Properties:\n"
        f"      Role: {role_value}\n      Code: {{ZipFile: x}}\n{rest}"
    )


ENVIRONMENT = "      Environment: {Variables: {DATA: !Ref Data}}\n"


@pytest.mark.parametrize(
    ("bucket", "stated", "kms"),
    [
        (BUCKET, NO, NO),
        (with_algorithm("AES256"), YES, NO),
        (with_algorithm("'aws:kms'"), YES, YES),
        (with_algorithm("'aws:kms:dsse'"), YES, YES),
        (with_algorithm("!Ref P"), UNDECIDED, UNDECIDED),
        (encrypted("[{BucketKeyEnabled: true}]"), NO, NO),
        (encrypted("[]"), NO, NO),
    ],
)
def test_encryption(bucket: str, stated: Answer, kms: Answer) -> None:
    view = graph_of(bucket).resource("Data")
    assert encryption.states_encryption(view) == stated
    assert encryption.is_kms_encrypted(view) == kms


@pytest.mark.parametrize(
    ("algorithm", "url", "expected"),
    [
        ("'aws:kms'", "!Sub 's3://${Data}/m.tar.gz'", YES),
        ("'aws:kms'", "s3://acme-data/m.tar.gz", YES),
        ("'aws:kms'", "s3://elsewhere/m.tar.gz", NO),
        ("'aws:kms'", "!Ref P", UNDECIDED),
        ("AES256", "!Sub 's3://${Data}/m.tar.gz'", NO),
        ("AES256", "!Ref P", NO),
    ],
)
def test_location_in_a_bucket_with_a_key(algorithm: str, url: str, expected: Answer) -> None:
    graph = graph_of(with_algorithm(algorithm) + model(url))
    location = graph.resource("Model")["PrimaryContainer.ModelDataUrl"]
    assert encryption.is_in_kms_bucket(location, graph) == expected


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ("", NO),
        (model("!Sub 's3://${Data}/m.tar.gz'"), YES),
        (model("s3://acme-data/m.tar.gz"), YES),
        (model("s3://elsewhere/m.tar.gz"), NO),
        (model("!Ref P"), UNDECIDED),
    ],
    ids=["alone", "reference", "name", "other bucket", "unknown place"],
)
def test_a_bucket_is_used_by_a_model(others: str, expected: Answer) -> None:
    graph = graph_of(BUCKET + others)
    assert data.is_ml_bucket(graph.resource("Data"), graph) == expected


NOTEBOOK = (
    "  N:\n    Type: AWS::SageMaker::NotebookInstance\n"
    "    Properties: {InstanceType: ml.t3.medium, RoleArn: !GetAtt R.Arn}\n"
)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (role("R", "sagemaker", ON_DATA), YES),
        (role("R", "ec2", ON_DATA), NO),
        (role("R", "ec2", ON_DATA) + NOTEBOOK, YES),
        (role("R", "sagemaker", ON_LOGS) + NOTEBOOK, NO),
        (role("R", "lambda", ON_DATA, ON_TEXTRACT) + function(), YES),
        (role("R", "lambda", ON_DATA, ON_LOGS) + function(), NO),
    ],
    ids=["trusted", "not trusted", "notebook", "no word", "AI service", "no AI service"],
)
def test_a_bucket_is_granted_to_a_role(others: str, expected: Answer) -> None:
    graph = graph_of(BUCKET + others)
    assert data.is_ml_bucket(graph.resource("Data"), graph) == expected


def test_a_role_that_other_services_assume_too_proves_nothing_about_a_bucket() -> None:
    shared = role("R", "sagemaker", ON_DATA).replace(
        "sagemaker.amazonaws.com", "[sagemaker.amazonaws.com, codebuild.amazonaws.com]"
    )
    graph = graph_of(BUCKET + shared)
    assert data.is_ml_bucket(graph.resource("Data"), graph) == NO


def test_a_bucket_policy_names_the_role_of_a_notebook() -> None:
    policy = (
        "  Policy:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref Data\n"
        "      PolicyDocument:\n        Statement:\n"
        "          - {Effect: Allow, Principal: {AWS: !GetAtt R.Arn}, Action: 's3:*', Resource: '*'}\n"
    )
    graph = graph_of(BUCKET + role("R", "ec2", ON_LOGS) + NOTEBOOK + policy)
    assert data.is_ml_bucket(graph.resource("Data"), graph) == YES


@pytest.mark.parametrize(
    ("statements", "rest", "expected"),
    [
        ((ON_TEXTRACT,), ENVIRONMENT, YES),
        ((ON_LOGS,), ENVIRONMENT, NO),
        ((ON_TEXTRACT,), "", NO),
    ],
    ids=["calls an AI service", "does not", "no word of the bucket"],
)
def test_a_function_mentions_the_bucket(statements: tuple[str, ...], rest: str, expected: Answer) -> None:
    graph = graph_of(BUCKET + role("R", "lambda", *statements) + function(rest=rest))
    assert data.is_ml_bucket(graph.resource("Data"), graph) == expected


def test_a_bucket_that_holds_a_functions_code_is_no_ml_bucket() -> None:
    code = (
        "  F:\n    Type: AWS::Lambda::Function\n"
        "    Properties: {Role: !GetAtt R.Arn, Code: {S3Bucket: !Ref Data, S3Key: k}}\n"
    )
    graph = graph_of(BUCKET + role("R", "lambda", ON_TEXTRACT) + code)
    assert data.is_ml_bucket(graph.resource("Data"), graph) == NO


def test_a_bucket_that_notifies_a_function_which_calls_an_ai_service() -> None:
    bucket = (
        "  Data:\n    Type: AWS::S3::Bucket\n    Properties:\n      NotificationConfiguration:\n"
        "        LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn}]\n"
    )
    graph = graph_of(bucket + role("R", "lambda", ON_TEXTRACT) + function())
    assert data.is_ml_bucket(graph.resource("Data"), graph) == YES


BY_RULE = (
    "  E:\n    Type: AWS::Events::Rule\n    Properties:\n"
    "      EventPattern:\n        source: [aws.s3]\n        detail-type: [Object Created]\n"
    "        detail: {bucket: {name: [!Ref Data]}}\n"
    "      Targets: [{Id: a, Arn: !GetAtt F.Arn}]\n"
)
BY_TOPIC = (
    "  T: {Type: 'AWS::SNS::Topic'}\n"
    "  S:\n    Type: AWS::SNS::Subscription\n"
    "    Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: !GetAtt F.Arn}\n"
)
TO_TOPIC = (
    "  Data:\n    Type: AWS::S3::Bucket\n    Properties:\n      NotificationConfiguration:\n"
    "        TopicConfigurations: [{Event: 's3:ObjectCreated:*', Topic: !Ref T}]\n"
)


@pytest.mark.parametrize("handing_on", [BUCKET + BY_RULE, TO_TOPIC + BY_TOPIC], ids=["rule", "topic"])
def test_a_bucket_whose_uploads_reach_such_a_function_by_others(handing_on: str) -> None:
    graph = graph_of(handing_on + role("R", "lambda", ON_TEXTRACT) + function())
    assert data.is_ml_bucket(graph.resource("Data"), graph) == YES
    graph = graph_of(handing_on + role("R", "lambda", ON_LOGS) + function())
    assert data.is_ml_bucket(graph.resource("Data"), graph) == NO


CRAWLER = "  C: {Type: 'AWS::Glue::Crawler', Properties: {Role: r, Targets: {S3Targets: [{Path: !Sub 's3://${Data}/'}]}}}\n"
WORKGROUP = (
    "  W:\n    Type: AWS::Athena::WorkGroup\n    Properties:\n      WorkGroupConfiguration:\n"
    "        ResultConfiguration: {OutputLocation: !Sub 's3://${Data}/'}\n"
)


@pytest.mark.parametrize("analytics", [CRAWLER, WORKGROUP], ids=["Glue", "Athena"])
def test_analytics_make_an_ml_bucket_only_beside_something_that_belongs_to_ml(analytics: str) -> None:
    alone = graph_of(BUCKET + analytics)
    assert data.is_ml_bucket(alone.resource("Data"), alone) == NO
    beside = graph_of(BUCKET + analytics + model("s3://elsewhere/m.tar.gz"))
    assert data.is_ml_bucket(beside.resource("Data"), beside) == YES
    function_beside = graph_of(BUCKET + analytics + role("R", "lambda", ON_TEXTRACT) + function())
    assert data.is_ml_bucket(function_beside.resource("Data"), function_beside) == YES


def test_a_resource_under_a_false_condition_does_not_use_a_bucket() -> None:
    conditional = (
        "  Model:\n    Type: AWS::SageMaker::Model\n    Condition: Never\n    Properties:\n"
        "      PrimaryContainer: {Image: i, ModelDataUrl: !Sub 's3://${Data}/m.tar.gz'}\n"
    )
    text = f"Conditions: {{Never: !Equals [a, b]}}\nResources:\n{BUCKET}{conditional}"
    project = load(Path("t.yaml"), LoadOptions(), text)
    graph = linked(project)
    assert data.is_ml_bucket(graph.resource("Data"), graph) == NO


ALLOWING = "{Effect: Allow, Action: [%s], Resource: '*'}"


def builder(kind: str, properties: str, action: str) -> str:
    service = {"CodePipeline": "codepipeline", "CodeBuild": "codebuild", "StepFunctions": "states"}[
        kind.split("::")[1]
    ]
    return (
        role("Role", service, ALLOWING % action)
        + f"  Builder: {{Type: '{kind}', Properties: {{{properties}}}}}\n"
    )


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        (
            "AWS::CodePipeline::Pipeline",
            "RoleArn: !GetAtt Role.Arn, ArtifactStore: {Location: !Ref Data, Type: S3}",
        ),
        (
            "AWS::CodeBuild::Project",
            "ServiceRole: !Ref Role, Artifacts: {Type: S3, Location: !Ref Data}",
        ),
        (
            "AWS::StepFunctions::StateMachine",
            "RoleArn: !GetAtt Role.Arn, DefinitionS3Location: {Bucket: !Ref Data, Key: k}",
        ),
    ],
)
@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("'sagemaker:*'", YES),
        ("'sagemaker:CreateTrainingJob'", YES),
        ("'sagemaker:Create*'", YES),
        ("'sagemaker:DescribeEndpoint'", NO),
        ("'s3:GetObject'", NO),
        ("'*'", NO),
    ],
)
def test_a_bucket_of_those_that_build(kind: str, properties: str, action: str, expected: Answer) -> None:
    graph = graph_of(BUCKET + builder(kind, properties, action))
    assert data.is_ml_bucket(graph.resource("Data"), graph) == expected


@pytest.mark.parametrize(
    ("action", "key", "expected"),
    [
        ("'sagemaker:CreateTrainingJob'", "ProjectName", YES),
        ("'s3:GetObject'", "ProjectName", NO),
        ("'sagemaker:CreateTrainingJob'", "EnvironmentVariables", NO),
    ],
)
def test_a_pipeline_of_builds_that_may_train(action: str, key: str, expected: Answer) -> None:
    pipeline = (
        "  Pipeline:\n    Type: AWS::CodePipeline::Pipeline\n    Properties:\n"
        "      RoleArn: arn:aws:iam::123456789012:role/pipeline\n"
        "      ArtifactStore: {Location: !Ref Data, Type: S3}\n"
        f"      Stages: [{{Actions: [{{Configuration: {{{key}: !Ref Builder}}}}]}}]\n"
    )
    build = builder("AWS::CodeBuild::Project", "ServiceRole: !GetAtt Role.Arn", action)
    graph = graph_of(BUCKET + build + pipeline)
    assert data.is_ml_bucket(graph.resource("Data"), graph) == expected


def test_a_role_of_sagemaker_projects_is_recognised_by_its_name() -> None:
    pipeline = (
        "  Pipeline:\n    Type: AWS::CodePipeline::Pipeline\n    Properties:\n"
        "      RoleArn: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/service-role/"
        "AmazonSageMakerServiceCatalogProductsCodePipelineRole'\n"
        "      ArtifactStore: {Location: !Ref Data, Type: S3}\n"
    )
    graph = graph_of(BUCKET + pipeline)
    assert data.is_ml_bucket(graph.resource("Data"), graph) == YES


@pytest.mark.parametrize(("action", "expected"), [("'sagemaker:CreateTrainingJob'", YES), ("'s3:*'", NO)])
def test_a_bucket_of_glue_beside_a_workflow_that_may_train(action: str, expected: Answer) -> None:
    crawler = (
        "  Crawler:\n    Type: AWS::Glue::Crawler\n    Properties:\n"
        "      Targets: {S3Targets: [{Path: !Sub 's3://${Data}/raw'}]}\n"
    )
    machine = builder(
        "AWS::StepFunctions::StateMachine", "RoleArn: !GetAtt Role.Arn, Definition: !Ref P", action
    )
    graph = graph_of(BUCKET + crawler + machine)
    assert data.is_ml_bucket(graph.resource("Data"), graph) == expected


PASSING = (
    "  Ci:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: ci\n      Users: [ci]\n"
    "      PolicyDocument: {Statement: ["
    "{Effect: Allow, Action: 's3:*', Resource: !Sub '${Data.Arn}/*'}, "
    "{Effect: Allow, Action: 'iam:PassRole', Resource: !GetAtt R.Arn}]}\n"
)


def test_a_role_that_a_policy_lets_pass_on_gets_nothing_by_it() -> None:
    graph = graph_of(BUCKET + role("R", "sagemaker", ON_LOGS) + PASSING)
    assert data.is_ml_bucket(graph.resource("Data"), graph) == NO


@pytest.mark.parametrize(
    "holder",
    [
        (
            "  A:\n    Type: AWS::Bedrock::Agent\n    Properties:\n      AgentName: a\n"
            "      ActionGroups: [{ApiSchema: {S3: {S3BucketName: !Ref Data, S3ObjectKey: api.json}}}]\n"
        ),
        (
            "  A:\n    Type: AWS::BedrockAgentCore::Runtime\n    Properties:\n      AgentRuntimeName: a\n"
            "      AgentRuntimeArtifact: {CodeConfiguration: {Code: {S3: {Bucket: !Ref Data}}}}\n"
        ),
        (
            "  A:\n    Type: AWS::Glue::Job\n    Properties:\n"
            "      Command: {Name: glueetl, ScriptLocation: !Sub 's3://${Data}/clean.py'}\n"
            "  M: {Type: 'AWS::SageMaker::ModelPackageGroup', Properties: {ModelPackageGroupName: m}}\n"
        ),
    ],
)
def test_a_bucket_of_programs_holds_no_ml_data(holder: str) -> None:
    graph = graph_of(BUCKET + holder)
    assert data.is_ml_bucket(graph.resource("Data"), graph) == NO
