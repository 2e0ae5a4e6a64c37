"""What methods of the SDK's session request: most take parts of the request as the service has them."""

from collections.abc import Mapping

from mlwa_lint.frontends.python.sdk.parameters import HOSTING, VARIANT
from mlwa_lint.frontends.python.sdk.user_names import inverted
from mlwa_lint.frontends.python.vocabulary import PythonVocabulary

_ALGORITHM = {
    "input_mode": "AlgorithmSpecification.TrainingInputMode",
    "image_uri": "AlgorithmSpecification.TrainingImage",
    "algorithm_arn": "AlgorithmSpecification.AlgorithmName",
    "metric_definitions": "AlgorithmSpecification.MetricDefinitions",
}
_TRAINING = {
    **_ALGORITHM,
    "training_image_config": "AlgorithmSpecification.TrainingImageConfig",
    "container_entry_point": "AlgorithmSpecification.ContainerEntrypoint",
    "container_arguments": "AlgorithmSpecification.ContainerArguments",
    "input_config": "InputDataConfig",
    "output_config": "OutputDataConfig",
    "resource_config": "ResourceConfig",
    "stop_condition": "StoppingCondition",
    "vpc_config": "VpcConfig",
    "role": "RoleArn",
    "enable_network_isolation": "EnableNetworkIsolation",
    "encrypt_inter_container_traffic": "EnableInterContainerTrafficEncryption",
    "use_spot_instances": "EnableManagedSpotTraining",
    "checkpoint_s3_uri": "CheckpointConfig.S3Uri",
    "checkpoint_local_path": "CheckpointConfig.LocalPath",
    "environment": "Environment",
}
_NOT_TUNED = ("training_image_config", "container_entry_point", "container_arguments")
_TUNING = {
    "job_name": "HyperParameterTuningJobName",
    "strategy": "HyperParameterTuningJobConfig.Strategy",
    "max_jobs": "HyperParameterTuningJobConfig.ResourceLimits.MaxNumberOfTrainingJobs",
    "max_parallel_jobs": "HyperParameterTuningJobConfig.ResourceLimits.MaxParallelTrainingJobs",
    "max_runtime_in_seconds": "HyperParameterTuningJobConfig.ResourceLimits.MaxRuntimeInSeconds",
    "parameter_ranges": "HyperParameterTuningJobConfig.ParameterRanges",
    "early_stopping_type": "HyperParameterTuningJobConfig.TrainingJobEarlyStoppingType",
    "objective_type": "HyperParameterTuningJobConfig.HyperParameterTuningJobObjective.Type",
    "objective_metric_name": "HyperParameterTuningJobConfig.HyperParameterTuningJobObjective.MetricName",
    "static_hyperparameters": "TrainingJobDefinition.StaticHyperParameters",
    "hpo_resource_config": "TrainingJobDefinition.HyperParameterTuningResourceConfig",
    **{k: f"TrainingJobDefinition.{path}" for k, path in _TRAINING.items() if k not in _NOT_TUNED},
    "warm_start_config": "WarmStartConfig",
    "tags": "Tags",
}
_AUTOML_2 = {
    "job_name": "AutoMLJobName",
    "input_config": "AutoMLJobInputDataConfig",
    "problem_config": "AutoMLProblemTypeConfig",
    "output_config": "OutputDataConfig",
    "job_objective": "AutoMLJobObjective",
    "model_deploy_config": "ModelDeployConfig",
    "data_split_config": "DataSplitConfig",
    "security_config": "SecurityConfig",
    "role": "RoleArn",
    "tags": "Tags",
}
# Method -> what it makes, and the place of each parameter in the request.
JOBS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "train": (
        "AWS::SageMaker::TrainingJob",
        {
            "job_name": "TrainingJobName",
            "hyperparameters": "HyperParameters",
            "experiment_config": "ExperimentConfig",
            "debugger_hook_config": "DebugHookConfig",
            "debugger_rule_configs": "DebugRuleConfigurations",
            "profiler_config": "ProfilerConfig",
            "profiler_rule_configs": "ProfilerRuleConfigurations",
            "tensorboard_output_config": "TensorBoardOutputConfig",
            "retry_strategy": "RetryStrategy",
            "remote_debug_config": "RemoteDebugConfig",
            "tags": "Tags",
            **_TRAINING,
        },
    ),
    "process": (
        "AWS::SageMaker::ProcessingJob",
        {
            "job_name": "ProcessingJobName",
            "inputs": "ProcessingInputs",
            "output_config": "ProcessingOutputConfig",
            "resources": "ProcessingResources",
            "stopping_condition": "StoppingCondition",
            "app_specification": "AppSpecification",
            "environment": "Environment",
            "network_config": "NetworkConfig",
            "role_arn": "RoleArn",
            "experiment_config": "ExperimentConfig",
            "tags": "Tags",
        },
    ),
    "transform": (
        "AWS::SageMaker::TransformJob",
        {
            "job_name": "TransformJobName",
            "model_name": "ModelName",
            "strategy": "BatchStrategy",
            "max_concurrent_transforms": "MaxConcurrentTransforms",
            "max_payload": "MaxPayloadInMB",
            "input_config": "TransformInput",
            "output_config": "TransformOutput",
            "resource_config": "TransformResources",
            "experiment_config": "ExperimentConfig",
            "env": "Environment",
            "data_processing": "DataProcessing",
            "batch_data_capture_config": "DataCaptureConfig",
            "tags": "Tags",
        },
    ),
    "tune": ("AWS::SageMaker::HyperParameterTuningJob", _TUNING),
    "auto_ml": (
        "AWS::SageMaker::AutoMLJob",
        {
            "job_name": "AutoMLJobName",
            "input_config": "InputDataConfig",
            "output_config": "OutputDataConfig",
            "auto_ml_job_config": "AutoMLJobConfig",
            "problem_type": "ProblemType",
            "job_objective": "AutoMLJobObjective",
            "generate_candidate_definitions_only": "GenerateCandidateDefinitionsOnly",
            "model_deploy_config": "ModelDeployConfig",
            "role": "RoleArn",
            "tags": "Tags",
        },
    ),
    "create_auto_ml_v2": ("AWS::SageMaker::AutoMLJobV2", _AUTOML_2),
    "create_feature_group": (
        "AWS::SageMaker::FeatureGroup",
        {
            "feature_group_name": "FeatureGroupName",
            "record_identifier_name": "RecordIdentifierFeatureName",
            "event_time_feature_name": "EventTimeFeatureName",
            "feature_definitions": "FeatureDefinitions",
            "role_arn": "RoleArn",
            "online_store_config": "OnlineStoreConfig",
            "offline_store_config": "OfflineStoreConfig",
            "throughput_config": "ThroughputConfig",
            "description": "Description",
            "tags": "Tags",
        },
    ),
}
JOB_NAMES: Mapping[str, PythonVocabulary] = {method: inverted(table) for method, (_, table) in JOBS.items()}
SESSION_MODEL = {
    "role": "ExecutionRoleArn",
    "vpc_config": "VpcConfig",
    "enable_network_isolation": "EnableNetworkIsolation",
    "tags": "Tags",
}
# Methods that make a model of their parameters: the container's.
CONTAINER = {
    "image_uri": "Image",
    "model_data_url": "ModelDataUrl",
    "model_s3_location": "ModelDataUrl",
    "env": "Environment",
    "model_environment_vars": "Environment",
    "container_mode": "Mode",
    "image_config": "ImageConfig",
}
NETWORK = {"model_vpc_config": "VpcConfig", "vpc_config_override": "VpcConfig"}
_IN_FULL = {
    "data_capture_config_dict": "DataCaptureConfig",
    "async_inference_config_dict": "AsyncInferenceConfig",
    "explainer_config_dict": "ExplainerConfig",
}
SESSION_CONFIG = {
    "production_variants": "ProductionVariants",
    "kms_key": "KmsKeyId",
    "tags": "Tags",
    "data_capture_config": "DataCaptureConfig",
    **_IN_FULL,
}
SESSION_VARIANT = {
    **VARIANT,
    "model_name": "ModelName",
    "variant_name": "VariantName",
    "initial_weight": "InitialVariantWeight",
    "serverless_inference_config_dict": "ServerlessConfig",
}
VARIANT_DEFAULTS: Mapping[str, int | str] = {
    "initial_instance_count": 1,
    "variant_name": "AllTraffic",
    "initial_weight": 1,
}
MODEL_OF_SESSION = inverted(
    SESSION_MODEL,
    {"container_defs": "PrimaryContainer"},
)
CONFIG_OF_SESSION = inverted(
    _IN_FULL,
    HOSTING,
    {"production_variants": "ProductionVariants"},
    {"serverless_inference_config_dict": "ProductionVariants.ServerlessConfig"},
    {parameter: f"ProductionVariants.{path}" for parameter, path in VARIANT.items()},
)
