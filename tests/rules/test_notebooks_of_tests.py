"""A notebook instance that tests deploy is deleted again."""

from pathlib import Path

import pytest

from mlwa_lint.run.evaluation import check_project
from mlwa_lint.testing import project_of
from tests.support import rule_examples as harness

TEMPLATE = """Resources:
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: KIND, RoleArn: arn:aws:iam::111122223333:role/notebook}
"""


@pytest.mark.parametrize(
    ("place", "kind", "severity"),
    [
        ("notebook.yaml", "ml.t3.medium", "low"),
        ("tests/integration/notebook.yaml", "ml.t3.medium", "info"),
        ("tests/integration/notebook.yaml", "ml.p3.2xlarge", "low"),
    ],
)
def test_idle_notebooks_of_tests_weigh_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, kind: str, severity: str
) -> None:
    monkeypatch.chdir(tmp_path)
    template = Path(place)
    template.parent.mkdir(parents=True, exist_ok=True)
    template.write_text(TEMPLATE.replace("KIND", kind))
    outcome = check_project(project_of(template), [harness.rule_of("MLC401")])
    assert [finding.severity for finding in outcome.findings] == [severity]
