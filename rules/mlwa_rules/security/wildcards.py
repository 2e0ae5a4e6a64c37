"""What allows more than ML needs: wildcards of whole services, and AWS's broad managed policies."""

from mlwa_lint.graph.iam import policies
from mlwa_lint.rule import NO, Answer, possibly, some

BROAD_SERVICES = (
    "sagemaker",
    "s3",
    "bedrock",
    "bedrock-agentcore",
    "iam",
    "kms",
    "glue",
    "ecr",
    "secretsmanager",
    "dynamodb",
)
BROAD_ACTIONS = ("*", "*:*", *(f"{service}:*" for service in BROAD_SERVICES))
ADMINISTRATION = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")
BROAD_POLICIES = (
    "AmazonSageMakerFullAccess",
    "AmazonS3FullAccess",
    "AmazonBedrockFullAccess",
    "BedrockAgentCoreFullAccess",
    "SecretsManagerReadWrite",
    "AmazonAthenaFullAccess",
    "AmazonDocDBFullAccess",
    "AmazonDynamoDBFullAccess",
    "AmazonEC2ContainerRegistryFullAccess",
    "AmazonElasticContainerRegistryPublicFullAccess",
    "AmazonElasticFileSystemFullAccess",
    "AmazonElastiCacheFullAccess",
    "AmazonKendraFullAccess",
    "AmazonKinesisFirehoseFullAccess",
    "AmazonKinesisFullAccess",
    "AmazonOpenSearchServiceFullAccess",
    "AmazonRDSDataFullAccess",
    "AmazonRDSFullAccess",
    "AmazonRedshiftDataFullAccess",
    "AmazonRedshiftFullAccess",
    "AmazonSageMakerCanvasDataPrepFullAccess",
    "AmazonSageMakerCanvasFullAccess",
    "AmazonSageMakerModelRegistryFullAccess",
    "AmazonTimestreamFullAccess",
    "AWSGlueConsoleFullAccess",
    "AWSGlueConsoleSageMakerNotebookFullAccess",
    "AWSLakeFormationDataAdmin",
    "AWSLambda_FullAccess",
    "CloudWatchLogsFullAccess",
    "NeptuneFullAccess",
)
# What grants all of a service that runs code or passes messages on: named beside others, as whoever replaces
# these alone would leave it to the role.
BROAD_BESIDE = (
    "AWSAppRunnerFullAccess",
    "AWSCloudFormationFullAccess",
    "AWSCodePipeline_FullAccess",
    "AWSLambdaFullAccess",
    "AWSStepFunctionsFullAccess",
    "AmazonAPIGatewayAdministrator",
    "AmazonEC2FullAccess",
    "AmazonECS_FullAccess",
    "AmazonEventBridgeFullAccess",
    "AmazonSNSFullAccess",
    "AmazonSQSFullAccess",
    "AmazonSSMFullAccess",
    "AmazonVPCFullAccess",
)


def grants_wildcard_actions(statement: policies.Statement) -> Answer:
    """Whether a statement allows everything of a service, on every resource: MLS501 covers it."""
    granted = statement.any_action(lambda text: text.lower() in BROAD_ACTIONS)
    if not statement.view.lacks("NotAction"):
        covered = some(statement.covers_service(service) for service in BROAD_SERVICES)
        granted |= statement["NotAction"].is_present() & covered
    if not possibly(granted):
        return NO
    return statement.allows() & statement.on_any_resource() & granted
