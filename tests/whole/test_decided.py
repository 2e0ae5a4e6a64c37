"""What could be taken for unknown and is decided, and what stays undecided without what decides it."""

from pathlib import Path

import pytest

import mlwa_rules
from mlwa_lint.catalogue.registry import Registry, rules_in
from mlwa_lint.files.paths import shown
from mlwa_lint.frontends.cloudformation.stacks.project import load as load_template
from mlwa_lint.frontends.code import with_code
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.project import load as load_module
from mlwa_lint.model.values import known_text
from mlwa_lint.run.pipeline import check_project
from mlwa_lint.testing import project_of

RULES = {each.code: each for each in Registry(rules_in(mlwa_rules)).rules}

KEY = """
Parameters:
  KmsKeyArn: {Type: String, Default: ''}
Conditions:
  HasKmsKey: !Not [!Equals [!Ref KmsKeyArn, '']]
Resources:
  Guardrail:
    Type: AWS::Bedrock::Guardrail
    Properties:
      Name: g
      BlockedInputMessaging: no
      BlockedOutputsMessaging: no
      KmsKeyArn: !If [HasKmsKey, !Ref KmsKeyArn, !Ref AWS::NoValue]
"""
OUTSIDE = """
Parameters: {RoleArn: {Type: String}, RoleName: {Type: String}}
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !Ref RoleArn
      PrimaryContainer: {ModelPackageName: p}
"""
POLICY = """
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [ROLE]
      PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}
"""
ROLE = """
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "SERVICE" } }]
  })
}
"""
ATTACHED = (
    ROLE.replace("SERVICE", "sagemaker.amazonaws.com")
    + """
data "aws_iam_policy" "p" { name = "NAME" }
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = data.aws_iam_policy.p.arn
}
"""
)
INVOKING = (
    ROLE.replace("SERVICE", "bedrock.amazonaws.com")
    + """
variable "id" { default = "amazon.titan-embed-text-v2:0" }
data "aws_bedrock_foundation_model" "m" { model_id = var.id }
data "aws_bedrock_foundation_models" "all" {}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:InvokeModel", Resource = ARN }] })
}
"""
)
FORMAT = """
resource "aws_s3_bucket" "data" { bucket = "acme-data" }
resource "aws_sfn_state_machine" "m" {
  role_arn   = "arn:aws:iam::111122223333:role/r"
  definition = jsonencode({
    StartAt = "Transform"
    States = {
      Transform = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTransformJob.sync"
        End      = true
        Parameters = {
          ModelName      = "m"
          TransformInput = { DataSource = { S3DataSource = { S3DataType = "S3Prefix", "S3Uri.$" = PLACE } } }
          TransformOutput    = { S3OutputPath = "s3://acme-out/x" }
          TransformResources = { InstanceCount = 1, InstanceType = "ml.m5.large" }
        }
      }
    }
  })
}
"""


def results(folder: Path, code: str, name: str, text: str) -> tuple[list[str | None], list[str]]:
    """The conditions of the findings, and the reasons of what is undecided."""
    (folder / name).write_text(text, "utf-8")
    outcome = check_project(project_of(folder / name), [RULES[code]])
    reasons = [reason for each in outcome.undecided for reason in each.reasons]
    return [each.condition for each in outcome.findings], reasons


def test_a_key_that_the_condition_requires_is_given(tmp_path: Path) -> None:
    assert results(tmp_path, "MLS603", "t.yaml", KEY) == (
        ["when HasKmsKey is false, which is the default"],
        [],
    )


@pytest.mark.parametrize(
    ("more", "reasons"),
    [
        ("", []),
        (POLICY.replace("ROLE", "!Ref RoleName"), ["parameter RoleArn has no default"]),
    ],
)
def test_a_role_that_the_template_gives_nothing_has_its_permissions_before(
    tmp_path: Path, more: str, reasons: list[str]
) -> None:
    assert results(tmp_path, "MLR502", "t.yaml", OUTSIDE + more) == ([], reasons)


@pytest.mark.parametrize(
    ("name", "found", "reasons"),
    [
        ("AmazonSageMakerFullAccess", [None], []),
        ("AmazonSageMakerReadOnly", [], []),
        ("AcmeOwn", [], []),
    ],
)
def test_a_policy_of_aws_is_known_by_its_name(
    tmp_path: Path, name: str, found: list[str | None], reasons: list[str]
) -> None:
    assert results(tmp_path, "MLS502", "main.tf", ATTACHED.replace("NAME", name)) == (found, reasons)


@pytest.mark.parametrize(
    ("arn", "found", "reasons"),
    [
        ("data.aws_bedrock_foundation_model.m.model_arn", [], []),
        (
            "data.aws_bedrock_foundation_models.all.model_summaries[0].model_arn",
            [],
            ["data source aws_bedrock_foundation_models.all is read only at deployment"],
        ),
    ],
)
def test_a_data_source_of_one_model_names_one_model(
    tmp_path: Path, arn: str, found: list[str | None], reasons: list[str]
) -> None:
    assert results(tmp_path, "MLS615", "main.tf", INVOKING.replace("ARN", arn)) == (found, reasons)


@pytest.mark.parametrize(
    ("place", "edges"),
    [
        ("\"States.Format('s3://acme-data/{}', $.prefix)\"", ["aws_s3_bucket.data"]),
        ("\"States.Format('s3://${aws_s3_bucket.data.bucket}/{}/x', $.prefix)\"", ["aws_s3_bucket.data"]),
        ("\"States.Format('s3://{}/x', $.bucket)\"", []),
        ('"$.place"', []),
    ],
)
def test_what_is_known_of_a_formatted_text_names_a_bucket(
    tmp_path: Path, place: str, edges: list[str]
) -> None:
    from mlwa_lint.frontends.documents.expand import expand
    from mlwa_lint.graph.linking.link import link

    (tmp_path / "main.tf").write_text(FORMAT.replace("PLACE", place), "utf-8")
    graph = link(expand(project_of(tmp_path / "main.tf")))
    found = [e.target for e in graph.edges_from("aws_sfn_state_machine.m/Transform") if "S3Uri" in e.path]
    assert found == edges


def test_a_file_that_does_not_exist_is_the_only_one_that_can_be_meant(tmp_path: Path) -> None:
    text = 'resource "aws_sfn_state_machine" "m" { definition = file("${path.module}/PATH") }\n'
    for name in ("flows/a.json", "far/flows/b.json", "c.json", "d/x.json", "e/d/x.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}", "utf-8")
    (tmp_path / "infra").mkdir()
    read = {}
    for path in ("../flows/a.json", "flows/a.json", "flows/b.json", "flows/c.json", "away/d/x.json"):
        (tmp_path / "infra" / "main.tf").write_text(text.replace("PATH", path), "utf-8")
        project = load_module(tmp_path / "infra", LoadOptions(root=tmp_path))
        (machine,) = project.resources
        value = machine.properties.value("DefinitionString")
        read[path] = known_text(value), [each.message.partition(" does ")[2] for each in project.problems]
    taken = "not exist; {} is taken for it"
    assert read == {
        "../flows/a.json": ("{}", []),
        "flows/a.json": ("{}", [taken.format(shown(tmp_path / "flows/a.json"))]),
        "flows/b.json": ("{}", [taken.format(shown(tmp_path / "far/flows/b.json"))]),
        "flows/c.json": (None, []),
        "away/d/x.json": (None, []),
    }


COLLECTION = """
Resources:
  Collection: {Type: AWS::OpenSearchServerless::Collection, Properties: {Name: !Sub "${AWS::StackName}-kb"}}
  Base:
    Type: AWS::Bedrock::KnowledgeBase
    Properties:
      StorageConfiguration: {OpensearchServerlessConfiguration: {CollectionArn: !GetAtt Collection.Arn}}
  Policy:
    Type: AWS::OpenSearchServerless::SecurityPolicy
    Properties:
      Name: p
      Type: encryption
      Policy: !Sub |
        {"Rules": [{"ResourceType": "collection", "Resource": ["collection/NAME"]}], "AWSOwnedKey": true}
"""


@pytest.mark.parametrize(
    ("name", "found", "reasons"),
    [
        ("${AWS::StackName}-kb", [None], []),
        ("${AWS::StackName}-*", [None], []),
        ("*-kb", [None], []),
        ("${AWS::AccountId}-kb", [], ["AWS::AccountId is known only at deployment"]),
    ],
)
def test_a_policy_covers_the_collection_of_the_same_name(
    tmp_path: Path, name: str, found: list[str | None], reasons: list[str]
) -> None:
    assert results(tmp_path, "MLS603", "t.yaml", COLLECTION.replace("NAME", name)) == (found, reasons)


MODEL = """
Parameters: {Image: {Type: String}}
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      PrimaryContainer: {Image: !Ref Image}
"""


@pytest.mark.parametrize(
    ("images", "found", "reasons"),
    [
        (["x.dkr.ecr.eu-west-1.amazonaws.com/a:latest"], ["the value of Image in 0-config.json"], []),
        (["x.dkr.ecr.eu-west-1.amazonaws.com/a:1", "y.dkr.ecr.eu-west-1.amazonaws.com/a:2"], [], []),
        (["x/a:latest", "x/a:2"], [], ["parameter Image has no default"]),
    ],
)
def test_images_of_files_are_judged_where_they_agree(
    tmp_path: Path,
    images: list[str],
    found: list[str | None],
    reasons: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for number, image in enumerate(images):
        Path(f"{number}-config.json").write_text(f'{{"Image": "{image}"}}', "utf-8")
    conditions = [f"assuming {each}" for each in found]
    assert results(Path(), "MLR116", "t.yaml", MODEL) == (conditions, reasons)


OWN_ROLE = """
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: 'sts:AssumeRole', Principal: '*'}]}
"""


@pytest.mark.parametrize(
    ("role", "more", "reasons"),
    [
        ("!Ref RoleArn", "", []),
        ("!Ref RoleArn", OWN_ROLE, []),
        ("!ImportValue Role", "", []),
        ("!ImportValue Role", OWN_ROLE, ["an imported value is known only at deployment"]),
    ],
)
def test_a_role_from_elsewhere_is_not_judged_by_what_it_may_read(
    tmp_path: Path, role: str, more: str, reasons: list[str]
) -> None:
    text = OUTSIDE.replace("!Ref RoleArn", role) + more
    assert results(tmp_path, "MLR504", "t.yaml", text) == ([], reasons)


SCALED = """
Parameters: {Least: {Type: Number}, Most: {Type: Number}}
Resources:
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: sagemaker
      ScalableDimension: sagemaker:variant:DesiredInstanceCount
      ResourceId: endpoint/e/variant/v
      MinCapacity: !Ref Least
      MaxCapacity: !Ref Most
"""
RESTS = "the value of Least in 0-config.json and the value of Most in 0-config.json"


@pytest.mark.parametrize(
    ("values", "found", "reasons"),
    [
        (["1 4"], [], []),
        (["1 4", "2 8"], [], []),
        (["2 2"], [f"assuming {RESTS}"], []),
        (["1 1", "2 4"], [], ["parameter Least has no default"]),
    ],
)
def test_limits_in_files_are_compared_where_none_can_be_equal(
    tmp_path: Path,
    values: list[str],
    found: list[str | None],
    reasons: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for number, pair in enumerate(values):
        least, most = pair.split()
        Path(f"{number}-config.json").write_text(f'{{"Least": "{least}", "Most": "{most}"}}', "utf-8")
    assert results(Path(), "MLR104", "t.yaml", SCALED) == (found, reasons)


BUILT = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      PackageType: Image
      Policies: [{Statement: [{Effect: Allow, Action: 'bedrock:InvokeModel', Resource: '*'}]}]
    Metadata: {DockerContext: ./ask, Dockerfile: Dockerfile}
"""


def test_an_image_that_sam_builds_has_a_tag_of_its_content(tmp_path: Path) -> None:
    assert results(tmp_path, "MLR116", "t.yaml", BUILT) == ([], [])


NOTEBOOK = """
import sagemaker
from sagemaker.jumpstart.estimator import JumpStartEstimator
from sagemaker.estimator import Estimator

session = sagemaker.Session()
estimator = Estimator(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/own:1",
    role=sagemaker.get_execution_role(),
    instance_type="ml.m5.large",
    instance_count=1,
)
estimator.fit({"train": f"s3://{session.default_bucket()}/train"})
started = JumpStartEstimator(model_id="meta-textgeneration-llama-3-8b", role=sagemaker.get_execution_role())
started.fit({"train": f"s3://{session.default_bucket()}/train"})
"""


@pytest.mark.parametrize("code", ["MLR504", "MLS315", "MLP103", "MLR116"])
def test_what_a_program_takes_from_elsewhere_is_not_judged(tmp_path: Path, code: str) -> None:
    assert results(tmp_path, code, "train.py", NOTEBOOK) == ([], [])


def test_an_image_of_the_sdk_is_not_the_projects_own(tmp_path: Path) -> None:
    _, reasons = results(tmp_path, "MLO202", "train.py", NOTEBOOK)
    assert reasons == []


BUCKET = """
import boto3
boto3.client("s3").create_bucket(Bucket="acme-training")
"""


def test_a_place_that_is_not_known_may_be_in_a_bucket_of_the_program(tmp_path: Path) -> None:
    _, reasons = results(tmp_path, "MLS315", "train.py", BUCKET + NOTEBOOK)
    assert set(reasons) == {"the session's default bucket is known only after deployment"}


HOSTING = """
import boto3
import sagemaker
from sagemaker.estimator import Estimator

client = boto3.client("sagemaker")
PLACE
container = {"Image": IMAGE, "ModelDataUrl": place}
client.create_model(ModelName="m", PrimaryContainer=container, ExecutionRoleArn="r")
client.create_endpoint_config(
    EndpointConfigName="c",
    ProductionVariants=[{"ModelName": "m", "VariantName": "v", "InstanceType": "ml.m5.large"}],
)
""".replace("IMAGE", '"763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.1.0-cpu-py310"')
DESCRIBED = 'place = client.describe_training_job(TrainingJobName="t")["ModelArtifacts"]'


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (f'{DESCRIBED}["S3ModelArtifacts"]', [None]),
        (f'{DESCRIBED}.get("S3ModelArtifacts")', [None]),
        ("estimator = Estimator('i', 'r')\nestimator.fit()\nplace = estimator.model_data", [None]),
        (f'{DESCRIBED}["Other"]', []),
        ("def of(place): return place\nplace = of(input())", []),
    ],
)
def test_where_training_puts_a_model_is_given(tmp_path: Path, place: str, found: list[str | None]) -> None:
    found_here, reasons = results(tmp_path, "MLO504", "host.py", HOSTING.replace("PLACE", place))
    assert (found_here, not reasons) == (found, bool(found))


AGENTS = """
import boto3

def role(name):
    account = boto3.client("sts").get_caller_identity()["Account"]
    return f"arn:aws:iam::{account}:role/{name}"

client = boto3.client("bedrock-agent")
for name in ("one", "two"):
    model = "amazon.nova-lite-v1:0"
    client.create_agent(agentName=name, foundationModel=model, agentResourceRoleArn=role(ROLE))
"""


@pytest.mark.parametrize(("role", "found"), [('"agents"', [None]), ("name", [])])
def test_who_runs_a_program_is_the_same_throughout(
    tmp_path: Path, role: str, found: list[str | None]
) -> None:
    assert results(tmp_path, "MLS617", "agents.py", AGENTS.replace("ROLE", role))[0] == found


URL = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: CODE
      FunctionUrlConfig: {AuthType: NONE}
      Environment: {Variables: {API_KEY: given}}
      Policies: [{Statement: [{Effect: Allow, Action: 'bedrock:InvokeModel', Resource: '*'}]}]
"""
INVOKES = """
import boto3, os

def handler(event, context):
    CHECK
    return boto3.client("bedrock-runtime").converse()
"""


@pytest.mark.parametrize(
    ("code", "check", "found", "reasons"),
    [
        ("src/", "assert event['key'] == os.environ['API_KEY']", [], []),
        ("src/", "pass", [None], []),
        ("s3://code/other.zip", "pass", [], ["Ask may check its callers itself, by API_KEY"]),
    ],
)
def test_code_shows_whether_a_function_reads_what_its_callers_present(
    tmp_path: Path, code: str, check: str, found: list[str | None], reasons: list[str]
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(INVOKES.replace("CHECK", check), "utf-8")
    (tmp_path / "t.yaml").write_text(URL.replace("CODE", code), "utf-8")
    options = LoadOptions(root=tmp_path)
    outcome = check_project(
        with_code(load_template(tmp_path / "t.yaml", options), options), [RULES["MLS107"]]
    )
    assert [each.condition for each in outcome.findings] == found
    assert [reason for each in outcome.undecided for reason in each.reasons] == reasons


CHECKED = """
from sagemaker.workflow.check_job_config import CheckJobConfig
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.quality_check_step import QualityCheckStep

check = QualityCheckStep(
    name="Check",
    quality_check_config=baseline,
    check_job_config=CheckJobConfig(ARGUMENTS),
)
Pipeline(name="p", steps=[check]).upsert(role_arn="arn:aws:iam::111122223333:role/pipelines")
"""


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        ('role="r"', "MLP101", []),
        ('role="r", instance_type="ml.m4.xlarge"', "MLP101", [None]),
        ('role="r"', "MLC202", [None]),
        ('role="r", max_runtime_in_seconds=600', "MLC202", []),
        ('role="r"', "MLR116", []),
        ('role="r"', "MLS111", []),
    ],
)
def test_checks_of_pipelines_run_jobs_of_the_sdk(
    tmp_path: Path, arguments: str, code: str, found: list[str | None]
) -> None:
    assert results(tmp_path, code, "p.py", CHECKED.replace("ARGUMENTS", arguments)) == (found, [])


MONITORED = """
from sagemaker.model_monitor import CronExpressionGenerator, DefaultModelMonitor

monitor = DefaultModelMonitor(role="r", instance_type="ml.m5.xlarge", max_runtime_in_seconds=SECONDS)
monitor.create_monitoring_schedule(
    monitor_schedule_name="s",
    endpoint_input="e",
    output_s3_uri="s3://acme/reports",
    schedule_cron_expression=CronExpressionGenerator.WHEN,
)
"""


@pytest.mark.parametrize(
    ("when", "seconds", "found"),
    [
        ("hourly()", 3000, False),
        ("hourly()", 7200, True),
        ("daily(hour=5)", 7200, False),
        ("daily_every_x_hours(2)", 9000, True),
    ],
)
def test_schedules_that_the_sdk_writes_are_known(
    tmp_path: Path, when: str, seconds: int, found: bool
) -> None:
    text = MONITORED.replace("WHEN", when).replace("SECONDS", str(seconds))
    conditions, reasons = results(tmp_path, "MLO115", "monitor.py", text)
    assert (bool(conditions), reasons) == (found, [])


REGISTERED = """
from sagemaker.model import Model

model = Model(image_uri=IMAGE, model_data="s3://acme/model.tar.gz", role="r")
model.register(content_types=["text/csv"], model_package_group_name="churn", approval_status=approval)
"""


@pytest.mark.parametrize(
    ("image", "found", "open_ones"),
    [
        ('"x.dkr.ecr.eu-west-1.amazonaws.com/a:1"', [], 0),
        ('"x.dkr.ecr.eu-west-1.amazonaws.com/a"', [None], 0),
        ("image", [], 1),
    ],
)
def test_a_registered_model_has_the_image_of_the_model(
    tmp_path: Path, image: str, found: list[str | None], open_ones: int
) -> None:
    conditions, reasons = results(tmp_path, "MLR116", "r.py", REGISTERED.replace("IMAGE", image))
    assert (conditions, len(reasons)) == (found, open_ones)
