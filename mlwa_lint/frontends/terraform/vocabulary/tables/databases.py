"""Search, files, relational and other data stores."""

from mlwa_lint.frontends.terraform.vocabulary.converters import document, keyed
from mlwa_lint.frontends.terraform.vocabulary.spec import Field, FieldSpec, Fold, Table, many, one, to

_SEARCH: dict[str, FieldSpec] = {
    "access_policies": to("AccessPolicies", document),
    "advanced_security_options": one(
        "AdvancedSecurityOptions",
        {
            "jwt_options": None,
            "master_user_options": one("MasterUserOptions", {"master_user_arn": "MasterUserARN"}),
        },
    ),
    "auto_tune_options": None,
    "domain_endpoint_options": one(
        "DomainEndpointOptions",
        {"enforce_https": "EnforceHTTPS", "tls_security_policy": "TLSSecurityPolicy"},
    ),
    "ebs_options": one("EBSOptions", {"ebs_enabled": "EBSEnabled"}),
    "encrypt_at_rest": one("EncryptionAtRestOptions"),
    "log_publishing_options": Field(
        "LogPublishingOptions",
        "many",
        {"cloudwatch_log_group_arn": "CloudWatchLogsLogGroupArn"},
        keyed("LogType"),
    ),
    "node_to_node_encryption": one("NodeToNodeEncryptionOptions"),
    "vpc_options": one("VPCOptions"),
}
_CLUSTER: dict[str, FieldSpec] = {
    "cluster_identifier": "DBClusterIdentifier",
    "cluster_identifier_prefix": None,
    "allow_major_version_upgrade": None,
    "apply_immediately": None,
    "ca_certificate_identifier": None,
    "cluster_members": None,
    "db_cluster_parameter_group_name": "DBClusterParameterGroupName",
    "db_subnet_group_name": "DBSubnetGroupName",
    "enabled_cloudwatch_logs_exports": "EnableCloudwatchLogsExports",
    "final_snapshot_identifier": None,
    "master_password": "MasterUserPassword",
    "master_password_wo": "MasterUserPassword",
    "master_password_wo_version": None,
    "restore_to_point_in_time": None,
    "s3_import": None,
    "skip_final_snapshot": None,
}
_INSTANCE: dict[str, FieldSpec] = {
    "identifier": "DBInstanceIdentifier",
    "identifier_prefix": None,
    "instance_class": "DBInstanceClass",
    "apply_immediately": None,
    "ca_cert_identifier": "CACertificateIdentifier",
    "custom_iam_instance_profile": "CustomIAMInstanceProfile",
    "db_subnet_group_name": "DBSubnetGroupName",
    "performance_insights_enabled": "EnablePerformanceInsights",
    "performance_insights_kms_key_id": "PerformanceInsightsKMSKeyId",
    "force_destroy": None,
}
# What instances of clusters have in common.
_OF_CLUSTER: dict[str, FieldSpec] = {
    "identifier": "DBInstanceIdentifier",
    "identifier_prefix": None,
    "instance_class": "DBInstanceClass",
    "apply_immediately": None,
    "cluster_identifier": "DBClusterIdentifier",
}

TABLES = {
    "aws_opensearch_domain": Table(
        "AWS::OpenSearchService::Domain",
        {
            **_SEARCH,
            "aiml_options": None,
            "identity_center_options": None,
            "cluster_config": one(
                "ClusterConfig",
                {
                    "multi_az_with_standby_enabled": "MultiAZWithStandbyEnabled",
                    "node_options": many("NodeOptions"),
                },
            ),
            "ip_address_type": "IPAddressType",
        },
    ),
    "aws_opensearch_domain_policy": Table(
        "AWS::OpenSearchService::Domain",
        {"access_policies": to("AccessPolicies", document)},
        fold=Fold("aws_opensearch_domain", {"domain_name": "domain_name"}),
    ),
    "aws_elasticsearch_domain": Table(
        "AWS::OpenSearchService::Domain",
        {**_SEARCH, "cluster_config": one("ClusterConfig"), "elasticsearch_version": "EngineVersion"},
    ),
    "aws_elasticsearch_domain_policy": Table(
        "AWS::OpenSearchService::Domain",
        {"access_policies": to("AccessPolicies", document)},
        fold=Fold("aws_elasticsearch_domain", {"domain_name": "domain_name"}),
    ),
    "aws_opensearchserverless_collection": Table(
        "AWS::OpenSearchServerless::Collection",
        {"encryption_config": one("EncryptionConfig", {"aws_owned_key": "AWSOwnedKey"})},
    ),
    "aws_efs_file_system": Table(
        "AWS::EFS::FileSystem",
        {
            "creation_token": None,
            "lifecycle_policy": many(
                "LifecyclePolicies",
                {
                    "transition_to_archive": "TransitionToArchive",
                    "transition_to_ia": "TransitionToIA",
                    "transition_to_primary_storage_class": "TransitionToPrimaryStorageClass",
                },
            ),
            "protection": None,
        },
        tag_property="FileSystemTags",
    ),
    "aws_efs_file_system_policy": Table(
        "AWS::EFS::FileSystem",
        {
            "policy": to("FileSystemPolicy", document),
            "bypass_policy_lockout_safety_check": "BypassPolicyLockoutSafetyCheck",
        },
        fold=Fold("aws_efs_file_system", {"file_system_id": "id"}),
    ),
    "aws_efs_backup_policy": Table(
        "AWS::EFS::FileSystem",
        {"backup_policy": one("BackupPolicy")},
        fold=Fold("aws_efs_file_system", {"file_system_id": "id"}, usual=True),
    ),
    "aws_efs_mount_target": Table("AWS::EFS::MountTarget", tags="none"),
    "aws_efs_access_point": Table("AWS::EFS::AccessPoint", tag_property="AccessPointTags"),
    "aws_redshift_cluster": Table(
        "AWS::Redshift::Cluster",
        {
            "apply_immediately": None,
            "availability_zone_relocation_enabled": "AvailabilityZoneRelocation",
            "database_name": "DBName",
            "default_iam_role_arn": None,
            "final_snapshot_identifier": None,
            "logging": one("LoggingProperties", {"enable": None, "s3_key_prefix": "S3KeyPrefix"}),
            "master_password": "MasterUserPassword",
            "master_password_wo": "MasterUserPassword",
            "master_password_wo_version": None,
            "multi_az": "MultiAZ",
            "skip_final_snapshot": None,
            "snapshot_arn": None,
        },
    ),
    "aws_redshift_logging": Table(
        "AWS::Redshift::Cluster",
        {},
        fold=Fold(
            "aws_redshift_cluster",
            {"cluster_identifier": "cluster_identifier"},
            under="LoggingProperties",
            usual=True,
        ),
    ),
    "aws_rds_cluster": Table(
        "AWS::RDS::DBCluster",
        {
            **_CLUSTER,
            "db_cluster_instance_class": "DBClusterInstanceClass",
            "db_instance_parameter_group_name": "DBInstanceParameterGroupName",
            "db_system_id": "DBSystemId",
            "domain_iam_role_name": "DomainIAMRoleName",
            "iam_database_authentication_enabled": "EnableIAMDatabaseAuthentication",
            "iam_roles": None,
            "master_user_secret_kms_key_id": "MasterUserSecret.KmsKeyId",
            "serverlessv2_scaling_configuration": one("ServerlessV2ScalingConfiguration"),
        },
    ),
    "aws_rds_cluster_instance": Table(
        "AWS::RDS::DBInstance",
        {
            **_INSTANCE,
            "cluster_identifier": "DBClusterIdentifier",
            "db_parameter_group_name": "DBParameterGroupName",
        },
    ),
    "aws_db_instance": Table(
        "AWS::RDS::DBInstance",
        {
            **_INSTANCE,
            "backup_window": "PreferredBackupWindow",
            "blue_green_update": None,
            "customer_owned_ip_enabled": None,
            "db_name": "DBName",
            "domain_iam_role_name": "DomainIAMRoleName",
            "enabled_cloudwatch_logs_exports": "EnableCloudwatchLogsExports",
            "final_snapshot_identifier": None,
            "iam_database_authentication_enabled": "EnableIAMDatabaseAuthentication",
            "maintenance_window": "PreferredMaintenanceWindow",
            "master_user_secret_kms_key_id": "MasterUserSecret.KmsKeyId",
            "multi_az": "MultiAZ",
            "parameter_group_name": "DBParameterGroupName",
            "password": "MasterUserPassword",
            "password_wo": "MasterUserPassword",
            "password_wo_version": None,
            "replicate_source_db": "SourceDBInstanceIdentifier",
            "restore_to_point_in_time": None,
            "s3_import": None,
            "skip_final_snapshot": None,
            "snapshot_identifier": "DBSnapshotIdentifier",
            "upgrade_storage_config": None,
            "username": "MasterUsername",
            "vpc_security_group_ids": "VPCSecurityGroups",
        },
    ),
    "aws_neptune_cluster": Table(
        "AWS::Neptune::DBCluster",
        {
            **_CLUSTER,
            "enable_cloudwatch_logs_exports": "EnableCloudwatchLogsExports",
            "engine": None,
            "iam_database_authentication_enabled": "IamAuthEnabled",
            "iam_roles": None,
            "kms_key_arn": "KmsKeyId",
            "neptune_cluster_parameter_group_name": "DBClusterParameterGroupName",
            "neptune_instance_parameter_group_name": "DBInstanceParameterGroupName",
            "neptune_subnet_group_name": "DBSubnetGroupName",
            "port": "DBPort",
            "replication_source_identifier": "SourceDBClusterIdentifier",
            "serverless_v2_scaling_configuration": "ServerlessScalingConfiguration",
            "storage_type": None,
        },
    ),
    "aws_neptune_cluster_instance": Table(
        "AWS::Neptune::DBInstance",
        {
            **_OF_CLUSTER,
            "engine": None,
            "engine_version": None,
            "neptune_parameter_group_name": "DBParameterGroupName",
            "neptune_subnet_group_name": "DBSubnetGroupName",
            "port": None,
            "preferred_backup_window": None,
            "promotion_tier": None,
            "skip_final_snapshot": None,
        },
    ),
    "aws_docdb_cluster": Table("AWS::DocDB::DBCluster", {**_CLUSTER, "engine": None}),
    "aws_docdb_cluster_instance": Table(
        "AWS::DocDB::DBInstance",
        {
            **_OF_CLUSTER,
            "ca_cert_identifier": "CACertificateIdentifier",
            "copy_tags_to_snapshot": None,
            "enable_performance_insights": "EnablePerformanceInsights",
            "engine": None,
            "performance_insights_kms_key_id": None,
            "promotion_tier": None,
        },
    ),
    "aws_dynamodb_table": Table(
        "AWS::DynamoDB::Table",
        {
            "name": "TableName",
            "attribute": many("AttributeDefinitions", {"name": "AttributeName", "type": "AttributeType"}),
            "global_secondary_index": None,
            "global_table_witness": None,
            "hash_key": None,
            "import_table": None,
            "local_secondary_index": None,
            "point_in_time_recovery": one(
                "PointInTimeRecoverySpecification", {"enabled": "PointInTimeRecoveryEnabled"}
            ),
            "range_key": None,
            "read_capacity": "ProvisionedThroughput.ReadCapacityUnits",
            "write_capacity": "ProvisionedThroughput.WriteCapacityUnits",
            "replica": None,
            "restore_backup_arn": None,
            "restore_date_time": None,
            "restore_source_name": None,
            "restore_source_table_arn": None,
            "restore_to_latest_time": None,
            "server_side_encryption": one(
                "SSESpecification", {"enabled": "SSEEnabled", "kms_key_arn": "KMSMasterKeyId"}
            ),
            "stream_enabled": None,
            "stream_view_type": "StreamSpecification.StreamViewType",
            "ttl": one("TimeToLiveSpecification"),
        },
    ),
    "aws_fsx_lustre_file_system": Table(
        "AWS::FSx::FileSystem",
        {
            "deployment_type": "LustreConfiguration.DeploymentType",
            "import_path": "LustreConfiguration.ImportPath",
            "export_path": "LustreConfiguration.ExportPath",
            "per_unit_storage_throughput": "LustreConfiguration.PerUnitStorageThroughput",
        },
    ),
}
