"""Which classes of the SageMaker SDK are used alike."""

from collections.abc import Mapping

_ALGORITHMS = (
    *("FactorizationMachines", "IPInsights", "KMeans", "KNN", "LDA", "LinearLearner", "NTM", "Object2Vec"),
    *("PCA", "RandomCutForest"),
)
_FRAMEWORKS = (
    *("Chainer", "HuggingFace", "MXNet", "PyTorch", "RLEstimator", "SKLearn", "TensorFlow", "XGBoost"),
)
FAMILIES: Mapping[str, str] = {
    **dict.fromkeys(("Estimator", "AlgorithmEstimator", "JumpStartEstimator"), "estimator"),
    **dict.fromkeys((*_FRAMEWORKS, *_ALGORITHMS), "estimator"),
    "ModelTrainer": "trainer",
    **dict.fromkeys(("Model", "FrameworkModel", "ModelPackage", "JumpStartModel", "SparkMLModel"), "model"),
    **dict.fromkeys((f"{name}Model" for name in (*_FRAMEWORKS, *_ALGORITHMS)), "model"),
    "MultiDataModel": "model",
    "PipelineModel": "pipeline model",
    "ModelBuilder": "builder",
    **dict.fromkeys(
        (
            *("Processor", "ScriptProcessor", "FrameworkProcessor", "SKLearnProcessor", "PySparkProcessor"),
            *("SparkJarProcessor", "PyTorchProcessor", "TensorFlowProcessor", "XGBoostProcessor"),
            *("HuggingFaceProcessor", "MXNetProcessor", "SageMakerClarifyProcessor"),
            "DataWranglerProcessor",
        ),
        "processor",
    ),
    "Transformer": "transformer",
    "HyperparameterTuner": "tuner",
    **dict.fromkeys(("AutoML", "AutoMLV2"), "automl"),
    "FeatureGroup": "feature group",
    **dict.fromkeys(
        ("DefaultModelMonitor", "ModelBiasMonitor", "ModelExplainabilityMonitor", "ModelQualityMonitor"),
        "monitor",
    ),
    "ModelMonitor": "inline monitor",
    "Pipeline": "pipeline",
    **dict.fromkeys(("Session", "PipelineSession", "LocalPipelineSession", "LocalSession"), "session"),
    **dict.fromkeys(
        (
            *("TrainingStep", "ProcessingStep", "TransformStep", "TuningStep", "AutoMLStep", "ModelStep"),
            *("CreateModelStep", "RegisterModel", "ConditionStep", "LambdaStep", "CallbackStep", "FailStep"),
            *("EMRStep", "QualityCheckStep", "ClarifyCheckStep", "NotebookJobStep", "EMRServerlessStep"),
            *("MonitorBatchTransformStep", "EstimatorTransformer", "EndpointConfigStep", "EndpointStep"),
            *("InferenceComponentStep", "LineageStep", "CleanupStep", "JobStep", "ForEachStep"),
            "FunctionStep",
        ),
        "step",
    ),
    **dict.fromkeys(
        ("ParameterString", "ParameterInteger", "ParameterFloat", "ParameterBoolean"), "parameter"
    ),
}
