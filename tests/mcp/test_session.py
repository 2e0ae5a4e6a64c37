"""Sessions of the official client library with the server for agents.

The library is imported by the first session: it takes a second, which each worker would spend on collection.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from mlwa_lint.config.command_line import CommandLine

if TYPE_CHECKING:
    from mcp import Client

TEMPLATE = """Resources:
  Lab:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      RootAccess: Enabled
  Data:
    Type: AWS::S3::Bucket
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/model
      PrimaryContainer:
        Image: image
        ModelDataUrl: !Sub s3://${Data}/model.tar.gz
        Environment: {DB_PASSWORD: hunter2hunter2}
"""
Call: TypeAlias = Callable[..., Awaitable[dict[str, Any]]]


def session(root: Path, work: Callable[[Call, Client], Awaitable[None]], process: bool = False) -> None:
    """Does some work with a server for a root; `call` gives the structured answer of a tool.

    process: whether the server is a process of its own, as agents start it.
    """
    import anyio
    from mcp import Client
    from mcp.client.stdio import StdioServerParameters

    from mlwa_lint.mcp.app import make

    environment = {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
    arguments = ["-m", "mlwa_lint", "mcp", "--root", str(root)]
    started = StdioServerParameters(command=sys.executable, args=arguments, env=environment)

    async def run() -> None:
        with anyio.fail_after(120):
            async with Client(started if process else make(str(root), CommandLine())) as client:

                async def call(tool: str, **given: Any) -> dict[str, Any]:
                    result = await client.call_tool(tool, given)
                    if result.is_error:
                        raise ValueError(result.content[0].text)  # type: ignore[union-attr]
                    assert result.structured_content is not None
                    return dict(result.structured_content)

                await work(call, client)

    anyio.run(run)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    monkeypatch.chdir(folder)  # a server works in its root
    (folder / "t.yaml").write_text(TEMPLATE)
    return folder


def test_tools_are_listed_and_only_read(root: Path) -> None:
    async def work(call: Call, client: Client) -> None:
        tools = {each.name: each for each in (await client.list_tools()).tools}
        assert set(tools) == {
            "check", "explain_rule", "list_rules", "neighbourhood", "propose_fix", "review",
        }  # fmt: skip
        for tool in tools.values():
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
            assert tool.description
            assert tool.output_schema

    session(root, work)


def test_a_text_takes_the_place_of_a_file_only(root: Path) -> None:
    async def work(call: Call, client: Client) -> None:
        for arguments in ({}, {"paths": ["."]}):
            with pytest.raises(ValueError, match="is a directory; name the file"):
                await call("check", text=TEMPLATE, **arguments)
        with pytest.raises(ValueError, match="is a directory; name the file"):
            await call("propose_fix", path=".", text=TEMPLATE)
        assert (await call("check", text=TEMPLATE, paths=["new.yaml"]))["total"] > 0

    session(root, work)


def test_an_argument_that_a_tool_does_not_have_is_refused(root: Path) -> None:
    async def work(call: Call, client: Client) -> None:
        with pytest.raises(ValueError, match="propose_fix takes no unsafe_fixes; arguments: path, rule, add"):
            await call("propose_fix", path="t.yaml", unsafe_fixes=True)

    session(root, work)


def test_a_template_is_checked_and_a_fix_taken(root: Path) -> None:
    async def work(call: Call, client: Client) -> None:
        found = await call("check", paths=["t.yaml"])
        assert found["complete"]
        [lab] = [each for each in found["findings"] if each["code"] == "MLS402"]
        assert (lab["path"], lab["line"], lab["address"]) == ("t.yaml", 5, "Lab")
        assert "data" in found["note"]
        fix = await call("propose_fix", path="t.yaml", rule="MLS402", unsafe=True)
        assert [each["code"] for each in fix["fixes"]] == ["MLS402"]
        assert "-      RootAccess: Enabled\n+      RootAccess: Disabled\n" in fix["diff"]
        assert (root / "t.yaml").read_text() == TEMPLATE, "nothing is written"
        patched = TEMPLATE.replace("Enabled", "Disabled")
        silent = await call("check", paths=["t.yaml"], text=patched)
        assert all(each["code"] != "MLS402" for each in silent["findings"])
        left = await call("propose_fix", path="t.yaml", rule="MLS402", text=patched, unsafe=True)
        assert (left["fixes"], left["diff"]) == ([], "")

    session(root, work, process=True)


def test_a_text_is_checked_that_lies_nowhere(root: Path) -> None:
    async def work(call: Call, client: Client) -> None:
        module = 'resource "aws_sagemaker_notebook_instance" "n" {\n  root_access = "Enabled"\n}\n'
        found = await call("check", paths=["new/main.tf"], text=module)
        assert "MLS402" in {each["code"] for each in found["findings"]}
        assert not (root / "new").exists()

    session(root, work)


def test_answers_come_in_pieces(root: Path) -> None:
    async def work(call: Call, client: Client) -> None:
        whole = await call("check")
        pieces: list[dict[str, Any]] = []
        cursor = None
        while True:
            answer = await call("check", limit=3, cursor=cursor)
            assert len(answer["findings"]) <= 3
            pieces += answer["findings"]
            cursor = answer["next_cursor"]
            if cursor is None:
                break
        assert pieces == whole["findings"]
        assert whole["total"] == len(pieces)
        for wrong in ("x", "-1", "9" * 40):
            with pytest.raises(ValueError, match="cursor"):
                await call("check", cursor=wrong)
        with pytest.raises(ValueError, match="less than or equal"):
            await call("check", limit=10_000)

    session(root, work)


def test_nothing_outside_of_the_root_is_read(root: Path) -> None:
    secret = root.parent / "secret.yaml"
    secret.write_text(TEMPLATE)
    (root / "link.yaml").symlink_to(secret)
    (root / "up").symlink_to(root.parent)
    (root / "main.tf").write_text('locals {\n  outside = file("../secret.yaml")\n}\n')
    (root / "parent.yaml").write_text(
        "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: ../secret.yaml}\n"
    )

    async def work(call: Call, client: Client) -> None:
        for path in ("../secret.yaml", str(secret), "link.yaml", "up/secret.yaml", "a\0b"):
            with pytest.raises(ValueError, match=r"outside of the root"):
                await call("check", paths=[path])
            with pytest.raises(ValueError, match=r"outside of the root"):
                await call("propose_fix", path=path)
        found = await call("check", limit=200)
        assert {each["path"] for each in found["findings"]} == {"t.yaml"}

    session(root, work)


def test_secrets_are_left_out(root: Path) -> None:
    async def work(call: Call, client: Client) -> None:
        answers = [
            await call("check", limit=200),
            await call("neighbourhood", address="Model", depth=4),
            await call("propose_fix", path="t.yaml", unsafe=True),
            await call("review", limit=200),
        ]
        assert "hunter2" not in json.dumps(answers)

    session(root, work)


def test_control_characters_of_files_are_made_visible(root: Path) -> None:
    name = "Lab\u202eIgnore"
    (root / "odd.tf").write_text(
        f'resource "aws_sagemaker_notebook_instance" "n" {{\n  for_each = toset(["{name}"])\n}}\n'
    )

    async def work(call: Call, client: Client) -> None:
        found = await call("check", paths=["odd.tf"])
        assert found["findings"]
        assert "\u202e" not in json.dumps(found, ensure_ascii=False)

    session(root, work)


def test_a_rule_is_explained(root: Path) -> None:
    async def work(call: Call, client: Client) -> None:
        found = await call("explain_rule", rule="notebook-root-access")
        assert found["code"] == "MLS402"
        assert found["practices"][0]["id"] == "MLSEC03-BP02"
        assert found["remedies"]["terraform"] == 'Set `root_access = "Disabled"`.'
        assert any(name.startswith("fail") for name in found["examples"])
        with pytest.raises(ValueError, match="no rule is called"):
            await call("explain_rule", rule="MLS9999")

    session(root, work)


def test_rules_are_listed(root: Path) -> None:
    async def work(call: Call, client: Client) -> None:
        generative = await call("list_rules", lens="generative-ai", limit=200)
        assert all(any(p.startswith("GEN") for p in each["practices"]) for each in generative["rules"])
        one = await call("list_rules", practice="mlsec03-bp02", pillar="security", limit=200)
        assert "MLS402" in {each["code"] for each in one["rules"]}
        assert one["total"] < generative["total"] + 200
        with pytest.raises(ValueError, match="no such lens"):
            await call("list_rules", lens="x")
        with pytest.raises(ValueError, match="no such pillar"):
            await call("list_rules", pillar="x")
        with pytest.raises(ValueError, match="no lens has such a practice"):
            await call("list_rules", practice="MLSEC99")

    session(root, work)


def test_the_neighbourhood_of_a_resource(root: Path) -> None:
    async def work(call: Call, client: Client) -> None:
        found = await call("neighbourhood", address="Model")
        assert [(each["address"], each["distance"]) for each in found["resources"]] == [
            ("Model", 0),
            ("Data", 1),
        ]
        assert ("Model", "Data", "reads") in [
            (each["source"], each["target"], each["kind"]) for each in found["relations"]
        ]
        with pytest.raises(ValueError, match="did you mean 'Model'"):
            await call("neighbourhood", address="Modle")

    session(root, work)


def test_a_lens_is_reviewed(root: Path) -> None:
    async def work(call: Call, client: Client) -> None:
        found = await call("review")
        assert found["risks"]["HIGH"] > 0
        first = found["practices"][0]
        assert first["verdict"] == "not-followed"
        assert first["findings"]

    session(root, work)


def test_a_root_that_is_none(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mlwa_lint", "mcp", "--root", str(tmp_path / "no")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
    )
    assert run.returncode == 2
    assert "no such folder" in run.stderr


def test_without_the_extra_one_line_names_what_to_install() -> None:
    code = (
        "import sys\n"
        "sys.modules['mcp'] = None\n"
        "from mlwa_lint.cli.app import invoke\n"
        "sys.exit(invoke(['mcp']))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 2
    assert run.stderr == (
        "mlwa-lint: error: the server for agents needs the extra `mcp`; "
        'install it with: python -m pip install "mlwa-lint[mcp]"\n'
    )
