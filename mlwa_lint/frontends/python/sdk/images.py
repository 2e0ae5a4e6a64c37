"""Images that the SDK chooses: AWS's own, with the version that the program or the SDK fixes.

Account and full tag depend on the Region and on the SDK's release; repository, version and hardware do not.
The repositories, and which of them have images for one kind of hardware alone, are those of the SDK's
`image_uri_config` (as of 2.5.1 of sagemaker-core).
"""

from collections.abc import Sequence

from mlwa_lint.facts import hardware
from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import External, PyValue, Site
from mlwa_lint.frontends.python.sdk.objects import SdkObject
from mlwa_lint.frontends.python.sdk.requests import Properties, put
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.resources import OLD_CUDA
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    CHOSEN_FOR,
    SDK_ACCOUNT,
    SDK_CHOICE,
    Entry,
    Scalar,
    Unknown,
    Value,
    identity_of,
    known_text,
)
from mlwa_lint.startup.patterns import lazy

# Built-in algorithms, each in a repository of its name with the tag 1.
_ALGORITHMS = frozenset(
    {
        *(
            "blazingtext",
            "factorization-machines",
            "forecasting-deepar",
            "image-classification",
            "ipinsights",
        ),
        *("kmeans", "knn", "lda", "linear-learner", "ntm", "object-detection", "object2vec", "pca"),
        *("randomcutforest", "semantic-segmentation", "seq2seq"),
    }
)
# Deep Learning Containers, a repository for training and one for inference.
_CONTAINERS = {
    "autogluon": "autogluon",
    "huggingface": "huggingface-pytorch",
    "mxnet": "mxnet",
    "pytorch": "pytorch",
    "tensorflow": "tensorflow",
}
# Containers whose images are for one kind of hardware in all versions, and their repositories. Only of these
# the SDK gives an image for no instance type.
_ONE_KIND = {
    "djl-deepspeed": ("djl-inference", "cuda"),
    "djl-fastertransformer": ("djl-inference", "cuda"),
    "djl-lmi": ("djl-inference", "cuda"),
    "djl-neuronx": ("djl-inference", "neuronx"),
    "djl-tensorrtllm": ("djl-inference", "cuda"),
    "huggingface-llm": ("huggingface-pytorch-tgi-inference", "gpu"),
    "huggingface-sglang": ("huggingface-sglang", "gpu"),
    "huggingface-tei": ("tei", "gpu"),
    "huggingface-tei-cpu": ("tei-cpu", "cpu"),
    "huggingface-vllm": ("huggingface-vllm", "gpu"),
    "huggingface-vllm-omni": ("huggingface-vllm-omni", "gpu"),
    "pytorch-smp": ("smdistributed-modelparallel", "gpu"),
    "spark": ("sagemaker-spark-processing", "cpu"),
    "stabilityai": ("stabilityai-pytorch-inference", "gpu"),
}
_TRAINED_ON_ONE_KIND = {"huggingface": "gpu"}
_OTHERS = {
    "clarify": "sagemaker-clarify-processing:1.0",
    "model-monitor": "sagemaker-model-monitor-analyzer",
    "sagemaker-base-python": "sagemaker-base-python:1.0",
}
# Containers whose tag is their version alone, for any hardware, and the versions of which the SDK takes the
# latest where none is given.
_BY_VERSION: dict[str, tuple[str, tuple[str, ...]]] = {
    "data-wrangler": ("sagemaker-data-wrangler-container", ("1.x", "2.x", "3.x")),
    "sparkml-serving": ("sagemaker-sparkml-serving", ()),
}
_SUFFIXES = ("Model", "Processor", "Estimator")
_KINDS = {
    "FactorizationMachines": "factorization-machines",
    "LinearLearner": "linear-learner",
    "RandomCutForest": "randomcutforest",
    "SageMakerClarify": "clarify",
    "DataWrangler": "data-wrangler",
    "DefaultModelMonitor": "model-monitor",
    "ModelBiasMonitor": "clarify",
    "ModelExplainabilityMonitor": "clarify",
    "ModelQualityMonitor": "model-monitor",
    "QualityCheckStep": "model-monitor",
    "ClarifyCheckStep": "clarify",
    "DataQualityCheckConfig": "model-monitor",
    "ModelQualityCheckConfig": "model-monitor",
    **dict.fromkeys(
        ("DataBiasCheckConfig", "ModelBiasCheckConfig", "ModelExplainabilityCheckConfig"), "clarify"
    ),
}
_VERSION = lazy(r"\d[\w.-]*")


def of_object(
    core: Core, owner: SdkObject, scope: str, span: Span, deployed_on: PyValue | None = None
) -> Value:
    """The image that a class of the SDK chooses; scope: `training`, `inference` or `processing`.

    deployed_on: the instance type of a call, by which the SDK then chooses, not by its own.
    """
    own = owner.arguments
    version = own.value("framework_version", "pytorch_version", "tensorflow_version")
    # What an estimator trains on does not show what its model is hosted on.
    trained = scope == "inference" and own.value("instance_count") is not None
    kind = deployed_on or (None if trained else own.value("instance_type"))
    runs = own.value("estimator_cls") if owner.kind == "FrameworkProcessor" else None
    name = runs.path.rpartition(".")[2] if isinstance(runs, External) else owner.kind
    return _image(core, _framework(name), scope, version, kind, None, SDK_CHOICE, span)


def of_automl(core: Core, reason: str, span: Span) -> Value:
    """The image of a candidate of AutoML: of AWS, which one is known only after it ran."""
    return _whole(core, None, [Unknown(reason, span, identity=core.number())], reason, span)


def of_function(core: Core, span: Span) -> Value:
    """The image in which the SDK runs a function: of AWS, for the version of Python at hand."""
    return _whole(core, None, ["sagemaker-base-python-310:1.0"], SDK_CHOICE, span)


def note_old_cuda(core: Core, properties: Properties, owner: SdkObject, scope: str) -> None:
    """Notes that an image which a program names runs a framework before CUDA 11, by the version beside it."""
    given = owner.arguments.value("image_uri")
    if given is None:
        return
    span = owner.site.span
    own = hardware.precedes_cuda_11(_name_of(frozen(core, given, span)))
    usual = _name_of(of_object(core, owner, scope, span))
    if own is None and hardware.precedes_cuda_11(usual):
        put(properties, OLD_CUDA, Entry(span, Scalar(usual, span)), span)


def _name_of(image: Value) -> str:
    """The repository and tag of an image, as far as known."""
    parts: Sequence[object] = image.parts if isinstance(image, Unknown) else (known_text(image) or "",)
    return "".join(part if isinstance(part, str) else "\0" for part in parts).rpartition("/")[2]


def of_call(core: Core, path: str, site: Site) -> Value | None:
    """The result of `image_uris.retrieve(...)` and its like; None for other functions."""
    name = path.rpartition(".")[2]
    reason = f"{path}() is known only when the program runs"
    if name == "retrieve" and "image_uris" in path:
        framework = _text(core, site.value("framework", 0), site.span)
        region, version = site.value("region", 1), site.value("version", 2)
        scope = _text(core, site.value("image_scope", 6), site.span) or "training"
        kind = site.value("instance_type", 4)
        return _image(core, framework, scope, version, kind, region, reason, site.span)
    if name == "get_image_uri":
        framework = _text(core, site.value("repo_name", 1), site.span)
        region, version = site.value("region_name", 0), site.value("repo_version", 2)
        return _image(core, framework, "training", version, None, region, reason, site.span)
    if name == "get_huggingface_llm_image_uri":
        version = site.value("version", 3)
        given = _version(core, version, site.span)
        return _whole(core, None, ["huggingface-pytorch-tgi-inference:", given, "-gpu"], reason, site.span)
    return None


def _framework(kind: str) -> str:
    """The SDK's name of what a class runs: `pytorch` of PyTorchModel."""
    for suffix in _SUFFIXES:
        kind = kind.removesuffix(suffix)
    return _KINDS.get(kind, kind.lower())


def _image(
    core: Core,
    framework: str | None,
    scope: str,
    version: PyValue | None,
    instance_type: PyValue | None,
    region: PyValue | None,
    reason: str,
    span: Span,
) -> Value:
    """An image of AWS, with its known parts."""
    given = _version(core, version, span)
    pieces: list[str | Value]
    if framework in _ALGORITHMS:
        pieces = [f"{framework}:{given if isinstance(given, str) else 1}"]
    elif framework in _OTHERS:
        pieces = [_OTHERS[framework]]
    elif framework in _BY_VERSION:
        repository, versions = _BY_VERSION[framework]
        if isinstance(given, Unknown) and version is None:
            given = given._replace(one_of=versions)
        pieces = [f"{repository}:", given]
    elif framework == "sklearn":
        pieces = ["sagemaker-scikit-learn:", given, "-cpu-py3"]
    elif framework == "xgboost":
        pieces = _of_xgboost(core, version, given, span)
    elif framework == "chainer":
        pieces = ["sagemaker-chainer:", given, "-", _hardware(core, instance_type, span)]
    elif framework in _CONTAINERS:
        role = "inference" if scope == "inference" else "training"
        pieces = [f"{_CONTAINERS[framework]}-{role}:", given, "-"]
        only = _TRAINED_ON_ONE_KIND.get(framework) if role == "training" and instance_type is None else None
        pieces.append(only or _hardware(core, instance_type, span))
    elif framework in _ONE_KIND:
        repository, only = _ONE_KIND[framework]
        pieces = [f"{repository}:", given, f"-{only}"]
    else:
        identity = core.number()
        if instance_type is not None:
            key = identity_of(frozen(core, instance_type, span))
            identity = f"{CHOSEN_FOR}{key} {identity}" if key else identity
        pieces = [Unknown(reason, span, identity=identity)]
    return _whole(core, region, pieces, reason, span)


def _of_xgboost(core: Core, version: PyValue | None, given: str | Unknown, span: Span) -> list[str | Value]:
    """The first version is an algorithm with a repository of its own, which `latest` still means."""
    if version is None or given == "1":
        return ["xgboost:1"]
    if _text(core, version, span) == "latest":
        tag = (
            Unknown(given.reason, span, identity=core.number(), one_of=("1", "latest"))
            if not isinstance(given, str)
            else given
        )
        return ["xgboost:", tag]
    return ["sagemaker-xgboost:", given]


def _whole(core: Core, region: PyValue | None, pieces: list[str | Value], reason: str, span: Span) -> Value:
    """The address of an image in a registry of AWS."""
    place = _text(core, region, span) or Unknown(reason, span, identity="the session's Region")
    account = Unknown(reason, span, identity=SDK_ACCOUNT)
    parts = (account, ".dkr.ecr.", place, ".amazonaws.com/", *pieces)
    return text_of([Scalar(each, span) if isinstance(each, str) else each for each in parts], span)


def _version(core: Core, version: PyValue | None, span: Span) -> str | Unknown:
    if version is None:
        return Unknown("the SDK chooses the version of the image", span, identity=core.number())
    value = frozen(core, version, span)
    text = known_text(value)
    if text is not None and _VERSION.fullmatch(text):
        return text
    return Unknown(reason_of(value, "the version of the image is not known"), span, identity=core.number())


def _hardware(core: Core, instance_type: PyValue | None, span: Span) -> Value:
    """`gpu` or `cpu`, by which the SDK chooses the image; other accelerators have other repositories."""
    if instance_type is None:
        return Unknown("the SDK is given no instance type for the image", span, identity=core.number())

    def chosen(values: Sequence[Value]) -> Value:
        (value,) = values
        text = known_text(value) or ""
        if text.startswith("ml."):
            kind = hardware.accelerators().get(text.split(".")[1], "cpu")
            if kind in ("cpu", "gpu"):
                return Scalar(kind, span, value.assumed)
        key = identity_of(value)
        identity = f"{CHOSEN_FOR}{key} {core.number()}" if key else core.number()
        return Unknown(reason_of(value, "the hardware of the image is not known"), span, identity=identity)

    return over_alternatives([frozen(core, instance_type, span)], chosen, span)


def _text(core: Core, value: PyValue | None, span: Span) -> str | None:
    return None if value is None else known_text(frozen(core, value, span))
