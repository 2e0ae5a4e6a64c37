"""What other files of a project do with what a program makes: start its workflows, record its training."""

import re
from collections.abc import Iterable

from mlwa_lint.files.texts import PathSteps
from mlwa_lint.frontends.python.uses.project import DOCUMENTS, LOADS, PYTHON, Uses, is_test

_STARTS = re.compile(rb"\.start\(|\bstart_pipeline_execution\(")
_RECORDS = re.compile(
    rb"^[ \t]*(?:from|import)[ \t]+"
    rb"(?:mlflow|wandb|comet_ml|neptune|clearml|smexperiments|sagemaker\.experiments|sagemaker_mlflow)\b",
    re.MULTILINE,
)
_SERVERS = (
    "aws_sagemaker_mlflow_",
    "AWS::SageMaker::Mlflow",
    "CfnMlflow",
    "create_mlflow_tracking_server(",
    "create_mlflow_app(",
)


def is_started(path: str, maker: str, uses: Uses) -> bool:
    """Whether a file starts what a function of a file makes, or the file itself where `maker` is empty.

    It calls the function, or loads modules by their names to call a function of this name.
    """
    steps = uses.steps_of(path)
    if steps is None:
        return False
    using = {steps, *uses.all_importers(steps)}
    if maker:
        using |= _loading(maker, uses)
        using = {each for each in using if each != steps or uses.mentions(each).names_it(maker)}
    return any(_STARTS.search(uses.texts[each]) is not None for each in using if not is_test(each))


def _loading(maker: str, uses: Uses) -> set[PathSteps]:
    """The files that load modules by their names and call a function of them, and those that import these."""
    found: set[PathSteps] = set()
    for word in LOADS:
        for each in uses.containing(word):
            if each[-1].endswith(PYTHON) and each not in found and uses.mentions(each).names_it(maker):
                found |= {each, *uses.all_importers(each)}
    return found


def is_recorded(path: str, program: str, uses: Uses) -> bool:
    """Whether a project has a tracking server, or code of a program records its runs.

    That is the code beside the program and below it, and beside the file that makes the job.
    """
    if any(not each[-1].endswith(DOCUMENTS) for word in _SERVERS for each in uses.containing(word)):
        return True
    folders = [each[:-1] for each in map(uses.steps_of, (path, program)) if each is not None]
    return any(_RECORDS.search(uses.texts[each]) is not None for each in _programs_below(folders, uses))


def _programs_below(folders: Iterable[PathSteps], uses: Uses) -> Iterable[PathSteps]:
    for each in uses.texts:
        below = any(each[: len(folder)] == folder for folder in folders)
        if below and each[-1].endswith(PYTHON) and not is_test(each):
            yield each
