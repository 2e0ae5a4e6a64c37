"""Messages that no client should send end no session, and the process ends when it should."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.server import documents
from mlwa_lint.server.diagnostics import LIMIT
from tests.server.test_session import NOTEBOOK, at, codes, opened
from tests.support.language_client import TIMEOUT, LanguageClient


def still_works(client: LanguageClient, project: Path) -> None:
    assert "MLS402" in codes(opened(client, project / "still.yaml", NOTEBOOK))


ODD: list[tuple[str, Any]] = [
    (
        "textDocument/didChange",
        {"textDocument": {"uri": "file:///no/such", "version": 1}, "contentChanges": []},
    ),
    (
        "textDocument/didChange",
        {"textDocument": {"uri": "file:///no/such", "version": 1}, "contentChanges": [{"text": "x"}]},
    ),
    ("textDocument/didClose", {"textDocument": {"uri": "file:///no/such"}}),
    (
        "textDocument/didOpen",
        {"textDocument": {"uri": "::not a uri::", "version": 1, "languageId": "", "text": ""}},
    ),
    (
        "textDocument/didOpen",
        {"textDocument": {"uri": "file:///a%00b.yaml", "version": 1, "languageId": "yaml", "text": NOTEBOOK}},
    ),
    (
        "textDocument/didOpen",
        {"textDocument": {"uri": "file://host/x.yaml", "version": 1, "languageId": "yaml", "text": NOTEBOOK}},
    ),
    (
        "textDocument/didOpen",
        {
            "textDocument": {
                "uri": "untitled:Untitled-1",
                "version": 1,
                "languageId": "yaml",
                "text": NOTEBOOK,
            }
        },
    ),
    (
        "textDocument/didOpen",
        {
            "textDocument": {
                "uri": "https://example.com/x.yaml",
                "version": 1,
                "languageId": "yaml",
                "text": "x",
            }
        },
    ),
    ("textDocument/didOpen", {"textDocument": {"uri": 7}}),
    ("textDocument/didOpen", None),
    ("no/such/method", {"x": [1, {"y": None}]}),
    ("workspace/didChangeWatchedFiles", {"changes": [{"uri": "nonsense", "type": 1}]}),
    (
        "workspace/didChangeWorkspaceFolders",
        {"event": {"added": [{"uri": "x:y", "name": "n"}], "removed": []}},
    ),
    ("$/cancelRequest", {"id": 4711}),
]


@pytest.mark.parametrize(("method", "params"), ODD, ids=range(len(ODD)))
def test_odd_notifications_end_nothing(
    client: LanguageClient, project: Path, method: str, params: Any
) -> None:
    client.notify(method, params)
    still_works(client, project)


def test_requests_about_unknown_documents_have_empty_answers(client: LanguageClient, project: Path) -> None:
    path = project / "nothing.yaml"
    assert client.request("textDocument/hover", at(path, 5, 900)) is None
    assert client.request("textDocument/definition", at(path, 0, 0)) == []
    assert client.request("textDocument/codeLens", {"textDocument": {"uri": path.as_uri()}}) == []
    opened(client, path, NOTEBOOK)
    assert client.request("textDocument/hover", at(path, 5_000, 900)) is None
    assert client.request("textDocument/definition", at(path, 5_000, 900)) == []
    with pytest.raises(RuntimeError):
        client.request("workspace/executeCommand", {"command": "rm", "arguments": []})


def test_versions_in_a_bad_order(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    opened(client, path, NOTEBOOK)
    client.change(path, 9, {"text": NOTEBOOK.replace("Enabled", "Disabled")})
    assert "MLS402" not in codes(client.published(path, 9))
    client.change(path, 3, {"text": NOTEBOOK})
    assert "MLS402" in codes(client.published(path, 3))


def test_a_change_outside_of_the_text(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    opened(client, path, NOTEBOOK)
    far = {"start": {"line": 900, "character": 5}, "end": {"line": 901, "character": 0}}
    client.change(path, 2, {"range": far, "text": "# end\n"})
    assert "MLS402" in codes(client.published(path, 2))


def test_a_huge_document_is_reported_as_too_large(client: LanguageClient, project: Path) -> None:
    path = project / "huge.yaml"
    [found] = opened(client, path, NOTEBOOK + "#" * (documents.SIZE_LIMIT + 1))
    assert "larger than 20 MB" in found["message"]
    client.change(path, 2, {"text": NOTEBOOK})
    assert "MLS402" in codes(client.published(path, 2))


def test_more_findings_than_are_shown_are_counted(client: LanguageClient, project: Path) -> None:
    lab = NOTEBOOK.partition("\n")[2]
    text = "Resources:\n" + "".join(lab.replace("Lab", f"Lab{number}") for number in range(200))
    found = opened(client, project / "many.yaml", text)
    assert len(found) == LIMIT + 1
    assert found[-1]["message"].endswith("more findings in this file are not shown")
    # The worst ones are shown.
    assert sum(each.get("code") == "MLS402" for each in found) == 200


def test_half_characters_end_nothing(client: LanguageClient, project: Path) -> None:
    client.open(project / "half.yaml", 'Resources: {A: {Type: "\ud83d"}}')
    still_works(client, project)


def test_bytes_that_are_no_message(client: LanguageClient, project: Path) -> None:
    body = b"{not json"
    client.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    still_works(client, project)


def test_what_a_rule_prints_does_not_disturb_the_protocol(project: Path) -> None:
    (project / "loud.py").write_text(
        "from mlwa_lint.rule import Remedy, rule\n"
        '@rule("XYS901", "loud", "low", practices=(), on=("AWS::SageMaker::NotebookInstance",),'
        ' remedy=Remedy("x", "x"))\n'
        "def loud(notebook, graph):\n"
        '    """Prints.\n\n    Because."""\n'
        '    print("Content-Length: 5")\n'
        "    yield from ()\n"
    )
    client = LanguageClient(["--rules", str(project / "loud.py")])
    try:
        client.initialize(project)
        still_works(client, project)
        assert client.shut_down() == 0
    finally:
        client.end()


def test_exit_without_shutdown_is_an_error(client: LanguageClient) -> None:
    client.notify("exit")
    assert client.process.wait(TIMEOUT) == 1


def test_the_server_goes_when_its_client_is_gone(client: LanguageClient, project: Path) -> None:
    still_works(client, project)
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.process.wait(TIMEOUT) == 1


def test_exit_while_it_evaluates(client: LanguageClient, project: Path) -> None:
    lab = NOTEBOOK.partition("\n")[2]
    text = "Resources:\n" + "".join(lab.replace("Lab", f"Lab{number}") for number in range(2000))
    client.open(project / "long.yaml", text)
    client.request("shutdown")
    client.notify("exit")
    assert client.process.wait(TIMEOUT) == 0


def test_without_the_extra_one_line_names_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "sys.modules['pygls'] = None\n"
        "from mlwa_lint.cli.app import invoke\n"
        "sys.exit(invoke(['server']))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert run.returncode == 2
    assert run.stderr == (
        "mlwa-lint: error: the language server needs the extra `server`; "
        'install it with: python -m pip install "mlwa-lint[server]"\n'
    )
