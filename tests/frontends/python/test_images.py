"""Images that the SDK chooses: known where the program and the SDK fix them."""

from pathlib import Path

import pytest

from tests.frontends.python.programs import load_text, only, shown, value_of

SDK = "scope = 'inference'\nimport sagemaker\nfrom sagemaker import image_uris\n"
HOST = "?.dkr.ecr.?.amazonaws.com"


@pytest.mark.parametrize(
    ("call", "image"),
    [
        ("image_uris.retrieve('linear-learner', region)", f"{HOST}/linear-learner:1"),
        (
            "sagemaker.image_uris.retrieve(framework='xgboost', region='eu-west-1', version='1.7-1')",
            "?.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1",
        ),
        ("image_uris.retrieve('xgboost', region, '1')", f"{HOST}/xgboost:1"),
        ("image_uris.retrieve('sklearn', region, '1.2-1')", f"{HOST}/sagemaker-scikit-learn:1.2-1-cpu-py3"),
        (
            "image_uris.retrieve('pytorch', r, '2.1', instance_type='ml.g5.xlarge', image_scope=scope)",
            "?.dkr.ecr.?.amazonaws.com/pytorch-inference:2.1-gpu",
        ),
        ("image_uris.retrieve('xgboost', region, 'latest')", f"{HOST}/xgboost:?"),
        ("image_uris.retrieve('pytorch', region, version)", f"{HOST}/pytorch-training:?-?"),
        ("image_uris.retrieve(name, region)", f"{HOST}/?"),
        (
            "image_uris.retrieve('huggingface', r, '4.56.2')",
            f"{HOST}/huggingface-pytorch-training:4.56.2-gpu",
        ),
        (
            "image_uris.retrieve('huggingface', r, '4.56.2', image_scope=scope)",
            f"{HOST}/huggingface-pytorch-inference:4.56.2-?",
        ),
        ("image_uris.retrieve('spark', r, '3.5')", f"{HOST}/sagemaker-spark-processing:3.5-cpu"),
        ("image_uris.retrieve('data-wrangler', r)", f"{HOST}/sagemaker-data-wrangler-container:?"),
        ("image_uris.retrieve('data-wrangler', r, '2.x')", f"{HOST}/sagemaker-data-wrangler-container:2.x"),
        ("image_uris.retrieve('sagemaker-base-python', r)", f"{HOST}/sagemaker-base-python:1.0"),
        (
            "image_uris.retrieve('djl-lmi', r, '0.33', instance_type='ml.c5.xlarge')",
            f"{HOST}/djl-inference:0.33-cuda",
        ),
        ("image_uris.retrieve('djl-lmi', r, version='latest')", f"{HOST}/djl-inference:?-cuda"),
        ("image_uris.retrieve('djl-neuronx', r, '0.29.0')", f"{HOST}/djl-inference:0.29.0-neuronx"),
        ("image_uris.retrieve('debugger', r, instance_type='ml.c5.xlarge')", f"{HOST}/?"),
    ],
)
def test_what_image_uris_give(call: str, image: str, tmp_path: Path) -> None:
    assert value_of(tmp_path, f"{SDK}x = {call}") == repr(image)


def test_what_the_functions_of_version_1_and_of_hugging_face_give(tmp_path: Path) -> None:
    old = "from sagemaker.amazon.amazon_estimator import get_image_uri\nx = get_image_uri(region, 'kmeans')"
    assert value_of(tmp_path, old) == repr(f"{HOST}/kmeans:1")
    new = "from sagemaker.huggingface import get_huggingface_llm_image_uri\n"
    new += "x = get_huggingface_llm_image_uri('huggingface', version='3.3.6')"
    assert value_of(tmp_path, new) == repr(f"{HOST}/huggingface-pytorch-tgi-inference:3.3.6-gpu")


@pytest.mark.parametrize(
    ("call", "image"),
    [
        (
            "sagemaker.pytorch.PyTorch('t.py', r, framework_version='2.1', instance_type='ml.m5.xlarge')",
            "/pytorch-training:2.1-cpu",
        ),
        ("sagemaker.KMeans(role=r, instance_count=1, instance_type='ml.m5.xlarge', k=2)", "/kmeans:1"),
        (
            "sagemaker.sklearn.SKLearn('t.py', '1.2-1', role=r, instance_type='ml.m5.xlarge')",
            "/sagemaker-scikit-learn:1.2-1-cpu-py3",
        ),
        ("sagemaker.estimator.Estimator(role=r, instance_count=1, instance_type='ml.m5.xlarge')", "/?"),
    ],
)
def test_what_a_class_chooses(call: str, image: str, tmp_path: Path) -> None:
    made = only(load_text(tmp_path, f"import sagemaker\nestimator = {call}\nestimator.fit()\n"))
    assert shown(made, "AlgorithmSpecification.TrainingImage") == repr(HOST + image)


def test_a_framework_processor_runs_the_image_of_its_estimator(tmp_path: Path) -> None:
    program = """from sagemaker.processing import FrameworkProcessor
from sagemaker.sklearn import SKLearn
processor = FrameworkProcessor(estimator_cls=SKLearn, framework_version="1.2-1", role="r",
                               instance_count=1, instance_type="ml.m5.large")
processor.run(code="clean.py")
"""
    made = only(load_text(tmp_path, program))
    image = f"{HOST}/sagemaker-scikit-learn:1.2-1-cpu-py3"
    assert shown(made, "AppSpecification.ImageUri") == repr(image)
