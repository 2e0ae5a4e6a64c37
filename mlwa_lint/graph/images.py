"""What container images are built for, according to their names.

The words are those of the AWS Deep Learning Containers' repositories and tags
(docs.aws.amazon.com/deep-learning-containers/latest/devguide/deep-learning-containers-images.html):
`pytorch-inference:2.1.0-gpu-py310-cu118-ubuntu20.04-sagemaker`, `djl-inference:0.27.0-deepspeed0.12.6-cu121`,
`huggingface-pytorch-inference-neuronx:…`, `pytorch-inference-graviton:…`.
"""

from typing import Literal, TypeAlias

from mlwa_lint.facts.hardware import CONTAINERS_OF_AWS, precedes_cuda_11
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.machines.instances import accelerator, is_accelerated
from mlwa_lint.graph.views import View
from mlwa_lint.model.answers import NO, Answer, answer, some
from mlwa_lint.model.values import CHOSEN_FOR, SDK_ACCOUNT, SDK_CHOICE, Unknown, identity_of
from mlwa_lint.startup.patterns import lazy

Hardware: TypeAlias = Literal["gpu", "neuron", "cpu"]

_WORDS = lazy(r"[-_:.+]")
_CUDA = lazy(r"cu\d{2,3}|cuda\d*")
# Repositories that are published for x86 only; those not listed may have a Graviton build. Of the built-in
# algorithms XGBoost alone has one, since 1.3-1, and scikit-learn has since 1.0-1 (the
# scope inference_graviton in image_uri_config/ of the SageMaker SDK 2.257.7).
_X86_ONLY = lazy(
    r"huggingface-|djl-inference|mxnet-|autogluon-|stabilityai-|sagemaker-tritonserver"
    r"|^(?:blazingtext|factorization-machines|forecasting-deepar|image-classification|ipinsights|kmeans|knn|lda"
    r"|linear-learner|ntm|object-detection|object2vec|pca|randomcutforest|semantic-segmentation|seq2seq|xgboost)"
    r"(?::(?:1|latest))?$"
    r"|^sagemaker-(?:xgboost:(?:0\.|1\.[0-2]-)|scikit-learn:0\.)"
    r"|(?:^|[-_:.])(?:amd64|x86|x86_64|x86-64)(?:$|[-_:.])"
)
# What leads to an object or a page. A registry has no scheme.
_SCHEME = lazy(r"[a-z][a-z0-9+.-]*://")
_LABELS = {"gpu": "GPUs", "neuron": "Trainium and Inferentia", "cpu": "CPUs"}


def built_for(name: str) -> Hardware | None:
    """The hardware that an image's repository and tag name; None where they name none, or several."""
    words = set(_WORDS.split(name.lower()))
    found: list[Hardware] = []
    if "gpu" in words or any(_CUDA.fullmatch(word) for word in words):
        found.append("gpu")
    if words & {"neuron", "neuronx"}:
        found.append("neuron")
    if "cpu" in words:
        found.append("cpu")
    return found[0] if len(found) == 1 else None


def described(image: View) -> str:
    """What an image is built for, in words for a message."""
    kind = built_for(image_tail(image))
    return _LABELS[kind] if kind else "other hardware"


def image_tail(image: View) -> str:
    """What follows the last slash of an image, as far as it is known; of several images that of the first."""
    tail = outline(image.value).rpartition("/")[2].replace(GAP, "")
    return tail or next((text.rpartition("/")[2] for text in image.texts), "")


def is_no_image(image: View) -> bool:
    """Whether what is known of an image's name shows that it is none: `s3://models/churn.tar.gz`."""
    value = image.value
    names = value.one_of if isinstance(value, Unknown) and value.one_of else (outline(value),)
    return all(map(_SCHEME.match, names))


def image_name(image: View) -> str:
    """The repository and tag of an image as messages name them, with `…` for what is not known."""
    shown = outline(image.value).rpartition("/")[2].replace(GAP, "…")
    return shown if shown.strip("…") else image_tail(image)


def is_of_sdk(image: View) -> bool:
    """Whether the SDK takes an image from AWS, in one of its versions."""
    value = image.value
    first = value.parts[0] if isinstance(value, Unknown) and value.parts else None
    return isinstance(first, Unknown) and first.identity == SDK_ACCOUNT


def is_general(image: View) -> Answer:
    """Whether the name of an image shows that it is not one of AWS's, and built for GPUs, if for anything.

    Such an image of a project's own holds all of its code, also that which does without them.
    """
    return image.tail(
        "/", lambda name: CONTAINERS_OF_AWS.match(name.lower()) is None and built_for(name) in ("gpu", None)
    )


def is_chosen(image: View) -> bool:
    """Whether the SDK chooses an image, by the instance type among others."""
    value = image.value
    return is_of_sdk(image) and isinstance(value, Unknown) and value.reason == SDK_CHOICE


def is_chosen_for(image: View, instance_type: View) -> bool:
    """Whether the SDK chooses an image by the very instance type that it runs on."""
    value, key = image.value, identity_of(instance_type.value)
    if not key or not isinstance(value, Unknown):
        return False
    start = f"{CHOSEN_FOR}{key} "
    return any(isinstance(part, Unknown) and part.identity.startswith(start) for part in value.parts)


def needs_accelerator(image: View) -> Answer:
    """Whether an image is built for an accelerator, so that it does without one at best."""
    return some(_is_built_for(image, kind) for kind in ("gpu", "neuron"))


def lacks_accelerator(image: View, instance_type: View) -> Answer:
    """Whether an image needs an accelerator that an instance type does not have."""
    if is_chosen_for(image, instance_type):
        return NO
    return some(_is_built_for(image, kind) & _has_not(instance_type, kind) for kind in ("gpu", "neuron"))


def leaves_accelerator(image: View, instance_type: View) -> Answer:
    """Whether an image cannot use the accelerator that an instance type has."""
    if is_chosen_for(image, instance_type):
        return NO
    return _is_built_for(image, "cpu") & instance_type.test(is_accelerated)


def does_not_fit(image: View, instance_type: View) -> Answer:
    """Whether an image is built for other hardware than an instance type has."""
    return lacks_accelerator(image, instance_type) | leaves_accelerator(image, instance_type)


def is_x86_only(image: View) -> Answer:
    """Whether an image's name shows that it runs on x86 CPUs alone, or needs an accelerator as well."""
    if is_no_image(image):
        return NO
    return image.tail(
        "/",
        lambda name: built_for(name) in ("gpu", "neuron") or _X86_ONLY.search(name.lower()) is not None,
    )


def _is_built_for(image: View, kind: str) -> Answer:
    if is_no_image(image):
        return NO
    found = image.tail("/", lambda name: built_for(name) == kind)
    if found.verdict == "undecided" and is_chosen(image):
        return NO  # for other hardware than it runs on
    if found.verdict == "undecided" and is_of_sdk(image):
        # The version is open, and the hardware is not: `huggingface-pytorch-tgi-inference:…-gpu`.
        known = built_for(outline(image.value).rpartition("/")[2])
        return answer(known == kind) if known is not None else found
    return found


def _has_not(instance_type: View, kind: str) -> Answer:
    # Images for other accelerators (Gaudi, Qualcomm) cannot be recognised reliably by name.
    return instance_type.test(lambda text: text.startswith("ml.") and accelerator(text) in _OTHERS[kind])


_OTHERS: dict[str, tuple[str | None, ...]] = {"gpu": (None, "neuron"), "neuron": (None, "gpu")}


def precedes_ampere(image: View) -> bool:
    """Whether an image is known to be built with a CUDA before 11, which the GPUs of g5 and p4d need.

    See https://docs.nvidia.com/cuda/ampere-compatibility-guide/; the versions are those of AWS's containers.
    """
    return precedes_cuda_11(image_tail(image)) is True
