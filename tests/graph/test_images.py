"""What the names of images show."""

import pytest

from mlwa_lint.graph.images import built_for


@pytest.mark.parametrize(
    ("name", "hardware"),
    [
        ("pytorch-inference:2.1.0-gpu-py310-cu118-ubuntu20.04-sagemaker", "gpu"),
        ("djl-inference:0.27.0-deepspeed0.12.6-cu121", "gpu"),
        ("pytorch-training:2.1.0-cpu-py310-ubuntu20.04-sagemaker", "cpu"),
        ("sagemaker-scikit-learn:1.2-1-cpu-py3", "cpu"),
        ("huggingface-pytorch-inference-neuronx:2.1.2-transformers4.36.2-neuronx-py310", "neuron"),
        ("pytorch-inference-neuron:1.13.1-neuron-py310-sdk2.15.0", "neuron"),
    ],
)
def test_the_tags_of_deep_learning_containers_name_the_hardware(name: str, hardware: str) -> None:
    assert built_for(name) == hardware


@pytest.mark.parametrize(
    "name",
    ["recommender:2024-11", "sagemaker-xgboost:1.7-1", "custom:cpu-or-gpu", "occupancy:3", "excuse:cut"],
)
def test_other_names_are_not_recognised(name: str) -> None:
    assert built_for(name) is None
