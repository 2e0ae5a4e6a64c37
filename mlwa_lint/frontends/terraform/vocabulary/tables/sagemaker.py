"""SageMaker."""

from mlwa_lint.frontends.terraform.vocabulary.converters import document, holding, over, tag_list
from mlwa_lint.frontends.terraform.vocabulary.spec import Field, FieldSpec, Fold, Table, many, one, to
from mlwa_lint.frontends.terraform.vocabulary.tables.sagemaker_jobs import JOBS
from mlwa_lint.model.values import Absent, Entry, MapValue, Scalar, Value

# -- hosting

_CONTAINER: dict[str, FieldSpec] = {
    "additional_model_data_source": many(
        "AdditionalModelDataSources", {"s3_data_source": one("S3DataSource")}
    ),
    "model_data_source": one("ModelDataSource", {"s3_data_source": one("S3DataSource")}),
}
_VARIANT: dict[str, FieldSpec] = {
    "enable_ssm_access": "EnableSSMAccess",
    "routing_config": one("RoutingConfig"),
    "serverless_config": one("ServerlessConfig", {"memory_size_in_mb": "MemorySizeInMB"}),
    "volume_size_in_gb": "VolumeSizeInGB",
}


def _capture_if_enabled(entries: dict[str, Entry]) -> dict[str, Entry]:
    """The provider leaves capture off unless `enable_capture` is set; the service would capture."""
    entry = entries.get("DataCaptureConfig")
    if entry is None:
        return entries

    def convert(value: Value) -> Value:
        if not isinstance(value, MapValue) or value.rest is not None:
            return value
        stated = value.entries.get("EnableCapture")
        if stated is not None and not isinstance(stated.value, Absent):
            return value
        off = Entry(entry.key_span, Scalar(False, value.span), "enable_capture")
        return value._replace(entries={**value.entries, "EnableCapture": off})

    return {**entries, "DataCaptureConfig": entry._replace(value=over(entry.value, convert))}


# -- Studio

_SPEC = one(
    "DefaultResourceSpec",
    {
        "sagemaker_image_arn": "SageMakerImageArn",
        "sagemaker_image_version_arn": "SageMakerImageVersionArn",
        "sagemaker_image_version_alias": None,
    },
)
_REPOSITORIES = many("CodeRepositories")
_IMAGES = many("CustomImages")


def _app(target: str) -> Field:
    return one(
        target,
        {"default_resource_spec": _SPEC, "code_repository": _REPOSITORIES, "custom_image": _IMAGES},
    )


_APPS: dict[str, FieldSpec] = {
    "code_editor_app_settings": _app("CodeEditorAppSettings"),
    "jupyter_lab_app_settings": _app("JupyterLabAppSettings"),
    "jupyter_server_app_settings": _app("JupyterServerAppSettings"),
    "kernel_gateway_app_settings": _app("KernelGatewayAppSettings"),
    "r_session_app_settings": _app("RSessionAppSettings"),
}
_USER_SETTINGS: dict[str, FieldSpec] = {
    **_APPS,
    "auto_mount_home_efs": "AutoMountHomeEFS",
    "canvas_app_settings": None,
    "tensor_board_app_settings": None,
    "custom_file_system_config": many(
        "CustomFileSystemConfigs", {"efs_file_system_config": one("EFSFileSystemConfig")}
    ),
}
_SPACE_SETTINGS: dict[str, FieldSpec] = {
    **_APPS,
    "custom_file_system_config": _USER_SETTINGS["custom_file_system_config"],
}

_CONTAINER_IMAGE: dict[str, FieldSpec] = {
    "container_config": one(
        "ContainerConfig", {"container_environment_variables": to("ContainerEnvironmentVariables", tag_list)}
    )
}

# -- monitoring

_CLUSTER = one("ClusterConfig", {"volume_size_in_gb": "VolumeSizeInGB"})
_OUTPUTS = {"monitoring_outputs": many("MonitoringOutputs")}

TABLES = {
    "aws_sagemaker_model": Table(
        "AWS::SageMaker::Model",
        {
            "name": "ModelName",
            "name_prefix": None,
            "container": many("Containers", _CONTAINER),
            "primary_container": one("PrimaryContainer", _CONTAINER),
        },
    ),
    "aws_sagemaker_endpoint": Table(
        "AWS::SageMaker::Endpoint",
        {
            "name": "EndpointName",
            "deployment_config": one(
                "DeploymentConfig",
                {"auto_rollback_configuration": one("AutoRollbackConfiguration", {"alarms": many("Alarms")})},
            ),
        },
    ),
    "aws_sagemaker_endpoint_configuration": Table(
        "AWS::SageMaker::EndpointConfig",
        {
            "name": "EndpointConfigName",
            "name_prefix": None,
            "kms_key_arn": "KmsKeyId",
            "production_variants": many("ProductionVariants", _VARIANT),
            "shadow_production_variants": many("ShadowProductionVariants", _VARIANT),
            "data_capture_config": one("DataCaptureConfig", {"capture_options": many("CaptureOptions")}),
        },
        finish=_capture_if_enabled,
    ),
    "aws_sagemaker_notebook_instance": Table(
        "AWS::SageMaker::NotebookInstance",
        {
            "name": "NotebookInstanceName",
            "security_groups": "SecurityGroupIds",
            "volume_size": "VolumeSizeInGB",
        },
    ),
    "aws_sagemaker_notebook_instance_lifecycle_configuration": Table(
        "AWS::SageMaker::NotebookInstanceLifecycleConfig",
        {
            "name": "NotebookInstanceLifecycleConfigName",
            "on_create": to("OnCreate", holding("Content")),
            "on_start": to("OnStart", holding("Content")),
        },
    ),
    "aws_sagemaker_domain": Table(
        "AWS::SageMaker::Domain",
        {
            "default_user_settings": one("DefaultUserSettings", _USER_SETTINGS),
            "default_space_settings": one("DefaultSpaceSettings", _SPACE_SETTINGS),
            "domain_settings": one(
                "DomainSettings",
                {
                    "r_studio_server_pro_domain_settings": one(
                        "RStudioServerProDomainSettings", {"default_resource_spec": _SPEC}
                    ),
                    "trusted_identity_propagation_settings": None,
                },
            ),
            "retention_policy": one("RetentionPolicy"),
        },
    ),
    "aws_sagemaker_user_profile": Table(
        "AWS::SageMaker::UserProfile", {"user_settings": one("UserSettings", _USER_SETTINGS)}
    ),
    "aws_sagemaker_space": Table(
        "AWS::SageMaker::Space",
        {
            "space_settings": one(
                "SpaceSettings",
                {
                    **_APPS,
                    "custom_file_system": many(
                        "CustomFileSystems", {"efs_file_system": one("EFSFileSystem")}
                    ),
                },
            )
        },
    ),
    "aws_sagemaker_app": Table(
        "AWS::SageMaker::App", {"resource_spec": _SPEC._replace(target="ResourceSpec")}
    ),
    "aws_sagemaker_app_image_config": Table(
        "AWS::SageMaker::AppImageConfig",
        {
            "code_editor_app_image_config": one("CodeEditorAppImageConfig", _CONTAINER_IMAGE),
            "jupyter_lab_image_config": one("JupyterLabAppImageConfig", _CONTAINER_IMAGE),
            "kernel_gateway_image_config": one(
                "KernelGatewayImageConfig", {"kernel_spec": many("KernelSpecs")}
            ),
        },
    ),
    "aws_sagemaker_studio_lifecycle_config": Table("AWS::SageMaker::StudioLifecycleConfig"),
    "aws_sagemaker_feature_group": Table(
        "AWS::SageMaker::FeatureGroup",
        {
            "feature_definition": many("FeatureDefinitions"),
            "offline_store_config": one(
                "OfflineStoreConfig",
                {"s3_storage_config": one("S3StorageConfig", {"resolved_output_s3_uri": None})},
            ),
        },
    ),
    "aws_sagemaker_model_package_group": Table("AWS::SageMaker::ModelPackageGroup"),
    "aws_sagemaker_model_package_group_policy": Table(
        "AWS::SageMaker::ModelPackageGroup",
        {"resource_policy": to("ModelPackageGroupPolicy", document)},
        fold=Fold(
            "aws_sagemaker_model_package_group", {"model_package_group_name": "model_package_group_name"}
        ),
    ),
    "aws_sagemaker_pipeline": Table(
        "AWS::SageMaker::Pipeline",
        {
            "pipeline_definition": "PipelineDefinition.PipelineDefinitionBody",
            "pipeline_definition_s3_location": one(
                "PipelineDefinition.PipelineDefinitionS3Location",
                {"object_key": "Key", "version_id": "Version"},
            ),
        },
    ),
    "aws_sagemaker_monitoring_schedule": Table(
        "AWS::SageMaker::MonitoringSchedule",
        {
            "name": "MonitoringScheduleName",
            "monitoring_schedule_config": one(
                "MonitoringScheduleConfig",
                {
                    "monitoring_job_definition": one(
                        "MonitoringJobDefinition",
                        {
                            "baseline": one("BaselineConfig"),
                            "monitoring_inputs": many("MonitoringInputs"),
                            "monitoring_output_config": one("MonitoringOutputConfig", _OUTPUTS),
                            "monitoring_resources": one("MonitoringResources", {"cluster_config": _CLUSTER}),
                            "stopping_condition": one("StoppingCondition"),
                        },
                    )
                },
            ),
        },
    ),
    "aws_sagemaker_data_quality_job_definition": Table(
        "AWS::SageMaker::DataQualityJobDefinition",
        {
            "name": "JobDefinitionName",
            "data_quality_job_output_config": one("DataQualityJobOutputConfig", _OUTPUTS),
            "job_resources": one("JobResources", {"cluster_config": _CLUSTER}),
        },
    ),
    "aws_sagemaker_device_fleet": Table("AWS::SageMaker::DeviceFleet", {"enable_iot_role_alias": None}),
    "aws_sagemaker_device": Table("AWS::SageMaker::Device", {"device": one("Device")}, tags="none"),
    "aws_sagemaker_code_repository": Table("AWS::SageMaker::CodeRepository"),
    "aws_sagemaker_image": Table(
        "AWS::SageMaker::Image",
        {"description": "ImageDescription", "display_name": "ImageDisplayName", "role_arn": "ImageRoleArn"},
    ),
    "aws_sagemaker_image_version": Table(
        "AWS::SageMaker::ImageVersion", {"ml_framework": "MLFramework"}, tags="none"
    ),
    "aws_sagemaker_mlflow_tracking_server": Table("AWS::SageMaker::MlflowTrackingServer"),
    "aws_sagemaker_project": Table(
        "AWS::SageMaker::Project",
        {
            "service_catalog_provisioning_details": one(
                "ServiceCatalogProvisioningDetails",
                {"provisioning_parameter": many("ProvisioningParameters")},
            )
        },
    ),
    "aws_sagemaker_model_card": Table(
        "AWS::SageMaker::ModelCard",
        {"content": to("Content", document), "security_config": one("SecurityConfig")},
    ),
    "aws_sagemaker_workteam": Table(
        "AWS::SageMaker::Workteam",
        {"member_definition": many("MemberDefinitions"), "worker_access_configuration": None},
    ),
    # Human review has no CloudFormation type: its Terraform type stays, in canonical spelling.
    "aws_sagemaker_flow_definition": Table(
        "aws_sagemaker_flow_definition",
        {
            "human_loop_activation_config": one("HumanLoopActivationConfig"),
            "human_loop_config": one("HumanLoopConfig"),
            "human_loop_request_source": one("HumanLoopRequestSource"),
            "output_config": one("OutputConfig"),
        },
    ),
    **JOBS,
}
