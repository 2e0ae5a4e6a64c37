"""Repositories that try something out and that nothing operates: proofs of concept, prototypes, demos.

What is for learning (readme.py) is an example whatever else it has. A trial may have grown into a service; it
is one only where nothing in the repository shows that it is operated (docs/decisions/0269).
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from mlwa_lint.files import NOTEBOOK
from mlwa_lint.files.below import ENTRIES_LIMIT
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import OF_INTEGRATION, PathSteps
from mlwa_lint.frontends.declarations import is_ready
from mlwa_lint.frontends.readme import parts_of, sentences_of, text_of
from mlwa_lint.frontends.stages import (
    assumed_in,
    names_of,
    rests_on_stage,
    stages_of,
    states_operation,
    tagged,
)
from mlwa_lint.model.purpose import OF_STAGES, purpose_of
from mlwa_lint.model.resources import BY_DAG, Project, Resource
from mlwa_lint.model.values import (
    Scalar,
    Unknown,
    Value,
    known_text,
)
from mlwa_lint.startup.patterns import lazy, worded
from mlwa_lint.startup.records import NamedTuple

_ENDPOINT = "AWS::SageMaker::Endpoint"
_ALARM, _TARGET = "AWS::CloudWatch::Alarm", "AWS::ApplicationAutoScaling::ScalableTarget"
_TRIED = r"(?:poc|pocs|proofs?[ -]of[ -]concepts?|prototypes?)"
_IN_TITLE = lazy(
    rf"(?i)(?<![a-z]){_TRIED}(?![a-z])|(?<![a-z])(?:experiments?|sandbox|showcase)\W*$|(?<![a-z])demo(?![a-z])"
    r"|prueba de concepto|prova de conceito|preuve de concept|プロトタイプ|概念実証|개념 증명|概念验证|原型"
)
# "AiDemo", "ChurnPoc".
_CAPITAL = lazy(r"(?<=[a-z])(?:Demo|Poc|POC|Prototype)(?![a-z])")
_ITSELF = r"(?:app|application|code|project|repo|repository|solution|stack|template|work)"
_SENTENCE = lazy(
    rf"\b(?:this|the|current) {_ITSELF} (?:\S+ ){{0,4}}?{_TRIED}\b"
    rf"|^(?:an? |it is an? |my |our |this is an? |this is the )(?:\S+ ){{0,2}}?{_TRIED}\b"
    rf"|^(?:\S+ )?{_TRIED} (?:for|of|that|to|using|with)\b"
    rf"|\bas an? {_TRIED}\b|\bis an? (?:\S+ ){{0,2}}(?:showcase|demo|demonstration) of\b"
    rf"|^(?:\S+ ){{1,3}}is an? (?:\S+ ){{0,3}}?demo {_ITSELF}\b"
    r"|\bto play (?:around )?with\b|\bto demo\b"
    r"|\b(?:prueba de concepto|prova de conceito|preuve de concept)\b"
)
# What is kept for as long as it is shown, anywhere in a README.
_FOR_DEMOS = lazy(
    r"(?i)\b(?:delete|keep|shut|stop|switch|tear|turn)\b[^.\n]{0,200}\b(?:when(?:ever)?|while|if) "
    r"(?:you are |you're )?not (?:being )?(?:demoing|demoed|demonstrat\w+)\b|\bdemo traffic\b"
    r"|\b(?:delete|shut|stop|tear|turn)\b[^.\n]{0,200} after (?:each|every|the|your) "
    r"(?:demo|demonstration|presentation)\b"
    # "What I would do if this were not a demo".
    rf"|\b(?:this|it) (?:was|were)(?: not|n['’]t| more than)? (?:just |only )?an? (?:demo|{_TRIED})\b"
)
# "From prototype to production", "beyond the POC": a service that grew out of one, or brings others further.
_BEYOND = lazy(
    r"\bproduction\b|\bbeyond\b|\bfrom (?:\S+ ){0,2}(?:poc|prototype|proof)|\bprototyp\w+ (?:in|to)\b"
)
_WORD = lazy(rf"(?i)(?<![a-z])(?:demo|{_TRIED}|playground|workshop)(?![a-z])")
# "churn-demo", "demo-endpoint": what an endpoint is called.
_SHOWN = lazy(rf"(?i)(?:^|[-_])(?:demo|{_TRIED}|playground|workshop)(?:[-_](?:endpoint|ep))?$")
# What a project is called by its tags that someone tries out: `agent-terraform-test`, `demo-search`.
_TRYING = lazy(
    r"(?i)(?:^|[-_. ])(?:demo|examples?|playground|poc|prototype|samples?|sandbox|test|tests|testing|trial)$"
    r"|^(?:demo|example|playground|poc|prototype|sample|sandbox|test|trial)[-_. ]"
)
_PROJECT = frozenset(
    {"app", "application", "product", "project", "projectname", "service", "solution", "system"}
)
_DEVELOPMENT = frozenset({"dev", "development", "sandbox", "test", "testing"})
# Stages on which nothing but the development of a project rests.
_DEVELOPED = _DEVELOPMENT | {"demo", "poc"}
# Data sets for exercises: their files, and what loads them.
_DATA = lazy(
    r"(?i)^(?:abalone|adult|boston(?:[_-]?housing)?|breast[_-]?cancer|california[_-]?housing|cifar[_-]?10|iris"
    r"|fashion[_-]?mnist|mnist|titanic|wine(?:[_-]?quality)?)(?:[_-]?(?:data|dataset|full|raw|test|train(?:ing)?"
    r"|validation|red|white))*\.(?:csv|data|gz|json|npz|parquet|pkl|txt|zip)$"
)
_FOLDERS_OF_TESTS = frozenset({"docs", "example", "examples", "fixtures", "test", "tests"})
# What shows that someone operates something, wherever a configuration declares it.
_WATCHES = worded(
    rb"\balarm_actions[ \t]*=|\bAlarmActions[\"']?[ \t]*:|[\"']aws_cloudwatch_dashboard[\"']"
    rb"|AWS::CloudWatch::Dashboard|[\"']aws_appautoscaling_target[\"']"
    rb"|AWS::ApplicationAutoScaling::ScalableTarget|[\"']aws_scheduler_schedule[\"']|AWS::Scheduler::Schedule"
    rb"|\bschedule_expression[ \t]*=|\bScheduleExpression[\"']?[ \t]*:",
    b"alarm_actions",
    b"AlarmActions",
    b"aws_cloudwatch_dashboard",
    b"AWS::CloudWatch::Dashboard",
    b"aws_appautoscaling_target",
    b"AWS::ApplicationAutoScaling::ScalableTarget",
    b"aws_scheduler_schedule",
    b"AWS::Scheduler::Schedule",
    b"schedule_expression",
    b"ScheduleExpression",
)
_ML_METRICS = lazy(r"AWS/(?:SageMaker|Bedrock)|/aws/sagemaker/")
_DECLARING = (".tf", ".yaml", ".yml", ".json")
# Shorter names are those of other things as well.
_NAME = 6
_NAMES = lazy(r"[\w.-]{6,}")
# What shows what a repository is about, beside its configurations and what they deploy.
_TEXT = (".md", ".rst")
_CODE = (".js", ".py", ".ts")
_HANDLER = re.compile(
    rb"(?m)^(?:async )?def \w+\(\s*_?event\b|^(?:module\.)?exports\.\w+\s*="
    rb"|^export (?:const|async function) handler\b"
)
_STAGE_FILES = (".tf", ".yaml", ".yml", ".json", ".toml")
# The same for Terraform, of which the names alone matter.
_SETTINGS = (".tfvars", ".tfbackend", ".hcl")


def is_trial(project: Project, folders: Iterable[Path], files: ProjectFiles) -> bool:
    """Whether something shows that a project tries something out, and nothing that it is operated.

    folders: that of the project and those above it in the repository, whose READMEs count.
    """
    shown = any(map(_states_it, folders)) or _is_called_so(project) or files.once(_has_teaching_data)
    return shown and not shows_operation(project, files)


def shows_operation(project: Project, files: ProjectFiles) -> bool:
    """Whether something shows that a project is operated: alarms that notify, scaling, files for a stage."""
    return any(map(_operates, project.resources)) or files.once(_is_operated)


def is_operated(project: Project, files: ProjectFiles) -> bool:
    """Whether something shows that a project is operated, or nothing is known of it.

    A module is its callers' to operate. A name or a tag of a resource for production or staging shows it as
    well, and so does a README that introduces the project as ready for production. What deploys it by itself,
    alarms and scaling show it unless the only stage that is named is for development. Nothing is known of
    configurations with nothing around them. A DAG of Airflow with a schedule runs in any case. Names and tags
    of an example show how to use what its repository offers, which may be ready for production.
    """
    if project.reusable or any(map(_is_scheduled, project.resources)) or files.once(_is_operated):
        return True
    if not _is_in_examples(project, files) and (states_operation(project, files) or files.once(is_ready)):
        return True
    if not _has_context(project, files):
        return True
    if _is_only_developed(project):
        return False
    if any(map(_operates, project.resources)) or _is_watched_elsewhere(project, files):
        return True
    from mlwa_lint.frontends.applied import is_applied_by_itself

    return files.once(is_applied_by_itself)


def _is_in_examples(project: Project, files: ProjectFiles) -> bool:
    """Whether a project is below a folder for examples of its repository."""
    place = _below(Path(os.path.realpath(project.root)), Path(os.path.realpath(files.root or ".")))
    return bool(place) and purpose_of("/".join(place), reusable=False) == "example"


def _is_only_developed(project: Project) -> bool:
    """Whether tags for the stage, or names that rest on it, are all for development, by default at least."""
    stages = [known_text(each) or "" for each in stages_of(project)]
    parts = (_words_of(each) for each in names_of(project) if rests_on_stage(each))
    named = [not _DEVELOPED.isdisjoint(words) for words in parts]
    given = [each.lower() in _DEVELOPED for each in stages if each]
    return bool(given or named) and all(given) and all(named)


def _words_of(name: Value) -> frozenset[str]:
    return frozenset(re.split(r"[^a-z]+", (known_text(name) or "").lower()))


class _Watching(NamedTuple):
    """What a file names that has alarms, dashboards or schedules, and whether metrics of ML are among it."""

    names: frozenset[str]
    of_ml: bool


def _is_watched_elsewhere(project: Project, files: ProjectFiles) -> bool:
    """Whether another configuration has alarms that notify, scaling, a dashboard or a schedule.

    It names a resource of the project; or metrics of the services of ML, beside the project or below it.
    """
    found = files.once(_watching)
    if not found:
        return False
    root = files.root or Path()
    own = {os.path.realpath(each) for each in project.sources}
    names = {text for each in names_of(project) if len(text := known_text(each) or "") >= _NAME}
    around = _below(Path(os.path.realpath(project.root)), Path(os.path.realpath(root)))[:-1]
    if project.root.endswith(_DECLARING):
        around = around[:-1]
    return any(
        ((each.of_ml and steps[: len(around)] == around) or not names.isdisjoint(each.names))
        and os.path.realpath(root.joinpath(*steps)) not in own
        for steps, each in found.items()
    )


def _watching(files: ProjectFiles) -> dict[PathSteps, _Watching]:
    """The templates and Terraform files of a repository that show that someone operates something.

    Not those of tests and examples, and none that are put aside.
    """
    found: dict[PathSteps, _Watching] = {}
    for steps, text in (files.texts() or {}).items():
        if not steps[-1].endswith(_DECLARING) or _is_tried(steps) or _WATCHES.search(text.content) is None:
            continue
        from mlwa_lint.files.put_aside import is_put_aside

        if not any(map(is_put_aside, steps[:-1])):
            content = text.content.decode("utf-8", "replace")
            of_ml = _ML_METRICS.search(content) is not None
            found[steps] = _Watching(frozenset(_NAMES.findall(content)), of_ml)
    return found


def _is_scheduled(resource: Resource) -> bool:
    by_dag = resource.attributes.entries.get(BY_DAG)
    return by_dag is not None and isinstance(by_dag.value, Scalar) and by_dag.value.data is True


def _is_tried(steps: PathSteps) -> bool:
    """Whether a file lies in a folder of tests or examples, `test_infra/` for one."""
    return any(step in _FOLDERS_OF_TESTS or step.startswith(("test_", "test-")) for step in steps[:-1])


def _has_context(project: Project, files: ProjectFiles) -> bool:
    """Whether a document or a program lies around what is deployed, or around a program or a notebook."""
    around = files.once(_around)
    if not around:
        return False
    root = Path(os.path.realpath(files.root or Path()))
    return not around <= {_below(Path(os.path.realpath(each)), root) for each in project.sources}


def _around(files: ProjectFiles) -> frozenset[PathSteps]:
    """The READMEs, notebooks and programs of a repository: the code of functions is part of what is deployed.

    It lies below a folder with a handler.
    """
    texts = files.texts() or {}
    documents = set(filter(_introduces, texts))
    code = {steps: text.content for steps, text in texts.items() if steps[-1].endswith(_CODE)}
    deployed = {steps[:-1] for steps, text in code.items() if _HANDLER.search(text) is not None}
    alone = {each for each in code if all(each[:depth] not in deployed for depth in range(len(each)))}
    return frozenset(documents | alone)


def _introduces(steps: PathSteps) -> bool:
    """Whether a file introduces a repository to people: a README or a notebook, not any report."""
    name = steps[-1].lower()
    return (
        name.startswith("readme") or name.endswith(NOTEBOOK) or (name.endswith(_TEXT) and steps[0] == "docs")
    )


def _states_it(folder: Path) -> bool:
    """Whether the README of a folder states it of itself, in its title or right below."""
    parts = parts_of(folder)
    if parts is None:
        return False
    title, below = parts
    if _FOR_DEMOS.search(text_of(folder)):
        return True
    if not _BEYOND.search(title.lower()) and (_IN_TITLE.search(title) or _CAPITAL.search(title)):
        return True
    return any(_tries(sentence) for sentence in sentences_of(below))


def _tries(sentence: str) -> bool:
    return _SENTENCE.search(sentence) is not None and _BEYOND.search(sentence) is None


def _is_called_so(project: Project) -> bool:
    """Whether the description of a template, tags for its stage, or most names of resources show it.

    The default of a parameter or variable that tells deployments apart shows nothing: others can be made.
    """
    if any(_tries(sentence) for sentence in sentences_of(project.description.lower())):
        return True
    stages = [known_text(each) or "" for each in stages_of(project) if not assumed_in(each)]
    if any(_WORD.fullmatch(text) for text in stages):
        return True
    if _is_called_a_trial(project) and all(map(_is_for_development, stages_of(project))) and any(stages):
        return True
    endpoints = [each for each in project.resources if each.type == _ENDPOINT]
    if endpoints and all(_SHOWN.search(_ending(each)) for each in endpoints):
        return True
    named = (known_text(each) for each in names_of(project) if not rests_on_stage(each))
    names = list(dict.fromkeys(name for name in named if name))
    called = [name for name in names if _WORD.search(name)]
    return len(called) > 1 and 2 * len(called) > len(names)


def _ending(endpoint: Resource) -> str:
    """How the name of an endpoint ends, of which what precedes may be given at deployment."""
    entry = endpoint.properties.entries.get("EndpointName")
    value = None if entry is None or rests_on_stage(entry.value) else entry.value
    if isinstance(value, Unknown):
        return next((part for part in reversed(value.parts[-1:]) if isinstance(part, str)), "")
    return str(value.data) if isinstance(value, Scalar) else ""


def _is_called_a_trial(project: Project) -> bool:
    """Whether all tags with the name of a project call it one, as its configuration or its values state."""
    named = list(tagged(project, _PROJECT))
    texts = [known_text(each) or "" for each in named]
    return bool(named) and not any(map(assumed_in, named)) and all(map(_TRYING.search, texts))


def _is_for_development(stage: Value) -> bool:
    return (known_text(stage) or "").lower() in _DEVELOPMENT


def _has_teaching_data(files: ProjectFiles) -> bool:
    found = files.named_like(_DATA.search, ENTRIES_LIMIT)
    root = files.root or Path()
    return any(_FOLDERS_OF_TESTS.isdisjoint(_below(each, root)) for each in found)


def _below(path: Path, root: Path) -> PathSteps:
    try:
        return path.relative_to(root).parts
    except ValueError:
        return ()


def _operates(resource: Resource) -> bool:
    """Whether a resource shows that someone operates it: an alarm that notifies, scaling."""
    notifies = resource.type == _ALARM and "AlarmActions" in resource.properties.entries
    return notifies or resource.type == _TARGET


def _is_operated(files: ProjectFiles) -> bool:
    """Whether a file is of production or staging by its path, or continuous integration deploys to them."""
    texts = files.texts()
    if texts is None:
        return True
    settings = files.named_like(lambda name: name.endswith(_SETTINGS), ENTRIES_LIMIT)
    if any(_is_of_stage(_below(each, files.root or Path())) for each in settings):
        return True
    for steps, text in texts.items():
        if steps[-1].endswith(_STAGE_FILES) and _is_of_stage(steps):
            return True
        integrates = any(step in OF_INTEGRATION for step in steps)
        if integrates and OF_STAGES.search(text.content.decode("utf-8", "replace")):
            return True
    return False


def _is_of_stage(steps: PathSteps) -> bool:
    return any(OF_STAGES.search(_stem(step)) for step in steps)


def _stem(step: str) -> str:
    return step.partition(".")[0] or step
