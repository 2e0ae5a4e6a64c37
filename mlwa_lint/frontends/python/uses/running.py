"""What other files of a project do with what a program makes: start its workflows, record its training."""

import re
from collections.abc import Iterable

from mlwa_lint.files.texts import PathSteps
from mlwa_lint.frontends.python.uses.integration import configurations, runs
from mlwa_lint.frontends.python.uses.names import may_be, pattern_of_name, patterns_in_commands
from mlwa_lint.frontends.python.uses.project import DOCUMENTS, LOADS, PYTHON, Uses, is_test
from mlwa_lint.model.values import Value

# How a pipeline is started, where something does.
INTEGRATED = "continuous integration"
BY_HAND = "a program"
_CALL = "start_pipeline_execution"
_COMMAND = "start-pipeline-execution"
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


def how_started(path: str, maker: str, name: Value | None, uses: Uses) -> str | None:
    """How the project starts a pipeline that a function of a file makes, or the file where `maker` is empty.

    `INTEGRATED` where continuous integration does it, `BY_HAND` where another file can; None where none does.
    The file calls the function, or loads modules by their names to call a function of this name, or names
    the pipeline.
    """
    steps = uses.steps_of(path)
    if steps is None:
        return None
    integration = configurations(uses)
    commanding = {each for each in uses.containing(_COMMAND) if _may_command(each, name, uses)}
    if commanding & integration:
        return INTEGRATED
    using = {steps, *uses.all_importers(steps)}
    loading = _loading(maker, uses) - using if maker else set()
    if maker and not uses.mentions(steps).names_it(maker):
        using.discard(steps)
    starting = {each for each in using | loading if _starts(each, uses)}
    naming = {each for each in uses.containing(_CALL) if _starts(each, uses) and _may_call(each, name, uses)}
    for each in starting | naming:
        for running in runs(each, integration, uses):
            # What loads modules by their names runs those whose names it is given.
            if each not in loading or any(runs(steps, [running], uses)):
                return INTEGRATED
    return BY_HAND if starting or naming or commanding else None


def _starts(steps: PathSteps, uses: Uses) -> bool:
    return steps[-1].endswith(PYTHON) and not is_test(steps) and _STARTS.search(uses.texts[steps]) is not None


def _may_command(steps: PathSteps, name: Value | None, uses: Uses) -> bool:
    """Whether a script, not a document, starts a pipeline that may be one of a name."""
    if steps[-1].endswith((*DOCUMENTS, *PYTHON)):
        return False
    text = uses.texts[steps].decode("utf-8", "replace")
    given = patterns_in_commands(text, f"sagemaker {_COMMAND}", "--pipeline-name")
    return any(may_be(each, name) for each in given)


def _may_call(steps: PathSteps, name: Value | None, uses: Uses) -> bool:
    """Whether a program starts a pipeline by a name that may be this one."""
    mentions = uses.mentions(steps)
    calls = mentions.calls_of(_CALL)
    given = (pattern_of_name(each, ("PipelineName",), mentions.constants) for each in calls)
    return any(may_be(each, name) for each in given)


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
