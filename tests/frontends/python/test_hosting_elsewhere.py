"""What other programs of a project, and other branches of one, do with an endpoint that one makes."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

DEPLOY = """import boto3

sm = boto3.client("sagemaker")
NAME = "churn-live"
variant = {"VariantName": "main", "ModelName": "churn", "InstanceType": "ml.m5.xlarge"}
sm.create_endpoint_config(EndpointConfigName="churn-live-1", ProductionVariants=[variant])
sm.create_endpoint(EndpointName=NAME, EndpointConfigName="churn-live-1")
"""
ACCELERATED = DEPLOY.replace("ml.m5.xlarge", "ml.g5.xlarge")
ALARM = """
boto3.client("cloudwatch").put_metric_alarm(
    AlarmName="errors",
    Namespace="AWS/SageMaker",
    MetricName="Invocation5XXErrors",
    Dimensions=[{"Name": "EndpointName", "Value": sys.argv[1]}],
)
"""
PROVISIONER = """resource "null_resource" "cleanup" {{
  provisioner "local-exec" {{
{when}    command = "aws sagemaker delete-endpoint --endpoint-name ${{self.triggers.name}}"
  }}
}}
"""
CLIENT = 'import sys\nimport boto3\n\nsm = boto3.client("sagemaker")\n'


def _write(path: str, text: str) -> None:
    write(Path(), **{path if "." in path else f"./{path}": text})


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _found(capsys: pytest.CaptureFixture[str], code: str) -> dict[str, str]:
    """The severities of a rule's findings by their files; "undecided" where it is."""
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", code])
    result = json.loads(capsys.readouterr().out)
    found = {each["path"]: "undecided" for each in result["undecided"]}
    return found | {each["path"]: each["severity"] for each in result["findings"]}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cleanup.py", CLIENT + "sm.delete_endpoint(EndpointName=sys.argv[1])"),
        ("cleanup.py", CLIENT + 'sm.delete_endpoint(EndpointName=f"{sys.argv[1]}-live")'),
        ("cleanup.py", CLIENT + 'NAME = "churn-live"\nsm.delete_endpoint(EndpointName=NAME)'),
        (
            "cleanup.py",
            "from sagemaker.predictor import Predictor\nPredictor('churn-live').delete_endpoint()",
        ),
        ("cleanup.py", "from sagemaker.core.resources import Endpoint\nEndpoint.get('churn-live').delete()"),
        ("teardown.sh", 'aws sagemaker delete-endpoint \\\n  --endpoint-name "$NAME"'),
        (
            "main.tf",
            PROVISIONER.format(when=""),
        ),
        ("Makefile", "stop:\n\taws sagemaker delete-endpoint --endpoint-name churn-live"),
        ("README.md", "# Churn\n\nTo stop it: `aws sagemaker delete-endpoint --endpoint-name <name>`"),
    ],
)
def test_what_another_file_deletes_weighs_less(
    path: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write("deploy.py", DEPLOY)
    assert _found(capsys, "MLR101") == {"deploy.py": "medium"}
    _write(path, text)
    assert _found(capsys, "MLR101") == {"deploy.py": "low"}
    # A person has to run it: until then, an accelerator costs, and needs no second one.
    _write("deploy.py", ACCELERATED)
    assert _found(capsys, "MLC101") == {"deploy.py": "low"}
    assert _found(capsys, "MLR101") == {"deploy.py": "info"}


def test_what_a_script_deletes_is_not_operated_where_nothing_depends_on_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _write("deploy.py", ACCELERATED.replace("churn-live", "churn"))
    _write("README.md", "# Churn\n\nTo stop it: `aws sagemaker delete-endpoint --endpoint-name <name>`")
    assert _found(capsys, "MLC101") == {"deploy.py": "low"}
    _write("teardown.sh", 'aws sagemaker delete-endpoint --endpoint-name "$1"')
    assert _found(capsys, "MLC101") == {"deploy.py": "info"}


def test_what_another_program_tries_and_deletes_is_not_operated(capsys: pytest.CaptureFixture[str]) -> None:
    _write("deploy.py", DEPLOY.replace("churn-live", "churn"))
    tried = CLIENT + "boto3.client('sagemaker-runtime').invoke_endpoint(EndpointName='churn', Body=b'')\n"
    _write("evaluate.py", tried + "sm.delete_endpoint(EndpointName='churn')")
    assert _found(capsys, "MLR101") == {"deploy.py": "info"}
    _write("policy.json", '{"Action": "sagemaker:InvokeEndpoint"}')
    assert _found(capsys, "MLR101") == {"deploy.py": "low"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cleanup.py", CLIENT + 'sm.delete_endpoint(EndpointName="fraud-live")'),
        ("cleanup.py", CLIENT + 'sm.delete_endpoint(EndpointName=f"fraud-{sys.argv[1]}")'),
        ("cleanup.py", CLIENT + 'sm.delete_endpoint_config(EndpointConfigName="churn-live-1")'),
        ("tests/test_deploy.py", CLIENT + "sm.delete_endpoint(EndpointName=sys.argv[1])"),
        ("teardown.sh", "aws sagemaker delete-endpoint --endpoint-name fraud-live"),
        ("teardown.sh", "aws sagemaker delete-endpoint-config --endpoint-config-name $NAME"),
        (
            "update.py",
            CLIENT + 'sm.update_endpoint(EndpointName="fraud-live", EndpointConfigName="churn-live-2")',
        ),
        # When its own configuration is destroyed.
        (
            "main.tf",
            PROVISIONER.format(when="    when = destroy\n"),
        ),
    ],
)
def test_what_another_file_does_with_other_endpoints_changes_nothing(
    path: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write("deploy.py", DEPLOY)
    _write(path, text)
    assert _found(capsys, "MLR101")["deploy.py"] == "medium"


def test_a_file_that_makes_endpoints_deletes_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    _write("deploy.py", DEPLOY)
    _write("trial.py", DEPLOY.replace("churn-live", "trial") + "sm.delete_endpoint(EndpointName=NAME)\n")
    assert _found(capsys, "MLR101") == {"deploy.py": "medium", "trial.py": "info"}


def test_the_nearest_program_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    _write("churn/deploy.py", DEPLOY)
    _write("fraud/deploy.py", DEPLOY.replace("churn", "fraud"))
    _write("fraud/cleanup.py", CLIENT + "sm.delete_endpoint(EndpointName=sys.argv[1])")
    assert _found(capsys, "MLR101") == {"churn/deploy.py": "medium", "fraud/deploy.py": "low"}


OPTION = """import argparse
import boto3

sm = boto3.client("sagemaker")
parser = argparse.ArgumentParser()
parser.add_argument("--name", default="churn-live")
parser.add_argument("--delete", action="store_true")
args = parser.parse_args()
variant = {"VariantName": "main", "ModelName": "churn", "InstanceType": "ml.m5.large"}


def create(name):
    sm.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sm.create_endpoint(EndpointName=name, EndpointConfigName=name)

"""


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (
            "if args.delete:\n    sm.delete_endpoint(EndpointName=args.name)\nelse:\n    create(args.name)\n",
            "low",
        ),
        ("create(args.name)\nif args.delete:\n    sm.delete_endpoint(EndpointName=args.name)\n", "low"),
        ("create(args.name)\ndef delete(name):\n    sm.delete_endpoint(EndpointName=name)\n", "low"),
        # What was there before is replaced.
        ("if args.delete:\n    sm.delete_endpoint(EndpointName=args.name)\ncreate(args.name)\n", "medium"),
        (
            "try:\n    create(args.name)\nexcept OSError:\n    sm.delete_endpoint(EndpointName=args.name)\n",
            "medium",
        ),
    ],
)
def test_an_option_that_deletes_it(text: str, severity: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write("endpoint.py", OPTION + text)
    assert _found(capsys, "MLR101") == {"endpoint.py": severity}


@pytest.mark.parametrize(("call", "cost"), [("# tear_down(NAME)", "low"), ("tear_down(NAME)", "info")])
def test_a_function_that_nothing_calls_saves_nothing(
    call: str, cost: str, capsys: pytest.CaptureFixture[str]
) -> None:
    function = "\ndef tear_down(name):\n    sm.delete_endpoint(EndpointName=name)\n"
    switch = (
        f'\nif __name__ == "__main__":\n    if input("end?") == "y":\n        print("ends")\n        {call}\n'
    )
    _write("deploy.py", ACCELERATED + function + switch)
    assert _found(capsys, "MLC101") == {"deploy.py": cost}


def test_an_update_elsewhere_leaves_open_what_the_endpoint_has(capsys: pytest.CaptureFixture[str]) -> None:
    _write("deploy.py", DEPLOY)
    _write(
        "roll.py", CLIENT + 'sm.update_endpoint(EndpointName="churn-live", EndpointConfigName=sys.argv[1])'
    )
    assert _found(capsys, "MLR101") == {"deploy.py": "undecided"}
    assert _found(capsys, "MLO107") == {"deploy.py": "undecided"}


def test_capture_that_is_set_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    _write("deploy.py", DEPLOY)
    _write(
        "watch.py", "from sagemaker.predictor import Predictor\nPredictor('churn-live').enable_data_capture()"
    )
    assert _found(capsys, "MLO107") == {"deploy.py": "undecided"}
    assert _found(capsys, "MLR101") == {"deploy.py": "medium"}


@pytest.mark.parametrize(
    ("least", "result"), [("1", "medium"), ("2", "undecided"), ("int(sys.argv[2])", "undecided")]
)
def test_instances_that_scaling_elsewhere_keeps(
    least: str, result: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write("deploy.py", DEPLOY)
    scaling = f"""import sys
import boto3

boto3.client("application-autoscaling").register_scalable_target(
    ServiceNamespace="sagemaker",
    ResourceId="endpoint/churn-live/variant/main",
    ScalableDimension="sagemaker:variant:DesiredInstanceCount",
    MinCapacity={least},
    MaxCapacity=9,
)
"""
    _write("scale.py", scaling)
    assert _found(capsys, "MLR101") == {"deploy.py": result}


MODEL = """from sagemaker.model import Model
from sagemaker.model_monitor import DataCaptureConfig

model = Model(image_uri="image", role="role")
predictor = model.deploy(2, "ml.m5.large", endpoint_name="churn")
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {"deploy.py": "medium"}),
        ("predictor.enable_data_capture()\n", {}),
        ("predictor.disable_data_capture()\n", {"deploy.py": "medium"}),
        ("predictor.update_data_capture_config(DataCaptureConfig(True, 100, 's3://b/c'))\n", {}),
        ("predictor.update_data_capture_config(load())\n", {"deploy.py": "undecided"}),
    ],
)
def test_capture_that_the_program_sets_later(
    text: str, found: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _write("deploy.py", MODEL + text)
    assert _found(capsys, "MLO107") == found


def _places(capsys: pytest.CaptureFixture[str], code: str) -> list[list[str]]:
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", code])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return [[each["path"], *(place["path"] for place in each["related"])] for each in findings]


@pytest.mark.parametrize("code", ["MLR101", "MLO101", "MLO107"])
def test_an_endpoint_that_two_programs_make_is_reported_once(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write("deploy.py", DEPLOY)
    _write("again.py", "# The second time.\n" + DEPLOY)
    assert _places(capsys, code) == [["again.py", "deploy.py"]]
    _write("again.py", DEPLOY.replace('NAME = "churn-live"', 'NAME = "churn-next"'))
    assert len(_places(capsys, code)) == 2


def test_an_update_of_the_only_instance_that_another_program_states(
    capsys: pytest.CaptureFixture[str],
) -> None:
    update = CLIENT + 'sm.update_endpoint(EndpointName="churn-live", EndpointConfigName=sys.argv[1])'
    deploy = DEPLOY.replace('"ml.m5.xlarge"', '"ml.m5.xlarge", "InitialInstanceCount": 1')
    _write("update.py", update)
    assert _found(capsys, "MLR107") == {"update.py": "medium"}
    _write("deploy.py", deploy)
    assert _found(capsys, "MLR107") == {"update.py": "info"}
    _write("other.py", deploy.replace('"InitialInstanceCount": 1', '"InitialInstanceCount": count'))
    assert _found(capsys, "MLR107") == {"update.py": "medium"}
    _write("other.py", "# sagemaker\nclient.register_scalable_target(ResourceId=name)\n")
    assert _found(capsys, "MLR107") == {"update.py": "medium"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("train_instance_count=2, train_instance_type='ml.nope.large'", "train_instance_type"),
        ("instance_count=2, instance_type='ml.nope.large'", "instance_type"),
    ],
)
def test_messages_use_the_parameters_of_the_version_that_is_used(
    text: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write("train.py", f"from sagemaker.pytorch import PyTorch\nPyTorch('a.py', role='r', {text}).fit()\n")
    invoke(["check", ".", "--no-cache", "--format", "json", "--select", "MLR120"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert f": {name} should be" in finding["message"]


def test_projects_side_by_side_do_not_use_one_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").rmdir()
    _write("one/README.md", "# Churn")
    _write("one/deploy/deploy.py", DEPLOY)
    _write("one/scripts/cleanup.sh", "aws sagemaker delete-endpoint --endpoint-name $NAME")
    _write("two/README.md", "# Fraud")
    _write("two/deploy.py", DEPLOY.replace("churn", "fraud"))
    _write("two/roll.py", CLIENT + "sm.update_endpoint(EndpointName=sys.argv[1], EndpointConfigName='next')")
    assert _found(capsys, "MLR101") == {"one/deploy/deploy.py": "low", "two/deploy.py": "undecided"}
    _write("two/alarms.py", CLIENT + ALARM)
    assert _found(capsys, "MLO101")["one/deploy/deploy.py"] == "low"


def test_alarms_of_code_for_the_cdk_leave_it_undecided(capsys: pytest.CaptureFixture[str]) -> None:
    _write("deploy.py", DEPLOY)
    assert _found(capsys, "MLO101") == {"deploy.py": "medium"}
    stack = 'from aws_cdk import aws_cloudwatch as cw\nmetric = cw.Metric(namespace="AWS/SageMaker")\n'
    _write("stack.py", stack)
    assert _found(capsys, "MLO101") == {"deploy.py": "medium"}
    _write("stack.py", f'{stack}cw.Alarm(scope, "Errors", metric=metric)\n')
    assert _found(capsys, "MLO101") == {"deploy.py": "undecided"}


def test_a_type_that_is_accelerated_in_another_branch_rests_in_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    chosen = ACCELERATED.replace('"ml.g5.xlarge"', 'sys.argv[1] or "ml.g5.xlarge"').replace(
        "import boto3", "import sys\nimport boto3"
    )
    _write("deploy.py", chosen.replace("churn-live", "churn"))
    found = [_found(capsys, code) for code in ("MLR101", "MLC101", "MLR102")]
    assert found == [{"deploy.py": "info"}, {"deploy.py": "low"}, {}]
