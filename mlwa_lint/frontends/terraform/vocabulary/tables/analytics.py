"""Glue, Athena, Kinesis."""

from mlwa_lint.frontends.terraform.vocabulary.converters import over
from mlwa_lint.frontends.terraform.vocabulary.spec import FieldSpec, Table, many, one, pascal
from mlwa_lint.frontends.terraform.vocabulary.tables.firehose import FIREHOSE
from mlwa_lint.model.values import Absent, Entry, MapValue, Scalar, Value

_TABLE_INPUT = (
    "name",
    "description",
    "owner",
    "parameters",
    "retention",
    "table_type",
    "view_expanded_text",
    "view_original_text",
)
_DATABASE_INPUT = ("name", "description", "location_uri", "parameters")
_TARGET_LISTS = {
    "catalog_target": "CatalogTargets",
    "delta_target": "DeltaTargets",
    "dynamodb_target": "DynamoDBTargets",
    "hudi_target": "HudiTargets",
    "iceberg_target": "IcebergTargets",
    "jdbc_target": "JdbcTargets",
    "mongodb_target": "MongoDBTargets",
    "s3_target": "S3Targets",
}


def _below(parent: str, names: tuple[str, ...]) -> dict[str, FieldSpec]:
    return {name: f"{parent}.{pascal(name)}" for name in names}


def _encrypted_stream(entries: dict[str, Entry]) -> dict[str, Entry]:
    """`encryption_type = "NONE"`, the default, means no encryption at all."""
    entry = entries.pop("EncryptionType", None)
    key = entries.pop("KeyId", None)
    if entry is None:
        return entries

    def convert(value: Value) -> Value:
        if isinstance(value, Absent) or (isinstance(value, Scalar) and value.data == "NONE"):
            return Absent(value.span)
        if isinstance(value, Scalar):
            inner = {"EncryptionType": entry._replace(value=value)}
            if key is not None:
                inner["KeyId"] = key
            return MapValue(inner, value.span, None, value.assumed)
        return value

    entries["StreamEncryption"] = Entry(entry.key_span, over(entry.value, convert), entry.label)
    return entries


TABLES = {
    "aws_glue_job": Table(
        "AWS::Glue::Job",
        {
            "role_arn": "Role",
            "connections": "Connections.Connections",
            "job_run_queuing_enabled": "JobRunQueuingEnabled",
        },
        tags="map",
        defaults={"Command.Name": "glueetl"},
    ),
    "aws_glue_crawler": Table(
        "AWS::Glue::Crawler",
        {
            **{
                name: many(
                    f"Targets.{target}",
                    {"dlq_event_queue_arn": "DlqEventQueueArn", "event_queue_arn": "EventQueueArn"}
                    if target == "S3Targets"
                    else {"enable_additional_metadata": None}
                    if target == "JdbcTargets"
                    else {},
                )
                for name, target in _TARGET_LISTS.items()
            },
            "schedule": "Schedule.ScheduleExpression",
            "security_configuration": "CrawlerSecurityConfiguration",
        },
        tags="map",
    ),
    "aws_glue_dev_endpoint": Table("AWS::Glue::DevEndpoint", {"name": "EndpointName"}, tags="map"),
    "aws_glue_security_configuration": Table(
        "AWS::Glue::SecurityConfiguration",
        {
            "encryption_configuration": one(
                "EncryptionConfiguration",
                {
                    "cloudwatch_encryption": one(
                        "CloudWatchEncryption", {"cloudwatch_encryption_mode": "CloudWatchEncryptionMode"}
                    ),
                    "s3_encryption": many("S3Encryptions"),
                },
            )
        },
        tags="none",
    ),
    "aws_glue_catalog_database": Table(
        "AWS::Glue::Database",
        {
            **_below("DatabaseInput", _DATABASE_INPUT),
            "create_table_default_permission": None,
            "federated_database": one("DatabaseInput.FederatedDatabase"),
            "target_database": one("DatabaseInput.TargetDatabase"),
        },
        tags="none",
    ),
    "aws_athena_database": Table(
        "AWS::Glue::Database",
        {
            "name": "DatabaseInput.Name",
            "comment": "DatabaseInput.Description",
            "properties": "DatabaseInput.Parameters",
            "acl_configuration": None,
            "bucket": None,
            "encryption_configuration": None,
            "expected_bucket_owner": None,
            "force_destroy": None,
            "workgroup": None,
        },
        tags="none",
    ),
    "aws_glue_catalog_table": Table(
        "AWS::Glue::Table",
        {
            **_below("TableInput", _TABLE_INPUT),
            "partition_index": None,
            "view_definition": None,
            "partition_keys": many("TableInput.PartitionKeys", {"parameters": None}),
            "target_table": one("TableInput.TargetTable"),
            "storage_descriptor": one(
                "TableInput.StorageDescriptor",
                {
                    "additional_locations": None,
                    "columns": many("Columns", {"parameters": None}),
                    "schema_reference": one("SchemaReference"),
                    "ser_de_info": one("SerdeInfo"),
                    "skewed_info": one("SkewedInfo"),
                    "sort_columns": many("SortColumns"),
                },
            ),
        },
        tags="none",
    ),
    "aws_glue_trigger": Table(
        "AWS::Glue::Trigger",
        {
            "actions": many("Actions"),
            "enabled": None,
            "event_batching_condition": one("EventBatchingCondition"),
            "predicate": one("Predicate", {"conditions": many("Conditions")}),
        },
        tags="map",
    ),
    "aws_glue_workflow": Table("AWS::Glue::Workflow", tags="map"),
    "aws_glue_connection": Table(
        "AWS::Glue::Connection",
        {
            **_below(
                "ConnectionInput",
                (
                    "athena_properties",
                    "connection_properties",
                    "connection_type",
                    "description",
                    "match_criteria",
                    "name",
                ),
            ),
            "authentication_configuration": one("ConnectionInput.AuthenticationConfiguration"),
            "physical_connection_requirements": one("ConnectionInput.PhysicalConnectionRequirements"),
        },
        tags="map",
    ),
    "aws_athena_workgroup": Table(
        "AWS::Athena::WorkGroup",
        {
            "force_destroy": "RecursiveDeleteOption",
            "state": "State",
            "configuration": one(
                "WorkGroupConfiguration",
                {
                    "enable_minimum_encryption_configuration": None,
                    "identity_center_configuration": None,
                    "managed_query_results_configuration": one("ManagedQueryResultsConfiguration"),
                    "monitoring_configuration": None,
                    "query_results_s3_access_grants_configuration": None,
                    "enforce_workgroup_configuration": "EnforceWorkGroupConfiguration",
                    "publish_cloudwatch_metrics_enabled": "PublishCloudWatchMetricsEnabled",
                    "customer_content_encryption_configuration": one(
                        "CustomerContentEncryptionConfiguration"
                    ),
                    "result_configuration": one(
                        "ResultConfiguration",
                        {
                            "acl_configuration": one("AclConfiguration"),
                            "encryption_configuration": one(
                                "EncryptionConfiguration", {"kms_key_arn": "KmsKey"}
                            ),
                        },
                    ),
                },
            ),
        },
        defaults={"WorkGroupConfiguration.EnforceWorkGroupConfiguration": True},
    ),
    "aws_athena_named_query": Table(
        "AWS::Athena::NamedQuery", {"query": "QueryString", "workgroup": "WorkGroup"}, tags="none"
    ),
    "aws_kinesis_stream": Table(
        "AWS::Kinesis::Stream",
        {
            "arn": None,
            "enforce_consumer_deletion": None,
            "kms_key_id": "KeyId",
            "max_record_size_in_kib": "MaxRecordSizeInKiB",
            "retention_period": "RetentionPeriodHours",
            "shard_level_metrics": "DesiredShardLevelMetrics",
            "warm_throughput_mib_ps": "WarmThroughputMiBps",
        },
        finish=_encrypted_stream,
        names={
            "StreamEncryption": "encryption_type",
            "StreamEncryption.EncryptionType": "encryption_type",
            "StreamEncryption.KeyId": "kms_key_id",
        },
    ),
    **FIREHOSE,
}
