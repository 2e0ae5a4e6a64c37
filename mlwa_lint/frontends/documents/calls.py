"""Which calls create what, and which existing resource a call works with."""

from mlwa_lint.startup.patterns import lazy

_SERVICE = lazy(r"arn:[^:]*:states:[^:]*:[^:]*:([A-Za-z0-9-]+):([A-Za-z0-9]+)(\.[A-Za-z:0-9]+)?$")
_SDK = lazy(r"arn:[^:]*:states:[^:]*:[^:]*:aws-sdk:([A-Za-z0-9-]+):([A-Za-z0-9]+)(\.[A-Za-z:0-9]+)?$")
_FUNCTION = lazy(r"arn:[^:]*:lambda:")
_ACTIVITY = lazy(r"arn:[^:]*:states:[^:]*:[^:]*:activity:")

# service:action in lower case -> canonical type of what the call creates.
CREATED = {
    f"sagemaker:create{name.lower()}": f"AWS::SageMaker::{name}"
    for name in (
        "AutoMLJob",
        "AutoMLJobV2",
        "CompilationJob",
        "DataQualityJobDefinition",
        "Endpoint",
        "EndpointConfig",
        "FeatureGroup",
        "HyperParameterTuningJob",
        "InferenceComponent",
        "LabelingJob",
        "Model",
        "ModelBiasJobDefinition",
        "ModelExplainabilityJobDefinition",
        "ModelPackage",
        "ModelPackageGroup",
        "ModelQualityJobDefinition",
        "MonitoringSchedule",
        "NotebookInstance",
        "ProcessingJob",
        "TrainingJob",
        "TransformJob",
    )
}
CREATED |= {
    "bedrock:createguardrail": "AWS::Bedrock::Guardrail",
    "bedrock:createmodelcustomizationjob": "AWS::Bedrock::ModelCustomizationJob",
    "bedrock:createprovisionedmodelthroughput": "AWS::Bedrock::ProvisionedModelThroughput",
    "bedrockagent:createagent": "AWS::Bedrock::Agent",
    "comprehend:createdocumentclassifier": "AWS::Comprehend::DocumentClassifier",
    "comprehend:createentityrecognizer": "AWS::Comprehend::EntityRecognizer",
    "comprehend:createflywheel": "AWS::Comprehend::Flywheel",
    "forecast:createdataset": "AWS::Forecast::Dataset",
    "personalize:createdatasetgroup": "AWS::Personalize::DatasetGroup",
}

# service:action in lower case -> the parameter that names a resource, and its canonical type.
USED = {
    "athena:startqueryexecution": ("WorkGroup", "AWS::Athena::WorkGroup"),
    "batch:submitjob": ("JobDefinition", "AWS::Batch::JobDefinition"),
    "bedrockagentruntime:invokeagent": ("AgentId", "AWS::Bedrock::Agent"),
    "codebuild:startbuild": ("ProjectName", "AWS::CodeBuild::Project"),
    "ecs:runtask": ("TaskDefinition", "AWS::ECS::TaskDefinition"),
    "glue:startcrawler": ("Name", "AWS::Glue::Crawler"),
    "glue:startjobrun": ("JobName", "AWS::Glue::Job"),
    "lambda:invoke": ("FunctionName", "AWS::Lambda::Function"),
    "sagemaker:startpipelineexecution": ("PipelineName", "AWS::SageMaker::Pipeline"),
    "sagemaker:updateendpoint": ("EndpointName", "AWS::SageMaker::Endpoint"),
    "sagemaker:updateendpointweightsandcapacities": ("EndpointName", "AWS::SageMaker::Endpoint"),
    "sagemakerruntime:invokeendpoint": ("EndpointName", "AWS::SageMaker::Endpoint"),
    "sagemakerruntime:invokeendpointasync": ("EndpointName", "AWS::SageMaker::Endpoint"),
    "states:startexecution": ("StateMachineArn", "AWS::StepFunctions::StateMachine"),
    "sfn:startexecution": ("StateMachineArn", "AWS::StepFunctions::StateMachine"),
    "sfn:startsyncexecution": ("StateMachineArn", "AWS::StepFunctions::StateMachine"),
}

# Steps of a SageMaker Pipeline -> the call that each makes, as Step Functions would name it.
PIPELINE_ACTIONS = {
    "AutoML": "sagemaker:createAutoMLJob",
    "AutoMLV2": "sagemaker:createAutoMLJobV2",
    "Callback": "sqs:sendMessage",
    "ClarifyCheck": "sagemaker:createProcessingJob",
    "Compilation": "sagemaker:createCompilationJob",
    "EMR": "elasticmapreduce:addStep",
    "EMRServerless": "emr-serverless:startJobRun",
    "Endpoint": "sagemaker:createEndpoint",
    "EndpointConfig": "sagemaker:createEndpointConfig",
    "Function": "sagemaker:createTrainingJob",
    "InferenceComponent": "sagemaker:createInferenceComponent",
    "Lambda": "lambda:invoke",
    "Model": "sagemaker:createModel",
    "CreateModel": "sagemaker:createModel",
    "NotebookJob": "sagemaker:createTrainingJob",
    "Processing": "sagemaker:createProcessingJob",
    "QualityCheck": "sagemaker:createProcessingJob",
    "RegisterModel": "sagemaker:createModelPackage",
    "Training": "sagemaker:createTrainingJob",
    "Transform": "sagemaker:createTransformJob",
    "Tuning": "sagemaker:createHyperParameterTuningJob",
}


def action_of(arn: str) -> str | None:
    """`service:action` of a task's resource, `lambda:invoke` of a function's ARN; None when it is not a call.

    The waiting patterns (`.sync`, `.waitForTaskToken`) are left out; `pattern_of` gives them.
    """
    if _ACTIVITY.match(arn):
        return "states:activity"
    match = _SDK.match(arn) or _SERVICE.match(arn)
    if match is not None:
        return f"{match.group(1).lower()}:{match.group(2)}"
    return "lambda:invoke" if _FUNCTION.match(arn) else None


def pattern_of(arn: str) -> str:
    """How a task waits for its call: `sync`, `waitForTaskToken`, or not at all."""
    match = _SDK.match(arn) or _SERVICE.match(arn)
    return (match.group(3) or "").lstrip(".").split(":")[0] if match is not None else ""
