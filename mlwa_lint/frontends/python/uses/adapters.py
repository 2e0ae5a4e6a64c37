"""Programs of a project that train an adapter (LoRA) and save nothing but that.

Whoever loads it needs the model that it adapts, which a container fetches from a hub unless the archive has
both. After `merge_and_unload()`, what is saved is complete.
"""

import re

from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.uses.project import PYTHON, Uses

_ADAPTS = re.compile(rb"\bget_peft_model\(|\bpeft_config\s*=(?!\s*(?:None\b|PeftConfig\.))|\badd_adapter\(")
_SAVES = re.compile(rb"\.(?:save_pretrained|save_model|push_to_hub)\(")
_MERGES = re.compile(rb"\bmerge_and_unload\(|\bsave_pretrained_merged\(|\bmerge_adapter\(")
# Containers that run no such model.
_OTHERS = re.compile(r"(?:sagemaker-)?(?:xgboost|scikit-learn|sklearn|tensorflow|mxnet|sparkml|autogluon)")


def saving_adapter(uses: Uses) -> PathSteps | None:
    """A program that trains an adapter and saves it without merging it; None where the project has none."""
    return uses.once(_found)


def may_load_adapter(image: str) -> bool:
    """Whether the container of an image, by its name, may run a model that an adapter belongs to."""
    return _OTHERS.match(image) is None


def _found(uses: Uses) -> PathSteps | None:
    for steps, text in uses.texts.items():
        if not steps[-1].endswith(PYTHON) or is_test(steps) or _ADAPTS.search(text) is None:
            continue
        if _SAVES.search(text) is not None and _MERGES.search(text) is None:
            return steps
    return None
