"""What programs are given: environment variables of functions, containers, AgentCore and App Runner."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import AGENTCORE_RUNTIME, APP_RUNNER, FUNCTION, TASK_DEFINITION
from mlwa_lint.graph.views import ResourceView, View

_MAPS = {FUNCTION: "Environment.Variables", AGENTCORE_RUNTIME: "EnvironmentVariables"}
# Where a service of App Runner has them: from an image, and from source code.
_LISTS = (
    "SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables",
    "SourceConfiguration.CodeRepository.CodeConfiguration.CodeConfigurationValues.RuntimeEnvironmentVariables",
)
PROGRAMS = (*_MAPS, TASK_DEFINITION, APP_RUNNER)


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
