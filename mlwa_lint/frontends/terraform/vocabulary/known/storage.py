"""terraform-aws-modules/s3-bucket and kms."""

from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.frontends.terraform.vocabulary.converters import over
from mlwa_lint.frontends.terraform.vocabulary.known.call import Contents, ModuleCall, filled, items
from mlwa_lint.model.values import Absent, Entry, ListValue, MapValue, Scalar, Value, known_text

_BUCKET = "aws_s3_bucket.this[0]"
_KEY = "aws_kms_key.this[0]"
_BLOCKS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
# Inputs that have the form of the bucket's old inline blocks.
_INLINE = {
    "server_side_encryption_configuration": "server_side_encryption_configuration",
    "logging": "logging",
    "lifecycle_rule": "lifecycle_rule",
}
_OTHER_POLICIES = (
    "attach_access_log_delivery_policy",
    "attach_analytics_destination_policy",
    "attach_cloudtrail_log_delivery_policy",
    "attach_deny_incorrect_encryption_headers",
    "attach_deny_incorrect_kms_key_sse",
    "attach_deny_ssec_encrypted_object_uploads",
    "attach_deny_unencrypted_object_uploads",
    "attach_elb_log_delivery_policy",
    "attach_inventory_destination_policy",
    "attach_lb_log_delivery_policy",
    "attach_waf_log_delivery_policy",
)
_KEY_POLICIES = (
    "key_administrators",
    "key_asymmetric_public_encryption_users",
    "key_asymmetric_sign_verify_users",
    "key_hmac_users",
    "key_owners",
    "key_service_roles_for_autoscaling",
    "key_service_users",
    "key_statements",
    "key_symmetric_encryption_users",
    "key_users",
    "override_policy_documents",
    "source_policy_documents",
)


def bucket(call: ModuleCall) -> Contents | None:
    """A bucket with its split resources."""
    if call.truth("create_bucket", True) is not True or call.truth("is_directory_bucket", False) is not False:
        return None
    entries = call.arguments(
        {
            "bucket": "bucket",
            "bucket_prefix": "bucket_prefix",
            "acl": "acl",
            "force_destroy": "force_destroy",
            "tags": "tags",
            "region": "region",
        }
    )
    for argument, name in _INLINE.items():
        entry = call.entry(name)
        if entry is not None:
            entries[argument] = entry._replace(value=filled(entry.value))
    versioning = call.entry("versioning")
    if versioning is not None:
        entries["versioning"] = versioning._replace(value=over(filled(versioning.value), _versioned))
    resources = [call.resource(_BUCKET, entries)]
    if call.truth("attach_public_policy", True) is not False:
        # Public access is blocked by default since the module's version 3.9.
        blocked = call.has_since(3, 9)
        block = {name: entry for name in _BLOCKS if (entry := call.entry(name, blocked)) is not None}
        if blocked is None:
            unknown = call.unknown(f"the version of module {call.name} is not known")
            block = dict.fromkeys(_BLOCKS, unknown) | block
        block["bucket"] = call.refers(_BUCKET, "id")
        resources.append(call.resource("aws_s3_bucket_public_access_block.this[0]", block))
    resources += _bucket_policies(call)
    bucket_name = call.value("bucket")
    outputs: dict[str, Value] = {
        "s3_bucket_id": call.reference(_BUCKET, "id", bucket_name),
        "s3_bucket_arn": call.reference(_BUCKET, "arn"),
        "s3_bucket_bucket_domain_name": call.reference(_BUCKET, "bucket_domain_name"),
        "s3_bucket_bucket_regional_domain_name": call.reference(_BUCKET, "bucket_regional_domain_name"),
    }
    return Contents(resources, outputs)


def _versioned(value: Value) -> Value:
    """`{ enabled = true }` or `{ status = "Enabled" }`, also with true for the status."""
    if not isinstance(value, MapValue):
        return value
    entries = dict(value.entries)
    status = entries.pop("status", None)
    if status is not None and "enabled" not in entries:

        def convert(each: Value) -> Value:
            text = known_text(each)
            if text is None or not isinstance(each, Scalar):
                return each
            return each._replace(data=text.lower() in ("true", "enabled"))

        entries["enabled"] = status._replace(value=over(status.value, convert))
    return value._replace(entries=entries)


def _bucket_policies(call: ModuleCall) -> list[RawResource]:
    resources: list[RawResource] = []
    own = call.truth("attach_policy", False)
    policy = call.entry("policy")
    owner = call.refers(_BUCKET, "id")
    if own is True and policy is not None:
        entries = {"bucket": owner, "policy": policy}
        resources.append(call.resource("aws_s3_bucket_policy.this[0]", entries, policy.key_span))
    denied = [
        call.truth(f"attach_{name}_policy", False)
        for name in ("deny_insecure_transport", "require_latest_tls")
    ]
    if denied[0] is True:
        statement = call.document(Entry(call.span, ListValue((_deny_plain_http(call),), call.span)))
        entries = {"bucket": owner, "policy": Entry(call.span, statement)}
        # The module joins all statements in one policy; a second resource has the same effect.
        address = "aws_s3_bucket_policy.this[0]" + (".deny_insecure_transport" if resources else "")
        resources.append(call.resource(address, entries))
    doubtful = [own, *denied, *(call.truth(name, False) for name in _OTHER_POLICIES)]
    if None in doubtful:
        entries = {"bucket": owner, "policy": call.unknown("which policies are attached is not known")}
        resources.append(call.resource("aws_s3_bucket_policy.this[0]", entries))
    return resources


def _deny_plain_http(call: ModuleCall) -> MapValue:
    def text(data: str) -> Entry:
        return Entry(call.span, Scalar(data, call.span))

    secure = MapValue({"aws:SecureTransport": text("false")}, call.span)
    return MapValue(
        {
            "Sid": text("denyInsecureTransport"),
            "Effect": text("Deny"),
            "Action": text("s3:*"),
            "Resource": Entry(call.span, call.reference(_BUCKET, "arn")),
            "Principal": text("*"),
            "Condition": Entry(call.span, MapValue({"Bool": Entry(call.span, secure)}, call.span)),
        },
        call.span,
    )


def key(call: ModuleCall) -> Contents | None:
    """A key with its aliases."""
    if call.truth("create", True) is not True or any(
        call.truth(name, False) is not False
        for name in ("create_external", "create_replica", "create_replica_external")
    ):
        return None
    entries = call.arguments(
        {
            name: name
            for name in (
                "customer_master_key_spec",
                "deletion_window_in_days",
                "description",
                "is_enabled",
                "key_usage",
                "multi_region",
                "policy",
                "rotation_period_in_days",
                "tags",
            )
        }
    )
    spec = call.entry("key_spec")
    if spec is not None:
        entries["customer_master_key_spec"] = spec
    rotation = call.entry("enable_key_rotation", True)
    if rotation is not None:
        entries["enable_key_rotation"] = rotation
    if "policy" not in entries and any(
        not isinstance(filled(call.value(name)), Absent) for name in _KEY_POLICIES
    ):
        entries["policy"] = call.unknown(f"module {call.name} builds the policy from its inputs")
    resources = [call.resource(_KEY, entries)]
    for _, alias in items(call.value("aliases")) or ():
        name = known_text(alias.value)
        if name is not None:
            body = {
                "name": alias._replace(value=Scalar(f"alias/{name}", alias.key_span)),
                "target_key_id": call.refers(_KEY, "key_id"),
            }
            resources.append(call.resource(f'aws_kms_alias.this["{name}"]', body, alias.key_span))
    return Contents(
        resources,
        {"key_arn": call.reference(_KEY, "arn"), "key_id": call.reference(_KEY, "key_id")},
    )
