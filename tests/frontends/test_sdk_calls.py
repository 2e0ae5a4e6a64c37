"""What custom resources of the CDK create by calls of the SDK."""

import json

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Resource
from mlwa_lint.run.loading import load_text
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support.workspace import Workspace

PARAMETERS = {
    "agentName": "helpdesk",
    "foundationModel": "amazon.nova-lite-v1:0",
    "tags": {"team": "support"},
}


def custom(service: str, action: str, parameters: object = PARAMETERS) -> dict[str, object]:
    call = json.dumps({"service": service, "action": action, "parameters": parameters})
    return {"Type": "Custom::AWS", "Properties": {"ServiceToken": "arn:aws:lambda:x", "Create": call}}


def loaded(**resources: object) -> list[Resource]:
    (project,) = load_text(json.dumps({"Resources": resources}), "t.json", LoadOptions())
    return list(project.resources)


@pytest.mark.parametrize(
    ("service", "action"),
    [
        ("BedrockAgent", "createAgent"),
        ("bedrock-agent", "createAgent"),
        ("@aws-sdk/client-bedrock-agent", "CreateAgentCommand"),
    ],
)
def test_a_call_that_creates_an_agent_is_an_agent(service: str, action: str) -> None:
    (agent,) = loaded(Ask=custom(service, action))
    assert (agent.address, agent.type) == ("Ask", "AWS::Bedrock::Agent")
    assert {"AgentName", "FoundationModel", "Tags", "ServiceToken"} == set(agent.properties.entries)
    tags = agent.properties.value("Tags")
    assert "team" in getattr(tags, "entries", {})


@pytest.mark.parametrize(
    "stated",
    [
        custom("BedrockAgent", "updateAgent"),
        custom("BedrockAgent", "createNothing"),
        custom("S3", "createBucket"),
        custom("BedrockAgent", "createAgent", "unknown"),
        {"Type": "Custom::AWS", "Properties": {"Create": "no JSON"}},
        {"Type": "Custom::AWS", "Properties": {}},
        {"Type": "Custom::Other", "Properties": custom("BedrockAgent", "createAgent")["Properties"]},
    ],
)
def test_other_calls_stay_custom_resources(stated: dict[str, object]) -> None:
    (found,) = loaded(Ask=stated)
    assert found.type == stated["Type"]


def test_rules_check_what_a_call_creates(workspace: Workspace) -> None:
    pieces = ['{"service":"SageMaker","action":"createNotebookInstance","parameters":{"RoleArn":"']
    pieces += [{"Fn::GetAtt": ["Role", "Arn"]}, '","InstanceType":"ml.t3.medium","RootAccess":"Enabled"}}']  # type: ignore[list-item]
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}}
    lab = {"Type": "Custom::AWS", "Properties": {"Create": {"Fn::Join": ["", pieces]}}}
    workspace.write("lab.json", json.dumps({"Resources": {"Role": role, "Lab": lab}}))
    settings = RunSettings(load_rules().rules, LoadOptions(root=workspace.folder))
    report = lint_paths([str(workspace.folder / "lab.json")], lambda _: settings, 1)
    assert "NotebookInstance Lab gives its users root access: RootAccess should be Disabled" in {
        each.message for each in report.findings
    }
