"""Containers and machines: ECR, ECS, EKS, Batch, EC2."""

from mlwa_lint.frontends.terraform.vocabulary.converters import containers, dimension_list, document
from mlwa_lint.frontends.terraform.vocabulary.spec import FieldSpec, Fold, Table, many, one, to

_REPOSITORY = {"repository": "name"}
_METADATA: dict[str, FieldSpec] = {"metadata_options": one("MetadataOptions")}

# What a service of App Runner is given, from an image and from source code alike.
_VARIABLES: dict[str, FieldSpec] = {
    "runtime_environment_variables": to("RuntimeEnvironmentVariables", dimension_list),
    "runtime_environment_secrets": to("RuntimeEnvironmentSecrets", dimension_list),
}

TABLES = {
    "aws_apprunner_service": Table(
        "AWS::AppRunner::Service",
        {
            "source_configuration": one(
                "SourceConfiguration",
                {
                    "authentication_configuration": one("AuthenticationConfiguration"),
                    "image_repository": one(
                        "ImageRepository", {"image_configuration": one("ImageConfiguration", _VARIABLES)}
                    ),
                    "code_repository": one(
                        "CodeRepository",
                        {
                            "code_configuration": one(
                                "CodeConfiguration",
                                {"code_configuration_values": one("CodeConfigurationValues", _VARIABLES)},
                            ),
                            "source_code_version": one("SourceCodeVersion"),
                        },
                    ),
                },
            ),
            "instance_configuration": one("InstanceConfiguration"),
            "health_check_configuration": one("HealthCheckConfiguration"),
            "encryption_configuration": one("EncryptionConfiguration"),
            "observability_configuration": one("ObservabilityConfiguration"),
            "network_configuration": one(
                "NetworkConfiguration",
                {
                    "egress_configuration": one("EgressConfiguration"),
                    "ingress_configuration": one("IngressConfiguration"),
                },
            ),
        },
    ),
    "aws_ecr_repository": Table(
        "AWS::ECR::Repository",
        {
            "name": "RepositoryName",
            "encryption_configuration": one("EncryptionConfiguration"),
            "image_scanning_configuration": one("ImageScanningConfiguration"),
            "force_delete": "EmptyOnDelete",
            "image_tag_mutability_exclusion_filter": None,
        },
    ),
    "aws_ecr_lifecycle_policy": Table(
        "AWS::ECR::Repository",
        {"policy": "LifecyclePolicyText"},
        fold=Fold("aws_ecr_repository", _REPOSITORY, under="LifecyclePolicy", usual=True),
    ),
    "aws_ecr_repository_policy": Table(
        "AWS::ECR::Repository",
        {"policy": to("RepositoryPolicyText", document)},
        fold=Fold("aws_ecr_repository", _REPOSITORY, usual=True),
    ),
    "aws_ecr_registry_scanning_configuration": Table(
        "AWS::ECR::RegistryScanningConfiguration",
        {"rule": many("Rules", {"repository_filter": many("RepositoryFilters")})},
        tags="none",
    ),
    "aws_ecs_cluster": Table(
        "AWS::ECS::Cluster", {"name": "ClusterName", "setting": many("ClusterSettings")}
    ),
    "aws_ecs_service": Table(
        "AWS::ECS::Service",
        {
            "name": "ServiceName",
            "iam_role": "Role",
            "capacity_provider_strategy": many("CapacityProviderStrategy"),
            "enable_ecs_managed_tags": "EnableECSManagedTags",
            "load_balancer": many(
                "LoadBalancers", {"elb_name": "LoadBalancerName", "advanced_configuration": None}
            ),
            "network_configuration": one("NetworkConfiguration.AwsvpcConfiguration"),
            "ordered_placement_strategy": many("PlacementStrategies"),
            "placement_constraints": many("PlacementConstraints"),
            "service_registries": many("ServiceRegistries"),
            "vpc_lattice_configurations": many("VpcLatticeConfigurations"),
            "force_new_deployment": None,
        },
    ),
    "aws_ecs_task_definition": Table(
        "AWS::ECS::TaskDefinition",
        {
            "container_definitions": to("ContainerDefinitions", containers),
            "placement_constraints": many("PlacementConstraints"),
            "skip_destroy": None,
            "track_latest": None,
            "volume": many("Volumes"),
        },
    ),
    "aws_eks_cluster": Table(
        "AWS::EKS::Cluster",
        {
            "encryption_config": many("EncryptionConfig"),
            "vpc_config": one("ResourcesVpcConfig"),
            "enabled_cluster_log_types": None,
            "remote_network_config": None,
        },
    ),
    "aws_eks_node_group": Table(
        "AWS::EKS::Nodegroup",
        {
            "node_group_name": "NodegroupName",
            "node_group_name_prefix": None,
            "force_update_version": "ForceUpdateEnabled",
            "node_role_arn": "NodeRole",
            "subnet_ids": "Subnets",
            "remote_access": one("RemoteAccess", {"source_security_group_ids": "SourceSecurityGroups"}),
            "taint": many("Taints"),
            "node_repair_config": None,
        },
        tags="map",
    ),
    "aws_batch_compute_environment": Table(
        "AWS::Batch::ComputeEnvironment",
        {
            "name": "ComputeEnvironmentName",
            "name_prefix": None,
            "compute_environment_name": "ComputeEnvironmentName",
            "compute_resources": one(
                "ComputeResources",
                {
                    "desired_vcpus": "DesiredvCpus",
                    "max_vcpus": "MaxvCpus",
                    "min_vcpus": "MinvCpus",
                    "instance_type": "InstanceTypes",
                    "ec2_configuration": many("Ec2Configuration"),
                },
            ),
        },
        tags="map",
    ),
    "aws_batch_job_definition": Table(
        "AWS::Batch::JobDefinition",
        {
            "name": "JobDefinitionName",
            "container_properties": to("ContainerProperties", containers),
            "deregister_on_new_revision": None,
            "ecs_properties": to("EcsProperties", containers),
            "eks_properties": None,
            "node_properties": to("NodeProperties", containers),
            "retry_strategy": one("RetryStrategy", {"evaluate_on_exit": many("EvaluateOnExit")}),
        },
        tags="map",
    ),
    "aws_batch_job_queue": Table(
        "AWS::Batch::JobQueue",
        {
            "name": "JobQueueName",
            "compute_environment_order": many("ComputeEnvironmentOrder"),
            "job_state_time_limit_action": many("JobStateTimeLimitActions"),
        },
        tags="map",
    ),
    "aws_instance": Table(
        "AWS::EC2::Instance",
        {
            **_METADATA,
            "ami": "ImageId",
            "vpc_security_group_ids": "SecurityGroupIds",
            "private_ip": "PrivateIpAddress",
            "credit_specification": one("CreditSpecification", {"cpu_credits": "CPUCredits"}),
            "ebs_block_device": many(
                "BlockDeviceMappings",
                {
                    "delete_on_termination": "Ebs.DeleteOnTermination",
                    "encrypted": "Ebs.Encrypted",
                    "kms_key_id": "Ebs.KmsKeyId",
                    "volume_size": "Ebs.VolumeSize",
                    "volume_type": "Ebs.VolumeType",
                    "iops": "Ebs.Iops",
                    "snapshot_id": "Ebs.SnapshotId",
                    "tags": None,
                    "tags_all": None,
                    "throughput": None,
                },
            ),
            "root_block_device": None,
            "launch_template": one(
                "LaunchTemplate", {"id": "LaunchTemplateId", "name": "LaunchTemplateName"}
            ),
            "network_interface": many("NetworkInterfaces"),
            "user_data_base64": "UserData",
            "placement_group": "PlacementGroupName",
            "volume_tags": None,
        },
    ),
    "aws_launch_template": Table(
        "AWS::EC2::LaunchTemplate",
        {
            "name": "LaunchTemplateName",
            "name_prefix": None,
            "default_version": None,
            "description": "VersionDescription",
            "update_default_version": None,
            "disable_api_termination": "LaunchTemplateData.DisableApiTermination",
            "ebs_optimized": "LaunchTemplateData.EbsOptimized",
            "iam_instance_profile": one("LaunchTemplateData.IamInstanceProfile"),
            "image_id": "LaunchTemplateData.ImageId",
            "instance_type": "LaunchTemplateData.InstanceType",
            "instance_requirements": one("LaunchTemplateData.InstanceRequirements"),
            "instance_market_options": one("LaunchTemplateData.InstanceMarketOptions"),
            "block_device_mappings": many("LaunchTemplateData.BlockDeviceMappings"),
            "network_interfaces": many("LaunchTemplateData.NetworkInterfaces", {"security_groups": "Groups"}),
            "metadata_options": one("LaunchTemplateData.MetadataOptions"),
            "key_name": "LaunchTemplateData.KeyName",
            "monitoring": one("LaunchTemplateData.Monitoring"),
            "placement": one("LaunchTemplateData.Placement"),
            "user_data": "LaunchTemplateData.UserData",
            "vpc_security_group_ids": "LaunchTemplateData.SecurityGroupIds",
            "tag_specifications": None,
        },
        tags="none",
    ),
    "aws_autoscaling_group": Table(
        "AWS::AutoScaling::AutoScalingGroup",
        {
            "name": "AutoScalingGroupName",
            "name_prefix": None,
            "launch_configuration": "LaunchConfigurationName",
            "launch_template": one(
                "LaunchTemplate", {"id": "LaunchTemplateId", "name": "LaunchTemplateName"}
            ),
            "target_group_arns": "TargetGroupARNs",
            "vpc_zone_identifier": "VPCZoneIdentifier",
            "tag": many("Tags"),
            "mixed_instances_policy": None,
            "initial_lifecycle_hook": None,
        },
        tags="none",
    ),
}
