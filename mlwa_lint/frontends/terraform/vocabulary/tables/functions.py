"""Lambda, Step Functions."""

from mlwa_lint.frontends.terraform.vocabulary.converters import holding, inside
from mlwa_lint.frontends.terraform.vocabulary.spec import FieldSpec, Table, many, one, to
from mlwa_lint.model.values import Value

_ACCESS = many("AccessConfigs")
_DESTINATION: dict[str, FieldSpec] = {"destination_arn": "Destination"}
_KAFKA: dict[str, FieldSpec] = {
    "schema_registry_config": one(
        "SchemaRegistryConfig",
        {
            "access_config": _ACCESS,
            "schema_registry_uri": "SchemaRegistryURI",
            "schema_validation_config": many("SchemaValidationConfigs"),
        },
    )
}


def _log_destinations(value: Value) -> Value:
    return holding("CloudWatchLogsLogGroup")(inside("LogGroupArn")(value))


TABLES = {
    "aws_lambda_function": Table(
        "AWS::Lambda::Function",
        {
            "code_sha256": None,
            "filename": None,
            "file_system_config": many("FileSystemConfigs"),
            "image_uri": "Code.ImageUri",
            "s3_bucket": "Code.S3Bucket",
            "s3_key": "Code.S3Key",
            "s3_object_version": "Code.S3ObjectVersion",
            "source_kms_key_arn": "Code.SourceKMSKeyArn",
            "publish": None,
            "publish_to": None,
            "replace_security_groups_on_destroy": None,
            "replacement_security_group_ids": None,
            "skip_destroy": None,
            "source_code_hash": None,
            "use_resource_timeout_for_propagation": None,
            "durable_config": one("DurableConfig", {"retention_period": "RetentionPeriodInDays"}),
            "capacity_provider_config": one("CapacityProviderConfig"),
        },
    ),
    "aws_lambda_permission": Table(
        "AWS::Lambda::Permission",
        {
            "principal_org_id": "PrincipalOrgID",
            "qualifier": None,
            "statement_id": None,
            "statement_id_prefix": None,
        },
        tags="none",
    ),
    "aws_lambda_function_url": Table(
        "AWS::Lambda::Url",
        {"authorization_type": "AuthType", "function_name": "TargetFunctionArn", "cors": one("Cors")},
        tags="none",
    ),
    "aws_lambda_function_event_invoke_config": Table(
        "AWS::Lambda::EventInvokeConfig", {"destination_config": one("DestinationConfig")}, tags="none"
    ),
    "aws_lambda_event_source_mapping": Table(
        "AWS::Lambda::EventSourceMapping",
        {
            "amazon_managed_kafka_event_source_config": one("AmazonManagedKafkaEventSourceConfig", _KAFKA),
            "self_managed_kafka_event_source_config": one("SelfManagedKafkaEventSourceConfig", _KAFKA),
            "destination_config": one("DestinationConfig", {"on_failure": one("OnFailure", _DESTINATION)}),
            "document_db_event_source_config": "DocumentDBEventSourceConfig",
            "filter_criteria": one("FilterCriteria", {"filter": many("Filters")}),
            "source_access_configuration": many("SourceAccessConfigurations", {"uri": "URI"}),
            "use_resource_timeout_for_propagation": None,
        },
    ),
    "aws_lambda_alias": Table(
        "AWS::Lambda::Alias",
        {"routing_config": one("RoutingConfig", {"additional_version_weights": None})},
        tags="none",
    ),
    "aws_sfn_state_machine": Table(
        "AWS::StepFunctions::StateMachine",
        {
            "name": "StateMachineName",
            "name_prefix": None,
            "definition": "DefinitionString",
            "logging_configuration": one(
                "LoggingConfiguration",
                {"log_destination": to("Destinations", _log_destinations)},
            ),
            "publish": None,
            "type": "StateMachineType",
            "version_description": None,
        },
    ),
}
