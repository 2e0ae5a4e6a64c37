"""What a program makes, seen with all of its project: what only defaults state, and what is never used."""

import re
from collections.abc import Sequence
from functools import cache, partial

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import is_test
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.defaulted import ScriptOption
from mlwa_lint.frontends.python.evaluation.values import FunctionObj, Item
from mlwa_lint.frontends.python.examples import PIPELINE, defining_pipelines
from mlwa_lint.frontends.python.ledger import Created, mark_started
from mlwa_lint.frontends.python.uses.called import settle_called
from mlwa_lint.frontends.python.uses.callers import (
    is_definition_unused,
    is_file_left_over,
    is_helper_of_examples,
    is_unnamed_handler,
    why_file_is_not_run,
)
from mlwa_lint.frontends.python.uses.containers import (
    code_of_image,
    code_of_script,
    code_that_may_run,
    note_containers,
)
from mlwa_lint.frontends.python.uses.defaults import how_given, is_of_package, values_given
from mlwa_lint.frontends.python.uses.dependants import note_dependants, takes_no_input
from mlwa_lint.frontends.python.uses.deployed import why_not_deployed
from mlwa_lint.frontends.python.uses.development import note_development
from mlwa_lint.frontends.python.uses.fallbacks import note_fallbacks
from mlwa_lint.frontends.python.uses.fitting import note_fitting
from mlwa_lint.frontends.python.uses.hosting import note_hosting
from mlwa_lint.frontends.python.uses.hubs import note_taken
from mlwa_lint.frontends.python.uses.marked import why_not_to_run
from mlwa_lint.frontends.python.uses.metrics import note_metrics
from mlwa_lint.frontends.python.uses.packing import note_packing
from mlwa_lint.frontends.python.uses.project import PYTHON, Uses, uses_in
from mlwa_lint.frontends.python.uses.reasons import name_what_sets_variables
from mlwa_lint.frontends.python.uses.running import (
    BY_HAND,
    INTEGRATED,
    are_tags_given,
    how_started,
    is_not_started,
    is_noted_down,
    is_recorded,
    what_records,
    what_tags,
)
from mlwa_lint.frontends.python.uses.steps import jobs_of_steps, note_steps
from mlwa_lint.frontends.python.uses.taking import change_defaults, defaults_in
from mlwa_lint.model.resources import (
    EXAMPLE,
    IDLE,
    MANUAL,
    MODEL_CALL,
    NOTED_DOWN,
    OFFERED,
    ONE_WAY,
    OPEN,
    RECORDED,
    REMOVED,
    SPOT_ASIDE,
    STARTED,
    STARTER,
    TAGS_BY_DEFAULT,
    UNCALLED,
    UNUSED,
    USUAL,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Assumptions, Entry, ListValue, Scalar, Unknown

_NOT_STARTED = "nothing in the project starts it"
_STARTED_BY_HAND = "someone starts it by hand"
_REQUESTED = "continuous integration starts it only when someone requests it"
_CAUSED = "continuous integration starts it at a change, and whoever made it can start it again"
_NOTED_DOWN = "programs write down themselves what each run was made with"
# How other programs start training, and what gives it tags.
_TRAINS, _TAGS = "create_training_job(", b"Tags"
_ONE_WAY = "its program takes no options, and trains with the same settings each time"
_OF_EXAMPLES = "only examples, notebooks and tests use it"
_AGENT = "AWS::Bedrock::Agent"
_ACTION_GROUPS = "ActionGroups"
_ADDS_ACTION_GROUP = "create_agent_action_group("
_SET_ASIDE = "a comment of the program sets its use of spot capacity aside"
_SPOT_IN_COMMENT = re.compile(
    rb"(?m)^[ \t]*#.*\b(?:(?:train_)?use_spot_instances|enable_managed_spot_training"
    rb"|EnableManagedSpotTraining)\b"
)
_EXPERIMENT = "ExperimentConfig"
_DEFAULT_TAGS = "default_tags"
_TRAINING = "AWS::SageMaker::TrainingJob"
_TRANSFORM = "AWS::SageMaker::TransformJob"


def weigh_by_uses(created: list[Created], core: Core, files: ProjectFiles, program: str) -> None:
    """Removes what no caller leaves to a default, and marks what is never used, or by examples alone.

    program: the file that is followed.
    """
    if not created:
        return
    uses = uses_in(files)
    resting = defaults_in(created, core)
    given, offered, usual = _sorted_by_use(resting, core, uses)
    change_defaults(created, core, given, offered, _values_given(given, core, uses))
    _note(created, OFFERED, offered)
    _note(created, USUAL, usual)
    if uses is None:
        return
    settle_called(created, core, uses)
    name_what_sets_variables(created, uses)
    _note(created, OPEN, _of_packages(resting - given - offered, core, uses))
    _note_running(created, core, uses, program)
    _note_uncalled(created, core, uses)
    note_hosting(created, uses)
    note_development(created, uses, program)
    of_steps = jobs_of_steps(created)
    jobs = [*created, *(each.job for each in of_steps)]
    note_containers(jobs, uses)
    note_fitting(jobs, uses)
    note_packing(created, uses)
    note_taken(created, uses)
    note_fallbacks(created, uses)
    note_metrics(jobs, uses)
    _note_spot_aside(jobs, uses)
    note_steps(of_steps)
    note_dependants(created, core, uses, files, program)
    _note_action_groups(created, uses)
    _note_default_tags(created, uses)
    unused: dict[FunctionObj, str] = {}
    undeployed: dict[FunctionObj, str] = {}
    idle: dict[str, str] = {}
    left_over: dict[str, bool] = {}
    helping: dict[str, bool] = {}
    deployed = defining_pipelines(created)
    for each in created:
        path, function = each.span.path, core.entered.get(each.entry)
        because = ""
        if function is not None:
            if function not in unused:
                unused[function] = _why_unused(function, uses)
            because = unused[function]
        if path not in left_over:
            idle[path] = why_file_is_not_run(path, uses)
            left_over[path] = is_file_left_over(path, uses)
            helping[path] = is_helper_of_examples(path, program, uses, notebooks=path not in deployed)
        if why_idle := idle[path] or why_not_to_run(each):
            each.attributes[IDLE] = Entry(each.span, Scalar(why_idle, each.span))
        if function is not None and each.kind == MODEL_CALL and not because:
            if function not in undeployed:
                undeployed[function] = why_not_deployed(function, uses)
            because = undeployed[function]
        if left_over[path]:
            because = "nothing in the project runs this copy of the file"
        if because:
            each.attributes[UNUSED] = Entry(each.span, Scalar(because, each.span))
        if helping[path] and (each.entry or path != program):
            each.attributes[EXAMPLE] = Entry(each.span, Scalar(_OF_EXAMPLES, each.span))


def _values_given(given: Assumptions, core: Core, uses: Uses | None) -> dict[str, dict[str, str]]:
    """What everything that runs a script gives in place of a default, where it is known: texts and files."""
    found: dict[str, dict[str, str]] = {}
    if uses is None:
        return found
    for what in given:
        options = [each for each in core.defaulted.get(what, ()) if isinstance(each, ScriptOption)]
        known = [values_given(each, uses) for each in options]
        if len(options) == len(core.defaulted.get(what, ())) and known and None not in known:
            found[what] = {text: file for each in known if each for text, file in each.items()}
    return found


def _note_uncalled(created: Sequence[Created], core: Core, uses: Uses) -> None:
    """Notes of what the program can delete that it does so only in a function that nothing calls."""
    unused: dict[FunctionObj, bool] = {}
    functions = set(core.entered.values())
    for each in created:
        removed = each.attributes.get(REMOVED)
        span = None if removed is None else removed.value.span
        if span is None:
            continue
        for function in functions:
            if not _is_inside(span, function):
                continue
            if function not in unused:
                unused[function] = is_definition_unused(function, uses, of_script=True)
            if unused[function]:
                each.attributes[UNCALLED] = Entry(each.span, Scalar(True, each.span))


def _is_inside(span: Span, function: FunctionObj) -> bool:
    lines = range(function.node.lineno, (function.node.end_lineno or 0) + 1)
    return function.frame.source.path == span.path and span.line in lines


def _why_unused(function: FunctionObj, uses: Uses) -> str:
    """Why a function is never called, or by tests alone; empty where it may be."""
    if is_definition_unused(function, uses):
        who = "nothing in the project"
    elif is_definition_unused(function, uses, but_tested=True):
        who = "nothing but tests"
    elif is_unnamed_handler(function, uses):
        return f"no function of the project has the handler {function.name}"
    else:
        return ""
    if function.name == "__init__" and function.owner is not None:
        return f"{who} creates {function.owner.name}"
    return f"{who} calls {function.name}()"


def _note(created: Sequence[Created], attribute: str, assumed: Assumptions) -> None:
    for each in created if assumed else ():
        texts = tuple(Scalar(what, each.span) for what in sorted(assumed))
        each.attributes[attribute] = Entry(each.span, ListValue(texts, each.span))


def _of_packages(resting: Assumptions, core: Core, uses: Uses) -> Assumptions:
    """The defaults of parameters that belong to packages which others install."""
    return frozenset(
        what
        for what in resting
        if core.defaulted.get(what) and all(is_of_package(each, uses) for each in core.defaulted[what])
    )


def _note_running(created: Sequence[Created], core: Core, uses: Uses, program: str) -> None:
    """Notes of workflows that other files start them, and of training that it is recorded elsewhere."""
    # Each question reads texts of the project, and has one answer for all jobs of a file.
    is_alike, is_recorded_elsewhere, is_noted = (
        cache(partial(question, program=program, uses=uses))
        for question in (takes_no_input, is_recorded, is_noted_down)
    )
    for each in created:
        path, function = each.span.path, core.entered.get(each.entry)
        if each.kind == PIPELINE:
            maker = "" if function is None else function.name
            start = how_started(path, maker, each.value("PipelineName"), uses)
            how = None if start is None else start.how
            if start is not None and (how == INTEGRATED or STARTED not in each.attributes):
                mark_started(each, each.span, regularly=how == INTEGRATED)
                each.attributes[STARTER] = Entry(each.span, Scalar(start.file, each.span))
            _note_tags(each, uses)
            unstarted = start is None and STARTED not in each.attributes
            if start is not None and (how == BY_HAND or start.caused):
                because = _REQUESTED if start.requested else _CAUSED if start.caused else _STARTED_BY_HAND
                each.attributes[MANUAL] = Entry(each.span, Scalar(because, each.span))
            elif unstarted and is_not_started(path, maker, each.value("PipelineName"), uses):
                each.attributes[MANUAL] = Entry(each.span, Scalar(_NOT_STARTED, each.span))
        elif each.kind == _TRANSFORM:
            if is_alike(path):
                each.attributes[ONE_WAY] = Entry(each.span, Scalar(_ONE_WAY, each.span))
        elif each.kind == _TRAINING:
            if is_alike(path):
                each.attributes[ONE_WAY] = Entry(each.span, Scalar(_ONE_WAY, each.span))
            code = code_of_script(each.value, uses) or code_of_image(each.value, uses.steps_of(path), uses)
            if is_recorded_elsewhere(path) or what_records(code, uses.steps_of(path), uses):
                each.attributes[RECORDED] = Entry(each.span, Scalar(True, each.span))
                continue
            perhaps = code_that_may_run(each.value, uses.steps_of(path), uses)
            recording = what_records(perhaps, uses.steps_of(path), uses)
            if _EXPERIMENT not in each.cells and recording:
                reason = f"the image may be one of the project that records its runs, by {recording}"
                each.cells[_EXPERIMENT] = Item(each.span, Unknown(reason, each.span))
            if is_noted(path):
                each.attributes[NOTED_DOWN] = Entry(each.span, Scalar(_NOTED_DOWN, each.span))


def _note_tags(pipeline: Created, uses: Uses) -> None:
    """Notes that what deploys a pipeline elsewhere gives it tags."""
    path, span = pipeline.span.path, pipeline.span
    tagging = "" if "Tags" in pipeline.cells else what_tags(path, span.line, uses)
    if tagging:
        pipeline.cells["Tags"] = Item(span, Unknown(f"{tagging} gives it tags", span))
    # Where it need not do so, an option may be left out.
    if isinstance(pipeline.value("Tags"), Unknown) and are_tags_given(path, span.line, uses):
        pipeline.cells["Tags"] = Item(
            span, Unknown("it is given where the pipeline is deployed", span, present=True)
        )


def _note_default_tags(created: Sequence[Created], uses: Uses) -> None:
    """Notes that Terraform gives tags to everything beside what a program makes, or others to their jobs."""
    if any(steps[-1].endswith(".tf") for steps in uses.containing(_DEFAULT_TAGS)):
        for each in created:
            each.attributes[TAGS_BY_DEFAULT] = Entry(each.span, Scalar(True, each.span))
    trained = [each for each in created if each.kind == _TRAINING]
    training = uses.containing(_TRAINS) if trained else []
    tagging = {each for each in training if each[-1].endswith(PYTHON) and _TAGS in uses.texts[each]}
    for each in trained:
        if tagging - {uses.steps_of(each.span.path)}:
            each.attributes[TAGS_BY_DEFAULT] = Entry(each.span, Scalar(True, each.span))


def _note_spot_aside(jobs: Sequence[Created], uses: Uses) -> None:
    """Notes of training jobs that a comment of their program sets the use of spot capacity aside."""
    is_set_aside = cache(partial(_sets_spot_aside, uses=uses))
    for each in jobs:
        if each.kind == _TRAINING and is_set_aside(each.span.path):
            each.attributes[SPOT_ASIDE] = Entry(each.span, Scalar(_SET_ASIDE, each.span))


def _sets_spot_aside(path: str, uses: Uses) -> bool:
    """Whether a comment of a program holds the argument that would use spot capacity."""
    steps = uses.steps_of(path)
    return steps is not None and _SPOT_IN_COMMENT.search(uses.texts[steps]) is not None


def _note_action_groups(created: Sequence[Created], uses: Uses) -> None:
    """Leaves open whether an agent has action groups where other programs of the project add some."""
    for each in created:
        if each.kind != _AGENT or _ACTION_GROUPS in each.cells:
            continue
        own = uses.steps_of(each.span.path)
        if any(steps != own and not is_test(steps) for steps in uses.containing(_ADDS_ACTION_GROUP)):
            reason = "another program of the project adds action groups to agents"
            each.cells[_ACTION_GROUPS] = Item(each.span, Unknown(reason, each.span))


def _sorted_by_use(
    resting: Assumptions, core: Core, uses: Uses | None
) -> tuple[Assumptions, Assumptions, Assumptions]:
    """The defaults that everything gives, those that leave a setting to whoever uses the program,
    and the others of options.

    Where something in the project leaves an option out, it decides.
    """
    given: set[str] = set()
    offered: set[str] = set()
    usual: set[str] = set()
    for what in sorted(resting):
        found = {how_given(each, uses) for each in core.defaulted.get(what, ())} if uses else set()
        if found == {True}:
            given.add(what)
        elif core.offered[what] and False not in found:
            offered.add(what)
        elif False not in found and any(
            isinstance(each, ScriptOption) for each in core.defaulted.get(what, ())
        ):
            usual.add(what)
    return frozenset(given), frozenset(offered), frozenset(usual)
