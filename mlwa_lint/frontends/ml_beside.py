"""Whether ML that is deployed apart from a project, in the same repository, may query what it has."""

import os
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.model.resources import Project
from mlwa_lint.startup.patterns import worded

_ENDINGS = (".tf", ".yaml", ".yml", ".json")
# Who develops with ML, or acts for it.
_OF_ML = worded(
    rb"\"sagemaker\.amazonaws\.com\"|(?:- |: ?|')sagemaker\.amazonaws\.com"
    rb"|\baws(?:cc)?_sagemaker_(?:notebook_instance|domain|user_profile)\""
    rb"|AWS::SageMaker::(?:NotebookInstance|Domain)\b",
    b"sagemaker.amazonaws.com",
    b"_sagemaker_",
    b"AWS::SageMaker::",
)
# What lets it query: permissions of Athena and of the catalogue, and managed policies with those.
_QUERIES = worded(
    rb"\bathena:(?:\*|Start|Get)|\bglue:(?:\*|Get)|AmazonSageMakerFullAccess|AmazonAthenaFullAccess"
    rb"|AdministratorAccess|AWSGlueConsoleFullAccess",
    b"athena:",
    b"glue:",
    b"AmazonSageMakerFullAccess",
    b"AmazonAthenaFullAccess",
    b"AdministratorAccess",
    b"AWSGlueConsoleFullAccess",
)
_SHOWING = frozenset({"example", "examples"})


def may_be_queried(project: Project, folder: Path, files: ProjectFiles) -> bool:
    """Whether another folder of the project declares who works with ML and may query, as notebooks do."""
    if files.root is None:
        return False
    own = {os.path.realpath(Path(each).parent) for each in project.sources} | {os.path.realpath(folder)}
    top = Path(os.path.realpath(files.root))
    return any(str(top.joinpath(*each)) not in own for each in files.once(_querying))


def _querying(files: ProjectFiles) -> frozenset[PathSteps]:
    """The folders whose files declare who works with ML and may query."""
    working: set[PathSteps] = set()
    querying: set[PathSteps] = set()
    for steps, text in (files.texts() or {}).items():
        if not steps[-1].endswith(_ENDINGS) or is_test(steps) or not _SHOWING.isdisjoint(steps):
            continue
        if _OF_ML.search(text.content) is not None:
            working.add(steps[:-1])
        if _QUERIES.search(text.content) is not None:
            querying.add(steps[:-1])
    return frozenset(working & querying)
