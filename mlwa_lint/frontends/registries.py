"""Registries beside that of SageMaker which record the models of a repository: of MLflow, or its own."""

from mlwa_lint.files import PROGRAMS
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import is_test
from mlwa_lint.model.resources import REGISTERED_BY, Project
from mlwa_lint.startup.patterns import lazy, worded

_MODEL = "AWS::SageMaker::Model"
_DECLARING = (".tf", ".yaml", ".yml")
_REGISTERS = worded(
    rb"\bregister_model\(|\bregistered_model_name\s*=|\bcreate_model_version\(",
    *(b"register_model(", b"registered_model_name", b"create_model_version("),
)
_MLFLOW = lazy(r"(?m)^[ \t]*(?:import|from)[ \t]+mlflow\b")
_TABLE = worded(
    rb"(?i)aws_dynamodb_table\"[ \t]+\"\w*model_?registr|TableName:[^\n]*model[-_]?registr", b"registr"
)


def with_registry(project: Project, files: ProjectFiles | None) -> Project:
    """The project with a note at each model of what records models elsewhere, as a phrase."""
    if files is None or files.root is None:
        return project
    found = files.once(_recording)
    return project.with_notes((_MODEL,), REGISTERED_BY, found) if found else project


def _recording(files: ProjectFiles) -> str:
    """What records models: the first file that shows it, and how; empty where none does."""
    for steps, text in (files.texts() or {}).items():
        name = "/".join(steps)
        if is_test(steps):
            continue
        if name.endswith(_DECLARING) and _TABLE.search(text.content) is not None:
            return f"{name} declares a registry of models of the project's own"
        registers = name.endswith(PROGRAMS) and _REGISTERS.search(text.content) is not None
        if registers and _MLFLOW.search(text.content.decode("utf-8", "replace")):
            return f"{name} registers models with MLflow, which records where they come from"
    return ""
