"""What programs are given: the environment variables of functions, containers and AgentCore runtimes."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import AGENTCORE_RUNTIME, FUNCTION, TASK_DEFINITION
from mlwa_lint.graph.views import ResourceView, View

_MAPS = {FUNCTION: "Environment.Variables", AGENTCORE_RUNTIME: "EnvironmentVariables"}
PROGRAMS = (*_MAPS, TASK_DEFINITION)


def variables_of(program: ResourceView) -> Iterator[tuple[str, View]]:
    """The names and values of a program's environment variables; of a task, those of all its containers."""
    if program.type in _MAPS:
        yield from program[_MAPS[program.type]].entries()
    elif program.type == TASK_DEFINITION:
        for container in program["ContainerDefinitions"].items():
            for variable in container["Environment"].items():
                name = variable["Name"].text
                if name is not None:
                    yield name, variable["Value"]
