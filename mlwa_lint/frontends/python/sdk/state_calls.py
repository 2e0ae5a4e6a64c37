"""What the states of the Step Functions Data Science SDK call, and what their constructors take."""

from collections.abc import Mapping

# What a constructor takes in its order.
ORDERS: Mapping[str, tuple[str, ...]] = {
    "TrainingStep": ("state_id", "estimator", "job_name", "data", "hyperparameters"),
    "TransformStep": ("state_id", "transformer", "job_name", "model_name", "data", "data_type"),
    "ModelStep": ("state_id", "model", "model_name", "instance_type", "tags"),
    "EndpointConfigStep": (
        *("state_id", "endpoint_config_name", "model_name", "initial_instance_count", "instance_type"),
        *("variant_name", "data_capture_config", "tags"),
    ),
    "EndpointStep": ("state_id", "endpoint_name", "endpoint_config_name", "tags", "update"),
    "TuningStep": ("state_id", "tuner", "job_name", "data"),
    "ProcessingStep": ("state_id", "processor", "job_name", "inputs", "outputs", "experiment_config"),
    "Choice": ("state_id",),
    "Parallel": ("state_id",),
    "Map": ("state_id",),
    "Wait": ("state_id",),
    "Pass": ("state_id",),
    "Succeed": ("state_id",),
    "Fail": ("state_id",),
    "Task": ("state_id",),
    "LambdaStep": ("state_id",),
    "Chain": ("steps",),
    "Catch": ("error_equals", "next_step"),
    "Retry": ("error_equals",),
    "Workflow": ("name", "definition", "role", "tags"),
}
CALLS = {
    "TrainingStep": "sagemaker:createTrainingJob",
    "TransformStep": "sagemaker:createTransformJob",
    "ModelStep": "sagemaker:createModel",
    "EndpointConfigStep": "sagemaker:createEndpointConfig",
    "EndpointStep": "sagemaker:createEndpoint",
    "TuningStep": "sagemaker:createHyperParameterTuningJob",
    "ProcessingStep": "sagemaker:createProcessingJob",
    "LambdaStep": "lambda:invoke",
    "GlueStartJobRunStep": "glue:startJobRun",
    "BatchSubmitJobStep": "batch:submitJob",
    "EcsRunTaskStep": "ecs:runTask",
    "SnsPublishStep": "sns:publish",
    "SqsSendMessageStep": "sqs:sendMessage",
    "EventBridgePutEventsStep": "events:putEvents",
    "StepFunctionsStartExecutionStep": "states:startExecution",
}
# Calls that the SDK waits for by default.
WAITING = frozenset(
    {
        *("TrainingStep", "TransformStep", "TuningStep", "ProcessingStep", "GlueStartJobRunStep"),
        *("BatchSubmitJobStep", "EcsRunTaskStep", "StepFunctionsStartExecutionStep"),
    }
)


__all__ = ["CALLS", "ORDERS", "WAITING"]
