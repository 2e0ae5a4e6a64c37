"""IAM, KMS, secrets."""

from mlwa_lint.frontends.terraform.vocabulary.converters import as_list, document
from mlwa_lint.frontends.terraform.vocabulary.spec import Fold, Table, many, to

_POLICY = to("PolicyDocument", document)
_ATTACHED = ("ManagedPolicyArns",)

TABLES = {
    "aws_iam_role": Table(
        "AWS::IAM::Role",
        {
            "name": "RoleName",
            "name_prefix": None,
            "assume_role_policy": to("AssumeRolePolicyDocument", document),
            "inline_policy": many("Policies", {"name": "PolicyName", "policy": _POLICY}),
            "force_detach_policies": None,
        },
    ),
    "aws_iam_role_policy": Table(
        "AWS::IAM::RolePolicy",
        {"name": "PolicyName", "name_prefix": None, "role": "RoleName", "policy": _POLICY},
        tags="none",
    ),
    "aws_iam_policy": Table(
        "AWS::IAM::ManagedPolicy",
        {
            "name": "ManagedPolicyName",
            "name_prefix": None,
            "policy": _POLICY,
            "delay_after_policy_creation_in_ms": None,
        },
        tags="none",
    ),
    "aws_iam_role_policy_attachment": Table(
        "AWS::IAM::Role",
        {"policy_arn": to("ManagedPolicyArns", as_list)},
        fold=Fold("aws_iam_role", {"role": "name"}, append=_ATTACHED),
    ),
    "aws_iam_policy_attachment": Table(
        "AWS::IAM::Role",
        {"policy_arn": to("ManagedPolicyArns", as_list), "name": None, "users": None, "groups": None},
        fold=Fold("aws_iam_role", {"roles": "name"}, append=_ATTACHED),
    ),
    "aws_iam_role_policy_attachments_exclusive": Table(
        "AWS::IAM::Role",
        {"policy_arns": "ManagedPolicyArns"},
        fold=Fold("aws_iam_role", {"role_name": "name"}, append=_ATTACHED),
    ),
    "aws_iam_role_policies_exclusive": Table(
        "AWS::IAM::Role", {"policy_names": None}, fold=Fold("aws_iam_role", {"role_name": "name"})
    ),
    "aws_iam_instance_profile": Table(
        "AWS::IAM::InstanceProfile",
        {"name": "InstanceProfileName", "name_prefix": None, "role": to("Roles", as_list)},
        tags="none",
    ),
    "aws_iam_user_policy": Table(
        "AWS::IAM::UserPolicy",
        {"name": "PolicyName", "name_prefix": None, "user": "UserName", "policy": _POLICY},
        tags="none",
    ),
    "aws_iam_group_policy": Table(
        "AWS::IAM::GroupPolicy",
        {"name": "PolicyName", "name_prefix": None, "group": "GroupName", "policy": _POLICY},
        tags="none",
    ),
    "aws_kms_key": Table(
        "AWS::KMS::Key",
        {
            "policy": to("KeyPolicy", document),
            "customer_master_key_spec": "KeySpec",
            "deletion_window_in_days": "PendingWindowInDays",
            "is_enabled": "Enabled",
            "xks_key_id": None,
        },
    ),
    "aws_kms_key_policy": Table(
        "AWS::KMS::Key",
        {
            "policy": to("KeyPolicy", document),
            "bypass_policy_lockout_safety_check": "BypassPolicyLockoutSafetyCheck",
        },
        fold=Fold("aws_kms_key", {"key_id": "id"}),
    ),
    "aws_kms_alias": Table("AWS::KMS::Alias", {"name": "AliasName", "name_prefix": None}, tags="none"),
    "aws_secretsmanager_secret": Table(
        "AWS::SecretsManager::Secret",
        {
            "name_prefix": None,
            "policy": None,
            "recovery_window_in_days": None,
            "force_overwrite_replica_secret": None,
            "replica": many("ReplicaRegions"),
        },
    ),
}
