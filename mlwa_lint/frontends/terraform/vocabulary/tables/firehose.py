"""Firehose delivery streams."""

from mlwa_lint.frontends.terraform.vocabulary.converters import over
from mlwa_lint.frontends.terraform.vocabulary.spec import FieldSpec, Table, many, one
from mlwa_lint.model.values import Absent, Entry, MapValue, Reference, Scalar, Unknown, Value

_LOGGING = one("CloudWatchLoggingOptions")
_PROCESSING = one(
    "ProcessingConfiguration", {"processors": many("Processors", {"parameters": many("Parameters")})}
)
_S3: dict[str, FieldSpec] = {
    "bucket_arn": "BucketARN",
    "role_arn": "RoleARN",
    "buffering_interval": "BufferingHints.IntervalInSeconds",
    "buffering_size": "BufferingHints.SizeInMBs",
    "cloudwatch_logging_options": _LOGGING,
    "kms_key_arn": "EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN",
}
_EXTENDED_S3: dict[str, FieldSpec] = {
    **_S3,
    "processing_configuration": _PROCESSING,
    "s3_backup_configuration": one("S3BackupConfiguration", _S3),
    "dynamic_partitioning_configuration": one(
        "DynamicPartitioningConfiguration", {"retry_duration": "RetryOptions.DurationInSeconds"}
    ),
    "data_format_conversion_configuration": one(
        "DataFormatConversionConfiguration",
        {
            "input_format_configuration": one(
                "InputFormatConfiguration",
                {
                    "deserializer": one(
                        "Deserializer",
                        {"hive_json_ser_de": "HiveJsonSerDe", "open_x_json_ser_de": "OpenXJsonSerDe"},
                    )
                },
            ),
            "output_format_configuration": one(
                "OutputFormatConfiguration",
                {
                    "serializer": one(
                        "Serializer", {"orc_ser_de": "OrcSerDe", "parquet_ser_de": "ParquetSerDe"}
                    )
                },
            ),
            "schema_configuration": one("SchemaConfiguration", {"role_arn": "RoleARN"}),
        },
    ),
}


def _other(**names: str | None) -> dict[str, FieldSpec]:
    """Destinations of which the S3 part and the role matter."""
    return {
        "s3_configuration": one("S3Configuration", _S3),
        "role_arn": "RoleARN",
        "cloudwatch_logging_options": _LOGGING,
        "processing_configuration": _PROCESSING,
        "buffering_interval": "BufferingHints.IntervalInSeconds",
        "buffering_size": "BufferingHints.SizeInMBs",
        "retry_duration": "RetryOptions.DurationInSeconds",
        **names,
    }


def _finish(entries: dict[str, Entry]) -> dict[str, Entry]:
    """Server-side encryption that is not enabled is none; a source stream decides the stream's type."""
    if "KinesisStreamSourceConfiguration" in entries:
        source = entries["KinesisStreamSourceConfiguration"]
        entries["DeliveryStreamType"] = Entry(
            source.key_span, Scalar("KinesisStreamAsSource", source.key_span), source.label
        )
    encryption = entries.get("DeliveryStreamEncryptionConfigurationInput")
    if encryption is not None:
        entries["DeliveryStreamEncryptionConfigurationInput"] = encryption._replace(
            value=over(encryption.value, _enabled)
        )
    return entries


def _enabled(value: Value) -> Value:
    if not isinstance(value, MapValue):
        return value
    enabled = value.entries.get("Enabled")
    inner = {name: entry for name, entry in value.entries.items() if name != "Enabled"}
    if enabled is None:
        return value.rest if value.rest is not None else Absent(value.span)
    if "KeyType" not in inner or isinstance(inner["KeyType"].value, Absent):
        owned = Scalar("AWS_OWNED_CMK", enabled.key_span)  # the provider's default
        inner["KeyType"] = Entry(enabled.key_span, owned, "key_type")

    def convert(flag: Value) -> Value:
        if isinstance(flag, Scalar):
            on = flag.data in (True, "true")
            return value._replace(entries=inner) if on else Absent(value.span, flag.assumed)
        if isinstance(flag, (Unknown, Reference)):
            reason = flag.reason if isinstance(flag, Unknown) else "it is known only after deployment"
            return Unknown(reason, value.span)
        return Absent(value.span)

    return over(enabled.value, convert)


FIREHOSE = {
    "aws_kinesis_firehose_delivery_stream": Table(
        "AWS::KinesisFirehose::DeliveryStream",
        {
            "name": "DeliveryStreamName",
            "arn": None,
            "destination": None,
            "destination_id": None,
            "version_id": None,
            "server_side_encryption": one(
                "DeliveryStreamEncryptionConfigurationInput",
                {"key_arn": "KeyARN", "enabled": "Enabled"},
            ),
            "kinesis_source_configuration": one(
                "KinesisStreamSourceConfiguration",
                {"kinesis_stream_arn": "KinesisStreamARN", "role_arn": "RoleARN"},
            ),
            "msk_source_configuration": one(
                "MSKSourceConfiguration",
                {
                    "msk_cluster_arn": "MSKClusterARN",
                    "authentication_configuration": one(
                        "AuthenticationConfiguration", {"role_arn": "RoleARN"}
                    ),
                },
            ),
            "extended_s3_configuration": one("ExtendedS3DestinationConfiguration", _EXTENDED_S3),
            "s3_configuration": one("S3DestinationConfiguration", _S3),
            "elasticsearch_configuration": one(
                "ElasticsearchDestinationConfiguration", _other(domain_arn="DomainARN")
            ),
            "opensearch_configuration": one(
                "AmazonopensearchserviceDestinationConfiguration", _other(domain_arn="DomainARN")
            ),
            "opensearchserverless_configuration": one(
                "AmazonOpenSearchServerlessDestinationConfiguration", _other()
            ),
            "redshift_configuration": one(
                "RedshiftDestinationConfiguration", _other(cluster_jdbcurl="ClusterJDBCURL")
            ),
            "http_endpoint_configuration": one(
                "HttpEndpointDestinationConfiguration",
                _other(
                    request_configuration=None,
                    url="EndpointConfiguration.Url",
                    name="EndpointConfiguration.Name",
                    access_key="EndpointConfiguration.AccessKey",
                ),
            ),
            "iceberg_configuration": one("IcebergDestinationConfiguration", _other()),
            "snowflake_configuration": one("SnowflakeDestinationConfiguration", _other()),
            "splunk_configuration": one("SplunkDestinationConfiguration", _other()),
        },
        finish=_finish,
    )
}
