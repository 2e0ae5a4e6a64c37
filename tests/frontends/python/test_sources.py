"""Code that the SDK hands to a container, and whether that needs the network."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

HEAD = """from sagemaker.pytorch import PyTorch, PyTorchModel

common = dict(role="role", framework_version="2.1", py_version="py310")
"""
MODEL = HEAD + "model = PyTorchModel(model_data='s3://b/k', {}, **common)\nmodel.deploy(1, 'ml.m5.large')\n"
JOB = HEAD + "PyTorch({}, instance_count=1, instance_type='ml.m5.large', **common).fit('s3://b/k')\n"
LOCAL = "import torch\n\n\ndef model_fn(folder):\n    return torch.jit.load(folder + '/model.pt')\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _verdict(capsys: pytest.CaptureFixture[str], code: str, program: str = "run.py") -> str:
    invoke(["check", program, "--no-cache", "--severity", "info", "--format", "json", "--select", code])
    result = json.loads(capsys.readouterr().out)
    return "found" if result["findings"] else "undecided" if result["undecided"] else ""


@pytest.mark.parametrize(
    ("code", "requirements", "verdict"),
    [
        (LOCAL, None, "found"),
        (LOCAL, "", "found"),
        (LOCAL, "# none\n./wheels/own-1.0-py3-none-any.whl\n", "found"),
        (LOCAL, "--no-index\n--find-links wheels\ntorchvision\n", "found"),
        (LOCAL, "torchvision==0.16\n", ""),
        ("import boto3\n" + LOCAL, None, ""),
        ("# import boto3\n" + LOCAL, None, "found"),
        ("from sagemaker_inference import encoder\n" + LOCAL, None, "found"),
        (LOCAL + "frame = read('s3://bucket/table.csv')\n", None, ""),
        (LOCAL + "server = 'http://localhost:8080'\n", None, "found"),
        (LOCAL + "AutoModel.from_pretrained('acme/base')\n", None, ""),
        (LOCAL + "AutoModel.from_pretrained(args.model_name)\n", None, "undecided"),
        (LOCAL + "AutoModel.from_pretrained(model_dir)\n", None, "found"),
        (LOCAL + "AutoModel.from_pretrained('/opt/ml/model')\n", None, "found"),
        (LOCAL + "encoder = SentenceTransformer(settings['model'])\n", None, "undecided"),
        (LOCAL + "encoder = SentenceTransformer(model_path)\n", None, "found"),
        (LOCAL + "summarize = pipeline('summarization')\n", None, ""),
        (LOCAL + "summarize = pipeline('summarization', model='acme/base')\n", None, ""),
        (LOCAL + "summarize = pipeline('summarization', model=model, tokenizer=tokenizer)\n", None, "found"),
        (LOCAL + "model = torchvision.models.resnet50(pretrained=True)\n", None, ""),
        (LOCAL + "model = resnet50(weights=ResNet50_Weights.DEFAULT)\n", None, ""),
        (LOCAL + "model = VGG16(weights='imagenet', include_top=False)\n", None, ""),
        (LOCAL + "model = resnet50(weights=None, pretrained=False)\n", None, "found"),
        (LOCAL + "subprocess.run([sys.executable, '-m', 'pip', 'install', 'x'])\n", None, ""),
        ("from helpers import load\n" + LOCAL, None, ""),
    ],
)
@pytest.mark.parametrize(("program", "rule"), [(MODEL, "MLS102"), (JOB, "MLS205")])
def test_code_that_isolation_would_cut_off(
    program: str,
    rule: str,
    code: str,
    requirements: str | None,
    verdict: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = {"run.py": program.format("entry_point='main.py', source_dir='src'"), "src/main.py": code}
    files["src/helpers.py"] = "import requests\n"
    if requirements is not None:
        files["src/requirements.txt"] = requirements
    write(Path(), **files)
    assert _verdict(capsys, rule) == verdict


def test_a_script_without_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path(), **{"run.py": MODEL.format("entry_point='src/main.py'"), "src/main.py": "import boto3\n"})
    assert _verdict(capsys, "MLS102") == ""


def test_requirements_among_the_dependencies(capsys: pytest.CaptureFixture[str]) -> None:
    text = "entry_point='main.py', dependencies=['serving/requirements.txt']"
    write(Path(), **{"run.py": MODEL.format(text)})
    assert _verdict(capsys, "MLS102") == "undecided"


@pytest.mark.parametrize(
    ("dependencies", "verdict"),
    [
        ("{'requirements': 'serving.txt'}", ""),
        ("{'custom': ['einops==0.8.0']}", ""),
        ("{'auto': True}", ""),
        ("{'auto': False}", "found"),
        ("None", "found"),
    ],
)
def test_what_a_builder_has_its_container_install(
    dependencies: str, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"""from sagemaker.serve import ModelBuilder, SchemaBuilder
builder = ModelBuilder(inference_spec=spec, role_arn="role", schema_builder=SchemaBuilder("a", "b"),
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/serve:1", dependencies={dependencies})
builder.build().deploy(initial_instance_count=1, instance_type="ml.m5.large")
"""
    write(Path(), **{"run.py": text})
    assert _verdict(capsys, "MLS102") == verdict


def test_code_that_is_not_in_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path(), **{"run.py": MODEL.format("entry_point='main.py', source_dir='s3://b/src.tar.gz'")})
    assert _verdict(capsys, "MLS102") == "found"


@pytest.mark.parametrize(("program", "rule"), [(MODEL, "MLS102"), (JOB, "MLS205")])
def test_a_folder_that_is_missing(program: str, rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(Path(), **{"run.py": program.format("entry_point='main.py', source_dir='src'")})
    assert _verdict(capsys, rule) == "undecided"


def test_a_program_that_is_run_from_a_folder_above_it(capsys: pytest.CaptureFixture[str]) -> None:
    text = JOB.format("entry_point='main.py', source_dir='src'")
    write(Path(), **{"lab/hints/final/run.py": text, "lab/src/main.py": "import boto3\n"})
    assert _verdict(capsys, "MLS205", "lab/hints/final/run.py") == ""
    write(Path(), **{"lab/src/main.py": LOCAL})
    assert _verdict(capsys, "MLS205", "lab/hints/final/run.py") == "found"
    write(Path(), **{"lab/hints/src/main.py": "import boto3\n"})
    assert _verdict(capsys, "MLS205", "lab/hints/final/run.py") == "undecided"


PROCESSING = """from sagemaker.sklearn import SKLearnProcessor

processor = SKLearnProcessor("1.2-1", "role", instance_type="ml.m5.large", instance_count=1)
processor.run(code="prepare.py")
"""
PIPELINE = """from sagemaker.pytorch import PyTorch
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TrainingStep

estimator = PyTorch(
    "main.py",
    source_dir="src",
    role="role",
    framework_version="2.1",
    py_version="py310",
    instance_count=1,
    instance_type="ml.m5.large",
    sagemaker_session=PipelineSession(),
)
step = TrainingStep("Train", step_args=estimator.fit("s3://b/k"))
Pipeline("churn", steps=[step]).upsert("role")
"""
TRAINER = """from sagemaker.modules.configs import SourceCode
from sagemaker.modules.train import ModelTrainer

code = SourceCode(source_dir="src", entry_script="main.py"{})
ModelTrainer(training_image="image", source_code=code, role="role").train()
"""


@pytest.mark.parametrize(
    ("program", "files", "verdict"),
    [
        (PROCESSING, {"prepare.py": "import boto3\n"}, ""),
        (PROCESSING, {"prepare.py": "import pandas\n"}, "found"),
        (PIPELINE, {"src/main.py": "import boto3\n"}, ""),
        (PIPELINE, {"src/main.py": LOCAL}, "found"),
        (TRAINER.format(""), {"src/main.py": LOCAL, "src/requirements.txt": "torch\n"}, "found"),
        (
            TRAINER.format(', requirements="requirements.txt"'),
            {"src/main.py": LOCAL, "src/requirements.txt": "torch\n"},
            "",
        ),
        (TRAINER.format(""), {"src/main.py": "import boto3\n"}, ""),
    ],
)
def test_jobs_of_other_kinds(
    program: str, files: dict[str, str], verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(Path(), **{"run.py": program}, **files)
    assert _verdict(capsys, "MLS205") == verdict


@pytest.mark.parametrize(
    ("path", "line", "verdict"),
    [
        ("src/libs/events.py", "from libs.events import send\n", ""),
        ("src/libs/events.py", "from libs import events\n", ""),
        ("libs/events.py", "from libs.events import send\n", "undecided"),
        ("libs/events.py", "from libs.others import send\n", "found"),
    ],
)
def test_packages_that_a_script_imports_count_and_leave_it_open_elsewhere(
    path: str, line: str, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = JOB.format("entry_point='train.py', source_dir='src'")
    write(Path(), **{"run.py": text, "src/train.py": line, path: "import boto3\n"})
    assert _verdict(capsys, "MLS205") == verdict


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("from tdc.single_pred import ADME\n", ""),
        ("import yfinance as yf\n", ""),
        ("import kagglehub\n", ""),
        ("import openml\n", ""),
        ("from ucimlrepo import fetch_ucirepo\n", ""),
        ("data = fetch_california_housing(as_frame=True)\n", ""),
        ("data = datasets.fetch_openml('adult')\n", ""),
        ("data = fetch_data('adult')\n", "found"),
        ("data = MNIST('.', train=True, download=True)\n", ""),
        ("data = MNIST('/opt/ml/input/data/training', train=True, download=False)\n", "found"),
        ("from torchtext.datasets import IMDB\n", ""),
        ("data = tfds.load('mnist')\n", ""),
        ("(x, y), _ = tf.keras.datasets.fashion_mnist.load_data()\n", ""),
        ("x = own.load_data()\n", "found"),
        ("subprocess.run([sys.executable, '-m', 'spacy', 'download', 'en_core_web_sm'])\n", ""),
        ("data = load_dataset('imdb')\n", ""),
        ("data = load_dataset('csv', data_files=files)\n", "found"),
        ("vectors = gensim.downloader.load('glove-wiki-gigaword-50')\n", ""),
    ],
)
def test_libraries_that_fetch_data_by_themselves(
    code: str, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(Path(), **{"run.py": JOB.format("entry_point='main.py', source_dir='src'"), "src/main.py": code})
    assert _verdict(capsys, "MLS205") == verdict


def test_what_modules_import_in_turn_and_which_of_two_scripts_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start = "import os\nname = 'jobs/main.py' if os.path.exists('jobs') else None\n"
    write(
        Path(),
        **{
            "run.py": start + JOB.format("entry_point=name"),
            "jobs/main.py": "from package.prepare import main\nmain()\n",
            "src/package/prepare.py": "from package.data.loading import load\n",
            "src/package/data/loading.py": "from tdc.single_pred import ADME\n",
        },
    )
    assert _verdict(capsys, "MLS205") == "undecided"
