"""What shows that production depends on what a program makes; the weight of a finding without it."""

import json
from functools import partial
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from mlwa_lint.model.purpose import UNOPERATED
from mlwa_lint.model.weights import NO_NETWORK
from tests.frontends.python.programs import BACKEND, WATCHER, notebook
from tests.support.files import write

_write = partial(write, Path())
DEPLOY = """import boto3

sm = boto3.client("sagemaker")
NAME = "churn"
image = {"Image": "1.dkr.ecr.eu-west-1.amazonaws.com/churn:1", "ModelDataUrl": "s3://churn/model.tar.gz"}
sm.create_model(ModelName=NAME, PrimaryContainer=image, ExecutionRoleArn="arn:aws:iam::1:role/r")
variant = {"VariantName": "a", "ModelName": NAME, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
sm.create_endpoint_config(EndpointConfigName=NAME, ProductionVariants=[variant])
sm.create_endpoint(EndpointName=NAME, EndpointConfigName=NAME)
"""
CALL = "import boto3\nsmr = boto3.client('sagemaker-runtime')\nNAME = 'churn'\n"
CLIENT = CALL + "print(smr.invoke_endpoint(EndpointName=NAME, Body=b'1'))\n"
HELPER = CALL + "def score(body):\n    return smr.invoke_endpoint(EndpointName=NAME, Body=body)\n"
BUILD = "phases:\n  build:\n    commands: [python deploy.py]\n"
WORKFLOW = f"{BUILD}artifacts:\n  files: [prod-config.json]\n"
UNTENDED = "nothing in the project shows that the endpoint is operated"
CODES = ("MLO101", "MLO107", "MLR101", "MLS102", "MLS103")
NETWORK = {"network__tf": 'resource "aws_subnet" "private" {}'}
NOTHING = "nothing in the project shows that anything depends on it"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def _found(capsys: pytest.CaptureFixture[str], *codes: str) -> dict[str, tuple[str, str]]:
    """The severity of each rule's finding about deploy.py, and why it was lowered."""
    selected = ",".join(codes)
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", selected])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return {
        each["code"]: (each["severity"], (each["lowered"] or {}).get("because", ""))
        for each in findings
        if each["path"] == "deploy.py"
    }


def test_what_nothing_depends_on_weighs_low(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=DEPLOY)
    found = _found(capsys, *CODES)
    assert {code: severity for code, (severity, _) in found.items()} == dict.fromkeys(CODES, "low") | {
        "MLR101": "info",
        "MLS103": "info",
    }
    assert all(because.endswith(NOTHING) for code, (_, because) in found.items() if code != "MLS103")
    assert found["MLS103"][1] == NO_NETWORK


def test_a_second_instance_is_not_required_of_what_nothing_depends_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _write(deploy__py=DEPLOY)
    assert _found(capsys, "MLR101") == {"MLR101": ("info", NOTHING)}
    _write(app__py=BACKEND)
    assert _found(capsys, "MLR101") == {"MLR101": ("low", UNTENDED)}
    _write(watch__py=WATCHER)
    assert _found(capsys, "MLR101") == {"MLR101": ("medium", "")}


def test_an_alarm_is_not_required_of_what_a_person_tries(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=DEPLOY)
    assert _found(capsys, "MLO101")["MLO101"][0] == "low"  # with nothing around it, nothing is known
    _write(README__md="# Churn\n\nRun `python deploy.py`.\n")
    because = f"a person runs the program, and {NOTHING}"
    assert _found(capsys, "MLO101") == {"MLO101": ("info", because)}
    _write(buildspec__yml=BUILD)
    severity, because = _found(capsys, "MLO101")["MLO101"]
    assert (severity, because.endswith(f"and {NOTHING}, and {UNOPERATED}")) == ("info", True)
    _write(app__py=BACKEND)
    assert _found(capsys, "MLO101")["MLO101"][0] == "medium"


SNIPPET = """from sagemaker.sklearn import SKLearnModel

model = SKLearnModel(model_data="s3://churn/model.tar.gz", role="churn", entry_point="serve.py")
model.deploy(initial_instance_count=1, instance_type="ml.m5.large")
"""


def test_capture_matters_little_where_nothing_can_hold_the_name(capsys: pytest.CaptureFixture[str]) -> None:
    because = f"a person runs the program, and {NOTHING}"
    _write(deploy__py=SNIPPET, README__md="# Churn\n\nRun `python deploy.py`.\n")
    assert _found(capsys, "MLO107") == {"MLO107": ("info", because)}
    _write(deploy__py=SNIPPET.replace("count=1", "count=1, endpoint_name='churn'"))
    assert _found(capsys, "MLO107") == {"MLO107": ("info", f"{NOTHING}, and {UNOPERATED}")}


def test_capture_of_what_no_monitor_compares_weighs_less(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=DEPLOY.replace("ml.m5.large", "ml.g5.xlarge"))
    assert _found(capsys, "MLO107") == {"MLO107": ("info", NOTHING)}
    _write(app__py=BACKEND)
    assert _found(capsys, "MLO107")["MLO107"][0] == "low"


def test_a_vpc_that_the_project_has_is_expected(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=DEPLOY, **NETWORK)
    assert _found(capsys, "MLS103") == {"MLS103": ("low", NOTHING)}


# What a Studio domain needs in any case.
DEFAULT_VPC = """import boto3

ec2 = boto3.client("ec2")
vpc = ec2.describe_vpcs(Filters=[{"Name": "isDefault", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
print(ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}]))
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SETUP__md", "Jobs run in private subnets of the VPC."),
        ("tests/test_deploy.py", "assert deploy(subnets=['subnet-1'])"),
        ("cdk__json", '{"context": {"@aws-cdk/aws-ec2:restrictDefaultSecurityGroup": true}}'),
        ("policy__json", '{"Action": ["ec2:CreateVpc"], "Resource": "arn:aws:ec2:*:*:subnet/*"}'),
        ("studio__py", DEFAULT_VPC),
        ("train__py", "# No VpcConfig needed here\nepochs = 3"),
        ("train__py", "job = {\n    # 'VpcConfig': {'Subnets': ['string']},\n}"),
    ],
)
def test_a_vpc_of_something_else_is_not_expected_of_models(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=DEPLOY, **{name: text})
    assert _found(capsys, "MLS103")["MLS103"][0] == "info"


def test_the_network_of_instances_of_ec2_is_no_matter_of_jobs(capsys: pytest.CaptureFixture[str]) -> None:
    start = "ec2.run_instances(ImageId='ami-1', SubnetId=subnet_id, MinCount=1, MaxCount=1)\n"
    _write(deploy__py=DEPLOY, scores__py=f"import boto3\nec2 = boto3.client('ec2')\n{start}")
    assert _found(capsys, "MLS103")["MLS103"][0] == "info"
    _write(vpc__tf='resource "aws_vpc" "web" {}\n', web__tf='resource "aws_instance" "web" {}\n')
    assert _found(capsys, "MLS103")["MLS103"][0] == "info"
    _write(jobs__tf='variable "subnets" { description = "Subnets for SageMaker" }\n')
    assert _found(capsys, "MLS103")["MLS103"][0] == "low"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("variables__tf", 'variable "enable_vpc" {} # optional'),
        ("studio__py", DEFAULT_VPC + "ec2.create_vpc(CidrBlock='10.0.0.0/16')\n"),
        ("train__py", "# Note: the endpoint must move to the VPC"),
        ("train__py", "def deploy(model, subnets, security_group_ids=None):\n    ...\n"),
        ("vpc__tf", 'module "vpc" {}'),
    ],
)
def test_a_vpc_that_a_program_or_configuration_mentions_is_expected_of_models(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=DEPLOY, **{name: text})
    assert _found(capsys, "MLS103")["MLS103"][0] == "low"


USED = "nothing that is deployed with it uses a customer managed key"
JOB = (
    DEPLOY
    + """config = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 9}
sm.create_training_job(TrainingJobName=NAME, RoleArn="r", ResourceConfig=config)
"""
)


@pytest.mark.parametrize(
    ("name", "severity"),
    [("SETUP__md", "info"), ("network__tf", "medium"), ("network__py", "medium"), ("notes__yaml", "medium")],
)
def test_a_vpc_that_only_documents_mention_is_not_expected_of_jobs(
    name: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=JOB, **{name: "# Jobs run in private subnets.\n"})
    assert _found(capsys, "MLS204")["MLS204"][0] == severity


KEYLESS = "nothing in the project mentions a customer managed key, or suggests that its data needs one"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("README__md", "It is encrypted.", "info"),
        ("README__md", "Data is encrypted by KMS.", "low"),
        ("README__md", "Enable encryption (AES256 or KMS).", "info"),
        ("README__md", "No KMS key is needed.", "info"),
        ("README__md", "It reads medical records.", "low"),
        ("README__md", "It reads texts.\n" + 200 * "So it does.\n" + "Medical ones as well.", "info"),
        ("SETUP__md", "Choose a KMS key for the medical records.", "info"),
        ("tests/test_keys.py", "assert encrypt(kms_key)", "info"),
        ("key__tf", 'variable "kms_key_id" {}', "low"),
        ("deploy__sh", "# Data is encrypted by KMS.", "low"),
        ("deploy__sh", "# It is created without CMK.", "info"),
        ("deploy__sh", "# It avoids a customer managed key, for its cost.", "info"),
        ("deploy__sh", "# SSE-S3 rather than KMS.", "info"),
        ("deploy__sh", "# A customer managed key avoids that.", "low"),
        ("role__yaml", "PolicyName: KMSAccess", "info"),
        ("role__yaml", "Action: [kms:Decrypt, payments:ListTagsForResource]", "info"),
        ("bucket__yaml", "s3:x-amz-server-side-encryption: AES256", "info"),
        ("bucket__yaml", "s3:x-amz-server-side-encryption: aws:kms", "low"),
        ("domain__tf", 'app_network_access_type = "VpcOnly"', "info"),
        (
            "vpc__tf",
            'resource "aws_vpc_endpoint" "a" { service_name = "com.amazonaws.r.sagemaker.api" }',
            "low",
        ),
        ("vpc__tf", 'resource "aws_vpc_endpoint" "a" { service_name = "com.amazonaws.r.s3" }', "info"),
        ("features__py", "columns = ['patient_id', 'age']", "low"),
        ("features__py", "# What a patient knows is confidential.", "info"),
        ("tags__tf", 'tags = { DataClassification = "Confidential" }', "low"),
        ("guardrail__tf", 'pii_entities_config { type = "NAME" }', "info"),
    ],
)
def test_a_key_is_expected_of_what_the_project_uses_or_holds(
    name: str, text: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=DEPLOY, **{name: text})
    why = {"info": KEYLESS, "low": USED}[expected]
    assert _found(capsys, "MLS101") == {"MLS101": (expected, why)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("job = {\n    # 'VolumeKmsKeyId': 'string'\n}", "info"),
        ("job = {'KmsKeyId': 'string'}", "info"),
        ("job = make(volume_kms_key_id=None)", "info"),
        ("job = {\n    # 'EnableNetworkIsolation': True|False,\n}", "info"),
        ("def train(bucket, volume_kms_key_id=None): ...", "info"),
        ("def train(key=None, volume_kms_key_id=None):\n    run(volume_kms_key_id=key)", "low"),
        ("def train(bucket, volume_kms_key_id): ...", "low"),
        ("# A KMS key of the customer comes next.", "low"),
        ("job = make(volume_kms_key_id=KEY)", "low"),
    ],
)
def test_an_argument_without_a_value_suggests_no_key(
    text: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=DEPLOY, train__py=text)
    assert _found(capsys, "MLS101")["MLS101"][0] == expected


@pytest.mark.parametrize(
    "files",
    [
        {"client__py": CLIENT},
        {"buildspec__yml": BUILD},
        {"client__py": HELPER, "bench__py": "from client import score\nprint(score(b'1'))\n"},
        {"client__ipynb": notebook(CLIENT)},
        {"tests___test_deploy__py": CLIENT},
        {"app__py": BACKEND.replace("EndpointName=name", "EndpointName='fraud'")},
        {"README__md": "Run `python deploy.py`, and allow sagemaker:InvokeEndpoint."},
        {"run__sh": "python deploy.py\naws sagemaker-runtime invoke-endpoint --endpoint-name churn out\n"},
    ],
    ids=[
        "a client",
        "CI",
        "a benchmark",
        "a notebook",
        "a test",
        "another endpoint",
        "a document",
        "a script",
    ],
)
def test_what_a_person_runs_depends_on_nothing(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=DEPLOY, **files)
    # With nothing but configurations around it, nothing is known of who operates it.
    known = not {"buildspec__yml", "run__sh"} & files.keys()
    expected = ("info", f"{NOTHING}, and {UNOPERATED}") if known else ("low", NOTHING)
    assert _found(capsys, "MLO107") == {"MLO107": expected}


WAITING = """
import time
while True:
    if sm.describe_endpoint(EndpointName=NAME)["EndpointStatus"] != "Creating":

        break
    time.sleep(30)
"""
TAKING = """
queue = boto3.client("sqs")
while True:
    found = queue.receive_message(QueueUrl="requests")
    if "stop" in found:
        break
"""


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("RUN pip install deploy-churn\n# deploy-churn\n", "low"),
        ("RUN pip install . && deploy-churn\n", "medium"),
    ],
)
def test_an_image_that_installs_a_package_does_not_run_its_command(
    line: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=DEPLOY, Dockerfile=f"FROM python:3.12\n{line}")
    _write(pyproject__toml='[project]\nname = "churn"\n[project.scripts]\ndeploy-churn = "deploy:main"\n')
    assert _found(capsys, "MLO107")["MLO107"][0] == severity


UPLOAD = """resource "aws_s3_object" "code" {
  bucket = "churn"
  key    = "code/deploy.py"
  source = "deploy.py"
}
"""
RUN = 'resource "aws_glue_job" "j" {\n  command { script_location = "s3://c/${aws_s3_object.code.key}" }\n}\n'


@pytest.mark.parametrize(("more", "severity"), [("# deploy.py\n", "low"), (RUN, "medium")])
def test_a_program_that_is_only_uploaded_is_not_run(
    more: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=DEPLOY, s3__tf=more + UPLOAD)
    assert _found(capsys, "MLO107")["MLO107"][0] == severity


@pytest.mark.parametrize(("loop", "severity"), [(WAITING, "low"), (TAKING, "medium")])
def test_a_loop_that_waits_is_no_worker(loop: str, severity: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=DEPLOY + loop)
    assert _found(capsys, "MLO107")["MLO107"][0] == severity


LOAD = CALL.replace("import boto3", "import boto3\nfrom locust import User, task") + (
    "class Visitor(User):\n    @task\n    def score(self):\n"
    "        smr.invoke_endpoint(EndpointName=NAME, Body=b'1')\n"
)
WATCHES = CALL + "while True:\n    smr.invoke_endpoint(EndpointName=NAME, Body=b'1')\n"
K6 = "import http from 'k6/http';\nawait client.send(new InvokeEndpointCommand({ EndpointName: name }));\n"


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"visitors__py": LOAD}, "info"),
        ({"load_test__py": HELPER}, "info"),
        ({"canary__py": WATCHES}, "info"),
        ({"benchmarks___score__py": HELPER}, "info"),
        ({"load__js": K6}, "info"),
        ({"smoke-tests___score__ts": K6.replace("k6/http", "http")}, "info"),
        ({"canary__py": WATCHES, "checks__yaml": "schedule: hourly\ncommand: python canary.py\n"}, "medium"),
        (
            {
                "canary__js": K6,
                "checks__tf": 'resource "aws_synthetics_canary" "c" { zip_file = "canary.zip" }\n',
            },
            "medium",
        ),
        ({"canary_release__py": HELPER}, "medium"),
        ({"scores__py": HELPER}, "medium"),
        ({"scores__js": K6.replace("k6/http", "http")}, "medium"),
    ],
)
def test_tests_that_nothing_schedules_are_no_traffic(
    files: dict[str, str], severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=DEPLOY, README__md="# Churn\n\nPredicts churn.\n", **files)
    assert {code: weight for code, (weight, _) in _found(capsys, "MLO101").items()} == {"MLO101": severity}


@pytest.mark.parametrize(
    "files",
    [
        {"app__py": BACKEND},
        {"client__py": HELPER, "app__py": "from flask import Flask\nfrom client import score\n"},
        {"client__py": HELPER},
        {"worker__py": CALL + "while True:\n    smr.invoke_endpoint(EndpointName=NAME, Body=b'1')\n"},
        {"buildspec__yml": WORKFLOW},
        {"jobs__yaml": "schedule: daily\ncommand: python deploy.py\n"},
        {"start__py": "import airflow\nimport deploy\n"},
        {"api__ts": "await client.send(new InvokeEndpointCommand({ EndpointName: name }));\n"},
        {"policy__json": '{"Action": "sagemaker:InvokeEndpoint"}'},
        {"scale__py": "client.register_scalable_target(**target)\n"},
    ],
    ids=[
        *("an API", "a helper of an API", "a library", "a worker", "CI", "a schedule", "a workflow"),
        *("TypeScript", "a permission", "scaling"),
    ],
)
def test_what_depends_on_it_keeps_the_weight(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=DEPLOY, **NETWORK, **files)
    assert _found(capsys, "MLS103") == {"MLS103": ("medium", "")}


def test_what_depends_on_it_where_nothing_has_a_vpc_needs_none(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=DEPLOY, scale__py="client.register_scalable_target(**target)\n")
    assert _found(capsys, "MLS103") == {"MLS103": ("info", NO_NETWORK)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"churn"', '"churn-prod"'),
        ('NAME = "churn"', 'import sys\nNAME = f"production-churn-{sys.argv[1]}"'),
        ('"churn"', '"jumpstart-churn-prod"'),
        ("import boto3", '"""Usage: python deploy.py --endpoint-name churn-production"""\nimport boto3'),
        ("EndpointName=NAME", 'Tags=[{"Key": "Environment", "Value": "prod"}], EndpointName=NAME'),
        ('"InitialInstanceCount": 1', '"InitialInstanceCount": 2'),
    ],
)
def test_what_states_production_keeps_the_weight(
    old: str, new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=DEPLOY.replace(old, new))
    assert _found(capsys, "MLO107") == {"MLO107": ("medium", "")}


@pytest.mark.parametrize(
    "bucket", ["jumpstart-cache-prod-eu-west-1", "sagemaker-example-files-prod-eu-west-1"]
)
def test_buckets_of_aws_show_no_production(bucket: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=DEPLOY.replace("NAME =", f'MODELS = "{bucket}"\nNAME ='))
    assert _found(capsys, "MLO107") == {"MLO107": ("low", NOTHING)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("arn:aws:iam::1:role/r", "<ROLE_ARN>"),
        ("arn:aws:iam::1:role/r", "YOUR_ROLE_ARN"),
        ("s3://churn/", "s3://your-bucket/"),
        ("s3://churn/", "s3://path/to/"),
        ("arn:aws:iam::1:role/r", "arn:aws:iam::ACCOUNT_ID:role/r"),
        ("s3://churn/", "s3://<bucket name>/"),
        ('NAME = "churn"', 'NAME = "..."'),
    ],
)
def test_placeholders_make_a_program_a_guide(old: str, new: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=DEPLOY.replace(old, new), app__py=BACKEND)
    assert _found(capsys, "MLO107") == {"MLO107": ("info", "its arguments are placeholders")}


@pytest.mark.parametrize("bucket", ["yourself-churn", "share-your-models", "a<b"])
def test_other_names_are_no_placeholders(bucket: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=DEPLOY.replace("s3://churn/", f"s3://{bucket}/"), app__py=BACKEND)
    assert _found(capsys, "MLO107") == {"MLO107": ("low", UNTENDED)}
    _write(watch__py=WATCHER)
    assert _found(capsys, "MLO107") == {"MLO107": ("medium", "")}


def test_capture_of_what_the_project_deletes_again(capsys: pytest.CaptureFixture[str]) -> None:
    _write(deploy__py=DEPLOY, delete__py="client.delete_endpoint(EndpointName='churn')\n", app__py=BACKEND)
    assert _found(capsys, "MLO107") == {"MLO107": ("info", "delete.py deletes it")}
    _write(watch__py=WATCHER)
    assert _found(capsys, "MLO107") == {"MLO107": ("low", "delete.py deletes it")}


@pytest.mark.parametrize(("when", "severity"), [("destroy", "low"), ("create", "info")])
def test_what_is_deleted_when_all_is_destroyed_is_used_until_then(
    when: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = '    command = "aws sagemaker delete-endpoint --endpoint-name ${self.triggers.name}"'
    provisioner = f'  provisioner "local-exec" {{\n    when = {when}\n{command}\n  }}\n'
    _write(
        deploy__py=DEPLOY, down__tf=f'resource "null_resource" "down" {{\n{provisioner}}}\n', app__py=BACKEND
    )
    assert _found(capsys, "MLO107")["MLO107"][0] == severity


def test_capture_of_what_the_only_program_deletes_that_uses_it(capsys: pytest.CaptureFixture[str]) -> None:
    once = "client.invoke_endpoint(EndpointName='churn')\nclient.delete_endpoint(EndpointName='churn')\n"
    _write(deploy__py=DEPLOY, weekly__py=once, watch__py=WATCHER)
    assert _found(capsys, "MLO107") == {"MLO107": ("info", "weekly.py deletes it")}
    _write(app__py=BACKEND)
    assert _found(capsys, "MLO107") == {"MLO107": ("low", "weekly.py deletes it")}


def test_capture_in_another_branch(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = """import boto3
from settings import settings

variant = {"VariantName": "a", "ModelName": "churn", "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
request = {"EndpointConfigName": "churn", "ProductionVariants": [variant]}
if settings.capture:
    request["DataCaptureConfig"] = {"EnableCapture": True, "DestinationS3Uri": "s3://churn/"}
boto3.client("sagemaker").create_endpoint_config(**request)
"""
    _write(deploy__py=chosen, watch__py=WATCHER, app__py=BACKEND)
    assert _found(capsys, "MLO107") == {"MLO107": ("low", "in its other branch, the program captures them")}


BY_TIME = DEPLOY.replace('NAME = "churn"', 'import time\n\nNAME = f"churn-{int(time.time())}"')


@pytest.mark.parametrize(
    ("program", "severity"),
    [
        (DEPLOY, "medium"),
        (BY_TIME, "info"),
        (BY_TIME.replace("int(time.time())", "time.strftime('%Y')"), "info"),
        (BY_TIME.replace("import time", "import uuid").replace("int(time.time())", "uuid.uuid4()"), "info"),
        # Others find the name where the program puts it.
        (BY_TIME + "boto3.client('ssm').put_parameter(Name='/endpoint', Value=NAME)\n", "medium"),
        (BY_TIME + "open('endpoint.txt', 'w').write(NAME)\n", "medium"),
    ],
)
def test_an_endpoint_of_one_run_serves_nothing_else(
    program: str, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(deploy__py=program, backend__py=BACKEND, README__md="# Churn\n\nFinds who leaves.\n")
    (found, _) = _found(capsys, "MLO101")["MLO101"]
    assert found == severity
