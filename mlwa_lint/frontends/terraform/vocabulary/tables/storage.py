"""S3."""

from mlwa_lint.frontends.terraform.vocabulary.converters import (
    document,
    flag,
    key_filter,
    keys_as,
    single,
)
from mlwa_lint.frontends.terraform.vocabulary.spec import Field, FieldSpec, Fold, Table, many, one, to

_BUCKET = {"bucket": "bucket"}
_NO_OWNER: dict[str, FieldSpec] = {"expected_bucket_owner": None}

_canned_acl = keys_as(
    {
        "private": "Private",
        "public-read": "PublicRead",
        "public-read-write": "PublicReadWrite",
        "authenticated-read": "AuthenticatedRead",
        "log-delivery-write": "LogDeliveryWrite",
        "bucket-owner-read": "BucketOwnerRead",
        "bucket-owner-full-control": "BucketOwnerFullControl",
        "aws-exec-read": "AwsExecRead",
    }
)
# CloudFormation knows canned lists only; these are the names of S3's API.
_GRANTS = {
    "grant": many("Grants", {"grantee": one("Grantee", {"id": "ID", "uri": "URI"})}),
    "owner": None,
}
_ENCRYPTION_RULE = {
    "apply_server_side_encryption_by_default": one(
        "ServerSideEncryptionByDefault",
        {"sse_algorithm": "SSEAlgorithm", "kms_master_key_id": "KMSMasterKeyID"},
    ),
    "blocked_encryption_types": None,
}
_EXPIRATION = Field("", "one", {"days": "ExpirationInDays", "date": "ExpirationDate"})
_TRANSITIONS = many("Transitions", {"days": "TransitionInDays", "date": "TransitionDate"})
_AND: dict[str, FieldSpec] = {"tags": None}
_LIFECYCLE_RULE: dict[str, FieldSpec] = {
    "expiration": _EXPIRATION,
    "transition": _TRANSITIONS,
    "noncurrent_version_expiration": one("NoncurrentVersionExpiration"),
    "noncurrent_version_transition": many(
        "NoncurrentVersionTransitions", {"noncurrent_days": "TransitionInDays"}
    ),
    "filter": Field("", "one", {"and": Field("", "one", _AND), "tag": many("TagFilters")}),
}
_OLD_LIFECYCLE_RULE: dict[str, FieldSpec] = {
    "enabled": to("Status", flag("Enabled", "Disabled")),
    "tags": None,
    "abort_incomplete_multipart_upload_days": "AbortIncompleteMultipartUpload.DaysAfterInitiation",
    "expiration": _EXPIRATION,
    "transition": _TRANSITIONS,
    "noncurrent_version_expiration": one("NoncurrentVersionExpiration", {"days": "NoncurrentDays"}),
    "noncurrent_version_transition": many("NoncurrentVersionTransitions", {"days": "TransitionInDays"}),
}


def _notified(target: str) -> dict[str, FieldSpec]:
    return {
        "events": to("Event", single),
        "filter_prefix": to("Filter.S3Key.Rules", key_filter("prefix")),
        "filter_suffix": to("Filter.S3Key.Rules", key_filter("suffix")),
        "id": None,
        "lambda_function_arn": target,
        "queue_arn": target,
        "topic_arn": target,
    }


TABLES = {
    "aws_s3_bucket": Table(
        "AWS::S3::Bucket",
        {
            "bucket": "BucketName",
            "bucket_prefix": None,
            "bucket_namespace": None,
            "acl": to("AccessControl", _canned_acl),
            "grant": many(
                "AccessControlPolicy.Grants",
                {"id": "Grantee.ID", "type": "Grantee.Type", "uri": "Grantee.URI"},
            ),
            "policy": None,
            "acceleration_status": "AccelerateConfiguration.AccelerationStatus",
            "cors_rule": many(
                "CorsConfiguration.CorsRules",
                {"expose_headers": "ExposedHeaders", "max_age_seconds": "MaxAge"},
            ),
            "lifecycle_rule": many("LifecycleConfiguration.Rules", _OLD_LIFECYCLE_RULE),
            "logging": one(
                "LoggingConfiguration",
                {"target_bucket": "DestinationBucketName", "target_prefix": "LogFilePrefix"},
            ),
            "object_lock_configuration": one("ObjectLockConfiguration"),
            "replication_configuration": one("ReplicationConfiguration", {"rules": many("Rules")}),
            "request_payer": None,
            "server_side_encryption_configuration": one(
                "BucketEncryption", {"rule": many("ServerSideEncryptionConfiguration", _ENCRYPTION_RULE)}
            ),
            "versioning": one(
                "VersioningConfiguration",
                {"enabled": to("Status", flag("Enabled", "Suspended")), "mfa_delete": None},
            ),
            "website": one("WebsiteConfiguration", {"redirect_all_requests_to": None, "routing_rules": None}),
        },
    ),
    "aws_s3_bucket_versioning": Table(
        "AWS::S3::Bucket",
        {**_NO_OWNER, "mfa": None, "versioning_configuration": one("VersioningConfiguration")},
        fold=Fold("aws_s3_bucket", _BUCKET, usual=True),
    ),
    "aws_s3_bucket_server_side_encryption_configuration": Table(
        "AWS::S3::Bucket",
        {**_NO_OWNER, "rule": many("ServerSideEncryptionConfiguration", _ENCRYPTION_RULE)},
        fold=Fold("aws_s3_bucket", _BUCKET, under="BucketEncryption", usual=True),
    ),
    "aws_s3_bucket_public_access_block": Table(
        "AWS::S3::Bucket",
        {"skip_destroy": None},
        fold=Fold("aws_s3_bucket", _BUCKET, under="PublicAccessBlockConfiguration", usual=True),
    ),
    "aws_s3_bucket_logging": Table(
        "AWS::S3::Bucket",
        {
            **_NO_OWNER,
            "target_bucket": "DestinationBucketName",
            "target_prefix": "LogFilePrefix",
            "target_grant": None,
        },
        fold=Fold("aws_s3_bucket", _BUCKET, under="LoggingConfiguration", usual=True),
    ),
    "aws_s3_bucket_lifecycle_configuration": Table(
        "AWS::S3::Bucket",
        {
            **_NO_OWNER,
            "rule": many("Rules", _LIFECYCLE_RULE),
            "transition_default_minimum_object_size": None,
        },
        fold=Fold("aws_s3_bucket", _BUCKET, under="LifecycleConfiguration", usual=True),
    ),
    "aws_s3_bucket_acl": Table(
        "AWS::S3::Bucket",
        {
            **_NO_OWNER,
            "acl": to("AccessControl", _canned_acl),
            "access_control_policy": one("AccessControlPolicy", _GRANTS),
        },
        fold=Fold("aws_s3_bucket", _BUCKET, usual=True),
    ),
    "aws_s3_bucket_notification": Table(
        "AWS::S3::Bucket",
        {
            "lambda_function": many("LambdaConfigurations", _notified("Function")),
            "queue": many("QueueConfigurations", _notified("Queue")),
            "topic": many("TopicConfigurations", _notified("Topic")),
            "eventbridge": "EventBridgeConfiguration.EventBridgeEnabled",
        },
        fold=Fold("aws_s3_bucket", _BUCKET, under="NotificationConfiguration", usual=True),
    ),
    "aws_s3_bucket_intelligent_tiering_configuration": Table(
        "AWS::S3::Bucket",
        {
            "name": "Id",
            "filter": Field("", "one", {"tags": None}),
            "tiering": many("Tierings"),
        },
        fold=Fold(
            "aws_s3_bucket",
            _BUCKET,
            append=("IntelligentTieringConfigurations",),
            under="IntelligentTieringConfigurations",
            item=True,
            usual=True,
        ),
    ),
    "aws_s3_bucket_ownership_controls": Table(
        "AWS::S3::Bucket",
        {"rule": many("Rules")},
        fold=Fold("aws_s3_bucket", _BUCKET, under="OwnershipControls", usual=True),
    ),
    "aws_s3_bucket_cors_configuration": Table(
        "AWS::S3::Bucket",
        {
            **_NO_OWNER,
            "cors_rule": many("CorsRules", {"expose_headers": "ExposedHeaders", "max_age_seconds": "MaxAge"}),
        },
        fold=Fold("aws_s3_bucket", _BUCKET, under="CorsConfiguration", usual=True),
    ),
    "aws_s3_bucket_accelerate_configuration": Table(
        "AWS::S3::Bucket",
        {**_NO_OWNER, "status": "AccelerationStatus"},
        fold=Fold("aws_s3_bucket", _BUCKET, under="AccelerateConfiguration", usual=True),
    ),
    "aws_s3_bucket_object_lock_configuration": Table(
        "AWS::S3::Bucket",
        {**_NO_OWNER, "token": None},
        fold=Fold("aws_s3_bucket", _BUCKET, under="ObjectLockConfiguration", usual=True),
    ),
    "aws_s3_bucket_replication_configuration": Table(
        "AWS::S3::Bucket",
        {"token": None, "rule": many("Rules")},
        fold=Fold("aws_s3_bucket", _BUCKET, under="ReplicationConfiguration", usual=True),
    ),
    "aws_s3_bucket_website_configuration": Table(
        "AWS::S3::Bucket",
        {
            **_NO_OWNER,
            "index_document": Field("", "one", {"suffix": "IndexDocument"}),
            "error_document": Field("", "one", {"key": "ErrorDocument"}),
            "routing_rule": many("RoutingRules"),
            "routing_rules": None,
        },
        fold=Fold("aws_s3_bucket", _BUCKET, under="WebsiteConfiguration", usual=True),
    ),
    "aws_s3_bucket_policy": Table(
        "AWS::S3::BucketPolicy",
        {"policy": to("PolicyDocument", document)},
        tags="none",
    ),
}
