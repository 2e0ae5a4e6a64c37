"""Resources that a program creates where they are missing."""

import pytest

from tests.support.workspace import Workspace

HEAD = """import boto3, json
iam = boto3.client("iam")
trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"},
                        "Action": "sts:AssumeRole"}]}
grant = {"Statement": [{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "*"}]}
"""
CREATE = 'iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))'
GRANT = 'iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps(grant))\n'


@pytest.mark.parametrize(
    ("body", "handler", "found"),
    [
        ("arn = iam.get_role(RoleName='r')", f"arn = {CREATE}", True),
        ("iam.update_role(RoleName='r')\n    print('there')", CREATE, True),
        ("start(iam.get_role(RoleName='r'))", CREATE, False),
        ("arn = iam.get_role(RoleName='r')", f"if code: {CREATE}", False),
    ],
    ids=["looked up", "updated", "used", "by the error"],
)
def test_what_is_created_where_it_is_missing_exists(
    body: str, handler: str, found: bool, workspace: Workspace
) -> None:
    text = f"{HEAD}try:\n    {body}\nexcept Exception as error:\n    {handler}\n{GRANT}"
    workspace.write("a.py", text)
    ran = workspace.check("--select", "MLS615", "-q")
    assert ("MLS615" in ran.out) == found


def test_what_another_handler_does_is_left_open(workspace: Workspace) -> None:
    other = f"except KeyError:\n    {CREATE}\n"
    workspace.write("a.py", f"{HEAD}try:\n    iam.get_role(RoleName='r')\n{other}{other}{GRANT}")
    assert "MLS615" not in workspace.check("--select", "MLS615", "-q").out


def test_what_a_function_returns_is_what_it_has_created(workspace: Workspace) -> None:
    text = f"""{HEAD}
def ensure():
    try:
        return iam.get_role(RoleName="r")["Role"]["Arn"]
    except iam.exceptions.NoSuchEntityException:
        return {CREATE}["Role"]["Arn"]

arn = ensure()
{GRANT}boto3.client("bedrock-agent").create_agent(agentName="a", agentResourceRoleArn=arn)
"""
    workspace.write("a.py", text)
    assert "MLS615" in workspace.check("--select", "MLS615", "-q").out


@pytest.mark.parametrize(
    ("looked_up", "handler", "found"),
    [
        ("get_role", "pass", True),
        ("get_role", "if 'NoSuchEntity' not in str(error): raise", True),
        ("get_role", "print('none yet')", True),
        ("get_role", "return None", False),
        ("get_user", "pass", False),
        ("find_role", "pass", False),
    ],
)
def test_what_is_created_below_where_it_is_missing_exists(
    looked_up: str, handler: str, found: bool, workspace: Workspace
) -> None:
    text = f"""{HEAD}
def ensure(name):
    try:
        response = iam.{looked_up}(RoleName=name)
        return response["Role"]["Arn"]
    except Exception as error:
        {handler}
    response = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(grant))
    return response["Role"]["Arn"]

boto3.client("bedrock-agent").create_agent(agentName="a", agentResourceRoleArn=ensure("r"))
"""
    workspace.write("a.py", text)
    assert ("MLS615" in workspace.check("--select", "MLS615", "-q").out) == found


def test_what_is_looked_up_where_it_exists_already_is_what_was_created(workspace: Workspace) -> None:
    text = f"""{HEAD}
try:
    role = {CREATE}
except iam.exceptions.EntityAlreadyExistsException:
    role = iam.get_role(RoleName="r")
try:
    policy = iam.create_policy(PolicyName="p", PolicyDocument=json.dumps(grant))
except iam.exceptions.EntityAlreadyExistsException:
    policy = iam.get_policy(PolicyArn=arn)
iam.attach_role_policy(RoleName=role["Role"]["RoleName"], PolicyArn=policy["Policy"]["Arn"])
"""
    workspace.write("a.py", text)
    assert "MLS615" in workspace.check("--select", "MLS615", "-q").out


@pytest.mark.parametrize(
    ("looked_up", "otherwise", "open_there"),
    [
        ('ssm.get_parameter(Name="key")["Parameter"]["Value"]', '""', False),
        ('ssm.get_parameter(Name="key")["Parameter"]["Value"]', "None", False),
        ('kms.describe_key(KeyId="alias/a")["KeyMetadata"]["Arn"]', "None", False),
        ('ssm.get_parameter(Name="key")["Parameter"]["Description"]', '""', True),
        ("find()", '""', True),
    ],
)
def test_nothing_in_place_of_what_is_never_empty_is_a_way_out(
    looked_up: str, otherwise: str, open_there: bool, workspace: Workspace
) -> None:
    text = f"""import boto3
from elsewhere import find
ssm, kms, sm = (boto3.client(each) for each in ("ssm", "kms", "sagemaker"))
found = {{}}
try:
    found["key"] = {looked_up}
except Exception:
    found["key"] = {otherwise}
sm.create_notebook_instance(NotebookInstanceName="n", InstanceType="ml.t3.large", KmsKeyId=found["key"])
"""
    workspace.write("a.py", text)
    out = workspace.check("a.py", "--select", "MLS401", "--severity", "info", "--show-undecided").out
    assert "low MLS401" not in out
    assert ("undecided" in out) is open_there


@pytest.mark.parametrize(
    ("listed", "condition"),
    [
        ("client.list_knowledge_bases()['knowledgeBaseSummaries']", False),
        ("pages(client.get_paginator('list_knowledge_bases'))", False),
        ("client.list_agents()['agentSummaries']", True),
        ("_list_all_bedrock_knowledge_bases()", False),
        ("known_bases()", True),
    ],
)
def test_what_is_created_where_a_list_lacks_it_exists(
    listed: str, condition: bool, workspace: Workspace
) -> None:
    """A finding that rests on it holds whether this run creates it or an earlier one did."""
    text = f"""import json
import boto3

client = boto3.client("bedrock-agent")
search = boto3.client("opensearchserverless")
rule = {{"ResourceType": "collection", "Resource": ["collection/claims"]}}
open_to_all = json.dumps([{{"Rules": [rule], "AllowFromPublic": True}}])
search.create_security_policy(name="net", type="network", policy=open_to_all)
collection = search.create_collection(name="claims", type="VECTORSEARCH")["createCollectionDetail"]["arn"]


def ensure(name):
    try:
        for base in {listed}:
            if base["name"] == name:
                print("exists")
                return base["knowledgeBaseId"]
    except Exception as error:
        print(error)
    store = {{"collectionArn": collection, "vectorIndexName": "claims"}}
    made = client.create_knowledge_base(
        name=name,
        roleArn="arn:aws:iam::111122223333:role/claims",
        storageConfiguration={{"type": "OPENSEARCH_SERVERLESS", "opensearchServerlessConfiguration": store}},
    )
    return made["knowledgeBase"]["knowledgeBaseId"]


ensure("claims")
"""
    workspace.write("a.py", text)
    out = workspace.check("--select", "MLS611", "-q").out
    assert "MLS611" in out
    assert ("(when base['name'] is" in out) is condition
