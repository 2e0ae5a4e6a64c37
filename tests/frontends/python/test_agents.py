"""Bedrock agents of programs: what they can do is added by calls of their own."""

import json
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke
from tests.support.files import write

AGENT = """import boto3

ROLE = "arn:aws:iam::111122223333:role/agent"
client = boto3.client("bedrock-agent")
model = "amazon.nova-lite-v1:0"
agent = client.create_agent(agentName="orders", foundationModel=model, agentResourceRoleArn=ROLE)
"""
GROUP = """client.create_agent_action_group(
    agentId={}, agentVersion="DRAFT", actionGroupName={}, {}
)
"""


def _acting(capsys: pytest.CaptureFixture[str]) -> list[bool]:
    """Whether each agent that is reported counts as one that acts: otherwise that is why it weighs less."""
    invoke(["check", ".", "--no-cache", "--severity", "info", "--format", "json", "--select", "MLS601"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return ["no action groups" not in each["lowered"]["because"] for each in found]


@pytest.mark.parametrize(
    ("files", "acting"),
    [
        ({"agent.py": AGENT}, False),
        ({"agent.py": AGENT + GROUP.format('agent["agent"]["agentId"]', '"orders"', "")}, True),
        ({"agent.py": AGENT + GROUP.format("read_id()", '"orders"', "")}, True),
        (
            {
                "agent.py": AGENT
                + GROUP.format(
                    'agent["agent"]["agentId"]', '"input"', 'parentActionGroupSignature="AMAZON.UserInput"'
                )
            },
            False,
        ),
        ({"agent.py": AGENT, "tools.py": "# bedrock\n" + GROUP.format("name", '"orders"', "")}, True),
    ],
)
def test_an_agent_acts_by_the_action_groups_that_are_added_to_it(
    files: dict[str, str],
    acting: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    write(tmp_path, **files)
    assert _acting(capsys) == [acting]


def test_clients_of_other_vector_stores_make_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path, **{"store.py": "# bedrock\nfrom stores import client\nclient.create_collection(name='a')\n"}
    )
    invoke(["graph", "store.py"])
    assert "Collection" not in capsys.readouterr().out
