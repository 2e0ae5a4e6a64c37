# ruff: noqa: E501 - a program a line
"""boto3's calls into canonical resources, and how they relate."""

from pathlib import Path

import pytest

from mlwa_lint.graph.linking.link import link
from tests.frontends.python.programs import START, load_text, only, property_of, shown, text_of

CLIENTS = {
    "client": "c = boto3.client('sagemaker')",
    "by name": "c = boto3.client(service_name='sagemaker')",
    "session": "c = boto3.Session(region_name='eu-west-1').client('sagemaker')",
    "session module": "c = boto3.session.Session().client('sagemaker')",
    "imported": "from boto3 import client as make\nc = make('sagemaker')",
    "of something unknown": "c = somebody.client",
    "parameter": "c = get_client()",
}


@pytest.mark.parametrize("name", CLIENTS)
def test_clients(name: str, tmp_path: Path) -> None:
    text = f"import boto3\n{CLIENTS[name]}\nc.create_model(ModelName='a', EnableNetworkIsolation=True)\n"
    model = only(load_text(tmp_path, text))
    assert (model.type, model.address) == ("AWS::SageMaker::Model", "a")
    assert shown(model, "EnableNetworkIsolation") == "True"
    assert model.vocabulary.language == "python"


def test_a_sessions_region_is_that_of_its_resources(tmp_path: Path) -> None:
    text = "import boto3\nboto3.client('sagemaker', region_name='eu-west-1').create_model(ModelName='a')\n"
    assert only(load_text(tmp_path, text)).region == "eu-west-1"


def test_resources_meet_by_the_same_value(tmp_path: Path) -> None:
    text = (
        START
        + """
import time
stamp = time.strftime("%Y")
model = sm.create_model(ModelName="m-" + stamp)
name = f"c-{stamp}"
sm.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[{"ModelName": "m-" + stamp}])
sm.create_endpoint(EndpointName="e", EndpointConfigName=name)
scaling = boto3.client("application-autoscaling")
scaling.register_scalable_target(ResourceId="endpoint/e/variant/v", MinCapacity=1, MaxCapacity=2)
scaling.put_scaling_policy(PolicyName="p", ResourceId="endpoint/e/variant/v")
boto3.client("cloudwatch").put_metric_alarm(
    AlarmName="a", Dimensions=[{"Name": "EndpointName", "Value": "e"}, {"Name": "VariantName", "Value": "v"}]
)
"""
    )
    edges = {(e.source, e.kind.value, e.target) for e in link(load_text(tmp_path, text)).edges}
    assert edges >= {
        ("name", "hosts", "model"),
        ("e", "configures", "name"),
        ("endpoint/e/variant/v", "scales", "e"),
        ("p", "scales", "e"),
        ("a", "monitors", "e"),
    }


def test_other_names_do_not_meet(tmp_path: Path) -> None:
    text = (
        START
        + """
sm.create_endpoint_config(EndpointConfigName=make(), ProductionVariants=[])
sm.create_endpoint(EndpointName="e", EndpointConfigName=make())
"""
    )
    assert link(load_text(tmp_path, text)).edges == ()


def test_an_answer_refers_to_what_was_made(tmp_path: Path) -> None:
    text = """
        import boto3
        role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
        boto3.client("sagemaker").create_model(ModelName="m", ExecutionRoleArn=role["Role"]["Arn"])
    """
    edges = [(e.source, e.kind.value, e.target) for e in link(load_text(tmp_path, text)).edges]
    assert edges == [("m", "assumes", "r")]


def test_what_is_put_to_a_bucket_is_folded_into_it(tmp_path: Path) -> None:
    text = """
        import boto3
        s3 = boto3.client("s3")
        bucket = f"data-{account}"
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_encryption(
            Bucket=bucket,
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
            },
        )
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_public_access_block(
            Bucket=bucket, PublicAccessBlockConfiguration={"BlockPublicAcls": True}
        )
        s3.put_bucket_lifecycle_configuration(
            Bucket=bucket,
            LifecycleConfiguration={
                "Rules": [{"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 7}}]
            },
        )
        s3.put_bucket_logging(
            Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": "p"}}
        )
        s3.put_bucket_versioning(Bucket="another", VersioningConfiguration={"Status": "Enabled"})
    """
    found = only(load_text(tmp_path, text))
    algorithm = "[{ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms'}}]"
    assert shown(found, "BucketEncryption.ServerSideEncryptionConfiguration") == algorithm
    assert shown(found, "VersioningConfiguration.Status") == "'Enabled'"
    assert shown(found, "PublicAccessBlockConfiguration.BlockPublicAcls") == "True"
    assert shown(found, "LoggingConfiguration") == "{DestinationBucketName: 'logs', LogFilePrefix: 'p'}"
    assert "ExpirationInDays: 7" in shown(found, "LifecycleConfiguration.Rules")
    assert "Prefix: 'tmp/'" in shown(found, "LifecycleConfiguration.Rules")


def test_a_fold_under_a_condition_is_a_choice(tmp_path: Path) -> None:
    text = """
        import boto3
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="b")
        if versioned:
            s3.put_bucket_versioning(Bucket="b", VersioningConfiguration={"Status": "Enabled"})
    """
    found = only(load_text(tmp_path, text))
    assert shown(found, "VersioningConfiguration") == "(versioned ? {Status: 'Enabled'} : -)"


def test_policies_are_attached_to_their_role(tmp_path: Path) -> None:
    text = """
        import boto3, json
        iam = boto3.client("iam")
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps({"Statement": []}))
        iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess")
        iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
        iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps({"Statement": []}))
    """
    role, policy = load_text(tmp_path, text).resources
    assert shown(role, "ManagedPolicyArns").count("arn:aws:iam") == 2
    assert policy.type == "AWS::IAM::RolePolicy"
    assert shown(policy, "PolicyDocument") == "{Statement: []}"


def test_an_update_alone_shows_part_of_a_resource(tmp_path: Path) -> None:
    text = START + "sm.update_endpoint(EndpointName='e', EndpointConfigName='c')\n"
    endpoint = only(load_text(tmp_path, text))
    assert endpoint.properties.rest is not None
    assert shown(endpoint, "EndpointConfigName") == "'c'"
    # Without one, an update goes without the endpoint's last deployment configuration.
    assert shown(endpoint, "DeploymentConfig") == "-"
    kept = text.replace("'c')", "'c', RetainDeploymentConfig=True)")
    assert shown(only(load_text(tmp_path, kept)), "DeploymentConfig") == "?"


def test_an_update_after_creation_changes_what_was_made(tmp_path: Path) -> None:
    text = START + "sm.create_endpoint(EndpointName='e', EndpointConfigName='a')\n"
    text += "sm.update_endpoint(EndpointName='e', EndpointConfigName='b', DeploymentConfig={'A': 1})\n"
    endpoint = only(load_text(tmp_path, text))
    assert shown(endpoint, "EndpointConfigName") == "'b'"
    assert shown(endpoint, "DeploymentConfig") == "{A: 1}"


def test_names_in_lower_camel_case_become_canonical(tmp_path: Path) -> None:
    text = """
        import boto3
        boto3.client("bedrock").create_guardrail(
            name="g", kmsKeyId="k", contentPolicyConfig={"filtersConfig": [{"type": "HATE"}]}, tags=[{"key": "a", "value": "b"}]
        )
        boto3.client("stepfunctions").create_state_machine(
            name="m", definition="{}", roleArn="r", loggingConfiguration={"level": "ERROR"}
        )
        boto3.client("bedrock-agent").create_agent(agentName="a", guardrailConfiguration={"guardrailVersion": "1"})
    """
    guardrail, machine, agent = load_text(tmp_path, text).resources
    assert shown(guardrail, "KmsKeyArn") == "'k'"
    assert shown(guardrail, "ContentPolicyConfig.FiltersConfig") == "[{Type: 'HATE'}]"
    assert shown(guardrail, "Tags") == "[{Key: 'a', Value: 'b'}]"
    assert shown(machine, "StateMachineName") == "'m'"
    assert shown(machine, "LoggingConfiguration.Level") == "'ERROR'"
    assert shown(agent, "GuardrailConfiguration.GuardrailVersion") == "'1'"
    assert agent.vocabulary.label(agent.type, ("CustomerEncryptionKeyArn",)) == "customerEncryptionKeyArn"


def test_unknown_arguments_leave_properties_open(tmp_path: Path) -> None:
    model = only(load_text(tmp_path, START + "sm.create_model(ModelName='a', **kwargs)\n"))
    assert shown(model, "EnableNetworkIsolation") == "?"


def test_resources_of_one_name_are_distinguished(tmp_path: Path) -> None:
    text = (
        START
        + "sm.create_model(ModelName='a')\nsm.create_endpoint_config(EndpointConfigName='a')\nsm.create_model(ModelName='a', Tags=[])\n"
    )
    found = [each.address for each in load_text(tmp_path, text).resources]
    assert found == ["a", "a/endpoint_config", "a/model"]


def test_a_resource_is_called_as_its_author_would(tmp_path: Path) -> None:
    text = (
        START
        + "sm.create_model(ModelName=names.model)\nanswer = sm.create_model(ModelName=f'{x}-a')\nsm.create_model()\n"
    )
    assert [each.address for each in load_text(tmp_path, text).resources] == [
        "names.model",
        "answer",
        "create_model",
    ]


def test_one_call_that_is_followed_twice_with_the_same_arguments_is_one_resource(tmp_path: Path) -> None:
    text = START + "def f(n):\n    sm.create_model(ModelName=n)\nf('a')\nf('a')\nf('b')\n"
    assert [each.address for each in load_text(tmp_path, text).resources] == ["a", "b"]


def test_a_model_in_a_loop_is_one_resource_with_an_open_name(tmp_path: Path) -> None:
    text = START + "for n in names:\n    sm.create_model(ModelName=n, EnableNetworkIsolation=True)\n"
    model = only(load_text(tmp_path, text))
    assert shown(model, "ModelName") == "?"
    assert shown(model, "EnableNetworkIsolation") == "True"


CREATE_OR_UPDATE = (
    START
    + """
import os
name = os.environ["NAME"]
{condition}
    sm.update_endpoint(EndpointName=name, EndpointConfigName="new"{deployment})
{otherwise}
    sm.create_endpoint(EndpointName=name, EndpointConfigName="old")
"""
)


@pytest.mark.parametrize(
    ("condition", "otherwise"),
    [("if sm.list_endpoints()['Endpoints']:", "else:"), ("try:", "except sm.exceptions.ClientError:")],
)
def test_an_endpoint_that_is_updated_or_created_is_one(
    condition: str, otherwise: str, tmp_path: Path
) -> None:
    text = CREATE_OR_UPDATE.format(condition=condition, otherwise=otherwise, deployment="")
    (endpoint,) = load_text(tmp_path, text).resources
    assert endpoint.guards == ()
    assert "'old'" in shown(endpoint, "EndpointConfigName")


FLAG = """
exists = True
try:
    sm.describe_endpoint(EndpointName="e")
except sm.exceptions.ClientError:
    exists = False
if exists:
    sm.update_endpoint(EndpointName="e", EndpointConfigName="c")
else:
    sm.create_endpoint(EndpointName="e", EndpointConfigName="c")
"""


def test_an_endpoint_that_an_error_shows_to_be_missing_is_one(tmp_path: Path) -> None:
    (endpoint,) = load_text(tmp_path, START + FLAG).resources
    assert endpoint.guards == ()
    assert shown(endpoint, "EndpointConfigName") == "'c'"


def test_a_role_that_is_there_already_is_the_one_that_is_created(tmp_path: Path) -> None:
    text = """\
iam = boto3.client("iam")
try:
    arn = iam.create_role(RoleName="ml", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
except iam.exceptions.EntityAlreadyExistsException:
    arn = iam.get_role(RoleName="ml")["Role"]["Arn"]
sm.create_model(ModelName="m", ExecutionRoleArn=arn)
other = iam.get_role(RoleName="other")["Role"]["Arn"]
sm.create_model(ModelName="n", ExecutionRoleArn=other)
"""
    _, model, other = load_text(tmp_path, START + text).resources
    assert shown(model, "ExecutionRoleArn") == "@ml.Arn"
    assert "other" not in shown(other, "ExecutionRoleArn")


def test_the_image_of_a_training_job_is_known_where_it_is_described(tmp_path: Path) -> None:
    text = """\
sm.create_training_job(TrainingJobName=name, AlgorithmSpecification={"TrainingImage": "i"})
found = sm.describe_training_job(TrainingJobName=name)["AlgorithmSpecification"]["TrainingImage"]
other = sm.describe_training_job(TrainingJobName=other)["AlgorithmSpecification"]["TrainingImage"]
sm.create_model(ModelName="m", PrimaryContainer={"Image": found, "Other": other})
"""
    _, model = load_text(tmp_path, START + text).resources
    assert shown(model, "PrimaryContainer") == "{Image: 'i', Other: ?}"


def test_each_branch_gives_its_own_configuration(tmp_path: Path) -> None:
    text = CREATE_OR_UPDATE.format(
        condition="if os.environ['UP']:", otherwise="else:", deployment=", DeploymentConfig={}"
    )
    (endpoint,) = load_text(tmp_path, text).resources
    assert shown(endpoint, "EndpointConfigName") == "(os.environ['UP'] ? 'new' : 'old')"
    assert "DeploymentConfig" in endpoint.properties.entries


def test_endpoints_with_other_names_stay_apart(tmp_path: Path) -> None:
    text = START + "sm.update_endpoint(EndpointName='a', EndpointConfigName='c')\n"
    text += "sm.create_endpoint(EndpointName='b', EndpointConfigName='c')\n"
    assert [each.address for each in load_text(tmp_path, text).resources] == ["a", "b"]


def test_a_call_that_is_made_again_after_an_error_makes_nothing_more(tmp_path: Path) -> None:
    text = """\
def make(name, role):
    try:
        sm.create_model(ModelName=name, ExecutionRoleArn=role)
    except sm.exceptions.ClientError:
        sm.delete_model(ModelName=name)
        sm.create_model(ModelName=name, ExecutionRoleArn=role)
"""
    assert len(load_text(tmp_path, START + text).resources) == 1
    other = text.replace("sm.delete_model(ModelName=name)", "role = 'b'")
    assert len(load_text(tmp_path, START + other).resources) == 2


@pytest.mark.parametrize(
    "text",
    [
        "from functools import partial\npartial(sm.create_model, ModelName='m')()",
        "create = sm.create_model\ncreate(ModelName='m')",
        "pool.submit(sm.create_model, ModelName='m').result()",
        "from functools import partial\nloop.run_in_executor(None, partial(sm.create_model, ModelName='m'))",
        "import asyncio\nasyncio.run(asyncio.to_thread(sm.create_model, ModelName='m'))",
        "import threading\nthreading.Thread(target=sm.create_model, kwargs={'ModelName': 'm'}).start()",
        "with_retries(sm.create_model, ModelName='m')",
        "Retrying(3)(sm.create_model, **{'ModelName': 'm'})",
        "list(map(lambda name: sm.create_model(ModelName=name), ['m']))",
    ],
)
def test_a_call_that_something_else_makes_is_a_call(text: str, tmp_path: Path) -> None:
    made = only(load_text(tmp_path, START + text + "\n"))
    assert text_of(property_of(made, "ModelName")) == "'m'"


def test_what_only_looks_at_a_method_calls_nothing(tmp_path: Path) -> None:
    text = "print(sm.create_model)\ninspect.signature(sm.create_model)\n"
    assert load_text(tmp_path, START + text).resources == ()
