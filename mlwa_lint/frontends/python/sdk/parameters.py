"""What the parameters of the SageMaker SDK's classes become in a request.

A table maps each parameter to its place in the canonical properties.
"""

from collections.abc import Mapping

TRAINING = {
    "role": "RoleArn",
    "image_uri": "AlgorithmSpecification.TrainingImage",
    "input_mode": "AlgorithmSpecification.TrainingInputMode",
    "metric_definitions": "AlgorithmSpecification.MetricDefinitions",
    "instance_count": "ResourceConfig.InstanceCount",
    "instance_type": "ResourceConfig.InstanceType",
    "instance_groups": "ResourceConfig.InstanceGroups",
    "volume_size": "ResourceConfig.VolumeSizeInGB",
    "volume_kms_key": "ResourceConfig.VolumeKmsKeyId",
    "keep_alive_period_in_seconds": "ResourceConfig.KeepAlivePeriodInSeconds",
    "output_path": "OutputDataConfig.S3OutputPath",
    "output_kms_key": "OutputDataConfig.KmsKeyId",
    "max_run": "StoppingCondition.MaxRuntimeInSeconds",
    "max_wait": "StoppingCondition.MaxWaitTimeInSeconds",
    "subnets": "VpcConfig.Subnets",
    "security_group_ids": "VpcConfig.SecurityGroupIds",
    "hyperparameters": "HyperParameters",
    "environment": "Environment",
    "tags": "Tags",
    "enable_network_isolation": "EnableNetworkIsolation",
    "encrypt_inter_container_traffic": "EnableInterContainerTrafficEncryption",
    "use_spot_instances": "EnableManagedSpotTraining",
    "checkpoint_s3_uri": "CheckpointConfig.S3Uri",
    "checkpoint_local_path": "CheckpointConfig.LocalPath",
    "max_retry_attempts": "RetryStrategy.MaximumRetryAttempts",
    "experiment_config": "ExperimentConfig",
    "tensorboard_output_config": "TensorBoardOutputConfig",
    "inputs": "InputDataConfig",
}
PROCESSING = {
    "role": "RoleArn",
    "image_uri": "AppSpecification.ImageUri",
    "instance_count": "ProcessingResources.ClusterConfig.InstanceCount",
    "instance_type": "ProcessingResources.ClusterConfig.InstanceType",
    "volume_size_in_gb": "ProcessingResources.ClusterConfig.VolumeSizeInGB",
    "volume_kms_key": "ProcessingResources.ClusterConfig.VolumeKmsKeyId",
    "output_kms_key": "ProcessingOutputConfig.KmsKeyId",
    "max_runtime_in_seconds": "StoppingCondition.MaxRuntimeInSeconds",
    "env": "Environment",
    "tags": "Tags",
    "network_config": "NetworkConfig",
    "experiment_config": "ExperimentConfig",
    "inputs": "ProcessingInputs",
    "outputs": "ProcessingOutputConfig.Outputs",
}
TRANSFORM = {
    "model_name": "ModelName",
    "instance_count": "TransformResources.InstanceCount",
    "instance_type": "TransformResources.InstanceType",
    "volume_kms_key": "TransformResources.VolumeKmsKeyId",
    "output_path": "TransformOutput.S3OutputPath",
    "output_kms_key": "TransformOutput.KmsKeyId",
    "accept": "TransformOutput.Accept",
    "assemble_with": "TransformOutput.AssembleWith",
    "strategy": "BatchStrategy",
    "max_concurrent_transforms": "MaxConcurrentTransforms",
    "max_payload": "MaxPayloadInMB",
    "env": "Environment",
    "tags": "Tags",
    "data": "TransformInput.DataSource.S3DataSource.S3Uri",
    "data_type": "TransformInput.DataSource.S3DataSource.S3DataType",
    "content_type": "TransformInput.ContentType",
    "compression_type": "TransformInput.CompressionType",
    "split_type": "TransformInput.SplitType",
    "experiment_config": "ExperimentConfig",
}
MODEL = {
    "role": "ExecutionRoleArn",
    "image_uri": "PrimaryContainer.Image",
    "model_data": "PrimaryContainer.ModelDataUrl",
    "env": "PrimaryContainer.Environment",
    "model_package_arn": "PrimaryContainer.ModelPackageName",
    "vpc_config": "VpcConfig",
    "enable_network_isolation": "EnableNetworkIsolation",
    "tags": "Tags",
}
VARIANT = {
    "initial_instance_count": "InitialInstanceCount",
    "instance_type": "InstanceType",
    "accelerator_type": "AcceleratorType",
    "volume_size": "VolumeSizeInGB",
    "model_data_download_timeout": "ModelDataDownloadTimeoutInSeconds",
    "container_startup_health_check_timeout": "ContainerStartupHealthCheckTimeoutInSeconds",
    "routing_config": "RoutingConfig",
    "managed_instance_scaling": "ManagedInstanceScaling",
    "inference_ami_version": "InferenceAmiVersion",
    "serverless_inference_config": "ServerlessConfig",
}
HOSTING = {
    "kms_key": "KmsKeyId",
    "data_capture_config": "DataCaptureConfig",
    "async_inference_config": "AsyncInferenceConfig",
    "tags": "Tags",
}
TUNING = {
    "strategy": "HyperParameterTuningJobConfig.Strategy",
    "max_jobs": "HyperParameterTuningJobConfig.ResourceLimits.MaxNumberOfTrainingJobs",
    "max_parallel_jobs": "HyperParameterTuningJobConfig.ResourceLimits.MaxParallelTrainingJobs",
    "max_runtime_in_seconds": "HyperParameterTuningJobConfig.ResourceLimits.MaxRuntimeInSeconds",
    "early_stopping_type": "HyperParameterTuningJobConfig.TrainingJobEarlyStoppingType",
    "tags": "Tags",
}
AUTOML = {
    "role": "RoleArn",
    "output_path": "OutputDataConfig.S3OutputPath",
    "output_kms_key": "OutputDataConfig.KmsKeyId",
    "tags": "Tags",
}
_AUTOML_SECURITY = {
    "volume_kms_key": "VolumeKmsKeyId",
    "encrypt_inter_container_traffic": "EnableInterContainerTrafficEncryption",
    "vpc_config": "VpcConfig",
}
AUTOML_1 = {
    **AUTOML,
    **{name: f"AutoMLJobConfig.SecurityConfig.{path}" for name, path in _AUTOML_SECURITY.items()},
    "max_candidates": "AutoMLJobConfig.CompletionCriteria.MaxCandidates",
    "max_runtime_per_training_job_in_seconds": (
        "AutoMLJobConfig.CompletionCriteria.MaxRuntimePerTrainingJobInSeconds"
    ),
    "total_job_runtime_in_seconds": "AutoMLJobConfig.CompletionCriteria.MaxAutoMLJobRuntimeInSeconds",
}
AUTOML_2 = {
    **AUTOML,
    **{name: f"SecurityConfig.{path}" for name, path in _AUTOML_SECURITY.items()},
    "problem_config": "AutoMLProblemTypeConfig",
}
# The classes of such configurations, and the problem that each of them is for.
PROBLEMS: Mapping[str, str] = {
    f"AutoML{problem}Config": f"{problem}JobConfig"
    for problem in (
        *("Tabular", "ImageClassification", "TextClassification", "TextGeneration", "TimeSeriesForecasting"),
    )
}
_CRITERIA = {
    "max_candidates": "MaxCandidates",
    "max_runtime_per_training_job_in_seconds": "MaxRuntimePerTrainingJobInSeconds",
    "max_total_job_runtime_in_seconds": "MaxAutoMLJobRuntimeInSeconds",
}
FEATURES = {
    "name": "FeatureGroupName",
    "record_identifier_name": "RecordIdentifierFeatureName",
    "event_time_feature_name": "EventTimeFeatureName",
    "role_arn": "RoleArn",
    "s3_uri": "OfflineStoreConfig.S3StorageConfig.S3Uri",
    "offline_store_kms_key_id": "OfflineStoreConfig.S3StorageConfig.KmsKeyId",
    "enable_online_store": "OnlineStoreConfig.EnableOnlineStore",
    "online_store_kms_key_id": "OnlineStoreConfig.SecurityConfig.KmsKeyId",
    "disable_glue_table_creation": "OfflineStoreConfig.DisableGlueTableCreation",
    "description": "Description",
    "tags": "Tags",
}
MONITORING = {
    "role": "RoleArn",
    "instance_count": "JobResources.ClusterConfig.InstanceCount",
    "instance_type": "JobResources.ClusterConfig.InstanceType",
    "volume_size_in_gb": "JobResources.ClusterConfig.VolumeSizeInGB",
    "volume_kms_key": "JobResources.ClusterConfig.VolumeKmsKeyId",
    "max_runtime_in_seconds": "StoppingCondition.MaxRuntimeInSeconds",
    "network_config": "NetworkConfig",
    "tags": "Tags",
}
TRAINER = {
    "role": "RoleArn",
    "training_image": "AlgorithmSpecification.TrainingImage",
    "algorithm_name": "AlgorithmSpecification.AlgorithmName",
    "training_input_mode": "AlgorithmSpecification.TrainingInputMode",
    "compute": "ResourceConfig",
    "stopping_condition": "StoppingCondition",
    "output_data_config": "OutputDataConfig",
    "checkpoint_config": "CheckpointConfig",
    "environment": "Environment",
    "hyperparameters": "HyperParameters",
    "tags": "Tags",
    "input_data_config": "InputDataConfig",
    "retry_strategy": "RetryStrategy",
    "metric_definitions": "AlgorithmSpecification.MetricDefinitions",
    "tensorboard_output_config": "TensorBoardOutputConfig",
}
# What such objects become, in the names of the request.
CONFIGS: Mapping[str, Mapping[str, str]] = {
    "DataCaptureConfig": {
        "enable_capture": "EnableCapture",
        "sampling_percentage": "InitialSamplingPercentage",
        "destination_s3_uri": "DestinationS3Uri",
        "kms_key_id": "KmsKeyId",
        "capture_options": "CaptureOptions",
    },
    "ServerlessInferenceConfig": {
        "memory_size_in_mb": "MemorySizeInMB",
        "max_concurrency": "MaxConcurrency",
        "provisioned_concurrency": "ProvisionedConcurrency",
    },
    "AsyncInferenceConfig": {
        "output_path": "OutputConfig.S3OutputPath",
        "failure_path": "OutputConfig.S3FailurePath",
        "kms_key_id": "OutputConfig.KmsKeyId",
        "notification_config": "OutputConfig.NotificationConfig",
        "max_concurrent_invocations_per_instance": "ClientConfig.MaxConcurrentInvocationsPerInstance",
    },
    "NetworkConfig": {
        "enable_network_isolation": "EnableNetworkIsolation",
        "encrypt_inter_container_traffic": "EnableInterContainerTrafficEncryption",
        "security_group_ids": "VpcConfig.SecurityGroupIds",
        "subnets": "VpcConfig.Subnets",
    },
    "TrainingInput": {
        "s3_data": "DataSource.S3DataSource.S3Uri",
        "distribution": "DataSource.S3DataSource.S3DataDistributionType",
        "s3_data_type": "DataSource.S3DataSource.S3DataType",
        "content_type": "ContentType",
        "compression": "CompressionType",
        "record_wrapping": "RecordWrapperType",
        "input_mode": "InputMode",
    },
    "InputData": {
        "channel_name": "ChannelName",
        "data_source": "DataSource.S3DataSource.S3Uri",
        "content_type": "ContentType",
    },
    "ProcessingInput": {
        "s3_input": "S3Input",
        "dataset_definition": "DatasetDefinition",
        "input_name": "InputName",
        "s3_data_distribution_type": "S3Input.S3DataDistributionType",
        "s3_compression_type": "S3Input.S3CompressionType",
        "source": "S3Input.S3Uri",
        "destination": "S3Input.LocalPath",
        "s3_data_type": "S3Input.S3DataType",
        "s3_input_mode": "S3Input.S3InputMode",
    },
    "ProcessingOutput": {
        "output_name": "OutputName",
        "source": "S3Output.LocalPath",
        "destination": "S3Output.S3Uri",
        "s3_upload_mode": "S3Output.S3UploadMode",
    },
    "EndpointInput": {"endpoint_name": "EndpointName", "destination": "LocalPath"},
    "MonitoringOutput": {"source": "S3Output.LocalPath", "destination": "S3Output.S3Uri"},
    **{
        name: {parameter: f"{problem}.CompletionCriteria.{path}" for parameter, path in _CRITERIA.items()}
        for name, problem in PROBLEMS.items()
    },
}
