"""Local mode runs containers on the machine at hand: nothing is created in the account."""

import re
from pathlib import Path

import pytest

from mlwa_lint.model.values import MapValue, known_text
from tests.frontends.python.programs import load_text

ESTIMATOR = """
from sagemaker.estimator import Estimator
from sagemaker.local import LocalSession
from sagemaker.workflow.pipeline_context import LocalPipelineSession
e = Estimator("image", "role", 1, {kind}, sagemaker_session={session})
"""
LOCAL = {
    "training": ESTIMATOR.format(kind="'local'", session="None") + "e.fit()",
    "on a GPU": ESTIMATOR.format(kind="'local_gpu'", session="None") + "e.fit()",
    "whichever there is": "import torch\n"
    + ESTIMATOR.format(kind="'local_gpu' if torch.cuda.is_available() else 'local'", session="None")
    + "e.fit()",
    "by its session": ESTIMATOR.format(kind="'ml.m5.large'", session="LocalSession()") + "e.fit()",
    "deployed afterwards": ESTIMATOR.format(kind="'local'", session="None")
    + "e.fit()\np = e.deploy(1, 'local')\np.predict([1])",
    "never started": ESTIMATOR.format(kind="'local'", session="None"),
    "transform": ESTIMATOR.format(kind="'local'", session="None")
    + "e.transformer(1, 'local').transform('s3://b/k')",
    "model": "from sagemaker.model import Model\n"
    "Model('image', role='role').deploy(initial_instance_count=1, instance_type='local')",
    "processing": "from sagemaker.processing import ScriptProcessor\n"
    "ScriptProcessor(role='r', image_uri='i', command=['python3'], instance_count=1, instance_type='local')"
    ".run(code='a.py')",
    "tuning": ESTIMATOR.format(kind="'local'", session="None")
    + "from sagemaker.tuner import HyperparameterTuner\nHyperparameterTuner(e, 'loss', {}).fit()",
    "pipeline": ESTIMATOR.format(kind="'ml.m5.large'", session="LocalPipelineSession()")
    + "from sagemaker.workflow.steps import TrainingStep\nfrom sagemaker.workflow.pipeline import Pipeline\n"
    "s = TrainingStep('t', step_args=e.fit())\n"
    "p = Pipeline('p', steps=[s], sagemaker_session=LocalPipelineSession())\n"
    "p.create('role')",
}
IN_THE_ACCOUNT = {
    "another type": ESTIMATOR.format(kind="'ml.m5.large'", session="None") + "e.fit()",
    "either": "import os\n"
    + ESTIMATOR.format(kind="'local' if os.environ['L'] else 'ml.m5.large'", session="None")
    + "e.fit()",
    "not known": "import os\n" + ESTIMATOR.format(kind="os.environ['TYPE']", session="None") + "e.fit()",
}


@pytest.mark.parametrize("case", LOCAL)
def test_local_mode_creates_nothing(case: str, tmp_path: Path) -> None:
    assert [each.type for each in load_text(tmp_path, LOCAL[case]).resources] == []


@pytest.mark.parametrize("case", IN_THE_ACCOUNT)
def test_what_may_run_in_the_account_is_judged(case: str, tmp_path: Path) -> None:
    found = [each.type for each in load_text(tmp_path, IN_THE_ACCOUNT[case]).resources]
    assert found == ["AWS::SageMaker::TrainingJob"]


def test_a_builder_in_local_mode_builds_nothing_in_the_account(tmp_path: Path) -> None:
    text = """
from sagemaker.serve import Mode, ModelBuilder
builder = ModelBuilder(model="falcon", role_arn="role", mode=Mode.LOCAL_CONTAINER)
model = builder.build()
model.deploy()
"""
    assert load_text(tmp_path, text).resources == ()
    remote = text.replace("Mode.LOCAL_CONTAINER", "Mode.SAGEMAKER_ENDPOINT")
    assert "AWS::SageMaker::Model" in [each.type for each in load_text(tmp_path, remote).resources]


JOB = "e = Estimator('image', 'role', 1, kind, sagemaker_session=session)\ne.fit()\n"
HEAD = "from sagemaker.estimator import Estimator\nfrom sagemaker.local import LocalSession\nimport sys\n"


def _under(condition: str, job: str = JOB) -> str:
    lines = "".join(f"        {line}\n" for line in job.splitlines())
    return f"{HEAD}def run(kind, session, local_mode, args):\n    if {condition}:\n{lines}"


@pytest.mark.parametrize(
    "condition",
    [
        "isinstance(session, LocalSession)",
        "kind == 'local'",
        "kind in ('local', 'local_gpu')",
        "kind.startswith('local')",
        "local_mode",
        "args.local",
        "args.local and session",
    ],
)
def test_a_branch_for_local_mode_creates_nothing(condition: str, tmp_path: Path) -> None:
    assert load_text(tmp_path, _under(condition)).resources == ()


@pytest.mark.parametrize(
    ("condition", "job"),
    [
        ("kind != 'local'", JOB),
        ("not isinstance(session, LocalSession)", JOB),
        ("not local_mode", JOB),
        ("not args.local", JOB),
        ("args.local or session", JOB),
        ("kind == 'local' or session", JOB),
        ("args.localize", JOB),
        ("args.location == 'local_office'", JOB),
        ("kind in ('local', 'ml.m5.large')", JOB),
        ("args.local", JOB.replace("kind", "'ml.m5.large'")),
    ],
)
def test_a_branch_for_the_account_is_judged(condition: str, job: str, tmp_path: Path) -> None:
    found = [each.type for each in load_text(tmp_path, _under(condition, job)).resources]
    assert found == ["AWS::SageMaker::TrainingJob"]


@pytest.mark.parametrize("local", ["'local'", "'local_gpu' if torch.cuda.is_available() else 'local'"])
def test_the_cases_that_stay_on_the_machine_are_left_out(local: str, tmp_path: Path) -> None:
    kind = f"({local}) if on_laptop else 'ml.m5.large'"
    program = "import os, torch\non_laptop = os.environ['L']\n" + ESTIMATOR.format(kind=kind, session="None")
    (job,) = load_text(tmp_path, f"{program}e.fit()").resources
    resources = job.properties.value("ResourceConfig")
    assert isinstance(resources, MapValue)
    assert known_text(resources.value("InstanceType")) == "ml.m5.large"


PARAMETER = """
from sagemaker.local import LocalSession
from sagemaker.processing import ScriptProcessor
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep

def define(session):
    kind = ParameterString("InstanceType", {default})
    made = ScriptProcessor(
        role="r", image_uri="i", command=["python3"], instance_count=1, instance_type=kind,
        sagemaker_session=session,
    )
    step = ProcessingStep("p", step_args=made.run(code="a.py"))
    return Pipeline("p", parameters=[kind], steps=[step], sagemaker_session=session)

define(obtain()).create("r")
"""


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ("'local' if isinstance(session, LocalSession) else 'ml.m5.large'", {"ml.m5.large"}),
        ("'ml.m5.large' if deployed() else 'local'", {"ml.m5.large"}),
        ("default_value='local' if isinstance(session, LocalSession) else 'ml.m5.large'", {"ml.m5.large"}),
        ("'ml.m5.large'", {"ml.m5.large"}),
    ],
)
def test_a_parameter_of_a_pipeline_is_judged_as_in_the_account(
    default: str, expected: set[str], tmp_path: Path
) -> None:
    loaded = load_text(tmp_path, PARAMETER.format(default=default))
    (pipeline,) = loaded.resources
    texts = set(re.findall(r"'(local|ml\.m5\.large)'", repr(pipeline.properties)))
    assert texts == expected
