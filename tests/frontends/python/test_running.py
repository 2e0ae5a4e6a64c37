"""What other programs of a project do with what one makes: start its pipelines, record its training."""

import json
from functools import partial
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.frontends.python.programs import notebook
from tests.support.files import write

_write = partial(write, Path())
PIPELINE = """from sagemaker.estimator import Estimator
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TrainingStep


def get_pipeline(role):
    estimator = Estimator(image_uri='image', role=role, instance_count=1, instance_type='ml.m5.xlarge')
    step = TrainingStep(name='Train', estimator=estimator, inputs={})
    return Pipeline(name='Churn', steps=[step])
"""
RUN = """import utils

pipeline = utils.load('pipelines.churn')
pipeline.upsert(role_arn='role')
execution = pipeline.start()
"""
LOAD = """def load(name):
    module = __import__(name, fromlist=['get_pipeline'])
    return module.get_pipeline(role='role')
"""
TRAINING = """import boto3

sm = boto3.client('sagemaker')
sm.create_training_job(
    TrainingJobName='churn',
    RoleArn='role',
    ResourceConfig={'InstanceType': 'ml.m5.xlarge', 'InstanceCount': 1},
)
"""
DEPLOYED = """from pipelines.churn import get_pipeline

get_pipeline("role").upsert(role_arn="role")
"""
BUILD = "phases:\n  build:\n    commands: [python run.py]\n"
SERVER = 'resource "aws_sagemaker_mlflow_tracking_server" "this" {}\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _reported(capsys: pytest.CaptureFixture[str], code: str) -> list[dict[str, str]]:
    arguments = ["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", code]
    invoke(arguments)
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)["findings"]
    return found


def _found(capsys: pytest.CaptureFixture[str], code: str) -> tuple[list[str], list[str]]:
    """The places of a rule's findings, and those where it is undecided."""
    arguments = ["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", code]
    invoke(arguments)
    result = json.loads(capsys.readouterr().out)
    undecided = [f"{each['path']}:{each['line']}" for each in result["undecided"]]
    return [f"{each['path']}:{each['line']}" for each in result["findings"]], undecided


def test_a_pipeline_that_no_program_starts_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    _write(pipelines___churn__py=PIPELINE)
    assert _found(capsys, "MLO502") == (["pipelines/churn.py:9"], [])


@pytest.mark.parametrize(
    "files",
    [
        {"run__py": RUN, "utils__py": LOAD},
        {"start__ipynb": notebook("from pipelines.churn import get_pipeline\nget_pipeline('role').start()")},
        {"pipelines___run__py": "from .churn import get_pipeline as get\npipe = get('r')\npipe.start()\n"},
    ],
    ids=["by the name of the module", "in a notebook", "beside it"],
)
def test_a_pipeline_that_a_person_starts_by_another_program_weighs_less(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _write(pipelines___churn__py=PIPELINE, **files)
    assert {each["severity"] for each in _reported(capsys, "MLO502")} == {"info"}


@pytest.mark.parametrize(
    "text",
    [
        "def handler(event, context):\n    get_pipeline('role').start()\n",
        "import schedule\nschedule.every().day.do(get_pipeline('role').start)\nget_pipeline('r').start()\n",
    ],
)
def test_whether_a_program_that_events_or_clocks_may_run_starts_a_pipeline_is_not_known(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(pipelines___churn__py=PIPELINE, start__py=f"from pipelines.churn import get_pipeline\n{text}")
    findings, undecided = _found(capsys, "MLO502")
    assert findings == []
    assert undecided


def test_whether_an_image_that_starts_a_pipeline_runs_again_is_not_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(Path(), **{"flows/churn.py": STARTING, "flows/Dockerfile": 'CMD ["python", "churn.py"]\n'})
    findings, undecided = _found(capsys, "MLO502")
    assert findings == []
    assert undecided
    write(Path(), **{"flows/Dockerfile": 'CMD ["python", "serve.py"]\n'})
    write(Path(), **{"infra/main.tf": 'statement { sid = "SageMakerPipeline" }\n'})
    assert {each["severity"] for each in _reported(capsys, "MLO502")} == {"info"}


def test_a_file_that_starts_its_pipeline_in_another_branch_may_start_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (
        PIPELINE
        + "if input():\n    get_pipeline('a').start()\nelse:\n    print(get_pipeline('a').definition())\n"
    )
    _write(pipelines___churn__py=text)
    assert {each["severity"] for each in _reported(capsys, "MLO502")} <= {"info"}


@pytest.mark.parametrize(
    "files",
    [
        {"run__py": RUN},
        {"run__py": RUN, "utils__py": LOAD.replace("get_pipeline", "get_graph")},
        {"tests___test_run__py": "from pipelines.churn import get_pipeline\nget_pipeline('role').start()\n"},
        {"show__py": "from pipelines.churn import get_pipeline\nprint(get_pipeline('role').definition())\n"},
        {"serve__py": "import threading\nthreading.Thread(target=print).start()\n"},
    ],
    ids=["nothing loads it", "another function", "a test", "not started", "something else"],
)
def test_a_pipeline_that_other_programs_do_not_start_is_reported(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _write(pipelines___churn__py=PIPELINE, **files)
    findings, _ = _found(capsys, "MLO502")
    assert "pipelines/churn.py:9" in findings


MAIN = (
    PIPELINE
    + """

if __name__ == '__main__':
    get_pipeline('role').upsert('role')
"""
)
STARTING = MAIN + "    get_pipeline('role').start()\n"
ACTIONS = "on: push\njobs:\n  train:\n    steps:\n      - run: {}\n"
BUILD = "version: 0.2\nphases:\n  build:\n    commands:\n      - {}\n"
COMMAND = "aws sagemaker start-pipeline-execution --pipeline-name {}"


@pytest.mark.parametrize(
    ("program", "files"),
    [
        (MAIN, {".github/workflows/train.yml": ACTIONS.format(COMMAND.format("Churn"))}),
        (MAIN, {".github/workflows/train.yml": ACTIONS.format(COMMAND.format("$NAME"))}),
        (MAIN, {"buildspec.yml": BUILD.format(COMMAND.format("Churn"))}),
        (MAIN, {"ci/build.yaml": BUILD.format(COMMAND.format("Churn"))}),
        (MAIN, {".gitlab-ci.yml": "train:\n  script:\n    - " + COMMAND.format("Churn")}),
        (
            MAIN,
            {
                ".github/workflows/train.yml": ACTIONS.format("make train"),
                "./Makefile": "train:\n\t" + COMMAND.format("Churn"),
            },
        ),
        (
            MAIN,
            {
                ".github/workflows/train.yml": ACTIONS.format("bash scripts/train.sh"),
                "scripts/train.sh": COMMAND.format("Churn"),
            },
        ),
        (STARTING, {".github/workflows/train.yml": ACTIONS.format("python pipelines/churn.py")}),
        (STARTING, {".github/workflows/train.yml": ACTIONS.format("python -m pipelines.churn")}),
        (
            PIPELINE,
            {
                "buildspec.yml": BUILD.format("python run.py --module-name pipelines.churn --role $ROLE"),
                "run.py": RUN,
                "utils.py": LOAD,
            },
        ),
        (
            MAIN,
            {
                "buildspec.yml": BUILD.format("python start.py"),
                "start.py": "import boto3\n\nsm = boto3.client('sagemaker')\n"
                "sm.start_pipeline_execution(PipelineName='Churn')\n",
            },
        ),
    ],
)
def test_a_pipeline_that_continuous_integration_starts(
    program: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(Path(), **{"pipelines/churn.py": program, **files})
    findings, undecided = _found(capsys, "MLO502")
    assert (findings, [each for each in undecided if "churn" in each]) == ([], [])


@pytest.mark.parametrize(
    ("files", "result"),
    [
        ({".github/workflows/train.yml": ACTIONS.format(COMMAND.format("Fraud"))}, "found"),
        ({".github/workflows/test.yml": ACTIONS.format("python pipelines/churn.py")}, "found"),
        ({"README.md": "Start it: `" + COMMAND.format("Churn") + "`"}, "found"),
        ({"scripts/train.sh": COMMAND.format("Churn")}, "by hand"),
        ({"start.py": "sagemaker.start_pipeline_execution(PipelineName=name)\n"}, "by hand"),
        ({"start.py": "sagemaker.start_pipeline_execution(PipelineName='Fraud')\n"}, "found"),
        ({"dag.py": "SageMakerStartPipelineOperator(task_id='t', pipeline_name='Fraud')\n"}, "found"),
        ({"dag.py": "SageMakerStartPipelineOperator(task_id='t', pipeline_name='Churn')\n"}, "by hand"),
    ],
)
def test_a_pipeline_that_continuous_integration_does_not_start(
    files: dict[str, str], result: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(Path(), **{"pipelines/churn.py": MAIN, **files})
    severities = {each["severity"] for each in _reported(capsys, "MLO502")}
    assert severities == ({"info"} if result == "by hand" else {"low"})


@pytest.mark.parametrize(
    "files",
    [
        {"infra___main__tf": SERVER},
        {"jobs___src___train__py": "import mlflow.pytorch\n"},
        {"jobs___src___train__py": "    from sagemaker.experiments.run import load_run\n"},
        {"jobs___src___train__py": "import wandb\n"},
        {"jobs___src___train__py": "from sagemaker.core.experiments import Run\n"},
        {"jobs___src___train__sh": "torchrun tune.py --wandb_project churn\n"},
        {"jobs___src___train__sh": "torchrun tune.py --report_to wandb\n"},
        {"jobs___src___train__py": "arguments = TrainingArguments(report_to=['mlflow'])\n"},
        {"dvc__yaml": "stages:\n  train:\n    cmd: python jobs/run.py\n"},
        {"jobs___dvc__yaml": "stages:\n  train:\n    cmd: python run.py --epochs 3\n"},
    ],
)
def test_training_that_the_project_records_is_not_reported(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _write(jobs___run__py=TRAINING, **files)
    assert _found(capsys, "MLO201") == ([], [])


@pytest.mark.parametrize(
    "files",
    [
        {"README__md": SERVER},
        {"dvc__yaml": "stages:\n  train:\n    cmd: python jobs/prepare.py\n"},
        {"other___train__py": "import mlflow\n"},
        {"jobs___tests___test_train__py": "import mlflow\n"},
        {"jobs___src___train__py": "# import mlflow would be better\nimport mlflowing\n"},
        {"jobs___src___train__py": "arguments = TrainingArguments(report_to='none')\n"},
    ],
    ids=["a document", "another stage", "elsewhere", "a test", "only named", "to nothing"],
)
def test_training_that_nothing_near_it_records_is_reported(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _write(jobs___run__py=TRAINING, **files)
    assert _found(capsys, "MLO201") == (["jobs/run.py:4"], [])


# -- pipelines that a person starts


def _weight(capsys: pytest.CaptureFixture[str], code: str = "MLR501") -> list[str]:
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", code])
    return [each["severity"] for each in json.loads(capsys.readouterr().out)["findings"]]


HANDED = {
    "client__py": "from sagemaker.workflow.pipeline import Pipeline as SageMakerPipeline\n\n\n"
    "def run(pipeline: SageMakerPipeline, role):\n    pipeline.upsert(role)\n    pipeline.start()\n",
    "main__py": "import client\nfrom pipelines.churn import get_pipeline\n\n"
    "client.run(get_pipeline('role'), 'role')\n",
}
OTHER = "from pipelines.churn import get_pipeline\n\nget_pipeline('role')\n"
BY_HAND = "from pipelines.churn import get_pipeline\nget_pipeline('role').start()\n"


def _run_on(events: str) -> dict[str, str]:
    """A program that starts a pipeline, and the workflow of GitHub that runs it."""
    workflow = f"on:\n  {events}\n\njobs:\n  train:\n    steps:\n      - run: python run.py\n"
    return {"run__py": BY_HAND, ".github/workflows/train.yml": workflow}


def _run_by(file: str, text: str) -> dict[str, str]:
    """A program that starts a pipeline, and a configuration that runs it."""
    return {"run__py": BY_HAND, file: text}


def _built(**files: str) -> dict[str, str]:
    """The same, run by CodeBuild."""
    return {**_run_by("buildspec__yml", "phases:\n  build:\n    commands: [python run.py]\n"), **files}


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({}, "low"),
        ({"stack__py": "rule.add_target(targets.SageMakerPipeline(it))\n"}, "medium"),
        ({"policy__json": '{"Action": "sagemaker:StartPipelineExecution"}'}, "medium"),
        ({"rule__json": '{"Name": "nightly", "ScheduleExpression": "rate(1 day)"}'}, "medium"),
        ({"run__py": BY_HAND}, "low"),
        ({"run__py": BY_HAND, "stack__py": "class SageMakerPipelineStack(Stack):\n    pass\n"}, "low"),
        ({"run__py": BY_HAND, "stack__py": "rule.add_target(targets.SageMakerPipeline(it))\n"}, "medium"),
        ({"run__py": BY_HAND, "rule__yaml": "SageMakerPipelineParameters: {}\n"}, "medium"),
        (_run_on("workflow_dispatch:"), "low"),
        (_run_on("workflow_dispatch:\n    inputs: {model: {required: true}}"), "low"),
        (_run_on("workflow_dispatch:\n  push: {branches: [main]}"), "low"),
        (_run_on("push:\n  schedule: [{cron: '0 3 * * *'}]"), "medium"),
        (_run_on("workflow_run: {workflows: [data]}"), "medium"),
        (HANDED, "low"),
        ({**HANDED, "main__py": "import client\n", "other__py": OTHER}, "low"),
        ({"run__py": DEPLOYED}, "low"),
        ({"run__py": DEPLOYED, "buildspec__yml": BUILD}, "low"),
        ({"run__py": DEPLOYED, "policy__json": '{"Action": "sagemaker:StartPipelineExecution"}'}, "medium"),
        ({"run__py": f"def lambda_handler(event, context):\n    pass\n{DEPLOYED}"}, "medium"),
        ({"start__ipynb": notebook(BY_HAND)}, "low"),
        ({"run__sh": f"set -e\npython3 - <<'EOF'\n{BY_HAND}EOF\n"}, "low"),
        (_built(), "low"),
        (_built(infra__yaml="ScheduleExpression: rate(1 day)\n"), "medium"),
        (_built(README__md="Add a rule with a ScheduleExpression.\n"), "low"),
        (_run_by(".gitlab-ci.yml", "train:\n  script: [python run.py]\n"), "low"),
        (
            {**_run_by(".gitlab-ci.yml", "train:\n  script: [bash run.sh]\n"), "run__sh": "python run.py\n"},
            "low",
        ),
        (
            _run_by(".gitlab-ci.yml", "train:\n  only: [schedules]\n  script: [python run.py]\n"),
            "medium",
        ),
        (
            {
                "run__py": f"def main():\n    pass\n{BY_HAND}",
                "setup__cfg": "[options.entry_points]\nconsole_scripts =\n    go-on=run:main\n",
                "buildspec__yml": "phases:\n  build:\n    commands: [go-on --all]\n",
                "rule__tf": 'schedule_expression = "rate(1 day)"\n',
            },
            "medium",
        ),
        ({"run__py": f"def lambda_handler(event, context):\n    pass\n{BY_HAND}"}, "medium"),
        ({"run__py": BY_HAND, "policy__json": '{"Action": "sagemaker:StartPipelineExecution"}'}, "medium"),
        ({"run__py": BY_HAND, "README__md": "Needs sagemaker:StartPipelineExecution.\n"}, "low"),
    ],
)
def test_steps_of_pipelines_that_a_person_starts_weigh_less(
    files: dict[str, str], severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(pipelines___churn__py=PIPELINE, **files)
    assert _weight(capsys) == [severity]


@pytest.mark.parametrize(("enabled", "severity"), [("True", "low"), ("False", "medium")])
def test_steps_whose_results_are_kept_weigh_less(
    enabled: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PIPELINE.replace("import TrainingStep", "import CacheConfig, TrainingStep")
    text = text.replace("inputs={}", f"inputs={{}}, cache_config=CacheConfig(enable_caching={enabled})")
    _write(pipelines___churn__py=text, stack__py="rule.add_target(targets.SageMakerPipeline(it))\n")
    assert _weight(capsys) == [severity]


def test_a_pipeline_that_another_program_deploys_with_tags_has_some(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tries = "# sagemaker\nfrom pipelines.churn import get_pipeline\n"
    tries += "get_pipeline('role').upsert(role_arn='role')\n"
    _write(pipelines___churn__py=PIPELINE, try__ipynb=notebook(tries))
    assert _found(capsys, "MLC502")[0] == ["pipelines/churn.py:9"]
    _write(run__py=RUN.replace("role_arn='role'", "role_arn='role', tags=[]"), utils__py=LOAD)
    assert _found(capsys, "MLC502")[0] == []


_OPTION = """import argparse

import utils

parser = argparse.ArgumentParser()
parser.add_argument('--tags')
pipeline = utils.load('pipelines.churn')
pipeline.upsert(role_arn='role', tags=parser.parse_args().tags)
"""


@pytest.mark.parametrize(
    ("files", "open_"),
    [
        ({"run__py": RUN.replace("role_arn='role'", "role_arn='role', tags=TAGS")}, False),
        ({"run__py": RUN.replace("role_arn='role'", "role_arn='role', tags=[]")}, True),
        ({"run__py": RUN.replace("role_arn='role'", "role_arn='role', tags=None")}, True),
        (
            {"run__py": _OPTION, "buildspec__yml": 'build: python run.py --tags \'[{"Key": "Team"}]\'\n'},
            False,
        ),
        ({"run__py": _OPTION, "buildspec__yml": "build: python run.py\n"}, True),
        ({"run__py": _OPTION, "README__md": "`python run.py --tags TAGS`\n"}, True),
    ],
)
def test_tags_that_are_given_where_a_pipeline_is_deployed(
    files: dict[str, str], open_: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(pipelines___churn__py=PIPELINE, utils__py=LOAD, **files)
    assert _found(capsys, "MLC502") == ([], ["pipelines/churn.py:1"] if open_ else [])


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("json.dump(hyperparameters, file, indent=2)", "info"),
        ("save_run(bucket, hyperparams, 'runs/1.json')", "info"),
        ("s3.put_object(\n    Body=text, Key='experiments/1.json')", "info"),
        ("json.dump(training_info, file)", "info"),
        ("_save_metadata(output, labels)", "info"),
        ("write_json(folder / 'run_manifest.json', manifest)", "info"),
        ("write_json(folder / 'predictions.json', rows)", "low"),
        ("print(json.dumps(hyperparameters))", "low"),
        ("json.dump(frame, file)", "low"),
    ],
)
def test_runs_that_programs_write_down_themselves_are_kept(
    line: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(train__py=f"import argparse\n{TRAINING}{line}\n")
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLO201"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["severity"] == severity


STAMPED = """import argparse, time, yaml

class Launcher:
    def __init__(self):
        self.stamp = time.strftime('%Y%m%d')
        self.owner = 'team'

    def configure(self, settings):
        with open(f'configs/churn_{self.stamp}.yml', 'w') as file:
            yaml.dump(settings, file)

    def launch(self):
        job_name = f'churn-{self.stamp}'
"""


@pytest.mark.parametrize(
    ("program", "severity"),
    [
        (STAMPED, "info"),
        (
            STAMPED.replace(
                "job_name = f'churn-{self.stamp}'", "run({'TrainingJobName': f'churn-{self.stamp}'})"
            ),
            "info",
        ),
        (STAMPED.replace(".yml", ".png"), "low"),
        (STAMPED.replace("configs/churn_{self.stamp}", "configs/churn_{self.owner}"), "low"),
        (STAMPED.replace("yaml.dump(settings, file)", "file.read()"), "low"),
    ],
    ids=["a file of each job", "in a request", "a picture", "one file for all", "only read"],
)
def test_a_file_that_is_named_like_its_job_keeps_the_run(
    program: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(train__py=f"import argparse\n{TRAINING}", launch__py=program, prod__json="{}")
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLO201"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["severity"] == severity


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"train__py": TRAINING}, "info"),
        ({"train__py": f"import os\nrole = os.environ['TRAINING_ROLE_ARN']\n{TRAINING}"}, "info"),
        ({"train__py": f"import os\nrate = os.environ['RATE']\n{TRAINING}"}, "low"),
        ({"train__py": f"import sys\nprint(sys.argv)\n{TRAINING}"}, "low"),
        ({"train__py": TRAINING, "sweep__py": "import train\n", "prod__json": "{}"}, "low"),
        ({"train__py": TRAINING, ".gitlab-ci.yml": "production:\n  script: python train.py\n"}, "info"),
        ({"train__py": TRAINING, ".gitlab-ci.yml": "check:\n  script: python train.py\n"}, "info"),
    ],
    ids=["no options", "a role", "variable", "options", "imported", "production", "integration"],
)
def test_runs_of_a_program_without_options_are_alike(
    files: dict[str, str], severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in files.items():
        Path(name.replace("__", ".")).write_text(text, encoding="utf-8")
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLO201"])
    assert {each["severity"] for each in json.loads(capsys.readouterr().out)["findings"]} == {severity}


def test_what_all_programs_of_a_repository_leave_out_of_their_jobs_is_one_finding(
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = TRAINING.replace("churn", "fraud").replace("sm", "client")
    _write(a__py=TRAINING, b__py=other, **{"vpc.tf": 'module "vpc" {}', "c.ipynb": notebook(TRAINING)})
    assert _found(capsys, "MLS204")[0] == ["a.py:4", "c.ipynb:10"]
    stated = other.replace("RoleArn='role',", "RoleArn='role', EnableNetworkIsolation=False,")
    _write(b__py=stated)
    assert _found(capsys, "MLS205")[0] == ["a.py:4", "b.py:6", "c.ipynb:10"]
