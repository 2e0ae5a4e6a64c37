"""SageMaker jobs that Terraform starts itself; their canonical names are the API's."""

from mlwa_lint.frontends.terraform.vocabulary.spec import FieldSpec, Table, many, one

_RESOURCES: dict[str, FieldSpec] = {
    "volume_size_in_gb": "VolumeSizeInGB",
    "instance_groups": many("InstanceGroups"),
}
_CHANNELS = many("InputDataConfig", {"data_source": one("DataSource")})
_RANGES: dict[str, FieldSpec] = {
    "auto_parameters": many("AutoParameters"),
    "categorical_parameter_ranges": many("CategoricalParameterRanges"),
    "continuous_parameter_ranges": many("ContinuousParameterRanges"),
    "integer_parameter_ranges": many("IntegerParameterRanges"),
}
_ALGORITHM = one("AlgorithmSpecification", {"metric_definitions": many("MetricDefinitions")})
_TUNED_JOB: dict[str, FieldSpec] = {
    "algorithm_specification": _ALGORITHM,
    "hyper_parameter_ranges": one("HyperParameterRanges", _RANGES),
    "hyper_parameter_tuning_resource_config": one(
        "HyperParameterTuningResourceConfig",
        {"volume_size_in_gb": "VolumeSizeInGB", "instance_configs": many("InstanceConfigs")},
    ),
    "input_data_config": _CHANNELS,
    "resource_config": one("ResourceConfig", _RESOURCES),
}

JOBS = {
    "aws_sagemaker_training_job": Table(
        "AWS::SageMaker::TrainingJob",
        {
            "algorithm_specification": _ALGORITHM,
            "debug_rule_configurations": many("DebugRuleConfigurations"),
            "input_data_config": _CHANNELS,
            "profiler_rule_configurations": many("ProfilerRuleConfigurations"),
            "resource_config": one("ResourceConfig", _RESOURCES),
        },
    ),
    "aws_sagemaker_hyper_parameter_tuning_job": Table(
        "AWS::SageMaker::HyperParameterTuningJob",
        {
            "name": "HyperParameterTuningJobName",
            "config": one(
                "HyperParameterTuningJobConfig",
                {
                    "objective": one("HyperParameterTuningJobObjective"),
                    "parameter_ranges": one("ParameterRanges", _RANGES),
                },
            ),
            "training_job_definition": one("TrainingJobDefinition", _TUNED_JOB),
            "training_job_definitions": many("TrainingJobDefinitions", _TUNED_JOB),
        },
    ),
    "aws_sagemaker_labeling_job": Table("AWS::SageMaker::LabelingJob"),
}
