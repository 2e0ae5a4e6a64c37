"""Sessions with a language server: what is shown where, and what can be requested."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.language_client import LanguageClient, Message

NOTEBOOK = """Resources:
  Lab:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      RootAccess: Enabled
"""
ENDPOINT = """Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/model
      PrimaryContainer: {Image: image}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants:
        - VariantName: main
          ModelName: !GetAtt Model.ModelName
          InstanceType: ml.m5.large
          InitialInstanceCount: 2
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties:
      EndpointConfigName: !GetAtt Config.EndpointConfigName
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SageMaker
      MetricName: Invocation5XXErrors
      Dimensions:
        - {Name: EndpointName, Value: !GetAtt Endpoint.EndpointName}
        - {Name: VariantName, Value: main}
"""


def codes(diagnostics: list[Message]) -> set[str]:
    return {each["code"] for each in diagnostics if "code" in each}


def one(diagnostics: list[Message], code: str) -> Message:
    found = [each for each in diagnostics if each.get("code") == code]
    assert len(found) == 1, diagnostics
    return found[0]


def at(path: Path, line: int, character: int, **others: Any) -> dict[str, Any]:
    position = {"line": line, "character": character}
    return {"textDocument": {"uri": path.as_uri()}, "position": position, **others}


def opened(client: LanguageClient, path: Path, text: str) -> list[Message]:
    client.open(path, text)
    return client.published(path, 1)


def test_a_diagnostic_has_all_that_an_editor_shows(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"  # on no disk yet
    found = one(opened(client, path, NOTEBOOK), "MLS402")
    assert found["range"] == {"start": {"line": 4, "character": 6}, "end": {"line": 4, "character": 16}}
    assert found["severity"] == 2
    assert found["source"] == "mlwa-lint"
    assert found["codeDescription"] == {"href": "https://mlwa-lint.readthedocs.io/rules/MLS402/"}
    assert found["message"].splitlines() == [
        "NotebookInstance Lab gives its users root access: RootAccess should be Disabled",
        "Set `RootAccess: Disabled`.",
    ]


def test_unsaved_text_counts_until_it_is_closed(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    path.write_text(NOTEBOOK)
    assert "MLS402" in codes(opened(client, path, NOTEBOOK))
    client.change(path, 2, {"text": NOTEBOOK.replace("Enabled", "Disabled")})
    assert "MLS402" not in codes(client.published(path, 2))
    client.close(path)
    assert client.published(path) == []
    assert "MLS402" in codes(opened(client, path, path.read_text()))


def test_columns_are_utf_16_units(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    flow = "Resources: {Lab: {Type: AWS::SageMaker::NotebookInstance, # 😀é\n"
    text = flow + '  Properties: {Description: "😀é", RootAccess: Enabled}}}\n'
    found = one(opened(client, path, text), "MLS402")
    line = text.splitlines()[1]
    column = len(line[: line.index("RootAccess")].encode("utf-16-le")) // 2
    assert found["range"]["start"] == {"line": 1, "character": column}
    # A change in the client's units, right behind characters that take two of them.
    edit = {"start": {"line": 1, "character": column}, "end": {"line": 1, "character": column + 10}}
    client.change(path, 2, {"range": edit, "text": "RoleArn"})
    assert one(client.published(path, 2), "MLS402")["range"]["start"] == {"line": 0, "character": 12}


def test_the_client_may_count_in_bytes(project: Path) -> None:
    client = LanguageClient()
    try:
        general = {"general": {"positionEncodings": ["utf-8"]}}
        result = client.initialize(project, capabilities=general)
        assert result["capabilities"]["positionEncoding"] == "utf-8"
        path = project / "lab.yaml"
        text = "Resources: {Lab: {Type: AWS::SageMaker::NotebookInstance,\n"
        text += '  Properties: {Description: "é", RootAccess: Enabled}}}\n'
        line = text.splitlines()[1]
        column = len(line[: line.index("RootAccess")].encode())
        assert one(opened(client, path, text), "MLS402")["range"]["start"]["character"] == column
        assert client.shut_down() == 0
    finally:
        client.end()


def test_a_syntax_error_is_a_diagnostic_at_its_place(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    opened(client, path, NOTEBOOK)
    client.change(path, 2, {"text": NOTEBOOK + "  Other: [\n"})
    [found] = [each for each in client.published(path, 2) if "not valid YAML" in each["message"]]
    assert found["severity"] == 1
    assert found["range"]["start"]["line"] == 6
    module = project / "tf" / "main.tf"
    module.parent.mkdir()
    module.write_text("")
    found = opened(client, module, 'resource "aws_s3_bucket" "b" {\n  bucket = \n}\n')[0]
    assert found["range"]["start"]["line"] in (1, 2)
    program = project / "train.py"
    [found] = opened(client, program, "import sagemaker\n\ndef (:\n")
    assert found["range"]["start"]["line"] == 2


def test_related_places_lie_in_other_files(client: LanguageClient, project: Path) -> None:
    example = Path(__file__).parents[2] / "fixtures" / "rules" / "MLO110" / "fail.tf"
    blocks = example.read_text("utf-8").split("\nresource ")
    (project / "config.tf").write_text(blocks[0])
    monitors = [each for each in blocks[1:] if each.startswith('"aws_sagemaker_monitoring_schedule"')]
    others = [each for each in blocks[1:] if each not in monitors]
    assert monitors
    assert others
    (project / "config.tf").write_text("\nresource ".join([blocks[0], *others]))
    text = "".join(f"resource {each}" for each in monitors)
    found = one(opened(client, project / "monitor.tf", text), "MLO110")
    [related] = found["relatedInformation"]
    assert related["message"] == "no data is captured here"
    assert related["location"]["uri"] == (project / "config.tf").as_uri()


def test_an_edit_of_one_file_is_seen_in_the_other(client: LanguageClient, project: Path) -> None:
    uses = 'resource "aws_sagemaker_notebook_instance" "lab" {\n  root_access = var.root\n}\n'
    declares = 'variable "root" {\n  default = "Enabled"\n}\n'
    (project / "main.tf").write_text(uses)
    (project / "variables.tf").write_text(declares)
    assert "MLS402" in codes(opened(client, project / "main.tf", uses))
    opened(client, project / "variables.tf", declares)
    client.change(project / "variables.tf", 2, {"text": declares.replace("Enabled", "Disabled")})
    assert "MLS402" not in codes(client.published(project / "main.tf"))


def test_configuration_and_suppressions_are_honoured(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    text = NOTEBOOK.replace("Enabled", "Enabled  # mlwa: ignore[MLS402] -- one user")
    assert "MLS402" not in codes(opened(client, path, text))
    (project / ".mlwa-lint.toml").write_text('select = ["MLS4"]\n[severities]\nMLS403 = "info"\n')
    changed = {"uri": (project / ".mlwa-lint.toml").as_uri(), "type": 1}
    client.notify("workspace/didChangeWatchedFiles", {"changes": [changed]})
    assert codes(client.published(path)) == {"MLS401", "MLS404", "MLS405"}


def test_a_broken_configuration_is_reported_once(client: LanguageClient, project: Path) -> None:
    (project / ".mlwa-lint.toml").write_text("select = [")
    client.open(project / "lab.yaml", NOTEBOOK)
    reported = client.wait(lambda message: message.get("method") == "window/showMessage")["params"]
    assert reported["type"] == 1
    assert ".mlwa-lint.toml" in reported["message"]
    (project / ".mlwa-lint.toml").unlink()
    changed = {"uri": (project / ".mlwa-lint.toml").as_uri(), "type": 3}
    client.notify("workspace/didChangeWatchedFiles", {"changes": [changed]})
    assert "MLS402" in codes(client.published(project / "lab.yaml"))


def test_files_outside_of_the_workspace_are_left_alone(client: LanguageClient, project: Path) -> None:
    outside = project.parent / "outside.yaml"
    client.open(outside, NOTEBOOK)
    assert codes(opened(client, project / "lab.yaml", NOTEBOOK))
    assert outside.as_uri() not in client.diagnostics


def test_several_workspace_folders(project: Path) -> None:
    other = project.parent / "other"
    other.mkdir()
    (other / ".mlwa-lint.toml").write_text('select = ["MLS402"]\n')
    client = LanguageClient()
    try:
        client.initialize(project, other)
        assert len(codes(opened(client, project / "lab.yaml", NOTEBOOK))) > 3
        assert codes(opened(client, other / "lab.yaml", NOTEBOOK)) == {"MLS402"}
        gone = {"event": {"added": [], "removed": [{"uri": other.as_uri(), "name": "other"}]}}
        client.notify("workspace/didChangeWorkspaceFolders", gone)
        assert client.published(other / "lab.yaml") == []
        assert client.shut_down() == 0
    finally:
        client.end()


def test_a_file_that_changes_on_disk_counts(client: LanguageClient, project: Path) -> None:
    (project / "main.tf").write_text(
        'resource "aws_sagemaker_notebook_instance" "lab" {\n  root_access = var.root\n}\n'
    )
    variables = project / "variables.tf"
    variables.write_text('variable "root" {\n  default = "Enabled"\n}\n')
    assert "MLS402" in codes(opened(client, project / "main.tf", (project / "main.tf").read_text()))
    variables.write_text('variable "root" {\n  default = "Disabled"\n}\n')
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": variables.as_uri(), "type": 2}]})
    assert "MLS402" not in codes(client.published(project / "main.tf"))


def test_a_nested_template_belongs_to_its_parent(client: LanguageClient, project: Path) -> None:
    parent = "Resources:\n  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
    parent += "      TemplateURL: nested.yaml\n      Parameters: {Root: Enabled}\n"
    nested = "Parameters:\n  Root: {Type: String}\n" + NOTEBOOK.replace("Enabled", "!Ref Root")
    (project / "parent.yaml").write_text(parent)
    (project / "nested.yaml").write_text(nested)
    assert "MLS402" in codes(opened(client, project / "nested.yaml", nested))
    client.open(project / "parent.yaml", parent.replace("Enabled", "Disabled"))
    assert "MLS402" not in codes(client.published(project / "nested.yaml"))


def test_hover_shows_the_rule(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    opened(client, path, NOTEBOOK)
    shown = client.request("textDocument/hover", at(path, 4, 8))
    text = shown["contents"]["value"]
    assert shown["contents"]["kind"] == "markdown"
    assert "**MLS402 notebook-root-access** (medium, security)" in text
    assert "**Why:** A root user can read" in text
    assert "**Fix:** Set `RootAccess: Disabled`" in text
    assert "MLSEC03-BP02: Secure data and modeling environment" in text
    assert client.request("textDocument/hover", at(path, 0, 1)) is None


def test_text_of_files_is_escaped_in_a_hover(client: LanguageClient, project: Path) -> None:
    path = project / "main.tf"
    name = "[x](https://example.com) <img src=x>"
    text = f'resource "aws_sagemaker_notebook_instance" "lab" {{\n  for_each = toset(["{name}"])\n}}\n'
    opened(client, path, text)
    shown = client.request("textDocument/hover", at(path, 0, 3))["contents"]["value"]
    assert r"\<img" in shown
    assert r"\[x\](https&#58;" in shown


def test_an_answer_is_about_the_newest_text(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    opened(client, path, NOTEBOOK)
    client.change(path, 2, {"text": "# one line more\n" + NOTEBOOK})
    assert client.request("textDocument/hover", at(path, 5, 8)) is not None


def test_code_lenses_show_how_an_endpoint_is_deployed(client: LanguageClient, project: Path) -> None:
    path = project / "endpoint.yaml"
    opened(client, path, ENDPOINT)
    [lens] = client.request("textDocument/codeLens", {"textDocument": {"uri": path.as_uri()}})
    assert lens["command"]["title"] == "standard · watched by Errors · scaled by nothing"
    assert lens["range"]["start"]["line"] == 14


def test_from_an_endpoint_to_what_it_uses(client: LanguageClient, project: Path) -> None:
    path = project / "endpoint.yaml"
    opened(client, path, ENDPOINT)

    def lines(method: str, line: int, character: int, **others: Any) -> list[int]:
        found = client.request(f"textDocument/{method}", at(path, line, character, **others))
        return [each["range"]["start"]["line"] for each in found]

    assert lines("definition", 17, 20) == [6]  # the property of the endpoint: its configuration
    assert lines("definition", 6, 3) == [1]  # the configuration: its model
    assert lines("definition", 11, 25) == [1]  # a variant: its model
    everything = {"context": {"includeDeclaration": True}}
    assert lines("references", 6, 3, **everything) == [6, 17]
    assert 24 in lines("references", 14, 3, context={"includeDeclaration": False})


def test_an_action_opens_the_page_of_a_rule(client: LanguageClient, project: Path) -> None:
    path = project / "lab.yaml"
    diagnostics = opened(client, path, NOTEBOOK)
    place = one(diagnostics, "MLS402")["range"]
    requested = {
        "textDocument": {"uri": path.as_uri()},
        "range": place,
        "context": {"diagnostics": diagnostics},
    }
    actions = client.request("textDocument/codeAction", requested)
    action = next(each for each in actions if each["title"].startswith("Open the page of MLS402"))
    client.request(
        "workspace/executeCommand",
        {"command": action["command"]["command"], "arguments": action["command"]["arguments"]},
    )
    shown = next(each for each in client.others if each["method"] == "window/showDocument")
    assert shown["params"]["uri"] == "https://mlwa-lint.readthedocs.io/rules/MLS402/"
    assert shown["params"]["external"] is True
    before = len(client.others)
    client.request(
        "workspace/executeCommand",
        {"command": action["command"]["command"], "arguments": ["file:///etc/passwd"]},
    )
    assert len(client.others) == before


def test_a_notebook_that_is_held_cell_by_cell(client: LanguageClient, project: Path) -> None:
    uri = (project / "train.ipynb").as_uri()
    cells = [f"vscode-notebook-cell:{uri}#{number}" for number in range(3)]
    texts = [
        "# Training",
        'import boto3\nsagemaker = boto3.client("sagemaker")\n',
        '# é😀\nsagemaker.create_notebook_instance(NotebookInstanceName="😀", RootAccess="Enabled")\n',
    ]
    kinds = [1, 2, 2]
    client.notify(
        "notebookDocument/didOpen",
        {
            "notebookDocument": {
                "uri": uri,
                "notebookType": "jupyter-notebook",
                "version": 1,
                "cells": [{"kind": k, "document": each} for k, each in zip(kinds, cells, strict=True)],
            },
            "cellTextDocuments": [
                {"uri": each, "languageId": "python", "version": 1, "text": text}
                for each, text in zip(cells, texts, strict=True)
            ],
        },
    )
    client.wait(lambda message: set(cells) <= set(client.diagnostics))
    found = one(client.diagnostics[cells[2]]["diagnostics"], "MLS402")
    line = texts[2].splitlines()[1]
    column = len(line[: line.index("RootAccess")].encode("utf-16-le")) // 2
    assert found["range"]["start"] == {"line": 1, "character": column}
    assert client.diagnostics[cells[1]]["diagnostics"] == []
    place = {"textDocument": {"uri": cells[2]}, "position": {"line": 1, "character": column + 2}}
    assert "MLS402" in json.dumps(client.request("textDocument/hover", place))
    client.notify(
        "notebookDocument/didClose",
        {"notebookDocument": {"uri": uri}, "cellTextDocuments": [{"uri": each} for each in cells]},
    )
    client.wait(lambda message: client.diagnostics[cells[2]]["diagnostics"] == [])


@pytest.mark.parametrize("name", ["notes.md", "x.txt"])
def test_other_files_are_left_alone(client: LanguageClient, project: Path, name: str) -> None:
    client.open(project / name, NOTEBOOK)
    opened(client, project / "lab.yaml", NOTEBOOK)
    assert (project / name).as_uri() not in client.diagnostics


PROGRAM = """import boto3

boto3.client("sagemaker").create_endpoint(EndpointName="{name}", EndpointConfigName="{name}")
"""


def test_what_a_program_shows_does_not_depend_on_others_that_are_open(
    client: LanguageClient, project: Path
) -> None:
    first, second = (project / f"{name}.py" for name in ("first", "second"))
    for path in (first, second):  # what lies beside a program may matter, whether it is open or not
        path.write_text(PROGRAM.format(name=path.stem), "utf-8")
    alone = codes(opened(client, second, PROGRAM.format(name="second")))
    assert "MLC502" in alone, "it is said of the project as a whole"
    assert codes(opened(client, first, PROGRAM.format(name="first"))) == alone
    client.change(second, 2, {"text": PROGRAM.format(name="second") + "# edited\n"})
    assert codes(client.published(second, 2)) == alone
