"""What other files of a project do with what a program makes: start its workflows, record its training."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.uses.integration import (
    configurations,
    has_clock,
    is_caused,
    is_requested,
    runs,
)
from mlwa_lint.frontends.python.uses.names import may_be, pattern_of_name, patterns_in_commands
from mlwa_lint.frontends.python.uses.project import DOCUMENTS, LOADS, PYTHON, SHELL, Uses
from mlwa_lint.model.values import Value
from mlwa_lint.startup.records import NamedTuple

# How a pipeline is started, where something does.
INTEGRATED = "continuous integration"
BY_PROGRAM = "a program"
BY_HAND = "a person"
_CALL = "start_pipeline_execution"
_COMMAND = "start-pipeline-execution"
# Airflow's operator that starts one.
_OPERATOR = "SageMakerStartPipelineOperator"
_STARTS = re.compile(rb"\.start\(|\bstart_pipeline_execution\(|\bSageMakerStartPipelineOperator\(")
# Code that an event or a clock sets going, and what does so with pipelines.
AUTOMATED = re.compile(
    rb"def \w*handler\(|\(event, *_?context|\bairflow\b|\b(?:Flask|FastAPI|Chalice)\("
    rb"|\bschedule\.every|\bcron\b"
)
_TARGET = "SageMakerPipeline"
# The target of a rule or schedule, and not a name that contains the word: a stack's, or an action's.
_ALIAS = re.compile(rb"\bas SageMakerPipeline\b")
_TARGETS = re.compile(rb"(?<!class )(?<![A-Za-z])SageMakerPipeline(?:Parameters\w*|Target\w*)?(?!\w)")
# What a statement of a policy is called says nothing of targets.
_NAME_OF_STATEMENT = re.compile(rb"\b[sS]id[\"']?[ \t]*[:=][ \t]*[\"']?\w+")
_TRIGGERS = (
    *("StartPipelineExecution", "startPipelineExecution", _TARGET, "sagemaker_pipeline_target"),
    *("put_triggers(", "PipelineSchedule("),
)
_STARTING = re.compile(rb"(?m)^[ \t]*(?:CMD|ENTRYPOINT)\b.*$")
_DEPLOYING = ("upsert", "create")
_TAGS_OPTION = "--tags"
# The stages of a pipeline of DVC, which records parameters, data and results of each run.
_STAGES = "dvc.yaml"
_RECORDS = re.compile(
    rb"^[ \t]*(?:from|import)[ \t]+"
    rb"(?:mlflow|wandb|comet_ml|neptune|clearml|smexperiments|sagemaker(?:\.core)?\.experiments|sagemaker_mlflow)\b",
    re.MULTILINE,
)
_SWITCHED_OFF = re.compile(rb"(?i)\b(?:no|disable)[-_](?:wandb|mlflow)\b|WANDB_(?:DISABLED|MODE)\b")
# Scripts that trackers are handed to as options: `--report_to wandb`, `--wandb_project churn`.
_HANDS_ON = re.compile(
    rb"--wandb[_-](?:project|entity|run[_-]?name|exp[_-]?name)\b"
    rb"|\breport[_-]to[\"']?[ \t=:,\[\"'(]{1,4}(?:wandb|mlflow|comet_ml|neptune|clearml)\b"
)
# Programs that keep what a run was made with in files of their own.
_WRITES = re.compile(
    rb"\b_?(?:save|write|dump)_(?:[a-z]+_)?metadata\(|"
    rb"(?:\bjson\.dump|\bput_object|\b(?:save|upload|write)\w*|\.to_csv)\([^()]{0,80}?"
    rb"\b(?:hyper_?param\w*|experiment\w*|best_params|hp"
    rb"|(?:run|training)_(?:info|log|manifest|metadata|record|summary))\b"
)
# … and those that write down the results of each run, by the name of its job.
_RECORD = re.compile(rb"\{[^{}]{1,1000}\}")
_NAMES_JOB = re.compile(rb"[\"'](?:training_?)?job_?name[\"'][ \t]*:", re.IGNORECASE)
_HAS_RESULT = re.compile(
    rb"[\"'](?:\w*_)?(?:accuracy|auc|f1|loss|mae|metrics?|mse|precision|recall|rmse|score)"
    rb"(?:_\w*)?[\"'][ \t]*:",
    re.IGNORECASE,
)
# … and those that name a file like the job: `f"churn-{stamp}"` and `f"runs/{stamp}.json"`.
_JOB_NAMED = re.compile(
    rb"job_?name[\"']?[ \t]{0,4}[=:][ \t]{0,4}[fF][\"'][^\"'{}\n]{0,60}\{(?:self\.)?(\w{1,40})\}",
    re.IGNORECASE,
)
_FILE_NAMED = re.compile(rb"\{(?:self\.)?(\w{1,40})\}[^\"'{}\n]{0,40}\.(?:json|ya?ml)[\"']")
_DUMPS = re.compile(rb"\b(?:json|yaml|ruamel)\.(?:safe_)?dumps?\(")
_KEEPS = re.compile(rb"\.to_csv\(|\bjson\.dump\(|\bput_object\(|\bput_item\(|\bwriterows?\(")
_SERVERS = (
    "aws_sagemaker_mlflow_",
    "AWS::SageMaker::Mlflow",
    "CfnMlflow",
    "create_mlflow_tracking_server(",
    "create_mlflow_app(",
)


class Start(NamedTuple):
    """How a pipeline is started: by continuous integration, a person or a program; and the file that does.

    requested: whether continuous integration starts it only when a person requests that.
    caused: whether it does so only when a person requests it, or changes something.
    """

    how: str
    file: str = ""
    requested: bool = False
    caused: bool = False


def how_started(path: str, maker: str, name: Value | None, uses: Uses) -> Start | None:
    """How the project starts a pipeline that a function of a file makes, or the file where `maker` is empty.

    `INTEGRATED` where continuous integration does it, `BY_HAND` where a person runs what does it,
    `BY_PROGRAM` where another file can; None where none does.
    The file calls the function, or loads modules by their names to call a function of this name, or names
    the pipeline.
    """
    steps = uses.steps_of(path)
    if steps is None:
        return None
    integration = configurations(uses)
    found = _starters(steps, maker, name, uses)
    integrating = found.commanding & integration
    for each in found.starting:
        # What loads modules by their names runs those whose names it is given.
        given = each in found.loading
        running = runs(each, integration, uses)
        integrating |= {one for one in running if not given or any(runs(steps, [one], uses))}
        integrating |= {each} & integration
    if integrating:
        requested, caused = (
            all(holds(each, uses) for each in integrating) for holds in (is_requested, is_caused)
        )
        return Start(INTEGRATED, requested=requested, caused=caused)
    starters = found.starting | found.commanding
    if not starters:
        return None
    return Start(BY_HAND if _is_by_hand(starters, uses) else BY_PROGRAM, "/".join(min(starters)))


class _Starters(NamedTuple):
    """The programs that start a pipeline, the scripts that do it by a command, what loads modules by name."""

    starting: set[PathSteps]
    commanding: set[PathSteps]
    loading: set[PathSteps]


def _starters(steps: PathSteps, maker: str, name: Value | None, uses: Uses) -> _Starters:
    commanding = {each for each in uses.containing(_COMMAND) if _may_command(each, name, uses)}
    using = {steps, *uses.all_importers(steps)}
    using |= _handed_to(using, uses)
    loading = _loading(maker, uses) - using if maker else set()
    if maker and not uses.mentions(steps).names_it(maker):
        using.discard(steps)
    starting = {each for each in using | loading if _starts(each, uses)}
    calling = {each for word in (_CALL, _OPERATOR) for each in uses.containing(word)}
    naming = {each for each in calling if _starts(each, uses) and _may_call(each, name, uses)}
    return _Starters(starting | naming, commanding, loading)


def _handed_to(using: set[PathSteps], uses: Uses) -> set[PathSteps]:
    """The programs that deploy and start the pipelines that what imports them hands to them."""
    deploying = (each for each in uses.containing(".upsert(") if _starts(each, uses))
    return {each for each in deploying if not using.isdisjoint(uses.all_importers(each))}


def _is_by_hand(starters: Iterable[PathSteps], uses: Uses) -> bool:
    """Whether a person runs what starts a pipeline: no event does, and nothing else of the project.

    What the image of a container starts with may run by a clock.
    """
    if any(AUTOMATED.search(uses.texts[each]) is not None or _is_of_image(each, uses) for each in starters):
        return False
    return not any(
        not each[-1].endswith(DOCUMENTS)
        and not is_test(each)
        and (word != _TARGET or _is_target(uses.texts[each]))
        for word in _TRIGGERS
        for each in uses.containing(word)
    )


def _is_of_image(steps: PathSteps, uses: Uses) -> bool:
    """Whether an image starts with a program, by the Dockerfile in its folder or above."""
    name = steps[-1].encode()
    return any(
        name in line
        for file in uses.dockerfiles
        if file[:-1] == steps[: len(file) - 1]
        for line in _STARTING.findall(uses.texts[file])
    )


def _is_target(content: bytes) -> bool:
    """Whether a file has a pipeline as target, and does not call the SDK's class so."""
    named = _NAME_OF_STATEMENT.sub(b"", content)
    return _TARGETS.search(named) is not None and _ALIAS.search(content) is None


def _starts(steps: PathSteps, uses: Uses) -> bool:
    is_program = steps[-1].endswith((*PYTHON, *SHELL))
    return is_program and not is_test(steps) and _STARTS.search(uses.texts[steps]) is not None


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
    calls = (*mentions.calls_of(_CALL), *mentions.calls_of(_OPERATOR))
    parameters = ("PipelineName", "pipeline_name")
    given = (pattern_of_name(each, parameters, mentions.constants) for each in calls)
    return any(may_be(each, name) for each in given)


def is_not_started(path: str, maker: str, name: Value | None, uses: Uses) -> bool:
    """Whether nothing of the project starts a pipeline that a program makes, nor runs what deploys it.

    What nothing deploys is deployed elsewhere, if at all: a clock of the project may be for it.
    """
    steps = uses.steps_of(path)
    if steps is None:
        return False
    found = _starters(steps, maker, name, uses)
    deploying = [each for each in {steps, *uses.all_importers(steps)} if _deploys(each, uses)]
    starters = found.starting | found.commanding
    if starters or (not deploying and has_clock(uses)):
        return False
    return _is_by_hand(deploying or [steps], uses)


def _deploys(steps: PathSteps, uses: Uses) -> bool:
    return not is_test(steps) and b".upsert(" in uses.texts[steps]


def what_tags(path: str, line: int, uses: Uses) -> str:
    """The file that deploys a pipeline with tags which a function in a file makes; empty where none does."""
    found = next(_tagging(path, line, uses), None)
    return "" if found is None else "/".join(found.file)


def are_tags_given(path: str, line: int, uses: Uses) -> bool:
    """Whether what deploys such a pipeline gives tags: a program, or what runs it with `--tags`."""
    for file, value in _tagging(path, line, uses):
        if _TAGS_OPTION.encode() not in uses.texts[file]:
            return not isinstance(value, ast.Constant) and not _is_empty(value)
        giving = [
            each for each in uses.containing(_TAGS_OPTION) if not each[-1].endswith((*PYTHON, *DOCUMENTS))
        ]
        if any(runs(file, giving, uses)):
            return True
    return False


def _is_empty(value: ast.expr) -> bool:
    """`[]`, `{}`, `list()` or `dict()`."""
    if isinstance(value, ast.List):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    if not isinstance(value, ast.Call) or value.args or value.keywords:
        return False
    return isinstance(value.func, ast.Name) and value.func.id in ("dict", "list")


class _Tagging(NamedTuple):
    """A file that deploys a pipeline with tags, and these."""

    file: PathSteps
    value: ast.expr


def _tagging(path: str, line: int, uses: Uses) -> Iterator[_Tagging]:
    steps = uses.steps_of(path)
    maker = uses.mentions(steps).function_at(line) if steps is not None else ""
    if steps is None or not maker:
        return
    for each in sorted({*uses.all_importers(steps), *_loading(maker, uses)}):
        for call in (call for method in _DEPLOYING for call in uses.mentions(each).calls_of(method)):
            yield from (_Tagging(each, given.value) for given in call.keywords if given.arg == "tags")


def _loading(maker: str, uses: Uses) -> set[PathSteps]:
    """The files that load modules by their names and call a function of them, and those that import these."""
    found: set[PathSteps] = set()
    for word in LOADS:
        for each in uses.containing(word):
            if each[-1].endswith(PYTHON) and each not in found and uses.mentions(each).names_it(maker):
                found |= {each, *uses.all_importers(each)}
    return found


def is_recorded(path: str, program: str, uses: Uses) -> bool:
    """Whether a project has a tracking server, or DVC or code of a program records its runs.

    That is the code beside the program and below it, and beside the file that makes the job.
    """
    ran = [each for each in map(uses.steps_of, (path, program)) if each is not None]
    if any(each[-1] == _STAGES for steps in ran for each in uses.naming(steps)):
        return True
    if any(not each[-1].endswith(DOCUMENTS) for word in _SERVERS for each in uses.containing(word)):
        return True
    folders = [each[:-1] for each in map(uses.steps_of, (path, program)) if each is not None]
    if any(_RECORDS.search(uses.texts[each]) is not None for each in _programs_below(folders, uses)):
        return True
    return any(
        _HANDS_ON.search(uses.texts[each]) is not None
        for each in _programs_below(folders, uses, (*PYTHON, *SHELL))
    )


def what_records(code: Sequence[PathSteps], maker: PathSteps | None, uses: Uses) -> str:
    """The file of a job's code that records its run; empty where what makes the job switches that off."""
    if maker is None or _SWITCHED_OFF.search(uses.texts[maker]) is not None:
        return ""
    return next(("/".join(each) for each in code if _RECORDS.search(uses.texts[each]) is not None), "")


def is_noted_down(path: str, program: str, uses: Uses) -> bool:
    """Whether programs beside one or below write what each run was made with into files of their own."""
    folders = [each[:-1] for each in map(uses.steps_of, (path, program)) if each is not None]
    return any(_notes_runs(uses.texts[each]) for each in _programs_below(folders, uses))


def _notes_runs(content: bytes) -> bool:
    """Whether a program writes what a run was made with, or a record of its job's name and results."""
    if _WRITES.search(content) is not None or _is_named_like_job(content):
        return True
    if _KEEPS.search(content) is None or _NAMES_JOB.search(content) is None:
        return False
    records = (each[0] for each in _RECORD.finditer(content))
    return any(_NAMES_JOB.search(each) and _HAS_RESULT.search(each) for each in records)


def _is_named_like_job(content: bytes) -> bool:
    """Whether a program writes a file whose name has what tells the names of its jobs apart."""
    if _DUMPS.search(content) is None:
        return False
    stamps = {each[1] for each in _JOB_NAMED.finditer(content)}
    return bool(stamps) and any(each[1] in stamps for each in _FILE_NAMED.finditer(content))


def _programs_below(
    folders: Iterable[PathSteps], uses: Uses, endings: tuple[str, ...] = PYTHON
) -> Iterable[PathSteps]:
    for each in uses.texts:
        below = any(each[: len(folder)] == folder for folder in folders)
        if below and each[-1].endswith(endings) and not is_test(each):
            yield each
