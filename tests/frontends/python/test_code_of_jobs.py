"""What the code of a job shows: whether it uses a GPU, and whether it could resume what it began."""

import json
from functools import partial
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

_write = partial(write, Path())
REGISTRY = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"
EVALUATION = f"""from sagemaker.processing import ScriptProcessor
from sagemaker.pytorch import PyTorch
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

estimator = PyTorch(
    entry_point="train.py",
    source_dir="scripts",
    role="arn:aws:iam::111122223333:role/training",
    framework_version="2.3",
    py_version="py311",
    instance_count=1,
    instance_type="ml.g5.xlarge",
)
processor = ScriptProcessor(
    image_uri="{REGISTRY}/pytorch-training:2.3.0-gpu-py311-cu121-ubuntu20.04-sagemaker",
    role="arn:aws:iam::111122223333:role/training",
    command=["python3"],
    instance_count=1,
    instance_type="ml.c5.xlarge",
)
"""
RUN = 'processor.run(code="./scripts/evaluate.py")\n'
STEPS = """Pipeline(
    name="churn",
    steps=[
        TrainingStep(name="Train", estimator=estimator),
        ProcessingStep(name="Evaluate", processor=processor, code="./scripts/evaluate.py"),
    ],
).upsert(role_arn="arn:aws:iam::111122223333:role/pipeline")
"""
ON_GPU = "import torch\n\nmodel = torch.load('model.pt').to('cuda')\n"
UNPACKING = "import tarfile\nfrom transformers import Trainer\n\ntarfile.open('model.tar.gz').extractall()\n"
SPOT = """from sagemaker.sklearn.estimator import SKLearn

estimator = SKLearn(
    entry_point="train.py",
    source_dir="code",
    role="arn:aws:iam::111122223333:role/training",
    framework_version="1.2-1",
    instance_count=1,
    instance_type="ml.m5.xlarge",
    use_spot_instances=True,
    max_run=36000,
    max_wait=72000,
)
"""
CHOOSING = """import torch

device = {}
model = torch.nn.Linear(8, 2).to(device)
"""
STARTING = """import boto3


def handler(event, context):
    boto3.client("sagemaker").create_training_job(
        TrainingJobName="churn-" + event["id"],
        RoleArn="arn:aws:iam::111122223333:role/training",
        AlgorithmSpecification={
            "TrainingImage": "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1-gpu-py310",
            "TrainingInputMode": "File",
        },
        ResourceConfig={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        HyperParameters={"sagemaker_program": "fit.py", "sagemaker_submit_directory": "s3://code/fit.tar.gz"},
    )
"""
STARTING_BY_SDK = """from sagemaker.estimator import Estimator

estimator = Estimator(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:3",
    role="arn:aws:iam::111122223333:role/training",
    instance_count=1,
    instance_type="ml.g5.xlarge",
)
estimator.fit({"train": "s3://churn-data/train"})
"""
FIT = 'estimator.fit({"train": "s3://churn-data/train"})\n'
TUNE = """from sagemaker.tuner import HyperparameterTuner, IntegerParameter

HyperparameterTuner(
    estimator, "accuracy", {"trees": IntegerParameter(10, 500)}, [{"Name": "accuracy", "Regex": "acc=(.*)"}]
).fit({"train": "s3://churn-data/train"})
"""
STEP = """from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TrainingStep

Pipeline(name="churn", steps=[TrainingStep(name="Train", estimator=estimator)]).upsert(role_arn="role")
"""
FOREST = """from sklearn.ensemble import RandomForestClassifier

model = RandomForestClassifier(n_estimators=300)
model.fit(features, labels)
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _weights(capsys: pytest.CaptureFixture[str], code: str) -> list[str]:
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", code])
    return [each["severity"] for each in json.loads(capsys.readouterr().out)["findings"]]


@pytest.mark.parametrize("started", [RUN, STEPS], ids=["job", "step"])
@pytest.mark.parametrize(
    ("script", "severity"),
    [
        (UNPACKING, "low"),
        (ON_GPU, "high"),
        (f"{UNPACKING}# model.to('cuda')\n", "low"),
        (CHOOSING.format("'cuda' if torch.cuda.is_available() else 'cpu'"), "low"),
        (CHOOSING.format("'cpu'\nif torch.cuda.is_available():\n    device = 'cuda'"), "low"),
        (CHOOSING.format("'cuda'"), "high"),
        (CHOOSING.format("'cuda' if torch.cuda.is_available() else 'cpu'") + "loss.cuda()\n", "high"),
    ],
    ids=[
        "unpacks",
        "uses one",
        "in a comment",
        "chooses",
        "chooses by if",
        "requires one",
        "requires it later",
    ],
)
def test_a_job_whose_own_script_uses_no_gpu_falls_back_to_the_cpu(
    started: str, script: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(
        evaluate__py=EVALUATION + started,
        scripts___train__py=ON_GPU,
        scripts___evaluate__py=script,
    )
    assert _weights(capsys, "MLP103") == [severity]


@pytest.mark.parametrize(
    ("device", "severity"),
    [("'cuda' if torch.cuda.is_available() else 'cpu'", "medium"), ("'cuda'", "high")],
)
def test_the_script_that_a_hyperparameter_names(
    device: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(functions___start___app__py=STARTING, fit__py=CHOOSING.format(device))
    assert _weights(capsys, "MLP103") == [severity]


@pytest.mark.parametrize("started", [FIT, TUNE, STEP], ids=["job", "tuning", "step"])
def test_training_that_fits_in_one_call_has_nothing_to_resume_from(
    started: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(run__py=SPOT + started, code___train__py=FOREST)
    assert _weights(capsys, "MLR201") == []


@pytest.mark.parametrize(
    "script",
    [
        "import torch\n" + FOREST,
        FOREST.replace("model.fit", "model.partial_fit"),
        "from sklearn.svm import SVC\n\nfor part in parts:\n    SVC().fit(*part)\n",
        "import steps\n\nsteps.train()\n",
        "from sklearn.svm import SVC\nfrom steps import train\n\ntrain(SVC().fit(x, y))\n",
    ],
    ids=["another framework", "in parts", "in a loop", "nothing fits", "imports"],
)
def test_training_in_steps_may_resume(script: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        run__py=SPOT + FIT, code___train__py=script, code___steps__py="import xgboost\n\ndef train(): ...\n"
    )
    assert _weights(capsys, "MLR201") == ["medium"]


def test_the_code_of_an_image_of_the_project_fits_in_one_call(capsys: pytest.CaptureFixture[str]) -> None:
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:2"
    program = SPOT.replace(
        '    entry_point="train.py",\n    source_dir="code",\n', f'    image_uri="{image}",\n'
    )
    program = program.replace(
        "sagemaker.sklearn.estimator import SKLearn", "sagemaker.estimator import Estimator"
    )
    program = program.replace("SKLearn(", "Estimator(").replace('    framework_version="1.2-1",\n', "")
    _write(run__py=program + FIT, churn___train__py=FOREST)
    assert _weights(capsys, "MLR201") == ["medium"]
    write(
        Path(),
        **{"churn/Dockerfile": "FROM python:3.12\nCOPY train.py /code/\nENV SAGEMAKER_PROGRAM train.py\n"},
    )
    assert _weights(capsys, "MLR201") == []


DEPLOY = """import boto3

sagemaker = boto3.client("sagemaker")
sagemaker.create_model(
    ModelName="chat",
    ExecutionRoleArn="arn:aws:iam::111122223333:role/hosting",
    PrimaryContainer={
        "Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/vllm:1",
        "ModelDataUrl": "s3://chat-models/model.tar.gz",
    },
)
sagemaker.create_endpoint_config(
    EndpointConfigName="chat",
    ProductionVariants=[{"ModelName": "chat", "VariantName": "all", "InstanceType": "ml.g5.xlarge"}],
)
sagemaker.create_endpoint(EndpointName="chat", EndpointConfigName="chat")
"""
DOWNLOAD = "from huggingface_hub import snapshot_download\n\nsnapshot_download('an/organisation')\n"


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"download__py": DOWNLOAD}, "info"),
        ({}, "low"),
        (
            {
                "download__py": DOWNLOAD,
                "tune__py": "from transformers import Trainer\nTrainer(model).train()\n",
            },
            "low",
        ),
        ({"README__md": "Call snapshot_download() first.\n"}, "low"),
        ({"code___serving__properties": "engine=DeepSpeed\noption.model_id=an-owner/large-7b\n"}, "info"),
        ({"code___serving__properties": "engine=DeepSpeed\noption.model_id=/opt/ml/model\n"}, "low"),
        ({"code___serving__properties": "#option.model_id=an-owner/large-7b\n"}, "low"),
    ],
    ids=["from a hub", "from anywhere", "tuned", "a document", "by its id", "from a folder", "a comment"],
)
def test_where_a_model_comes_from_is_known_if_it_is_taken_from_a_hub(
    files: dict[str, str], severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=DEPLOY, **files)
    assert _weights(capsys, "MLO504") == [severity]


TRACKED = "try:\n    import mlflow\nexcept ImportError:\n    mlflow = None\n"


@pytest.mark.parametrize(
    ("program", "script", "severities"),
    [
        (SPOT, TRACKED, []),
        (SPOT, "import helpers\n", []),
        (SPOT, "import torch\n", ["low"]),
        (
            SPOT.replace("max_run", 'hyperparameters={"no-wandb": ""},\n    max_run'),
            "import wandb\n",
            ["low"],
        ),
    ],
    ids=["a script", "what it imports", "nothing", "switched off"],
)
def test_a_job_whose_script_records_its_run_is_recorded(
    program: str, script: str, severities: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"import argparse\nargparse.ArgumentParser().parse_args()\n{program}{FIT}"
    _write(run___launch__py=text, code___train__py=script, code___helpers__py=TRACKED, prod__json="{}")
    assert _weights(capsys, "MLO201") == severities


WORKFLOW = """name: models
on: {push: {branches: [main]}}
jobs:
  train:
    environment: production
    runs-on: ubuntu-latest
    steps:
      - run: python launch.py%s
"""


@pytest.mark.parametrize(
    ("begin", "options", "severity"),
    [("", "", "info"), ("import sys\nprint(sys.argv[1])\n", " --rate 2", "low")],
    ids=["no options", "an option"],
)
def test_integration_that_names_production_trains_alike_without_options(
    begin: str, options: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(launch__py=f"{begin}{SPOT}{FIT}")
    write(Path(), **{".github/workflows/models.yml": WORKFLOW % options})
    assert _weights(capsys, "MLO201") == [severity]


def test_whether_a_job_on_an_open_image_is_recorded_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    program = """import sys
import boto3

boto3.client("sagemaker").create_training_job(
    TrainingJobName="churn",
    RoleArn="arn:aws:iam::111122223333:role/training",
    AlgorithmSpecification={"TrainingImage": sys.argv[1], "TrainingInputMode": "File"},
)
"""
    _write(jobs___run__py=program, image___train__py=TRACKED, prod__json="{}")
    assert _weights(capsys, "MLO201") == ["low"]
    write(
        Path(), **{"image/Dockerfile": "FROM python:3.12\nCOPY train.py /opt/ml/code/\nCMD python train.py\n"}
    )
    assert _weights(capsys, "MLO201") == []


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("settings = 'settings/churn.yaml'", "info"),
        ("import yaml", "info"),  # what only writes YAML reads no options
        ("import yaml\n\nsettings = yaml.safe_load(open('churn.yaml'))", "low"),
        ("from yaml import safe_load", "low"),
    ],
)
def test_a_program_that_names_a_configuration_for_its_job_takes_no_input(
    line: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"{line}\n{STARTING_BY_SDK}"
    _write(launch__py=text, README__md="# Churn\n\nTrains a model.\n")
    assert _weights(capsys, "MLC502") == [severity]


PIPELINE = """import json
import boto3

boto3.client("sagemaker").create_pipeline(
    PipelineName="check",
    PipelineDefinition=json.dumps({"Version": "2020-12-01", "Steps": [{
        "Name": "CheckImage",
        "Type": "Training",
        "Arguments": {
            "AlgorithmSpecification": {"TrainingImage": "churn:2", "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://BUCKET/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        },
    }]}),
    RoleArn="arn:aws:iam::111122223333:role/pipeline",
)
"""


@pytest.mark.parametrize(
    ("bucket", "severity"), [("churn-models", "low"), ("do-not-run-churn", "info"), ("do-not-runs", "low")]
)
def test_what_a_name_marks_as_not_to_be_run(
    bucket: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(pipeline__py=PIPELINE.replace("BUCKET", bucket))
    assert _weights(capsys, "MLC502") == [severity]


TESTED = """from sagemaker.sklearn.estimator import SKLearn


def estimator_for(spot=True):
    return SKLearn(
        entry_point="train.py",
        framework_version="1.2-1",
        role="arn:aws:iam::111122223333:role/training",
        instance_type="ml.m5.large",
        use_spot_instances=spot,
        output_path="s3://churn-models/",
    )


def train():
    estimator = SKLearn(entry_point="train.py", framework_version="1.2-1", role="arn:aws:iam::1:role/x")
    estimator.fit()
"""
TEST = "from training import estimator_for\n\n\ndef test_it():\n    assert estimator_for()\n"
OTHER = "import sagemaker\n\nfrom training import train\n\ntrain()\n"


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({}, "medium"),
        ({"launch__py": "from training import estimator_for\n\nestimator_for().fit()\n"}, "high"),
        ({"setup__py": "from setuptools import setup\n\nsetup(name='churn')\n"}, "high"),
    ],
    ids=["tests alone", "a program", "a package"],
)
def test_what_tests_alone_call_is_not_in_use(
    files: dict[str, str], severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(training__py=TESTED, tests___test_training__py=TEST, run__py=OTHER, **files)
    assert _weights(capsys, "MLR202") == [severity]


@pytest.mark.parametrize(
    ("name", "end", "severity"),
    [
        ("steps-02.py", "", "info"),
        ("steps_02.py", "", "medium"),
        ("steps-02.py", "\nestimator_for().fit()\n", "high"),
    ],
    ids=["a name that nothing imports", "a name of a module", "run as a script"],
)
def test_a_file_that_nothing_can_import(
    name: str, end: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(run__py="import sagemaker\n\nsagemaker.Session()\n")
    Path(name).write_text(TESTED + end)
    assert _weights(capsys, "MLR202") == [severity]
