"""What users of the SageMaker SDK call the properties of a request: the parameters that set them."""

from collections.abc import Mapping

from mlwa_lint.frontends.python.sdk.parameters import (
    AUTOML_1,
    AUTOML_2,
    CONFIGS,
    FEATURES,
    HOSTING,
    MODEL,
    MONITORING,
    PROBLEMS,
    PROCESSING,
    TRAINER,
    TRAINING,
    TRANSFORM,
    TUNING,
    VARIANT,
)
from mlwa_lint.frontends.python.vocabulary import PythonVocabulary

# The classes of parameters that hold others.
_SHAPES = {
    "async_inference_config": "AsyncInferenceConfig",
    "checkpoint_config": "CheckpointConfig",
    "compute": "Compute",
    "data_capture_config": "DataCaptureConfig",
    "network_config": "NetworkConfig",
    "networking": "Networking",
    "output_data_config": "OutputDataConfig",
    "serverless_inference_config": "ServerlessInferenceConfig",
    "stopping_condition": "StoppingCondition",
}


def inverted(*tables: Mapping[str, str], inputs: str = "") -> PythonVocabulary:
    """The names of a request's properties as the parameters that set them.

    inputs: the class of what `inputs` takes.
    """
    names: dict[str, str] = {}
    for table in tables:
        for parameter, path in table.items():
            names.setdefault(path, parameter)
    return PythonVocabulary(names, shapes={**_SHAPES, "inputs": inputs})


def _nested(prefix: str, parameter: str, config: str) -> dict[str, str]:
    """Parameters of a configuration object that is handed over as a parameter itself."""
    return {
        f"{parameter}.{inner}": f"{prefix}.{path}" if prefix else path
        for inner, path in CONFIGS[config].items()
    }


# Parameters of which several make one structure, and the structures.
_TRAINING_PARTS = {
    "subnets and security_group_ids": "VpcConfig",
    "max_run": "StoppingCondition",
    "checkpoint_s3_uri": "CheckpointConfig",
}
_CHANNEL_NAMES = _nested("InputDataConfig", "inputs", "TrainingInput")
TRAINING_NAMES = inverted(TRAINING, _TRAINING_PARTS, _CHANNEL_NAMES, inputs="TrainingInput")
_NETWORK_NAMES = {
    **_nested("NetworkConfig", "network_config", "NetworkConfig"),
    "network_config.subnets and security_group_ids": "NetworkConfig.VpcConfig",
}
PROCESSING_NAMES = inverted(
    PROCESSING,
    _NETWORK_NAMES,
    _nested("ProcessingInputs", "inputs", "ProcessingInput"),
    inputs="[ProcessingInput]",
)
TRANSFORM_NAMES = inverted(TRANSFORM)
MODEL_NAMES = inverted(MODEL)
HOSTING_NAMES = inverted(
    HOSTING,
    {parameter: f"ProductionVariants.{path}" for parameter, path in VARIANT.items()},
    _nested("DataCaptureConfig", "data_capture_config", "DataCaptureConfig"),
    _nested("AsyncInferenceConfig", "async_inference_config", "AsyncInferenceConfig"),
    _nested(
        "ProductionVariants.ServerlessConfig", "serverless_inference_config", "ServerlessInferenceConfig"
    ),
)
TUNING_NAMES = inverted(
    TUNING,
    *(
        {parameter: f"TrainingJobDefinition.{path}" for parameter, path in table.items()}
        for table in (TRAINING, _TRAINING_PARTS, _CHANNEL_NAMES)
    ),
    {
        parameter: path.replace("ResourceConfig", "TrainingJobDefinition.HyperParameterTuningResourceConfig")
        for parameter, path in TRAINING.items()
        if path.startswith("ResourceConfig.")
    },
    inputs="TrainingInput",
)
AUTOML_NAMES = inverted(
    AUTOML_1,
    AUTOML_2,
    *(_nested("AutoMLProblemTypeConfig", "problem_config", name) for name in PROBLEMS),
)
FEATURES_NAMES = inverted(FEATURES, {"s3_uri": "OfflineStoreConfig"})
_KINDS_OF_MONITORS = ("DataQuality", "ModelBias", "ModelExplainability", "ModelQuality")
MONITORING_NAMES = inverted(
    MONITORING,
    _NETWORK_NAMES,
    *({"output_kms_key": f"{kind}JobOutputConfig.KmsKeyId"} for kind in _KINDS_OF_MONITORS),
    *(
        {"constraints": f"{kind}BaselineConfig{inner}"}
        for kind in _KINDS_OF_MONITORS
        for inner in (".ConstraintsResource.S3Uri", ".ConstraintsResource", "")
    ),
)
TRAINER_NAMES = inverted(
    TRAINER,
    {
        "networking.enable_network_isolation": "EnableNetworkIsolation",
        "networking.enable_inter_container_traffic_encryption": "EnableInterContainerTrafficEncryption",
        "networking": "VpcConfig",
        "networking.subnets": "VpcConfig.Subnets",
        "networking.security_group_ids": "VpcConfig.SecurityGroupIds",
        "compute.volume_kms_key_id": "ResourceConfig.VolumeKmsKeyId",
        "compute.instance_type": "ResourceConfig.InstanceType",
        "compute.instance_count": "ResourceConfig.InstanceCount",
        "compute.volume_size_in_gb": "ResourceConfig.VolumeSizeInGB",
        "compute.enable_managed_spot_training": "EnableManagedSpotTraining",
        "output_data_config.kms_key_id": "OutputDataConfig.KmsKeyId",
        "stopping_condition.max_runtime_in_seconds": "StoppingCondition.MaxRuntimeInSeconds",
        "stopping_condition.max_wait_time_in_seconds": "StoppingCondition.MaxWaitTimeInSeconds",
        "checkpoint_config.s3_uri": "CheckpointConfig.S3Uri",
        # A trainer takes no experiment: MLflow records its runs.
        "environment.MLFLOW_TRACKING_ARN": "ExperimentConfig",
    },
)
