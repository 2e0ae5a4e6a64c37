"""Writes `mlwa_lint/frontends/python/sdk/signatures.py`: parameters and defaults of the SageMaker SDK.

    python scripts/build_sagemaker_sdk.py FOLDER...   folders into which version 2 and version 3 are unpacked
    python scripts/build_sagemaker_sdk.py --check     whether the module is what such a run has written

The wheels are read, not imported: `pip download --no-deps sagemaker==2.*`, `pip download --no-deps
'sagemaker>=3' sagemaker-core sagemaker-train sagemaker-serve sagemaker-mlops`, each unpacked whole.
They are too large for every check: the module carries a digest of its own content and of this script.
"""

import ast
import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.generated_files import write_or_check

OUTPUT = Path(__file__).parent.parent / "mlwa_lint" / "frontends" / "python" / "sdk" / "signatures.py"
# Classes, and the methods that make requests. What a class does not define itself comes from its base.
METHODS = (
    "__init__",
    "auto_ml",
    "build",
    "create",
    "create_auto_ml_v2",
    "create_endpoint",
    "create_endpoint_config",
    "create_feature_group",
    "create_model",
    "create_model_from_job",
    "create_monitoring_schedule",
    "deploy",
    "endpoint_from_job",
    "endpoint_from_model_data",
    "endpoint_from_production_variants",
    "fit",
    "process",
    "register",
    "run",
    "suggest_baseline",
    "train",
    "transform",
    "transformer",
    "tune",
    "update_endpoint",
)
CLASSES = """
    Estimator AlgorithmEstimator Chainer HuggingFace MXNet PyTorch RLEstimator SKLearn TensorFlow XGBoost
    FactorizationMachines IPInsights KMeans KNN LDA LinearLearner NTM Object2Vec PCA RandomCutForest
    JumpStartEstimator JumpStartModel
    Model FrameworkModel ModelPackage MultiDataModel PipelineModel
    ChainerModel HuggingFaceModel MXNetModel PyTorchModel SKLearnModel TensorFlowModel XGBoostModel
    FactorizationMachinesModel IPInsightsModel KMeansModel KNNModel LDAModel LinearLearnerModel NTMModel
    Object2VecModel PCAModel RandomCutForestModel SparkMLModel
    Processor ScriptProcessor FrameworkProcessor SKLearnProcessor PySparkProcessor SparkJarProcessor
    PyTorchProcessor TensorFlowProcessor XGBoostProcessor HuggingFaceProcessor MXNetProcessor
    SageMakerClarifyProcessor DataWranglerProcessor
    Transformer HyperparameterTuner AutoML AutoMLV2 FeatureGroup
    DefaultModelMonitor ModelMonitor ModelBiasMonitor ModelExplainabilityMonitor ModelQualityMonitor
    DataCaptureConfig AsyncInferenceConfig ServerlessInferenceConfig NetworkConfig TrainingInput
    ProcessingInput ProcessingOutput FeatureStoreOutput EndpointInput MonitoringOutput BatchTransformInput
    OnlineStoreConfig OfflineStoreConfig S3StorageConfig
    AutoMLTabularConfig AutoMLImageClassificationConfig AutoMLTextClassificationConfig
    AutoMLTextGenerationConfig AutoMLTimeSeriesForecastingConfig
    ParameterString ParameterInteger ParameterFloat
    Pipeline TrainingStep ProcessingStep TransformStep TuningStep AutoMLStep ModelStep CreateModelStep
    RegisterModel ConditionStep LambdaStep CallbackStep FailStep EMRStep QualityCheckStep ClarifyCheckStep
    NotebookJobStep EMRServerlessStep MonitorBatchTransformStep EstimatorTransformer EndpointConfigStep
    EndpointStep InferenceComponentStep LineageStep CleanupStep JobStep ForEachStep Session
    ModelTrainer ModelBuilder SourceCode Compute Networking InputData
""".split()  # noqa: SIM905 - a page of quotation marks otherwise
# Where a name occurs several times, the first of these modules is meant.
PREFERRED = ("sagemaker/model.py", "sagemaker/session.py", "sagemaker/core/training/configs.py")
AVOIDED = (
    *("/local/", "/lineage/", "/_", "/feature_processor/", "sagemaker_core/", "/core/resources", "/shapes/"),
)


class Index:
    """All classes of an unpacked wheel, by name."""

    def __init__(self, folders: list[Path]) -> None:
        self.classes: dict[str, tuple[str, ast.ClassDef]] = {}
        self.versions: list[str] = []
        for folder in folders:
            self._read(folder)

    def _read(self, folder: Path) -> None:
        for path in sorted(folder.glob("sagemaker*.dist-info/METADATA")):
            text = path.read_text(encoding="utf-8")
            fields = dict(re.findall(r"^(Name|Version): (.+)$", text, re.MULTILINE))
            if fields["Name"] in ("sagemaker", "sagemaker-core", "sagemaker-train", "sagemaker-serve"):
                self.versions.append(f"{fields['Name']} {fields['Version']}")
        for path in sorted(folder.glob("sagemaker/**/*.py")):
            name = path.relative_to(folder).as_posix()
            if any(part in f"/{name}" for part in AVOIDED):
                continue
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    known = self.classes.get(node.name)
                    if known is None or (name in PREFERRED and known[0] not in PREFERRED):
                        self.classes[node.name] = (name, node)

    def signature(self, name: str, method: str, seen: tuple[str, ...] = ()) -> list[str] | None:
        """The parameters of a method: `name` where it is required, `name=literal`, `name=…`."""
        if name not in self.classes or name in seen:
            return None
        node = self.classes[name][1]
        functions = [each for each in node.body if isinstance(each, ast.FunctionDef)]
        own = next((each for each in functions if each.name == method), None)
        bases = [ast.unparse(base).split(".")[-1].rstrip(")") for base in node.bases]
        bases = [re.sub(r".*\(", "", base) for base in bases]
        inherited = [
            found for base in bases if (found := self.signature(base, method, (*seen, name))) is not None
        ]
        if own is None:
            fields = list(_fields(node)) if method == "__init__" else []
            if fields:
                return _merged([fields, *inherited])
            return inherited[0] if inherited else None
        parameters = list(_parameters(own))
        return _merged([parameters, *inherited]) if own.args.kwarg is not None else parameters


def _merged(lists: list[list[str]]) -> list[str]:
    found: dict[str, str] = {}
    for each in lists:
        for parameter in each:
            found.setdefault(parameter.split("=")[0], parameter)
    return list(found.values())


def _fields(node: ast.ClassDef) -> Iterator[str]:
    """Fields of a pydantic model or an attrs class."""
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            if not each.target.id.startswith("_"):
                yield f"{each.target.id}={_literal(each.value)}" if each.value is not None else each.target.id
        elif isinstance(each, ast.Assign) and "attr.ib(" in ast.unparse(each.value):
            assert isinstance(each.value, ast.Call)
            default = next((k.value for k in each.value.keywords if k.arg == "default"), None)
            name = ast.unparse(each.targets[0])
            yield f"{name}={_literal(default)}" if default is not None else name


def _parameters(node: ast.FunctionDef) -> Iterator[str]:
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args][1:]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    for parameter, default in zip(positional, defaults, strict=True):
        yield parameter.arg if default is None else f"{parameter.arg}={_literal(default)}"
    for parameter, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield parameter.arg if given is None else f"{parameter.arg}={_literal(given)}"


def _literal(node: ast.expr | None) -> str:
    if node is None:
        return "…"
    try:
        value = ast.literal_eval(node)
    except ValueError:
        if isinstance(node, ast.BinOp) and re.fullmatch(r"[0-9 *]+", ast.unparse(node)):
            product = 1
            for factor in ast.unparse(node).split("*"):
                product *= int(factor)
            return str(product)
        return "…"
    plain = value is None or isinstance(value, (bool, int, float, str))
    return repr(value) if plain and "," not in repr(value) else "…"


def content(folders: list[Path]) -> str:
    """The module's text, without its digest."""
    second = Index([each for each in folders if (each / "sagemaker" / "estimator.py").exists()])
    third = Index([each for each in folders if not (each / "sagemaker" / "estimator.py").exists()])
    lines = [
        '"""Parameters and defaults of the SageMaker SDK. Generated by scripts/build_sagemaker_sdk.py.',
        "",
        "class -> method -> its parameters in their order; `=…` is a default that is no plain value.",
        f"Source: {', '.join(second.versions)}; {', '.join(third.versions)}.",
        '"""',
        "",
        "# ruff: noqa: E501",
        "# fmt: off",
        "from collections.abc import Mapping",
        "",
        f'VERSIONS = ("{second.versions[0].split()[1]}", "{third.versions[0].split()[1]}")',
        "SIGNATURES: Mapping[str, Mapping[str, str]] = {",
    ]
    for name in CLASSES:
        methods: dict[str, str] = {}
        for method in METHODS:
            old, new = second.signature(name, method), third.signature(name, method)
            found = _merged([each for each in (old, new) if each is not None])
            if found:
                methods[method] = ",".join(found)
        if not methods:
            raise SystemExit(f"{name} is in neither version")
        lines.append(f'    "{name}": {{')
        lines += [f"        {method!r}: {text!r}," for method, text in methods.items()]
        lines.append("    },")
    lines.append("}")
    return "\n".join(lines) + "\n"


def digest(text: str) -> str:
    """What text and script together come to."""
    script = Path(__file__).read_bytes()
    return hashlib.sha256(script + text.encode("utf-8")).hexdigest()[:16]


def main(arguments: list[str]) -> int:
    mark = "# digest: "
    if "--check" in arguments:
        text = OUTPUT.read_text(encoding="utf-8").rpartition(mark)[0]
    elif arguments:
        text = content([Path(each) for each in arguments])
    else:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    return write_or_check({OUTPUT: f"{text}{mark}{digest(text)}\n"}, arguments, __file__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
