"""Calls that add to a resource which another call makes: CloudFormation has all in one place."""

from collections.abc import Callable, Mapping

from mlwa_lint.frontends.python.boto3.parameters import cased
from mlwa_lint.model.values import ABSENT, Choice, Entry, ListValue, MapValue, Value
from mlwa_lint.startup.records import NamedTuple

_Convert = Callable[[Value], Value]


class FoldingCall(NamedTuple):
    """A call that adds to a resource.

    target:     the resource's type, and its property that the call's `key` names.
    properties: the call's parameter -> where it belongs in the resource, and how it reads there.
    append:     the property is a list that the call adds to.
    whole:      a list to which it adds all of its parameters as one item.
    """

    target: str
    name: str
    key: str
    properties: Mapping[str, tuple[str, _Convert]]
    append: bool = False
    whole: str = ""


def _same(value: Value) -> Value:
    return value


def _mapped(value: Value, change: Callable[[MapValue], Value]) -> Value:
    if isinstance(value, MapValue):
        return change(value)
    if isinstance(value, Choice):
        return value._replace(yes=_mapped(value.yes, change), no=_mapped(value.no, change))
    return value


def _renamed(value: MapValue, names: Mapping[str, str]) -> MapValue:
    return value._replace(entries={names.get(key, key): entry for key, entry in value.entries.items()})


def _each(value: Value, change: Callable[[MapValue], Value]) -> Value:
    """Every map of a list."""
    if isinstance(value, ListValue):
        return value._replace(items=tuple(_mapped(item, change) for item in value.items))
    return value


def _field(value: Value, key: str) -> Value:
    if not isinstance(value, MapValue):
        return value
    entry = value.entries.get(key)
    return entry.value if entry is not None else value.rest or ABSENT


def _encryption(value: Value) -> Value:
    """`{"Rules": [{"ApplyServerSideEncryptionByDefault": …}]}`."""

    def change(given: MapValue) -> Value:
        names = {"ApplyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault"}
        rules = _each(_field(given, "Rules"), lambda rule: _renamed(rule, names))
        entry = Entry(given.entries["Rules"].key_span if "Rules" in given.entries else given.span, rules)
        return given._replace(entries={"ServerSideEncryptionConfiguration": entry})

    return _mapped(value, change)


def _logging(value: Value) -> Value:
    """`{"LoggingEnabled": {"TargetBucket": …}}`."""
    names = {"TargetBucket": "DestinationBucketName", "TargetPrefix": "LogFilePrefix"}
    return _mapped(
        value, lambda given: _mapped(_field(given, "LoggingEnabled"), lambda v: _renamed(v, names))
    )


def _lifecycle(value: Value) -> Value:
    """Rules with `Expiration: {Days}` and `Transitions: [{Days}]`."""

    def rule(given: MapValue) -> Value:
        entries = dict(_renamed(given, {"ID": "Id"}).entries)
        expiration = entries.pop("Expiration", None)
        if expiration is not None and isinstance(expiration.value, MapValue):
            for key, name in (("Days", "ExpirationInDays"), ("Date", "ExpirationDate")):
                if key in expiration.value.entries:
                    entries[name] = expiration.value.entries[key]
        if "Transitions" in entries:
            held = entries["Transitions"]
            moved = _each(held.value, lambda each: _renamed(each, {"Days": "TransitionInDays"}))
            entries["Transitions"] = held._replace(value=moved)
        if "Filter" in entries and isinstance(entries["Filter"].value, MapValue):
            inner = entries["Filter"].value.entries
            if "Prefix" in inner:
                entries["Prefix"] = inner["Prefix"]
        return given._replace(entries=entries)

    def change(given: MapValue) -> Value:
        rules = _each(_field(given, "Rules"), rule)
        span = given.entries["Rules"].key_span if "Rules" in given.entries else given.span
        return given._replace(entries={"Rules": Entry(span, rules)})

    return _mapped(value, change)


def _notifications(value: Value) -> Value:
    names = {"LambdaFunctionConfigurations": "LambdaConfigurations"}
    inner = {"LambdaFunctionArn": "Function", "QueueArn": "Queue", "TopicArn": "Topic", "Events": "Event"}

    def change(given: MapValue) -> Value:
        entries = {
            key: entry._replace(value=_each(entry.value, lambda each: _renamed(each, inner)))
            for key, entry in _renamed(given, names).entries.items()
        }
        return given._replace(entries=entries)

    return _mapped(value, change)


def _tag_set(value: Value) -> Value:
    return _mapped(value, lambda given: _field(given, "TagSet"))


def _of_bucket(parameter: str, name: str, convert: _Convert = _same) -> FoldingCall:
    return FoldingCall("AWS::S3::Bucket", "BucketName", "Bucket", {parameter: (name, convert)})


def _of_sagemaker(noun: str, *parameters: str) -> FoldingCall:
    key = f"{noun}Name"
    return FoldingCall(f"AWS::SageMaker::{noun}", key, key, {each: (each, _same) for each in parameters})


# (client, method) -> what it adds to what.
FOLDS: Mapping[tuple[str, str], FoldingCall] = {
    ("s3", "put_bucket_encryption"): _of_bucket(
        "ServerSideEncryptionConfiguration", "BucketEncryption", _encryption
    ),
    ("s3", "put_bucket_versioning"): _of_bucket("VersioningConfiguration", "VersioningConfiguration"),
    ("s3", "put_public_access_block"): _of_bucket(
        "PublicAccessBlockConfiguration", "PublicAccessBlockConfiguration"
    ),
    ("s3", "put_bucket_lifecycle_configuration"): _of_bucket(
        "LifecycleConfiguration", "LifecycleConfiguration", _lifecycle
    ),
    ("s3", "put_bucket_logging"): _of_bucket("BucketLoggingStatus", "LoggingConfiguration", _logging),
    ("s3", "put_bucket_tagging"): _of_bucket("Tagging", "Tags", _tag_set),
    ("s3", "put_bucket_notification_configuration"): _of_bucket(
        "NotificationConfiguration", "NotificationConfiguration", _notifications
    ),
    ("iam", "attach_role_policy"): FoldingCall(
        "AWS::IAM::Role", "RoleName", "RoleName", {"PolicyArn": ("ManagedPolicyArns", _same)}, append=True
    ),
    ("lambda", "put_function_concurrency"): FoldingCall(
        "AWS::Lambda::Function",
        "FunctionName",
        "FunctionName",
        {"ReservedConcurrentExecutions": ("ReservedConcurrentExecutions", _same)},
    ),
    ("ecr", "put_lifecycle_policy"): FoldingCall(
        "AWS::ECR::Repository",
        "RepositoryName",
        "repositoryName",
        {"lifecyclePolicyText": ("LifecyclePolicy.LifecyclePolicyText", _same)},
    ),
    ("bedrock-agent", "update_agent"): FoldingCall(
        "AWS::Bedrock::Agent",
        "AgentId",
        "agentId",
        {
            "guardrailConfiguration": ("GuardrailConfiguration", cased),
            "customerEncryptionKeyArn": ("CustomerEncryptionKeyArn", _same),
            "foundationModel": ("FoundationModel", _same),
        },
    ),
    ("logs", "put_retention_policy"): FoldingCall(
        "AWS::Logs::LogGroup", "LogGroupName", "logGroupName", {"retentionInDays": ("RetentionInDays", _same)}
    ),
    ("kms", "enable_key_rotation"): FoldingCall("AWS::KMS::Key", "KeyId", "KeyId", {}),
    ("bedrock-agent", "create_agent_action_group"): FoldingCall(
        "AWS::Bedrock::Agent", "AgentId", "agentId", {}, whole="ActionGroups"
    ),
    ("bedrock-agent", "associate_agent_knowledge_base"): FoldingCall(
        "AWS::Bedrock::Agent", "AgentId", "agentId", {}, whole="KnowledgeBases"
    ),
    ("events", "put_targets"): FoldingCall(
        "AWS::Events::Rule", "Name", "Rule", {"Targets": ("Targets", _same)}
    ),
    ("sagemaker", "update_endpoint"): _of_sagemaker("Endpoint", "EndpointConfigName", "DeploymentConfig"),
    ("sagemaker", "update_notebook_instance"): _of_sagemaker(
        "NotebookInstance", "InstanceType", "RoleArn", "LifecycleConfigName", "VolumeSizeInGB", "RootAccess"
    ),
    ("sagemaker", "update_monitoring_schedule"): _of_sagemaker(
        "MonitoringSchedule", "MonitoringScheduleConfig"
    ),
    ("sagemaker", "update_pipeline"): _of_sagemaker("Pipeline", "PipelineDefinition", "RoleArn"),
}
# What the call itself states, beside its parameters.
STATED = {("kms", "enable_key_rotation"): ("EnableKeyRotation", True)}
# Where the resource is made elsewhere, such a call still shows a part of it.
ALONE = frozenset({("sagemaker", "update_endpoint")})
# What starts a workflow: its type, the parameter that names it, and the property that has this name.
STARTS = {
    ("sagemaker", "start_pipeline_execution"): ("AWS::SageMaker::Pipeline", "PipelineName", "PipelineName"),
    ("stepfunctions", "start_execution"): (
        "AWS::StepFunctions::StateMachine",
        "stateMachineArn",
        "StateMachineName",
    ),
}
