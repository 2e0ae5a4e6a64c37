"""SageMaker's built-in algorithms, recognised by their images."""

import re

from mlwa_lint.graph.jobs import Job
from mlwa_lint.model.answers import certainly

# Those for images and XGBoost write checkpoints; these do not, and get spot capacity for an hour at most.
_WITHOUT_CHECKPOINTS = frozenset(
    {
        *(
            "blazingtext",
            "factorization-machines",
            "forecasting-deepar",
            "ipinsights",
            "kmeans",
            "knn",
            "lda",
        ),
        *("linear-learner", "ntm", "object2vec", "pca", "randomcutforest", "seq2seq"),
    }
)
# Those for images, which write checkpoints; XGBoost also runs scripts of its users.
_BUILT_IN = _WITHOUT_CHECKPOINTS | {"image-classification", "object-detection", "semantic-segmentation"}
_REGISTRY = ".dkr.ecr."


def runs_built_in(job: Job) -> bool:
    """Whether a job certainly trains with a built-in algorithm of SageMaker, which runs no code of users."""
    images = [image.test(_is_built_in) for image in job.images]
    return job.is_training and bool(images) and all(map(certainly, images))


def _is_built_in(image: str) -> bool:
    registry, _, path = image.partition("/")
    return _REGISTRY in registry and re.split("[:@]", path)[0] in _BUILT_IN


def writes_no_checkpoints(job: Job) -> bool:
    """Whether a job certainly trains with a built-in algorithm of SageMaker that writes no checkpoints."""
    return any(certainly(image.tail("/", _is_without_checkpoints)) for image in job.images)


def _is_without_checkpoints(image: str) -> bool:
    return re.split("[:@]", image)[0] in _WITHOUT_CHECKPOINTS
