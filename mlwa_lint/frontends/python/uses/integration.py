"""What continuous integration runs: the commands of its configuration, and of the scripts that this runs."""

import re
from collections.abc import Iterable, Iterator

from mlwa_lint.files.texts import PathSteps, is_test
from mlwa_lint.frontends.python.uses.project import DOCUMENTS, PACKAGING, SHELL, Uses, module_name

_NAMES = re.compile(
    r"\.gitlab-ci\.ya?ml|Jenkinsfile|bitbucket-pipelines\.ya?ml|azure-pipelines[\w.-]*\.ya?ml|[\w.-]*buildspec[\w.-]*\.ya?ml"
)
_FOLDERS = ((".github", "workflows"), (".circleci",))
# What CodeBuild runs, whatever the file is called.
_PHASES = re.compile(rb"^phases:", re.MULTILINE)
# What sets a workflow of GitHub going, and the events that need no person.
_TRIGGERS = re.compile(rb"^[\"']?on[\"']?:.*(?:\r?\n(?:[ \t#].*)?)*", re.MULTILINE)
_EVENTS = re.compile(
    rb"\b(?:check_\w+|create|delete|deployment\w*|issue\w*|label|merge_group|pull_request\w*|push"
    rb"|registry_package|release|repository_dispatch|schedule|status|workflow_call|workflow_run)\b"
)
# Those that someone causes who then sees what becomes of it.
_CHANGES = frozenset((b"merge_group", b"pull_request", b"push", b"release"))
# What shows a clock: in the configuration of another service, or in what declares the builds of CodeBuild.
_CLOCK = re.compile(rb"\bcron\b|\bschedules?\b", re.IGNORECASE)
_CLOCKS_OF_BUILDS = (
    *("ScheduleExpression", "schedule_expression", "scheduleExpression"),
    *("Schedule.cron(", "Schedule.rate(", "Schedule.expression("),
)
_MAKES = {"Makefile": b"make ", "makefile": b"make ", "justfile": b"just "}
# Comments, and what a package manager installs: a command may be called like its package.
_NOT_RUN = re.compile(rb"^[ \t]*#.*|\binstall\b(?:\\\r?\n|[^\n&;|])*", re.MULTILINE)
# Scripts that run scripts.
_DEPTH = 3


def configurations(uses: Uses) -> frozenset[PathSteps]:
    """The files of which continuous integration runs the commands."""
    return uses.once(_configurations)


def _configurations(uses: Uses) -> frozenset[PathSteps]:
    found = {steps for steps in uses.texts if _is_configuration(steps, uses)}
    for _ in range(_DEPTH if found else 0):
        more = {steps for steps in uses.texts if steps[-1].endswith(SHELL) and _is_run(steps, found, uses)}
        if more <= found:
            break
        found |= more
    return frozenset(found)


def runs(steps: PathSteps, among: Iterable[PathSteps], uses: Uses) -> Iterator[PathSteps]:
    """Those of some files that run a program, by its name as a file or as a module."""
    naming = {each for each in uses.naming(steps) if not _names_elsewhere(uses.texts[each], steps)}
    module = re.escape(module_name(steps)).encode("utf-8", "replace")
    pattern = rb"(?:\s-m|--module(?:-name)?)[\s=\"'\\\\]+(?:[\w]+\.)*" + module + rb"(?![\w.])"
    for command in _commands(module, uses):
        pattern += rb"|(?<![\w./-])" + re.escape(command) + rb"(?![\w-])"
    by_name = re.compile(pattern)
    for each in among:
        text = uses.texts[each]
        if each in naming or (by_name.search(text) and by_name.search(_NOT_RUN.sub(b"", text))):
            yield each


def _names_elsewhere(content: bytes, steps: PathSteps) -> bool:
    """Whether commands name a file of this name in another folder alone, which there is not: they fail.

    The folder of a container (`/app/deploy.py`), of a variable or above may be the one of the file.
    """
    if len(steps) == 1:
        return False
    pattern = (
        rb"(?<![\w.$}/-])((?:\./)?(?:[\w-]+/)*)"
        + re.escape(steps[-1]).encode("utf-8", "replace")
        + rb"(?![\w-])"
    )
    named = [
        match[1].decode("utf-8", "replace").removeprefix("./") for match in re.finditer(pattern, content)
    ]
    folders = [each.rstrip("/").split("/") for each in named]
    # A command may be run from any folder above.
    return bool(folders) and all(
        each != [""] and each != list(steps[-1 - len(each) : -1]) for each in folders
    )


def is_requested(steps: PathSteps, uses: Uses) -> bool:
    """Whether a workflow of GitHub is run only when a person requests it: `on: workflow_dispatch`."""
    stated = _stated_triggers(steps, uses)
    return b"workflow_dispatch" in stated and _EVENTS.search(stated) is None


def is_caused(steps: PathSteps, uses: Uses) -> bool:
    """Whether someone causes each run of a configuration, by a change or a request: no clock does.

    What sets CodeBuild going stands elsewhere: nothing in the project shows a clock for it.
    """
    if not _is_configuration(steps, uses):
        # A script, which one of the configurations runs.
        return all(is_caused(each, uses) for each in configurations(uses) if _is_configuration(each, uses))
    if steps[:2] != _FOLDERS[0]:
        declaring = _is_of_builds(steps, uses) and has_clock(uses)
        return not declaring and _CLOCK.search(_NOT_RUN.sub(b"", uses.texts[steps])) is None
    stated = _stated_triggers(steps, uses)
    events = set(_EVENTS.findall(stated))
    return events <= _CHANGES and (bool(events) or b"workflow_dispatch" in stated)


def has_clock(uses: Uses) -> bool:
    """Whether the project declares a clock of EventBridge, which may start anything."""
    declared = (each for word in _CLOCKS_OF_BUILDS for each in uses.containing(word))
    return any(not each[-1].endswith(DOCUMENTS) and not is_test(each) for each in declared)


def _stated_triggers(steps: PathSteps, uses: Uses) -> bytes:
    found = _TRIGGERS.search(uses.texts[steps]) if steps[:2] == _FOLDERS[0] else None
    return b"" if found is None else found[0]


def _commands(module: bytes, uses: Uses) -> set[bytes]:
    """The commands that a package installs for a module: `run-pipeline = pipelines.run_pipeline:main`."""
    declared = re.compile(rb"([\w.-]+)[\"']?\s*=\s*[\"']?(?:\w+\.)*" + module + rb":\w+")
    packaging = (text for steps, text in uses.texts.items() if steps[-1] in PACKAGING)
    return {name for text in packaging for name in declared.findall(text)}


def _is_configuration(steps: PathSteps, uses: Uses) -> bool:
    if any(steps[: len(folder)] == folder for folder in _FOLDERS) or _NAMES.fullmatch(steps[-1]):
        return True
    return _is_of_builds(steps, uses)


def _is_of_builds(steps: PathSteps, uses: Uses) -> bool:
    """Whether CodeBuild runs a file."""
    return steps[-1].endswith((".yml", ".yaml")) and _PHASES.search(uses.texts[steps]) is not None


def _is_run(steps: PathSteps, by: set[PathSteps], uses: Uses) -> bool:
    tool = _MAKES.get(steps[-1])
    if tool is not None:
        return any(tool in uses.texts[each] for each in by)
    return any(each in by for each in uses.naming(steps))
