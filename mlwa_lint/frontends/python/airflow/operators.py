"""Airflow's operators and hooks of the Amazon provider, and the calls of boto3 that they make.

Source: the provider's documentation, apache-airflow-providers-amazon 9.
"""

from collections.abc import Mapping

from mlwa_lint.startup.records import NamedTuple


class ConfiguredCall(NamedTuple):
    """A call whose request is the dictionary of one parameter.

    part: the key under which the dictionary has the request.
    whole: whether the dictionary is the request itself where it has no such key.
    """

    service: str
    method: str
    part: str = ""
    whole: bool = True
    parameter: str = "config"


class AssembledCall(NamedTuple):
    """A call whose request is put together from parameters.

    parameters: parameter -> path in the request, in their order. usual: what the request has otherwise.
    further:    the parameter with the rest of the request.
    prefixes:   parameter -> the text before it.
    """

    service: str
    method: str
    parameters: Mapping[str, str]
    usual: Mapping[str, str] = {}
    further: str = ""
    prefixes: Mapping[str, str] = {}


OperatorCall = ConfiguredCall | AssembledCall
_SAGEMAKER, _BEDROCK, _AGENT = "sagemaker", "bedrock", "bedrock-agent"
_NOTEBOOK = {"instance_name": "NotebookInstanceName"}
_AUTOML = AssembledCall(
    _SAGEMAKER,
    "create_auto_ml_job",
    {
        "job_name": "AutoMLJobName",
        "s3_input": "InputDataConfig.0.DataSource.S3DataSource.S3Uri",
        "target_attribute": "InputDataConfig.0.TargetAttributeName",
        "s3_output": "OutputDataConfig.S3OutputPath",
        "role_arn": "RoleArn",
        "time_limit": "AutoMLJobConfig.CompletionCriteria.MaxAutoMLJobRuntimeInSeconds",
        "autodeploy_endpoint_name": "ModelDeployConfig.EndpointName",
    },
    {"InputDataConfig.0.DataSource.S3DataSource.S3DataType": "S3Prefix"},
    "extras",
)
_START_PIPELINE = AssembledCall(_SAGEMAKER, "start_pipeline_execution", {"pipeline_name": "PipelineName"})
_UPDATE_ENDPOINT = ConfiguredCall(_SAGEMAKER, "update_endpoint", "Endpoint")
_BEFORE_ENDPOINT = (
    ConfiguredCall(_SAGEMAKER, "create_model", "Model", whole=False),
    ConfiguredCall(_SAGEMAKER, "create_endpoint_config", "EndpointConfig", whole=False),
)
OPERATORS: Mapping[str, tuple[OperatorCall, ...]] = {
    "SageMakerTrainingOperator": (ConfiguredCall(_SAGEMAKER, "create_training_job"),),
    "SageMakerProcessingOperator": (ConfiguredCall(_SAGEMAKER, "create_processing_job"),),
    "SageMakerTransformOperator": (
        ConfiguredCall(_SAGEMAKER, "create_model", "Model", whole=False),
        ConfiguredCall(_SAGEMAKER, "create_transform_job", "Transform"),
    ),
    "SageMakerTuningOperator": (ConfiguredCall(_SAGEMAKER, "create_hyper_parameter_tuning_job"),),
    "SageMakerModelOperator": (ConfiguredCall(_SAGEMAKER, "create_model"),),
    "SageMakerEndpointConfigOperator": (ConfiguredCall(_SAGEMAKER, "create_endpoint_config"),),
    "SageMakerEndpointOperator": (
        *_BEFORE_ENDPOINT,
        ConfiguredCall(_SAGEMAKER, "create_endpoint", "Endpoint"),
    ),
    "SageMakerAutoMLOperator": (_AUTOML,),
    "SageMakerRegisterModelVersionOperator": (
        AssembledCall(
            _SAGEMAKER,
            "create_model_package",
            {
                "image_uri": "InferenceSpecification.Containers.0.Image",
                "model_url": "InferenceSpecification.Containers.0.ModelDataUrl",
                "package_group_name": "ModelPackageGroupName",
                "package_desc": "ModelPackageDescription",
                "model_approval": "ModelApprovalStatus",
            },
            {
                "ModelApprovalStatus": "PendingManualApproval",
                "InferenceSpecification.SupportedContentTypes.0": "text/csv",
                "InferenceSpecification.SupportedResponseMIMETypes.0": "text/csv",
            },
            "extras",
        ),
    ),
    "SageMakerStartPipelineOperator": (_START_PIPELINE,),
    "SageMakerCreateNotebookOperator": (
        AssembledCall(
            _SAGEMAKER,
            "create_notebook_instance",
            {
                **_NOTEBOOK,
                "instance_type": "InstanceType",
                "role_arn": "RoleArn",
                "volume_size_in_gb": "VolumeSizeInGB",
                "volume_kms_key_id": "KmsKeyId",
                "lifecycle_config_name": "LifecycleConfigName",
                "direct_internet_access": "DirectInternetAccess",
                "root_access": "RootAccess",
            },
            further="create_instance_kwargs",
        ),
    ),
    "SageMakerDeleteModelOperator": (ConfiguredCall(_SAGEMAKER, "delete_model"),),
    "SageMakerDeleteNotebookOperator": (AssembledCall(_SAGEMAKER, "delete_notebook_instance", _NOTEBOOK),),
    "BedrockCustomizeModelOperator": (
        AssembledCall(
            _BEDROCK,
            "create_model_customization_job",
            {
                "job_name": "jobName",
                "custom_model_name": "customModelName",
                "role_arn": "roleArn",
                "base_model_id": "baseModelIdentifier",
                "training_data_uri": "trainingDataConfig.s3Uri",
                "output_data_uri": "outputDataConfig.s3Uri",
                "hyperparameters": "hyperParameters",
            },
            further="customization_job_kwargs",
        ),
    ),
    "BedrockCreateProvisionedModelThroughputOperator": (
        AssembledCall(
            _BEDROCK,
            "create_provisioned_model_throughput",
            {
                "model_units": "modelUnits",
                "provisioned_model_name": "provisionedModelName",
                "model_id": "modelId",
            },
            further="create_throughput_kwargs",
        ),
    ),
    "BedrockCreateKnowledgeBaseOperator": (
        AssembledCall(
            _AGENT,
            "create_knowledge_base",
            {
                "name": "name",
                "role_arn": "roleArn",
                "embedding_model_arn": (
                    "knowledgeBaseConfiguration.vectorKnowledgeBaseConfiguration.embeddingModelArn"
                ),
                "storage_config": "storageConfiguration",
            },
            {"knowledgeBaseConfiguration.type": "VECTOR"},
            "create_knowledge_base_kwargs",
        ),
    ),
    "BedrockCreateDataSourceOperator": (
        AssembledCall(
            _AGENT,
            "create_data_source",
            {
                "name": "name",
                "knowledge_base_id": "knowledgeBaseId",
                "bucket_name": "dataSourceConfiguration.s3Configuration.bucketArn",
            },
            {"dataSourceConfiguration.type": "S3"},
            "create_data_source_kwargs",
            {"bucket_name": "arn:aws:s3:::"},
        ),
    ),
    "BedrockCreateAgentRuntimeOperator": (
        AssembledCall(
            "bedrock-agentcore-control",
            "create_agent_runtime",
            {
                "agent_runtime_name": "agentRuntimeName",
                "agent_runtime_artifact": "agentRuntimeArtifact",
                "role_arn": "roleArn",
                "network_configuration": "networkConfiguration",
            },
            further="create_agent_runtime_kwargs",
        ),
    ),
    "StepFunctionStartExecutionOperator": (
        AssembledCall("stepfunctions", "start_execution", {"state_machine_arn": "stateMachineArn"}),
    ),
}
# What `operation="update"` does instead.
UPDATES: Mapping[str, tuple[OperatorCall, ...]] = {
    "SageMakerEndpointOperator": (*_BEFORE_ENDPOINT, _UPDATE_ENDPOINT),
}
# What an operator updates where it is there already.
UPDATED_IF_FOUND = ("create_endpoint", "AWS::SageMaker::Endpoint", "EndpointName")
# The members of an enumeration that the provider has for a parameter.
APPROVALS: Mapping[str, str] = {
    "APPROVED": "Approved",
    "REJECTED": "Rejected",
    "PENDING_MANUAL_APPROVAL": "PendingManualApproval",
}

# The services of hooks, whose `conn` and `get_conn()` are clients of boto3.
HOOKS: Mapping[str, str] = {
    "SageMakerHook": _SAGEMAKER,
    "BedrockHook": _BEDROCK,
    "BedrockAgentHook": _AGENT,
    "BedrockRuntimeHook": "bedrock-runtime",
    "BedrockAgentRuntimeHook": "bedrock-agent-runtime",
    "BedrockAgentCoreControlHook": "bedrock-agentcore-control",
    "S3Hook": "s3",
    "GlueJobHook": "glue",
    "LambdaHook": "lambda",
    # These are given the service.
    "AwsBaseHook": "",
    "AwsGenericHook": "",
    "AwsHook": "",
}
# Methods of the hook of SageMaker that take a request, and those that put one together.
HOOK_METHODS: Mapping[str, OperatorCall] = {
    **{
        method: ConfiguredCall(_SAGEMAKER, method)
        for method in (
            *("create_training_job", "create_processing_job", "create_transform_job", "create_model"),
            *("create_endpoint_config", "create_endpoint", "update_endpoint"),
        )
    },
    "create_tuning_job": ConfiguredCall(_SAGEMAKER, "create_hyper_parameter_tuning_job"),
    "create_auto_ml_job": _AUTOML,
    "start_pipeline": _START_PIPELINE,
    "delete_model": AssembledCall(_SAGEMAKER, "delete_model", {"model_name": "ModelName"}),
}
