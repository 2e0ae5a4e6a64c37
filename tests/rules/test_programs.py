"""Rules on programs beyond their examples: notebooks, and what weighs less there."""

import json
from typing import Any

import pytest

from tests.frontends.python.programs import notebook
from tests.support.workspace import Workspace

MODEL = """\
import boto3
boto3.client("sagemaker").create_model(
    ModelName="churn", PrimaryContainer={"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:latest"}
)
"""
PROCESSING = """\
from sagemaker.processing import ScriptProcessor
processor = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/clean:1", role="r", command=["python3"],
    instance_type="%s", instance_count=1,
)
processor.run("clean.py")
"""
ISOLATION = """\
from sagemaker.model import Model
model = Model(name="churn-live", image_uri="a:1", role="r", model_data="s3://b/m"%s)
model.create()
"""


@pytest.fixture
def project(workspace: Workspace) -> Workspace:
    (workspace.folder / "template.yaml").unlink()
    return workspace


def _severities(workspace: Workspace, code: str) -> list[Any]:
    ran = workspace.check("--format", "json", "--select", code, "--severity", "info")
    found = json.loads(ran.out)["findings"]
    return [each["severity"] for each in found if each["code"] == code]


def test_a_notebook_that_builds_its_image_may_name_it_by_latest(project: Workspace) -> None:
    path = project.write("a.ipynb", notebook("!ls", MODEL))
    assert _severities(project, "MLR116") == ["info"]
    path.write_text(notebook("%%sh\ndocker push churn", MODEL), encoding="utf-8")
    assert _severities(project, "MLR116") == []


@pytest.mark.parametrize(
    ("name", "machine", "severity"),
    [
        ("a.py", "ml.m5.xlarge", "info"),
        ("a.py", "ml.g5.xlarge", "low"),
        ("a.py", "ml.m5.12xlarge", "low"),
    ],
)
def test_a_runtime_limit_matters_where_a_day_costs_much(
    name: str, machine: str, severity: str, project: Workspace
) -> None:
    project.write(name, PROCESSING % machine)
    assert _severities(project, "MLC202") == [severity]


def test_processing_is_no_experiment_of_weight(project: Workspace) -> None:
    project.write("a.py", PROCESSING % "ml.m5.xlarge")
    assert _severities(project, "MLO201") == ["info"]


@pytest.mark.parametrize(
    ("name", "stated", "severity"),
    [
        ("a.ipynb", ", enable_network_isolation=False", "low"),
        ("a.ipynb", "", "info"),
        ("workshop/a.py", ", enable_network_isolation=False", "low"),
        ("workshop/a.py", "", "info"),
        ("a.py", ", enable_network_isolation=False", "medium"),
        ("a.py", "", "low"),
    ],
)
def test_what_is_stated_weighs_more_than_what_is_left_out(
    name: str, stated: str, severity: str, project: Workspace
) -> None:
    text = ISOLATION % stated
    project.write(name, notebook(text) if name.endswith(".ipynb") else text)
    assert _severities(project, "MLS102") == [severity]


BROWSER = """\
import boto3
boto3.client("bedrock-agentcore-control").create_browser(
    name="b", networkConfiguration={"networkMode": "PUBLIC"}
)
"""


@pytest.mark.parametrize(
    ("name", "severity"), [("a.ipynb", "info"), ("demo/a.py", "info"), ("a.py", "medium")]
)
def test_required_settings_weigh_as_missing_ones(name: str, severity: str, project: Workspace) -> None:
    project.write(name, notebook(BROWSER) if name.endswith(".ipynb") else BROWSER)
    assert _severities(project, "MLS608") == [severity]


TRAINING = """\
import boto3
IMAGE = {"TrainingImage": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:1"}
boto3.client("sagemaker").create_training_job(TrainingJobName="a", AlgorithmSpecification=IMAGE,
    HyperParameters={"sagemaker_program": "train.py", "sagemaker_submit_directory": %s})
"""


@pytest.mark.parametrize(
    ("code", "severities"), [("upload()", []), ("'s3://b/c.tar.gz'", []), ("'/opt/ml/code'", ["low"])]
)
def test_code_that_is_fetched_at_the_start_needs_the_network(
    code: str, severities: list[str], project: Workspace
) -> None:
    project.write("a.py", TRAINING % code)
    assert _severities(project, "MLS205") == severities


@pytest.mark.parametrize(
    "image", ["763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1", "xgboost"]
)
def test_training_that_runs_no_image_of_the_project_weighs_least(image: str, project: Workspace) -> None:
    own = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:1"
    text = (TRAINING % "'/opt/ml/code'").replace(f'"{own}"', f'"{image}"' if "/" in image else "IMAGE_OF")
    project.write("a.py", f"import os\nIMAGE_OF = os.environ['IMAGE']\n{text}")
    assert _severities(project, "MLS205") == ["info"]


ESTIMATOR = """\
from sagemaker.pytorch import PyTorch
estimator = PyTorch("train.py", role="r", framework_version="1.0", instance_count=1,
    instance_type="ml.p2.xlarge")
estimator.fit("s3://b/c")
"""


@pytest.mark.parametrize("use", ["deploy(1, 'ml.m4.xlarge')", "transformer(1, 'ml.m4.xlarge')"])
def test_the_sdk_chooses_the_image_by_what_a_model_is_deployed_on(use: str, project: Workspace) -> None:
    project.write("a.py", f"{ESTIMATOR}made = estimator.{use}\n")
    assert _severities(project, "MLP103") == []
    project.write(
        "a.py", ESTIMATOR.replace("role=", "image_uri='a.dkr.ecr.b.amazonaws.com/pytorch:1-cpu', role=")
    )
    assert _severities(project, "MLP103") == ["high"]


@pytest.mark.parametrize(("least", "severity"), [(0, "high"), (1, "medium")])
def test_managed_scaling_of_a_model_is_surely_refused_to_zero(
    least: int, severity: str, project: Workspace
) -> None:
    project.write(
        "a.py",
        "import boto3\nboto3.client('sagemaker').create_endpoint_config(EndpointConfigName='a', "
        "ProductionVariants=[{'VariantName': 'v', 'ModelName': 'm', 'ManagedInstanceScaling': "
        f"{{'Status': 'ENABLED', 'MinInstanceCount': {least}, 'MaxInstanceCount': 2}}}}])\n",
    )
    assert _severities(project, "MLR126") == [severity]


RECORDED = """\
import json, sys
import boto3
name, kind = sys.argv[1:]
boto3.client("sagemaker").create_training_job(TrainingJobName=name, ResourceConfig={"InstanceType": kind})
record = {"JOB": name, "RESULT": read()}
KEEP
"""


@pytest.mark.parametrize(
    ("job", "result", "keep", "severity"),
    [
        ("training_job_name", "accuracy", "frame(record).to_csv('runs.csv')", "info"),
        ("TrainingJobName", "val_loss", "json.dump(record, file)", "info"),
        ("training_job_name", "accuracy", "print(record)", "low"),
        ("training_job_name", "region", "json.dump(record, file)", "low"),
        ("customer", "accuracy", "json.dump(record, file)", "low"),
    ],
)
def test_results_that_a_program_keeps_by_the_name_of_the_job(
    job: str, result: str, keep: str, severity: str, project: Workspace
) -> None:
    text = RECORDED.replace("JOB", job).replace("RESULT", result).replace("KEEP", keep)
    project.write("a.py", text)
    assert _severities(project, "MLO201") == [severity]


OLD = """\
from sagemaker.model import Model
model = Model(image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1", role="r", model_data="s3://b/m")
predictor = model.deploy(initial_instance_count=1, instance_type="ml.m4.xlarge")
"""


@pytest.mark.parametrize(
    ("name", "after", "severity"),
    [
        ("a.ipynb", "predictor.delete_endpoint()", "info"),
        ("a.ipynb", "", "low"),
        ("a.py", "predictor.delete_endpoint()", "low"),
    ],
)
def test_the_type_of_what_a_notebook_deletes_again(
    name: str, after: str, severity: str, project: Workspace
) -> None:
    text = OLD + after
    project.write(name, notebook(text) if name.endswith(".ipynb") else text)
    assert _severities(project, "MLP101") == [severity]


@pytest.mark.parametrize(
    ("arguments", "idle"),
    [
        ("InitialInstanceCount=1, InstanceType='ml.m4.xlarge'", True),
        ("initial_instance_count=1, instance_type='ml.m4.xlarge'", False),
        ("InitialInstanceCount=1, **others", False),
    ],
)
def test_deploy_takes_no_names_of_the_service(arguments: str, idle: bool, project: Workspace) -> None:
    text = OLD.replace('initial_instance_count=1, instance_type="ml.m4.xlarge"', arguments)
    project.write("a.py", "import os\nothers = dict(os.environ)\n" + text)
    ran = project.check("--select", "MLO107", "--severity", "info")
    assert ("deploy() has no parameter InitialInstanceCount" in " ".join(ran.out.split())) is idle


def test_what_deploy_is_given_by_a_name_of_the_service_is_meant(project: Workspace) -> None:
    arguments = "InitialInstanceCount=1, InstanceType='ml.m4.xlarge'"
    text = OLD.replace('initial_instance_count=1, instance_type="ml.m4.xlarge"', arguments)
    project.write("a.py", text)
    assert _severities(project, "MLP101") == ["info"]


INTERRUPTED = """\
from sagemaker.estimator import Estimator
estimator = Estimator(image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:1", role="r", max_run=%s,
    instance_type="ml.g5.xlarge", instance_count=%s, use_spot_instances=True, max_wait=90000)
estimator.fit()
"""


@pytest.mark.parametrize(
    ("name", "limit", "number", "severity"),
    [
        ("a.py", 7200, 2, "high"),
        ("a.ipynb", 7200, 2, "medium"),
        ("a.py", 7200, 1, "medium"),
        ("a.ipynb", 7200, 1, "low"),
        ("workshop/a.py", 7200, 1, "low"),
        ("a.py", 3600, 1, "low"),
        ("a.ipynb", 3600, 1, "info"),
    ],
)
def test_an_interruption_costs_less_where_a_person_tries_something(
    name: str, limit: int, number: int, severity: str, project: Workspace
) -> None:
    text = INTERRUPTED % (limit, number)
    project.write(name, notebook(text) if name.endswith(".ipynb") else text)
    assert _severities(project, "MLR201") == [severity]


def test_the_remedy_of_spot_training_names_the_longest_wait(project: Workspace) -> None:
    project.write("a.py", ESTIMATOR)
    ran = project.check("--select", "MLC201")
    assert "max_wait" in ran.out


GUARDRAIL = """\
import boto3
def make(filters=%s):
    request = {"name": "g"}
    if filters:
        request["contentPolicyConfig"] = {"filtersConfig": [
            {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"}]}
    boto3.client("bedrock").create_guardrail(**request)
make(input() == "y")
"""


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        (GUARDRAIL % "True", ["info"]),
        (
            GUARDRAIL.replace("input()", "read()").replace("boto3\n", "boto3\nfrom x import read\n", 1)
            % "True",
            ["low"],
        ),
        (GUARDRAIL.replace('make(input() == "y")', "make()") % "True", []),
        (GUARDRAIL.replace('make(input() == "y")', "make()") % "False", ["medium"]),
        ("import boto3\nboto3.client('bedrock').create_guardrail(name='g')\n", ["medium"]),
    ],
)
def test_what_one_branch_leaves_out_weighs_less(text: str, severities: list[str], project: Workspace) -> None:
    project.write("a.py", text)
    assert _severities(project, "MLS602") == severities


OFFERED = """\
import boto3
attack = {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"}
kinds = ("HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT")
filters = [attack]
if input() == "y":
    filters += [{"type": kind, "inputStrength": "HIGH", "outputStrength": "HIGH"} for kind in kinds]
boto3.client("bedrock").create_guardrail(name="g", contentPolicyConfig={"filtersConfig": filters})
"""


def test_a_low_defence_that_one_branch_leaves_out_is_info(project: Workspace) -> None:
    project.write("a.py", OFFERED)
    assert _severities(project, "MLS620") == ["info"]
    project.write("a.py", OFFERED.replace('if input() == "y":', 'if "g" == "y":'))
    assert _severities(project, "MLS620") == ["low"]


@pytest.mark.parametrize(
    ("name", "machine", "limit", "severity"),
    [
        ("a.ipynb", "ml.g5.4xlarge", "", "info"),
        ("a.ipynb", "ml.g5.8xlarge", "", "low"),
        ("a.ipynb", "ml.p3.2xlarge", "", "low"),
        ("a.ipynb", "ml.g5.4xlarge", "max_run=7200, ", "low"),
        ("a.py", "ml.g5.4xlarge", "", "info"),
        ("a.py", "ml.g5.8xlarge", "", "low"),
        ("a.py", "ml.g5.4xlarge", "max_run=7200, ", "low"),
    ],
)
def test_spot_capacity_is_info_for_a_modest_trial(
    name: str, machine: str, limit: str, severity: str, project: Workspace
) -> None:
    text = ESTIMATOR.replace("ml.p2.xlarge", machine).replace("role=", f"{limit}role=")
    project.write(name, notebook(text) if name.endswith(".ipynb") else text)
    assert _severities(project, "MLC201") == [severity]


@pytest.mark.parametrize(("number", "severities"), [(3, []), (6, ["info"]), (7, ["low"])])
def test_early_stopping_matters_where_most_candidates_have_predecessors(
    number: int, severities: list[str], project: Workspace
) -> None:
    project.write(
        "a.py",
        "import boto3\nboto3.client('sagemaker').create_hyper_parameter_tuning_job("
        "HyperParameterTuningJobName='t', HyperParameterTuningJobConfig={'Strategy': 'Bayesian', "
        f"'ResourceLimits': {{'MaxNumberOfTrainingJobs': {number}, 'MaxParallelTrainingJobs': 3}}}})\n",
    )
    assert _severities(project, "MLC203") == severities


STORE = """
import boto3, json, os
search = boto3.client("opensearchserverless")
rules = [{"Resource": ["collection/docs"], "ResourceType": "collection"}]
key = json.dumps({"Rules": rules, "AWSOwnedKey": True})
search.create_security_policy(name="e", type="encryption", policy=key)
network = json.dumps([{"Rules": rules, "AllowFromPublic": True}])
search.create_security_policy(name="n", type="network", policy=network)
collection = search.create_collection(name="docs", type="VECTORSEARCH")
boto3.client("bedrock-agent").create_knowledge_base(
    name="docs",
    roleArn=os.environ["ROLE"],
    storageConfiguration={
        "type": "OPENSEARCH_SERVERLESS",
        "opensearchServerlessConfiguration": {"collectionArn": collection["createCollectionDetail"]["arn"]},
    },
)
"""
ACCESS = """
access = [{"Rules": [{"Resource": ["index/docs/*"]}], "Principal": ["arn:aws:iam::111122223333:role/docs"]}]
search.create_access_policy(name="a", type="data", policy=json.dumps(access))
"""


@pytest.mark.parametrize(
    ("name", "access", "open_network", "key"),
    [
        ("a.py", "", "high", "info"),
        ("a.py", ACCESS, "medium", "info"),
        ("a.py", "# Encrypted with a customer managed key.\n", "high", "low"),
        ("a.ipynb", "", "high", "info"),
        ("a.ipynb", ACCESS, "low", "info"),
    ],
)
def test_the_store_of_a_knowledge_base(
    name: str, access: str, open_network: str, key: str, project: Workspace
) -> None:
    text = STORE + access
    project.write(name, notebook(text) if name.endswith(".ipynb") else text)
    assert _severities(project, "MLS611") == [open_network]
    assert _severities(project, "MLS603") == [key]


_POLICY = """import json
import boto3

iam = boto3.client("iam")
trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                        "Principal": {"Service": "sagemaker.amazonaws.com"}}]}
allowed = {"Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": "*"},
                         {"Effect": "Allow", "Action": ["iam:PassRole"], "Resource": "*"}]}
iam.create_role(RoleName="scorer", AssumeRolePolicyDocument=json.dumps(trust))
iam.put_role_policy(RoleName="scorer", PolicyName="all", PolicyDocument=json.dumps(allowed))
iam.attach_role_policy(RoleName="scorer", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
"""
_DELETED = """
iam.delete_role_policy(RoleName="scorer", PolicyName="all")
iam.delete_role(RoleName="scorer")
"""


@pytest.mark.parametrize("code", ["MLS501", "MLS502", "MLS504"])
def test_what_a_role_may_do_weighs_alike(code: str, project: Workspace) -> None:
    # Where an administrator has it, MLS502 alone reports the role.
    policy = _POLICY if code == "MLS502" else _POLICY.replace("AdministratorAccess", "ReadOnlyAccess")
    project.write("a.ipynb", notebook(policy))
    for narrower in ("MLS501", "MLS504"):
        assert _severities(project, narrower) == ([] if code == "MLS502" else ["medium"])
    assert _severities(project, code) == ["medium"]
    (project.folder / "a.ipynb").unlink()
    project.write("a.py", policy)
    assert _severities(project, code) == ["high"]
    project.write("a.py", policy + _DELETED)
    assert _severities(project, code) == ["medium"]


def test_a_bucket_of_a_script_may_get_its_policy_elsewhere(project: Workspace) -> None:
    project.write(
        "a.py",
        "import boto3\nboto3.client('s3').create_bucket(Bucket='churn')\n"
        "output = {'S3OutputPath': 's3://churn/models'}\nsm = boto3.client('sagemaker')\n"
        "sm.create_training_job(TrainingJobName='churn', OutputDataConfig=output)\n",
    )
    assert _severities(project, "MLS305") == ["low"]


HOSTED = """\
import boto3
sagemaker = boto3.client("sagemaker")
sagemaker.create_model(
    ModelName="pictures",
    PrimaryContainer={"ModelDataUrl": "s3://acme-models/code.tar.gz", "Environment": {"HF_MODEL_ID": "%s"}},
)
variant = {"VariantName": "a", "ModelName": "pictures", "InstanceType": "ml.m6i.large"}
sagemaker.create_endpoint_config(EndpointConfigName="pictures", ProductionVariants=[variant])
"""
SPOT = """\
from sagemaker.estimator import Estimator

estimator = Estimator(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:3", role="r", max_run=86400,
    instance_type="ml.p4d.24xlarge", instance_count=2,
    # %s,
)
estimator.fit("s3://churn/")
"""


@pytest.mark.parametrize(("name", "severity"), [("acme/pictures", "info"), ("/opt/ml/model", "low")])
def test_what_comes_from_a_hub_needs_no_registry(project: Workspace, name: str, severity: str) -> None:
    project.write("deploy.py", HOSTED % name)
    assert _severities(project, "MLO504") == [severity]


@pytest.mark.parametrize(
    ("comment", "severity"), [("use_spot_instances=True", "info"), ("base_job_name='churn'", "low")]
)
def test_spot_capacity_that_a_comment_sets_aside(project: Workspace, comment: str, severity: str) -> None:
    project.write("train.py", SPOT % comment)
    assert _severities(project, "MLC201") == [severity]


COMPARED = """
from sagemaker.pytorch import PyTorch
first = PyTorch(entry_point="train.py", source_dir="src", role="role", framework_version="2.1",
    py_version="py310", instance_type="ml.p3.2xlarge", instance_count=1)
first.fit()
second = PyTorch(entry_point="%s", source_dir="src", role="role", framework_version="2.1",
    py_version="py310", instance_type="ml.p3.2xlarge", instance_count=1, use_spot_instances=%s,
    max_wait=90000, checkpoint_s3_uri="s3://a/b")
second.fit()
"""


@pytest.mark.parametrize(
    ("name", "script", "spot", "severities"),
    [
        ("a.ipynb", "train.py", "True", []),
        ("a.ipynb", "other.py", "True", ["low"]),
        ("a.ipynb", "train.py", "spot", ["low"]),
        ("a.py", "train.py", "True", ["low"]),
    ],
)
def test_a_notebook_may_compare_spot_capacity_with_instances_on_demand(
    name: str, script: str, spot: str, severities: list[str], project: Workspace
) -> None:
    text = COMPARED % (script, spot)
    project.write(name, notebook(text) if name.endswith(".ipynb") else text)
    assert _severities(project, "MLC201") == severities
