"""Who belongs to machine learning: resource types, functions, roles."""

import pytest

from mlwa_lint.graph.queries import acting, identity
from mlwa_lint.model.answers import NO, YES, Answer
from tests.graph.test_data import ON_LOGS, ON_TEXTRACT, function, graph_of, role

UNDECIDED = Answer("undecided")


@pytest.mark.parametrize(
    ("resource_type", "expected"),
    [
        ("AWS::SageMaker::Model", True),
        ("AWS::Bedrock::Guardrail", True),
        ("aws_sagemaker_workforce", True),
        ("AWS::S3::Bucket", False),
        ("AWS::Glue::Job", False),
    ],
)
def test_types_that_belong_to_ml(resource_type: str, expected: bool) -> None:
    assert identity.is_ml_type(resource_type) is expected


def allow(action: str, resource: str = "'*'") -> str:
    return f"{{Effect: Allow, Action: {action}, Resource: {resource}}}"


@pytest.mark.parametrize(
    ("statement", "ai", "inference"),
    [
        (ON_TEXTRACT, YES, NO),
        (allow("['rekognition:DetectLabels', 's3:GetObject']"), YES, NO),
        (allow("'Comprehend:*'"), YES, NO),
        (allow("'personalize:GetRecommendations'"), YES, NO),
        (allow("'personalize:*'"), YES, NO),
        (allow("'personalize:CreateSchema'"), NO, NO),
        (allow("'frauddetector:GetEventPrediction'"), YES, NO),
        (allow("'lex:RecognizeText'"), YES, NO),
        (allow("'kendra:Que*'"), YES, NO),
        (allow("'qbusiness:ChatSync'"), YES, NO),
        (allow("'sagemaker:StartHumanLoop'"), NO, NO),
        (allow("'sagemaker:InvokeEndpoint'"), NO, YES),
        (allow("'sagemaker:*'"), NO, YES),
        (allow("'bedrock:Invoke*'"), NO, YES),
        (allow("'sagemaker:CreateTrainingJob'"), NO, NO),
        ("{Effect: Deny, Action: 'textract:*', Resource: '*'}", NO, NO),
        (ON_LOGS, NO, NO),
        (allow("'*'"), NO, NO),
        (allow("!Ref P"), UNDECIDED, UNDECIDED),
    ],
)
def test_what_a_function_calls(statement: str, ai: Answer, inference: Answer) -> None:
    graph = graph_of(role("R", "lambda", statement) + function())
    view = graph.resource("F")
    assert identity.calls_ai_service(view, graph) == ai
    assert identity.calls_inference(view, graph) == inference


@pytest.mark.parametrize(
    ("arn", "ai", "inference"),
    [
        ("arn:aws:iam::aws:policy/AmazonTextractFullAccess", YES, NO),
        ("arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess", YES, NO),
        ("arn:aws:iam::aws:policy/AmazonFraudDetectorFullAccessPolicy", YES, NO),
        ("arn:aws:iam::aws:policy/AmazonSageMakerFullAccess", NO, YES),
        ("arn:aws:iam::aws:policy/AmazonBedrockFullAccess", NO, YES),
        ("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", NO, NO),
    ],
)
def test_policies_that_aws_manages_show_what_a_function_calls(
    arn: str, ai: Answer, inference: Answer
) -> None:
    managed = f"  R: {{Type: 'AWS::IAM::Role', Properties: {{ManagedPolicyArns: ['{arn}']}}}}\n"
    graph = graph_of(managed + function())
    view = graph.resource("F")
    assert identity.calls_ai_service(view, graph) == ai
    assert identity.calls_inference(view, graph) == inference
    assert identity.is_ml_function(view, graph) == (ai | inference)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("sagemaker:CreateTrainingJob", YES),
        ("sagemaker:CreateEndpoint*", YES),
        ("sagemaker:StartPipelineExecution", YES),
        ("bedrock:CreateModelInvocationJob", YES),
        ("rekognition:CreateProjectVersion", YES),
        ("personalize:CreateSolutionVersion", YES),
        ("sagemaker:DescribeTrainingJob", NO),
        ("sagemaker:CreatePresignedNotebookInstanceUrl", NO),
        ("rekognition:CreateCollection", NO),
        ("*", NO),
    ],
)
def test_a_function_that_starts_jobs_works_for_ml(action: str, expected: Answer) -> None:
    graph = graph_of(role("R", "lambda", allow(f"'{action}'")) + function())
    view = graph.resource("F")
    assert identity.starts_jobs(view, graph) == expected
    assert identity.is_ml_function(view, graph) == expected
    assert identity.invokes_model(view, graph) == NO


CUSTOM = "  C: {Type: 'Custom::Setup', Properties: {ServiceToken: !GetAtt F.Arn}}\n"
PROVIDER = (
    "  C: {Type: 'Custom::Setup', Properties: {ServiceToken: !GetAtt Framework.Arn}}\n"
    "  Framework:\n    Type: AWS::Lambda::Function\n    Properties:\n"
    "      Environment: {Variables: {USER_ON_EVENT_FUNCTION_ARN: !GetAtt F.Arn}}\n"
)
SCHEDULED = "  S: {Type: 'AWS::Events::Rule', Properties: {Targets: [{Id: f, Arn: !GetAtt F.Arn}]}}\n"
ALLOWED = "  A: {Type: 'AWS::Lambda::Permission', Properties: {FunctionName: !Ref F, Principal: x}}\n"


@pytest.mark.parametrize(
    ("callers", "expected"),
    [(CUSTOM, NO), (CUSTOM + ALLOWED, NO), (PROVIDER, NO), (CUSTOM + SCHEDULED, YES), (ALLOWED, YES)],
    ids=["custom resource", "with permission", "provider framework", "scheduled too", "permission alone"],
)
def test_a_function_that_sets_up_a_stack_works_for_nothing_else(callers: str, expected: Answer) -> None:
    graph = graph_of(role("R", "lambda", allow("'sagemaker:CreateModel'")) + function() + callers)
    assert identity.starts_jobs(graph.resource("F"), graph) == expected


def test_a_function_whose_role_is_not_known_may_call_anything() -> None:
    graph = graph_of(function("!Ref P"))
    assert identity.is_ml_function(graph.resource("F"), graph) == UNDECIDED


def test_a_function_that_names_an_endpoint_calls_it() -> None:
    endpoint = "  E: {Type: 'AWS::SageMaker::Endpoint', Properties: {EndpointConfigName: c}}\n"
    names = "      Environment: {Variables: {ENDPOINT: !GetAtt E.EndpointName}}\n"
    graph = graph_of(endpoint + role("R", "lambda", ON_LOGS) + function(rest=names))
    assert identity.calls_inference(graph.resource("F"), graph) == YES


NOTEBOOK = (
    "  N: {Type: 'AWS::SageMaker::NotebookInstance', Properties: {InstanceType: x, RoleArn: !GetAtt R.Arn}}\n"
)


MODELS = "  M: {Type: 'AWS::SageMaker::ModelPackageGroup', Properties: {ModelPackageGroupName: m}}\n"
HANDED_ON = function("!GetAtt A.Arn", "      Environment: {Variables: {STACK_ROLE: !GetAtt R.Arn}}\n")


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (role("R", "sagemaker", ON_LOGS), YES),
        (role("R", "transcribe", ON_LOGS), YES),
        (role("R", "glue", ON_LOGS), NO),
        (role("R", "glue", ON_LOGS) + MODELS, YES),
        (role("R", "cloudformation", ON_LOGS) + role("A", "lambda", ON_TEXTRACT) + HANDED_ON, NO),
        (role("R", "ec2", ON_LOGS), NO),
        (role("R", "ec2", ON_LOGS) + NOTEBOOK, YES),
        (role("R", "lambda", ON_TEXTRACT) + function(), YES),
        (role("R", "lambda", ON_LOGS) + function(), NO),
    ],
)
def test_roles_of_ml(resources: str, expected: Answer) -> None:
    graph = graph_of(resources)
    assert identity.is_ml_role(graph.resource("R"), graph) == expected


OTHERS = [function().replace("F:", f"{name}:", 1) for name in "GH"]


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (role("R", "sagemaker", ON_LOGS), None),
        (role("R", "ec2", ON_LOGS) + NOTEBOOK, None),
        (role("R", "lambda", ON_TEXTRACT) + function(), "Function F"),
        (role("R", "lambda", ON_TEXTRACT) + function() + OTHERS[0], "Function F and Function G"),
        (role("R", "lambda", ON_TEXTRACT) + function() + "".join(OTHERS), "Function F and 2 other functions"),
        (role("R", "glue", ON_LOGS) + MODELS, "AWS Glue"),
    ],
)
def test_messages_name_who_acts_with_a_role(resources: str, expected: str | None) -> None:
    graph = graph_of(resources)
    assert acting.user_of(graph.resource("R"), graph) == expected
