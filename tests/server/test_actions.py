"""Code actions: a fix makes its finding go away, a suppression has a reason."""

from pathlib import Path
from typing import Any

from tests.server.test_session import NOTEBOOK, codes, one, opened
from tests.support.language_client import LanguageClient, Message, applied, edits_of


def actions(client: LanguageClient, path: Path, place: Message, *only: str) -> list[Message]:
    context: dict[str, Any] = {"diagnostics": client.diagnostics[path.as_uri()]["diagnostics"]}
    if only:
        context["only"] = list(only)
    requested = {"textDocument": {"uri": path.as_uri()}, "range": place, "context": context}
    found: list[Message] = client.request("textDocument/codeAction", requested)
    return found


def test_a_fix_makes_its_finding_go_away(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    text = NOTEBOOK.replace("Lab:", "Läb😀:  # who uses this?").replace("\n", "\r\n")
    place = one(opened(client, path, text), "MLS402")["range"]
    fix = next(each for each in actions(client, path, place) if "edit" in each)
    assert fix["kind"] == "quickfix"
    assert fix["diagnostics"][0]["code"] == "MLS402"
    fixed = applied(text, edits_of(fix["edit"], path))
    assert fixed == text.replace("Enabled", "Disabled")
    client.change(path, 2, {"text": fixed})
    assert "MLS402" not in codes(client.published(path, 2))


def test_edits_are_for_a_version_where_the_client_supports_it(project: Path) -> None:
    client = LanguageClient()
    try:
        client.initialize(project, capabilities={"workspace": {"workspaceEdit": {"documentChanges": True}}})
        path = project / "lab.yaml"
        place = one(opened(client, path, NOTEBOOK), "MLS402")["range"]
        fix = next(each for each in actions(client, path, place) if "edit" in each)
        [change] = fix["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": path.as_uri(), "version": 1}
        assert client.shut_down() == 0
    finally:
        client.end()


def suppress(client: LanguageClient, path: Path, reason: list[str]) -> Message:
    """The edit that comes of suppressing MLS402."""
    place = one(client.diagnostics[path.as_uri()]["diagnostics"], "MLS402")["range"]
    found = next(
        each
        for each in actions(client, path, place, "quickfix")
        if each["title"].startswith("Suppress MLS402")
    )
    command = found["command"]
    requested = {"command": command["command"], "arguments": [*command["arguments"], *reason]}
    client.request("workspace/executeCommand", requested)
    edit: Message = next(each for each in client.others if each.get("method") == "workspace/applyEdit")
    result: Message = edit["params"]["edit"]
    return result


def test_a_suppression_with_the_reason_that_the_client_gives(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    opened(client, path, NOTEBOOK)
    edit = suppress(client, path, ["one user\nadministers it"])
    text = applied(NOTEBOOK, edits_of(edit, path))
    assert "# mlwa: ignore[MLS402] -- one user administers it" in text
    client.change(path, 2, {"text": text})
    assert codes(client.published(path, 2)).isdisjoint({"MLS402", "MLO901"})


def test_a_suppression_whose_reason_the_server_requests(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    opened(client, path, NOTEBOOK)
    client.answers["window/showMessageRequest"] = {"title": "the risk is accepted"}
    edit = suppress(client, path, [])
    assert "-- the risk is accepted" in applied(NOTEBOOK, edits_of(edit, path))


def test_a_finding_that_is_gone_is_not_suppressed(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    opened(client, path, NOTEBOOK)
    where = {"uri": path.as_uri(), "code": "MLS402", "address": "Gone", "property": "RootAccess"}
    for wrong in (where, "x", None, {"uri": 7}):
        client.request(
            "workspace/executeCommand", {"command": "mlwa-lint.suppress", "arguments": [wrong, "x"]}
        )
    assert all(each["method"] != "workspace/applyEdit" for each in client.others)


def test_all_safe_fixes_at_once(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    text = (Path(__file__).parents[2] / "fixtures" / "rules" / "MLR302" / "fail.yaml").read_text("utf-8")
    opened(client, path, text)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    before = client.diagnostics[path.as_uri()]["diagnostics"]
    found = actions(client, path, whole, "source.fixAll")
    fixed = applied(text, edits_of(found[0]["edit"], path))
    client.change(path, 2, {"text": fixed})
    after = client.published(path, 2)
    assert codes(after) < codes(before)
    assert actions(client, path, whole, "source.fixAll") == []


def test_a_notebook_is_not_edited(client: LanguageClient, project: Path) -> None:
    path = project / "train.ipynb"
    text = """{"cells": [{"cell_type": "code", "source": ["import boto3\\n",
      "boto3.client('sagemaker').create_notebook_instance(RootAccess='Enabled')"]}], "metadata": {}}"""
    place = one(opened(client, path, text), "MLS402")["range"]
    assert {each["title"].split()[0] for each in actions(client, path, place)} == {"Open"}
