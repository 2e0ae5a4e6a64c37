"""Registries beside that of SageMaker, which record where models come from."""

from pathlib import Path

import pytest

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings
from tests.support import rule_examples as harness

MODEL = (harness.EXAMPLES / "MLO504" / "fail.tf").read_text("utf-8")
REGISTERING = 'import mlflow\n\nmlflow.register_model(model_uri="runs:/1/model", name="tides")\n'
TABLE = 'resource "aws_dynamodb_table" "model_registry" {\n  name = "tides-models"\n}\n'


@pytest.mark.parametrize(
    ("name", "text", "severity"),
    [
        ("train.py", REGISTERING, "info"),
        ("modules/registry/main.tf", TABLE, "info"),
        ("tables.yaml", "Properties:\n  TableName: tides-model-registry\n", "info"),
        ("train.py", REGISTERING.replace("import mlflow", "import tools as mlflow"), "low"),
        ("train.py", "import mlflow\n\nmlflow.log_metric('loss', 1)\n", "low"),
        ("tests/test_train.py", REGISTERING, "low"),
        ("modules/registry/main.tf", TABLE.replace("model_registry", "models"), "low"),
    ],
)
def test_another_registry_records_models(name: str, text: str, severity: str, tmp_path: Path) -> None:
    for path, content in (("infra/main.tf", MODEL), (name, text)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, "utf-8")
    settings = RunSettings((harness.rule_of("MLO504"),), LoadOptions(tmp_path))
    report = lint_paths([str(tmp_path / "infra")], lambda _: settings, 1)
    assert {each.severity for each in report.findings} == {severity}
