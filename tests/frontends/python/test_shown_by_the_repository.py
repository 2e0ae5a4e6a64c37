"""Values of programs that only look open: files, scripts and tables of the repository show them."""

import json

import pytest

from tests.support.workspace import Workspace

_JOB = """
from sagemaker.estimator import Estimator

def train(image, kind):
    estimator = Estimator(image, "arn:aws:iam::111122223333:role/training", 1, kind)
    estimator.fit("s3://churn/train")
"""
_LATEST = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:latest"
_CONFIGURED = (
    """import argparse
from pathlib import Path
import yaml
"""
    + _JOB
    + """
DEFAULT = Path(__file__).resolve().parents[1] / "configs" / "training.yaml"

def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", default=str(DEFAULT))
    path = Path(parser.parse_args(argv).config)
    config = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    train(config["image"], "ml.m5.xlarge")

if __name__ == "__main__":
    raise SystemExit(main())
"""
)


def _checked(workspace: Workspace, *codes: str, path: str = ".") -> tuple[list[str], list[str]]:
    """The codes of findings and of undecided checks."""
    options = ("--select", ",".join(codes), "--format", "json", "--severity", "info")
    report = json.loads(workspace.run("check", path, *options).out)
    return [each["code"] for each in report["findings"]], [each["code"] for each in report["undecided"]]


@pytest.fixture(autouse=True)
def _repository(workspace: Workspace) -> None:
    (workspace.folder / ".git").mkdir()


def test_a_file_is_read_that_is_the_default_of_an_option(workspace: Workspace) -> None:
    workspace.write("scripts/train.py", _CONFIGURED)
    workspace.write("configs/training.yaml", f"image: {_LATEST}  # a & b, *.csv\n")
    assert _checked(workspace, "MLR116") == (["MLR116"], [])


@pytest.mark.parametrize(
    ("looked_up", "codes", "undecided"),
    [
        ("IMAGES[sys.argv[1]]", ["MLR116"], []),
        ("IMAGES.get(sys.argv[1], IMAGES['a'])", ["MLR116"], []),
        ("IMAGES.get(sys.argv[1], 'churn:1.2')", [], ["MLR116"]),
        ("IMAGES.get(sys.argv[1], sys.argv[2])", [], ["MLR116"]),
    ],
)
def test_one_of_the_texts_of_a_table_is_taken(
    workspace: Workspace, looked_up: str, codes: list[str], undecided: list[str]
) -> None:
    table = f'IMAGES = {{"a": "{_LATEST}", "b": "{_LATEST.replace("churn", "other")}"}}\n'
    workspace.write("train.py", f"import sys\n{_JOB}\n{table}train({looked_up}, 'ml.m5.xlarge')\n")
    assert _checked(workspace, "MLR116") == (codes, undecided)


_OPTION = (
    "import argparse\n"
    + _JOB
    + """
parser = argparse.ArgumentParser()
parser.add_argument("--kind", default="ml.m5.xlarge")
train("111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1.2", parser.parse_args().kind)
"""
)


@pytest.mark.parametrize(
    ("script", "codes", "undecided"),
    [
        ('case "$1" in\n  a) KIND=ml.m4.xlarge ;;\n  *) KIND=ml.c4.xlarge ;;\nesac\n', ["MLP101"], []),
        ('case "$1" in\n  a) KIND=ml.m4.xlarge ;;\n  *) KIND=ml.m5.xlarge ;;\nesac\n', [], ["MLP101"]),
        ('KIND=ml.m4.xlarge\nif [ $# -gt 1 ]; then KIND="$2"; fi\n', ["MLP101"], []),
        ('KIND=ml.m4.xlarge\nif [ -n "$x" ]; then KIND=$(choose); fi\n', [], ["MLP101"]),
    ],
)
def test_a_script_chooses_among_values(
    workspace: Workspace, script: str, codes: list[str], undecided: list[str]
) -> None:
    workspace.write("train.py", _OPTION)
    workspace.write("run.sh", f"{script}python train.py --kind $KIND\n")
    assert _checked(workspace, "MLP101") == (codes, undecided)


@pytest.mark.parametrize(
    ("default", "given", "codes", "undecided"),
    [
        ("ml.m4.xlarge", "ml.m4.xlarge", ["MLP101"], []),
        ("ml.m5.xlarge", "ml.m4.xlarge", ["MLP101"], []),
        ("ml.m5.xlarge", "<type>", [], ["MLP101"]),
        ("ml.m5.xlarge", "$KIND", [], ["MLP101"]),
    ],
)
def test_the_documents_show_what_is_given_in_place_of_a_default(
    workspace: Workspace, default: str, given: str, codes: list[str], undecided: list[str]
) -> None:
    workspace.write("train.py", _OPTION.replace("ml.m5.xlarge", default))
    workspace.write("README.md", f"# Training\n\n    python train.py --kind {given}\n")
    assert _checked(workspace, "MLP101") == (codes, undecided)
    out = workspace.run("check", ".", "--select", "MLP101", "-q").out
    assert ("assuming --kind as in README.md" in out) is bool(codes and default != given)


def test_what_replaces_a_default_leaves_nothing_open(workspace: Workspace) -> None:
    program = _OPTION.replace('default="ml.m5.xlarge"', "default=None")
    program = program.replace("parse_args().kind", 'parse_args().kind or "ml.m5.xlarge"')
    workspace.write("train.py", program)
    assert _checked(workspace, "MLP101", "MLR120") == ([], [])


@pytest.mark.parametrize("image", [f'"{_LATEST}"', 'sys.argv[1] + ":latest"'])
def test_an_estimator_has_the_image_that_it_is_given(workspace: Workspace, image: str) -> None:
    workspace.write(
        "evaluate.py",
        f"""import sys
from sagemaker.estimator import Estimator
from sagemaker.processing import ScriptProcessor
role = "arn:aws:iam::111122223333:role/training"
estimator = Estimator({image}, role, 1, "ml.m5.xlarge")
processor = ScriptProcessor(role=role, image_uri=estimator.training_image_uri(), command=["python3"],
                            instance_count=1, instance_type="ml.m5.xlarge")
processor.run(code="evaluate.py")
""",
    )
    assert _checked(workspace, "MLR116") == (["MLR116"], [])


@pytest.mark.parametrize(
    ("module", "before"),
    [
        ("lib/settings.py", "sys.path.append('../lib')"),
        ("lib/settings.py", "sys.path.insert(0, str(Path(__file__).parent.parent / 'lib'))"),
        ("settings/settings/__init__.py", ""),
    ],
)
def test_modules_lie_where_the_program_looks_for_them(workspace: Workspace, module: str, before: str) -> None:
    workspace.write(module, f'IMAGE = "{_LATEST}"\n')
    program = f"import sys\nfrom pathlib import Path\n{before}\nimport settings\n{_JOB}"
    workspace.write("jobs/train.py", f"{program}\ntrain(settings.IMAGE, 'ml.m5.xlarge')\n")
    assert _checked(workspace, "MLR116", path="jobs") == (["MLR116"], [])


def test_a_monitor_has_the_constraints_of_its_last_baseline(workspace: Workspace) -> None:
    workspace.write(
        "monitor.py",
        """from sagemaker.model_monitor import DefaultModelMonitor
monitor = DefaultModelMonitor(role="arn:aws:iam::111122223333:role/monitor", instance_type="ml.m5.large")
monitor.create_monitoring_schedule(
    monitor_schedule_name="churn", endpoint_input="churn", constraints=monitor.suggested_constraints(),
)
""",
    )
    assert _checked(workspace, "MLO111") == ([], [])


@pytest.mark.parametrize(
    ("empty", "codes"), [("{}", ["MLR116"]), ("[]", ["MLR116"]), ("None", ["MLR116"]), ("'1.2'", [])]
)
def test_what_is_empty_is_in_a_list_of_what_is(workspace: Workspace, empty: str, codes: list[str]) -> None:
    given = f"tag = 'latest' if {empty} in (None, {{}}, []) else '1.2'\n"
    image = _LATEST.replace(":latest", "")
    workspace.write("train.py", f"{_JOB}\n{given}train('{image}:' + tag, 'ml.m5.xlarge')\n")
    assert _checked(workspace, "MLR116") == (codes, [])


@pytest.mark.parametrize(("option", "codes"), [("required=True", ["MLO504"]), ("default=None", [])])
def test_a_required_option_is_given(workspace: Workspace, option: str, codes: list[str]) -> None:
    workspace.write(
        "deploy.py",
        f"""import argparse
from sagemaker.model import Model
parser = argparse.ArgumentParser()
parser.add_argument("--data", {option})
model = Model(image_uri="{_LATEST}", model_data=parser.parse_args().data, role="serving")
model.deploy(initial_instance_count=1, instance_type="ml.m5.large")
""",
    )
    assert _checked(workspace, "MLO504") == (codes, [])


@pytest.mark.parametrize("given", ["us-east-1", "$REGION"])
def test_a_text_around_what_is_given_keeps_what_is_known(workspace: Workspace, given: str) -> None:
    program = _OPTION.replace("--kind", "--region").replace("ml.m5.xlarge", "eu-west-1")
    program = program.replace(
        'train("111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1.2", parser.parse_args().kind)',
        "region = parser.parse_args().region\n"
        'train(f"111122223333.dkr.ecr.{region}.amazonaws.com/churn:latest", "ml.m5.xlarge")',
    )
    workspace.write("train.py", program)
    workspace.write("README.md", f"# Training\n\n    python train.py --region {given}\n")
    assert _checked(workspace, "MLR116", "MLS111") == (["MLR116"], [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "form.py",
            'SCRIPT = "train.py"\nFIELDS = [("--kind", "Instance type"), ("--kind", "ml.m4.xlarge")]\n',
        ),
        ("README.md", "# train.py\n\n    --kind KIND    the instance type\n"),
        ("README.md", "# train.py\n\n| --kind | the instance type |\n"),
    ],
)
def test_what_only_names_an_option_shows_no_value(workspace: Workspace, name: str, text: str) -> None:
    workspace.write("train.py", _OPTION)
    workspace.write(name, text)
    assert _checked(workspace, "MLP101", "MLR120", path="train.py") == ([], ["MLP101", "MLR120"])
