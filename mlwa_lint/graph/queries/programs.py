"""What programs are given: environment variables of functions, containers, AgentCore and App Runner."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import AGENTCORE_RUNTIME, APP_RUNNER, FUNCTION, TASK_DEFINITION
from mlwa_lint.graph.queries import requests
from mlwa_lint.graph.queries.ml_permissions import is_inference
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import certainly, possibly
from mlwa_lint.model.resources import INFERENCE, READ_VARIABLES
from mlwa_lint.startup.patterns import lazy

_MAPS = {FUNCTION: "Environment.Variables", AGENTCORE_RUNTIME: "EnvironmentVariables"}
# Where a service of App Runner has them: from an image, and from source code.
_LISTS = (
    "SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables",
    "SourceConfiguration.CodeRepository.CodeConfiguration.CodeConfigurationValues.RuntimeEnvironmentVariables",
)
PROGRAMS = (*_MAPS, TASK_DEFINITION, APP_RUNNER)
# What switches the use of models on: `ENABLE_AI_SUMMARY`, `USE_BEDROCK`, `LLM_ENABLED`.
_MODELS = r"(?:gen_?)?ai|bedrock|claude|inference|llms?|models?"
_SWITCH = lazy(
    rf"(?i)^(?:enable|use)_(?:\w+_)?(?:{_MODELS})(?:_\w+)?$|^(?:\w+_)?(?:{_MODELS})_(?:\w+_)?enabled?$"
)


# A model's id beside its inference profile's, which code takes first: GEN_MODEL_ID, GEN_INFERENCE_PROFILE_ID.
_MODEL = lazy(r"(?i)^(?P<use>\w+_)?model(?:_?(?:id|arn|name))?$")
_PROFILE = lazy(r"(?i)^(?P<use>\w+_)?inference_?profile(?:_?(?:id|arn|name))?$")


def variables_of(program: ResourceView) -> Iterator[tuple[str, View]]:
    """The names and values of a program's environment variables; of a task, those of all its containers."""
    if program.type in _MAPS:
        yield from program[_MAPS[program.type]].entries()
    elif program.type == TASK_DEFINITION:
        for container in program["ContainerDefinitions"].items():
            yield from _listed(container["Environment"])
    elif program.type == APP_RUNNER:
        for path in _LISTS:
            yield from _listed(program[path])


def _listed(variables: View) -> Iterator[tuple[str, View]]:
    """Variables in a list of names and values; one whose name is not known has none."""
    for variable in variables.items():
        names = variable["Name"].texts
        yield names[0] if len(names) == 1 else "", variable["Value"]


def why_unused(program: ResourceView, variable: View, graph: GraphView) -> str:
    """Why a program makes no use of a model that a variable names; empty where nothing shows it.

    Code that reads none of its variables may be a placeholder, and one that invokes a model may have the same
    one as a default.
    """
    given = list(variables_of(program))
    name = _name_of(program, variable)
    if not name:
        return ""
    if leaves_unread(program, variable):
        if program.type != FUNCTION:
            return f"no code of the repository reads {name}"
        silent = not possibly(requests.makes(program, graph, is_inference, INFERENCE))
        if silent:
            return f"the code of {program.address} does not read {name}"
    off = (each for each, value in given if _SWITCH.search(each) and certainly(value.is_false()))
    switch = next(off, "")
    if switch:
        return f"{switch} switches it off"
    profile = next((each for each, value in given if value.text and _is_profile_of(each, name)), "")
    return f"{profile} is given as well, and an inference profile is taken first" if profile else ""


def leaves_unread(program: ResourceView, variable: View) -> bool:
    """Whether the code of a program is in the repository and reads other variables, but not this one.

    A module that it imports from elsewhere, a layer for example, may read it.
    """
    if READ_VARIABLES not in program.resource.attributes.entries:
        return False
    name = _name_of(program, variable)
    read = {each.text for each in program.attributes[READ_VARIABLES].known_items()}
    return bool(name and read) and name not in read


def _name_of(program: ResourceView, variable: View) -> str:
    # Those in a list have one path.
    found = ((name, each) for name, each in variables_of(program) if each.path == variable.path)
    return next((name for name, each in found if each.span == variable.span), "")


def _is_profile_of(variable: str, model: str) -> bool:
    """Whether a variable names the inference profile for the same use as another one names a model."""
    one, other = _PROFILE.match(variable), _MODEL.match(model)
    return one is not None and other is not None and one["use"] == other["use"]
