"""Endpoints that something invokes which is not linked to them.

Backends in other languages than Python, and functions and tasks of other templates and configurations that
state the name of the endpoint, in their code or their settings.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import OF_INTEGRATION, PathSteps, is_test
from mlwa_lint.model.resources import INVOKED, Project, Resource
from mlwa_lint.model.values import known_text
from mlwa_lint.startup.patterns import lazy, leading, worded

CALLER_SIZE_LIMIT = 1_000_000
_ENDPOINT = "AWS::SageMaker::Endpoint"
_PROGRAM = lazy(r"(?<!\.d)(?<!\.min)\.(?:[cm]?[jt]sx?|java|kt|scala|go|cs|rb|rs|php|swift)$", re.IGNORECASE)
_INVOKES = lazy(r"invoke_?endpoint", re.IGNORECASE)
_CONFIGURATIONS = (".yaml", ".yml", ".json", ".tf")
# What may invoke an endpoint where a template or configuration deploys it.
_RUNNING = leading(
    r"AWS::(?:Lambda|Serverless)::Function\b|AWS::ECS::TaskDefinition\b|AWS::AppRunner::Service\b"
    r"|AWS::ApiGateway::(?:Method|RestApi)\b|AWS::Serverless::Api\b"
    r"|\"aws_(?:lambda_function|ecs_task_definition|apprunner_service|api_gateway_integration)\"",
    *("AWS::", '"aws_'),
)
# … and what shows that it does: a call or a permission, or a variable for the name.
_INVOKING = lazy(r"(?i)invoke_?endpoint|endpoint_?name")
# A name of several words where a text states it as a value, or in the ARN of an endpoint; or any name that is
# given to something called an endpoint.
_NAMES = lazy(
    r"[\"']([A-Za-z][A-Za-z0-9]*-[A-Za-z0-9-]{1,60})[\"']"
    r"|[\w\"'][ \t]*[:=][ \t]*([A-Za-z][A-Za-z0-9]*-[A-Za-z0-9-]{1,60})[ \t]*(?=[\r\n,}#]|$)"
    r"|\bendpoints?/([A-Za-z][A-Za-z0-9-]{1,62})(?=[\s\"'/,)\]}]|$)"
    r"|(?i:endpoint(?:_?name)?)[\"']?[ \t]*[:=][ \t]*[\"']?([A-Za-z][A-Za-z0-9-]{5,62})[\"']?"
    r"[ \t]*(?=[\r\n,)}#]|$)"
)
# A program that a function runs, by its handler and by what a template calls that.
_HANDLER = worded(r"(?m)^def[ \t]+(\w+)\([ \t]*_?event\b", "event")
_HANDLERS = worded(r"(?i)\bhandler[\"']?[ \t]*[:=][ \t]*[\"']?([\w./-]+\.\w+)", "handler")
_LEAST = 6
# What a template declares itself: two of them for two Regions have the same name.
_DECLARES = leading(
    r"AWS::SageMaker::Endpoint(?![\w:])|\"aws_sagemaker_endpoint\"", "AWS::SageMaker", '"aws_sagemaker'
)
_DECLARED = lazy(r"\b(?:EndpointName|name)[\"']?[ \t]*[:=][ \t]*[\"']?([\w-]+)")


def with_callers(project: Project, files: ProjectFiles | None) -> Project:
    """The project with what invokes an endpoint noted at each of its endpoints.

    A program in another language may take the name of the endpoint from its environment: it counts for all of
    them. What another template or configuration runs counts for the endpoint whose name it states.
    """
    if files is None or files.root is None or not any(each.type == _ENDPOINT for each in project.resources):
        return project
    programs = files.once(invoking_programs)
    if programs:
        return project.with_notes((_ENDPOINT,), INVOKED, programs[0].name)
    named = files.once(_named)
    if not named:
        return project
    own = {os.path.realpath(each) for each in project.sources}
    root = files.root

    def noted(endpoint: Resource) -> Resource:
        if endpoint.type != _ENDPOINT:
            return endpoint
        name = known_text(endpoint.properties.value("EndpointName"))
        others = (
            each for each in named.get(name or "", ()) if os.path.realpath(root.joinpath(*each)) not in own
        )
        caller = next(others, None)
        return endpoint if caller is None else endpoint.with_note(INVOKED, caller[-1])

    return project._replace(resources=tuple(map(noted, project.resources)))


def _named(files: ProjectFiles) -> Mapping[str, list[PathSteps]]:
    """The names that templates and configurations with something that invokes endpoints state."""
    from mlwa_lint.files.put_aside import is_put_aside

    found: dict[str, list[PathSteps]] = {}
    handlers: set[str] = set()
    programs: list[tuple[PathSteps, str]] = []
    for steps, each in sorted((files.texts() or {}).items()):
        if is_test(steps) or steps[0] in OF_INTEGRATION or any(map(is_put_aside, steps[:-1])):
            continue
        if steps[-1].endswith(".py") and b"invoke_endpoint" in each.content:
            programs.append((steps, each.content.decode("utf-8", "replace")))
        elif steps[-1].endswith(_CONFIGURATIONS):
            text = each.content.decode("utf-8", "replace")
            handlers.update(name.rpartition("/")[2] for name in _HANDLERS.findall(text))
            if _RUNNING.search(text) is not None and _INVOKING.search(text) is not None:
                _note(found, steps, text)
    for steps, text in programs:
        file = steps[-1].removesuffix(".py")
        if any(f"{file}.{name}" in handlers for name in _HANDLER.findall(text)):
            _note(found, steps, text)
    return found


def _note(found: dict[str, list[PathSteps]], steps: PathSteps, text: str) -> None:
    own = frozenset(_DECLARED.findall(text)) if _DECLARES.search(text) is not None else frozenset()
    names = (next(filter(None, match.groups())) for match in _NAMES.finditer(text))
    for name in dict.fromkeys(names):
        if len(name) >= _LEAST and name not in own:
            found.setdefault(name, []).append(steps)


def invoking_programs(files: ProjectFiles) -> list[Path]:
    """The programs in other languages than Python that invoke some endpoint; none where too large.

    Without load tests and the like that nothing schedules.
    """
    found = files.texts_like(_PROGRAM.search, CALLER_SIZE_LIMIT)
    return [
        each for each, text in found or () if _INVOKES.search(text) and not _only_tries(each, text, files)
    ]


def _only_tries(program: Path, text: str, files: ProjectFiles) -> bool:
    from mlwa_lint.frontends.probes import is_probe, is_scheduled

    root = files.root or Path()
    steps = program.relative_to(root).parts if program.is_relative_to(root) else (program.name,)
    if not is_probe(steps, text):
        return False
    return not is_scheduled(steps, ((each, found.content) for each, found in (files.texts() or {}).items()))
