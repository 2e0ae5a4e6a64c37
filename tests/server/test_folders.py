"""What a folder of the workspace does for its open documents."""

from pathlib import Path
from typing import Any

import pytest

from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.files import reading
from mlwa_lint.server.folders import WorkspaceFolder

TEMPLATE = """\
Resources:
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.t3.medium, RoleArn: x}
"""
PROGRAM = """\
import boto3

boto3.client("sagemaker").create_notebook_instance(
    NotebookInstanceName="n", InstanceType="ml.t3.medium", RoleArn="x"
)
"""


def test_the_documents_of_an_update_share_one_listing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # folders change it
    root = tmp_path.resolve()
    texts = {str(root / f"t{number}.yaml"): TEMPLATE for number in range(3)}
    texts |= {str(root / f"p{number}.py"): PROGRAM for number in range(3)}
    for path, text in texts.items():
        Path(path).write_text(text, "utf-8")
    listed: list[str] = []
    below = vars(reading)["files_below"]

    def noted(path: str) -> Any:
        listed.append(path)
        return below(path)

    monkeypatch.setattr(reading, "files_below", noted)
    folder = WorkspaceFolder(str(root), CommandLine())
    assert folder.update(texts, lambda: None)
    assert {finding.span.path for finding in folder.result.findings} == {Path(path).name for path in texts}
    assert len(listed) == 2  # for names, and for texts
    folder.changed(texts)
    assert folder.update(texts, lambda: None)
    assert len(listed) == 4, "the files may be others now"
