"""Which kind of edge a mention makes, and which properties are meant to name another resource."""

from mlwa_lint.graph.edges import EdgeKind

# -- canonical types, each named once
# hosting
ENDPOINT = "AWS::SageMaker::Endpoint"
ENDPOINT_CONFIG = "AWS::SageMaker::EndpointConfig"
INFERENCE_COMPONENT = "AWS::SageMaker::InferenceComponent"
MODEL = "AWS::SageMaker::Model"
SSM_PARAMETER = "AWS::SSM::Parameter"
MODEL_CARD = "AWS::SageMaker::ModelCard"
MODEL_PACKAGE = "AWS::SageMaker::ModelPackage"
MODEL_PACKAGE_GROUP = "AWS::SageMaker::ModelPackageGroup"
MONITORING_SCHEDULE = "AWS::SageMaker::MonitoringSchedule"
SCALABLE_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
SCALING_POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
# training and data
FEATURE_GROUP = "AWS::SageMaker::FeatureGroup"
GLUE_CRAWLER = "AWS::Glue::Crawler"
GLUE_JOB = "AWS::Glue::Job"
GLUE_TABLE = "AWS::Glue::Table"
GLUE_TRIGGER = "AWS::Glue::Trigger"
HYPERPOD_CLUSTER = "AWS::SageMaker::Cluster"
PIPELINE = "AWS::SageMaker::Pipeline"
STATE_MACHINE = "AWS::StepFunctions::StateMachine"
# development
LIFECYCLE_CONFIG = "AWS::SageMaker::NotebookInstanceLifecycleConfig"
NOTEBOOK = "AWS::SageMaker::NotebookInstance"
STUDIO_DOMAIN = "AWS::SageMaker::Domain"
STUDIO_LIFECYCLE_CONFIG = "AWS::SageMaker::StudioLifecycleConfig"
USER_PROFILE = "AWS::SageMaker::UserProfile"
# generative AI
AGENT = "AWS::Bedrock::Agent"
AGENT_ALIAS = "AWS::Bedrock::AgentAlias"
AGENTCORE_GATEWAY = "AWS::BedrockAgentCore::Gateway"
AGENTCORE_MEMORY = "AWS::BedrockAgentCore::Memory"
APP_RUNNER = "AWS::AppRunner::Service"
AGENTCORE_RUNTIME = "AWS::BedrockAgentCore::Runtime"
# CloudFormation has no such type.
CUSTOM_MODEL = "aws_bedrock_custom_model"
DATA_SOURCE = "AWS::Bedrock::DataSource"
FLOW = "AWS::Bedrock::Flow"
GUARDRAIL = "AWS::Bedrock::Guardrail"
GUARDRAIL_VERSION = "AWS::Bedrock::GuardrailVersion"
INFERENCE_PROFILE = "AWS::Bedrock::ApplicationInferenceProfile"
KNOWLEDGE_BASE = "AWS::Bedrock::KnowledgeBase"
PROMPT = "AWS::Bedrock::Prompt"
PROMPT_ROUTER = "AWS::Bedrock::IntelligentPromptRouter"
# the resources around them
ALARM = "AWS::CloudWatch::Alarm"
BUCKET = "AWS::S3::Bucket"
BUCKET_POLICY = "AWS::S3::BucketPolicy"
BUDGET = "AWS::Budgets::Budget"
CODE_BUILD = "AWS::CodeBuild::Project"
CODE_PIPELINE = "AWS::CodePipeline::Pipeline"
COMPOSITE_ALARM = "AWS::CloudWatch::CompositeAlarm"
DASHBOARD = "AWS::CloudWatch::Dashboard"
DELIVERY_STREAM = "AWS::KinesisFirehose::DeliveryStream"
EVENT_RULE = "AWS::Events::Rule"
FUNCTION = "AWS::Lambda::Function"
FUNCTION_ALIASES = ("AWS::Lambda::Alias", "AWS::Lambda::Version")
FUNCTION_URL = "AWS::Lambda::Url"
INGRESS = "AWS::EC2::SecurityGroupIngress"
INSTANCE = "AWS::EC2::Instance"
INSTANCE_PROFILE = "AWS::IAM::InstanceProfile"
KEY = "AWS::KMS::Key"
KEY_ALIAS = "AWS::KMS::Alias"
LOG_GROUP = "AWS::Logs::LogGroup"
DELIVERY_SOURCE = "AWS::Logs::DeliverySource"
PERMISSION = "AWS::Lambda::Permission"
REPOSITORY = "AWS::ECR::Repository"
ROLE = "AWS::IAM::Role"
SECURITY_GROUP = "AWS::EC2::SecurityGroup"
STACK = "AWS::CloudFormation::Stack"
STREAM = "AWS::Kinesis::Stream"
SUBNET = "AWS::EC2::Subnet"
TASK_DEFINITION = "AWS::ECS::TaskDefinition"
BATCH_JOB = "AWS::Batch::JobDefinition"
VPC = "AWS::EC2::VPC"
VPC_ENDPOINT = "AWS::EC2::VPCEndpoint"

JOB_DEFINITIONS = (
    "AWS::SageMaker::DataQualityJobDefinition",
    "AWS::SageMaker::ModelQualityJobDefinition",
    "AWS::SageMaker::ModelBiasJobDefinition",
    "AWS::SageMaker::ModelExplainabilityJobDefinition",
)
POLICY_TYPES = frozenset(
    {
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::RolePolicy",
        ROLE,
        BUCKET_POLICY,
        KEY,
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
    }
)
WORKFLOW_TYPES = frozenset({STATE_MACHINE, PIPELINE})
# Properties that hold a workflow's document; its steps are resources of their own.
DOCUMENT_PROPERTIES = frozenset(
    {"Definition", "DefinitionString", "DefinitionSubstitutions", "PipelineDefinition"}
)
DATA_TYPES = frozenset(
    {
        BUCKET,
        "AWS::DynamoDB::Table",
        STREAM,
        DELIVERY_STREAM,
        FEATURE_GROUP,
        "AWS::Glue::Database",
        GLUE_TABLE,
        LOG_GROUP,
    }
)
_TRIGGERING = frozenset(
    {
        BUCKET,
        EVENT_RULE,
        "AWS::Scheduler::Schedule",
        "AWS::SNS::Topic",
        "AWS::SNS::Subscription",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Pipes::Pipe",
        CODE_PIPELINE,
        "AWS::IoT::TopicRule",
        GLUE_TRIGGER,
    }
)
_PLACES = frozenset(
    {
        VPC,
        SUBNET,
        SECURITY_GROUP,
    }
)
_CONFIGURATIONS = frozenset(
    {
        ENDPOINT_CONFIG,
        LIFECYCLE_CONFIG,
        "AWS::SageMaker::CodeRepository",
        "AWS::Glue::SecurityConfiguration",
        GUARDRAIL,
    }
)
# What watches or scales an endpoint, and the property that names it.
_WATCHING = {
    ALARM: ("Dimensions", EdgeKind.MONITORS),
    MONITORING_SCHEDULE: ("EndpointName", EdgeKind.MONITORS),
    **dict.fromkeys(JOB_DEFINITIONS, ("EndpointName", EdgeKind.MONITORS)),
    SCALABLE_TARGET: ("ResourceId", EdgeKind.SCALES),
    SCALING_POLICY: ("ResourceId", EdgeKind.SCALES),
}
_WRITING_WORDS = ("output", "destination", "capture", "result", "log", "failure", "checkpoint", "artifact")
# Where a value is handed on to a program: a role there is one that it may pass to others.
HANDED_ON = frozenset(
    {"DefaultArguments", "Environment", "EnvironmentVariables", "HyperParameters", "Variables"}
)
_ROLE_WORDS = ("rolearn", "role", "executionrole", "servicerole", "rolename", "roles", "jobrole")


# (type or "" for any, the property's own name) -> what it names, where plain text counts as a name.
_TARGETS = {
    ("", "EndpointConfigName"): ENDPOINT_CONFIG,
    ("", "EndpointName"): ENDPOINT,
    ("", "ModelName"): MODEL,
    ("", "ExecutionRoleArn"): ROLE,
    ("", "RoleArn"): ROLE,
    ("", "RoleARN"): ROLE,
    ("", "Role"): ROLE,
    ("", "ExecutionRole"): ROLE,
    ("", "AgentResourceRoleArn"): ROLE,
    ("", "KmsKeyId"): KEY,
    ("", "KmsKeyArn"): KEY,
    ("", "VolumeKmsKeyId"): KEY,
    ("", "KMSMasterKeyID"): KEY,
    ("", "CustomerEncryptionKeyArn"): KEY,
    ("", "EncryptionKeyArn"): KEY,
    ("", "KmsARN"): KEY,
    ("", "ModelKmsKeyId"): KEY,
    ("", "KmsKey"): KEY,
    ("", "S3Uri"): BUCKET,
    ("", "S3OutputPath"): BUCKET,
    ("", "DestinationS3Uri"): BUCKET,
    ("", "ModelDataUrl"): BUCKET,
    ("", "MonitoringJobDefinitionName"): "AWS::SageMaker::DataQualityJobDefinition",
    ("", "LifecycleConfigName"): LIFECYCLE_CONFIG,
    ("", "ScalingTargetId"): SCALABLE_TARGET,
    ("", "SecurityConfiguration"): "AWS::Glue::SecurityConfiguration",
    ("", "CrawlerSecurityConfiguration"): "AWS::Glue::SecurityConfiguration",
    ("", "GuardrailIdentifier"): "AWS::Bedrock::Guardrail",
    (BUCKET_POLICY, "Bucket"): BUCKET,
    ("", "DestinationBucketName"): BUCKET,
    ("", "S3BucketName"): BUCKET,
    ("", "BucketARN"): BUCKET,
    ("AWS::Athena::WorkGroup", "OutputLocation"): BUCKET,
    ("", "KinesisStreamARN"): STREAM,
    ("AWS::Lambda::EventInvokeConfig", "FunctionName"): FUNCTION,
    ("AWS::Lambda::Permission", "FunctionName"): FUNCTION,
    ("AWS::Lambda::Url", "TargetFunctionArn"): FUNCTION,
    ("AWS::Lambda::EventSourceMapping", "FunctionName"): FUNCTION,
    ("AWS::Lambda::Invocation", "FunctionName"): FUNCTION,
    ("AWS::IAM::Policy", "Roles"): ROLE,
    ("AWS::IAM::ManagedPolicy", "Roles"): ROLE,
    ("AWS::IAM::RolePolicy", "RoleName"): ROLE,
    (ENDPOINT, "AlarmName"): ALARM,
    (INFERENCE_COMPONENT, "AlarmName"): ALARM,
    (SCALABLE_TARGET, "ResourceId"): ENDPOINT,
    (SCALING_POLICY, "ResourceId"): ENDPOINT,
}


# The same where a name that nothing here has is as good as none: accounts have many of these.
_DECLARED = {
    (INSTANCE, "IamInstanceProfile"): INSTANCE_PROFILE,
    ("AWS::EC2::LaunchTemplate", "Name"): INSTANCE_PROFILE,
    (INSTANCE_PROFILE, "Roles"): ROLE,
    ("AWS::EMR::Cluster", "JobFlowRole"): INSTANCE_PROFILE,
    ("AWS::EMR::Cluster", "SecurityConfiguration"): "AWS::EMR::SecurityConfiguration",
    ("AWS::EMR::Cluster", "ServiceRole"): ROLE,
    (CODE_BUILD, "Location"): BUCKET,
}


# Types whose attributes are what a program, another template or a store gives back.
_RETURNING = (
    "AWS::CloudFormation::",
    "AWS::SSM::Parameter",
    "AWS::SecretsManager::",
    "AWS::ServiceCatalog::",
    "Custom::",
    "aws_cloudformation_",
    "aws_lambda_invocation",
)


def returns(resource_type: str) -> bool:
    """Whether attributes of a type may be the name of any other resource.

    So may those of a provider that is not AWS's (`terraform_data`, `random_pet`).
    """
    if resource_type.startswith(_RETURNING) or resource_type.endswith("::MODULE"):
        return True
    return not resource_type.startswith(("AWS::", "Alexa::", "aws_", "awscc_"))


def named_type(source_type: str, path: tuple[str, ...]) -> str | None:
    """The type of resource that a property names; None when it is not known to name any."""
    if not path or _is_document(source_type, path):
        return None
    key = path[-1]
    if source_type == EVENT_RULE and path[-3:] == ("detail", "bucket", "name"):
        return BUCKET
    own = (source_type, key)
    return _DECLARED.get(own) or _TARGETS.get(own) or _TARGETS.get(("", key))


def counts_declared_only(source_type: str, path: tuple[str, ...]) -> bool:
    """Whether a name in a property only matters where a resource of the project has it."""
    return (source_type, path[-1]) in _DECLARED


def kind_of(source_type: str, path: tuple[str, ...], target_type: str) -> EdgeKind:
    """What a mention of a resource of `target_type` in a property means."""
    special = _special_kind(source_type, path, target_type)
    if special is not None:
        return special
    if _is_document(source_type, path) and target_type not in (FUNCTION, ENDPOINT, *WORKFLOW_TYPES):
        return EdgeKind.REFERS_TO
    if target_type == ROLE:
        return EdgeKind.ASSUMES if _is_acted_with(path) else EdgeKind.REFERS_TO
    if target_type in (KEY, KEY_ALIAS):
        return EdgeKind.ENCRYPTS_WITH
    if target_type in DATA_TYPES:
        return EdgeKind.WRITES if writes_to(path) else EdgeKind.READS
    if target_type in _PLACES:
        return EdgeKind.PLACED_IN
    if target_type in _CONFIGURATIONS:
        return EdgeKind.CONFIGURES
    if target_type in (FUNCTION, ENDPOINT) or target_type in WORKFLOW_TYPES:
        return EdgeKind.TRIGGERS if source_type in _TRIGGERING else EdgeKind.INVOKES
    return EdgeKind.REFERS_TO


def _special_kind(source_type: str, path: tuple[str, ...], target_type: str) -> EdgeKind | None:
    if source_type in POLICY_TYPES and is_policy_path(path):
        return EdgeKind.GRANTS
    if target_type == ROLE and source_type in (
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::RolePolicy",
    ):
        return EdgeKind.GRANTS
    if source_type == BUCKET_POLICY and target_type == BUCKET:
        return EdgeKind.GRANTS
    if target_type == "AWS::IAM::ManagedPolicy":
        return EdgeKind.REFERS_TO
    if target_type == MODEL and not _is_document(source_type, path):
        return EdgeKind.HOSTS if source_type in (ENDPOINT_CONFIG, INFERENCE_COMPONENT) else EdgeKind.READS
    if target_type in (ENDPOINT, INFERENCE_COMPONENT):
        watching = _WATCHING.get(source_type)
        if watching is not None:
            # A name or a description that mentions an endpoint does not watch or scale it.
            key, kind = watching
            return kind if key in path else EdgeKind.REFERS_TO
    if target_type == SCALABLE_TARGET and source_type == SCALING_POLICY:
        return EdgeKind.SCALES
    if target_type in (ALARM, COMPOSITE_ALARM) and source_type == COMPOSITE_ALARM:
        return EdgeKind.MONITORS
    if source_type == MONITORING_SCHEDULE and target_type in JOB_DEFINITIONS:
        return EdgeKind.RUNS
    if source_type == KEY_ALIAS:
        return EdgeKind.REFERS_TO
    return None


def _is_acted_with(path: tuple[str, ...]) -> bool:
    """Whether a property names the role that its resource acts with, rather than one that it hands on."""
    return bool(path) and path[-1].lower().endswith(_ROLE_WORDS) and not HANDED_ON.intersection(path)


def _is_document(source_type: str, path: tuple[str, ...]) -> bool:
    return source_type in WORKFLOW_TYPES and bool(path) and path[0] in DOCUMENT_PROPERTIES


def is_policy_path(path: tuple[str, ...]) -> bool:
    """Whether a property is in a policy document, where `*` and `?` are wildcards."""
    return any(key in ("PolicyDocument", "KeyPolicy", "AssumeRolePolicyDocument") for key in path)


def writes_to(path: tuple[str, ...]) -> bool:
    """Whether a property's name means that data is written there."""
    return any(word in key.lower() for key in path for word in _WRITING_WORDS)
