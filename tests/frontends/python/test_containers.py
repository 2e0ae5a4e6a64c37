"""The code of containers that lies in the project: of an image that it builds, of a model's script."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

DEPLOY = """import boto3

sm = boto3.client("sagemaker")
image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:3"
role = "arn:aws:iam::111122223333:role/scorer-hosting"
sm.create_model(ModelName="scorer", ExecutionRoleArn=role, PrimaryContainer={"Image": image})
variant = {"VariantName": "main", "ModelName": "scorer", "InstanceType": "ml.p3.2xlarge"}
sm.create_endpoint_config(EndpointConfigName="scorer", ProductionVariants=[variant])
"""
DOCKERFILE = (
    'FROM python:3.12\nCOPY . /opt/program/\nWORKDIR /opt/program\nENTRYPOINT ["python", "serve.py"]\n'
)
SERVE = 'import subprocess\n\nsubprocess.run(["gunicorn", "wsgi:app"])\n'
WSGI = "import predictor\n\napp = predictor.app\n"
PREDICTOR = "import flask\n{}\n\napp = flask.Flask(__name__)\n"
HOSTED = """from sagemaker.pytorch import PyTorchModel

model = PyTorchModel(
    model_data="s3://scores/model.tar.gz",
    role="arn:aws:iam::111122223333:role/scorer-hosting",
    framework_version="2.1",
    py_version="py310",
    entry_point="inference.py",
)
model.deploy(1, "ml.m6i.large")
"""


PACKED = """import boto3
from sagemaker import image_uris

sm = boto3.client("sagemaker")
image = image_uris.retrieve("sklearn", "eu-west-1", version="1.2-1", image_scope="inference")
role = "arn:aws:iam::111122223333:role/scorer-hosting"
container = {"Image": image, "ModelDataUrl": "s3://scores/model.tar.gz"}
sm.create_model(ModelName="scorer", ExecutionRoleArn=role, PrimaryContainer=container)
variant = {"VariantName": "main", "ModelName": "scorer", "InstanceType": "ml.m6i.large"}
sm.create_endpoint_config(EndpointConfigName="scorer", ProductionVariants=[variant])
"""
PACK = 'cp inference.py "$TMP/code/"\n{}\ntar -czf model.tar.gz -C "$TMP" model.joblib code\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _write(files: dict[str, str]) -> None:
    write(Path(), **{path if "." in path else f"./{path}": text for path, text in files.items()})


def _found(capsys: pytest.CaptureFixture[str], code: str) -> str:
    """What a rule reports: "finding", "undecided" or nothing."""
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", code])
    result = json.loads(capsys.readouterr().out)
    return "finding" if result["findings"] else "undecided" if result["undecided"] else ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("import boto3", ""),
        ("import torch.hub\n\nmodel = torch.hub.load('pytorch/vision', 'resnet18')", ""),
        ("from transformers import pipeline\n\nrun = pipeline('acme/scorer')", ""),
        ("from transformers import AutoModel\n\nmodel = AutoModel.from_pretrained(NAME)", "undecided"),
        ("import numpy", "finding"),
        ("import numpy  # import boto3", "finding"),
    ],
)
def test_code_of_an_image(line: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write({"deploy.py": DEPLOY, "Dockerfile": DOCKERFILE, "serve.py": SERVE, "wsgi.py": WSGI})
    _write({"predictor.py": PREDICTOR.format(line)})
    assert _found(capsys, "MLS102") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *((each, "") for each in ("dockerfile", "Dockerfile.serve", "DOCKERFILE", "serve.dockerfile")),
        *((each, "finding") for each in ("Dockerfile.dockerignore", "dockerfile.md", "mydockerfile")),
    ],
)
def test_names_of_dockerfiles(name: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write({"deploy.py": DEPLOY, f"image/{name}": DOCKERFILE, "image/serve.py": SERVE, "image/wsgi.py": WSGI})
    _write({"image/predictor.py": PREDICTOR.format("import boto3")})
    assert _found(capsys, "MLS102") == expected


@pytest.mark.parametrize(("line", "expected"), [("import boto3", "undecided"), ("import numpy", "finding")])
def test_an_image_that_is_looked_up(line: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    looked_up = """def image_for(kind):
    found = boto3.client("ecr").describe_repositories()["repositories"]
    [one] = [each for each in found if each["repositoryName"] == kind]
    return "{}:latest".format(one["repositoryUri"])


image = image_for(input())"""
    deploy = DEPLOY.replace('image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:3"', looked_up)
    _write({"deploy.py": deploy, "images/Dockerfile": DOCKERFILE, "images/serve.py": SERVE})
    _write({"images/wsgi.py": WSGI, "images/predictor.py": PREDICTOR.format(line)})
    assert _found(capsys, "MLS102") == expected


def test_started_by_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    image = "FROM python:3.12\nCOPY . .\nCOPY train.sh /opt/program/train\nCOPY serve.sh /opt/program/serve\n"
    _write({"deploy.py": DEPLOY, "Dockerfile": image, "serve.sh": "python api.py --port 8080\n"})
    _write({"train.sh": "python fit.py\n", "fit.py": "import boto3\n", "api.py": "import flask\n"})
    assert _found(capsys, "MLS102") == "finding"
    _write({"api.py": "import loading\n", "loading.py": "from huggingface_hub import hf_hub_download\n"})
    assert _found(capsys, "MLS102") == ""


def test_server_in_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    image = 'FROM python:3.12\nCOPY app /opt/program\nENTRYPOINT ["gunicorn", "-c", "/opt/program/conf.py"]\n'
    server = 'import requests\n\n@app.route("/invocations", methods=["POST"])\ndef invoke():\n    pass\n'
    _write({"deploy/deploy.py": DEPLOY, "image/Dockerfile": image, "image/app/main.py": server})
    assert _found(capsys, "MLS102") == ""


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": 'FROM python:3.12\nCOPY . .\nENTRYPOINT ["python", "client.py"]\n'},
        {"Dockerfile": DOCKERFILE.replace("serve.py", "other.py"), "other.py": "import deploy\n"},
        {"tests/Dockerfile": DOCKERFILE.replace("serve", "client"), "tests/client.py": "import boto3\n"},
    ],
)
def test_other_images_and_programs(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    _write({"deploy.py": DEPLOY, "client.py": "import boto3\n", **files})
    assert _found(capsys, "MLS102") == "finding"


def test_images_of_aws(capsys: pytest.CaptureFixture[str]) -> None:
    image = DEPLOY.replace("111122223333.dkr", "763104351884.dkr").replace(
        "scorer:3", "pytorch-inference:2.1-cpu"
    )
    _write({"deploy.py": image, "Dockerfile": DOCKERFILE, "serve.py": "import boto3\n"})
    assert _found(capsys, "MLS102") == "finding"


def test_job_on_an_image(capsys: pytest.CaptureFixture[str]) -> None:
    train = """from sagemaker.estimator import Estimator

image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:3"
role = "arn:aws:iam::111122223333:role/scorer-training"
Estimator(image, role, instance_count=1, instance_type="ml.m6i.large").fit("s3://scores/")
"""
    code = DOCKERFILE.replace("serve.py", "fit.py")
    _write({"train.py": train, "image/Dockerfile": code, "image/fit.py": "import mlflow\n"})
    assert _found(capsys, "MLS205") == ""
    _write({"image/fit.py": "import numpy\n"})
    assert _found(capsys, "MLS205") == "finding"


@pytest.mark.parametrize("folder", ["", "code/", "src/"])
def test_script_in_the_usual_folder(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write({"hosting/deploy.py": HOSTED, f"hosting/{folder}inference.py": "import boto3\n"})
    assert _found(capsys, "MLS102") == ""
    _write({f"hosting/{folder}inference.py": "import json\n"})
    assert _found(capsys, "MLS102") == "finding"


def test_requirements_in_the_archive_of_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        {"deploy.py": HOSTED, "code/inference.py": "import json\n", "code/requirements.txt": "tokenizers\n"}
    )
    assert _found(capsys, "MLS102") == ""


@pytest.mark.parametrize(
    ("base", "requirements", "family"),
    [
        ("nvidia/cuda:9.0-cudnn7-devel-ubuntu16.04", "", "g4dn"),
        ("nvidia/cuda:10.2-runtime", "", "g4dn"),
        ("python:3.6", "tensorflow-gpu==1.15.4\n", "g4dn"),
        ("pytorch/pytorch:1.4-cuda10.1-cudnn7-runtime", "", "g4dn"),
        ("nvidia/cuda:12.2.0-base-ubuntu22.04", "torch==2.1.0\n", "g5"),
        ("python:3.12", "torch==1.13.1\n", "g5"),
    ],
)
def test_images_with_an_old_cuda(
    base: str, requirements: str, family: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write({"deploy.py": DEPLOY, "Dockerfile": DOCKERFILE.replace("python:3.12", base)})
    _write({"serve.py": "", "requirements.txt": requirements})
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLP101"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert f"ml.{family} " in finding["message"]


@pytest.mark.parametrize(
    ("command", "family"),
    [
        ("sh build.sh training/Dockerfile sagemaker-clouds-training", "g4dn"),
        ("sh build.sh serving/Dockerfile sagemaker-clouds-training", "g5"),
        ("sh build.sh training/Dockerfile clouds", "g5"),
    ],
)
def test_an_image_of_the_account_that_begins_like_those_of_aws(
    command: str, family: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(
        {
            "train.py": """import boto3
from sagemaker.estimator import Estimator

account = boto3.client("sts").get_caller_identity()["Account"]
image = "{}.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-clouds-training:latest".format(account)
estimator = Estimator(image, role="train", instance_count=1, instance_type="ml.p3.2xlarge")
estimator.fit("s3://clouds/shapes/")
""",
            "README.md": f"```\n{command}\n```\n",
            "training/Dockerfile": "FROM nvidia/cuda:10.2-devel\nRUN pip install sagemaker-training\n",
            "serving/Dockerfile": "FROM python:3.12\nRUN pip install sagemaker-inference\n",
        }
    )
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLP101"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert f"ml.{family} " in finding["message"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("env_vars={'HF_MODEL_ID': 'acme/scorer'}", ""),
        ("model='acme/scorer'", ""),
        ("model=trainer", "finding"),
        ("s3_model_data_url='s3://scores/model.tar.gz'", "finding"),
        ("model=found()", "undecided"),
    ],
)
def test_what_a_builder_is_given(given: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:3"
    program = f"""from sagemaker.serve import ModelBuilder
from sagemaker.train import ModelTrainer
from registry import found

role = "arn:aws:iam::111122223333:role/scorer"
trainer = ModelTrainer(training_image="{image}", role=role)
trainer.train()
builder = ModelBuilder(image_uri="{image}", role_arn=role, instance_type="ml.m6i.large", {given})
builder.build()
builder.deploy(endpoint_name="scorer")
"""
    _write({"deploy.py": program})
    assert _found(capsys, "MLO504") == expected


def test_requirements_that_a_script_packs_are_installed(capsys: pytest.CaptureFixture[str]) -> None:
    _write({"deploy_churn.py": PACKED, "pack_model.sh": PACK.format("")})
    assert _found(capsys, "MLS102") == "finding"
    _write({"pack_model.sh": PACK.format('cp inference/requirements.txt "$TMP/code/"')})
    assert _found(capsys, "MLS102") == "undecided"
    # What is called like the program packs its model.
    _write({"pack_churn.sh": PACK.format("")})
    assert _found(capsys, "MLS102") == "finding"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ('tar czvf model.tar.gz -C "code_${MODEL}_v2" .', "undecided"),
        ("tar -czf build/model.tar.gz code_churn_v2/", "undecided"),
        ("tar czf model.tar.gz -C code_$MODEL .", "undecided"),
        ("tar czf model.tar.gz -C weights .", "finding"),
        ("tar czf model.tar.gz -C $FOLDER .", "finding"),
        ("tar xzf model.tar.gz -C code_churn_v2", "finding"),
    ],
)
def test_folders_that_a_script_packs(command: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write({"deploy_churn.py": PACKED, "code_churn_v2/requirements.txt": "tokenizers\n", "run.sh": command})
    assert _found(capsys, "MLS102") == expected


ADAPTER = """from peft import get_peft_model
model = get_peft_model(base, config)
trainer = Trainer(model)
trainer.train()
model.save_pretrained("/opt/ml/model")
"""


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (ADAPTER, "undecided"),
        (ADAPTER.replace("model.save", "model.merge_and_unload().save"), "finding"),
        (ADAPTER.replace("model = get_peft_model(base, config)", "peft_config = None"), "finding"),
        ("trainer = SFTTrainer(model, peft_config=lora)\ntrainer.save_model()\n", "undecided"),
    ],
)
def test_what_an_adapter_belongs_to_may_be_fetched(
    program: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write({"deploy_churn.py": PACKED.replace("sklearn", "pytorch"), "training/tune.py": program})
    assert _found(capsys, "MLS102") == expected


def test_an_adapter_belongs_to_no_model_of_scikit_learn(capsys: pytest.CaptureFixture[str]) -> None:
    _write({"deploy_churn.py": PACKED, "training/tune.py": ADAPTER})
    assert _found(capsys, "MLS102") == "finding"


def test_an_image_may_be_one_of_aws(capsys: pytest.CaptureFixture[str]) -> None:
    given = PACKED.replace("image = ", "import sys\nimage = sys.argv[1] if len(sys.argv) > 1 else ")
    _write({"deploy_churn.py": given.replace("sklearn", "pytorch"), "training/tune.py": ADAPTER})
    assert _found(capsys, "MLS102") == "undecided"


def test_requirements_of_an_image_of_ones_own_are_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    own = PACKED.replace(
        "image = image_uris", 'image = "1.dkr.ecr.eu-west-1.amazonaws.com/churn:3"\nother = image_uris'
    )
    _write({"deploy_churn.py": own, "pack.sh": PACK.format('cp inference/requirements.txt "$TMP/code/"')})
    assert _found(capsys, "MLS102") == "finding"


TERRAFORM = """resource "aws_sagemaker_model" "scorer" {
  execution_role_arn = "arn:aws:iam::111122223333:role/scorer-hosting"
  primary_container {
    image          = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.1-cpu"
    model_data_url = "s3://scores/model.tar.gz"
    environment    = { SAGEMAKER_PROGRAM = "score.py" }
  }
}
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"src/score.py": "import json\n"}, "finding"),
        ({"src/score.py": "import boto3\n"}, "undecided"),
        ({"tests/score.py": "import boto3\n"}, "finding"),
        ({"src/score.py": "import json\n", "src/requirements.txt": "tokenizers\n"}, "undecided"),
        ({"src/score.py": "import json\n", "requirements.txt": "pytest\n"}, "finding"),
        # Which of them it is, is not known.
        ({"src/score.py": "import boto3\n", "old/score.py": "import boto3\n"}, "finding"),
        ({"pack.sh": PACK.format("cp requirements.txt code/")}, "undecided"),
    ],
)
def test_the_script_that_a_model_of_terraform_names(
    files: dict[str, str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write({"main.tf": TERRAFORM, **files})
    assert _found(capsys, "MLS102") == expected


def test_an_image_of_ones_own_installs_nothing_at_start(capsys: pytest.CaptureFixture[str]) -> None:
    own = TERRAFORM.replace("763104351884", "111122223333").replace("pytorch-inference", "scorer")
    _write({"main.tf": own, "src/score.py": "import json\n", "src/requirements.txt": "tokenizers\n"})
    assert _found(capsys, "MLS102") == "finding"
