"""Which attributes of a resource repeat one of its arguments, and which data sources read a resource back.

Terraform keeps a configured argument exactly as it is configured, so `aws_iam_role_policy.p.role` is whatever
`role` was set to. Only an argument that is the resource's own name refers to the resource itself.
"""

from collections.abc import Mapping

from mlwa_lint.startup.patterns import lazy

_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs"
# Where the tables come from: "Attribute Reference" of each type's page, and what the provider's code gives to
# `SetId` where the page does not state it.
SOURCE = f"{_DOCS}/resources and {_DOCS}/data-sources (provider 5.100 to 6.x)"

# Arguments that name the resource itself although they are not called `name` or after its type.
_OWN_NAMES: Mapping[str, frozenset[str]] = {
    "aws_appautoscaling_target": frozenset({"resource_id", "scalable_dimension", "service_namespace"}),
    "aws_cloudwatch_event_target": frozenset({"target_id"}),
    "aws_db_instance": frozenset({"identifier"}),
    "aws_docdb_cluster": frozenset({"cluster_identifier"}),
    "aws_elasticache_replication_group": frozenset({"replication_group_id"}),
    "aws_lambda_layer_version": frozenset({"layer_name"}),
    "aws_neptune_cluster": frozenset({"cluster_identifier"}),
    "aws_rds_cluster": frozenset({"cluster_identifier"}),
    "aws_redshift_cluster": frozenset({"cluster_identifier"}),
    "aws_s3_bucket": frozenset({"bucket"}),
    "aws_s3_bucket_object": frozenset({"key"}),
    "aws_s3_directory_bucket": frozenset({"bucket"}),
    "aws_s3_object": frozenset({"key"}),
    "aws_s3_object_copy": frozenset({"key"}),
}

_BUCKET = {"id": "bucket"}
_NAME = {"id": "name"}
_REPOSITORY = {"id": "repository"}
# Computed attribute -> the argument that it repeats.
_REPEATED: Mapping[str, Mapping[str, str]] = {
    "aws_athena_workgroup": _NAME,
    "aws_cloudwatch_dashboard": {"id": "dashboard_name"},
    "aws_cloudwatch_log_group": _NAME,
    "aws_cloudwatch_metric_alarm": {"id": "alarm_name"},
    "aws_codebuild_webhook": {"id": "project_name"},
    "aws_codecommit_repository": {"repository_id": "repository_name", "id": "repository_name"},
    "aws_dynamodb_table": _NAME,
    "aws_ecr_lifecycle_policy": _REPOSITORY,
    "aws_ecr_repository": _NAME,
    "aws_ecr_repository_policy": _REPOSITORY,
    "aws_ecs_cluster_capacity_providers": {"id": "cluster_name"},
    "aws_eks_cluster": _NAME,
    "aws_glue_job": _NAME,
    "aws_glue_security_configuration": _NAME,
    "aws_glue_trigger": _NAME,
    "aws_iam_group": _NAME,
    "aws_iam_group_membership": _NAME,
    "aws_iam_instance_profile": _NAME,
    "aws_iam_role": _NAME,
    "aws_iam_user": _NAME,
    "aws_kms_alias": _NAME,
    "aws_kms_key_policy": {"id": "key_id"},
    "aws_lambda_function": {"id": "function_name"},
    "aws_opensearchserverless_security_policy": _NAME,
    "aws_s3_bucket": _BUCKET,
    "aws_s3_bucket_accelerate_configuration": _BUCKET,
    "aws_s3_bucket_cors_configuration": _BUCKET,
    "aws_s3_bucket_lifecycle_configuration": _BUCKET,
    "aws_s3_bucket_logging": _BUCKET,
    "aws_s3_bucket_notification": _BUCKET,
    "aws_s3_bucket_object_lock_configuration": _BUCKET,
    "aws_s3_bucket_ownership_controls": _BUCKET,
    "aws_s3_bucket_policy": _BUCKET,
    "aws_s3_bucket_public_access_block": _BUCKET,
    "aws_s3_bucket_replication_configuration": _BUCKET,
    "aws_s3_bucket_request_payment_configuration": _BUCKET,
    "aws_s3_bucket_server_side_encryption_configuration": _BUCKET,
    "aws_s3_bucket_versioning": _BUCKET,
    "aws_s3_bucket_website_configuration": _BUCKET,
    "aws_s3_directory_bucket": _BUCKET,
    "aws_s3_object": {"id": "key"},
    "aws_sagemaker_code_repository": {"id": "code_repository_name"},
    "aws_sagemaker_device_fleet": {"id": "device_fleet_name"},
    "aws_sagemaker_endpoint": _NAME,
    "aws_sagemaker_endpoint_configuration": _NAME,
    "aws_sagemaker_feature_group": {"id": "feature_group_name"},
    "aws_sagemaker_model": _NAME,
    "aws_sagemaker_model_package_group": {"id": "model_package_group_name"},
    "aws_sagemaker_model_package_group_policy": {"id": "model_package_group_name"},
    "aws_sagemaker_monitoring_schedule": _NAME,
    "aws_sagemaker_notebook_instance": _NAME,
    "aws_sagemaker_notebook_instance_lifecycle_configuration": _NAME,
    "aws_sagemaker_pipeline": {"id": "pipeline_name"},
    "aws_secretsmanager_secret_policy": {"id": "secret_arn"},
    "aws_secretsmanager_secret_rotation": {"id": "secret_id"},
    "aws_sns_topic_policy": {"id": "arn"},
    "aws_sqs_queue_policy": {"id": "queue_url"},
    "aws_sqs_queue_redrive_allow_policy": {"id": "queue_url"},
    "aws_sqs_queue_redrive_policy": {"id": "queue_url"},
    "aws_ssm_parameter": {"id": "name", "insecure_value": "value", "value": "insecure_value"},
    "terraform_data": {"output": "input"},
}
# Computed attribute -> an argument that names another resource, and the attribute of that one.
_FOLLOWED: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "aws_kms_alias": {"target_key_arn": ("target_key_id", "arn")},
    "aws_secretsmanager_secret_version": {"arn": ("secret_id", "arn")},
    "aws_lambda_provisioned_concurrency_config": {"function_arn": ("function_name", "arn")},
}
# The same for data sources: few of them have the name as their id.
_REPEATED_IN_DATA: Mapping[str, Mapping[str, str]] = {
    "aws_bedrock_foundation_model": {"id": "model_id"},
    "aws_cloudwatch_log_group": _NAME,
    "aws_dynamodb_table": _NAME,
    "aws_ecr_repository": _NAME,
    "aws_eks_cluster": _NAME,
    "aws_iam_role": _NAME,
    "aws_lambda_function": {"id": "function_name"},
    "aws_s3_bucket": _BUCKET,
    "aws_ssm_parameter": _NAME,
}
# Data source -> the arguments by which it finds a resource of the same type.
_READ_BACK: Mapping[str, tuple[str, ...]] = {
    "aws_api_gateway_rest_api": ("name",),
    "aws_athena_workgroup": ("name",),
    "aws_cloudwatch_event_bus": ("name",),
    "aws_cloudwatch_log_group": ("name",),
    "aws_codecommit_repository": ("repository_name",),
    "aws_db_instance": ("db_instance_identifier",),
    "aws_dynamodb_table": ("name",),
    "aws_ecr_repository": ("name",),
    "aws_ecs_cluster": ("cluster_name",),
    "aws_efs_file_system": ("file_system_id",),
    "aws_eks_cluster": ("name",),
    "aws_elasticsearch_domain": ("domain_name",),
    "aws_iam_instance_profile": ("name",),
    "aws_iam_policy": ("arn", "name"),
    "aws_iam_role": ("name",),
    "aws_iam_user": ("user_name",),
    "aws_kinesis_firehose_delivery_stream": ("name",),
    "aws_kinesis_stream": ("name",),
    "aws_kms_alias": ("name",),
    "aws_kms_key": ("key_id",),
    "aws_lambda_alias": ("name",),
    "aws_lambda_function": ("function_name",),
    "aws_opensearch_domain": ("domain_name",),
    "aws_rds_cluster": ("cluster_identifier",),
    "aws_redshift_cluster": ("cluster_identifier",),
    "aws_s3_bucket": ("bucket",),
    "aws_secretsmanager_secret": ("arn", "name"),
    "aws_security_group": ("id", "name"),
    "aws_sfn_state_machine": ("name",),
    "aws_sns_topic": ("name",),
    "aws_sqs_queue": ("name",),
    "aws_ssm_parameter": ("name",),
    "aws_subnet": ("id",),
    "aws_vpc": ("id",),
}
# The arguments by which resources of these types are called otherwise than in their data source.
_RENAMED: Mapping[tuple[str, str], str] = {
    ("aws_db_instance", "db_instance_identifier"): "identifier",
    ("aws_ecs_cluster", "cluster_name"): "name",
    ("aws_iam_user", "user_name"): "name",
}
_TYPE = lazy(r'(?:module\.[\w-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\.)*(?!data\.|module\.)([\w-]+)\.[\w-]+')
# Other configurations' values: they refer to what those declare, never to what is declared here.
ELSEWHERE = frozenset({"terraform_remote_state", "aws_cloudformation_export", "aws_cloudformation_stack"})


# Arguments that stay null where nothing sets them (SOURCE: none of them is an attribute of its own).
_NEVER_COMPUTED = lazy(r"kms_key_(?:id|arn)$|(?:subnet_id|lifecycle_config_name|default_code_repository)$")
_OWN_SERVICES = ("aws_sagemaker_", "aws_bedrock")
_KEY = lazy(r"(?:^|_)kms_.*(?:id|arn)$")


def if_unset(kind: str, name: str) -> bool | None:
    """Whether an attribute is null where its argument is not set: False where the provider may fill it in.

    None where it certainly does so, or where the attribute is not an argument.
    """
    if kind.startswith(_OWN_SERVICES) and _NEVER_COMPUTED.match(name):
        return True
    return False if _KEY.search(name) else None


def type_in(address: str) -> str:
    """The type in a resource's address; empty for that of a data source."""
    match = _TYPE.match(address)
    return match.group(1) if match is not None else ""


def names_itself(terraform_type: str, argument: str) -> bool:
    """Whether an argument is the resource's own name: `aws_s3_bucket.b.bucket` is the bucket b."""
    if argument == "name" or argument in _OWN_NAMES.get(terraform_type, ()):
        return True
    return argument.endswith("_name") and terraform_type.endswith(f"_{argument.removesuffix('_name')}")


def repeated(terraform_type: str, attribute: str) -> str:
    """The argument whose value an attribute has; itself where it is an argument or nothing is known."""
    return _REPEATED.get(terraform_type, {}).get(attribute, attribute)


def repeated_in_data(data_type: str, attribute: str) -> str:
    """The same for a data source."""
    return _REPEATED_IN_DATA.get(data_type, {}).get(attribute, attribute)


def followed(terraform_type: str, attribute: str) -> tuple[str, str] | None:
    """The argument that names another resource, and the attribute of that one that this attribute is."""
    return _FOLLOWED.get(terraform_type, {}).get(attribute)


def found_by(data_type: str) -> tuple[str, ...]:
    """The arguments by which a data source finds a resource of its type; none if it may be any."""
    return _READ_BACK.get(data_type, ())


def own_argument(data_type: str, argument: str) -> str:
    """How the resource calls the argument by which its data source finds it."""
    return _RENAMED.get((data_type, argument), argument)
